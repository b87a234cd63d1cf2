//! Texts as a sheet holds them.

/// The longest text of a cell, in UTF-16 units as spreadsheets count; a longer text is cut.
pub(super) const CELL: usize = 32_767;

/// The beginning of a text that fits a cell.
pub fn fitting(text: &str) -> &str {
    // A byte is at least one unit, so most texts need no counting.
    if text.len() <= CELL {
        return text;
    }
    let mut units = 0;
    for (end, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL {
            return &text[..end];
        }
    }
    text
}

/// Whether a reader would drop white space of the text unless told not to.
pub(super) fn is_spaced(text: &str) -> bool {
    let space = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t' | b'\n'));
    space(text.as_bytes().first()) || space(text.as_bytes().last())
}

/// Appends a text to XML. What XML cannot hold is written as spreadsheets do, `_x000D_`, and so is what looks like that.
pub(super) fn push_escaped(xml: &mut Vec<u8>, text: &str) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !is_special(byte) {
            continue;
        }
        let rest = &text.as_bytes()[at..];
        let mut code = *b"_x0000_";
        let escaped: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'_' if is_code(rest) => b"_x005F_",
            0xEF if rest.starts_with("\u{fffe}".as_bytes()) => b"_xFFFE_",
            0xEF if rest.starts_with("\u{ffff}".as_bytes()) => b"_xFFFF_",
            b'_' | 0xEF => continue,
            control => {
                (code[4], code[5]) = (hex(control >> 4), hex(control & 15));
                &code
            }
        };
        xml.extend_from_slice(&text.as_bytes()[copied..at]);
        xml.extend_from_slice(escaped);
        copied = at + if byte == 0xEF { 3 } else { 1 };
    }
    xml.extend_from_slice(&text.as_bytes()[copied..]);
}

/// Bytes that may begin something that cannot stay as it is.
fn is_special(byte: u8) -> bool {
    match byte {
        b'\t' | b'\n' => false,
        0..0x20 | b'&' | b'<' | b'>' | b'_' | 0xEF => true,
        _ => false,
    }
}

/// Whether the bytes begin as `_x000D_` does. The last `_` may be that of a code which follows, written for a character that XML cannot
/// hold.
fn is_code(bytes: &[u8]) -> bool {
    let ends = |rest: &[u8]| match rest {
        [b'\t' | b'\n', ..] | [] => false,
        [b'_' | 0..0x20, ..] => true,
        rest => rest.starts_with("\u{fffe}".as_bytes()) || rest.starts_with("\u{ffff}".as_bytes()),
    };
    matches!(bytes, [b'_', b'x', digits @ ..] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && ends(&digits[4..]))
}

fn hex(digit: u8) -> u8 {
    b"0123456789ABCDEF"[usize::from(digit & 15)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cut_where_spreadsheets_end_them() {
        assert_eq!(fitting("a"), "a");
        let long = "가".repeat(CELL + 1);
        assert_eq!(fitting(&long).chars().count(), CELL);
        // Two units each, and never half of one.
        let long = "😀".repeat(CELL);
        assert_eq!(fitting(&long).chars().count(), CELL / 2);
    }

    #[test]
    fn what_xml_cannot_hold_is_written_as_spreadsheets_do() {
        for (text, expected) in [
            ("plain 群", "plain 群"),
            ("a<b>&\"c'", "a&lt;b&gt;&amp;\"c'"),
            ("\ta\nb\r", "\ta\nb_x000D_"),
            ("\0\u{1b}\u{1f}", "_x0000__x001B__x001F_"),
            ("_x000D_ _x00e9_ _x12_ _xyzzy_ __", "_x005F_x000D_ _x005F_x00e9_ _x12_ _xyzzy_ __"),
            ("_x000D_x000A_", "_x005F_x000D_x005F_x000A_"),
            ("\u{fffd}\u{fffe}\u{ffff}\u{ff21}", "\u{fffd}_xFFFE__xFFFF_\u{ff21}"),
            ("_x0041\u{ffff} _x0041\r _x0041\n", "_x005F_x0041_xFFFF_ _x005F_x0041_x000D_ _x0041\n"),
            ("_x", "_x"),
            ("", ""),
        ] {
            let mut xml = Vec::new();
            push_escaped(&mut xml, text);
            assert_eq!(String::from_utf8(xml).unwrap(), expected);
        }
    }
}
