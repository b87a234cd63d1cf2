//! A moment as people and files write it. Pure.

use time::{PrimitiveDateTime, Time, UtcOffset};

use crate::{Code, limits, text};

/// A time as a file or a form gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    /// Milliseconds that the text leaves open, such as 86,400,000 for a date alone: a stored time within them counts as the same.
    pub within: i64,
}

impl Moment {
    /// Whether a stored time, milliseconds since 1970, may be this moment.
    pub fn is(self, stored: i64) -> bool {
        (self.at..self.at + self.within).contains(&stored)
    }

    /// Reads ISO 8601: a date, optionally with time, fraction and offset from UTC: `2026-11-21`, `2026-11-21T08:46:00.123Z`,
    /// `2026-11-21 17:46+09:00`. Without an offset the time is UTC. [`Code::NotTime`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Code> {
        moment(text.trim()).ok_or(Code::NotTime)
    }
}

fn moment(text: &str) -> Option<Moment> {
    let (date, clock) = match text.split_once(['T', 't', ' ']) {
        Some((date, clock)) => (date, Some(clock)),
        None => (text, None),
    };
    let date = text::date(date).ok()?;
    let (time, offset, within) = match clock {
        None => (Time::MIDNIGHT, UtcOffset::UTC, limits::DAY_MS),
        Some(clock) => clock_time(clock)?,
    };
    let at = PrimitiveDateTime::new(date, time).assume_offset(offset);
    Some(Moment { at: at.unix_timestamp() * 1000 + i64::from(at.millisecond()), within })
}

fn clock_time(clock: &str) -> Option<(Time, UtcOffset, i64)> {
    let (clock, offset) = match clock.find(['Z', 'z', '+', '-']) {
        None => (clock, UtcOffset::UTC),
        Some(place) if clock[place..].eq_ignore_ascii_case("z") => (&clock[..place], UtcOffset::UTC),
        Some(place) => {
            let (hours, minutes) = clock[place + 1..].split_once(':')?;
            let sign = if clock[place..].starts_with('-') { -1 } else { 1 };
            let part = |text: &str| i8::try_from(text::digits(text)?).ok();
            let (hours, minutes) = (part(hours)?, part(minutes)?);
            if hours > 14 || minutes > 59 {
                return None;
            }
            (&clock[..place], UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()?)
        }
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, fraction)| (clock, Some(fraction)));
    let mut parts = clock.trim().split(':').map(|part| text::digits(part).and_then(|number| u8::try_from(number).ok()));
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next();
    if parts.next().is_some() || (fraction.is_some() && second.is_none()) {
        return None;
    }
    let (milli, within) = match fraction {
        None => (0, if second.is_some() { 1_000 } else { limits::MINUTE_MS }),
        Some(fraction) if !fraction.is_empty() && fraction.len() <= 9 => {
            text::digits(fraction)?;
            (format!("{fraction:0<3}").get(..3)?.parse().ok()?, 1)
        }
        Some(_) => return None,
    };
    Some((Time::from_hms_milli(hour, minute, second.unwrap_or(Some(0))?, milli).ok()?, offset, within))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read_as_exports_and_people_write_them() {
        let at = 1_795_250_760_000;
        for (text, ms, within) in [
            ("2026-11-21T08:46:00Z", at, 1_000),
            ("2026-11-21T08:46:00.123Z", at + 123, 1),
            ("2026-11-21 08:46", at, 60_000),
            ("2026-11-21T17:46:00+09:00", at, 1_000),
            ("2026-11-21", at - (8 * 60 + 46) * 60_000, limits::DAY_MS),
        ] {
            assert_eq!(Moment::parse(text), Ok(Moment { at: ms, within }), "{text}");
        }
        for text in
            ["", "x", "2026-02-30", "2026-11-21T25:00", "2026-11-21T08:46:00.Z", "2026-11-21T08:46+99:00", "1-1", "+1-1-1"]
        {
            assert_eq!(Moment::parse(text), Err(Code::NotTime), "{text}");
        }
        assert!(Moment::parse("2026-11-21T08:46:00Z").unwrap().is(at + 999));
        assert!(!Moment::parse("2026-11-21T08:46:00Z").unwrap().is(at + 1_000));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_read(text in ".{0,40}") {
            let _ = Moment::parse(&text);
        }

        #[test]
        fn what_is_written_as_iso_is_read_as_it_was(at in 0i64..253_402_300_799_999) {
            let t = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000).unwrap();
            let text = format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                t.year(), u8::from(t.month()), t.day(), t.hour(), t.minute(), t.second(), t.millisecond()
            );
            prop_assert_eq!(Moment::parse(&text), Ok(Moment { at, within: 1 }));
        }
    }
}
