//! Uploaded files: who owns them, how those that cannot be imported are refused, and that nothing of them stays.

use std::time::Duration;

use reqwest::Response;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{BOUNDARY, Browser, PASSWORD, Roster, cookies, header_of, location, multipart, roster};

const PATH: &str = "/apps/acme/one/imports";
const FORM: &str = "/apps/acme/one/import/accounts?x=1";

async fn send(browser: &Browser, list: &str, name: &str, content: &[u8]) -> Response {
    let body = multipart(&[("_from", FORM), ("list", list), ("group_id", ""), ("encoding", "auto")], &[(name, content)]);
    browser.send(PATH, "same-origin", body).await
}

fn files(roster: &Roster) -> usize {
    std::fs::read_dir(roster.store.folder().join("imports")).map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_leads_to_its_preview_and_its_refused_rows_come_back() {
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    let text = "Username,Nickname\nnew-one,=1+1\nann-one,Ann\nb d,\n";
    let answer = send(&admin, "accounts", "people \"1\".csv", text.as_bytes()).await;
    assert_eq!(answer.status(), 303);
    let preview = location(&answer).to_owned();
    assert!(preview.starts_with(&format!("{PATH}/")), "{preview}");
    let page = admin.get(&preview).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("new-one") && page.contains("=1+1") && page.contains("b d"), "{page}");
    for other in ["owner", "viewer"] {
        assert_ne!(roster.signed_in(other).await.get(&preview).await.status(), 200, "{other}");
    }
    let id = preview.rsplit('/').next().unwrap();
    let started =
        admin.submit(&preview, "/_fn/import/start", &[("org", "acme"), ("app", "one"), ("id", id), ("mode", "update")]).await;
    assert_eq!(started.status(), 303);
    let job = location(&started).to_owned();
    assert!(job.starts_with("/apps/acme/one/jobs/"), "{job}");
    jobs::run::run_waiting(&roster.store).await.unwrap();
    let page = admin.get(&job).await.text().await.unwrap();
    assert!(page.contains("refused-rows"), "{page}");
    let file = admin.get(&format!("{job}/refused-rows")).await;
    assert_eq!(file.status(), 200);
    assert!(header_of(&file, "content-type").starts_with("text/csv"));
    assert!(header_of(&file, "content-disposition").contains("-refused.csv"));
    let text = file.text().await.unwrap();
    assert!(text.starts_with("\u{feff}Reason,Username,Nickname\r\n") && text.ends_with(",b d,\r\n"), "{text}");
    assert_eq!(roster.signed_in("owner").await.get(&format!("{job}/refused-rows")).await.status(), 404, "somebody else's");
    assert_eq!(admin.get(&format!("{}/refused-rows", job.replace("/one/", "/two/"))).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_write_sends_files_and_only_from_here() {
    let roster = roster().await;
    let before = files(&roster);
    let body = multipart(&[("_from", FORM), ("list", "accounts")], &[("a.csv", b"username\nx\n")]);
    let viewer = roster.signed_in("viewer").await;
    let answer = viewer.send(PATH, "same-origin", body.clone()).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, FORM));
    let admin = roster.signed_in("admin").await;
    assert_eq!(admin.send(PATH, "cross-site", body.clone()).await.status(), 403);
    // An operator who was signed out in the meantime returns to the form by way of the sign-in page, also with a file on the way.
    let visitor = roster.browser();
    let answer = visitor.send(PATH, "same-origin", body.clone()).await;
    let sign_in = "/sign-in?next=/apps/acme/one/import/accounts%3Fx%3D1";
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, sign_in));
    let large = vec![b'x'; 3_000_000];
    let large = multipart(&[("_from", FORM), ("list", "accounts")], &[("a.csv", &large)]);
    let answer = visitor.send(PATH, "same-origin", large).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, sign_in));
    assert_eq!(admin.send("/apps/acme/none/imports", "same-origin", body).await.status(), 404);
    assert_eq!(files(&roster), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_imported_is_said_on_the_form() {
    let roster = roster().await;
    let before = files(&roster);
    let admin = roster.signed_in("admin").await;
    let large = vec![b'x'; usize::try_from(domain::limits::IMPORT_BYTES).unwrap() + 1];
    for (name, content, sentence) in [
        ("a.csv", &b""[..], "The file is empty."),
        ("a.csv", b"Name\nx\n", "None of the titles is known."),
        ("a.xlsx", b"PK\x03\x04 cut", "The workbook is damaged or was cut off."),
        ("a.csv", b"username\n\xff\xfe\n", "The file is not text in UTF-8."),
        ("", b"", "Fill in this field."),
        ("large.csv", &large, "A file can have at most 200 MB."),
    ] {
        let answer = send(&admin, "accounts", name, content).await;
        assert_eq!((answer.status().as_u16(), location(&answer)), (303, FORM), "{sentence}");
        let page = admin.get(FORM).await.text().await.unwrap();
        assert!(page.contains(sentence), "{sentence}: {page}");
        assert!(!admin.get(FORM).await.text().await.unwrap().contains(sentence), "said once");
    }
    // Two files: neither is taken.
    let mut two = multipart(&[("_from", FORM), ("list", "accounts")], &[("a.csv", b"username\nx\n")]);
    two.truncate(two.len() - format!("--{BOUNDARY}--\r\n").len());
    two.extend_from_slice(&multipart(&[], &[("b.csv", b"username\ny\n")]));
    let answer = admin.send(PATH, "same-origin", two).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, FORM));
    let page = admin.get(FORM).await.text().await.unwrap();
    assert!(page.contains("changed by hand"), "{page}");
    let answer = send(&admin, "messages", "a.csv", b"username\nx\n").await;
    assert_eq!(answer.status(), 303);
    assert_eq!(admin.get("/apps/acme/one/import/messages").await.status(), 404);
    assert_eq!(files(&roster), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_leaves_nothing() {
    let roster = roster().await;
    let before = files(&roster);
    let answer = roster.browser().call("/_fn/session/sign-in", &[("name", "admin"), ("password", PASSWORD)]).await;
    let (cookie, _) = cookies(&answer, "roster").pop().unwrap();
    let address = roster.url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let body = multipart(&[("_from", FORM), ("list", "accounts")], &[("a.csv", &[b'x'; 300_000])]);
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {address}\r\nCookie: roster={cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        body.len() * 2
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&body[..200_000]).await.unwrap();
    let until = async |wanted: usize| {
        for _ in 0..400 {
            if files(&roster) == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{} files instead of {wanted}", files(&roster));
    };
    until(before + 1).await;
    drop(connection);
    until(before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_hold_the_titles_in_the_readers_language() {
    let roster = roster().await;
    let viewer = roster.signed_in("viewer").await;
    let file = viewer.get("/apps/acme/one/import/members/template.csv").await;
    assert_eq!(file.status(), 200);
    assert_eq!(file.text().await.unwrap(), "\u{feff}Group ID,Username,Role,Join Time,Last Speak Time\r\n");
    let sheet = viewer.get("/apps/acme/one/import/accounts/template.xlsx").await;
    assert!(sheet.bytes().await.unwrap().starts_with(b"PK"));
    for wrong in [
        "/apps/acme/one/import/messages/template.csv",
        "/apps/acme/one/import/accounts/template.pdf",
        "/apps/acme/none/import/accounts/template.csv",
    ] {
        assert_eq!(viewer.get(wrong).await.status(), 404, "{wrong}");
    }
}
