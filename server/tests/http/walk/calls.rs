//! Every server function, called by callers with and without the right to.

use domain::{Caller, event::EventParams, page::ListParams};
use store::{Scope, operator as operators};

use super::functions::{FUNCTIONS, Given, Ids, Kind, WRONG};
use crate::support::{Browser, Roster, app_id, credential_of, group_of, import_of, job_of, roster};

type Fields = Vec<(String, String)>;

/// A proper call on the app `app` with ids that belong to the app `of`.
fn fields(ids: Ids, more: &[(&str, &str)], app: &str, of: &str, event: i64) -> Fields {
    let mut fields: Fields = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    if ids != Ids::None {
        add("org", "acme".into());
        add("app", app.into());
    }
    match ids {
        Ids::None | Ids::App => {}
        Ids::Group => add("group_id", group_of(of)),
        Ids::Groups => add("ids[]", group_of(of)),
        Ids::Account => add("username", format!("bob-{of}")),
        Ids::Accounts => add("ids[]", format!("bob-{of}")),
        Ids::Members => {
            add("group_id", group_of(of));
            add("usernames", format!("bob-{of}"));
            add("ids[]", format!("bob-{of}"));
        }
        Ids::GroupAndAll => {
            add("group_id", group_of(of));
            add("matching[all]", "1".into());
        }
        Ids::Event => add("id", event.to_string()),
        Ids::Job => add("id", job_of(of).to_string()),
        Ids::Credential => add("id", credential_of(of).to_string()),
        Ids::Import => add("id", import_of(of).to_string()),
    }
    fields
}

async fn call(browser: &Browser, path: &str, fields: &Fields) -> (u16, String) {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.call(&format!("/_fn/{path}"), &fields).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Everything that a change could touch, as text. Audit entries are left out: a refused attempt is one.
async fn everything(roster: &Roster) -> String {
    let (store, system) = (&roster.store, Caller::system());
    let mut text = String::new();
    let mut add = |what: String| {
        text.push_str(&what);
        text.push('\n');
    };
    add(format!("{:?}", store::application::list(store, &system).await.unwrap()));
    add(format!(
        "{:?}",
        operators::list_all(store)
            .await
            .unwrap()
            .iter()
            .map(|row| (row.id, row.role, row.disabled, row.pending))
            .collect::<Vec<_>>()
    ));
    let params = ListParams { size: "100".into(), ..Default::default() };
    for name in ["one", "two"] {
        let app = app_id(store, name).await;
        add(format!("{:?}", store::credential::list(Scope::new(store, &system, app)).await.unwrap()));
        for row in store::group::list(Scope::new(store, &system, app), &params).await.unwrap().items {
            add(format!("{:?}", store::group::get(Scope::new(store, &system, app), &row.group_id).await));
            add(format!("{:?}", store::member::list(Scope::new(store, &system, app), &row.group_id, &params).await));
            add(format!("{:?}", store::message::list(Scope::new(store, &system, app), &row.group_id, &params).await));
        }
        for row in store::account::list(Scope::new(store, &system, app), &params).await.unwrap().items {
            add(format!("{:?}", store::account::get(Scope::new(store, &system, app), &row.username).await));
        }
    }
    text
}

/// An event of that app.
async fn event_of(roster: &Roster, app: &str) -> i64 {
    let (store, system) = (&roster.store, Caller::system());
    let only = EventParams { target: group_of(app), ..Default::default() };
    let page = store::event::list(store, &system, Some(app_id(store, app).await), &only).await.unwrap();
    page.page.items.first().expect("the app's group was made, which is an event").id
}

#[tokio::test(flavor = "multi_thread")]
async fn no_function_answers_a_stranger() {
    let roster = roster().await;
    let before = everything(&roster).await;
    let event = event_of(&roster, "one").await;
    for (path, kind, ids, more) in FUNCTIONS.iter().filter(|(_, kind, ..)| *kind != Kind::Open) {
        let (status, text) = call(&roster.browser(), path, &fields(*ids, more, "one", "one", event)).await;
        assert_eq!(status, 401, "{path} ({kind:?}): {text}");
        assert!(text.contains("Unauthenticated"), "{path}: {text}");
    }
    assert_eq!(everything(&roster).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_reads_and_changes_nothing() {
    let roster = roster().await;
    let before = everything(&roster).await;
    let event = event_of(&roster, "one").await;
    let viewer = roster.signed_in("viewer").await;
    for (path, kind, ids, more) in FUNCTIONS {
        let (status, text) = match kind {
            Kind::Read | Kind::ReadMore | Kind::Write | Kind::Owner => {
                call(&viewer, path, &fields(*ids, more, "one", "one", event)).await
            }
            Kind::Open | Kind::Own => continue,
        };
        let expected = if *kind == Kind::Read { 200 } else { 403 };
        assert_eq!(status, expected, "{path}: {text}");
    }
    assert_eq!(everything(&roster).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_hears_that_before_what_else_is_wrong() {
    let roster = roster().await;
    let viewer = roster.signed_in("viewer").await;
    let writes = |kind: &Kind| matches!(kind, Kind::Write | Kind::Owner);
    for (path, _, ids, _) in FUNCTIONS.iter().filter(|(_, kind, ..)| writes(kind)) {
        let (_, wrong) =
            WRONG.iter().find(|(name, _)| name == path).unwrap_or_else(|| panic!("say in WRONG how to call {path} badly"));
        let app: Given = if *ids == Ids::None { &[] } else { &[("org", "acme"), ("app", "one")] };
        let fields: Fields = app.iter().chain(*wrong).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (status, text) = call(&viewer, path, &fields).await;
        assert_eq!(status, 403, "{path}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_the_owners_business() {
    let roster = roster().await;
    let before = everything(&roster).await;
    let admin = roster.signed_in("admin").await;
    for (path, _, ids, more) in FUNCTIONS.iter().filter(|(_, kind, ..)| *kind == Kind::Owner) {
        let (status, text) = call(&admin, path, &fields(*ids, more, "", "", 0)).await;
        assert_eq!(status, 403, "{path}: {text}");
    }
    assert_eq!(everything(&roster).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_reaches_into_another_app() {
    let roster = roster().await;
    let before = everything(&roster).await;
    let event = event_of(&roster, "one").await;
    let owner = roster.signed_in("owner").await;
    for (path, kind, ids, more) in FUNCTIONS.iter().filter(|(_, _, ids, _)| *ids != Ids::None) {
        // An app that does not exist.
        let (status, text) = call(&owner, path, &fields(*ids, more, "none", "one", event)).await;
        assert_eq!(status, 404, "{path} in no app: {text}");

        // The ids of one app in the other. Those that only make or list something have no foreign id to be given.
        if *ids == Ids::App {
            continue;
        }
        let (status, text) = call(&owner, path, &fields(*ids, more, "two", "one", event)).await;
        match status {
            404 | 422 => {}
            200 => {
                let foreign = [group_of("one"), "bob-one".to_owned()];
                let says_gone = text.contains("\"gone\":[")
                    && foreign.iter().any(|id| text.contains(id.as_str()))
                    && !text.contains("\"done\":1");
                let found_none = *kind == Kind::Read && foreign.iter().all(|id| !text.contains(id.as_str()));
                assert!(says_gone || found_none, "{path} with foreign ids: {text}");
            }
            other => panic!("{path} with foreign ids: {other} {text}"),
        }
    }
    assert_eq!(everything(&roster).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_suggestions_stay_in_their_app() {
    let roster = roster().await;
    let viewer = roster.signed_in("viewer").await;
    for path in ["account/list", "account/suggest", "group/list", "event/list", "search/find", "overview/get"] {
        let more: &[(&str, &str)] = if ["account/suggest", "search/find"].contains(&path) { &[("term", "one")] } else { &[] };
        let (status, text) = call(&viewer, path, &fields(Ids::App, more, "two", "two", 0)).await;
        assert_eq!(status, 200, "{path}: {text}");
        for foreign in ["ann-one", "bob-one", "group-one"] {
            assert!(!text.contains(foreign), "{path} shows {foreign}: {text}");
        }
    }
}
