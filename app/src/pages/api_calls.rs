//! Settings → Call it: calls of the REST API to copy. And the dialog of every list that shows the call that returns it.

use domain::{layout::ListName, page::PageSize};
use leptos::prelude::*;
use leptos_meta::Title;

use super::settings::SettingsTabs;
use crate::{
    components::{CopyButton, Dialog, Loaded, PageHeader, dialog::close_href, list::list_size},
    functions::credential::list_credentials,
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::{AppPath, GroupTab, Query, encode},
};

/// A call as a line for the shell. Everything in single quotes is taken literally, so none may be inside.
fn curl(method: &str, url: &str, headers: &[&str], body: Option<&str>) -> String {
    let method = if method == "GET" { String::new() } else { format!(" -X {method}") };
    let mut line = format!("curl{method} '{}'", url.replace('\'', "%27"));
    for header in headers {
        line.push_str(&format!(" \\\n  -H {header}"));
    }
    if let Some(body) = body {
        line.push_str(&format!(" \\\n  -d '{}'", body.replace('\'', "'\\''")));
    }
    line
}

/// In double quotes: the shell puts the token in.
const BEARER: &str = "\"Authorization: Bearer $TOKEN\"";
const JSON: &str = "'Content-Type: application/json'";

/// Where the API of this app is.
fn base(app: &AppPath) -> String {
    format!("{}/{}/{}", page_context().origin(), encode(&app.org), encode(&app.app))
}

fn get(app: &AppPath, rest: &str) -> String {
    curl("GET", &format!("{}/{rest}", base(app)), &[BEARER], None)
}

fn post(app: &AppPath, rest: &str, body: &str) -> String {
    curl("POST", &format!("{}/{rest}", base(app)), &[BEARER, JSON], Some(body))
}

/// One call with its title.
#[component]
fn Call(#[prop(into)] title: String, line: String) -> impl IntoView {
    let t = strings();
    view! {
        <section class="call">
            <div class="call-head">
                <h3>{title.clone()}</h3>
                <CopyButton text=line.clone() label=(t.common.copy_of)(title.clone()) />
            </div>
            <pre class="code" tabindex="0" role="region" aria-label=title><code>{line}</code></pre>
        </section>
    }
}

#[component]
pub fn CallsPage() -> impl IntoView {
    let t = strings();
    let app = use_app_path();
    // The id of the newest group is used in the first call.
    let found = Resource::new(move || app.get(), |app| list_credentials(app.org, app.app));
    view! {
        <Title text=t.api_calls.title />
        <PageHeader title=t.settings.title lead=t.api_calls.lead />
        <SettingsTabs />
        <Loaded resource=found view=move |rows| view! { <Calls client_id=rows.into_iter().next().map(|row| row.client_id) /> } />
    }
}

#[component]
fn Calls(client_id: Option<String>) -> impl IntoView {
    let t = strings();
    let w = &t.api_calls;
    let app = use_app_path().get_untracked();
    let create = app.credentials();
    let known = client_id.is_some();
    let id = client_id.unwrap_or_else(|| "CLIENT_ID".to_owned());
    let token = curl(
        "POST",
        &format!("{}/token", base(&app)),
        &[JSON],
        Some(&format!(r#"{{"grant_type":"client_credentials","client_id":"{id}","client_secret":"CLIENT_SECRET"}}"#)),
    );
    let calls = [
        (w.call_token, token),
        (w.call_keep, "TOKEN='ACCESS_TOKEN'".to_owned()),
        (w.call_groups, get(&app, "chatgroups?limit=10")),
        (
            w.call_create,
            post(
                &app,
                "chatgroups",
                r#"{"groupname":"Lunch","desc":"Who eats where","public":true,"members_only":false,"owner":"USERNAME"}"#,
            ),
        ),
        (w.call_add, post(&app, "chatgroups/GROUP_ID/users", r#"{"usernames":["USERNAME_1","USERNAME_2"]}"#)),
        (
            w.call_send,
            post(&app, "messages/chatgroups", r#"{"from":"USERNAME","to":["GROUP_ID"],"type":"txt","body":{"msg":"Hello"}}"#),
        ),
    ];
    view! {
        <section class="panel calls" aria-labelledby="calls-title">
            <div class="panel-head"><h2 id="calls-title">{w.title}</h2><a href="/api/docs" rel="external">{w.reference}</a></div>
            <p class="panel-lead muted">{w.placeholders}</p>
            {(!known).then(|| view! { <p class="panel-lead"><a href=create>{w.first_credential}</a></p> })}
            {calls.into_iter().map(|(title, line)| view! { <Call title=title line=line /> }).collect_view()}
        </section>
    }
}

/// The list that a call returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    Groups,
    Accounts,
    Members,
    Admins,
    Files,
    Blocked,
    Muted,
    Allowed,
    /// The groups that an account is in.
    Joined,
}

impl Listing {
    /// The list of a tab of a group's page, if a call returns it.
    pub fn of_tab(tab: GroupTab, query: &Query) -> Option<Self> {
        match tab {
            GroupTab::Members if query.get("type") == "Admin" => Some(Self::Admins),
            GroupTab::Members => Some(Self::Members),
            GroupTab::Files => Some(Self::Files),
            GroupTab::Blocked => Some(Self::Blocked),
            GroupTab::Muted => Some(Self::Muted),
            GroupTab::Allowed => Some(Self::Allowed),
            _ => None,
        }
    }

    /// The list whose page size counts.
    fn list(self) -> Option<ListName> {
        match self {
            Self::Groups => Some(ListName::Groups),
            Self::Accounts => Some(ListName::Accounts),
            Self::Members | Self::Admins => Some(ListName::Members),
            _ => None,
        }
    }

    /// Whether the call returns a page rather than everything.
    fn is_paged(self) -> bool {
        matches!(self, Self::Groups | Self::Accounts | Self::Members | Self::Files | Self::Joined)
    }

    /// `of`: the id of the group, or the username, whose list it is.
    fn rest(self, of: &str, size: &str) -> String {
        let group = format!("chatgroups/{}", encode(of));
        match self {
            Self::Groups => format!("chatgroups?limit={size}"),
            Self::Accounts => format!("users?limit={size}"),
            Self::Members => format!("{group}/users?pagenum=1&pagesize={size}"),
            Self::Admins => format!("{group}/admin"),
            Self::Files => format!("{group}/share_files?pagenum=1&pagesize={size}"),
            Self::Blocked => format!("{group}/blocks/users"),
            Self::Muted => format!("{group}/mute"),
            Self::Allowed => format!("{group}/white/users"),
            Self::Joined => format!("users/{}/joined_chatgroups?pagenum=1&pagesize={size}", encode(of)),
        }
    }
}

/// The call that returns what is on screen.
#[component]
pub fn ApiDialog(
    listing: Listing,
    /// The group's id or the username whose list it is.
    #[prop(optional, into)]
    of: String,
) -> impl IntoView {
    let t = strings();
    let w = &t.api_calls;
    let close = close_href();
    let (app, query) = (use_app_path().get_untracked(), use_query().get_untracked());
    let size = PageSize::parse(&untrack(|| list_size(page_context(), listing.list(), &query))).get().to_string();
    let later_page = listing.is_paged() && !query.get("cursor").is_empty();
    let filtered = ["q", "type", "sort"].iter().any(|key| !query.get(key).is_empty()) && listing != Listing::Admins;
    let calls = app.calls();
    view! {
        <Dialog title=w.show_call close=close.clone() wide=true>
            <Call title=w.this_list line=get(&app, &listing.rest(&of, &size)) />
            {later_page.then(|| view! { <p class="muted">{w.from_first_page}</p> })}
            {filtered.then(|| view! { <p class="muted">{w.without_filter}</p> })}
            <p><a href=calls>{w.how_to_token}</a></p>
            <div class="dialog-buttons">
                <a class="button button-primary" href=close data-noscroll="" autofocus=true>{t.common.close}</a>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_the_shell() {
        assert_eq!(
            curl("GET", "http://h/o/a/it's", &[BEARER], None),
            "curl 'http://h/o/a/it%27s' \\\n  -H \"Authorization: Bearer $TOKEN\""
        );
        assert_eq!(
            curl("POST", "http://h", &[], Some("{\"a\":\"it's\"}")),
            "curl -X POST 'http://h' \\\n  -d '{\"a\":\"it'\\''s\"}'"
        );
    }

    #[test]
    fn only_calls_with_pages_take_a_page_size() {
        for listing in [Listing::Groups, Listing::Accounts, Listing::Members, Listing::Admins, Listing::Files, Listing::Joined] {
            assert_eq!(listing.rest("g", "50").contains("50"), listing.is_paged(), "{listing:?}");
        }
        for listing in [Listing::Blocked, Listing::Muted, Listing::Allowed] {
            assert!(!listing.rest("g", "50").contains("50") && !listing.is_paged(), "{listing:?}");
        }
    }

    #[test]
    fn ids_of_groups_stay_whole() {
        assert_eq!(Listing::Members.rest("@TGS#1 a/b?c", "50"), "chatgroups/%40TGS%231%20a%2Fb%3Fc/users?pagenum=1&pagesize=50");
    }
}
