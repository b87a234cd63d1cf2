//! JSON Lines: one object a line. The titles are the keys of the first; a later line may leave keys out, which then say nothing.

use std::{
    fmt,
    io::{self, BufRead, BufReader},
};

use serde::{
    Deserialize,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    Counted, FileProblem, ReadError, Rows, Source,
    text::{Meter, decoded},
};

/// An object's pairs in the order in which they stand.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Seen)
    }
}

pub(super) fn read(open: impl Fn() -> io::Result<Counted>, source: &Source, rows: &mut Rows<'_>) -> Result<(), ReadError> {
    let meter = Meter::default();
    let mut text = BufReader::new(decoded(&open, source, &meter)?);
    let mut titles: Vec<String> = Vec::new();
    let (mut line, mut row) = (String::new(), 0);
    loop {
        meter.record(row + 1);
        line.clear();
        if text.read_line(&mut line)? == 0 {
            return Ok(());
        }
        row += 1;
        if line.trim().is_empty() {
            continue;
        }
        let wrong = || ReadError::Problem(FileProblem::NotJson { row });
        let Pairs(pairs) = serde_json::from_str(&line).map_err(|_| wrong())?;
        if titles.is_empty() {
            titles = pairs.iter().map(|(key, _)| key.clone()).collect();
            rows.titles(&titles)?;
        }
        let mut cells = vec![None; titles.len()];
        for (key, value) in pairs {
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(yes) => yes.to_string(),
                Value::Array(_) | Value::Object(_) => return Err(wrong()),
            };
            match titles.iter().position(|title| *title == key) {
                Some(place) => cells[place] = Some(text),
                // A row with a cell too many, which it is refused for.
                None => cells.push(Some(text)),
            }
        }
        rows.row(row, cells)?;
    }
}
