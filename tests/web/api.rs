//! The rows of `/api/v1`.

use super::*;

#[test]
fn every_call_is_described_and_every_description_is_answered() {
    let described = get("/api/v1/openapi.json").json();
    let sha = sha256("chainalysis-2022.pdf");
    let source =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/api.rs")).unwrap();
    let routed = source.matches(".route(\"/api/v1").count();
    let paths = described["paths"].as_object().unwrap();
    assert_eq!(routed, paths.len(), "help: describe the call in src/web/openapi.rs");
    for (path, calls) in paths {
        let filled = path.replace("{sha256}", &sha).replace("{page}", "1").replace("{name}", "kind");
        for (method, call) in calls.as_object().unwrap() {
            let asked = match path.as_str() {
                "/api/v1/documents/{sha256}/cite" => format!("{filled}?at=0-10"),
                "/api/v1/verify" => format!("{filled}?claim=%24400+million"),
                _ => filled.clone(),
            };
            let headers = [("content-type", "text/plain")];
            let answer =
                ask(&site(None), request(&method.to_uppercase(), &asked, &headers, "It lost $5 million."));
            assert_eq!(answer.status, 200, "{method} {asked}: {}", answer.text());
            let kinds = call["responses"]["200"]["content"].as_object().unwrap();
            let kind = answer.header("content-type").split(';').next().unwrap();
            assert!(kinds.contains_key(kind), "{path} answers {kind}, described is {kinds:?}");
        }
    }
}

#[test]
fn hits_are_the_contracts_rows_and_all_of_them_come_as_lines() {
    let page = get("/api/v1/search?q=stolen&limit=5").json();
    let lines = get("/api/v1/search.jsonl?q=stolen");
    assert_eq!(lines.header("content-type"), "application/jsonl");
    let rows: Vec<Value> = lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len() as u64, page["total"].as_u64().unwrap());
    assert_eq!(page["hits"].as_array().unwrap()[..], rows[..5]);
    for field in ["schema", "score", "source", "sha256", "document", "page", "text", "highlights", "mentions"]
    {
        assert!(rows[0].get(field).is_some(), "{field}");
    }
    let csv = get("/api/v1/search.csv?q=stolen").text();
    assert!(csv.starts_with("schema,query,score,source,sha256,document_id"), "{csv}");
}

#[test]
fn a_page_is_drawn_and_kept() {
    let sha = sha256("panel-2022.pdf");
    let site = site(None);
    let path = format!("/api/v1/documents/{sha}/pages/2/image?width=240");
    let drawn = ask(&site, request("GET", &path, &[], Body::empty()));
    assert_eq!((drawn.status.as_u16(), drawn.header("content-type")), (200, "image/png"), "{}", drawn.text());
    assert!(drawn.bytes.starts_with(b"\x89PNG"));
    let tag = drawn.header("etag").to_string();
    let again = ask(&site, request("GET", &path, &[("if-none-match", &tag)], Body::empty()));
    assert_eq!(again.status, 304);
    let of_html = format!("/api/v1/documents/{}/pages/1/image", sha256("harbour-post-2022.html"));
    assert_eq!(get(&of_html).status, 404);
}

#[test]
fn the_original_is_given_as_it_is() {
    let sha = sha256("panel-2022.pdf");
    let given = get(&format!("/api/v1/documents/{sha}/source"));
    assert_eq!(given.bytes, std::fs::read(folder().join("corpus/panel-2022.pdf")).unwrap());
    assert_eq!(given.header("content-disposition"), "attachment; filename=\"panel-2022.pdf\"");
}

#[test]
fn a_passage_is_cited_in_every_form() {
    let hit = get("/api/v1/search?q=%22%24400+million%22").json()["hits"][0].clone();
    let at = format!("{}-{}", hit["span"]["start"], hit["span"]["end"]);
    for (form, part) in
        [("plain", "“"), ("markdown", "> "), ("bibtex", "@techreport{"), ("annotation", "TextQuoteSelector")]
    {
        let path = format!("/api/v1/documents/{}/cite?at={at}&form={form}", hit["sha256"].as_str().unwrap());
        assert!(get(&path).text().contains(part), "{form}");
    }
}
