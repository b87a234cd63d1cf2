//! All server functions: what each does, and how it is called well and badly.

use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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
pub enum Ids {
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
pub type Given = &'static [(&'static str, &'static str)];

/// Every server function, what it does, which ids it takes, and what else it needs to be called properly.
pub const FUNCTIONS: &[(&str, Kind, Ids, Given)] = &[
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
    ("application/names", Kind::Read, Ids::None, &[]),
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

/// Functions that change something and need no sentence for it: what they did is on the next page or in a dialog, or it is a
/// small preference that shows at once. Those of `Kind::Own` and `Kind::Owner` that only read are listed here too.
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

/// What is wrong with a call of each function that changes something, besides that a viewer makes it: texts that break a rule, ids of
/// nothing, a missing number. Words that only the framework can read (`work`, `mute`) are right, or the function would not be reached.
pub const WRONG: &[(&str, Given)] = &[
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
