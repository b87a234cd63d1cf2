//! Cells of CSV that a spreadsheet would take for a formula, made harmless so that an import gets the exact text back. Pure; the
//! browser needs it too. XLSX and JSON Lines mark what is text and need none of it.

use std::borrow::Cow;

/// Whether a spreadsheet would take the text for a formula (OWASP, CSV injection).
fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell as CSV has it: a formula gets an apostrophe before it, which makes it text. A text that looks as if that had happened
/// already (apostrophes, then the beginning of a formula) gets one more, so that [`unguard`] always gives back the exact text.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if begins_formula(cell.trim_start_matches('\'')) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The text that [`guard`] was given: removes one apostrophe where `guard` added one, and nowhere else.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if begins_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_become_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@a"] {
            assert_eq!(guard(cell), format!("'{cell}"));
        }
        for cell in ["", "a=1", " =1", "小明", "'", "'tis", "''", "1-1"] {
            assert_eq!(guard(cell), cell);
        }
    }

    #[test]
    fn what_nobody_guarded_stays() {
        for cell in ["'tis", "'", "=1", "-5", "O'Neil"] {
            assert_eq!(unguard(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn the_way_back_is_exact(cell in "['=+@\t\r a-]{0,6}.{0,4}") {
            let guarded = guard(&cell);
            prop_assert!(!begins_formula(&guarded));
            prop_assert_eq!(unguard(&guarded), cell.as_str());
        }
    }
}
