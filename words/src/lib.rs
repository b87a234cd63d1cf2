//! What people read: one typed table a language, so that a missing word does not compile. The terms are those of the
//! documents' own English, Chinese and Korean editions. `strings.rs` with `en.rs`, `zh.rs`, `ko.rs` holds what most pages need; what belongs
//! to one part of the console stands in a file of its own with all three languages, and where that is long in a folder.

mod aids;
mod api;
pub mod choices;
mod en;
mod errors;
pub mod exports;
mod fields;
pub mod format;
mod group_model;
mod group_pages;
pub mod imports;
mod jobs;
mod kept;
mod keys;
mod ko;
pub mod overview;
mod sign_in;
mod strings;
mod zh;

use domain::operator::Language;

pub use errors::{code_sentence, error_sentence, reason_sentence};
pub use fields::{field_name, is_moment};
pub use strings::Strings;

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
        match self {
            Self::En => "English",
            Self::Zh => "简体中文",
            Self::Ko => "한국어",
        }
    }

    fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-Hans",
            Self::Ko => "ko",
        }
    }
}
