//! The audit log's filter, and how two states become a list of changes. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Action, Change, EventParams, EventStep, EventSubject};
use crate::{
    Code, Result,
    error::Checks,
    limits::{self, DAY_MS},
    page::{Cursor, PageSize, Sort},
    text,
};

/// As much of a target that somebody typed as the log keeps: at most [`limits::EVENT_TARGET_CHARS`], so that nobody can fill it.
pub fn truncate_target(typed: &str) -> &str {
    typed.char_indices().nth(limits::EVENT_TARGET_CHARS).map_or(typed, |(end, _)| &typed[..end])
}

/// A checked filter. `None` means any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// Only events of this operator, by name.
    pub operator: Option<String>,
    /// Only this action.
    pub action: Option<Action>,
    /// The target to look for, see [`EventParams::target`].
    pub target: Option<String>,
    /// The first millisecond of the time, included.
    pub from: Option<i64>,
    /// The first millisecond after the time.
    pub until: Option<i64>,
    /// The target is a group's id, exact, and only events of a group count: an account or an operator may have the same name.
    pub of_group: bool,
    /// Rows of the page.
    pub size: PageSize,
    /// Where the page begins; `None` for the first page.
    pub cursor: Option<Cursor>,
}

impl EventQuery {
    /// Checks the words of the URL; the error names every broken field (`action`, `from`, `to`, `target`, `cursor`).
    pub fn parse(params: &EventParams) -> Result<Self> {
        let mut checks = Checks::new();
        let word = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let action = checks.take("action", word(&params.action).map(|word| Action::parse(&word)).transpose());
        let from = checks.take("from", day(&params.from));
        let to = checks.take("to", day(&params.to));
        let target = word(&params.target);
        let searched =
            |text: String| text::at_most_chars(&text, limits::SEARCH_CHARS).and_then(|()| text::no_nul(&text)).map(|()| text);
        let target = checks.take("target", target.map(searched).transpose());
        let cursor = checks.take("cursor", Cursor::parse(&params.cursor, Sort::default()));
        checks.finish(|| {
            Some(Self {
                operator: word(&params.operator),
                action: action?,
                target: target?,
                from: from?,
                until: to?.map(|start| start + DAY_MS),
                of_group: false,
                size: PageSize::parse(&params.size),
                cursor: cursor?,
            })
        })
    }
}

/// YYYY-MM-DD to the millisecond at which that day begins in UTC; `None` for an empty text, [`Code::NotDate`] for any other.
pub fn day(text: &str) -> Result<Option<i64>, Code> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(text::date(text)?.midnight().assume_utc().unix_timestamp() * 1000))
}

/// The key of the state after several changes that has the states in between, see [`steps`].
pub const STEPS: &str = "steps";
/// The key of the state after several changes that counts the changes which [`STEPS`] leaves out.
pub const MORE_STEPS: &str = "more_steps";

/// One of several changes that became one event, as the state after the event keeps it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct StepState {
    /// The values that the change set, as a JSON object.
    pub after: Value,
    /// The network address that the change came from, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The credential of the change, see [`super::EventRow::through`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub through: String,
}

/// The states in between that an event names, and how many changes more there were.
pub fn steps(after: Option<&Value>) -> (Vec<EventStep>, u64) {
    let told = after.and_then(|after| Vec::<StepState>::deserialize(after.get(STEPS)?).ok()).unwrap_or_default();
    let step = |StepState { after, address, through }| EventStep {
        values: fields(Some(&after)).into_values().collect(),
        address,
        through,
    };
    let more = after.and_then(|after| after.get(MORE_STEPS)?.as_u64()).unwrap_or_default();
    (told.into_iter().map(step).collect(), more)
}

/// What differs between two states, field by field in order of name. Both sides are JSON objects; any other value counts as one
/// field without a name. Equal fields are left out, unless there is only one side; so are the [`steps`] in between.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let (before, after) = (fields(before), fields(after));
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name) && ![STEPS, MORE_STEPS].contains(&name.as_str()))
        .map(|name| Change { field: name.clone(), before: before.get(name).cloned(), after: after.get(name).cloned() })
        .collect()
}

/// The account or file that an event names in its states, or else the fields that the event changed from one value to another.
pub fn subject(before: Option<&Value>, after: Option<&Value>) -> EventSubject {
    let named = |name: &str| [after, before].into_iter().flatten().find_map(|state| state.get(name)?.as_str());
    if let Some(name) = named("username").or_else(|| named("file_name")) {
        return EventSubject::Named(name.to_owned());
    }
    // A change with only one side was a creation, a deletion or a refusal of the whole.
    let both = before.is_some() && after.is_some();
    let fields: Vec<String> =
        changes(before, after).into_iter().map(|change| change.field).filter(|field| both && !field.is_empty()).collect();
    if fields.is_empty() { EventSubject::None } else { EventSubject::Fields(fields) }
}

fn fields(value: Option<&Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(Value::Object(map)) => {
            map.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), text(value))).collect()
        }
        Some(other) => BTreeMap::from([(String::new(), text(other))]),
    }
}

/// Whether a text may be the name of an archive's file: nothing that leads out of a folder.
pub fn is_archive_name(name: &str) -> bool {
    name.starts_with("events-") && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_a_change() {
        let changes =
            changes(Some(&json!({"name": "a", "level": 1, "x": "same"})), Some(&json!({"name": "b", "x": "same", "role": null})));
        assert_eq!(
            changes,
            [
                Change { field: "level".into(), before: Some("1".into()), after: None },
                Change { field: "name".into(), before: Some("a".into()), after: Some("b".into()) },
            ]
        );
    }

    #[test]
    fn the_one_that_is_named_is_the_subject() {
        let of = |before: Value, after: Value| subject(Some(&before), Some(&after));
        assert_eq!(of(json!({"role": "Member"}), json!({"role": "Admin", "username": "bob"})), EventSubject::Named("bob".into()));
        assert_eq!(of(json!({"file_id": "1", "file_name": "a.txt"}), Value::Null), EventSubject::Named("a.txt".into()));
        assert_eq!(of(json!({"mute_all": false}), json!({"mute_all": true})), EventSubject::Fields(vec!["mute_all".into()]));
        assert_eq!(subject(None, None), EventSubject::None);
    }

    #[test]
    fn what_was_in_between_is_no_change_of_its_own() {
        let steps = json!([{"after": {"nickname": "x"}, "address": "192.0.2.1"}, {"after": {"nickname": "b"}, "through": "key"}]);
        let (before, after) = (json!({"nickname": "a"}), json!({"nickname": "b", "steps": steps, "more_steps": 3}));
        let fields: Vec<String> = changes(Some(&before), Some(&after)).into_iter().map(|change| change.field).collect();
        assert_eq!(fields, ["nickname"]);
        let step = |value: &str, address: Option<&str>, through: &str| EventStep {
            values: vec![value.into()],
            address: address.map(Into::into),
            through: through.into(),
        };
        assert_eq!(super::steps(Some(&after)), (vec![step("x", Some("192.0.2.1"), ""), step("b", None, "key")], 3));
        assert_eq!(super::steps(Some(&before)), (vec![], 0));
    }

    #[test]
    fn no_name_of_an_archive_leads_out_of_its_folder() {
        assert!(is_archive_name("events-1-1000000.jsonl"));
        for name in ["", "events", "/etc/passwd", "../roster.db", "events-/../../roster.db", "events-1\\2", "Events-1.jsonl"] {
            assert!(!is_archive_name(name), "{name}");
        }
    }

    #[test]
    fn the_last_day_is_included() {
        let query =
            EventQuery::parse(&EventParams { from: "1970-01-01".into(), to: "1970-01-01".into(), ..Default::default() }).unwrap();
        assert_eq!((query.from, query.until), (Some(0), Some(DAY_MS)));
    }

    #[test]
    fn wrong_filters_are_told_field_by_field() {
        let params = EventParams { action: "nope".into(), from: "2026-02-30".into(), ..Default::default() };
        let Err(crate::Error::Invalid(errors)) = EventQuery::parse(&params) else { panic!("accepted") };
        assert_eq!(errors.len(), 2);
    }
}
