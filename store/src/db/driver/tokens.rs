//! Tokens: what the engines write differently, as an `@` with a word in a text that is common otherwise. All of this runs in the
//! compiler.

/// One of the words that follow an `@` in a text.
#[derive(Debug)]
pub struct Token {
    pub name: &'static str,
    /// What stands for `@name(`, or for `@name` when [`Self::after`] is `None`.
    pub before: &'static str,
    /// What stands for the parenthesis that closes it.
    pub after: Option<&'static str>,
}

/// How an engine writes the tokens.
#[derive(Debug)]
pub struct Dialect {
    pub tokens: &'static [Token],
    /// What stands for a batch of rows, `@rows($1: a int, b text)`, in this order: before the first column; before the number of a
    /// column, from 0; between its number and its name; between two columns; before the value `$1`; behind it.
    pub rows: [&'static str; 6],
}

/// Bytes that were made of texts.
pub const fn text_of(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a token is next to half a character"),
    }
}

/// How deep tokens may stand in each other.
const DEPTH: usize = 8;

/// What has been written; without room it is only counted.
struct Output<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Output<N> {
    const fn push(&mut self, byte: u8) {
        if self.length < N {
            self.bytes[self.length] = byte;
        }
        self.length += 1;
    }

    const fn push_all(&mut self, text: &[u8]) {
        let mut at = 0;
        while at < text.len() {
            self.push(text[at]);
            at += 1;
        }
    }

    const fn push_part(&mut self, text: &[u8], mut from: usize, to: usize) {
        while from < to {
            self.push(text[from]);
            from += 1;
        }
    }
}

/// The text with its tokens replaced, and its length.
pub const fn expand<const N: usize>(text: &str, dialect: &Dialect) -> ([u8; N], usize) {
    let text = text.as_bytes();
    let mut out = Output::<N> { bytes: [0; N], length: 0 };
    let mut closing = [(0, ""); DEPTH];
    let (mut open, mut depth, mut at) = (0, 0, 0);
    while at < text.len() {
        match text[at] {
            b'@' if starts(text, at + 1, b"rows(") => at = rows(text, at + 6, dialect, &mut out),
            b'@' => {
                let token = find(text, at + 1, dialect.tokens);
                out.push_all(token.before.as_bytes());
                at += 1 + token.name.len();
                if let Some(after) = token.after {
                    assert!(at < text.len() && text[at] == b'(', "this token has an argument");
                    assert!(open < DEPTH, "tokens stand too deep in each other");
                    depth += 1;
                    closing[open] = (depth, after);
                    open += 1;
                    at += 1;
                }
            }
            b')' if open > 0 && closing[open - 1].0 == depth => {
                open -= 1;
                depth -= 1;
                out.push_all(closing[open].1.as_bytes());
                at += 1;
            }
            byte => {
                match byte {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                out.push(byte);
                at += 1;
            }
        }
    }
    assert!(open == 0, "a token is not closed");
    (out.bytes, out.length)
}

/// Writes `$1: a int, b text)` as a table with these columns; where it ends.
const fn rows<const N: usize>(text: &[u8], from: usize, dialect: &Dialect, out: &mut Output<N>) -> usize {
    let [before, column, named, between, value, after] = dialect.rows;
    let mut colon = from;
    while text[colon] != b':' {
        colon += 1;
    }
    out.push_all(before.as_bytes());
    let (mut at, mut number) = (colon + 1, 0);
    while text[at] != b')' {
        if number > 0 {
            out.push_all(between.as_bytes());
        }
        while text[at] == b' ' || text[at] == b'\n' || text[at] == b',' {
            at += 1;
        }
        let name = at;
        while text[at] != b' ' {
            assert!(text[at] == b'_' || text[at].is_ascii_alphanumeric(), "each column of rows has a name and a type");
            at += 1;
        }
        let end = at;
        at += 1;
        let kind = at;
        while text[at] != b',' && text[at] != b')' {
            at += 1;
        }
        assert!(is_type(text, kind, at), "the types of columns are int, text and json");
        assert!(number < 100, "so many columns have no number");
        out.push_all(column.as_bytes());
        if number > 9 {
            out.push(b'0' + number / 10);
        }
        out.push(b'0' + number % 10);
        out.push_all(named.as_bytes());
        out.push_part(text, name, end);
        number += 1;
    }
    out.push_all(value.as_bytes());
    out.push_part(text, from, colon);
    out.push_all(after.as_bytes());
    at + 1
}

/// SQLite's values have their types already; other engines have to be told.
const fn is_type(text: &[u8], from: usize, to: usize) -> bool {
    let length = to - from;
    length == 3 && starts(text, from, b"int") || length == 4 && (starts(text, from, b"text") || starts(text, from, b"json"))
}

/// The token whose name begins there.
const fn find(text: &[u8], at: usize, tokens: &'static [Token]) -> &'static Token {
    let mut number = 0;
    while number < tokens.len() {
        let token = &tokens[number];
        let end = at + token.name.len();
        if starts(text, at, token.name.as_bytes()) && (end == text.len() || !text[end].is_ascii_alphanumeric()) {
            return token;
        }
        number += 1;
    }
    panic!("there is no such token; driver/sqlite/tokens.rs has all")
}

const fn starts(text: &[u8], from: usize, with: &[u8]) -> bool {
    if text.len() < from + with.len() {
        return false;
    }
    let mut at = 0;
    while at < with.len() {
        if text[from + at] != with[at] {
            return false;
        }
        at += 1;
    }
    true
}
