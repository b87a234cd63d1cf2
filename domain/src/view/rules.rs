//! What a saved view may be called and what it may hold. Pure.

use crate::{Code, checked_text, layout::ListName, limits, text};

checked_text! {
    /// The name of a view: 1 to 60 characters on one line, trimmed.
    pub struct ViewName = check_name;
}

checked_text! {
    /// Filters and order in one line of printable ASCII without spaces and `#`, without a `?` before it; at most 2,000 bytes.
    /// [`Code::Malformed`] otherwise.
    pub struct ViewQuery = check_query;
}

fn check_name(input: &str) -> Result<String, Code> {
    let input = input.trim();
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_chars(input, limits::VIEW_NAME_CHARS)?;
    Ok(input.to_owned())
}

fn check_query(input: &str) -> Result<String, Code> {
    let query = input.trim().trim_start_matches('?');
    text::at_most_bytes(query, limits::VIEW_QUERY_BYTES)?;
    if query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') { Ok(query.to_owned()) } else { Err(Code::Malformed) }
}

/// The list of a view, which must have an address of its own within the app; [`Code::NotChoice`] for member lists and unknown
/// words.
pub fn list(word: &str) -> Result<ListName, Code> {
    match ListName::parse(word)? {
        ListName::Members => Err(Code::NotChoice),
        list @ (ListName::Groups | ListName::Accounts | ListName::Audit) => Ok(list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_queries_are_queries() {
        assert_eq!(ViewName::parse("  내 그룹 ").map(|name| name.as_str().to_owned()), Ok("내 그룹".to_owned()));
        assert_eq!(ViewName::parse(&"방".repeat(61)), Err(Code::TooManyChars { max: 60, actual: 61 }));
        assert_eq!(
            ViewQuery::parse("?q=%EC%86%8C&type=Work").map(|q| q.as_str().to_owned()),
            Ok("q=%EC%86%8C&type=Work".to_owned())
        );
        for query in ["q=소", "a b", "q=1#x", "a\nb"] {
            assert_eq!(ViewQuery::parse(query), Err(Code::Malformed), "{query:?}");
        }
        assert_eq!(list("members"), Err(Code::NotChoice));
        assert_eq!(list("audit"), Ok(ListName::Audit));
    }
}
