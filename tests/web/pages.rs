//! The pages as HTML.

use super::*;

#[test]
fn the_search_page_shows_hits_with_their_marks_and_how_the_query_was_read() {
    let page = get("/?q=%22%24400+million%22");
    let text = page.text();
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for part in ["Read as", "amount USD 400000000 exact", "<mark>", "class=\"m amount\"", "search.csv?q="] {
        assert!(text.contains(part), "{part} is missing");
    }
}

#[test]
fn facets_are_forms_that_keep_what_is_chosen() {
    let text = get("/?q=stolen&kind=amount&kind=date&publisher=nobody").text();
    assert!(text.contains("name=\"kind\" value=\"amount\" form=\"search\" checked"), "kind is not kept");
    assert!(text.contains("name=\"publisher\" value=\"nobody\""), "what nothing has is lost");
    assert!(text.contains("Nothing was found"));
}

#[test]
fn a_query_that_is_not_understood_is_told_with_its_place_and_what_to_do() {
    let page = get("/?q=amount%3Aplenty");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("cannot read the query") && page.text().contains("What to do"));
    assert_eq!(get("/api/v1/search?q=amount%3Aplenty").status, 400);
}

#[test]
fn pages_of_results_hold_every_hit_once() {
    let all = get("/api/v1/search?limit=200").json();
    let total = all["total"].as_u64().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    let mut next = Some("/api/v1/search?limit=150".to_string());
    while let Some(path) = next {
        let page = get(&path).json();
        for hit in page["hits"].as_array().unwrap() {
            assert!(
                seen.insert((hit["source"].to_string(), hit["span"]["start"].as_u64())),
                "a hit comes twice"
            );
        }
        next = page["next"].as_str().map(str::to_string);
    }
    assert_eq!(seen.len() as u64, total);
}

#[test]
fn a_report_with_a_script_shows_it_as_text() {
    let sha = sha256("hostile.html");
    for path in
        ["/?q=hostile".to_string(), format!("/document/{sha}/page/1?q=hostile"), "/corpus".to_string()]
    {
        let text = get(&path).text();
        assert!(!text.contains("<script>") && !text.contains("<img src=x"), "{path}");
        assert!(text.contains("&lt;script&gt;"), "{path} does not show it");
    }
    let typed = get("/?q=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E").text();
    assert!(!typed.contains("<script>"), "{typed}");
}

#[test]
fn the_document_page_boxes_mentions_where_they_stand() {
    let sha = sha256("chainalysis-2022.pdf");
    let hit =
        get("/api/v1/search?q=%22%24400+million%22&document=chainalysis-2022").json()["hits"][0].clone();
    let (start, end) = (hit["span"]["start"].as_u64().unwrap(), hit["span"]["end"].as_u64().unwrap());
    let text = get(&format!("/document/{sha}/page/1?q=%22%24400+million%22&at={start}-{end}")).text();
    assert!(text.contains("id=\"at\"") && text.contains("class=\"passage\""), "the passage is not boxed");
    let mention = &hit["mentions"][0];
    let place: Vec<f64> =
        mention["boxes"][0].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    let boxed = format!("x=\"{}\" y=\"{}\"", place[0], place[1]);
    assert!(text.contains(&boxed), "{boxed} is missing");
    for part in ["next hit", "BibTeX", "W3C annotation", "this document", "/source\" download"] {
        assert!(text.contains(part), "{part} is missing");
    }
}

#[test]
fn what_is_not_there_is_told_with_what_to_do() {
    let sha = sha256("digest-2019.txt");
    for path in
        ["/nowhere".into(), "/document/x".into(), format!("/document/{sha}/page/99"), "/facet/x".into()]
    {
        let page = get(&path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("What to do"), "{path}");
    }
}

#[test]
fn a_claim_is_verified_and_an_article_checked() {
    let page = get("/verify?claim=In+2021+hackers+stole+nearly+%24400+million+of+virtual+assets").text();
    assert!(page.contains("data-verdict=") && page.contains("class=\"slots\""), "{page}");
    let body = "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nNearly $400 million was stolen in 2021.\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x")];
    let site = site(None);
    let taken = ask(&site, request("POST", "/check", &headers, body));
    assert_eq!(taken.status, 303, "{}", taken.text());
    let checked = ask(&site, request("GET", taken.header("location"), &[], Body::empty()));
    assert!(checked.text().contains("data-verdict="), "{}", checked.text());
    // It is kept by the server it was sent to, and nowhere else.
    assert_eq!(get(taken.header("location")).status, 404);
    let pdf = std::fs::read(folder().join("corpus/chainalysis-2022.pdf")).unwrap();
    let mut body =
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n".to_vec();
    body.extend(pdf);
    body.extend(b"\r\n--x--\r\n");
    let checked = ask(&site, request("POST", "/api/v1/check", &headers, body));
    assert_eq!(checked.status, 200, "{}", checked.text());
    assert!(checked.json()["verdicts"].as_array().unwrap().len() > 3);
}

#[test]
fn the_verify_page_draws_the_lineage_and_lists_it() {
    let page = get("/verify?claim=In+2021+hackers+stole+nearly+%24400+million+of+virtual+assets").text();
    for part in [
        "1 independent source, 3 documents",
        "<svg",
        "class=\"arrow\"",
        "class=\"carriers\"",
        "rests on chainalysis-2022",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    let nothing = get("/verify?claim=Nobody+lost+%247.77+million+in+1907").text();
    assert!(!nothing.contains("class=\"lineage\""), "{nothing}");
}

#[test]
fn hits_stand_under_their_documents_and_copies_are_folded() {
    let page = get("/?q=stolen").text();
    let heads: Vec<&str> = page
        .split("<article class=\"group")
        .skip(1)
        .filter_map(|g| g.split("<h2>").nth(1)?.split("</h2>").next())
        .collect();
    let documents: std::collections::BTreeSet<_> =
        heads.iter().filter_map(|h| h.split("/page/").next()).collect();
    assert!(heads.len() > 3 && documents.len() == heads.len(), "{heads:?}");
    assert!(
        page.contains("more passages</a>")
            || page.contains("more passages in this document")
            || page.contains("in this document")
    );
    let copies = get("/?q=%22to+date%22").text();
    assert!(copies.contains("near copy") && copies.contains("digest-2019-copy"), "{copies}");
    assert!(get("/?q=%22to+date%22&copies=apart").text().contains("fold near copies"));
}

#[test]
fn the_corpus_page_hides_nothing() {
    let page = get("/corpus").text();
    for part in [
        "a picture without text",
        "How far the figures hold",
        "tests/gold",
        "Editions and copies",
        "digest-2019-copy.txt",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    let sources = get("/api/v1/documents").json()["account"].as_array().unwrap().len();
    let table = page.split("class=\"sources\"").nth(1).and_then(|t| t.split("</table>").next()).unwrap();
    assert_eq!(table.matches("<th scope=\"row\">").count(), sources);
}
