//! What may be exported, and how: the check of a request. Pure.

use super::{Column, ExportFormat, ExportInput, ExportList};
use crate::{
    Code, Error, Result,
    account::AccountType,
    error::Checks,
    event::{EventParams, rules::EventQuery},
    group::GroupType,
    limits,
    member::MemberRole,
    operator::Language,
    page::{ListParams, ListQuery, Sort, batch_ids},
};

/// A checked request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    pub format: ExportFormat,
    /// In the list's order, at least one.
    pub columns: Vec<&'static Column>,
    /// Of the header.
    pub language: Language,
    pub subject: Subject,
}

/// Which rows of which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Accounts {
        rows: Rows,
        sort: Sort,
    },
    Groups {
        rows: Rows,
        sort: Sort,
    },
    /// In the order in which they joined, or the other way round.
    Members {
        group_id: String,
        rows: Rows,
        descending: bool,
    },
    Messages {
        group_id: String,
    },
    Events(EventQuery),
}

/// Named rows, or all that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// At least one, each once.
    Ids(Vec<String>),
    /// `kind` is the wire word of the type filter.
    Matching { search: String, kind: Option<&'static str>, except: Vec<String> },
}

impl ExportRequest {
    /// Checks a form; every broken field is named.
    pub fn parse(input: &ExportInput, language: Language) -> Result<Self> {
        let list = ExportList::parse(&input.list).map_err(|code| Error::field("list", code))?;
        let mut checks = Checks::new();
        let format = checks.take("format", ExportFormat::parse(&input.format));
        let columns = checks.take("columns", columns(list, &input.columns));
        let (format, columns) = checks.finish(|| Some((format?, columns?)))?;
        let subject = match list {
            ExportList::Accounts => {
                let (rows, sort) = rows(input, AccountType::parse, AccountType::as_str)?;
                Subject::Accounts { rows, sort }
            }
            ExportList::Groups => {
                let (rows, sort) = rows(input, GroupType::parse, GroupType::as_str)?;
                Subject::Groups { rows, sort }
            }
            ExportList::Members => {
                let (rows, _) = rows(input, MemberRole::parse, MemberRole::as_str)?;
                Subject::Members { group_id: input.group_id.clone(), rows, descending: input.sort == "-created" }
            }
            ExportList::Messages => Subject::Messages { group_id: input.group_id.clone() },
            ExportList::Events => Subject::Events(EventQuery::parse(&event_params(input))?),
        };
        Ok(Self { format, columns, language, subject })
    }

    pub fn list(&self) -> ExportList {
        match self.subject {
            Subject::Accounts { .. } => ExportList::Accounts,
            Subject::Groups { .. } => ExportList::Groups,
            Subject::Members { .. } => ExportList::Members,
            Subject::Messages { .. } => ExportList::Messages,
            Subject::Events(_) => ExportList::Events,
        }
    }

    /// What it is about, when that is one thing: the group, or the only id.
    pub fn target(&self) -> &str {
        match &self.subject {
            Subject::Members { group_id, .. } | Subject::Messages { group_id } => group_id,
            Subject::Accounts { rows: Rows::Ids(ids), .. } | Subject::Groups { rows: Rows::Ids(ids), .. } if ids.len() == 1 => {
                ids.first().map_or("", String::as_str)
            }
            _ => "",
        }
    }
}

fn columns(list: ExportList, keys: &[String]) -> Result<Vec<&'static Column>, Code> {
    if keys.iter().any(|key| list.column(key).is_none()) {
        return Err(Code::NotChoice);
    }
    let columns: Vec<&Column> = list.columns().iter().filter(|column| keys.iter().any(|key| key == column.key)).collect();
    if columns.is_empty() { Err(Code::Required) } else { Ok(columns) }
}

fn rows<T>(
    input: &ExportInput,
    parse: impl Fn(&str) -> Result<T, Code>,
    word: impl Fn(T) -> &'static str,
) -> Result<(Rows, Sort)> {
    let params = ListParams { q: input.q.clone(), kind: input.kind.clone(), sort: input.sort.clone(), ..ListParams::default() };
    let query = ListQuery::parse(&params, parse)?;
    let rows = if input.all == "1" || input.ids.is_empty() {
        if input.except.len() > limits::BATCH_ITEMS {
            return Err(Error::field("ids", Code::TooManyItems { max: limits::BATCH_ITEMS, actual: input.except.len() }));
        }
        Rows::Matching { search: query.search, kind: query.kind.map(word), except: input.except.clone() }
    } else {
        Rows::Ids(batch_ids("ids", input.ids.clone())?)
    };
    Ok((rows, query.sort))
}

fn event_params(input: &ExportInput) -> EventParams {
    let ExportInput { operator, action, target, from, to, .. } = input.clone();
    EventParams { operator, action, target, from, to, ..EventParams::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(list: &str) -> ExportInput {
        ExportInput { list: list.into(), format: "csv".into(), columns: vec!["created_at".into()], ..ExportInput::default() }
    }

    #[test]
    fn columns_come_in_the_lists_order() {
        let columns = vec!["created_at".to_owned(), "type".into(), "type".into(), "username".into()];
        let request = ExportRequest::parse(&ExportInput { columns, ..input("accounts") }, Language::En).unwrap();
        let keys: Vec<&str> = request.columns.iter().map(|column| column.key).collect();
        assert_eq!(keys, ["username", "type", "created_at"]);
    }

    #[test]
    fn wrong_words_are_told_field_by_field() {
        let broken = |input: &ExportInput| match ExportRequest::parse(input, Language::En) {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|field| field.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(broken(&input("everything")), ["list"]);
        assert_eq!(broken(&ExportInput { format: "pdf".into(), columns: vec![], ..input("groups") }), ["format", "columns"]);
        assert_eq!(broken(&ExportInput { columns: vec!["secret".into()], ..input("groups") }), ["columns"]);
        assert_eq!(broken(&ExportInput { kind: "Nonsense".into(), ..input("groups") }), ["type"]);
        let columns = vec!["at".to_owned()];
        assert_eq!(broken(&ExportInput { from: "yesterday".into(), columns, ..input("events") }), ["from"]);
    }

    #[test]
    fn without_ids_or_with_all_it_is_about_what_matches() {
        let rows = |input: &ExportInput| match ExportRequest::parse(input, Language::En).unwrap().subject {
            Subject::Groups { rows, .. } => rows,
            other => panic!("{other:?}"),
        };
        let given = ExportInput { ids: vec!["a".into()], q: " tea ".into(), kind: "Work".into(), ..input("groups") };
        assert_eq!(rows(&given), Rows::Ids(vec!["a".into()]));
        let matching = Rows::Matching { search: "tea".into(), kind: Some("Work"), except: vec![] };
        assert_eq!(rows(&ExportInput { all: "1".into(), ..given.clone() }), matching);
        assert_eq!(rows(&ExportInput { ids: vec![], ..given }), matching);
    }
}
