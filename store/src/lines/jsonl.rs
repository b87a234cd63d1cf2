//! JSON Lines: one object per line with the names of the wire, for exports, for the log as it grows and for its archives. Texts
//! are written as they are, formulas too; the states of the log are JSON themselves.

use std::{
    borrow::Cow,
    io::{BufWriter, Write},
};

use domain::{
    Result,
    export::{Kind, times},
    text::is_format,
};

use super::{Cell, fault, is_json_line};

/// Writes rows as JSON Lines.
pub struct JsonLinesWriter<W: Write> {
    out: BufWriter<W>,
    /// What is written before each value, and its kind.
    names: Vec<(String, Kind)>,
    /// The line that is being written.
    line: Vec<u8>,
}

impl<W: Write> JsonLinesWriter<W> {
    /// Begins a file on `out`: key and kind of each column. Nothing is written before the first row.
    pub fn begin(out: W, columns: impl IntoIterator<Item = (&'static str, Kind)>) -> Self {
        let name = |number: usize, key: &str| format!("{}\"{key}\":", if number == 0 { '{' } else { ',' });
        let names = columns.into_iter().enumerate().map(|(number, (key, kind))| (name(number, key), kind)).collect();
        Self { out: BufWriter::with_capacity(1 << 16, out), names, line: Vec::new() }
    }

    /// Writes one row, with a cell for each column. Times are written as ISO 8601, [`Kind::Json`] texts as JSON if they are on
    /// one line.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        let line = &mut self.line;
        line.clear();
        for ((name, kind), cell) in self.names.iter().zip(cells) {
            line.extend(name.as_bytes());
            match cell {
                Cell::Nothing => line.extend(b"null"),
                Cell::Number(at) if *kind == Kind::Time => write!(line, "\"{}\"", times::iso(*at)).map_err(fault)?,
                Cell::Number(number) => write!(line, "{number}").map_err(fault)?,
                Cell::Text(json) if *kind == Kind::Json && is_json_line(json) => line.extend(json.as_bytes()),
                Cell::Text(text) => serde_json::to_writer(&mut *line, text).map_err(fault)?,
            }
        }
        line.extend(b"}\n");
        let text = std::str::from_utf8(line).map_err(fault)?;
        self.out.write_all(nothing_odd(text).as_bytes()).map_err(fault)
    }

    /// Writes the rest; the file.
    pub fn finish(self) -> Result<W> {
        self.out.into_inner().map_err(fault)
    }
}

/// JSON escapes the control characters of ASCII except one; some readers break lines at others, terminals obey some, and some
/// change the direction of the following text or are invisible. JSON has none of them outside of texts.
fn nothing_odd(line: &str) -> Cow<'_, str> {
    let odd = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}') || is_format(c);
    // Most lines are ASCII, which is quickly known.
    if line.is_ascii() && !line.contains('\u{7f}') || !line.contains(odd) {
        return line.into();
    }
    let mut escaped = String::with_capacity(line.len() + 64);
    for c in line.chars() {
        if odd(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_lines_or_does_not_show_is_escaped() {
        let odd = "x\u{2028}y\u{2029}z\u{85}\u{7f}\u{202e}\u{61c}\u{ad}\u{e0041}";
        let line = format!("{{\"a\":\"{odd}\"}}");
        let escaped = nothing_odd(&line);
        assert_eq!(escaped, r#"{"a":"x\u2028y\u2029z\u0085\u007f\u202e\u061c\u00ad\udb40\udc41"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap()["a"], odd, "and means the same");
        for plain in ["{\"a\":1}", "{\"a\":\"群 José\"}"] {
            assert!(matches!(nothing_odd(plain), Cow::Borrowed(_)), "{plain}");
        }
    }
}
