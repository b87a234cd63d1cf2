//! Korean: dates, ages and short numbers.

use crate::shape::times::{Age, Clock, TimeWords};

fn age(age: Age) -> String {
    match age {
        Age::Now => "방금".to_owned(),
        Age::Minutes(n) => format!("{n}분 전"),
        Age::Hours(n) => format!("{n}시간 전"),
        Age::Days(n) => format!("{n}일 전"),
        Age::Months(n) => format!("{n}개월 전"),
        Age::Years(n) => format!("{n}년 전"),
    }
}

pub(super) const WORDS: TimeWords = TimeWords {
    age,
    short_steps: &[(100_000_000, "억"), (10_000, "만")],
    day: |month, day| format!("{month}월 {day}일"),
    date_time: |Clock { year, month, day, hour, minute }| format!("{year}. {month}. {day}. {hour:02}:{minute:02}"),
};
