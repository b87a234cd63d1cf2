//! What searches found, remembered until the term's index changes: a list that is paged through, sorted or shown again asks for the
//! same hits each time.

use crate::db::Conn;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use domain::{Result, application::AppId};

use super::{
    ListRequest, ListSource, SORTED,
    hits::{self, Hits},
};

/// So many searches are remembered; each takes up to 80 KB, for ten thousand ids, so all of them 2.5 MB.
const SEARCHES: usize = 32;

/// A search, whatever its order and page.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    index: &'static str,
    app: AppId,
    kind: Option<&'static str>,
    term: String,
}

impl Key {
    fn of(source: &ListSource, request: &ListRequest<'_>) -> Self {
        Self { index: source.trigrams, app: request.app, kind: request.kind, term: request.search.to_owned() }
    }
}

/// The searches that were made last.
#[derive(Debug, Default)]
pub struct HitCache(Mutex<VecDeque<Entry>>);

#[derive(Debug)]
struct Entry {
    key: Key,
    version: Vec<u8>,
    hits: Hits,
}

impl HitCache {
    /// What the term of a request finds, in the index of that version.
    pub(super) async fn hits(
        &self,
        db: &mut Conn,
        source: &ListSource,
        request: &ListRequest<'_>,
        version: Vec<u8>,
    ) -> Result<Hits> {
        let key = Key::of(source, request);
        if let Some(hits) = self.get(&key, &version) {
            return Ok(hits);
        }
        let hits = hits::find(db, source, request).await?;
        self.put(key, version, &hits);
        Ok(hits)
    }

    /// Whether the term of a request was one of many hits when it was looked for last.
    pub(super) fn had_many(&self, source: &ListSource, request: &ListRequest<'_>) -> bool {
        let key = Key::of(source, request);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|entry| entry.key == key)
    }

    fn get(&self, key: &Key, version: &[u8]) -> Option<Hits> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.iter().position(|entry| entry.key == *key).and_then(|place| entries.remove(place))?;
        if entry.version != version {
            return None;
        }
        let hits = entry.hits.clone();
        entries.push_front(entry);
        Some(hits)
    }

    /// Remembers the hits of a term that has many. A commit while it was looked for makes it newer than its version, never older.
    fn put(&self, key: Key, version: Vec<u8>, hits: &Hits) {
        if matches!(hits, Hits::Few(stretch) if stretch.ids.len() <= SORTED) || version.is_empty() {
            return;
        }
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.key != key);
        entries.push_front(Entry { key, version, hits: hits.clone() });
        entries.truncate(SEARCHES);
    }
}
