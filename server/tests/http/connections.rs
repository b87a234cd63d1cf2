//! What happens between the socket and the router: clients that stall are disconnected, clients that work stay, and refused ones get to
//! read why. The times are short here; the usual ones are in `Limits`.

mod bodies;

use std::time::Duration;

use store::Scope;

use domain::Caller;
use server::connections::{Limits, Linger};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, timeout},
};

use crate::support::{BOUNDARY, PASSWORD, Roster, Setting, cookies, group_of, roster, roster_with};

/// Short, and long enough for a machine that is busy with other tests.
const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(60);
/// When a test gives up.
const AT_MOST: Duration = Duration::from_secs(30);

/// Limits that no test reaches.
fn wide() -> Limits {
    Limits {
        headers_within: LONG,
        idle_for: LONG,
        body_silent_for: LONG,
        unread_for: LONG,
        grace: Duration::from_millis(50),
        linger: Linger { silent_for: LONG, ..Limits::default().linger },
        ..Limits::default()
    }
}

async fn with(limits: Limits) -> Roster {
    roster_with(Setting { limits: Some(limits), ..Default::default() }).await
}

fn address(roster: &Roster) -> String {
    roster.url.trim_start_matches("http://").to_owned()
}

async fn connect(roster: &Roster) -> TcpStream {
    TcpStream::connect(address(roster)).await.unwrap()
}

/// From another address of this machine.
async fn connect_from(roster: &Roster, from: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(address(roster).parse().unwrap()).await.unwrap()
}

async fn send(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// Everything until the server ends the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(AT_MOST, stream.read_to_end(&mut bytes)).await.expect("the server ends the connection");
    // A reset is an end too.
    let _ = read;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The next answer, up to the last words that it is known to have.
async fn answer(stream: &mut TcpStream, last: &str) -> String {
    let mut text = String::new();
    let mut piece = [0; 4096];
    while !text.contains(last) {
        let read = timeout(AT_MOST, stream.read(&mut piece)).await.expect("an answer").unwrap();
        assert!(read > 0, "it ended without {last:?}: {text}");
        text.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    text
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/// Whether the connection still answers. Reads the whole answer.
async fn works(stream: &mut TcpStream) -> bool {
    let asked = async {
        stream.write_all(HEALTH.as_bytes()).await.ok()?;
        let (mut text, mut piece) = (Vec::new(), [0; 4096]);
        while !text.ends_with(b"ok\n") {
            let read = stream.read(&mut piece).await.ok().filter(|read| *read > 0)?;
            text.extend_from_slice(&piece[..read]);
        }
        Some(text.starts_with(b"HTTP/1.1 200 "))
    };
    timeout(AT_MOST, asked).await.ok().flatten().unwrap_or(false)
}

/// A connection from there that works, once there is a slot for it.
async fn working_from(roster: &Roster, from: &str) -> TcpStream {
    let deadline = Instant::now() + AT_MOST;
    loop {
        let mut stream = connect_from(roster, from).await;
        if works(&mut stream).await {
            return stream;
        }
        assert!(Instant::now() < deadline, "no room");
    }
}

/// The head of a request with a body of that many bytes.
fn head(path: &str, length: usize, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: {length}\r\n{more}\r\n")
}

async fn cookie(roster: &Roster, name: &str) -> String {
    let answer = roster.browser().call("/_fn/session/sign-in", &[("name", name), ("password", PASSWORD)]).await;
    format!("Cookie: roster={}\r\n", cookies(&answer, "roster").pop().unwrap().0)
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n";

fn parts() -> String {
    format!("Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_have_their_time_however_they_drip() {
    let roster = with(Limits { headers_within: SHORT, ..wide() }).await;
    let (mut silent, mut half) = (connect(&roster).await, connect(&roster).await);
    send(&mut half, "GET / HTTP/1.1\r\nX: ").await;
    // A further request has no more time than the first one.
    let mut second = connect(&roster).await;
    assert!(works(&mut second).await);
    send(&mut second, "GET /healthz HTTP/1.1\r\nX: ").await;
    for stream in [&mut silent, &mut half, &mut second] {
        assert_eq!(rest(stream).await, "");
    }
    let mut drips = connect(&roster).await;
    send(&mut drips, "GET / HTTP/1.1\r\nX: ").await;
    let begun = Instant::now();
    while drips.write_all(b"x").await.is_ok() {
        assert!(begun.elapsed() < AT_MOST, "each byte makes it longer");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_ends_and_a_live_stream_does_not() {
    let roster = with(Limits { idle_for: SHORT, headers_within: LONG, ..wide() }).await;
    let cookie = cookie(&roster, "viewer").await;
    let mut stream = connect(&roster).await;
    send(&mut stream, &format!("GET /apps/acme/one/changes?page=x HTTP/1.1\r\nHost: x\r\n{cookie}\r\n")).await;
    answer(&mut stream, "id:").await;
    let mut idle = connect(&roster).await;
    assert!(works(&mut idle).await && works(&mut idle).await);
    assert_eq!(rest(&mut idle).await, "");
    // Notified of a change long after an idle one would have ended.
    tokio::time::sleep(2 * SHORT).await;
    let app = crate::support::app_id(&roster.store, "one").await;
    let text = store::message::send(Scope::new(&roster.store, &Caller::system(), app), vec![group_of("one")], "Hello").await;
    text.unwrap();
    answer(&mut stream, "message").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stalls_is_ended_whatever_it_is_for() {
    let roster = with(Limits { body_silent_for: SHORT, ..wide() }).await;
    let (cookie, api) = (cookie(&roster, "admin").await, roster.api("one").await);
    let token = format!("Authorization: Bearer {}\r\n", api.token);
    let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nhalf");
    let group = percent_encoding::utf8_percent_encode(&group_of("one"), percent_encoding::NON_ALPHANUMERIC).to_string();
    let envelope = "\"error\":\"request_timeout\"";
    let (call, share) =
        (format!("/acme/one/chatgroups/{group}/share_files"), format!("/apps/acme/one/groups/{group}/files/upload"));
    let part = part.as_str();
    let cases = [
        ("/_fn/session/sign-in", FORM.to_owned(), "name=a", 408, "took too long"),
        ("/_fn/group/create", format!("{FORM}{cookie}"), "org=acme", 408, "took too long"),
        ("/acme/one/users", format!("Content-Type: application/json\r\n{token}"), "{\"usern", 408, envelope),
        ("/acme/one/token", "Content-Type: application/json\r\n".to_owned(), "{", 408, envelope),
        (call.as_str(), format!("{}{token}", parts()), part, 408, envelope),
        // Back to the form, which says it.
        ("/apps/acme/one/imports", format!("{}{cookie}", parts()), part, 303, "location: "),
        (share.as_str(), format!("{}{cookie}", parts()), part, 303, "location: "),
    ];
    for (path, more, begun, status, words) in cases {
        let mut stream = connect(&roster).await;
        send(&mut stream, &format!("{}{begun}", head(path, 5000, &more))).await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(words), "{path}: {answer}");
        assert!(answer.contains("connection: close"), "{path}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_keeps_coming_may_take_its_time() {
    let roster = with(Limits { body_silent_for: 4 * SHORT, ..wide() }).await;
    let cookie = cookie(&roster, "admin").await;
    let body = "org=acme&app=one&input[name]=Slow&input[owner]=&input[type]=Work&input[group_id]=slow";
    let mut stream = connect(&roster).await;
    send(&mut stream, &head("/_fn/group/create", body.len(), &format!("{FORM}{cookie}"))).await;
    let begun = Instant::now();
    for byte in body.bytes() {
        stream.write_all(&[byte]).await.unwrap();
        tokio::time::sleep(SHORT / 15).await;
    }
    assert!(begun.elapsed() > 4 * SHORT, "longer than it may be silent");
    let answer = answer(&mut stream, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(works(&mut stream).await, "the connection goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_body_is_the_clients_fault() {
    let roster = roster().await;
    let chunked =
        "POST /_fn/session/sign-in HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut stream = connect(&roster).await;
    send(&mut stream, &format!("{chunked}no chunk\r\n")).await;
    stream.shutdown().await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_of_an_answer_is_let_go_and_who_takes_it_is_not() {
    let roster = with(Limits { unread_for: 4 * SHORT, ..wide() }).await;
    let (cookie, app) = (cookie(&roster, "admin").await, crate::support::app_id(&roster.store, "one").await);
    let content = vec![b'x'; usize::try_from(domain::limits::GROUP_FILE_BYTES).unwrap()];
    let system = Caller::system();
    let mut upload = store::file::Upload::begin(Scope::new(&roster.store, &system, app), &group_of("one")).await.unwrap();
    upload.write(&content).await.unwrap();
    let file = upload.finish("large.bin").await.unwrap().file_id;
    let get = format!("GET /apps/acme/one/groups/group-one%20%231/files/{file} HTTP/1.1\r\nHost: x\r\n{cookie}\r\n");
    let narrow = async || {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let mut stream = socket.connect(address(&roster).parse().unwrap()).await.unwrap();
        send(&mut stream, &get).await;
        stream
    };
    let (mut takes_nothing, mut takes_slowly) = (narrow().await, narrow().await);
    let mut taken = 0;
    let mut piece = vec![0; 1 << 20];
    let begun = Instant::now();
    while taken < content.len() {
        let read = timeout(AT_MOST, takes_slowly.read(&mut piece)).await.unwrap().unwrap();
        assert!(read > 0, "cut off after {taken} bytes");
        taken += read;
        // For longer than nothing may be taken, altogether.
        if begun.elapsed() < 6 * SHORT {
            tokio::time::sleep(SHORT / 30).await;
        }
    }
    let got = rest(&mut takes_nothing).await.len();
    assert!(got < content.len(), "let go before its end: {got}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_connections_and_others_have_their_own() {
    let roster = with(Limits { of_address: 3, ..wide() }).await;
    let cookie = cookie(&roster, "viewer").await;
    // Live streams are at work.
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = connect_from(&roster, "127.0.0.2").await;
        send(&mut stream, &format!("GET /apps/acme/one/changes?page=x HTTP/1.1\r\nHost: x\r\n{cookie}\r\n")).await;
        answer(&mut stream, "id:").await;
        streams.push(stream);
    }
    let mut refused = connect_from(&roster, "127.0.0.2").await;
    send(&mut refused, HEALTH).await;
    let told = rest(&mut refused).await;
    assert!(told.starts_with("HTTP/1.1 429 ") && told.contains("Too many connections"), "{told}");
    assert!(works(&mut connect_from(&roster, "127.0.0.3").await).await);
    // One that ends frees its slot; so does an idle one.
    streams.pop();
    let mut idles = working_from(&roster, "127.0.0.2").await;
    working_from(&roster, "127.0.0.2").await;
    assert_eq!(rest(&mut idles).await, "", "it gave its place up");
}

#[tokio::test(flavor = "multi_thread")]
async fn proxies_carry_everybody() {
    let proxies = vec!["127.0.0.2/32".parse().unwrap()];
    let limits = Limits { of_address: 1, ..wide() };
    let roster = roster_with(Setting { limits: Some(limits), proxies, ..Default::default() }).await;
    let mut all = Vec::new();
    for _ in 0..5 {
        let mut stream = connect_from(&roster, "127.0.0.2").await;
        assert!(works(&mut stream).await);
        all.push(stream);
    }
    for stream in &mut all {
        assert!(works(stream).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stalled_clients_never_keep_a_working_one_out() {
    const ROOM: usize = 12;
    let roster = with(Limits { in_all: ROOM, ..wide() }).await;
    let form = |bytes: usize| format!("{}name=a", head("/_fn/session/sign-in", bytes, FORM));
    let kinds = ["".to_owned(), "GET / HTTP/1.1\r\nX: ".to_owned(), form(5000), HEALTH.to_owned()];
    let mut stalled = Vec::new();
    for n in 0..5 * ROOM {
        let mut stream = connect(&roster).await;
        // Those that were refused or ended before do not wait any more.
        let _ = stream.write_all(kinds[n % kinds.len()].as_bytes()).await;
        stalled.push(stream);
        if n % 4 == 3 {
            let mut working = connect(&roster).await;
            assert!(works(&mut working).await, "beside {} stalled ones", stalled.len());
            assert!(works(&mut working).await);
        }
    }
    // All of one kind, the most expensive: bodies that do not arrive.
    stalled.clear();
    for n in 0..3 * ROOM {
        let mut stream = connect(&roster).await;
        let _ = stream.write_all(form(5000).as_bytes()).await;
        stalled.push(stream);
        if n > ROOM {
            assert!(works(&mut connect(&roster).await).await, "beside {n} half bodies");
        }
    }
}
