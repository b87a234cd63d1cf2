//! JSON Lines: one object per line. The titles are all keys that any line has; a key that a line leaves out leaves its field as
//! it is.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    fs::File,
    io::{self, BufRead, BufReader},
};

use domain::limits;
use serde::{
    Deserialize,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    FileProblem, ReadError, Rows, Source,
    cpu_limit::CpuLimit,
    text::{Meter, decoded},
};

/// An object's pairs in the order of the line.
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

pub(super) fn read(
    open: impl Fn() -> io::Result<File>,
    source: &Source,
    cpu_limit: CpuLimit,
    rows: &mut Rows<'_>,
) -> Result<(), ReadError> {
    // The file is read twice: any line may have a key that the lines before it leave out.
    let mut titles: Vec<String> = Vec::new();
    // One line may have a hundred thousand keys, so nothing here walks all titles for each of them.
    let mut places: HashMap<String, usize> = HashMap::new();
    each(&open, source, cpu_limit, |_, pairs| {
        for (key, _) in pairs {
            if let Entry::Vacant(place) = places.entry(key) {
                if titles.len() < limits::IMPORT_COLUMNS {
                    titles.push(place.key().clone());
                }
                place.insert(titles.len() - 1);
            }
        }
        if places.len() > limits::IMPORT_COLUMNS {
            return Err(FileProblem::TooManyColumns { max: limits::IMPORT_COLUMNS, actual: places.len() }.into());
        }
        Ok(())
    })?;
    rows.titles(&titles)?;
    each(&open, source, cpu_limit, |row, pairs| {
        let mut cells = vec![None; titles.len()];
        for (key, value) in pairs {
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(yes) => yes.to_string(),
                Value::Array(_) | Value::Object(_) => return Err(FileProblem::NotJson { row }.into()),
            };
            if let Some(&place) = places.get(&key) {
                cells[place] = Some(text);
            }
        }
        rows.row(row, cells)
    })
}

/// Passes on every line's number and pairs.
fn each(
    open: &impl Fn() -> io::Result<File>,
    source: &Source,
    cpu_limit: CpuLimit,
    mut take: impl FnMut(u32, Vec<(String, Value)>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let meter = Meter::default();
    let mut text = BufReader::new(decoded(open, source, cpu_limit, &meter)?);
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
        let Pairs(pairs) = serde_json::from_str(&line).map_err(|_| ReadError::from(FileProblem::NotJson { row }))?;
        take(row, pairs)?;
    }
}
