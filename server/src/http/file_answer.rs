//! Downloads of shared files, for the console and for the REST API: whole, as the requested part, or not at all when the reader
//! has it already. And the names under which any file is to be saved.

use std::path::Path;

use axum::{body::Body, response::IntoResponse, response::Response};
use domain::{Error, error::Entity};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_range_header::{EndPosition, StartPosition, parse_range_header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, SeekFrom},
};
use tokio_util::io::ReaderStream;

/// How much is read from the disk at once, bytes.
const PIECE_BYTES: usize = 1 << 16;

/// What a request's `Range` asks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Whole,
    /// First and last byte, counted from 0.
    Part(u64, u64),
    /// Outside the file.
    Beyond,
}

/// Answers with the file at `path`, `size` bytes long, to be saved as `name`: 200, 206 for one `Range`, 416 for a range outside, 304
/// when `If-None-Match` has it.
///
/// The path is that of a shared file ([`store::file::find`]): it ends in the hash of the content, which makes the `ETag`.
/// [`Entity::File`] not found when the file was deleted since it was looked up.
pub async fn send(path: &Path, name: &str, size: u64, headers: &HeaderMap) -> domain::Result<Response> {
    let tag = entity_tag(path)?;
    let mut file = match File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound(Entity::File)),
        Err(error) => return Err(unreadable(path, &error)),
    };
    // Files of groups are private to their readers; revalidating costs a 304.
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    let ranges = (header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let etag = (header::ETAG, tag.clone());
    if names_tag(headers, header::IF_NONE_MATCH, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [cache, ranges, etag]).into_response());
    }
    // A reader who has the beginning of another content gets this one from its start.
    let resumable = !headers.contains_key(header::IF_RANGE) || names_tag(headers, header::IF_RANGE, &tag);
    let asked = if resumable { asked(headers, size) } else { Asked::Whole };
    let (status, first, length) = match asked {
        Asked::Whole => (StatusCode::OK, 0, size),
        Asked::Part(first, last) => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Asked::Beyond => {
            let outside = [cache, ranges, etag, (header::CONTENT_RANGE, value(&format!("bytes */{size}")))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, outside).into_response());
        }
    };
    if first > 0 {
        file.seek(SeekFrom::Start(first)).await.map_err(|error| unreadable(path, &error))?;
    }
    let about = [
        cache,
        ranges,
        etag,
        // Never as what it claims to be: a page among the files must not run under our address.
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, attachment(name)),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
    ];
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(length), PIECE_BYTES));
    let mut response = (status, about, body).into_response();
    if let Asked::Part(first, last) = asked {
        response.headers_mut().insert(header::CONTENT_RANGE, value(&format!("bytes {first}-{last}/{size}")));
    }
    Ok(response)
}

/// What the `Range` header asks for. Several ranges at once, and what is no range, are answered with the whole file, as RFC 9110
/// allows.
fn asked(headers: &HeaderMap, size: u64) -> Asked {
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some(Ok(parsed)) = text.map(parse_range_header) else { return Asked::Whole };
    let [range] = parsed.ranges[..] else { return Asked::Whole };
    let Some(end) = size.checked_sub(1) else { return Asked::Beyond };
    match (range.start, range.end) {
        // The last bytes; more than there are is all of them.
        (StartPosition::FromLast(count), _) => Asked::Part(size.saturating_sub(count), end),
        (StartPosition::Index(first), EndPosition::Index(last)) if last < first => Asked::Whole,
        (StartPosition::Index(first), _) if first > end => Asked::Beyond,
        (StartPosition::Index(first), EndPosition::Index(last)) => Asked::Part(first, last.min(end)),
        (StartPosition::Index(first), EndPosition::LastByte) => Asked::Part(first, end),
    }
}

/// Whether the header names this tag, or any.
fn names_tag(headers: &HeaderMap, name: HeaderName, tag: &HeaderValue) -> bool {
    let named = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    named.map(str::trim).any(|named| named == "*" || Some(named) == tag.to_str().ok())
}

/// The last two parts of a content's path are the hash of it.
fn entity_tag(path: &Path) -> domain::Result<HeaderValue> {
    let hash: String = [path.parent().and_then(Path::file_name), path.file_name()]
        .into_iter()
        .flatten()
        .map(|part| part.to_string_lossy())
        .collect();
    HeaderValue::from_str(&format!("\"{hash}\"")).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> Error {
    Error::Internal(format!("file {}: {error}", path.display()))
}

/// Digits and signs only, so there is nothing that a header could not hold.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("bytes */*"))
}

/// RFC 6266: a plain name for everybody, and the exact one for clients that know RFC 5987.
pub fn attachment(name: &str) -> HeaderValue {
    // Of names from before the rule: a direction mark makes an `exe` look like a picture.
    let shows = |c: &char| matches!(c, '\u{200c}' | '\u{200d}') || !domain::text::is_format(*c);
    let name = name.chars().filter(shows).collect::<String>();
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let exact = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a file of ten bytes at `ab/cd`, and its path.
    fn ten_bytes() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ab/cd");
        std::fs::create_dir(folder.path().join("ab")).unwrap();
        std::fs::write(&path, "0123456789").unwrap();
        (folder, path)
    }

    /// Status, `Content-Range`, `Content-Length` and body of the answer to a request with these headers.
    async fn answer(asked: &[(HeaderName, &str)]) -> (u16, String, String, String) {
        let (_folder, path) = ten_bytes();
        let headers = asked.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        let response = send(&path, "a.txt", 10, &headers).await.unwrap();
        assert_eq!(response.headers()[header::ETAG], "\"abcd\"");
        assert_eq!(response.headers()[header::ACCEPT_RANGES], "bytes");
        let told = |name| response.headers().get(name).map_or("", |value: &HeaderValue| value.to_str().unwrap()).to_owned();
        let (status, range, length) = (response.status().as_u16(), told(header::CONTENT_RANGE), told(header::CONTENT_LENGTH));
        let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        (status, range, length, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn ranged(range: &str) -> (u16, String, String, String) {
        answer(&[(header::RANGE, range)]).await
    }

    fn told(status: u16, range: &str, length: &str, body: &str) -> (u16, String, String, String) {
        (status, range.into(), length.into(), body.into())
    }

    #[tokio::test]
    async fn files_come_whole_or_from_where_a_download_broke_off() {
        assert_eq!(answer(&[]).await, told(200, "", "10", "0123456789"));
        assert_eq!(ranged("bytes=4-").await, told(206, "bytes 4-9/10", "6", "456789"));
        assert_eq!(ranged("bytes=2-4").await, told(206, "bytes 2-4/10", "3", "234"));
        assert_eq!(ranged("bytes=8-99").await, told(206, "bytes 8-9/10", "2", "89"));
        assert_eq!(ranged("bytes=-3").await, told(206, "bytes 7-9/10", "3", "789"));
        assert_eq!(ranged("bytes=-99").await, told(206, "bytes 0-9/10", "10", "0123456789"));
        assert_eq!(ranged("bytes=10-").await, told(416, "bytes */10", "", ""));
    }

    #[tokio::test]
    async fn what_is_no_single_range_brings_the_whole_file() {
        for range in ["bytes=0-1,4-5", "bytes=5-2", "bytes=", "lines=1-2", "bytes=a-b"] {
            assert_eq!(ranged(range).await, told(200, "", "10", "0123456789"), "{range}");
        }
    }

    #[tokio::test]
    async fn another_content_is_not_continued_and_the_same_not_sent_twice() {
        let from_4 = (header::RANGE, "bytes=4-");
        assert_eq!(answer(&[from_4.clone(), (header::IF_RANGE, "\"abcd\"")]).await.0, 206);
        assert_eq!(answer(&[from_4, (header::IF_RANGE, "\"other\"")]).await, told(200, "", "10", "0123456789"));
        assert_eq!(answer(&[(header::IF_NONE_MATCH, "\"other\", \"abcd\"")]).await, told(304, "", "", ""));
        assert_eq!(answer(&[(header::IF_NONE_MATCH, "\"other\"")]).await.0, 200);
    }

    #[tokio::test]
    async fn empty_and_vanished_files_are_told_apart() {
        let (folder, path) = ten_bytes();
        std::fs::write(&path, "").unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(send(&path, "a", 0, &headers).await.unwrap().status(), 200);
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-"));
        assert_eq!(send(&path, "a", 0, &headers).await.unwrap().status(), 416);
        drop(folder);
        assert_eq!(send(&path, "a", 0, &headers).await.unwrap_err(), Error::NotFound(Entity::File));
    }

    #[test]
    fn names_survive_in_both_forms() {
        assert_eq!(attachment("a-1.csv"), "attachment; filename=\"a-1.csv\"; filename*=UTF-8''a%2D1%2Ecsv");
        assert_eq!(attachment("\u{202e}gnp.exe"), attachment("gnp.exe"));
        assert_eq!(attachment("한\".csv"), "attachment; filename=\"__.csv\"; filename*=UTF-8''%ED%95%9C%22%2Ecsv");
    }
}
