//! The headers of every answer, who may send a change, and where a visitor is redirected.

use std::time::Duration;
use store::Scope;

use server::config::PublicUrl;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{PASSWORD, Setting, app_id, cookies, group_of, header_of, location, multipart, roster, roster_with};

fn https() -> Setting {
    Setting { public: Some(PublicUrl { origin: "https://roster.test".into(), https: true }), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_from_other_sites_are_refused() {
    let roster = roster().await;
    let browser = roster.signed_in("owner").await;
    let own = roster.url.clone();
    let path = "/_fn/application/list";
    let cases: [(&[(&'static str, &str)], u16); 10] = [
        (&[("sec-fetch-site", "same-origin")], 200),
        (&[("sec-fetch-site", "none")], 200),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        // What the browser says first counts; the other header cannot heal it.
        (&[("sec-fetch-site", "cross-site"), ("origin", &own)], 403),
        (&[("origin", &own)], 200),
        (&[("origin", "http://evil.test")], 403),
        (&[("origin", "null")], 403),
        (&[("origin", "http://127.0.0.1:1")], 403),
        (&[], 403),
    ];
    for (headers, status) in cases {
        assert_eq!(browser.post(path, &[], headers).await.status(), status, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_public_url_only_that_origin_is_ours() {
    let roster = roster_with(https()).await;
    let browser = roster.browser();
    let own = roster.url.clone();
    let path = "/_fn/session/is-set-up";
    assert_eq!(browser.post(path, &[], &[("origin", "https://roster.test")]).await.status(), 200);
    assert_eq!(browser.post(path, &[], &[("origin", "http://roster.test")]).await.status(), 403);
    assert_eq!(browser.post(path, &[], &[("origin", &own)]).await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    let roster = roster().await;
    let address = roster.url.trim_start_matches("http://");
    for (hosts, status) in [(vec![address], 200), (vec![], 400), (vec![address, address], 400), (vec![address, "evil.test"], 400)]
    {
        for path in ["/healthz", "/sign-in"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let hosts: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
            stream.write_all(format!("GET {path} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{hosts:?} {path}: {answer}");
        }
    }
    // Health checks of proxies speak the older one.
    for (hosts, status) in [("", 200), ("Host: a\r\nHost: b\r\n", 400)] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("GET /healthz HTTP/1.0\r\n{hosts}\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.split(' ').nth(1) == Some(&status.to_string()), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_leaves_nothing_in_the_browser() {
    let roster = roster().await;
    let browser = roster.signed_in("viewer").await;
    let answer = browser.call("/_fn/session/sign-out", &[]).await;
    assert_eq!(header_of(&answer, "clear-site-data"), "\"cache\", \"storage\"");
    let visitor = browser.get("/sign-in").await;
    assert_eq!(header_of(&visitor, "clear-site-data"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_three_methods_exist() {
    let roster = roster().await;
    let browser = roster.signed_in("owner").await;
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECTION"] {
        for path in ["/", "/_fn/application/list", "/pkg/roster.c.css", "/healthz"] {
            let answer = browser.request(method, path).header("sec-fetch-site", "same-origin").send().await.unwrap();
            assert_eq!(answer.status(), 405, "{method} {path}");
            assert_eq!(header_of(&answer, "allow"), "GET, HEAD, POST");
        }
    }
    assert_eq!(browser.get("/_fn/application/list").await.status(), 405, "reading a function by a link");
    assert_eq!(browser.request("HEAD", "/").send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers() {
    let roster = roster().await;
    let browser = roster.browser();
    for path in ["/sign-in", "/", "/healthz", "/pkg/roster.c.css", "/pkg/none", "/nowhere", "/_fn/none"] {
        let answer = browser.get(path).await;
        assert_eq!(header_of(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header_of(&answer, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header_of(&answer, "cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header_of(&answer, "x-frame-options"), "DENY", "{path}");
        assert!(header_of(&answer, "permissions-policy").contains("camera=()"), "{path}");
        assert!(header_of(&answer, "content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!header_of(&answer, "x-request-id").is_empty(), "{path}");
        assert_eq!(header_of(&answer, "strict-transport-security"), "", "{path}");
        let kept = header_of(&answer, "cache-control");
        assert_eq!(kept == "no-store", path != "/pkg/roster.c.css", "{path}: {kept}");
    }
    let page = browser.get("/sign-in").await;
    assert!(header_of(&page, "content-security-policy").contains("script-src 'nonce-"));

    for (hsts_subdomains, policy) in [(false, "max-age=63072000"), (true, "max-age=63072000; includeSubDomains")] {
        let secure = roster_with(Setting { hsts_subdomains, ..https() }).await;
        let answer = secure.browser().get("/healthz").await;
        assert_eq!(header_of(&answer, "strict-transport-security"), policy);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_are_led_to_the_sign_in_page_and_back() {
    let roster = roster().await;
    let browser = roster.browser();
    assert_eq!(location(&browser.get("/").await), "/sign-in");
    let answer = browser.get("/apps/acme/one/groups?q=%ED%95%9C&sort=name").await;
    assert_eq!(answer.status(), 303);
    assert_eq!(location(&answer), "/sign-in?next=/apps/acme/one/groups%3Fq%3D%25ED%2595%259C%26sort%3Dname");
    assert_eq!(location(&browser.get("/nowhere").await), "/sign-in?next=/nowhere");

    let fields = [("name", "owner"), ("password", PASSWORD), ("next", "/apps/acme/one/groups?q=a")];
    let answer = browser.submit("/sign-in", "/_fn/session/sign-in", &fields).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/apps/acme/one/groups?q=a"));
    assert_eq!(location(&browser.get("/sign-in").await), "/", "whoever is signed in has no use for the sign-in page");
    assert_eq!(browser.get("/nowhere").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_redirect_leaves_this_server() {
    let roster = roster().await;
    for evil in ["https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test", "javascript:alert(1)", "\\\\evil.test"] {
        let fields = [("name", "owner"), ("password", PASSWORD), ("next", evil), ("_next", evil)];
        let answer = roster.browser().submit("/sign-in", "/_fn/session/sign-in", &fields).await;
        assert_eq!(answer.status(), 303);
        assert!(["/", "/sign-in"].contains(&location(&answer)), "{evil} led to {}", location(&answer));
    }
    let headers = [("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("referer", "https://evil.test/trap")];
    let answer = roster.browser().post("/_fn/session/sign-in", &[("name", "x"), ("password", "y")], &headers).await;
    assert_eq!(location(&answer), "/");
    let fields = [("name", "x"), ("password", "y"), ("_from", "//evil.test")];
    let answer = roster.browser().post("/_fn/session/sign-in", &fields, &headers).await;
    assert_eq!(location(&answer), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_no_header_leads_to_the_start() {
    let roster = roster().await;
    let fields = [("name", "owner"), ("password", PASSWORD), ("next", "/é")];
    let answer = roster.browser().submit("/sign-in", "/_fn/session/sign-in", &fields).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/"));
    assert_eq!(roster.browser().call("/_fn/session/sign-in", &fields).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_the_databases() {
    let roster = roster().await;
    let browser = roster.browser();
    let answer = browser.get("/healthz").await;
    assert_eq!((answer.status().as_u16(), header_of(&answer, "set-cookie")), (200, ""));
    for path in ["/healthz", "/healthz?write=1"] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, "ok\n"));
    }
    roster.store.close().await;
    assert_eq!(browser.get("/healthz").await.status(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing_is_told_and_no_failure_of_who_reads() {
    let roster = roster().await;
    let full = "CREATE TRIGGER full BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    roster.sql(full).await;
    let browser = roster.browser();
    for (path, status) in [("/healthz", 200), ("/healthz?write=1", 503), ("/healthz?write=0", 200)] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (status, "read-only\n"), "{path}");
    }
    // Anyone may ask, so not every request writes.
    roster.sql("DROP TRIGGER full").await;
    assert_eq!(browser.get("/healthz").await.text().await.unwrap(), "read-only\n", "remembered for a while");
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_are_kept_for_this_host_only() {
    let secure = roster_with(https()).await;
    let browser = secure.browser();
    let headers = [("accept", "application/json"), ("origin", "https://roster.test")];
    let answer = browser.post("/_fn/session/preferences", &[("language", "ko"), ("theme", "dark")], &headers).await;
    for (name, word) in [("language", "ko"), ("theme", "dark")] {
        let (value, attributes) = cookies(&answer, &format!("__Host-roster-{name}")).pop().expect("a cookie");
        assert_eq!(value, word);
        assert!(
            attributes.contains("Secure") && attributes.contains("HttpOnly") && attributes.contains("Path=/"),
            "{attributes}"
        );
        assert!(!attributes.contains("Domain"), "{attributes}");
    }
    // Only that name counts: a host below could set the other one.
    for (cookie, korean) in [("__Host-roster-language=ko", true), ("roster-language=ko", false)] {
        let page = browser.request("GET", "/sign-in").header("cookie", cookie).send().await.unwrap().text().await.unwrap();
        assert_eq!(page.contains("<html lang=\"ko\""), korean, "{cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_told_of_plain_http_until_they_have_heard_it() {
    const WORDS: &str = "reach this server over plain HTTP";
    let roster = roster_with(Setting { plain_http: true, ..Default::default() }).await;
    let owner = roster.signed_in("owner").await;
    assert!(owner.get("/").await.text().await.unwrap().contains(WORDS));
    assert!(
        !roster.signed_in("admin").await.get("/").await.text().await.unwrap().contains(WORDS),
        "nothing that others could do"
    );
    let answer = owner.submit("/", "/_fn/session/hide-notice", &[("_next", "/")]).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/"));
    let (_, attributes) = cookies(&answer, "roster-plain-http").pop().expect("a cookie");
    assert!(!attributes.contains("Max-Age"), "until the browser is closed: {attributes}");
    assert!(!owner.get("/").await.text().await.unwrap().contains(WORDS));
    assert!(roster.signed_in("owner").await.get("/").await.text().await.unwrap().contains(WORDS), "another browser");
}

/// Shared files are in the browser's cache, to be revalidated; signing out empties it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_downloaded_does_not_outlive_the_session() {
    const TAB: &str = "/apps/acme/one/groups/group-one%20%231/files";
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    admin.send(&format!("{TAB}/upload"), "same-origin", multipart(&[], &[("a.txt", b"a")])).await;
    let app = app_id(&roster.store, "one").await;
    let params = domain::page::ListParams::default();
    let files = store::file::list(Scope::new(&roster.store, &domain::Caller::system(), app), &group_of("one"), &params).await;
    let file = files.unwrap().items[0].file_id.clone();
    let answer = admin.get(&format!("{TAB}/{file}")).await;
    assert_eq!(header_of(&answer, "cache-control"), "private, no-cache");
    let answer = admin.submit("/me", "/_fn/session/sign-out", &[]).await;
    assert_eq!(header_of(&answer, "clear-site-data"), "\"cache\", \"storage\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_have_a_limit() {
    let roster = roster().await;
    let browser = roster.signed_in("owner").await;
    let long = "x".repeat(3 * 1024 * 1024);
    assert_eq!(browser.call("/_fn/group/list", &[("org", &long)]).await.status(), 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_at_once_are_all_complete() {
    let roster = roster().await;
    let browser = roster.signed_in("viewer").await;
    let worker = |_| {
        let browser = browser.clone();
        tokio::spawn(async move {
            for _ in 0..25 {
                for page in ["/apps/acme/one/groups", "/apps/acme/one/groups/group-one%20%231"] {
                    let answer = browser.get(page).await;
                    assert_eq!(answer.status(), 200, "{page}");
                    let text = answer.text().await.unwrap();
                    // After the page the framework sends its data, and this as the very last.
                    let whole = text.contains("</html>") && text.trim_end().ends_with("__INCOMPLETE_CHUNKS=[];</script>");
                    assert!(whole, "{page} was cut off after {} bytes", text.len());
                }
            }
        })
    };
    let workers: Vec<_> = (0..20).map(worker).collect();
    let all = async {
        for task in workers {
            task.await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all).await.expect("1,000 pages within a minute");
}
