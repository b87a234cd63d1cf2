//! Simplified Chinese: dates, ages and short numbers.

use crate::shape::times::{Age, Clock, TimeWords};

fn age(age: Age) -> String {
    match age {
        Age::Now => "刚刚".to_owned(),
        Age::Minutes(n) => format!("{n} 分钟前"),
        Age::Hours(n) => format!("{n} 小时前"),
        Age::Days(n) => format!("{n} 天前"),
        Age::Months(n) => format!("{n} 个月前"),
        Age::Years(n) => format!("{n} 年前"),
    }
}

pub(super) const WORDS: TimeWords = TimeWords {
    age,
    short_steps: &[(100_000_000, "亿"), (10_000, "万")],
    day: |month, day| format!("{month}月{day}日"),
    date_time: |Clock { year, month, day, hour, minute }| format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}"),
};
