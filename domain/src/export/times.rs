//! Times in files: ISO 8601 in UTC. Pure.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

fn utc(at: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// `2026-11-21T08:46:00.123Z`; without the fraction where it is nothing. [`parse`] gives back the same millisecond.
pub fn iso(at: i64) -> String {
    let t = utc(at);
    let (month, day, ms) = (u8::from(t.month()), t.day(), at.rem_euclid(1000));
    let (hour, minute, second) = (t.hour(), t.minute(), t.second());
    let fraction = if ms == 0 { String::new() } else { format!(".{ms:03}") };
    format!("{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z", t.year())
}

/// Milliseconds of what [`iso`] wrote; `None` for anything else. A space may stand for the `T`.
pub fn parse(text: &str) -> Option<i64> {
    let rest = text.trim().strip_suffix('Z')?;
    let (date, time) = rest.split_once(['T', ' '])?;
    let mut day = date.splitn(3, '-').map(|part| part.parse::<u16>().ok());
    let (year, month, day) = (day.next()??, day.next()??, day.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut clock = time.splitn(3, ':').map(|part| part.parse::<u8>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let digits = Some(fraction).filter(|f| f.len() <= 3 && f.bytes().all(|byte| byte.is_ascii_digit()))?;
    let ms: u16 = format!("{digits:0<3}").parse().ok()?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
    let time = Time::from_hms_milli(hour, minute, second, ms).ok()?;
    let at = PrimitiveDateTime::new(date, time).assume_utc();
    Some(at.unix_timestamp() * 1000 + i64::from(at.millisecond()))
}

/// `YYYYMMDD-HHMMSS` in UTC, for file names.
pub fn compact(at: i64) -> String {
    let t = utc(at);
    let (month, day) = (u8::from(t.month()), t.day());
    format!("{:04}{month:02}{day:02}-{:02}{:02}{:02}", t.year(), t.hour(), t.minute(), t.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(iso(951_782_399_999), "2000-02-28T23:59:59.999Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(compact(951_782_400_000), "20000229-000000");
    }

    #[test]
    fn the_way_back_is_exact() {
        for at in [0, 1, 999, 951_782_399_999, 1_795_250_760_000, 1_795_250_760_120, -1] {
            assert_eq!(parse(&iso(at)), Some(at), "{}", iso(at));
        }
        assert_eq!(parse("2026-11-21 08:46:00Z"), Some(1_795_250_760_000));
        for text in ["", "Z", "2026-11-21", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T08:46:00", "x-1-1T0:0:0Z"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
