//! What a batch is about: named ids, or everything that matches a list's filter, except some.

use serde::{Deserialize, Serialize};

use crate::{
    Code, Error, Result, limits,
    page::{ListParams, ListQuery, batch_ids},
};

/// «Everything that matches», as a form says it: words that nobody has checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Matching {
    /// `1`: the batch is about what matches; anything else: about the ids named beside it.
    pub all: String,
    /// Search term and type filter, as in [`ListParams`].
    pub q: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Ids that are left out; at most [`limits::BATCH_ITEMS`].
    pub except: Vec<String>,
}

impl Matching {
    pub fn is_all(&self) -> bool {
        self.all == "1"
    }
}

/// What a batch is about; `T` is the type enum of the entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection<T> {
    /// These, in this order; at least one, each once.
    Ids(Vec<String>),
    /// All that match a filter, in no particular order.
    Matching { search: String, kind: Option<T>, except: Vec<String> },
}

impl<T> Selection<T> {
    /// From what a form says. [`Code::Required`] at `ids` when it names nothing, [`Code::TooManyItems`] when it names more than
    /// [`limits::BATCH_ITEMS`] ids or exceptions.
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

    /// The same with the filter's type as the word that stands in the database.
    pub fn map<U>(self, word: impl Fn(T) -> U) -> Selection<U> {
        match self {
            Self::Ids(ids) => Selection::Ids(ids),
            Self::Matching { search, kind, except } => Selection::Matching { search, kind: kind.map(word), except },
        }
    }

    /// The one id, when it is about one alone: then the events stand under it.
    pub fn single(&self) -> Option<&str> {
        match self {
            Self::Ids(ids) if ids.len() == 1 => ids.first().map(String::as_str),
            _ => None,
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
