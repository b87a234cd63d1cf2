//! Which styles show a number as a date, and which moment such a number is. Spreadsheets have no time zones: the moment is taken
//! as UTC.

use std::{collections::HashMap, io::Read};

use time::{Date, Duration, Month, PrimitiveDateTime};

use super::xml::{Piece, Xml, attribute};
use crate::import::read::ReadError;

/// By the number of a style: whether the style shows a date.
#[derive(Default)]
pub(super) struct Dates {
    styles: Vec<bool>,
    /// Days are counted from 1904, as in old workbooks for Macintosh.
    pub from_1904: bool,
}

impl Dates {
    /// Reads the styles.
    pub fn read(&mut self, xml: &mut Xml<'_, impl Read>) -> Result<(), ReadError> {
        let mut formats: HashMap<u32, bool> = HashMap::new();
        let mut of_cells = None;
        loop {
            let depth = xml.depth();
            let start = match xml.next()? {
                Piece::Start(start) => start,
                Piece::End(_) => {
                    // Styles of other things than cells have the same element.
                    of_cells = of_cells.filter(|&of_cells| of_cells < depth);
                    continue;
                }
                Piece::Over => return Ok(()),
                _ => continue,
            };
            let number = |name: &str| Ok::<_, ReadError>(attribute(&start, name)?.and_then(|id| id.parse::<u32>().ok()));
            match start.local_name().as_ref() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (number("numFmtId")?, attribute(&start, "formatCode")?) {
                        formats.insert(id, shows_date(&code));
                    }
                }
                "cellXfs" => of_cells = Some(depth + 1),
                "xf" if of_cells.is_some() => {
                    let date = number("numFmtId")?.is_some_and(|id| formats.get(&id).copied().unwrap_or_else(|| is_date(id)));
                    self.styles.push(date);
                }
                _ => {}
            }
        }
    }

    /// A number as a cell of that style shows it: a moment in ISO 8601, or the number itself.
    pub fn text(&self, number: f64, style: Option<usize>) -> String {
        let date = style.and_then(|style| self.styles.get(style)).copied().unwrap_or(false);
        let moment = if date { moment(number, self.from_1904) } else { None };
        // Whole numbers are given without a decimal point, however the spreadsheet wrote them.
        moment.unwrap_or_else(|| number.to_string())
    }
}

/// Formats that every workbook has (ECMA-376, 18.8.30), those of East Asian editions among them.
fn is_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format shows a date or a time: its first section has one of their letters outside of quotes, escapes and brackets,
/// or an elapsed time in brackets, such as `[h]`.
fn shows_date(code: &str) -> bool {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter.to_ascii_lowercase() {
            // The next character means itself.
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.by_ref().find(|&letter| letter == '"')),
            '[' => {
                let inside: String = letters.by_ref().take_while(|&letter| letter != ']').collect();
                let inside = inside.to_ascii_lowercase();
                let first = inside.chars().next();
                if matches!(first, Some('h' | 'm' | 's')) && inside.chars().all(|letter| Some(letter) == first) {
                    return true;
                }
            }
            ';' => return false,
            'd' | 'm' | 'h' | 'y' | 's' => return true,
            _ => {}
        }
    }
    false
}

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

/// A number of days as a moment; `None` before the first day or after the year 9999.
fn moment(days: f64, from_1904: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    let milliseconds = (days * DAY).round();
    // There was no 29 February 1900, but spreadsheets count it; a cell with that day has no date.
    if !from_1904 && (60.0..61.0).contains(&(milliseconds / DAY)) {
        return Some("1900-02-29T00:00:00Z".to_owned());
    }
    let (year, month, day) = match (from_1904, days < 60.0) {
        (true, _) => (1904, Month::January, 1),
        (false, true) => (1899, Month::December, 31),
        (false, false) => (1899, Month::December, 30),
    };
    let first = Date::from_calendar_date(year, month, day).ok()?;
    // At most 3 × 10^14: whole and exact.
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds above")]
    let since = Duration::milliseconds(milliseconds as i64);
    let at = PrimitiveDateTime::new(first, time::Time::MIDNIGHT).checked_add(since)?;
    let fraction = if at.millisecond() == 0 { String::new() } else { format!(".{:03}", at.millisecond()) };
    let (date, clock) = (at.date(), at.time());
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        for code in [
            "DD/MM/YY",
            "H:MM:SS;@",
            "m\"M\"d\"D\";@",
            "[h]:mm:ss",
            "[ss]",
            "[$-404]e\"x\"m",
            "yyyy\\-mm",
            "[Blue]\\+[h]:mm",
            "AM/PM",
        ] {
            assert!(shows_date(code), "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0\\ [$\\u20bd-46D]",
            "\"Y: \"0.00\"m\";@",
            "\"$\"#,##0_);[Red](\"$\"#,##0)",
            "0_ ;[Red]\\-0\\ ",
            "\\Y000000",
            "#,##0.0####\" YMD\"",
            "[>=100][Magenta].00",
            "0;yyyy",
            "[",
            "\"",
            "\\",
            "[hm]0",
            "*d0",
        ] {
            assert!(!shows_date(code), "{code}");
        }
    }

    #[test]
    fn days_are_counted_from_1900_or_1904() {
        for (days, from_1904, text) in [
            (0.0, false, "1899-12-31T00:00:00Z"),
            (1.0, false, "1900-01-01T00:00:00Z"),
            (59.0, false, "1900-02-28T00:00:00Z"),
            (60.0, false, "1900-02-29T00:00:00Z"),
            (61.0, false, "1900-03-01T00:00:00Z"),
            (46_347.365_279_629_63, false, "2026-11-21T08:46:00.160Z"),
            (36_526.5, false, "2000-01-01T12:00:00Z"),
            (0.0, true, "1904-01-01T00:00:00Z"),
            (44_885.0, true, "2026-11-21T00:00:00Z"),
            (2_958_465.0, false, "9999-12-31T00:00:00Z"),
            // Rounded up to the next day.
            (36_526.999_999_999_9, false, "2000-01-02T00:00:00Z"),
        ] {
            assert_eq!(moment(days, from_1904).as_deref(), Some(text), "{days}");
        }
        for days in [-1.0, 2_958_466.0, f64::NAN, f64::INFINITY] {
            assert_eq!(moment(days, false), None, "{days}");
        }
    }
}
