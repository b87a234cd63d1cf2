//! Dates, ages and short numbers.

/// How long ago, in the largest unit that fits. The words for it are the language's.
pub enum Age {
    /// Less than a minute ago, or in the future by a clock that runs ahead.
    Now,
    /// Whole minutes, 1 to 59.
    Minutes(u64),
    /// Whole hours, 1 to 23.
    Hours(u64),
    /// Whole days, 1 to 29.
    Days(u64),
    /// Whole months of 30 days.
    Months(u64),
    /// Whole years of 365 days.
    Years(u64),
}

/// A moment as a reader's clock shows it.
pub struct Clock {
    pub year: i32,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
}

pub struct TimeWords {
    pub age: fn(Age) -> String,
    /// The units of large numbers, the largest first: so many, and the sign for it.
    pub short_steps: &'static [(u64, &'static str)],
    /// Month and day.
    pub day: fn(u8, u8) -> String,
    /// Date and minute.
    pub date_time: fn(Clock) -> String,
}
