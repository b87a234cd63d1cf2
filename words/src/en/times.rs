//! English: dates, ages and short numbers.

use super::plural;
use crate::shape::times::{Age, Clock, TimeWords};

fn age(age: Age) -> String {
    match age {
        Age::Now => "just now".to_owned(),
        Age::Minutes(n) => plural(n, "minute", "minutes") + " ago",
        Age::Hours(n) => plural(n, "hour", "hours") + " ago",
        Age::Days(n) => plural(n, "day", "days") + " ago",
        Age::Months(n) => plural(n, "month", "months") + " ago",
        Age::Years(n) => plural(n, "year", "years") + " ago",
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Of one of the months 1 to 12.
fn month_name(month: u8) -> &'static str {
    MONTHS.get(usize::from(month) - 1).copied().unwrap_or_default()
}

pub(super) const WORDS: TimeWords = TimeWords {
    age,
    short_steps: &[(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")],
    day: |month, day| format!("{day} {}", month_name(month)),
    date_time: |Clock { year, month, day, hour, minute }| format!("{day} {} {year}, {hour:02}:{minute:02}", month_name(month)),
};
