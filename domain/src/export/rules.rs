//! What may be exported, and how: the check of a request. Pure.

use super::{Column, ExportFormat, ExportInput, ExportList};
use crate::{
    Code, Error, Result,
    account::AccountType,
    error::Checks,
    event::{EventParams, rules::EventQuery},
    group::GroupType,
    member::MemberRole,
    operator::Language,
    page::Sort,
    selection::Selection,
};

/// A checked request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    /// How the file is written.
    pub format: ExportFormat,
    /// The columns, in the list's order; at least one.
    pub columns: Vec<&'static Column>,
    /// The language of the header.
    pub language: Language,
    /// The list and its rows.
    pub subject: Subject,
}

/// The list to export, and which of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Accounts of the app.
    Accounts {
        /// Named by username, or by a filter on the type.
        rows: Selection<&'static str>,
        /// The order of the rows.
        sort: Sort,
    },
    /// Groups of the app.
    Groups {
        /// Named by group id, or by a filter on the type.
        rows: Selection<&'static str>,
        /// The order of the rows.
        sort: Sort,
    },
    /// Members of one group.
    Members {
        /// The group's id.
        group_id: String,
        /// Named by username, or by a filter on the role.
        rows: Selection<&'static str>,
        /// The latest joined first, rather than the first.
        descending: bool,
    },
    /// All messages of one group, by number.
    Messages {
        /// The group's id.
        group_id: String,
    },
    /// Events of the audit log that match the filter, newest first.
    Events(EventQuery),
}

impl ExportRequest {
    /// Checks a form: the error names a wrong `list` alone, then every broken field of `format` and `columns`, then of the rows.
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
            ExportList::Events => {
                Subject::Events(EventQuery::parse(&EventParams { cursor: String::new(), ..input.log.clone() })?)
            }
        };
        Ok(Self { format, columns, language, subject })
    }

    /// The list to export.
    pub fn list(&self) -> ExportList {
        match self.subject {
            Subject::Accounts { .. } => ExportList::Accounts,
            Subject::Groups { .. } => ExportList::Groups,
            Subject::Members { .. } => ExportList::Members,
            Subject::Messages { .. } => ExportList::Messages,
            Subject::Events(_) => ExportList::Events,
        }
    }

    /// The group, or the only id, when the export is about one thing: the target of its event. Else empty.
    pub fn target(&self) -> &str {
        match &self.subject {
            Subject::Members { group_id, .. } | Subject::Messages { group_id } => group_id,
            Subject::Accounts { rows: Selection::Ids(ids), .. } | Subject::Groups { rows: Selection::Ids(ids), .. }
                if ids.len() == 1 =>
            {
                ids.first().map_or("", String::as_str)
            }
            Subject::Accounts { .. } | Subject::Groups { .. } | Subject::Events(_) => "",
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
) -> Result<(Selection<&'static str>, Sort)> {
    let selection = Selection::parse(input.ids.clone(), input.matching.clone(), parse)?;
    Ok((selection.map(word), Sort::parse(&input.sort)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selection::Matching;

    fn input(list: &str) -> ExportInput {
        let matching = Matching { all: "1".into(), ..Matching::default() };
        let columns = vec!["created_at".into()];
        ExportInput { list: list.into(), format: "csv".into(), columns, matching, ..ExportInput::default() }
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
        let matching = Matching { all: "1".into(), kind: "Nonsense".into(), ..Matching::default() };
        assert_eq!(broken(&ExportInput { matching, ..input("groups") }), ["type"]);
        assert_eq!(broken(&ExportInput { matching: Matching::default(), ..input("groups") }), ["ids"]);
        let (columns, log) = (vec!["at".to_owned()], EventParams { from: "yesterday".into(), ..EventParams::default() });
        assert_eq!(broken(&ExportInput { log, columns, ..input("events") }), ["from"]);
    }

    #[test]
    fn one_thing_is_the_target() {
        let target = |input: ExportInput| ExportRequest::parse(&input, Language::En).unwrap().target().to_owned();
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(target(ExportInput { matching: Matching::default(), ids: ids(&["a"]), ..input("accounts") }), "a");
        assert_eq!(target(ExportInput { matching: Matching::default(), ids: ids(&["a", "b"]), ..input("accounts") }), "");
        let columns = ids(&["seq"]);
        assert_eq!(target(ExportInput { group_id: "g".into(), columns, ..input("messages") }), "g");
    }
}
