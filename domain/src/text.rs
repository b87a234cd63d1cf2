//! The checks that several fields share: lengths, characters, line breaks. Pure.

use time::{Date, Month};

use crate::Code;

/// Replaces CR LF and CR by LF, so that a line break counts as one character, however the browser sent it: forms send CR LF, the
/// counter beside the field counts LF.
pub fn unify_line_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// [`Code::TooManyBytes`] above `max` bytes of UTF-8.
pub fn at_most_bytes(text: &str, max: usize) -> Result<(), Code> {
    let actual = text.len();
    if actual > max { Err(Code::TooManyBytes { max, actual }) } else { Ok(()) }
}

/// [`Code::TooManyChars`] above `max` Unicode scalar values.
pub fn at_most_chars(text: &str, max: usize) -> Result<(), Code> {
    let actual = text.chars().count();
    if actual > max { Err(Code::TooManyChars { max, actual }) } else { Ok(()) }
}

/// [`Code::ControlCharacter`] for a line break or another control character, because the field has one line; what [`no_nul`]
/// refuses.
pub fn one_line(text: &str) -> Result<(), Code> {
    no_nul(text)?;
    if text.chars().any(char::is_control) { Err(Code::ControlCharacter) } else { Ok(()) }
}

/// [`Code::NulCharacter`] for a text with NUL: no page, file or header can carry it unharmed.
pub fn no_nul(text: &str) -> Result<(), Code> {
    if text.contains('\0') { Err(Code::NulCharacter) } else { Ok(()) }
}

/// Whether the character is invisible and only changes others: Unicode's category Cf (zero-width characters, directions, tags).
pub fn is_format(c: char) -> bool {
    // DerivedGeneralCategory.txt of Unicode 17.
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// [`Code::HiddenCharacter`] for a [format character](is_format): with one, two names look the same, or one name like another.
pub fn nothing_hidden(text: &str) -> Result<(), Code> {
    if text.chars().any(is_format) { Err(Code::HiddenCharacter) } else { Ok(()) }
}

/// The same, but allows the two joiners after a letter that is not ASCII: Persian, the scripts of India and emoji cannot be
/// written without joiners.
pub fn nothing_hidden_but_joiners(text: &str) -> Result<(), Code> {
    let mut before = None;
    for c in text.chars() {
        let joins =
            matches!(c, '\u{200c}' | '\u{200d}') && before.is_some_and(|before: char| !before.is_ascii() && !is_format(before));
        if is_format(c) && !joins {
            return Err(Code::HiddenCharacter);
        }
        before = Some(c);
    }
    Ok(())
}

/// [`Code::MixedScripts`] for a word with letters of more than one of the scripts that look alike: Latin, Cyrillic and Greek
/// (Unicode Technical Standard 39, 5.1, for those three).
pub fn one_script_a_word(text: &str) -> Result<(), Code> {
    let mixed = |word: &str| {
        let mut scripts = word.chars().filter_map(look_alike_script);
        scripts.next().is_some_and(|first| scripts.any(|other| other != first))
    };
    if text.split(|c: char| !c.is_alphanumeric()).any(mixed) { Err(Code::MixedScripts) } else { Ok(()) }
}

/// Which of the three scripts the letter belongs to, by the blocks of Unicode that hold their letters.
fn look_alike_script(c: char) -> Option<u8> {
    match c {
        'A'..='Z'
        | 'a'..='z'
        | '\u{c0}'..='\u{2af}'
        | '\u{1e00}'..='\u{1eff}'
        | '\u{2c60}'..='\u{2c7f}'
        | '\u{a720}'..='\u{a7ff}'
        | '\u{ff21}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}' => Some(0),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(1),
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}' => Some(2),
        _ => None,
    }
}

/// [`Code::Required`] for an empty text, [`Code::Blank`] for white space only.
pub fn required(text: &str) -> Result<(), Code> {
    if text.is_empty() {
        Err(Code::Required)
    } else if text.trim().is_empty() {
        Err(Code::Blank)
    } else {
        Ok(())
    }
}

/// A whole number from 0 to `u32::MAX`; an empty text is `None`, anything else [`Code::NotNumber`].
pub fn optional_u32(text: &str) -> Result<Option<u32>, Code> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Code::NotNumber { min: 0, max: u32::MAX.into() })
}

/// YYYY-MM-DD, a day of the calendar from year 1 on, without a sign or a blank; [`Code::NotDate`] for anything else.
pub fn date(text: &str) -> Result<Date, Code> {
    calendar_day(text).ok_or(Code::NotDate)
}

fn calendar_day(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let fits =
        bytes.iter().enumerate().all(|(place, byte)| if matches!(place, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
    let year = Some(text.get(..4)?.parse().ok()?).filter(|year| *year >= 1 && fits)?;
    let (month, day): (u8, u8) = (text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?);
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

/// A number that is written in digits of ASCII alone, without a sign; `None` for anything else.
pub fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Defines a type that holds a checked text. Its `parse` is the only way to build one, so that a value of the type never breaks its rule.
/// The use site reads `pub struct Name = check;`, where `check` takes the text and gives back the text to keep, or a [`Code`].
#[macro_export]
macro_rules! checked_text {
    ($(#[$doc:meta])* pub struct $name:ident = $check:path;) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Checks the text. The [`Code`](crate::Code) names the first rule that the text breaks.
            pub fn parse(text: &str) -> std::result::Result<Self, $crate::Code> {
                $check(text).map(Self)
            }

            /// The text as the check gave it back: trimmed where the rule trims.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The same text, without a copy.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Defines the type of a text as it is stored. Forms and the REST API have rules of their own for such a text. Each of their checked
/// types converts into this one, and there is no other way to build one. The use site reads `pub struct Name = Checked | Checked;`.
#[macro_export]
macro_rules! kept_text {
    ($(#[$doc:meta])* pub struct $name:ident = $($checked:ident)|+;) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text as its check gave it back.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        $(impl From<$checked> for $name {
            fn from(text: $checked) -> Self {
                Self(text.into_string())
            }
        })+
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_found() {
        for text in ["admin\u{200b}", "\u{202e}nimda", "a\u{ad}b", "\u{feff}x", "x\u{2066}y", "flag\u{e0067}", "soft\u{200d}ware"]
        {
            assert_eq!(nothing_hidden(text), Err(Code::HiddenCharacter), "{text:?}");
            assert_eq!(nothing_hidden_but_joiners(text), Err(Code::HiddenCharacter), "{text:?}");
        }
        for text in ["admin", "Grace 그레이스", "José", "小明", "مرحبا"] {
            assert_eq!(nothing_hidden(text), Ok(()), "{text}");
        }
        // Persian, Sinhala and a family are written with joiners.
        for text in ["می\u{200c}خواهم.pdf", "ශ්\u{200d}රී", "👨\u{200d}👩\u{200d}👧.png"] {
            assert_eq!((nothing_hidden_but_joiners(text), nothing_hidden(text)), (Ok(()), Err(Code::HiddenCharacter)), "{text}");
        }
        assert!(nothing_hidden_but_joiners("ශ්\u{200d}\u{200d}").is_err(), "one joiner is enough");
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert_eq!(date("2028-02-29"), Date::from_calendar_date(2028, Month::February, 29).map_err(|_| Code::NotDate));
        for text in [
            "",
            "+2027-01-01",
            "+202-01-01",
            "2027-+1-01",
            "2027-1-1",
            "02027-1-1",
            " 2027-01-01",
            "2027-01-01 ",
            "2027-02-29",
            "0000-01-01",
            "2027/01/01",
            "２０２７-01-01",
            "2027-01-1\u{661}",
            "2027-00-01",
        ] {
            assert_eq!(date(text), Err(Code::NotDate), "{text:?}");
        }
    }

    #[test]
    fn a_word_has_one_of_the_scripts_that_look_alike() {
        for text in ["аdmin", "аdмin", "αdmin", "Аnna Smith", "pаypal-2"] {
            assert_eq!(one_script_a_word(text), Err(Code::MixedScripts), "{text}");
        }
        for text in ["admin", "Анна", "Анна Smith", "Μαρία", "kim소라", "王小明 Wang", "émile-ß9"] {
            assert_eq!(one_script_a_word(text), Ok(()), "{text}");
        }
    }
}
