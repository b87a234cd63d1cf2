//! Operator names and passwords. Pure.

use crate::{Code, Error, Result, checked_text, error::Checks, limits, text};

checked_text! {
    /// 1 to 64 characters on one line, without spaces around.
    OperatorName, check_name
}

checked_text! {
    /// A new password: 10 to 256 characters, not one of those that everybody tries first (OWASP ASVS 5.0, 6.2).
    NewPassword, check_password
}

fn check_name(input: &str) -> Result<String, Code> {
    let input = input.trim();
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_chars(input, limits::OPERATOR_NAME_CHARS)?;
    Ok(input.to_owned())
}

fn check_password(input: &str) -> Result<String, Code> {
    if input.is_empty() {
        return Err(Code::Required);
    }
    let actual = input.chars().count();
    if actual < limits::PASSWORD_MIN_CHARS {
        return Err(Code::TooFewChars { min: limits::PASSWORD_MIN_CHARS, actual });
    }
    text::at_most_chars(input, limits::PASSWORD_MAX_CHARS)?;
    if is_common(&input.to_lowercase()) { Err(Code::CommonPassword) } else { Ok(input.to_owned()) }
}

/// Of the usual lists, only entries that are long enough matter here: digits in a row, keyboard walks, a repeated character
/// or pair, and the famous words with digits behind.
fn is_common(password: &str) -> bool {
    const WALKS: [&str; 6] = [
        "01234567890123456789",
        "98765432109876543210",
        "qwertyuiopasdfghjklzxcvbnm",
        "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv5tgb",
        "abcdefghijklmnopqrstuvwxyz",
    ];
    const WORDS: [&str; 12] = [
        "password",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "administrator",
        "iloveyou",
        "welcome",
        "letmein",
        "football",
        "qwerty",
        "changeme",
        "roster",
    ];
    let mut units: Vec<char> = password.chars().collect();
    units.sort_unstable();
    units.dedup();
    let word = password.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '!' | '.' | '@' | '#'));
    units.len() <= 2 || WALKS.iter().any(|walk| walk.contains(password)) || WORDS.contains(&word)
}

/// A new password and its repetition; the errors stand at `password` and `repeat`.
pub fn new_password(password: &str, repeat: &str) -> Result<NewPassword> {
    let mut checks = Checks::new();
    let parsed = checks.take("password", NewPassword::parse(password));
    if parsed.is_some() && password != repeat {
        checks.fail("repeat", Code::Mismatch);
    }
    checks.finish(|| parsed)
}

/// Name, password and repetition of the first operator.
pub fn first_operator(name: &str, password: &str, repeat: &str) -> Result<(OperatorName, NewPassword)> {
    let mut errors = Vec::new();
    let name = OperatorName::parse(name).map_err(|code| Error::field("name", code));
    let password = new_password(password, repeat);
    for error in [name.as_ref().err(), password.as_ref().err()].into_iter().flatten() {
        if let Error::Invalid(more) = error {
            errors.extend(more.iter().cloned());
        }
    }
    match (name, password) {
        (Ok(name), Ok(password)) => Ok((name, password)),
        _ => Err(Error::Invalid(errors)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_famous() {
        assert!(NewPassword::parse("correct horse").is_ok());
        assert!(NewPassword::parse("비밀번호는길어야한다").is_ok());
        assert_eq!(NewPassword::parse("short"), Err(Code::TooFewChars { min: 10, actual: 5 }));
        for word in ["password123", "Password2026!", "1234567890", "aaaaaaaaaaaa", "qwertyuiop", "1q2w3e4r5t", "administrator"] {
            assert_eq!(NewPassword::parse(word), Err(Code::CommonPassword), "{word}");
        }
    }

    #[test]
    fn the_repetition_must_fit() {
        assert_eq!(new_password("correct horse", "correct house"), Err(Error::field("repeat", Code::Mismatch)));
    }

    #[test]
    fn the_first_operator_hears_all_errors_at_once() {
        let Err(Error::Invalid(errors)) = first_operator(" ", "x", "y") else { panic!("accepted") };
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["name", "password"]);
    }
}
