//! Times in files: ISO 8601 in UTC. Pure.

use time::OffsetDateTime;

fn utc(at: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// `2026-11-21T08:46:00.123Z` for a time in milliseconds since 1970; without the fraction where it is zero.
/// [`Moment::parse`](crate::moment::Moment::parse) gives back the same millisecond.
pub fn iso(at: i64) -> String {
    let t = utc(at);
    let (month, day, ms) = (u8::from(t.month()), t.day(), at.rem_euclid(1000));
    let (hour, minute, second) = (t.hour(), t.minute(), t.second());
    let fraction = if ms == 0 { String::new() } else { format!(".{ms:03}") };
    format!("{:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z", t.year())
}

/// `YYYYMMDD-HHMMSS` in UTC for a time in milliseconds since 1970, for file names.
pub fn compact(at: i64) -> String {
    let t = utc(at);
    let (month, day) = (u8::from(t.month()), t.day());
    format!("{:04}{month:02}{day:02}-{:02}{:02}{:02}", t.year(), t.hour(), t.minute(), t.second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(iso(951_782_399_999), "2000-02-28T23:59:59.999Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(compact(951_782_400_000), "20000229-000000");
    }

    #[test]
    fn the_way_back_is_exact() {
        for at in [0, 1, 999, 951_782_399_999, 1_795_250_760_000, 1_795_250_760_120, -1] {
            assert_eq!(Moment::parse(&iso(at)).map(|moment| moment.at), Ok(at), "{}", iso(at));
        }
    }
}
