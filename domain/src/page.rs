//! Lists: filter, sort, page size and cursor, and what one page answers. The words of a request describe a list fully; paging is by
//! keyset, so that the last page costs as much as the first.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

pub use crate::error::{Reason, Refusal};
use crate::{Code, Error, Result, limits};

/// A list request as it was made: words that are not checked yet. Missing ones are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListParams {
    /// Search term; at most [`limits::SEARCH_CHARS`] characters, empty for everything.
    pub q: String,
    /// Type filter: the type's wire word, such as `Public`; empty for all types.
    #[serde(rename = "type")]
    pub kind: String,
    /// `created` or `name`, with `-` before it for descending; other words mean `-created`.
    pub sort: String,
    /// Rows of a page: 20, 50 or 100; other words mean 20.
    pub size: String,
    /// Where the page begins, as [`Page::next`] or [`Page::previous`] of another page says; empty for the first page.
    pub cursor: String,
}

/// What lists can be sorted by. The serde names are short because the cursor in the URL has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortKey {
    /// The time of creation; in a group's member list the time of joining.
    #[serde(rename = "c")]
    Created,
    /// The group's name; the account's username.
    #[serde(rename = "n")]
    Name,
}

/// Key and direction; newest first by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// What the list is sorted by.
    pub key: SortKey,
    /// From the latest or last one on, rather than from the earliest or first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { key: SortKey::Created, descending: true }
    }
}

impl Sort {
    /// The order for a word of [`ListParams::sort`]. Unknown words mean the default: a list has an order in any case.
    pub fn parse(word: &str) -> Self {
        match word {
            "created" => Self { key: SortKey::Created, descending: false },
            "name" => Self { key: SortKey::Name, descending: false },
            "-name" => Self { key: SortKey::Name, descending: true },
            _ => Self::default(),
        }
    }

    /// The word in the URL, which [`Self::parse`] reads back.
    pub fn as_str(self) -> &'static str {
        match (self.key, self.descending) {
            (SortKey::Created, true) => "-created",
            (SortKey::Created, false) => "created",
            (SortKey::Name, true) => "-name",
            (SortKey::Name, false) => "name",
        }
    }
}

/// Rows of a page: one of [`PageSize::CHOICES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u32);

impl PageSize {
    /// The sizes that a reader can choose; the first is the default.
    pub const CHOICES: [u32; 3] = [20, 50, 100];

    /// The size for a word of [`ListParams::size`]; 20 for anything but the three choices.
    pub fn parse(word: &str) -> Self {
        Self(word.parse().ok().filter(|n| Self::CHOICES.contains(n)).unwrap_or(Self::CHOICES[0]))
    }

    /// The number of rows: 20, 50 or 100.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// The sort value of the row beside which a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CursorKey {
    /// A time in milliseconds since 1970, for [`SortKey::Created`].
    Number(i64),
    /// A name, for [`SortKey::Name`].
    Text(String),
}

/// A place in a sorted list. Opaque outside the server: base64 of JSON with a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "v")]
    version: u8,
    /// The sort that the cursor belongs to; with another sort the cursor is [`Code::Malformed`].
    #[serde(rename = "s")]
    pub sort: Sort,
    /// The page ends before the row rather than begins after it.
    #[serde(rename = "b")]
    pub backward: bool,
    /// The sort value of that row.
    #[serde(rename = "k")]
    pub key: CursorKey,
    /// The database key of that row, which breaks ties between equal sort values.
    #[serde(rename = "i")]
    pub id: i64,
}

impl Cursor {
    const VERSION: u8 = 1;

    /// A cursor of the current version, beside the row with that sort value and database key.
    pub fn new(sort: Sort, backward: bool, key: CursorKey, id: i64) -> Self {
        Self { version: Self::VERSION, sort, backward, key, id }
    }

    /// The text for [`ListParams::cursor`], safe in a URL without escapes.
    pub fn encode(&self) -> String {
        // A struct of numbers, flags and text always serialises.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// `None` for an empty word; [`Code::Malformed`] for a word that this server did not write for this sort.
    pub fn parse(word: &str, sort: Sort) -> Result<Option<Self>, Code> {
        if word.is_empty() {
            return Ok(None);
        }
        let bytes = URL_SAFE_NO_PAD.decode(word).map_err(|_| Code::Malformed)?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| Code::Malformed)?;
        let key_fits =
            matches!((sort.key, &cursor.key), (SortKey::Created, CursorKey::Number(_)) | (SortKey::Name, CursorKey::Text(_)));
        if cursor.version == Self::VERSION && cursor.sort == sort && key_fits { Ok(Some(cursor)) } else { Err(Code::Malformed) }
    }
}

/// A checked list request; `T` is the type enum of the entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery<T> {
    /// Search term without spaces around; empty means everything.
    pub search: String,
    /// Only rows of this type; `None` for all.
    pub kind: Option<T>,
    /// The order of the rows.
    pub sort: Sort,
    /// Rows of the page.
    pub size: PageSize,
    /// Where the page begins; `None` for the first page.
    pub cursor: Option<Cursor>,
}

impl<T> ListQuery<T> {
    /// Checks the words of the URL; `kind` parses the type filter. A wrong cursor or type and a search term that is too long are
    /// errors (at `cursor`, `type` and `q`), so that a mistyped link never shows a list that the link does not describe.
    pub fn parse(params: &ListParams, kind: impl Fn(&str) -> Result<T, Code>) -> Result<Self> {
        let sort = Sort::parse(&params.sort);
        let search = params.q.trim();
        crate::text::at_most_chars(search, limits::SEARCH_CHARS)
            .and_then(|()| crate::text::no_nul(search))
            .map_err(|code| Error::field("q", code))?;
        let kind = match params.kind.as_str() {
            "" => None,
            word => Some(kind(word).map_err(|code| Error::field("type", code))?),
        };
        Ok(Self {
            search: search.to_owned(),
            kind,
            sort,
            size: PageSize::parse(&params.size),
            cursor: Cursor::parse(&params.cursor, sort).map_err(|code| Error::field("cursor", code))?,
        })
    }
}

/// How many rows match; exact up to [`limits::COUNT_CAP`] when a filter is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The number of rows, or the cap.
    pub number: u64,
    /// There are more than `number`: the screen adds a plus sign.
    pub more: bool,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in the list's order; at most [`PageSize::get`].
    pub items: Vec<T>,
    /// Cursor of the page after this one; `None` on the last page.
    pub next: Option<String>,
    /// Cursor of the page before this one; `None` on the first page.
    pub previous: Option<String>,
    /// How many rows the whole list has.
    pub total: Count,
}

/// The results of a batch, item by item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchReport {
    /// How many items were changed.
    pub done: u64,
    /// The items that a rule forbids, and which rule.
    pub refused: Vec<Refusal>,
    /// Ids of the items that did not exist any more.
    pub gone: Vec<String>,
}

/// The ids of a batch: empty ones and duplicates dropped, order kept. [`Code::Required`] at `field` when none is left,
/// [`Code::TooManyItems`] for more than [`limits::BATCH_ITEMS`].
pub fn batch_ids(field: &str, ids: Vec<String>) -> Result<Vec<String>> {
    let mut seen = std::collections::HashSet::new();
    let ids: Vec<String> = ids.into_iter().filter(|id| !id.is_empty() && seen.insert(id.clone())).collect();
    if ids.is_empty() {
        return Err(Error::field(field, Code::Required));
    }
    if ids.len() > limits::BATCH_ITEMS {
        return Err(Error::field(field, Code::TooManyItems { max: limits::BATCH_ITEMS, actual: ids.len() }));
    }
    Ok(ids)
}

/// A destructive batch of more than [`limits::BATCH_TYPED_ABOVE`] items needs the number of items typed, with or without commas;
/// [`Code::CountMismatch`] at `confirm` for anything else.
pub fn confirm_number(items: u64, typed: &str) -> Result<()> {
    if items > limits::BATCH_TYPED_ABOVE as u64 && typed.trim().replace([',', ' '], "") != items.to_string() {
        return Err(Error::field("confirm", Code::CountMismatch { expected: items }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        let sort = Sort { key: SortKey::Name, descending: true };
        let cursor = Cursor::new(sort, true, CursorKey::Text("소라 & 小明".into()), 7);
        assert_eq!(Cursor::parse(&cursor.encode(), sort), Ok(Some(cursor)));
    }

    #[test]
    fn a_cursor_of_another_sort_or_a_tampered_one_is_malformed() {
        let cursor = Cursor::new(Sort::default(), false, CursorKey::Number(5), 7).encode();
        assert_eq!(Cursor::parse(&cursor, Sort::parse("name")), Err(Code::Malformed));
        for word in ["x", "e30", "%%%", &cursor[1..]] {
            assert_eq!(Cursor::parse(word, Sort::default()), Err(Code::Malformed), "{word}");
        }
    }

    #[test]
    fn sort_words_round_trip() {
        for word in ["created", "-created", "name", "-name"] {
            assert_eq!(Sort::parse(word).as_str(), word);
        }
    }

    #[test]
    fn more_than_twenty_items_need_their_number() {
        assert!(confirm_number(20, "").is_ok());
        assert!(confirm_number(21, "").is_err());
        assert!(confirm_number(1234, "1,234").is_ok());
        assert!(confirm_number(1234, "1233").is_err());
    }

    #[test]
    fn batches_drop_duplicates_and_refuse_nothing_and_too_much() {
        assert_eq!(batch_ids("ids", vec!["a".into(), "".into(), "a".into(), "b".into()]), Ok(vec!["a".into(), "b".into()]));
        assert!(batch_ids("ids", vec![]).is_err());
        assert!(batch_ids("ids", (0..=limits::BATCH_ITEMS).map(|n| n.to_string()).collect()).is_err());
    }
}
