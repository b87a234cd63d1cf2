//! The files for the browser: caching, compressed forms, types.

use crate::support::{header_of, roster};

#[tokio::test(flavor = "multi_thread")]
async fn hashed_files_are_kept_for_ever_and_need_no_session() {
    let roster = roster().await;
    let browser = roster.browser();
    let answer = browser.get("/pkg/roster.c.css").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header_of(&answer, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header_of(&answer, "content-type"), "text/css; charset=utf-8");
    assert_eq!(header_of(&answer, "set-cookie"), "");
    assert_eq!(answer.text().await.unwrap(), "a{}");

    let wasm = browser.get("/pkg/roster.w.wasm").await;
    assert_eq!(header_of(&wasm, "content-type"), "application/wasm");
    for missing in ["/pkg/roster.x.css", "/pkg/..%2Fmanifest.json", "/pkg/manifest.json"] {
        assert_eq!(browser.get(missing).await.status(), 404, "{missing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_accepted_form_is_sent() {
    let roster = roster().await;
    let browser = roster.browser();
    for (accepted, sent, body) in [("gzip, br", "br", "as brotli"), ("gzip, br;q=0", "gzip", "as gzip"), ("identity", "", "a{}")]
    {
        let answer = browser.request("GET", "/pkg/roster.c.css").header("accept-encoding", accepted).send().await.unwrap();
        assert_eq!(header_of(&answer, "content-encoding"), sent);
        assert_eq!(header_of(&answer, "vary"), "accept-encoding");
        assert_eq!(header_of(&answer, "content-type"), "text/css; charset=utf-8");
        assert_eq!(answer.text().await.unwrap(), body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_with_their_own_names_are_asked_for_again() {
    let roster = roster().await;
    let browser = roster.browser();
    let answer = browser.get("/favicon.svg").await;
    assert_eq!(header_of(&answer, "cache-control"), "public, max-age=86400");
    assert_eq!(header_of(&answer, "content-type"), "image/svg+xml");
    let tag = header_of(&answer, "etag").to_owned();
    let again = browser.request("GET", "/favicon.svg").header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.text().await.unwrap(), "");
    let other = browser.request("GET", "/favicon.svg").header("if-none-match", "\"other\"").send().await.unwrap();
    assert_eq!(other.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_compressed_on_the_way() {
    let roster = roster().await;
    let answer = roster.browser().request("GET", "/sign-in").header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(header_of(&answer, "content-encoding"), "br");
}
