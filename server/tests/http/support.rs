//! A server on a free port with a data folder of its own, and a client that behaves like a browser where the tests need one.

use std::{collections::HashMap, sync::Arc};

use app::context::{Assets, Server};
use axum::body::Bytes;
use domain::{
    Caller,
    account::NewAccountInput,
    application::{AppId, NewApplicationInput},
    group::NewGroupInput,
    import::UploadInput,
    operator::{Language, Role},
    selection::Matching,
};
use jobs::import::Upload;
use reqwest::{Client, Response, header, redirect::Policy};
use server::{
    assets::{DAILY, FOREVER, File, Files},
    config::PublicUrl,
    connections::{Limits, serve},
    router::router,
    state::{ServerState, api::Api},
};
use store::{
    Scope, Store,
    db::{query, query_scalar},
    operator as operators,
};

pub const PASSWORD: &str = "a long enough password";

pub struct Roster {
    pub url: String,
    pub store: Store,
    pub server: Server,
    pub router: axum::Router,
    pub api: Arc<Api>,
    folder: tempfile::TempDir,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Roster {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a test may want to have otherwise.
#[derive(Default)]
pub struct Setting {
    pub public: Option<PublicUrl>,
    pub proxies: Vec<ipnet::IpNet>,
    pub hsts_subdomains: bool,
    /// Others can reach it over plain HTTP.
    pub plain_http: bool,
    /// What a connection may do, where not the usual.
    pub limits: Option<Limits>,
    /// Calls of the REST API that an app may make within a second; 0: no limit.
    pub api_rate: u32,
    pub backups: Option<store::backup::BackupMonitor>,
}

/// The operators `owner`, `admin` and `viewer`; the apps acme/one and acme/two, each with the accounts `ann`, `bob` and one group.
pub async fn roster() -> Roster {
    roster_with(Setting::default()).await
}

pub async fn roster_with(setting: Setting) -> Roster {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let system = Caller::system();
    for role in [Role::Owner, Role::Admin, Role::Viewer] {
        operators::add_with_password(&store, &system, role.as_str(), role, PASSWORD).await.unwrap();
    }
    for app in ["one", "two"] {
        fill(&store, app).await;
    }

    let secure = setting.public.as_ref().is_some_and(|public| public.https);
    let assets = Assets { css: "/pkg/roster.c.css".into(), js: "/pkg/roster.j.js".into(), wasm: "/pkg/roster.w.wasm".into() };
    let (plain_http, backups) = (setting.plain_http, setting.backups);
    let server = Server { store: store.clone(), assets, throttle: Arc::default(), secure, plain_http, backups };
    let state = ServerState {
        server: server.clone(),
        files: files(),
        public: setting.public,
        proxies: setting.proxies.clone(),
        hsts_subdomains: setting.hsts_subdomains,
        visitors: Arc::default(),
        flashes: Arc::default(),
        live: Arc::default(),
        api: Arc::new(Api::with_rate(setting.api_rate)),
    };
    let api = state.api.clone();

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = router(state);
    let limits = setting.limits.unwrap_or_default();
    let task = tokio::spawn(serve(listener, router.clone(), limits, setting.proxies, std::future::pending()));
    Roster { url, store, server, router, api, folder, task }
}

/// The id of the group that every app has.
pub fn group_of(app: &str) -> String {
    format!("group-{app} #1")
}

/// The id of the job that every app has. It waits: these servers work nothing off.
pub fn job_of(app: &str) -> i64 {
    if app == "one" { 1 } else { 2 }
}

/// The id of the file that the owner has sent for every app. It waits to be imported.
pub fn import_of(app: &str) -> i64 {
    job_of(app)
}

/// The id of the API credential that every app has.
pub fn credential_of(app: &str) -> i64 {
    job_of(app)
}

async fn fill(store: &Store, app: &str) {
    let system = Caller::system();
    let names = NewApplicationInput { display_name: app.to_uppercase(), org_name: "acme".into(), app_name: app.into() };
    store::application::create(store, &system, &names).await.unwrap();
    let id = app_id(store, app).await;
    for name in ["ann", "bob"] {
        let username = format!("{name}-{app}");
        let input = NewAccountInput { account_type: "General".into(), username, ..Default::default() };
        store::account::create(Scope::new(store, &system, id), &input).await.unwrap();
    }
    let owner = format!("ann-{app}");
    let input = NewGroupInput { name: "Group".into(), owner, group_type: "Work".into(), group_id: group_of(app) };
    store::group::create(Scope::new(store, &system, id), &input).await.unwrap();
    let credential = store::credential::create(Scope::new(store, &system, id), "Back end").await.unwrap();
    assert_eq!(credential.id, credential_of(app));
    store::message::send(Scope::new(store, &system, id), vec![group_of(app)], "Hello").await.unwrap();
    let many = (0..=domain::limits::BATCH_AT_ONCE).map(|n| format!("gone-{n}")).collect();
    let started = jobs::batch::send_messages(Scope::new(store, &system, id), many, Matching::default(), "Hello").await.unwrap();
    assert_eq!(started, domain::job::BatchOutcome::Queued(job_of(app)));
    let owner = operators::list_all(store).await.unwrap().into_iter().find(|row| row.name == "owner").unwrap();
    let actor = domain::Actor::Operator { id: owner.id, name: owner.name, role: owner.role };
    let mut upload = Upload::begin(Scope::new(store, &Caller { actor, address: None, proof: None }, id)).await.unwrap();
    upload.write(format!("username\nimported-{app}\n").as_bytes()).await.unwrap();
    let input = UploadInput { list: "accounts".into(), file_name: "people.csv".into(), ..UploadInput::default() };
    assert_eq!(upload.finish(&input, Language::En).await.unwrap(), import_of(app));
}

pub async fn app_id(store: &Store, app: &str) -> AppId {
    store::application::find(store, &Caller::system(), "acme", app).await.unwrap()
}

fn files() -> Files {
    let file = |text: &'static str, cache| File {
        plain: Bytes::from_static(text.as_bytes()),
        br: Some(Bytes::from_static(b"as brotli")),
        gz: Some(Bytes::from_static(b"as gzip")),
        etag: "tag".into(),
        cache,
    };
    Files::new(HashMap::from([
        ("/pkg/roster.c.css".to_owned(), file("a{}", FOREVER)),
        ("/pkg/roster.w.wasm".to_owned(), file("wasm", FOREVER)),
        ("/favicon.svg".to_owned(), file("<svg/>", DAILY)),
    ]))
}

/// A browser with its cookies. It follows no redirect by itself, so that tests see them.
#[derive(Clone)]
pub struct Browser {
    http: Client,
    url: String,
}

impl Roster {
    /// Changes the database without the server's knowledge.
    pub async fn sql(&self, sql: &'static str) {
        let mut connection = store::db::connect(&self.folder.path().join("roster.db")).await.unwrap();
        query(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// A number from the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut connection = store::db::connect(&self.folder.path().join("roster.db")).await.unwrap();
        let number = query_scalar(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        number
    }

    pub fn browser(&self) -> Browser {
        let http = Client::builder().cookie_store(true).redirect(Policy::none()).user_agent("Test browser").build().unwrap();
        Browser { http, url: self.url.clone() }
    }

    pub async fn signed_in(&self, name: &str) -> Browser {
        let browser = self.browser();
        let answer = browser.call("/_fn/session/sign-in", &[("name", name), ("password", PASSWORD)]).await;
        assert_eq!(answer.status(), 200, "signing in as {name}");
        browser
    }
}

impl Browser {
    pub async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).header(header::ACCEPT, "text/html").send().await.unwrap()
    }

    /// A server function as the page's script calls it.
    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.post(path, fields, &[("accept", "application/json"), ("sec-fetch-site", "same-origin")]).await
    }

    /// A form without JavaScript, on the page `from`.
    pub async fn submit(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let referer = format!("{}{from}", self.url);
        let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        self.post(path, fields, &[("accept", accept), ("sec-fetch-site", "same-origin"), ("referer", &referer)]).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)], headers: &[(&'static str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request =
            self.http.post(format!("{}{path}", self.url)).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        headers.iter().fold(request.body(body), |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
    }

    /// A form with files; `site`: what the browser says of where it comes from.
    pub async fn send(&self, path: &str, site: &str, multipart: Vec<u8>) -> Response {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = self.request("POST", path).header("content-type", kind).header("sec-fetch-site", site);
        request.header("accept", "text/html").body(multipart).send().await.unwrap()
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.url))
    }
}

/// The separator of the parts of [`multipart`].
pub const BOUNDARY: &str = "----a-boundary-of-a-test";

/// The body of a form as a browser sends it, with these fields and files.
pub fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, content) in files {
        let head = "Content-Disposition: form-data; name=\"file\"; filename=";
        body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\"{name}\"\r\nContent-Type: text/html\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

pub fn header_of<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

pub fn location(response: &Response) -> &str {
    header_of(response, "location")
}

/// The session cookies that the answer sets, as `(value, attributes)`.
pub fn cookies(response: &Response, name: &str) -> Vec<(String, String)> {
    let values = response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    values
        .filter_map(|text| text.strip_prefix(name)?.strip_prefix('='))
        .map(|rest| rest.split_once("; ").unwrap_or((rest, "")))
        .map(|(value, attributes)| (value.to_owned(), attributes.to_owned()))
        .collect()
}
