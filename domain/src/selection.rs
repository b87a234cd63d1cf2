//! The items of a batch: named ids, or everything that matches a list's filter, except some.

use serde::{Deserialize, Serialize};

use crate::{
    Code, Error, Result, limits,
    page::{ListParams, ListQuery, batch_ids},
};

/// «Everything that matches», as a form sends it: words that are not checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Matching {
    /// `1`: the batch is about everything that matches; anything else: about the ids that the form names.
    pub all: String,
    /// Search term, as in [`ListParams::q`].
    pub q: String,
    /// Type filter, as in [`ListParams::kind`].
    #[serde(rename = "type")]
    pub kind: String,
    /// Ids that the batch leaves out; at most [`limits::BATCH_ITEMS`].
    pub except: Vec<String>,
}

impl Matching {
    /// Whether the batch is about everything that matches.
    pub fn is_all(&self) -> bool {
        self.all == "1"
    }
}

/// The items of a batch; `T` is the type enum of the entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection<T> {
    /// These ids, at least one, each once. A few are dealt with in this order, many in the order of their keys.
    Ids(Vec<String>),
    /// Everything that matches a filter, in no particular order.
    Matching {
        /// Search term; empty for everything.
        search: String,
        /// Only items of this type; `None` for all.
        kind: Option<T>,
        /// Ids that are left out although they match.
        except: Vec<String>,
    },
}

impl<T> Selection<T> {
    /// Checks a form. [`Code::Required`] at `ids` when the form names nothing, [`Code::TooManyItems`] at `ids` for more than
    /// [`limits::BATCH_ITEMS`] ids or exceptions; at `q` and `type` as [`ListQuery::parse`].
    pub fn parse(ids: Vec<String>, matching: Matching, kind: impl Fn(&str) -> Result<T, Code>) -> Result<Self> {
        if !matching.is_all() {
            return batch_ids("ids", ids).map(Self::Ids);
        }
        let Matching { q, kind: word, except, .. } = matching;
        if except.len() > limits::BATCH_ITEMS {
            return Err(Error::field("ids", Code::TooManyItems { max: limits::BATCH_ITEMS, actual: except.len() }));
        }
        let query = ListQuery::parse(&ListParams { q, kind: word, ..ListParams::default() }, kind)?;
        Ok(Self::Matching { search: query.search, kind: query.kind, except })
    }

    /// The same with another value for the filter's type: `word` gives the word that the database has.
    pub fn map<U>(self, word: impl Fn(T) -> U) -> Selection<U> {
        match self {
            Self::Ids(ids) => Selection::Ids(ids),
            Self::Matching { search, kind, except } => Selection::Matching { search, kind: kind.map(word), except },
        }
    }

    /// The only id, when the batch is about one item: the events then have this id as their target.
    pub fn single(&self) -> Option<&str> {
        match self {
            Self::Ids(ids) if ids.len() == 1 => ids.first().map(String::as_str),
            Self::Ids(_) | Self::Matching { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::GroupType;

    #[test]
    fn what_matches_is_told_by_its_filter() {
        let matching = Matching { all: "1".into(), q: " tea ".into(), kind: "Work".into(), except: vec!["a".into()] };
        assert_eq!(
            Selection::parse(vec!["ignored".into()], matching, GroupType::parse),
            Ok(Selection::Matching { search: "tea".into(), kind: Some(GroupType::Work), except: vec!["a".into()] })
        );
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert!(Selection::parse(vec![], Matching::default(), GroupType::parse).is_err());
        let many = vec!["x".to_owned(); limits::BATCH_ITEMS + 1];
        let matching = Matching { all: "1".into(), except: many, ..Matching::default() };
        assert!(Selection::parse(vec![], matching, GroupType::parse).is_err());
        let matching = Matching { all: "1".into(), kind: "nonsense".into(), ..Matching::default() };
        assert!(Selection::parse(vec![], matching, GroupType::parse).is_err());
    }
}
