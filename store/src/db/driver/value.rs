//! Values that are bound to a statement.

use smallvec::SmallVec;

/// A bound value. An absent one has a type too, which engines other than SQLite ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Int(Option<i64>),
    /// True or false.
    Bool(Option<bool>),
    /// A text.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

/// The values of a statement in the order of their numbers. Most statements have so few that they need no memory of their own.
pub type Values = SmallVec<[Value; 6]>;

/// How values of these types are bound, and absent ones.
macro_rules! bound {
    ($($from:ty => $kind:ident, $into:expr;)*) => {
        $(
            impl From<$from> for Value {
                fn from(value: $from) -> Self {
                    Self::$kind(Some($into(value)))
                }
            }

            impl From<Option<$from>> for Value {
                fn from(value: Option<$from>) -> Self {
                    Self::$kind(value.map($into))
                }
            }
        )*
    };
}

bound! {
    i64 => Int, |number| number;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Bool, |flag| flag;
    String => Text, |text| text;
    &String => Text, Clone::clone;
    &str => Text, str::to_owned;
    &i64 => Int, |number: &i64| *number;
    Vec<u8> => Bytes, |bytes| bytes;
    &Vec<u8> => Bytes, Clone::clone;
    &[u8] => Bytes, <[u8]>::to_vec;
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}
