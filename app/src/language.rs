//! Which language a reader gets.

use domain::operator::Language;

/// The language of the page that is being drawn.
pub fn request_language() -> Language {
    leptos::prelude::use_context::<http::request::Parts>().map_or(Language::En, |parts| language_of(&parts))
}

/// The operator's choice, else the cookie from before sign-in, else the best of `Accept-Language`, else English.
pub fn language_of(request: &http::request::Parts) -> Language {
    let me = request.extensions.get::<crate::context::SignedIn>().and_then(|signed_in| signed_in.0.as_ref());
    me.and_then(|me| me.language)
        .or_else(|| preference(request, "language").and_then(|word| Language::parse(&word).ok()))
        .unwrap_or_else(|| header(&request.headers, "accept-language").map_or(Language::En, negotiate))
}

/// The first of our languages in order of the reader's preference.
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

fn header<'a>(headers: &'a http::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The name of a cookie that keeps a preference for the pages before sign-in. With `__Host-` browsers refuse it from subdomains and over
/// plain http, as that of the session.
pub fn preference_cookie(name: &str, secure: bool) -> String {
    format!("{}roster-{name}", if secure { "__Host-" } else { "" })
}

/// A preference from such a cookie.
pub fn preference(request: &http::request::Parts, name: &str) -> Option<String> {
    let secure = request.extensions.get::<crate::context::SecureCookies>().is_some_and(|secure| secure.0);
    let cookie = preference_cookie(name, secure);
    let pairs = header(&request.headers, "cookie")?.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(key, _)| *key == cookie).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
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
