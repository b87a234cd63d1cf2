//! Shared files: uploads of every kind, downloads whole and in part.

use domain::limits::GROUP_FILE_BYTES;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{
    support::{Api, Got, failure, got, seen},
    world::{n2, n4, told, world},
};

fn part(name: &str, bytes: Vec<u8>) -> Part {
    Part::bytes(bytes).file_name(name.to_owned())
}

async fn upload(api: &Api, group: &str, form: Form) -> Got {
    let request = api.request("POST", &format!("chatgroups/{group}/share_files")).header("restrict-access", "true");
    got(request.multipart(form)).await
}

/// How many files the group has.
async fn count(api: &Api, group: &str) -> usize {
    api.get(&format!("chatgroups/{group}/share_files")).await.json["data"].as_array().unwrap().len()
}

fn no_file() -> (u16, Value) {
    (400, failure("IllegalArgumentException", "java.lang.IllegalArgumentException", "file must be provided."))
}

fn too_large() -> (u16, Value) {
    (413, failure("request_entity_too_large", "javax.ws.rs.WebApplicationException", "Request Entity Too Large"))
}

#[tokio::test]
async fn a_file_is_shared_listed_downloaded_and_deleted() {
    let (_roster, api) = world().await;
    let group = api.group(&[]).await;
    let path = format!("chatgroups/{group}/share_files");
    let mut sent = upload(&api, &group, Form::new().part("file", part("IMG_3.JPG", vec![7; 1000]))).await;
    let id = sent.json["data"]["file_id"].as_str().unwrap().to_owned();
    assert_eq!(sent.json["data"]["file_url"], api.at(&format!("{path}/{id}")));
    sent.json["data"]["file_id"] = Value::Null;
    sent.json["data"]["file_url"] = Value::Null;
    let shared = json!({
        "file_url": null, "group_id": group, "file_name": "IMG_3.JPG", "created": 0, "file_id": null, "file_size": 1000,
    });
    assert_eq!(seen(sent), api.data("post", &path, shared));

    let item = json!({ "file_id": id, "file_name": "IMG_3.JPG", "file_owner": "", "file_size": 1000, "created": 0 });
    assert_eq!(told(api.get(&path)).await, api.data("get", &path, json!([item])));
    let second = upload(&api, &group, Form::new().part("file", part("b", vec![8]))).await;
    let page = api.get(&format!("{path}?pagenum=2&pagesize=1")).await;
    assert_eq!((&page.json["data"][0]["file_id"], &page.json["params"]["pagesize"]), (&json!(id), &json!(["1"])), "newest first");
    assert_eq!(api.get(&format!("{path}?pagenum=1&pagesize=99999")).await.json["data"].as_array().unwrap().len(), 2);

    let one = format!("{path}/{id}");
    let deleted = json!({ "group_id": group, "file_id": id, "result": true });
    assert_eq!(told(api.delete(&one)).await, api.data("delete", &one, deleted));
    for got in [api.delete(&one).await, api.get(&one).await] {
        assert_eq!(seen(got), n4(&api.at(&one)));
    }
    assert_eq!((second.status, count(&api, &group).await), (200, 1));
    for got in [
        api.get("chatgroups/1/share_files").await,
        upload(&api, "1", Form::new().part("file", part("x", vec![]))).await,
        api.get("chatgroups/1/share_files/x").await,
        api.delete("chatgroups/1/share_files/x").await,
    ] {
        assert_eq!(seen(got), n2("1"));
    }
}

#[tokio::test]
async fn uploads_of_every_kind_are_taken_or_refused() {
    let (_roster, api) = world().await;
    let group = api.group(&[]).await;
    let full = usize::try_from(GROUP_FILE_BYTES).unwrap();
    let send = async |form| upload(&api, &group, form).await;
    let file = |bytes| Form::new().part("file", part("f", bytes));
    assert_eq!(send(file(vec![1; full])).await.json["data"]["file_size"], GROUP_FILE_BYTES);
    assert_eq!(seen(send(file(vec![1; full + 1])).await), too_large());
    assert_eq!(seen(send(file(vec![1; 2 * full])).await), too_large());
    assert_eq!(send(file(vec![])).await.json["data"]["file_size"], 0);
    assert_eq!(seen(send(Form::new().text("note", "no file")).await), no_file());
    assert_eq!(seen(send(Form::new().text("file", "without a name")).await), no_file());
    assert_eq!(told(api.post(&format!("chatgroups/{group}/share_files"), json!({}))).await, no_file());
    let two = Form::new().text("note", "x").part("file", part("first", vec![1])).part("file", part("second", vec![2]));
    assert_eq!(send(two).await.json["data"]["file_name"], "first");
    assert_eq!(count(&api, &group).await, 3);

    // Names as curl and browsers write them, and as older clients do.
    for (header, name) in [
        ("filename=\"a%22b.txt\"", "a\"b.txt"),
        ("filename*=UTF-8''%E4%BD%A0%20b.txt", "你 b.txt"),
        ("filename=\"x\"; filename*=utf-8''y.txt", "y.txt"),
    ] {
        let body = format!("--B\r\nContent-Disposition: form-data; name=\"file\"; {header}\r\n\r\nbytes\r\n--B--\r\n");
        let request = api.request("POST", &format!("chatgroups/{group}/share_files"));
        let sent = got(request.header("content-type", "multipart/form-data; boundary=B").body(body)).await;
        assert_eq!(sent.json["data"]["file_name"], name, "{sent:?}");
    }

    // What curl makes of the document's own line, which calls the body JSON first.
    let body = "--------B\r\nContent-Disposition: attachment; name=\"file\"; filename=\"IMG_3.JPG\"\r\n\
                Content-Type: image/jpeg\r\n\r\nbytes\r\n--------B--\r\n";
    let request = api.request("POST", &format!("chatgroups/{group}/share_files"));
    let sent = got(request.header("content-type", "application/json; boundary=------B").body(body)).await;
    assert_eq!((&sent.json["data"]["file_name"], &sent.json["data"]["file_size"]), (&json!("IMG_3.JPG"), &json!(5)));
}

#[tokio::test]
async fn names_come_back_as_they_were_sent_and_never_as_a_path() {
    let (_roster, api) = world().await;
    let group = api.group(&[]).await;
    for (sent, kept) in [("../../报告 \"1\".pdf", "报告 \"1\".pdf"), ("..\\x;y.txt", "x;y.txt"), ("사진.png", "사진.png")]
    {
        let answer = upload(&api, &group, Form::new().part("file", part(sent, b"0123456789".to_vec()))).await;
        assert_eq!(answer.json["data"]["file_name"], kept, "{answer:?}");
        let path = format!("chatgroups/{group}/share_files/{}", answer.json["data"]["file_id"].as_str().unwrap());
        let response = api.request("GET", &path).send().await.unwrap();
        let disposition = response.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.starts_with("attachment; filename=\"") && disposition.contains("filename*=UTF-8''"), "{disposition}");
        let plain = disposition.split('"').nth(1).unwrap();
        assert!(!plain.contains(['/', '\\', '"']), "{plain}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.bytes().await.unwrap(), &b"0123456789"[..]);
        let part = api.request("GET", &path).header("range", "bytes=4-").send().await.unwrap();
        assert_eq!((part.status().as_u16(), part.headers()["content-range"].to_str().unwrap()), (206, "bytes 4-9/10"));
        assert_eq!(part.bytes().await.unwrap(), &b"456789"[..]);
        let beyond = api.request("GET", &path).header("range", "bytes=10-").send().await.unwrap();
        assert_eq!(beyond.status().as_u16(), 416);
    }
    for wrong in ["..", "a/"] {
        assert_eq!(upload(&api, &group, Form::new().part("file", part(wrong, vec![1]))).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_leaves_nothing() {
    let (roster, api) = world().await;
    let group = api.group(&[]).await;
    let host = roster.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST /acme/one/chatgroups/{group}/share_files HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\
         content-type: multipart/form-data; boundary=B\r\ncontent-length: 100000\r\n\r\n\
         --B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"half\"\r\n\r\n",
        api.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&[7; 50_000]).await.unwrap();
    stream.flush().await.unwrap();
    let folder = roster.store.folder().join("files");
    let files = || std::fs::read_dir(&folder).map_or(0, Iterator::count);
    for _ in 0..200 {
        if files() == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(files(), 1, "it is on its way");
    drop(stream);
    for _ in 0..500 {
        if files() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!((files(), count(&api, &group).await), (0, 0));
    // A body that ends before its last boundary is no file either, though the connection is fine.
    let request = api.request("POST", &format!("chatgroups/{group}/share_files"));
    let body = "--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"half\"\r\n\r\nhalf";
    let answer = got(request.header("content-type", "multipart/form-data; boundary=B").body(body)).await;
    assert_eq!((answer.status, files(), count(&api, &group).await), (400, 0, 0), "{answer:?}");
}
