//! The audit log's filter, and how two states become a list of changes. Pure.

use std::collections::BTreeMap;

use serde_json::Value;
use time::{Date, Month};

use super::{Action, Change, EventParams, EventSubject};
use crate::{
    Code, Result,
    error::Checks,
    limits::{self, DAY_MS},
    page::{Cursor, PageSize, Sort},
    text,
};

/// A checked filter. `None` means any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    pub operator: Option<String>,
    pub action: Option<Action>,
    /// What is looked for, see [`EventParams::target`].
    pub target: Option<String>,
    /// Milliseconds, first included.
    pub from: Option<i64>,
    /// Milliseconds, first left out.
    pub until: Option<i64>,
    /// The target is a group's id, exact, and only what was done to a group counts: an account or an operator may have the same name.
    pub of_group: bool,
    pub size: PageSize,
    pub cursor: Option<Cursor>,
}

impl EventQuery {
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

/// YYYY-MM-DD to the millisecond at which that day begins in UTC; empty: none.
pub fn day(text: &str) -> Result<Option<i64>, Code> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = crate::account::rules::birthday(text)?.ok_or(Code::NotDate)?;
    let small = |n: u32| u8::try_from(n).map_err(|_| Code::NotDate);
    let month = Month::try_from(small(number / 100 % 100)?).map_err(|_| Code::NotDate)?;
    let year = i32::try_from(number / 10_000).map_err(|_| Code::NotDate)?;
    let date = Date::from_calendar_date(year, month, small(number % 100)?).map_err(|_| Code::NotDate)?;
    Ok(Some(date.midnight().assume_utc().unix_timestamp() * 1000))
}

/// What differs between two states, field by field in order of name. Both sides are JSON objects; anything else counts as
/// one field without a name. Fields that are the same are left out, unless there is only one side.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let (before, after) = (fields(before), fields(after));
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| Change { field: name.clone(), before: before.get(name).cloned(), after: after.get(name).cloned() })
        .collect()
}

/// Who or what an event names in its states, or else which fields it changed from one value to another.
pub fn subject(before: Option<&Value>, after: Option<&Value>) -> EventSubject {
    let named = |name: &str| [after, before].into_iter().flatten().find_map(|state| state.get(name)?.as_str());
    if let Some(name) = named("username").or_else(|| named("file_name")) {
        return EventSubject::Named(name.to_owned());
    }
    // What has only one side was made, deleted or refused as a whole.
    let both = before.is_some() && after.is_some();
    let fields: Vec<String> =
        changes(before, after).into_iter().map(|change| change.field).filter(|field| both && !field.is_empty()).collect();
    if fields.is_empty() { EventSubject::None } else { EventSubject::Fields(fields) }
}

fn fields(value: Option<&Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(Value::Object(map)) => {
            map.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), text(value))).collect()
        }
        Some(other) => BTreeMap::from([(String::new(), text(other))]),
    }
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
