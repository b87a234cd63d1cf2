//! What a message may contain. Pure; shared by browser and server.

use crate::{Code, account::rules::Username, checked_text, limits, text};

checked_text! {
    /// Text of 1 to 300 characters (Unicode scalar values; a line break counts as one); [`Code::Blank`] for white space only.
    pub struct MessageText = check_text;
}

fn check_text(input: &str) -> Result<String, Code> {
    let input = text::unify_line_breaks(input);
    text::required(&input)?;
    text::no_nul(&input)?;
    text::at_most_chars(&input, limits::MESSAGE_CHARS)?;
    Ok(input)
}

/// The text of a message from a client: 1 to 5,120 bytes together with the message's `ext`; [`Code::Blank`] for white space only.
pub fn client_text(input: &str, ext_bytes: usize) -> Result<String, Code> {
    let input = text::unify_line_breaks(input);
    text::required(&input)?;
    text::no_nul(&input)?;
    let (max, actual) = (limits::API_MESSAGE_BYTES, input.len() + ext_bytes);
    if actual > max { Err(Code::TooManyBytes { max, actual }) } else { Ok(input) }
}

checked_text! {
    /// The name that a back end gives as the sender: 1 to 64 bytes on one line, trimmed.
    pub struct Sender = check_sender;
}

fn check_sender(input: &str) -> Result<String, Code> {
    let input = input.trim();
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_bytes(input, limits::API_USERNAME_BYTES)?;
    Ok(input.to_owned())
}

impl From<Username> for Sender {
    fn from(name: Username) -> Self {
        Self(name.into_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_hundred_characters_of_any_width() {
        assert!(MessageText::parse(&"😀".repeat(300)).is_ok());
        assert_eq!(MessageText::parse(&"😀".repeat(301)), Err(Code::TooManyChars { max: 300, actual: 301 }));
        assert!(MessageText::parse(&"中".repeat(300)).is_ok());
    }

    #[test]
    fn a_line_break_counts_once_however_the_browser_sends_it() {
        let text = format!("{}\r\n{}", "a".repeat(150), "b".repeat(149));
        assert_eq!(MessageText::parse(&text).map(|t| t.as_str().chars().count()), Ok(300));
    }

    #[test]
    fn white_space_alone_is_refused() {
        assert_eq!(MessageText::parse(" \n\t\u{3000}"), Err(Code::Blank));
        assert_eq!(MessageText::parse(""), Err(Code::Required));
    }

    proptest! {
        #[test]
        fn texts_break_exactly_above_three_hundred_characters(n in 1usize..400, c in prop_oneof![Just('a'), Just('中'), Just('😀'), Just('\u{301}')]) {
            let text: String = std::iter::repeat_n(c, n).collect();
            prop_assert_eq!(MessageText::parse(&text).is_ok(), n <= limits::MESSAGE_CHARS);
        }
    }
}
