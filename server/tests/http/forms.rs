//! Forms without JavaScript, and the status of every refusal.

use domain::Caller;

use crate::support::{PASSWORD, app_id, cookies, group_of, header_of, location, roster};

const GROUPS: &str = "/apps/acme/one/groups?dialog=new";

type Fields<'a> = Vec<(&'a str, &'a str)>;

fn new_group<'a>(name: &'a str, id: &'a str) -> Fields<'a> {
    vec![
        ("org", "acme"),
        ("app", "one"),
        ("input[name]", name),
        ("input[owner]", ""),
        ("input[type]", "Work"),
        ("input[group_id]", id),
        ("_next", "/apps/acme/one/groups"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_comes_back_once_with_what_was_typed() {
    let roster = roster().await;
    let browser = roster.signed_in("admin").await;
    let long = "이름이 너무 길어서 서른 바이트에 들어가지 않는다";
    let answer = browser.submit(GROUPS, "/_fn/group/create", &new_group(long, "")).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, GROUPS));
    assert!(cookies(&answer, "roster").is_empty(), "the session is the same");

    let image = browser.request("GET", GROUPS).header("sec-fetch-dest", "empty").send().await.unwrap();
    assert!(!image.text().await.unwrap().contains(long), "a script's look at the page leaves the answer for the reader");
    assert!(browser.get(GROUPS).await.text().await.unwrap().contains(long), "the typed text is in the page");
    assert!(!browser.get(GROUPS).await.text().await.unwrap().contains(long), "but only once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_succeeds_goes_where_it_says() {
    let roster = roster().await;
    let browser = roster.signed_in("admin").await;
    let answer = browser.submit(GROUPS, "/_fn/group/create", &new_group("New", "new-group")).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/apps/acme/one/groups"));
    let app = app_id(&roster.store, "one").await;
    assert!(domain::group::store::get(&roster.store, &Caller::system(), app, "new-group").await.is_ok());

    let mut fields = new_group("Newer", "newer-group");
    fields.retain(|(name, _)| *name != "_next");
    let answer = browser.submit(GROUPS, "/_fn/group/create", &fields).await;
    assert_eq!(location(&answer), GROUPS, "or back, when it does not say");
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_never_reach_the_session_or_the_page() {
    let roster = roster().await;
    let browser = roster.browser();
    let secret = "s3cret-that-must-vanish";
    let fields = [("name", "kim-typed-this"), ("password", secret), ("next", "/me")];
    let answer = browser.submit("/sign-in?next=/me", "/_fn/session/sign-in", &fields).await;
    assert_eq!(location(&answer), "/sign-in?next=/me");

    let (cookie, _) = cookies(&answer, "roster").pop().expect("a cookie that carries the answer");
    let id: tower_sessions::session::Id = cookie.parse().unwrap();
    let row = domain::session::load(&roster.store, domain::session::hash_id(&id.0.to_be_bytes())).await.unwrap().expect("a row");
    let data = String::from_utf8(row.data).unwrap();
    assert!(data.contains("kim-typed-this") && data.contains("SignInRefused") && !data.contains(secret), "{data}");

    let page = browser.get("/sign-in?next=/me").await;
    let (value, attributes) = cookies(&page, "roster").pop().expect("the cookie is taken back");
    assert!(value.is_empty() && attributes.contains("Max-Age=0"));
    let text = page.text().await.unwrap();
    assert!(text.contains("kim-typed-this") && !text.contains(secret));
    assert!(domain::session::load(&roster.store, row.id_hash).await.unwrap().is_none(), "and the row is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_without_javascript() {
    let roster = roster().await;
    let browser = roster.signed_in("viewer").await;
    let answer = browser.submit("/me", "/_fn/session/sign-out", &[]).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/sign-in"));
    assert_eq!(location(&browser.get("/me").await), "/sign-in?next=/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_that_a_function_sets_survive_the_redirect() {
    let roster = roster().await;
    let answer = roster.browser().submit("/sign-in", "/_fn/session/preferences", &[("language", "ko")]).await;
    assert_eq!(cookies(&answer, "roster-language").pop().expect("a cookie").0, "ko");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_the_status_that_fits() {
    let roster = roster().await;
    let browser = roster.signed_in("viewer").await;
    let group = group_of("one");
    let cases: [(&str, Fields<'_>, u16); 5] = [
        ("/_fn/group/create", new_group("New", ""), 403),
        ("/_fn/group/get", vec![("org", "acme"), ("app", "one"), ("group_id", "none")], 404),
        ("/_fn/group/get", vec![("org", "acme"), ("app", "none"), ("group_id", &group)], 404),
        ("/_fn/group/get", vec![("org", "acme")], 400),
        ("/_fn/group/none", vec![], 404),
    ];
    for (path, fields, status) in cases {
        let answer = browser.call(path, &fields).await;
        assert_eq!(answer.status(), status, "{path} {fields:?}");
    }
    let admin = roster.signed_in("admin").await;
    let answer = admin.call("/_fn/group/create", &new_group("", "")).await;
    assert_eq!((answer.status().as_u16(), header_of(&answer, "content-type")), (422, "application/json"));
    assert!(answer.text().await.unwrap().contains("Required"));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() {
    let roster = roster().await;
    let browser = roster.browser();
    let mut last = 0;
    for _ in 0..20 {
        let answer = browser.call("/_fn/session/sign-in", &[("name", "owner"), ("password", "guess")]).await;
        last = answer.status().as_u16();
        if last == 429 {
            assert!(header_of(&answer, "retry-after").parse::<u64>().unwrap() > 0);
            break;
        }
    }
    assert_eq!(last, 429);
    assert_eq!(browser.call("/_fn/session/sign-in", &[("name", "admin"), ("password", PASSWORD)]).await.status(), 200);
}
