//! What people read. The texts of each language stand in its folder (`en`, `zh`, `ko`), with one file for each subject; `shape` has
//! the tables that each of them fills, so that a missing word does not compile. The terms are those of the documents' own English,
//! Chinese and Korean editions, and `glossary` lists them. Everything else here has no texts of its own: it chooses among them.

// A new kind of something stops the compiler wherever it has to be thought of.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod choices;
pub mod columns;
mod en;
mod errors;
mod fields;
pub mod format;
pub mod glossary;
pub mod import_names;
pub mod imports;
mod ko;
mod number;
pub mod shape;
mod zh;

use domain::operator::Language;

pub use errors::{code_sentence, error_sentence, reason_sentence};
pub use fields::{field_name, is_moment};
pub use shape::Strings;

/// What a language is, for the page.
pub trait LanguageWords {
    fn strings(self) -> &'static Strings;
    /// Its name in itself.
    fn own_name(self) -> &'static str;
    /// BCP 47 tag for `<html lang>`.
    fn tag(self) -> &'static str;
}

impl LanguageWords for Language {
    fn strings(self) -> &'static Strings {
        match self {
            Self::En => &en::STRINGS,
            Self::Zh => &zh::STRINGS,
            Self::Ko => &ko::STRINGS,
        }
    }

    fn own_name(self) -> &'static str {
        self.strings().own_name
    }

    fn tag(self) -> &'static str {
        self.strings().tag
    }
}
