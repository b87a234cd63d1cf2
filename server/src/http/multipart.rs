//! What forms with a file share, wherever they are sent: the declared size, and the name of the file.

use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;

/// More than what surrounds the file in a form.
pub const AROUND_BYTES: u64 = 64 * 1024;

/// How many bytes the body has, when the request says so.
pub fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The name that a part's header gives its file; `plain` is its `filename`. `None` when there is none.
///
/// Browsers and curl write a quotation mark as `%22`, and nothing else that a name may hold; older clients write names that are not
/// ASCII only as `filename*=UTF-8''…` (RFC 5987).
pub fn part_name(headers: &HeaderMap, plain: Option<&str>) -> Option<String> {
    let disposition =
        headers.get(header::CONTENT_DISPOSITION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let extended = disposition.as_deref().and_then(extended);
    extended.or_else(|| plain.map(|name| name.replace("%22", "\"")))
}

/// The value of `filename*`, when it is UTF-8.
fn extended(disposition: &str) -> Option<String> {
    let mut quoted = false;
    let outside = |c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    };
    let parameter = disposition.split(outside).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("filename*").then_some(value.trim())
    })?;
    let (charset, rest) = parameter.split_once('\'')?;
    let (_, value) = rest.split_once('\'')?;
    let name = percent_decode_str(value).decode_utf8().ok()?;
    charset.eq_ignore_ascii_case("utf-8").then(|| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(disposition: &str, plain: Option<&str>) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::CONTENT_DISPOSITION, disposition.parse().unwrap())]);
        part_name(&headers, plain)
    }

    #[test]
    fn names_come_as_browsers_curl_and_older_clients_write_them() {
        assert_eq!(name(r#"form-data; name="file"; filename="a%22b.txt""#, Some("a%22b.txt")).as_deref(), Some("a\"b.txt"));
        assert_eq!(name("form-data; name=\"file\"; filename*=UTF-8''%E4%BD%A0%20a.txt", None).as_deref(), Some("你 a.txt"));
        assert_eq!(name("form-data; FILENAME* = utf-8'zh'%E4%BD%A0; filename=\"x\"", Some("x")).as_deref(), Some("你"));
        let inside = r#"form-data; name="a; filename*=UTF-8''b"; filename="c""#;
        assert_eq!(name(inside, Some("c")).as_deref(), Some("c"));
        for wrong in ["filename*=latin-1''%E9", "filename*=UTF-8''%FF", "filename*=x", "filename*"] {
            assert_eq!(name(&format!("form-data; {wrong}"), Some("plain")).as_deref(), Some("plain"), "{wrong}");
        }
        assert_eq!(name("form-data; name=\"file\"", None), None);
    }
}
