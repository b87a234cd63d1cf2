//! Operator names, and how long passwords are. Pure.

use crate::{Code, Result, checked_text, limits, text};

checked_text! {
    /// 1 to 64 characters on one line, trimmed, without hidden characters and words that mix scripts that look alike: one
    /// operator must not pass for another.
    pub struct OperatorName = check_name;
}

fn check_name(input: &str) -> Result<String, Code> {
    let input = input.trim();
    text::required(input)?;
    text::one_line(input)?;
    text::nothing_hidden(input)?;
    text::one_script_a_word(input)?;
    text::at_most_chars(input, limits::OPERATOR_NAME_CHARS)?;
    Ok(input.to_owned())
}

/// What a name is found by: names are the same without regard to case, in every script.
pub fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// [`Code::TooFewChars`] or [`Code::TooManyChars`] for a new password outside 10 to 256 characters. Whether the password is easy
/// to guess is a check of the server alone.
pub fn password_length(input: &str) -> Result<(), Code> {
    if input.is_empty() {
        return Err(Code::Required);
    }
    let actual = input.chars().count();
    if actual < limits::PASSWORD_MIN_CHARS {
        return Err(Code::TooFewChars { min: limits::PASSWORD_MIN_CHARS, actual });
    }
    text::at_most_chars(input, limits::PASSWORD_MAX_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_all_that_they_are() {
        for (name, code) in
            [("admin\u{200b}", Code::HiddenCharacter), ("\u{202e}nimda", Code::HiddenCharacter), ("аdmin", Code::MixedScripts)]
        {
            assert_eq!(OperatorName::parse(name), Err(code), "{name:?}");
        }
        assert!(OperatorName::parse(" Grace 그레이스 ").is_ok_and(|name| name.as_str() == "Grace 그레이스"));
    }
}
