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
    // What is kept of an article is found again at the same site only.
    let site = site(None);
    let plain = [("content-type", "text/plain")];
    let article = ask(&site, request("POST", "/api/v1/check", &plain, "It lost $5 million."));
    let id = article.json()["id"].as_str().unwrap().to_string();
    assert_eq!(routed, paths.len(), "help: describe the call in src/web/openapi.rs");
    for (path, calls) in paths {
        let filled = path.replace("{sha256}", &sha).replace("{page}", "1").replace("{name}", "kind");
        let filled = filled.replace("{id}", &id);
        for (method, call) in calls.as_object().unwrap() {
            let asked = match path.as_str() {
                "/api/v1/documents/{sha256}/cite" | "/api/v1/documents/{sha256}/card" => {
                    format!("{filled}?at=0-10")
                }
                "/api/v1/verify" => format!("{filled}?claim=%24400+million"),
                _ if path.starts_with("/api/v1/lineage") => format!("{filled}?of=%24400+million"),
                _ => filled.clone(),
            };
            let answer = ask(&site, request(&method.to_uppercase(), &asked, &plain, "It lost $5 million."));
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

#[test]
fn hits_come_under_their_documents_where_it_is_asked_for() {
    let page = get("/api/v1/search?q=stolen&by=document&limit=2&each=1").json();
    let groups = page["groups"].as_array().unwrap();
    assert_eq!((groups.len(), groups[0]["schema"].as_str()), (2, Some("paydirt.group/1")));
    assert!(groups.iter().all(|g| g["hits"].as_array().unwrap().len() == 1));
    let mut seen = std::collections::BTreeSet::new();
    let mut next = Some("/api/v1/search?q=stolen&by=document&limit=2".to_string());
    let mut passages = 0;
    while let Some(path) = next {
        let page = get(&path).json();
        for group in page["groups"].as_array().unwrap() {
            assert!(seen.insert(group["source"].to_string()), "a document comes twice");
            passages += group["passages"].as_u64().unwrap();
        }
        next = page["next"].as_str().map(str::to_string);
    }
    assert_eq!(
        (seen.len() as u64, passages),
        (page["documents"].as_u64().unwrap(), page["total"].as_u64().unwrap())
    );
}

#[test]
fn near_copies_are_folded_where_it_is_asked_for_and_all_are_named() {
    let query = "/api/v1/search?q=%22to+date%22&document=digest-2019&document=digest-2019-copy";
    let apart = get(query).json();
    let folded = get(&format!("{query}&copies=folded")).json();
    assert_eq!(apart["total"], folded["total"]);
    let (apart, folded) = (apart["hits"].as_array().unwrap(), folded["hits"].as_array().unwrap());
    let copies: usize = folded.iter().filter_map(|hit| Some(hit["copies"].as_array()?.len())).sum();
    assert!(copies > 0, "the corpus has a copy of digest-2019.txt");
    assert_eq!(apart.len(), folded.len() + copies);
    let named = [&folded[0]["source"], &folded[0]["copies"][0]["source"]].map(|s| s.as_str().unwrap());
    assert!(named.contains(&"digest-2019.txt") && named.contains(&"digest-2019-copy.txt"), "{named:?}");
}

#[test]
fn a_figure_has_a_lineage_and_a_claim_that_of_its_verdict() {
    let all = get("/api/v1/lineage?of=%24400+million").json();
    let first = &all["lineages"][0];
    assert_eq!(
        (first["schema"].as_str(), first["documents"].as_array().unwrap().len()),
        (Some("paydirt.lineage/1"), 3)
    );
    let claim = "claim=In+2021%2C+nearly+%24400+million+was+stolen+in+seven+attacks";
    let of_claim = get(&format!("/api/v1/lineage?{claim}")).json();
    assert_eq!(
        of_claim["lineages"].as_array().unwrap()[..],
        [first.clone()].map(|mut row| {
            // It is asked by another text.
            row["figure"] = of_claim["lineages"][0]["figure"].clone();
            row
        })
    );
    let svg = get(&format!("/api/v1/lineage.svg?{claim}"));
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert!(svg.text().contains("<title") && svg.text().contains("2022-01-13"), "{}", svg.text());
    assert!(get("/api/v1/lineage.dot?of=%24400+million").text().starts_with("digraph"));
    assert_eq!(get("/api/v1/lineage").status, 400);
    assert_eq!(get("/api/v1/lineage?of=no+figure").status, 400);
    assert_eq!(get("/api/v1/lineage.svg?of=%24987654321").status, 404);
}

#[test]
fn an_article_is_checked_to_its_end_as_the_command_line_checks_it() {
    let text: String = (1..=120)
        .map(|n| format!("Report {n} says that hackers stole ${n}.25 million in 2021.\n\n"))
        .collect();
    let site = site(None);
    let checked =
        ask(&site, request("POST", "/api/v1/check", &[("content-type", "text/plain")], text.clone())).json();
    let verdicts = checked["verdicts"].as_array().unwrap();
    assert_eq!(verdicts.len(), 120);
    let path = folder().join("long.txt");
    std::fs::write(&path, &text).unwrap();
    let printed = Command::new(program())
        .args(["check", "long.txt", "--format", "jsonl"])
        .current_dir(folder())
        .output()
        .unwrap();
    let of_command: Vec<Value> = String::from_utf8(printed.stdout)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(&of_command, verdicts);
    let id = checked["id"].as_str().unwrap();
    let rows = ask(&site, request("GET", &format!("/api/v1/checks/{id}/verdicts.jsonl"), &[], Body::empty()));
    let rows: Vec<Value> = rows.text().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows, of_command);
    let report = ask(&site, request("GET", &format!("/api/v1/checks/{id}/report.html"), &[], Body::empty()));
    assert!(report.text().contains("120 figures") && report.text().ends_with("</html>"));
    let short = "In 2021 hackers stole nearly $400 million from crypto platforms in at least seven attacks.";
    let checked =
        ask(&site, request("POST", "/api/v1/check", &[("content-type", "text/plain")], short)).json();
    let path = format!("/api/v1/checks/{}/report.html", checked["id"].as_str().unwrap());
    let report = ask(&site, request("GET", &path, &[], Body::empty())).text();
    assert!(
        report.contains("src=\"data:image/png;base64,iVBOR") && report.contains("The figure boxed on page")
    );
}

#[test]
fn a_citation_of_a_page_is_found_again_by_the_command_line() {
    let hit = get("/api/v1/search?q=%22%24400+million%22").json()["hits"][0].clone();
    let at = format!("{}-{}", hit["span"]["start"], hit["span"]["end"]);
    let path = format!("/api/v1/documents/{}/cite?at={at}&form=annotation", hit["sha256"].as_str().unwrap());
    let annotation = get(&path).json();
    let [of_hit, cited] = [&hit["target"]["selector"], &annotation["target"]["selector"]];
    assert_eq!((&of_hit[0]["exact"], &of_hit[1]), (&cited[0]["exact"], &cited[1]));
    assert!(cited[2]["value"].as_str().unwrap().starts_with("page="), "{annotation}");
    std::fs::write(folder().join("cited.json"), annotation.to_string()).unwrap();
    let shown = Command::new(program()).args(["show", "@cited.json"]).current_dir(folder()).output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let quote = hit["text"].as_str().unwrap().split_whitespace().take(8).collect::<Vec<_>>().join(" ");
    assert!(text.contains(&quote), "{text}");
}

#[test]
fn a_figure_is_handed_on_as_a_card_with_its_page() {
    let hit =
        get("/api/v1/search?q=%22%24400+million%22&document=chainalysis-2022").json()["hits"][0].clone();
    let mentions = hit["mentions"].as_array().unwrap();
    let figure = mentions.iter().find(|m| m["surface"].as_str().unwrap().contains("$400")).unwrap();
    let at = format!("{}-{}", figure["span"]["start"], figure["span"]["end"]);
    let card = get(&format!("/api/v1/documents/{}/card?at={at}", hit["sha256"].as_str().unwrap()));
    assert!(card.header("content-disposition").starts_with("attachment"));
    let text = card.text();
    let alt =
        format!("alt=\"{} boxed on page 1 of chainalysis-2022.pdf\"", figure["surface"].as_str().unwrap());
    assert!(text.contains(&alt) && text.contains("data:image/png;base64,iVBOR"), "{alt}");
    assert_eq!(get(&format!("/api/v1/documents/{}/card", sha256("panel-2022.pdf"))).status, 400);
}

#[test]
fn the_scorecard_says_what_it_was_measured_on() {
    let of_project = get("/api/v1/scorecard").json();
    assert_eq!(of_project["of_this_index"], false);
    assert!(of_project["measured_on"].as_str().unwrap().contains("tests/gold"));
    let index = Index::open(&folder().join("index")).unwrap();
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold");
    let manners = Manners::new(None, &["reports.test".to_string()]);
    let app = App::new(index, Some(&folder().join("corpus")), manners).unwrap().with_gold(&gold).unwrap();
    let of_index =
        ask(&router(Arc::new(app)), request("GET", "/api/v1/scorecard", &[], Body::empty())).json();
    assert_eq!(of_index["of_this_index"], true);
    // The index holds the sample corpus, on which the project's card was measured.
    assert_eq!(of_index["card"], of_project["card"]);
}
