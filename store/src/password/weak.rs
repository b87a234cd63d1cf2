//! New passwords of operators: long enough, and none of those that are tried first (OWASP ASVS 5.0, 6.2.4, 6.2.11, 6.2.12). Only
//! the server checks this: zxcvbn, which judges a password, and the list together are too large for a page to load.

use std::{collections::HashSet, sync::LazyLock};

use domain::{
    Code, Error, Result,
    error::Checks,
    operator::rules::{OperatorName, password_length},
};

/// The most used passwords that are long enough, in lower case. The file names its source.
static MOST_USED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let list = include_str!("../../passwords/most_used.txt");
    list.lines().filter(|line| !line.starts_with("# ")).collect()
});

/// Passwords that need fewer guesses than this are refused: a stranger whose attempts are limited needs centuries for as many,
/// and somebody who has stolen the database a month of computing (zxcvbn's «somewhat guessable» ends there).
const GUESSES: u64 = 100_000_000;
/// The same without the signs around the password, of which people add one or two.
const GUESSES_WITHOUT_SIGNS: u64 = 30_000_000;

/// A new password: 10 to 256 characters, not easy to guess, also not for somebody who knows the names of this server.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl NewPassword {
    /// Checks a password. `names`: of the operator, of apps and their organisations. [`Code::CommonPassword`] for what is easy to
    /// guess; [`Code::Required`], [`Code::TooFewChars`] and [`Code::TooManyChars`] for the length.
    pub fn parse(text: &str, names: &[String]) -> Result<Self, Code> {
        password_length(text)?;
        if is_weak(text, names) { Err(Code::CommonPassword) } else { Ok(Self(text.to_owned())) }
    }

    /// The password in plain text, to be hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a new password and its repetition; the errors are at `password` and `repeat`, [`Code::Mismatch`] for the latter.
pub fn new_password(password: &str, repeat: &str, names: &[String]) -> Result<NewPassword> {
    let mut checks = Checks::new();
    let parsed = checks.take("password", NewPassword::parse(password, names));
    if parsed.is_some() && password != repeat {
        checks.fail("repeat", Code::Mismatch);
    }
    checks.finish(|| parsed)
}

/// Checks name, password and repetition of the first operator; all errors at once, at `name`, `password` and `repeat`.
pub fn first_operator(name: &str, password: &str, repeat: &str, names: &[String]) -> Result<(OperatorName, NewPassword)> {
    let mut names = names.to_vec();
    names.push(name.to_owned());
    let parsed = OperatorName::parse(name).map_err(|code| Error::field("name", code));
    match (parsed, new_password(password, repeat, &names)) {
        (Ok(name), Ok(password)) => Ok((name, password)),
        (Err(Error::Invalid(mut errors)), Err(Error::Invalid(more))) => {
            errors.extend(more);
            Err(Error::Invalid(errors))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

fn is_weak(password: &str, names: &[String]) -> bool {
    let password = password.to_lowercase();
    let bare = password.trim_matches(|c: char| !c.is_alphanumeric());
    if MOST_USED.contains(password.as_str()) || MOST_USED.contains(bare) {
        return true;
    }
    let words = known_words(names);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let guesses = |text: &str| zxcvbn::zxcvbn(text, &words).guesses();
    guesses(&password) < GUESSES || guesses(bare) < GUESSES_WITHOUT_SIGNS
}

/// Words that somebody who knows this server tries: its names, whole and in parts.
fn known_words(names: &[String]) -> Vec<String> {
    let mut words = vec!["roster".to_owned(), "admin".to_owned()];
    for name in names {
        let name = name.trim().to_lowercase();
        let parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        words.extend(parts.iter().map(|part| (*part).to_owned()));
        words.extend(["", "-", "_", "."].map(|between| parts.join(between)));
        words.push(name);
    }
    let mut seen = HashSet::new();
    // Shorter words occur everywhere.
    words.retain(|word| word.chars().count() > 2 && seen.insert(word.clone()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["known", "demo/chat", "Acme Messenger", "Ada Lovelace", "소라"].map(str::to_owned).to_vec()
    }

    /// Kinds of passwords that people choose.
    #[test]
    fn usual_passwords_are_refused() {
        const USUAL: [&str; 74] = [
            "sunshine123",
            "Summer2026!",
            "adminadmin",
            "123qweasdzxc",
            "123123123123",
            "known12345",
            "demo-chat1",
            "password123",
            "Password2026!",
            "passwordpassword",
            "password!password",
            "P@ssw0rd123",
            "p@$$w0rd2026",
            "1234567890",
            "0987654321",
            "1111111111",
            "2222233333",
            "11223344556",
            "1029384756",
            "111222333444",
            "aaaaaaaaaaaa",
            "abababababab",
            "abcdefghij",
            "abcd123456",
            "abc123abc123",
            "qwertyuiop",
            "Qwerty123!",
            "qwertyqwerty",
            "1q2w3e4r5t",
            "q1w2e3r4t5",
            "1qaz2wsx3edc",
            "zaq12wsxcde3",
            "qazwsxedcrfv",
            "asdfghjkl1",
            "zxcvbnm123",
            "zxc123zxc123",
            "administrator",
            "Administrator1",
            "admin12345",
            "Admin@2026",
            "roster2026!",
            "rosterroster",
            "Welcome123",
            "w3lcome2026",
            "letmeinletmein",
            "LetMeIn2026",
            "iloveyou1!",
            "football123",
            "baseball99!",
            "changeme123",
            "monkey12345",
            "dragon2024",
            "princess2010",
            "superman123",
            "starwars77",
            "michael1990",
            "jennifer12",
            "charlie2019",
            "liverpool1",
            "manchester",
            "january2026",
            "Monday2026!",
            "Spring2025#",
            "december25",
            "19841984",
            "01/01/1990",
            "2026-11-27",
            "test123456",
            "secret1234",
            "hunter2hunter2",
            "a123456789",
            "woaini1314",
            "acme-messenger",
            "AdaLovelace1",
        ];
        let taken: Vec<&str> = USUAL.into_iter().filter(|text| NewPassword::parse(text, &names()).is_ok()).collect();
        assert!(taken.is_empty(), "taken: {taken:?}");
    }

    #[test]
    fn words_in_a_row_and_signs_at_random_are_taken() {
        for text in [
            "correct horse",
            "correct horse battery",
            "a few words in a row",
            "quite another one",
            "words that nobody guesses",
            "at least ten characters",
            "비밀번호는길어야한다",
            "只有我知道的一句长话",
            "xK9#mP2$vL",
            "xK9mP2vLqR",
            "8kq2z7m1xv",
        ] {
            assert!(NewPassword::parse(text, &names()).is_ok(), "{text}");
        }
        assert_eq!(NewPassword::parse("short", &[]).err(), Some(Code::TooFewChars { min: 10, actual: 5 }));
        // Only for somebody who knows the name is it easy to guess.
        assert!(
            NewPassword::parse("messenger acme 26", &[]).is_ok() && NewPassword::parse("acme-messenger26", &names()).is_err()
        );
    }

    #[test]
    fn the_list_is_whole() {
        assert!((2_700..3_500).contains(&MOST_USED.len()), "{}", MOST_USED.len());
        assert!(
            MOST_USED
                .iter()
                .all(|word| word.chars().count() >= domain::limits::PASSWORD_MIN_CHARS && *word == word.to_lowercase())
        );
        for word in ["passer2009", "fqrg7cs493", "123456789a"] {
            assert_eq!(NewPassword::parse(word, &[]).err(), Some(Code::CommonPassword), "{word}");
            assert_eq!(
                NewPassword::parse(&format!("{}!", word.to_uppercase()), &[]).err(),
                Some(Code::CommonPassword),
                "{word}!"
            );
        }
    }

    #[test]
    fn the_repetition_must_fit_and_all_errors_come_at_once() {
        let differs = new_password("correct horse", "correct house", &[]);
        assert_eq!(differs.err(), Some(Error::field("repeat", Code::Mismatch)));
        let Err(Error::Invalid(errors)) = first_operator(" ", "x", "y", &[]) else { panic!("accepted") };
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["name", "password"]);
        assert!(first_operator("grace hopper", "grace-hopper-1906", "grace-hopper-1906", &[]).is_err());
    }
}
