//! The files that the browser loads, embedded in the binary: which there are, and how they are sent. `tools/bundle` makes them.

use std::{borrow::Cow, collections::HashMap, path::Path, sync::Arc};

use app::context::Assets;
use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use rust_embed::Embed;
use serde::Deserialize;

/// A release build contains the files, a debug build reads its own folder when it runs.
#[derive(Embed)]
#[cfg_attr(not(debug_assertions), folder = "../target/site")]
#[cfg_attr(debug_assertions, folder = "../target/site-dev")]
struct Embedded;

/// Written by `tools/bundle/src/site.rs`, which knows the same fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Manifest {
    css: String,
    js: String,
    wasm: String,
    root: HashMap<String, String>,
}

/// One file and its compressed forms.
#[derive(Clone, Debug)]
pub struct File {
    pub plain: Bytes,
    pub br: Option<Bytes>,
    pub gz: Option<Bytes>,
    pub etag: String,
    pub cache: &'static str,
}

/// Named by a hash of its content: a client that has it never needs to ask again.
pub const FOREVER: &str = "public, max-age=31536000, immutable";
/// Under its own name: cached for a day, then requested again with the ETag.
pub const DAILY: &str = "public, max-age=86400";

/// All files by URL path.
#[derive(Clone, Debug, Default)]
pub struct Files(Arc<HashMap<String, File>>);

impl Files {
    pub fn new(files: HashMap<String, File>) -> Self {
        Self(Arc::new(files))
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }

    /// Paths of the files that are served under their own names, such as `/favicon.svg`.
    pub fn outside_pkg(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(|path| !path.starts_with("/pkg/"))
    }
}

/// The embedded files and the addresses that pages refer to.
pub fn load() -> (Files, Assets) {
    #[cfg(debug_assertions)]
    if let Some(found) = watched() {
        return found;
    }
    let manifest: Manifest =
        Embedded::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
    let mut files = HashMap::new();
    for name in [&manifest.css, &manifest.js, &manifest.wasm] {
        if let Some(file) = embedded(&format!("pkg/{name}"), name.clone(), FOREVER) {
            files.insert(format!("/pkg/{name}"), file);
        }
    }
    for (name, hash) in &manifest.root {
        if let Some(file) = embedded(&format!("root/{name}"), hash.clone(), DAILY) {
            files.insert(format!("/{name}"), file);
        }
    }
    let url = |name: &str| if name.is_empty() { String::new() } else { format!("/pkg/{name}") };
    (Files::new(files), Assets { css: url(&manifest.css), js: url(&manifest.js), wasm: url(&manifest.wasm) })
}

fn embedded(path: &str, etag: String, cache: &'static str) -> Option<File> {
    let bytes = |path: &str| {
        Embedded::get(path).map(|file| match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        })
    };
    Some(File { plain: bytes(path)?, br: bytes(&format!("{path}.br")), gz: bytes(&format!("{path}.gz")), etag, cache })
}

/// Under `cargo leptos watch` the files are not hashed and are where it says.
#[cfg(debug_assertions)]
fn watched() -> Option<(Files, Assets)> {
    std::env::var_os("LEPTOS_WATCH")?;
    let root = std::path::PathBuf::from(std::env::var_os("LEPTOS_SITE_ROOT")?);
    let mut files = HashMap::new();
    for (folder, prefix) in [(root.join("pkg"), "/pkg/"), (root, "/")] {
        for path in std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()) {
            if let (Some(name), Ok(bytes)) = (path.file_name().and_then(|name| name.to_str()), std::fs::read(&path)) {
                let file = File { plain: Bytes::from(bytes), br: None, gz: None, etag: String::new(), cache: "no-store" };
                files.insert(format!("{prefix}{name}"), file);
            }
        }
    }
    let wasm = ["/pkg/roster.wasm", "/pkg/roster_bg.wasm"].into_iter().find(|path| files.contains_key(*path))?;
    let assets = Assets { css: "/pkg/roster.css".into(), js: "/pkg/roster.js".into(), wasm: wasm.into() };
    Some((Files::new(files), assets))
}

/// The file of the request's path, with the encoding and status that the request's headers ask for.
pub async fn answer(State(files): State<Files>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    let Some(file) = files.get(path) else {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    };
    let accepts = |coding: &str| header_accepts(headers.get(header::ACCEPT_ENCODING), coding);
    let (body, coding) = match (&file.br, &file.gz) {
        (Some(br), _) if accepts("br") => (br, Some("br")),
        (_, Some(gz)) if accepts("gzip") => (gz, Some("gzip")),
        _ => (&file.plain, None),
    };
    // Each form is its own entity, so each has its own tag.
    let etag = format!("\"{}{}\"", file.etag, coding.map(|coding| format!("-{coding}")).unwrap_or_default());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh =
        known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*"));

    let mut response = if fresh && !file.etag.is_empty() {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(body.clone()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        if let Some(coding) = coding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(file.cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// Whether an Accept-Encoding header names this coding without refusing it by `q=0`.
fn header_accepts(header: Option<&HeaderValue>, coding: &str) -> bool {
    let Some(text) = header.and_then(|value| value.to_str().ok()) else { return false };
    text.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = pieces.filter_map(|piece| piece.strip_prefix("q=")).any(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
        named && !refused
    })
}

fn content_type(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_encoding_is_read_with_its_weights() {
        let accepts = |text: &'static str, coding| header_accepts(Some(&HeaderValue::from_static(text)), coding);
        assert!(accepts("gzip, deflate, br;q=0.9", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("gzip", "br"));
        assert!(!header_accepts(None, "gzip"));
    }
}
