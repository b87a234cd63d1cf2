//! Numbers and times in the reader's language. Pure; the browser passes its own offset from UTC.

use domain::operator::Language;
use time::OffsetDateTime;

use crate::{LanguageWords, shape::times::Clock};
pub use crate::{
    number::{number, signed, size},
    shape::times::Age,
};

/// A round number in few characters, for the axis of a chart: `500`, `25k`, `2M` · `2.5万`, `200万` · `2.5만`.
pub fn short(language: Language, n: i64) -> String {
    let steps = language.strings().times.short_steps;
    let size = n.unsigned_abs();
    let Some((unit, word)) = steps.iter().find(|(unit, _)| size >= *unit) else { return signed(n) };
    let sign = if n < 0 { "−" } else { "" };
    let (whole, tenth) = (size / unit, size % unit * 10 / unit);
    if tenth == 0 { format!("{sign}{whole}{word}") } else { format!("{sign}{whole}.{tenth}{word}") }
}

/// A day counted from 1970, without its year: `21 Nov` · `11月21日` · `11월 21일`.
pub fn day(language: Language, day: i64) -> String {
    let at = moment(day.saturating_mul(domain::limits::DAY_MS), 0);
    (language.strings().times.day)(u8::from(at.month()), at.day())
}

/// A day counted from 1970 as ISO 8601: `2026-11-21`.
pub fn iso_day(day: i64) -> String {
    let at = moment(day.saturating_mul(domain::limits::DAY_MS), 0);
    format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day())
}

fn moment(ms: i64, offset_minutes: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000) + offset_minutes * 60).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// Date and minute: `21 Nov 2026, 08:46` · `2026-11-21 08:46` · `2026. 11. 21. 08:46`.
pub fn date_time(language: Language, ms: i64, offset_minutes: i64) -> String {
    let at = moment(ms, offset_minutes);
    let (year, month, day, hour, minute) = (at.year(), u8::from(at.month()), at.day(), at.hour(), at.minute());
    (language.strings().times.date_time)(Clock { year, month, day, hour, minute })
}

/// ISO 8601 in UTC, to the second.
pub fn iso(ms: i64) -> String {
    let at = moment(ms, 0);
    let (month, day) = (u8::from(at.month()), at.day());
    format!("{:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", at.year(), at.hour(), at.minute(), at.second())
}

/// The age of the moment `then` at `now`, both in milliseconds since 1970.
pub fn age(now: i64, then: i64) -> Age {
    let minutes = u64::try_from((now - then) / 60_000).unwrap_or(0);
    match minutes {
        0 => Age::Now,
        1..60 => Age::Minutes(minutes),
        60..1_440 => Age::Hours(minutes / 60),
        1_440..43_200 => Age::Days(minutes / 1_440),
        43_200..525_600 => Age::Months(minutes / 43_200),
        _ => Age::Years(minutes / 525_600),
    }
}

/// The first letter of a nickname or username, for people without a photo.
pub fn initial(nickname: &str, username: &str) -> String {
    let source = if nickname.trim().is_empty() { username } else { nickname.trim() };
    source.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default()
}

/// Browser and system of a `User-Agent`, as far as it names them; the whole header where it does not.
pub fn browser(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] =
        [("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ if user_agent.is_empty() => "—".to_owned(),
        _ => user_agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axis_numbers_are_short() {
        let en = |n| short(Language::En, n);
        assert_eq!([0, 500, -20, 2_500, 25_000, -3_000_000].map(en), ["0", "500", "−20", "2.5k", "25k", "−3M"]);
        assert_eq!(short(Language::Zh, 5_000), "5,000");
        assert_eq!(short(Language::Zh, 25_000), "2.5万");
        assert_eq!(short(Language::Ko, 2_000_000), "200만");
    }

    #[test]
    fn days_are_utc_days() {
        assert_eq!(iso_day(20_778), "2026-11-21");
        let words = [Language::En, Language::Zh, Language::Ko].map(|language| day(language, 20_778));
        assert_eq!(words, ["21 Nov", "11月21日", "11월 21일"]);
    }

    #[test]
    fn browsers_are_told_by_name() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!([chrome, "curl/8.0", ""].map(browser), ["Chrome · Linux", "curl/8.0", "—"]);
    }

    #[test]
    fn times_follow_the_language_and_the_offset() {
        let ms = 1_795_250_760_000; // 2026-11-21T08:46:00Z
        assert_eq!(iso(ms), "2026-11-21T08:46:00Z");
        assert_eq!(date_time(Language::En, ms, 0), "21 Nov 2026, 08:46");
        assert_eq!(date_time(Language::Zh, ms, 480), "2026-11-21 16:46");
        assert_eq!(date_time(Language::Ko, ms, -540), "2026. 11. 20. 23:46");
    }
}
