//! How credentials are called, how long tokens live and what they look like. Pure.

use crate::{Code, checked_text, limits, text};

checked_text! {
    /// 1 to 60 characters on one line, without spaces around.
    CredentialName, check_name
}

fn check_name(input: &str) -> Result<String, Code> {
    let input = input.trim();
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_chars(input, limits::CREDENTIAL_NAME_CHARS)?;
    Ok(input.to_owned())
}

/// What every token begins with, as those of Easemob do; some clients look at it.
pub const TOKEN_PREFIX: &str = "YWMt";
/// Characters of a token.
pub const TOKEN_CHARS: usize = 48;

/// Whether a text could be one of our tokens at all. Says nothing about whether it is one.
pub fn looks_like_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS
        && text.starts_with(TOKEN_PREFIX)
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// How long a token is to be good, seconds: as asked for, else 60 days; 0 means for ever.
pub fn lifetime(asked: Option<i64>) -> Result<i64, Code> {
    match asked {
        None => Ok(limits::API_TOKEN_S),
        Some(seconds @ 0..=limits::API_TOKEN_MAX_S) => Ok(seconds),
        Some(_) => Err(Code::NotNumber { min: 0, max: limits::API_TOKEN_MAX_S }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_on_one_line() {
        assert_eq!(CredentialName::parse("  Shop 后端 ").map(CredentialName::into_string), Ok("Shop 后端".to_owned()));
        assert_eq!(CredentialName::parse(" "), Err(Code::Required));
        assert_eq!(CredentialName::parse("a\nb"), Err(Code::ControlCharacter));
        assert_eq!(CredentialName::parse(&"店".repeat(61)), Err(Code::TooManyChars { max: 60, actual: 61 }));
    }

    #[test]
    fn tokens_live_as_long_as_asked() {
        assert_eq!(lifetime(None), Ok(5_184_000));
        assert_eq!(lifetime(Some(0)), Ok(0));
        assert_eq!(lifetime(Some(1_024_000)), Ok(1_024_000));
        for wrong in [-1, i64::MIN, i64::MAX, limits::API_TOKEN_MAX_S + 1] {
            assert!(lifetime(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_token_is_told_apart() {
        let token = format!("YWMt{}", "a".repeat(44));
        assert!(looks_like_token(&token));
        for wrong in ["", "YWMt", "abc", &token.replace('Y', "X"), &token.replace("aa", "+="), &format!("{token}a")] {
            assert!(!looks_like_token(wrong), "{wrong}");
        }
    }
}
