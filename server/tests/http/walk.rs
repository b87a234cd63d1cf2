//! A walk over every page and every server function: none lets a stranger in, none lets a viewer change anything, none reaches into
//! another app. Whoever adds a function has to say in [`FUNCTIONS`] what it does; until then these tests fail.

use std::collections::BTreeSet;

use domain::{Caller, event::EventParams, operator::store as operators, page::ListParams};

use crate::support::{Browser, Roster, app_id, credential_of, group_of, import_of, job_of, location, roster};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Needs no session: signing in and what the pages before it need.
    Open,
    /// About the operator's own sessions and password; for every role.
    Own,
    Read,
    /// Reads what is not for viewers.
    ReadMore,
    Write,
    /// For owners: operators.
    Owner,
}

/// Which ids of an app a function takes besides the app's own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ids {
    /// It is not about an app.
    None,
    /// The app only.
    App,
    Group,
    Groups,
    Account,
    Accounts,
    /// A group and usernames of accounts.
    Members,
    /// A group, and everybody in it.
    GroupAndAll,
    Event,
    /// The one job of the app.
    Job,
    /// The one API credential of the app.
    Credential,
    /// The one file that waits to be imported.
    Import,
}

/// Names and values of form fields.
type Given = &'static [(&'static str, &'static str)];

/// Every server function, what it does, which ids it takes, and what else it needs to be called properly.
const FUNCTIONS: &[(&str, Kind, Ids, Given)] = &[
    ("session/sign-in", Kind::Open, Ids::None, &[("name", "nobody"), ("password", "x")]),
    ("session/setup-kind", Kind::Open, Ids::None, &[("token", "x")]),
    ("session/set-up", Kind::Open, Ids::None, &[("token", "x")]),
    ("session/is-set-up", Kind::Open, Ids::None, &[]),
    ("session/preferences", Kind::Open, Ids::None, &[("theme", "dark")]),
    ("session/hide-notice", Kind::Own, Ids::None, &[]),
    ("session/sign-out", Kind::Own, Ids::None, &[]),
    ("session/change-password", Kind::Own, Ids::None, &[("current", "wrong"), ("password", "x"), ("repeat", "x")]),
    ("session/list", Kind::Own, Ids::None, &[]),
    ("session/end", Kind::Own, Ids::None, &[("id", "999999")]),
    ("session/end-others", Kind::Own, Ids::None, &[]),
    ("application/list", Kind::Read, Ids::None, &[]),
    ("application/get", Kind::Read, Ids::App, &[]),
    (
        "application/create",
        Kind::Write,
        Ids::None,
        &[("input[display_name]", "New"), ("input[org_name]", "acme"), ("input[app_name]", "new")],
    ),
    ("application/edit", Kind::Write, Ids::App, &[("display_name", "Changed")]),
    ("application/set-passwords", Kind::Write, Ids::App, &[("password_min_chars", "8")]),
    ("application/token-rules", Kind::Write, Ids::App, &[("inherit_grant", "off")]),
    ("application/set-file-quotas", Kind::Write, Ids::App, &[("file_quota", "2 GB"), ("group_file_quota", "")]),
    ("group/list", Kind::Read, Ids::App, &[]),
    ("group/get", Kind::Read, Ids::Group, &[]),
    ("group/summary", Kind::Read, Ids::Groups, &[]),
    (
        "group/create",
        Kind::Write,
        Ids::App,
        &[("input[name]", "New"), ("input[owner]", "ann-one"), ("input[type]", "Work"), ("input[group_id]", "")],
    ),
    ("group/edit", Kind::Write, Ids::Group, &[("input[name]", "Changed"), ("input[introduction]", ""), ("input[version]", "")]),
    (
        "group/configure",
        Kind::Write,
        Ids::Group,
        &[
            ("input[max_member_count]", "5"),
            ("input[members_only]", "yes"),
            ("input[allow_invites]", "no"),
            ("input[invite_need_confirm]", "no"),
            ("input[custom]", "x"),
            ("input[version]", "1"),
        ],
    ),
    ("group/announce", Kind::Write, Ids::Group, &[("announcement", "Changed")]),
    ("group/mute-all", Kind::Write, Ids::Group, &[("mute", "true")]),
    ("group/transfer", Kind::Write, Ids::Group, &[("username", "bob-one")]),
    ("group/delete", Kind::Write, Ids::Groups, &[("confirm", "1")]),
    ("member/list", Kind::Read, Ids::Group, &[]),
    ("member/add", Kind::Write, Ids::Members, &[]),
    ("member/summary", Kind::Read, Ids::GroupAndAll, &[]),
    ("member/standing", Kind::Read, Ids::Group, &[("username", "bob-one")]),
    ("member/delete", Kind::Write, Ids::Members, &[("confirm", "1")]),
    ("member/listed", Kind::Read, Ids::Group, &[("list", "block")]),
    ("member/change", Kind::Write, Ids::Members, &[("work", "mute"), ("duration", "1h")]),
    ("file/list", Kind::Read, Ids::Group, &[]),
    ("file/summary", Kind::Read, Ids::Group, &[("ids[]", "a-file")]),
    ("file/delete", Kind::Write, Ids::Group, &[("ids[]", "a-file"), ("confirm", "1")]),
    ("message/list", Kind::Read, Ids::Group, &[]),
    ("message/send", Kind::Write, Ids::Groups, &[("text", "Hello")]),
    ("account/list", Kind::Read, Ids::App, &[]),
    ("account/get", Kind::Read, Ids::Account, &[]),
    ("account/page", Kind::Read, Ids::Account, &[]),
    ("account/suggest", Kind::Read, Ids::App, &[("term", "ann-one")]),
    ("account/summary", Kind::Read, Ids::Accounts, &[]),
    (
        "account/create",
        Kind::Write,
        Ids::App,
        &[("input[type]", "General"), ("input[username]", "new"), ("input[nickname]", ""), ("input[image]", "")],
    ),
    ("account/edit", Kind::Write, Ids::Account, &[("input[nickname]", "Changed")]),
    ("account/delete", Kind::Write, Ids::Accounts, &[("confirm", "1")]),
    ("account/export", Kind::Read, Ids::Accounts, &[]),
    ("export/count", Kind::Read, Ids::Accounts, &[("list", "accounts")]),
    ("export/start", Kind::Read, Ids::Accounts, &[("list", "accounts"), ("format", "jsonl"), ("columns[]", "username")]),
    ("credential/list", Kind::Read, Ids::App, &[]),
    ("credential/create", Kind::Write, Ids::App, &[("name", "New")]),
    (
        "credential/edit",
        Kind::Write,
        Ids::Credential,
        &[("name", "Changed"), ("expires", ""), ("access", "write"), ("addresses", "")],
    ),
    ("credential/rotate", Kind::Write, Ids::Credential, &[("overlap", "1h")]),
    ("credential/revoke", Kind::Write, Ids::Credential, &[]),
    ("event/list", Kind::Read, Ids::App, &[]),
    ("event/get", Kind::Read, Ids::Event, &[]),
    ("event/list-group", Kind::Read, Ids::Group, &[]),
    ("event/list-server", Kind::ReadMore, Ids::None, &[]),
    ("event/get-server", Kind::ReadMore, Ids::None, &[("id", "1")]),
    ("event/retention", Kind::Owner, Ids::None, &[]),
    ("event/set-retention", Kind::Owner, Ids::None, &[("kept_days", "3650")]),
    ("event/delete-archive", Kind::Owner, Ids::None, &[("file_name", "events-1-1.jsonl")]),
    ("preference/list", Kind::Own, Ids::None, &[("input[list]", "groups"), ("input[density]", "compact"), ("input[size]", "50")]),
    ("preference/shortcuts", Kind::Own, Ids::None, &[("on", "false")]),
    ("search/find", Kind::Read, Ids::App, &[("term", "one")]),
    ("view/list", Kind::Read, Ids::App, &[("list", "groups")]),
    ("view/save", Kind::Own, Ids::App, &[("list", "groups"), ("view_name", "Work"), ("query", "type=Work")]),
    ("view/delete", Kind::Own, Ids::App, &[("id", "999999")]),
    ("job/list", Kind::Read, Ids::App, &[]),
    ("job/get", Kind::Read, Ids::Job, &[]),
    ("job/cancel", Kind::Write, Ids::Job, &[]),
    ("import/get", Kind::Write, Ids::Import, &[]),
    ("import/start", Kind::Write, Ids::Import, &[("mode", "skip")]),
    ("import/discard", Kind::Write, Ids::Import, &[]),
    ("overview/get", Kind::Read, Ids::App, &[]),
    ("credential/made-by", Kind::Owner, Ids::None, &[("id", "2")]),
    ("operator/list", Kind::Owner, Ids::None, &[]),
    ("operator/add", Kind::Owner, Ids::None, &[("name", "new"), ("role", "viewer")]),
    ("operator/change-role", Kind::Owner, Ids::None, &[("id", "2"), ("role", "viewer")]),
    ("operator/disable", Kind::Owner, Ids::None, &[("id", "2")]),
    ("operator/enable", Kind::Owner, Ids::None, &[("id", "2")]),
    ("operator/reset-password", Kind::Owner, Ids::None, &[("id", "2")]),
    ("operator/sessions", Kind::Owner, Ids::None, &[("id", "2")]),
    ("operator/end-session", Kind::Owner, Ids::None, &[("id", "2"), ("session", "999999")]),
    ("operator/end-sessions", Kind::Owner, Ids::None, &[("id", "2")]),
];

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
    add(format!("{:?}", domain::application::store::list(store, &system).await.unwrap()));
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
        add(format!("{:?}", domain::credential::store::list(store, &system, app).await.unwrap()));
        for row in domain::group::store::list(store, &system, app, &params).await.unwrap().items {
            add(format!("{:?}", domain::group::store::get(store, &system, app, &row.group_id).await));
            add(format!("{:?}", domain::member::store::list(store, &system, app, &row.group_id, &params).await));
            add(format!("{:?}", domain::message::store::list(store, &system, app, &row.group_id, &params).await));
        }
        for row in domain::account::store::list(store, &system, app, &params).await.unwrap().items {
            add(format!("{:?}", domain::account::store::get(store, &system, app, &row.username).await));
        }
    }
    text
}

/// An event of that app.
async fn event_of(roster: &Roster, app: &str) -> i64 {
    let (store, system) = (&roster.store, Caller::system());
    let only = EventParams { target: group_of(app), ..Default::default() };
    let page = domain::event::store::list(store, &system, Some(app_id(store, app).await), &only).await.unwrap();
    page.page.items.first().expect("the app's group was made, which is an event").id
}

#[test]
fn every_function_is_classified() {
    let there: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let paths: Vec<String> = FUNCTIONS.iter().map(|(path, ..)| format!("/_fn/{path}")).collect();
    let known: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
    assert_eq!(known.len(), FUNCTIONS.len(), "a function is listed twice");
    let missing: Vec<_> = there.difference(&known).collect();
    assert!(missing.is_empty(), "say in FUNCTIONS what these do: {missing:?}");
    let gone: Vec<_> = known.difference(&there).collect();
    assert!(gone.is_empty(), "these do not exist any more: {gone:?}");
    assert!(
        leptos::server_fn::axum::server_fn_paths().all(|(_, method)| method == http::Method::POST),
        "a link must not call a function"
    );
}

/// Functions that change something and need no words for it: what they did is on the next page or in a dialog, or it is a small
/// preference that shows at once. Those of `Kind::Own` and `Kind::Owner` that only read stand here too.
const SHOWS_ITSELF: &[&str] = &[
    "session/sign-in",
    "session/setup-kind",
    "session/set-up",
    "session/is-set-up",
    "session/preferences",
    "session/hide-notice",
    "session/sign-out",
    "session/list",
    "preference/list",
    "preference/shortcuts",
    "event/retention",
    "view/save",
    "view/delete",
    "credential/create",
    "credential/made-by",
    "credential/rotate",
    "import/get",
    "import/start",
    "operator/list",
    "operator/sessions",
    "operator/add",
    "operator/reset-password",
];

#[test]
fn every_change_is_confirmed_in_words_or_shows_itself() {
    let in_words: BTreeSet<&str> = app::functions_with_success_words().filter_map(|path| path.strip_prefix("/_fn/")).collect();
    assert_eq!(in_words.len(), app::functions_with_success_words().count(), "a function stands twice, or is none");
    let there: BTreeSet<&str> = FUNCTIONS.iter().map(|(path, ..)| *path).collect();
    let gone: Vec<_> = in_words.iter().chain(SHOWS_ITSELF).filter(|path| !there.contains(*path)).collect();
    assert!(gone.is_empty(), "these do not exist any more: {gone:?}");
    for (path, kind, ..) in FUNCTIONS.iter().filter(|(_, kind, ..)| ![Kind::Read, Kind::ReadMore].contains(kind)) {
        let (words, shows) = (in_words.contains(path), SHOWS_ITSELF.contains(path));
        assert!(words != shows, "{path} ({kind:?}) needs words in app::components::success, or a place in SHOWS_ITSELF");
    }
}

/// The first parts of all addresses that the server answers to itself, read from what the router says of itself. Parameters and
/// names with a dot in them are no possible names of an organisation.
fn first_segments(router: &axum::Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let paths = text.split('"').filter(|word| word.starts_with('/'));
    let first = paths.filter_map(|path| path[1..].split('/').next().map(str::to_owned));
    first.filter(|word| domain::application::rules::AppKey::parse(word).is_ok()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_organisation_can_be_named_like_an_address_of_the_server() {
    let roster = roster().await;
    let there = first_segments(&roster.router);
    let reserved: BTreeSet<String> = domain::application::rules::RESERVED_ORGS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(there, reserved, "RESERVED_ORGS has to hold the first part of each of the server's addresses, and nothing else");
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

/// What is wrong with a call of each function that changes something, besides that a viewer makes it: texts that break a rule, ids of
/// nothing, a missing number. Words that only the framework can read (`work`, `mute`) are right, or the function would not be reached.
const WRONG: &[(&str, Given)] = &[
    ("application/create", &[("input[display_name]", ""), ("input[org_name]", "a b"), ("input[app_name]", "")]),
    ("application/edit", &[("display_name", "")]),
    ("application/set-passwords", &[("password_min_chars", "many")]),
    ("application/token-rules", &[("password_grant", "x"), ("inherit_grant", "x"), ("ttl_max", "x")]),
    ("application/set-file-quotas", &[("file_quota", "x"), ("group_file_quota", "x")]),
    ("group/create", &[("input[name]", ""), ("input[owner]", "nobody"), ("input[type]", "x"), ("input[group_id]", "@TGS#x")]),
    ("group/edit", &[("group_id", "nothing"), ("input[name]", ""), ("input[introduction]", ""), ("input[version]", "x")]),
    (
        "group/configure",
        &[
            ("group_id", "nothing"),
            ("input[max_member_count]", "many"),
            ("input[members_only]", "x"),
            ("input[allow_invites]", "x"),
            ("input[invite_need_confirm]", "x"),
            ("input[custom]", ""),
            ("input[version]", "x"),
        ],
    ),
    ("group/announce", &[("group_id", "nothing"), ("announcement", "\0"), ("version", "x")]),
    ("group/mute-all", &[("group_id", "nothing"), ("mute", "true")]),
    ("group/transfer", &[("group_id", "nothing"), ("username", "")]),
    ("group/delete", &[("confirm", "x"), ("matching[all]", "1"), ("matching[kind]", "x")]),
    ("member/add", &[("group_id", "nothing"), ("usernames", "")]),
    ("member/delete", &[("group_id", "nothing"), ("matching[all]", "1"), ("matching[kind]", "x")]),
    ("member/change", &[("group_id", "nothing"), ("work", "mute"), ("duration", "x"), ("until", "x"), ("usernames", "")]),
    ("file/delete", &[("group_id", "nothing"), ("confirm", "x")]),
    ("message/send", &[("text", ""), ("matching[all]", "1"), ("matching[kind]", "x")]),
    ("account/create", &[("input[type]", "x"), ("input[username]", ""), ("input[nickname]", "\0"), ("input[image]", "x")]),
    ("account/edit", &[("username", "nobody"), ("input[nickname]", "\0")]),
    ("account/delete", &[("confirm", "x"), ("matching[all]", "1"), ("matching[kind]", "x")]),
    ("credential/create", &[("name", "")]),
    ("credential/edit", &[("id", "999"), ("name", ""), ("expires", "x"), ("access", "x"), ("addresses", "x")]),
    ("credential/rotate", &[("id", "999"), ("overlap", "x")]),
    ("credential/revoke", &[("id", "999")]),
    // A job that is not there is nobody's; whether it is there a viewer may see.
    ("job/cancel", &[("id", "1")]),
    ("import/get", &[("id", "999")]),
    ("import/start", &[("id", "999"), ("mode", "x")]),
    ("import/discard", &[("id", "999")]),
    ("event/retention", &[]),
    ("event/set-retention", &[("kept_days", "x")]),
    ("event/delete-archive", &[("file_name", "x"), ("confirm", "x")]),
    ("credential/made-by", &[("id", "999")]),
    ("operator/add", &[("name", ""), ("role", "x")]),
    ("operator/change-role", &[("id", "999"), ("role", "x")]),
    ("operator/disable", &[("id", "999")]),
    ("operator/enable", &[("id", "999")]),
    ("operator/reset-password", &[("id", "999")]),
    ("operator/list", &[]),
    ("operator/sessions", &[("id", "999")]),
    ("operator/end-session", &[("id", "999"), ("session", "999")]),
    ("operator/end-sessions", &[("id", "999")]),
];

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

/// Every page's path with its parameters filled in: an app, and a group of the app `of`.
fn pages(roster: &Roster, app: &str, of: &str) -> Vec<String> {
    let group = percent_encoding::utf8_percent_encode(&group_of(of), percent_encoding::NON_ALPHANUMERIC).to_string();
    let fill = |path: &str| {
        let filled = path
            .replace("{org}", "acme")
            .replace("{app}", app)
            .replace("{group_id}", &group)
            .replace("{username}", &format!("bob-{of}"))
            .replace("{job}", &job_of(of).to_string())
            .replace("{tab}", "members")
            .replace("{list}", "members")
            .replace("{import}", &import_of(of).to_string());
        assert!(!filled.contains('{'), "say what stands for the parameter of {path}");
        filled
    };
    server::http::routes(&roster.server).iter().map(|route| fill(route.path())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_shows_itself_to_a_stranger() {
    let roster = roster().await;
    let pages = pages(&roster, "one", "one");
    assert!(pages.len() >= 12, "{pages:?}");
    for page in pages {
        let answer = roster.browser().get(&page).await;
        match page.trim_end_matches('/') {
            "/sign-in" | "/setup" => assert_eq!(answer.status(), 200, "{page}"),
            _ => {
                assert_eq!(answer.status(), 303, "{page}");
                assert!(location(&answer).starts_with("/sign-in"), "{page} leads to {}", location(&answer));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_shows_itself_to_those_who_may() {
    let roster = roster().await;
    let owner = roster.signed_in("owner").await;
    for page in pages(&roster, "one", "one").iter().filter(|page| !["/sign-in", "/setup"].contains(&page.as_str())) {
        let answer = owner.get(page).await;
        assert_eq!(answer.status(), 200, "{page}");
        assert!(answer.text().await.unwrap().contains("</html>"), "{page}");
    }
    let viewer = roster.signed_in("viewer").await;
    assert_eq!(viewer.get("/audit").await.status(), 403, "nor is the server's log");
    let answer = viewer.get("/operators").await;
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 403, "the operators are not a viewer's business");
    assert!(!text.contains("reset-password"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_reaches_into_another_app() {
    let roster = roster().await;
    let owner = roster.signed_in("owner").await;
    for page in pages(&roster, "none", "one").iter().filter(|page| page.starts_with("/apps/")) {
        assert_eq!(owner.get(page).await.status(), 404, "{page}");
    }
    let of_one_thing = |page: &&String| ["/groups/", "/accounts/", "/jobs/", "/imports/"].iter().any(|part| page.contains(part));
    for page in pages(&roster, "two", "one").iter().filter(of_one_thing) {
        let answer = owner.get(page).await;
        assert_eq!(answer.status(), 404, "{page}");
        assert!(!answer.text().await.unwrap().contains(">bob-one<"), "{page}");
    }
}
