//! One term for one thing, in each language. See `shape/glossary.rs` for what each term stands for.

use domain::operator::Language;

use crate::{en, ko, shape::glossary::Glossary, zh};

/// The terms of a language. No page shows them: they are for those who write its texts.
pub const fn terms(language: Language) -> &'static Glossary {
    match language {
        Language::En => &en::glossary::TERMS,
        Language::Zh => &zh::glossary::TERMS,
        Language::Ko => &ko::glossary::TERMS,
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::LanguageWords;

    /// All texts of a language, the glossary's own left out.
    fn texts(language: Language) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(language.as_str());
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| !file.ends_with("glossary.rs")).map(|file| fs::read_to_string(file).unwrap().to_lowercase()).collect()
    }

    #[test]
    fn every_term_is_used_by_the_texts() {
        for &language in Language::ALL {
            let texts = texts(language);
            for (thing, term) in terms(language).all() {
                assert!(texts.contains(&term.to_lowercase()), "{}: no text says «{term}» ({thing})", language.own_name());
            }
        }
    }

    #[test]
    fn no_term_stands_for_two_things() {
        for &language in Language::ALL {
            let mut terms: Vec<&str> = terms(language).all().into_iter().map(|(_, term)| term).collect();
            let all = terms.len();
            terms.sort_unstable();
            terms.dedup();
            assert_eq!(terms.len(), all, "{}", language.own_name());
        }
    }
}
