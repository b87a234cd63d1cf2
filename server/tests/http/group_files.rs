//! Shared files of a group in the console: uploads, downloads, and who may do either.

use std::time::Duration;
use store::Scope;

use domain::{Caller, file::FileRow, limits::GROUP_FILE_BYTES, page::ListParams};
use reqwest::Response;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::support::{BOUNDARY, Browser, PASSWORD, Roster, app_id, cookies, group_of, header_of, location, multipart, roster};

const TAB: &str = "/apps/acme/one/groups/group-one%20%231/files";

fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    multipart(&[("_from", &format!("{TAB}?dialog=upload"))], files)
}

async fn share(browser: &Browser, files: &[(&str, &[u8])]) -> Response {
    browser.send(&format!("{TAB}/upload"), "same-origin", form(files)).await
}

/// The files of the group, as the list has them.
async fn rows(roster: &Roster) -> Vec<FileRow> {
    let app = app_id(&roster.store, "one").await;
    let params = ListParams::default();
    store::file::list(Scope::new(&roster.store, &Caller::system(), app), &group_of("one"), &params).await.unwrap().items
}

/// Everything below the folder of shared files.
fn on_disk(roster: &Roster) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&roster.store.folder().join("files"))
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_contents_come_back_as_they_went() {
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    for (sent, kept, told) in [
        ("../../etc/passwd", "passwd", "filename=\"passwd\"; filename*=UTF-8''passwd"),
        ("报告.pdf", "报告.pdf", "filename=\"__.pdf\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%2Epdf"),
        ("a%22b.html", "a\"b.html", "filename=\"a_b.html\"; filename*=UTF-8''a%22b%2Ehtml"),
    ] {
        let content = format!("<script>alert(1)</script>{kept}");
        let answer = share(&admin, &[(sent, content.as_bytes())]).await;
        assert_eq!((answer.status().as_u16(), location(&answer)), (303, TAB), "{sent}");
        let page = admin.get(TAB).await.text().await.unwrap();
        assert!(page.contains("File shared."), "{sent}: {page}");
        let row = rows(&roster).await.into_iter().find(|row| row.file_name == kept).unwrap();
        assert_eq!(row.file_size, content.len() as u64);
        let file = roster.signed_in("viewer").await.get(&format!("{TAB}/{}", row.file_id)).await;
        assert_eq!(file.status(), 200);
        assert_eq!(header_of(&file, "content-disposition"), format!("attachment; {told}"));
        assert_eq!(header_of(&file, "content-type"), "application/octet-stream");
        assert_eq!(header_of(&file, "x-content-type-options"), "nosniff");
        assert_eq!(file.text().await.unwrap(), content);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_goes_on_where_it_broke_off() {
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    share(&admin, &[("a.bin", b"0123456789")]).await;
    let path = format!("{TAB}/{}", rows(&roster).await[0].file_id);
    let whole = admin.get(&path).await;
    let tag = header_of(&whole, "etag").to_owned();
    let rest = admin.request("GET", &path).header("range", "bytes=4-").header("if-range", &tag).send().await.unwrap();
    assert_eq!((rest.status().as_u16(), header_of(&rest, "content-range")), (206, "bytes 4-9/10"));
    assert_eq!(rest.text().await.unwrap(), "456789");
    let beyond = admin.request("GET", &path).header("range", "bytes=10-").send().await.unwrap();
    assert_eq!((beyond.status().as_u16(), header_of(&beyond, "content-range")), (416, "bytes */10"));
    let known = admin.request("GET", &path).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(known.status(), 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_fit_and_what_does_not_is_said_on_the_form() {
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    let form = format!("{TAB}?dialog=upload");
    let most = vec![b'x'; usize::try_from(GROUP_FILE_BYTES).unwrap()];
    let answer = share(&admin, &[("most.bin", &most)]).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, TAB));
    let empty = share(&admin, &[("empty.txt", b"")]).await;
    assert_eq!((empty.status().as_u16(), location(&empty)), (303, TAB), "an empty file is a file");
    let before = (rows(&roster).await.len(), on_disk(&roster));
    assert_eq!(before, (2, 2));
    admin.get(TAB).await;
    let more = [most.as_slice(), b"x"].concat();
    let long = "n".repeat(256);
    type Case<'a> = (&'a [(&'a str, &'a [u8])], &'a str);
    let cases: [Case; 6] = [
        (&[("more.bin", more.as_slice())], "A shared file may have at most 10 MB."),
        (&[("", b"")], "Fill in this field."),
        (&[], "Fill in this field."),
        (&[("a.txt", b"a"), ("b.txt", b"b")], "changed by hand"),
        (&[("..", b"a")], "cannot be . or .."),
        (&[(long.as_str(), b"a")], "255"),
    ];
    for (files, sentence) in cases {
        let answer = share(&admin, files).await;
        assert_eq!((answer.status().as_u16(), location(&answer)), (303, form.as_str()), "{sentence}");
        let page = admin.get(&form).await.text().await.unwrap();
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
    assert_eq!((rows(&roster).await.len(), on_disk(&roster)), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_write_shares_and_only_from_here() {
    let roster = roster().await;
    let admin = roster.signed_in("admin").await;
    let upload = format!("{TAB}/upload");
    let body = form(&[("a.txt", b"a")]);
    let form = format!("{TAB}?dialog=upload");
    let answer = roster.signed_in("viewer").await.send(&upload, "same-origin", body.clone()).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, form.as_str()));
    assert_eq!(admin.send(&upload, "cross-site", body.clone()).await.status(), 403);
    let answer = roster.browser().send(&upload, "same-origin", body.clone()).await;
    assert!(location(&answer).starts_with("/sign-in?next="), "{}", location(&answer));
    let nowhere = "/apps/acme/none/groups/group-one%20%231/files/upload";
    assert_eq!(admin.send(nowhere, "same-origin", body.clone()).await.status(), 404);
    assert_eq!((rows(&roster).await.len(), on_disk(&roster)), (0, 0));
    // A file is found through its own group and app only.
    admin.send(&upload, "same-origin", body).await;
    let file = rows(&roster).await[0].file_id.clone();
    assert_eq!(admin.get(&format!("{TAB}/{file}")).await.status(), 200);
    for wrong in [
        format!("/apps/acme/two/groups/group-two%20%231/files/{file}"),
        format!("/apps/acme/two/groups/group-one%20%231/files/{file}"),
        format!("{TAB}/{}", "0".repeat(36)),
    ] {
        assert_eq!(admin.get(&wrong).await.status(), 404, "{wrong}");
    }
    let answer = roster.browser().get(&format!("{TAB}/{file}")).await;
    assert!(location(&answer).starts_with("/sign-in"), "a stranger sees nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_leaves_nothing() {
    let roster = roster().await;
    let answer = roster.browser().call("/_fn/session/sign-in", &[("name", "admin"), ("password", PASSWORD)]).await;
    let (cookie, _) = cookies(&answer, "roster").pop().unwrap();
    let address = roster.url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let body = form(&[("a.bin", &[b'x'; 300_000])]);
    let head = format!(
        "POST {TAB}/upload HTTP/1.1\r\nHost: {address}\r\nCookie: roster={cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
        body.len() * 2
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&body[..200_000]).await.unwrap();
    let until = async |wanted: usize| {
        for _ in 0..400 {
            if on_disk(&roster) == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{} files instead of {wanted}", on_disk(&roster));
    };
    until(1).await;
    drop(connection);
    until(0).await;
    assert!(rows(&roster).await.is_empty());
}
