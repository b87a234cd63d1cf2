//! What comes of bodies that are longer than they may be.

use reqwest::StatusCode;
use server::connections::{Limits, Linger};
use tokio::{io::AsyncWriteExt, time::timeout};

use super::{AT_MOST, FORM, LONG, SHORT, answer, connect, cookie, head, parts, rest, send, wide, with};
use crate::support::{Roster, group_of, multipart, roster};

#[tokio::test(flavor = "multi_thread")]
async fn strangers_have_little_memory_for_their_forms() {
    let roster = roster().await;
    let long = |bytes: usize| "x".repeat(bytes);
    let (small, large) = (long(60 * 1024), long(70 * 1024));
    let visitor = roster.browser();
    for (text, status) in [(&small, 401), (&large, 413)] {
        let answer = visitor.call("/_fn/session/sign-in", &[("name", "nobody"), ("password", text)]).await;
        assert_eq!(answer.status(), status);
    }
    // Also when they do not say how long it will be.
    let body = format!("name=nobody&password={large}");
    let pieces: Vec<_> = body.as_bytes().chunks(5000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    let request = visitor.request("POST", "/_fn/session/sign-in").header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(reqwest::Body::wrap_stream(futures_util::stream::iter(pieces))).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    // A signed-in operator may send more; a made-up session is nobody's.
    let admin = roster.signed_in("admin").await;
    assert_eq!(admin.call("/_fn/group/list", &[("org", "acme"), ("app", "one"), ("x", &large)]).await.status(), 200);
    let made_up = [("cookie", "roster=AAAAAAAAAAAAAAAAAAAAAA"), ("sec-fetch-site", "same-origin")];
    assert_eq!(visitor.post("/_fn/group/list", &[("x", &large)], &made_up).await.status(), 413);
    let api = roster.api("one").await;
    let stranger = api.http.post(api.at("token")).body(format!("{{\"x\":\"{large}\"}}")).send().await.unwrap();
    assert_eq!(stranger.status(), 413);
    let known = api.request("POST", "token").body(format!("{{\"x\":\"{large}\"}}")).send().await.unwrap();
    assert_eq!(known.status(), 400);
}

/// Sends all before it listens, as many clients do, then reads.
async fn send_all(roster: &Roster, head: &str, bytes: usize) -> String {
    let mut stream = connect(roster).await;
    send(&mut stream, head).await;
    let piece = vec![b'x'; 64 * 1024];
    let mut left = bytes;
    while left > 0 {
        let length = left.min(piece.len());
        timeout(AT_MOST, stream.write_all(&piece[..length])).await.expect("it is read").expect("the connection is not reset");
        left -= length;
    }
    rest(&mut stream).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_hears_it() {
    const MB: usize = 1_000_000;
    let roster = roster().await;
    let (cookie, api) = (cookie(&roster, "admin").await, roster.api("one").await);
    let token = format!("Authorization: Bearer {}\r\n", api.token);
    let group = percent_encoding::utf8_percent_encode(&group_of("one"), percent_encoding::NON_ALPHANUMERIC).to_string();
    let (share, call) =
        (format!("/apps/acme/one/groups/{group}/files/upload"), format!("/acme/one/chatgroups/{group}/share_files"));
    let json = format!("Content-Type: application/json\r\n{token}");
    let cases = [
        ("/_fn/session/sign-in", FORM.to_owned(), 3 * MB),
        ("/_fn/group/create", format!("{FORM}{cookie}"), 12 * MB),
        ("/acme/one/users", json, 12 * MB),
        (call.as_str(), format!("{}{token}", parts()), 30 * MB),
        (share.as_str(), format!("{}{cookie}", parts()), 60 * MB),
        ("/apps/acme/one/imports", format!("{}{cookie}", parts()), 1200 * MB),
    ];
    for (path, more, bytes) in &cases {
        // A client that asks first is answered at once, and sends nothing.
        let mut stream = connect(&roster).await;
        send(&mut stream, &head(path, *bytes, &format!("Expect: 100-continue\r\n{more}"))).await;
        let told = answer(&mut stream, "\r\n\r\n").await;
        assert!(told.starts_with("HTTP/1.1 413 "), "{path}: {told}");
        stream.shutdown().await.unwrap();
        rest(&mut stream).await;
        // As much as is read of it: the rest would be cut off.
        if *bytes <= 12 * MB {
            let told = send_all(&roster, &head(path, *bytes, more), *bytes).await;
            assert!(told.starts_with("HTTP/1.1 413 ") && told.contains("connection: close"), "{path}: {told}");
        }
    }
    // A file within what is read on, the form's own parts around it.
    let body = multipart(&[], &[("a.bin", &vec![b'x'; 15 * MB])]);
    let mut stream = connect(&roster).await;
    send(&mut stream, &head(&call, body.len(), &format!("{}{token}", parts()))).await;
    stream.write_all(&body).await.unwrap();
    let told = answer(&mut stream, "}").await;
    assert!(told.starts_with("HTTP/1.1 413 ") && told.contains("request_entity_too_large"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_thrown_away_has_an_end() {
    let linger = Linger { bytes: 100_000, at_most: LONG, silent_for: SHORT };
    let roster = with(Limits { linger, ..wide() }).await;
    let mut stream = connect(&roster).await;
    send(&mut stream, &head("/_fn/session/sign-in", 100_000_000, FORM)).await;
    let piece = vec![b'x'; 10_000];
    let mut sent = 0;
    while stream.write_all(&piece).await.is_ok() {
        sent += piece.len();
        assert!(sent < 100_000_000, "it is read for ever");
    }
    // A silent one does not hold its connection either.
    let mut silent = connect(&roster).await;
    send(&mut silent, &head("/_fn/session/sign-in", 100_000_000, FORM)).await;
    assert!(rest(&mut silent).await.starts_with("HTTP/1.1 413 "));
}
