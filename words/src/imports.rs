//! Sentences of imports that need more than one word of a language.

use domain::{
    Code,
    import::{ImportList, RowProblem, columns},
    operator::Language,
};

use crate::{LanguageWords, choices::called, columns::title, errors::code_sentence};

/// Why a row was refused: with several broken cells, each with its column's title.
pub fn row_problem_sentence(language: Language, list: ImportList, trouble: &RowProblem) -> String {
    let t = language.strings();
    let RowProblem::Fields(fields) = trouble else { return (t.imports.trouble)(trouble) };
    let part = |field: &domain::FieldError| {
        let sentence = if let Code::NotWord { text } = &field.code {
            (t.imports.not_word)(text, &choices_named(language, list, &field.field))
        } else {
            code_sentence(t, &field.code)
        };
        (t.imports.told)(title(language, list.exported(), &field.field), &sentence)
    };
    fields.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// The choices of a column as the console calls them, each with the wire's word where that is another one.
pub fn choices_named(language: Language, list: ImportList, field: &str) -> Vec<String> {
    let t = language.strings();
    let named = |wire: &'static str| match called(t, list, field, wire) {
        Some(word) if word != wire => (t.imports.with_wire)(word, wire),
        _ => wire.to_owned(),
    };
    columns::choices(list, field).into_iter().map(named).collect()
}
