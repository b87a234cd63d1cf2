//! Addresses of the console and what follows the `?`. Ids may hold any printable ASCII, so every part is encoded here and nowhere
//! else; the query is read from the raw string because the router decodes it twice.

use domain::{export::ExportFormat, import::ImportList};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// One part of a path, or a key or value of a query.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// One part of a raw path, counted from 0, decoded; empty when the path is shorter.
pub fn segment(path: &str, place: usize) -> String {
    let part = path.trim_start_matches('/').split('/').nth(place).unwrap_or_default();
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// One key or value of a query.
fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The text when it is a path of this server, fit for a `Location`. Browsers read `//host` and `/\host` as another host, and drop
/// tabs and line breaks.
pub fn local_path(text: &str) -> Option<&str> {
    let second = text.strip_prefix('/')?.bytes().next();
    let safe = !matches!(second, Some(b'/' | b'\\')) && text.bytes().all(|byte| byte.is_ascii_graphic());
    safe.then_some(text)
}

/// Names one app in addresses and server functions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppPath {
    pub org: String,
    pub app: String,
}

impl AppPath {
    /// `/apps/{org}/{app}/{rest}`.
    pub fn to(&self, rest: &str) -> String {
        format!("/apps/{}/{}/{rest}", encode(&self.org), encode(&self.app))
    }

    /// Where an app begins.
    pub fn overview(&self) -> String {
        self.to("overview")
    }

    pub fn groups(&self) -> String {
        self.to("groups")
    }

    pub fn group(&self, group_id: &str) -> String {
        self.to(&format!("groups/{}", encode(group_id)))
    }

    /// One of the parts of a group's page.
    pub fn group_tab(&self, group_id: &str, tab: GroupTab) -> String {
        match tab.path_segment() {
            "" => self.group(group_id),
            word => format!("{}/{word}", self.group(group_id)),
        }
    }

    /// A shared file, to be saved.
    pub fn group_file(&self, group_id: &str, file_id: &str) -> String {
        format!("{}/files/{}", self.group(group_id), encode(file_id))
    }

    /// Where shared files are sent to.
    pub fn group_upload(&self, group_id: &str) -> String {
        format!("{}/files/upload", self.group(group_id))
    }

    pub fn accounts(&self) -> String {
        self.to("accounts")
    }

    pub fn account(&self, username: &str) -> String {
        self.to(&format!("accounts/{}", encode(username)))
    }

    pub fn search(&self) -> String {
        self.to("search")
    }

    /// Server-sent events, no page.
    pub fn changes(&self) -> String {
        self.to("changes")
    }

    pub fn audit(&self) -> String {
        self.to("audit")
    }

    pub fn settings(&self) -> String {
        self.to("settings")
    }

    /// The app's API credentials.
    pub fn credentials(&self) -> String {
        self.to("settings/api")
    }

    /// Calls of the REST API to copy.
    pub fn calls(&self) -> String {
        self.to("settings/calls")
    }

    pub fn jobs(&self) -> String {
        self.to("jobs")
    }

    pub fn job(&self, id: i64) -> String {
        self.to(&format!("jobs/{id}"))
    }

    /// The file that an export made.
    pub fn job_file(&self, id: i64) -> String {
        self.to(&format!("jobs/{id}/file"))
    }

    /// The file of what a job could not do.
    pub fn refusals(&self, job: i64) -> String {
        self.to(&format!("jobs/{job}/refused.csv"))
    }

    /// Where a file for one of the lists is chosen.
    pub fn import_into(&self, list: ImportList) -> String {
        self.to(&format!("import/{}", list.as_str()))
    }

    /// An empty file with the titles of a list.
    pub fn import_template(&self, list: ImportList, format: ExportFormat) -> String {
        self.to(&format!("import/{}/template.{}", list.as_str(), format.as_str()))
    }

    /// Where files are sent to.
    pub fn imports(&self) -> String {
        self.to("imports")
    }

    /// The preview of a file that was sent.
    pub fn import(&self, id: i64) -> String {
        self.to(&format!("imports/{id}"))
    }

    /// The file of the rows that an import refused.
    pub fn refused_rows(&self, job: i64) -> String {
        self.to(&format!("jobs/{job}/refused-rows"))
    }

    pub fn export(&self, token: &str) -> String {
        self.to(&format!("exports/{}", encode(token)))
    }
}

/// The parts of a group's page, each with an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum GroupTab {
    Overview,
    Members,
    Announcement,
    Files,
    Messages,
    Blocked,
    Muted,
    Allowed,
    Activity,
}

impl GroupTab {
    pub const ALL: [Self; 9] = [
        Self::Overview,
        Self::Members,
        Self::Announcement,
        Self::Files,
        Self::Messages,
        Self::Blocked,
        Self::Muted,
        Self::Allowed,
        Self::Activity,
    ];

    /// What follows the group's own address; empty for the overview, which is that address.
    pub fn path_segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Members => "members",
            Self::Announcement => "announcement",
            Self::Files => "files",
            Self::Messages => "messages",
            Self::Blocked => "block-list",
            Self::Muted => "mutes",
            Self::Allowed => "allow-list",
            Self::Activity => "activity",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.path_segment() == word)
    }
}

/// The part of an address after the `?`, in order; keys may repeat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// From the raw string, without the `?`.
    pub fn parse(raw: &str) -> Self {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(key), decode(value))
                })
                .collect(),
        )
    }

    /// The first value of a key; empty when there is none.
    pub fn get(&self, key: &str) -> &str {
        self.0.iter().find(|(k, _)| k == key).map_or("", |(_, value)| value)
    }

    pub fn all(&self, key: &str) -> Vec<String> {
        self.0.iter().filter(|(k, _)| k == key).map(|(_, value)| value.clone()).collect()
    }

    /// The same without these keys.
    pub fn without(&self, keys: &[&str]) -> Self {
        Self(self.0.iter().filter(|(key, _)| !keys.contains(&key.as_str())).cloned().collect())
    }

    /// The same with one value for a key; an empty one drops the key.
    pub fn with(&self, key: &str, value: &str) -> Self {
        let mut query = self.without(&[key]);
        if !value.is_empty() {
            query.0.push((key.to_owned(), value.to_owned()));
        }
        query
    }

    /// The same with another pair added at its end.
    pub fn and(mut self, key: &str, value: &str) -> Self {
        self.0.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Only what describes a list: no dialog, no ids.
    pub fn list(&self) -> Self {
        self.without(&["dialog", "ids", "event"])
    }

    /// All pairs in order, as hidden fields of a GET form need them.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// `path?query`, or the path alone.
    pub fn href(&self, path: &str) -> String {
        if self.0.is_empty() {
            return path.to_owned();
        }
        let pairs: Vec<String> = self.0.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        format!("{path}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_the_address() {
        let app = AppPath { org: "demo".into(), app: "chat".into() };
        assert_eq!(app.group("@TGS#1 a/b?c%d"), "/apps/demo/chat/groups/%40TGS%231%20a%2Fb%3Fc%25d");
        for id in ["@TGS#1 a/b?c%d", "%2F%23", "a+b", "100%"] {
            assert_eq!(segment(&app.group(id), 4), id);
        }
    }

    #[test]
    fn queries_round_trip_and_are_decoded_once() {
        let query = Query::default().and("q", "50%25 & 소라").and("ids", "@TGS#1").and("ids", "+ =");
        let href = query.href("/x");
        assert_eq!(Query::parse(href.split_once('?').unwrap().1), query);
        assert_eq!(query.all("ids"), ["@TGS#1", "+ ="]);
        assert_eq!(query.with("q", "").list(), Query::default());
        assert_eq!(Query::parse("a=b+c&d").get("a"), "b c");
    }

    #[test]
    fn only_paths_of_this_server_are_local() {
        for path in ["/", "/a?b=c", "/apps/x/y/groups/%40TGS%23a"] {
            assert_eq!(local_path(path), Some(path));
        }
        for path in ["", "a", "//evil", "/\\evil", "https://evil", "/\t/evil", "/a\nb", "/a b", "/\u{e9}", "javascript:1"] {
            assert_eq!(local_path(path), None, "{path:?}");
        }
    }
}
