//! Who may ask, for how much, and what every answer carries.

use super::*;

fn status(headers: &[(&str, &str)], method: &str, path: &str) -> u16 {
    ask(&site(None), request(method, path, headers, Body::empty())).status.as_u16()
}

#[test]
fn every_answer_has_the_headers_that_keep_it_to_itself() {
    for path in ["/", "/style.css", "/api/v1/status", "/nowhere", "/api/v1/nowhere"] {
        let answer = get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    }
    let page = get("/?q=stolen").text();
    assert!(!page.contains(" style=") && !page.contains(" onclick="), "nothing inline");
    assert_eq!(page.matches("<script").count(), page.matches("<script src=\"/app.js\"").count());
}

#[test]
fn another_name_is_not_served() {
    for host in ["evil.test", "reports.test.evil.test", "127.0.0.1.evil.test", ""] {
        assert_eq!(status(&[("host", host)], "GET", "/"), 421, "{host}");
    }
    assert_eq!(status(&[("host", "REPORTS.test:8080")], "GET", "/"), 200);
}

#[test]
fn another_site_cannot_ask_in_the_users_name() {
    assert_eq!(status(&[("origin", "http://evil.test")], "POST", "/check"), 403);
    assert_eq!(status(&[("origin", "null")], "GET", "/api/v1/status"), 403);
    assert_eq!(
        status(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], "GET", "/api/v1/status"),
        403
    );
    // A link from elsewhere leads here.
    assert_eq!(status(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], "GET", "/"), 200);
    assert_eq!(status(&[("origin", "http://reports.test")], "GET", "/api/v1/status"), 200);
}

#[test]
fn with_a_token_nothing_is_given_without_it() {
    let site = site(Some("a-token-of-some-length"));
    let asked =
        |path: &str, headers: &[(&str, &str)]| ask(&site, request("GET", path, headers, Body::empty()));
    for path in ["/", "/style.css", "/api/v1/status", "/?token=wrong"] {
        assert_eq!(asked(path, &[]).status, 401, "{path}");
    }
    assert_eq!(asked("/", &[("authorization", "Bearer a-token-of-some-length")]).status, 200);
    let given = asked("/?token=a-token-of-some-length", &[]);
    assert_eq!((given.status.as_u16(), given.header("location")), (303, "/"));
    let cookie = given.header("set-cookie").split(';').next().unwrap().to_string();
    assert_eq!(asked("/", &[("cookie", &cookie)]).status, 200);
}

#[test]
fn too_much_is_refused() {
    assert_eq!(get(&format!("/?q={}", "x".repeat(9_000))).status, 414);
    assert_eq!(get(&format!("/api/v1/search?q={}", "x".repeat(3_000))).status, 400);
    assert_eq!(get("/api/v1/search?limit=201").status, 400);
    let body = vec![b'x'; 17 << 20];
    let large = ask(&site(None), request("POST", "/api/v1/check", &[("content-type", "text/plain")], body));
    assert!(matches!(large.status.as_u16(), 400 | 413), "{}", large.status);
}

#[test]
fn no_path_of_a_request_reaches_the_file_system() {
    for path in [
        "/document/..%2F..%2Fetc%2Fpasswd/page/1",
        "/api/v1/documents/..%2F..%2Fetc%2Fpasswd/source",
        "/api/v1/documents/corpus%2Fpanel-2022.pdf/source",
        "/..%2f..%2fetc/passwd",
    ] {
        assert_eq!(get(path).status, 404, "{path}");
    }
}

#[test]
fn a_source_that_has_changed_or_leads_elsewhere_is_not_given() {
    let sha = sha256("digest-2019.txt");
    let corpus = tempfile::tempdir().unwrap();
    std::fs::write(corpus.path().join("digest-2019.txt"), "another text").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder().join("corpus/panel-2022.pdf"), corpus.path().join("panel-2022.pdf"))
        .unwrap();
    let index = Index::open(&folder().join("index")).unwrap();
    let manners = Manners::new(None, &["reports.test".to_string()]);
    let site = router(Arc::new(App::new(index, Some(corpus.path()), manners).unwrap()));
    for sha in [sha, sha256("panel-2022.pdf"), sha256("panel-2024.pdf")] {
        let path = format!("/api/v1/documents/{sha}/source");
        assert_eq!(ask(&site, request("GET", &path, &[], Body::empty())).status, 404);
    }
}
