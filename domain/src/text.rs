//! The checks that several fields share: lengths, characters, line breaks. Pure.

use crate::Code;

/// One line breaks as one character, however the browser sent it: forms normalise to CR LF, the counter beside the field
/// counts LF.
pub fn unify_line_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// At most `max` bytes of UTF-8.
pub fn at_most_bytes(text: &str, max: usize) -> Result<(), Code> {
    let actual = text.len();
    if actual > max { Err(Code::TooManyBytes { max, actual }) } else { Ok(()) }
}

/// At most `max` Unicode scalar values.
pub fn at_most_chars(text: &str, max: usize) -> Result<(), Code> {
    let actual = text.chars().count();
    if actual > max { Err(Code::TooManyChars { max, actual }) } else { Ok(()) }
}

/// No NUL and, because the field has one line, no other control character.
pub fn one_line(text: &str) -> Result<(), Code> {
    no_nul(text)?;
    if text.chars().any(char::is_control) { Err(Code::ControlCharacter) } else { Ok(()) }
}

/// No NUL: no page, file or header can carry it unharmed.
pub fn no_nul(text: &str) -> Result<(), Code> {
    if text.contains('\0') { Err(Code::NulCharacter) } else { Ok(()) }
}

/// Not empty and not white space only.
pub fn required(text: &str) -> Result<(), Code> {
    if text.is_empty() {
        Err(Code::Required)
    } else if text.trim().is_empty() {
        Err(Code::Blank)
    } else {
        Ok(())
    }
}

/// A whole number from 0 to `u32::MAX`; empty is `None`.
pub fn optional_u32(text: &str) -> Result<Option<u32>, Code> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Code::NotNumber { min: 0, max: u32::MAX.into() })
}

/// Defines a type that holds a checked text and can only be made through its `parse`.
#[macro_export]
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The one way in: the code says which rule the text breaks.
            pub fn parse(text: &str) -> std::result::Result<Self, $crate::Code> {
                $check(text).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

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

/// Defines an enum whose values are the words on the wire and in SQL, with a parser and the list of all.
#[macro_export]
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire and in SQL.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// `Code::NotChoice` for a word that is none of them.
            pub fn parse(word: &str) -> std::result::Result<Self, $crate::Code> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::Code::NotChoice),
                }
            }
        }
    };
}
