//! JSON Lines: one object a line with the names of the wire. Texts are texts and nothing is guarded; the states of the log are JSON
//! themselves.

use std::io::{BufWriter, Write};

use super::{
    Column, Kind, fault,
    rows::{Cell, is_json_line},
    times,
};
use crate::Result;

pub(super) struct JsonLinesWriter<W: Write> {
    out: BufWriter<W>,
    /// What stands before each value, and what kind it is.
    names: Vec<(String, Kind)>,
}

impl<W: Write> JsonLinesWriter<W> {
    pub fn begin(out: W, columns: &[&Column]) -> Self {
        let name = |number: usize, key: &str| format!("{}\"{key}\":", if number == 0 { '{' } else { ',' });
        let names = columns.iter().enumerate().map(|(number, column)| (name(number, column.key), column.kind)).collect();
        Self { out: BufWriter::with_capacity(1 << 16, out), names }
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for ((name, kind), cell) in self.names.iter().zip(cells) {
            self.out.write_all(name.as_bytes()).map_err(fault)?;
            match cell {
                Cell::Nothing => self.out.write_all(b"null").map_err(fault)?,
                Cell::Number(at) if *kind == Kind::Time => write!(self.out, "\"{}\"", times::iso(*at)).map_err(fault)?,
                Cell::Number(number) => write!(self.out, "{number}").map_err(fault)?,
                Cell::Text(json) if *kind == Kind::Json && is_json_line(json) => {
                    self.out.write_all(json.as_bytes()).map_err(fault)?;
                }
                Cell::Text(text) => serde_json::to_writer(&mut self.out, text).map_err(fault)?,
            }
        }
        self.out.write_all(b"}\n").map_err(fault)
    }

    /// The file behind, with everything in it.
    pub fn finish(self) -> Result<W> {
        self.out.into_inner().map_err(fault)
    }
}
