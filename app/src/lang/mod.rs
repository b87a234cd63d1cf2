//! The words of the console: one typed table a language, so that a missing word does not compile. The terms are those of the
//! documents' own English, Chinese and Korean editions. `strings.rs` with `en.rs`, `zh.rs`, `ko.rs` holds what most pages need; what belongs
//! to one part of the console stands in a file of its own with all three languages, and where that is long in a folder.

mod aids;
mod api;
pub mod choices;
mod en;
mod errors;
pub mod exports;
mod fields;
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

/// The language of the page that is being drawn.
#[cfg(feature = "ssr")]
pub fn request_language() -> Language {
    leptos::prelude::use_context::<http::request::Parts>().map_or(Language::En, |parts| language_of(&parts))
}

/// The operator's choice, else the cookie from before sign-in, else the best of `Accept-Language`, else English.
#[cfg(feature = "ssr")]
pub fn language_of(request: &http::request::Parts) -> Language {
    let me = request.extensions.get::<crate::context::SignedIn>().and_then(|signed_in| signed_in.0.as_ref());
    me.and_then(|me| me.language)
        .or_else(|| preference(request, "language").and_then(|word| Language::parse(&word).ok()))
        .unwrap_or_else(|| header(&request.headers, "accept-language").map_or(Language::En, negotiate))
}

/// The first of our languages in order of the reader's preference.
#[cfg(feature = "ssr")]
fn negotiate(accepted: &str) -> Language {
    let mut wanted: Vec<(f32, Language)> = accepted
        .split(',')
        .filter_map(|part| {
            let mut pieces = part.split(';');
            let tag = pieces.next()?.trim().to_ascii_lowercase();
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            let language = Language::parse(tag.split('-').next()?).ok()?;
            Some((weight, language))
        })
        .collect();
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    wanted.first().map_or(Language::En, |(_, language)| *language)
}

#[cfg(feature = "ssr")]
fn header<'a>(headers: &'a http::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The name of a cookie that keeps a preference for the pages before sign-in. With `__Host-` browsers refuse it from subdomains and over
/// plain http, as that of the session.
#[cfg(feature = "ssr")]
pub fn preference_cookie(name: &str, secure: bool) -> String {
    format!("{}roster-{name}", if secure { "__Host-" } else { "" })
}

/// A preference from such a cookie.
#[cfg(feature = "ssr")]
pub fn preference(request: &http::request::Parts, name: &str) -> Option<String> {
    let secure = request.extensions.get::<crate::context::SecureCookies>().is_some_and(|secure| secure.0);
    let cookie = preference_cookie(name, secure);
    let pairs = header(&request.headers, "cookie")?.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(key, _)| *key == cookie).map(|(_, value)| value.to_owned())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_language_wins() {
        assert_eq!(negotiate("ko-KR,ko;q=0.9,en;q=0.8"), Language::Ko);
        assert_eq!(negotiate("fr, zh-TW;q=0.5, en;q=0.4"), Language::Zh);
        assert_eq!(negotiate("fr"), Language::En);
        assert_eq!(negotiate(";;q=x,,"), Language::En);
    }
}
