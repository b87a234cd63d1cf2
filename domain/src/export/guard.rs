//! Cells of CSV that a spreadsheet would take for a formula, made harmless so that the way back is exact. Pure; the browser needs it
//! too. XLSX and JSON Lines know what is text and need none of it.

use std::borrow::Cow;

/// How a formula begins (OWASP, CSV injection).
fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell as CSV holds it: before what would be a formula stands an apostrophe, which makes it text. Before what looks as if that had
/// happened already (apostrophes, then the beginning of a formula) stands one more, so that [`unguard`] always gives back exactly
/// what went in.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if begins_formula(cell.trim_start_matches('\'')) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// What [`guard`] was given: takes one apostrophe away where it put one, and nowhere else.
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
