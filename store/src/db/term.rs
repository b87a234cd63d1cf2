//! How a search term is looked up: from three characters up as a phrase of trigrams, below that as the beginnings of trigrams
//! (migrations/0001_schema.sql says why every character and every pair begins one).

use std::collections::BTreeSet;

/// What follows a text in the index; no field accepts it.
const PAD: char = '\u{1f}';
/// What the index folds to `k`, and to `s`, besides the letters themselves.
const KELVIN: char = '\u{212a}';
const LONG_S: char = '\u{17f}';

/// Where the rows that contain a term are found.
pub(super) enum Lookup {
    /// In the index, as an FTS5 string: every character means itself.
    Phrase(String),
    /// In the index, between these pairs of terms. Not `exact` when the index treats letters as equal that LIKE distinguishes.
    Grams { ranges: Vec<(String, String)>, exact: bool },
    /// Not in the index: characters that it does not contain unchanged. LIKE over all rows.
    Scan,
}

impl Lookup {
    pub fn of(term: &str) -> Self {
        if term.chars().any(is_odd) {
            Self::Scan
        } else if term.chars().nth(2).is_some() {
            Self::Phrase(format!("\"{}\"", term.replace('"', "\"\"")))
        } else {
            Self::Grams { ranges: ranges(term), exact: term.chars().all(is_plain) }
        }
    }
}

/// The tokenizer reads U+FFFE and U+FFFF as U+FFFD, nothing follows U+10FFFF, and [`PAD`] is in every row.
fn is_odd(c: char) -> bool {
    matches!(c, PAD | '\0' | '\u{fffd}'..='\u{ffff}' | '\u{10ffff}')
}

/// Whether the index folds the character only with those that LIKE folds too. The index also treats the Kelvin sign as k and the
/// long s as s.
fn is_plain(c: char) -> bool {
    if c.is_ascii() { !matches!(c.to_ascii_lowercase(), 'k' | 's') } else { is_caseless(c) }
}

/// The characters that the index treats as equal to some of the term's and LIKE does not. `None` when they are not listed: then
/// only the index can say whether a row contains the term.
pub(super) fn missed_by_like(term: &str) -> Option<String> {
    let mut missed = String::new();
    for c in term.chars() {
        match c.to_ascii_lowercase() {
            'k' => missed.push(KELVIN),
            's' => missed.push(LONG_S),
            _ if is_plain(c) => {}
            _ => return None,
        }
    }
    Some(missed)
}

fn is_caseless(c: char) -> bool {
    c.to_lowercase().eq([c]) && c.to_uppercase().eq([c])
}

/// All ways in which the index may have folded the term, each as the first term that begins with it and the first after it that
/// does not.
fn ranges(term: &str) -> Vec<(String, String)> {
    let mut folded = vec![String::new()];
    for c in term.chars() {
        folded = folded.iter().flat_map(|start| folds(c).into_iter().map(move |fold| format!("{start}{fold}"))).collect();
    }
    folded.into_iter().filter_map(|from| Some((from.clone(), next(&from)?))).collect()
}

/// What the tokenizer may make of a character: FTS5 folds by its own table, with which a test compares this.
fn folds(c: char) -> BTreeSet<char> {
    let one = |mut chars: Box<dyn Iterator<Item = char>>| chars.next().filter(|_| chars.next().is_none());
    let lower = |c: char| one(Box::new(c.to_lowercase()));
    let upper = one(Box::new(c.to_uppercase()));
    if c.is_ascii() {
        return BTreeSet::from([c.to_ascii_lowercase()]);
    }
    [Some(c), lower(c), upper, upper.and_then(lower)].into_iter().flatten().collect()
}

/// The first text in order after all that begin with this one.
fn next(text: &str) -> Option<String> {
    let last = text.chars().next_back()?;
    let after = match last {
        '\u{d7ff}' => '\u{e000}',
        _ => char::from_u32(u32::from(last) + 1)?,
    };
    Some(format!("{}{after}", &text[..text.len() - last.len_utf8()]))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::db::json;
    use crate::db::{connect, query, query_as};

    #[test]
    fn terms_stand_for_themselves() {
        assert!(matches!(Lookup::of("a\"b"), Lookup::Phrase(phrase) if phrase == "\"a\"\"b\""));
        assert!(matches!(Lookup::of("김소라"), Lookup::Phrase(_)));
        let grams = |term: &str| match Lookup::of(term) {
            Lookup::Grams { ranges, exact } => (ranges, exact),
            Lookup::Phrase(_) | Lookup::Scan => panic!("{term} is not looked up by its beginnings"),
        };
        assert_eq!(grams("小明"), (vec![("小明".into(), "小昏".into())], true));
        assert_eq!(grams("Ab"), (vec![("ab".into(), "ac".into())], true));
        assert_eq!(grams("힣\u{d7ff}").0, [("힣\u{d7ff}".into(), "힣\u{e000}".into())]);
        assert!(!grams("É").1 && !grams("k").1);
        assert!(matches!(Lookup::of("a\u{1f}"), Lookup::Scan));
        assert!(matches!(Lookup::of("\u{ffff}"), Lookup::Scan));
    }

    /// For every character: the index's own fold is among those that are looked for, and characters called plain are folded only
    /// with what LIKE folds too.
    #[tokio::test]
    async fn characters_are_folded_as_the_index_folds_them() {
        let mut db = connect(Path::new(":memory:")).await.expect("a database");
        let all: Vec<char> = (1..=0x10_ffff).filter_map(char::from_u32).filter(|c| !is_odd(*c)).collect();
        for sql in [
            "CREATE VIRTUAL TABLE f USING fts5 (x, tokenize = 'trigram')",
            "CREATE VIRTUAL TABLE g USING fts5vocab ('f', 'instance')",
        ] {
            query(sql).execute(&mut db).await.expect("a table");
        }
        let cased: Vec<char> = all.into_iter().filter(|c| *c as u32 <= 0xffff || !is_caseless(*c)).collect();
        let rows: Vec<(u32, String)> = cased.iter().map(|c| (u32::from(*c), format!("{c}{c}{c}"))).collect();
        query("INSERT INTO f (rowid, x) SELECT value ->> 0, value ->> 1 FROM json_each($1)")
            .bind(json(&rows).expect("JSON"))
            .execute(&mut db)
            .await
            .expect("rows");
        let terms: Vec<(i64, String)> = query_as("SELECT doc, term FROM g").fetch_all(&mut db).await.expect("terms");
        assert_eq!(terms.len(), cased.len());
        let folded: std::collections::HashMap<char, char> = terms
            .iter()
            .filter_map(|(doc, term)| Some((u32::try_from(*doc).ok().and_then(char::from_u32)?, term.chars().next()?)))
            .collect();
        for (doc, term) in terms {
            let c = u32::try_from(doc).ok().and_then(char::from_u32).expect("a character");
            let fold = term.chars().next().expect("a term");
            assert!(folds(c).contains(&fold), "{c:?} is folded to {fold:?}");
            // So a trigram of the index can be looked up as it is.
            assert!(folded.get(&fold).is_none_or(|again| *again == fold), "{c:?} is folded to {fold:?}, which is folded again");
            if matches!(fold, 'k' | 's') {
                let listed = missed_by_like(&fold.to_string()).expect("both are listed");
                assert!(c.eq_ignore_ascii_case(&fold) || listed.contains(c), "{c:?} is found as {fold:?}");
            }
            if fold != c && is_plain(fold) {
                assert!(c.is_ascii_uppercase(), "{c:?} is found as {fold:?}, which is called plain");
            }
        }
    }
}
