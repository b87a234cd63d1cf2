//! Forms without JavaScript, and the status of every refusal.

use domain::Caller;
use store::Scope;

use crate::support::{PASSWORD, Roster, app_id, cookies, group_of, header_of, location, roster};

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
    assert!(store::group::get(Scope::new(&roster.store, &Caller::system(), app), "new-group").await.is_ok());

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
    let row = store::session::load(&roster.store, store::session::hash_id(&id.0.to_be_bytes())).await.unwrap().expect("a row");
    let data = String::from_utf8(row.data).unwrap();
    assert!(data.contains("kim-typed-this") && data.contains("SignInRefused") && !data.contains(secret), "{data}");

    let page = browser.get("/sign-in?next=/me").await;
    let (value, attributes) = cookies(&page, "roster").pop().expect("the cookie is taken back");
    assert!(value.is_empty() && attributes.contains("Max-Age=0"));
    let text = page.text().await.unwrap();
    assert!(text.contains("kim-typed-this") && !text.contains(secret));
    assert!(store::session::load(&roster.store, row.id_hash).await.unwrap().is_none(), "and the row is gone");
}

/// The content of the session with this cookie in the database.
async fn kept(roster: &Roster, cookie: &str) -> Option<String> {
    let id: tower_sessions::session::Id = cookie.parse().unwrap();
    let row = store::session::load(&roster.store, store::session::hash_id(&id.0.to_be_bytes())).await.unwrap();
    row.map(|row| String::from_utf8(row.data).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_itself_where_it_stands() {
    let roster = roster().await;
    let browser = roster.signed_in("admin").await;
    let mut fields = new_group("", "");
    fields.push(("_from", GROUPS));
    // Browsers cut a long Referer down to the origin.
    let answer = browser.submit("/", "/_fn/group/create", &fields).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, GROUPS));

    fields.retain(|(name, _)| *name != "_from");
    fields.push(("_from", "//evil.test"));
    let answer = browser.submit("/me", "/_fn/group/create", &fields).await;
    assert_eq!(location(&answer), "/me", "what is no path of ours does not count");
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_text_survives_an_ended_session() {
    let roster = roster().await;
    let page = "/apps/acme/one/groups/group-one%20%231?dialog=edit";
    let typed = "Typed for half an hour";
    let group = group_of("one");
    let fields = [
        ("_from", page),
        ("_next", "/apps/acme/one/groups"),
        ("org", "acme"),
        ("app", "one"),
        ("group_id", group.as_str()),
        ("input[version]", "1"),
        ("input[name]", "Group"),
        ("input[introduction]", typed),
    ];
    let browser = roster.browser();
    let answer = browser.submit("/", "/_fn/group/edit", &fields).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, page));
    let (cookie, _) = cookies(&answer, "roster").pop().expect("a cookie that carries the answer");
    let data = kept(&roster, &cookie).await.expect("a row");
    assert!(data.contains(typed) && !data.contains("_from") && !data.contains("_next"), "{data}");

    let answer = browser.get(page).await;
    let sign_in = location(&answer).to_owned();
    assert!(sign_in.starts_with("/sign-in?next=/apps/acme/one/groups/group-one%2520%25231%3Fdialog%3Dedit"), "{sign_in}");
    assert!(!browser.get(&sign_in).await.text().await.unwrap().contains(typed));

    // A wrong password and another language in between.
    let wrong = [("name", "admin"), ("password", "wrong"), ("next", page), ("_from", sign_in.as_str())];
    let answer = browser.submit("/", "/_fn/session/sign-in", &wrong).await;
    assert_eq!(location(&answer), sign_in);
    browser.submit(&sign_in, "/_fn/session/preferences", &[("language", "ko"), ("_next", &sign_in)]).await;
    let text = browser.get(&sign_in).await.text().await.unwrap();
    assert!(text.contains("value=\"admin\"") && !text.contains(typed), "the sign-in page shows its own refusal only");
    assert!(kept(&roster, &cookie).await.is_some_and(|data| data.contains(typed)), "and leaves the other answer");

    let answer =
        browser.submit(&sign_in, "/_fn/session/sign-in", &[("name", "admin"), ("password", PASSWORD), ("next", page)]).await;
    assert_eq!(location(&answer), page);
    assert!(kept(&roster, &cookie).await.is_none(), "signing in gives a new id");
    let (cookie, _) = cookies(&answer, "roster").pop().expect("a new cookie");
    assert!(browser.get(page).await.text().await.unwrap().contains(typed));
    assert_eq!(kept(&roster, &cookie).await.as_deref(), Some("{}"), "signing in leaves no answer of its own");
    assert!(!browser.get(page).await.text().await.unwrap().contains(typed), "shown once");
}

#[tokio::test(flavor = "multi_thread")]
async fn set_up_links_are_never_in_the_database() {
    let roster = roster().await;
    let browser = roster.browser();
    let answer = browser.submit("/sign-in", "/_fn/session/sign-in", &[("name", "owner"), ("password", PASSWORD)]).await;
    let (cookie, _) = cookies(&answer, "roster").pop().expect("a cookie");
    let next = "/operators?dialog=link";
    for (action, fields) in [
        ("/_fn/operator/add", vec![("name", "new-one"), ("role", "viewer"), ("_next", next)]),
        ("/_fn/operator/reset-password", vec![("id", "3"), ("_next", next)]),
    ] {
        let answer = browser.submit("/operators", action, &fields).await;
        assert_eq!(location(&answer), next, "{action}");
        let data = kept(&roster, &cookie).await.expect("a row");
        assert!(data.contains("flash") && !data.contains("token") && !data.contains("new-one"), "{data}");
        assert!(
            browser.get(next).await.text().await.unwrap().contains("/setup?token="),
            "{action}: the next page shows the link"
        );
        assert!(!browser.get(next).await.text().await.unwrap().contains("/setup?token="), "{action}: once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_long_a_text_is_not_kept_but_told_apart() {
    let roster = roster().await;
    let browser = roster.browser();
    let answer = browser.submit("/sign-in", "/_fn/session/sign-in", &[("name", "admin"), ("password", PASSWORD)]).await;
    let (cookie, _) = cookies(&answer, "roster").pop().expect("a cookie");
    let long = "x".repeat(300 * 1024);
    browser.submit(GROUPS, "/_fn/group/create", &new_group(&long, "its-id")).await;
    let data = kept(&roster, &cookie).await.expect("a row");
    assert!(data.contains("\"complete\":false") && data.contains("its-id") && data.len() < 4096, "{}", data.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_without_javascript() {
    let roster = roster().await;
    let browser = roster.signed_in("viewer").await;
    let answer = browser.submit("/me", "/_fn/session/sign-out", &[]).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/sign-in"));
    let (value, attributes) = cookies(&answer, "roster").pop().expect("the cookie is taken back");
    assert!(value.is_empty() && attributes.contains("Max-Age=0"));
    assert_eq!(location(&browser.get("/me").await), "/sign-in?next=/me");
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_that_a_function_sets_survive_the_redirect() {
    let roster = roster().await;
    let answer = roster.browser().submit("/sign-in", "/_fn/session/preferences", &[("language", "ko")]).await;
    assert_eq!(cookies(&answer, "roster-language").pop().expect("a cookie").0, "ko");
    assert!(cookies(&answer, "roster").is_empty(), "there is nothing to tell, so no session begins");
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
