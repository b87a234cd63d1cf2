//! The dry run: plans every row against what is stored now, counts, and keeps the first of each kind. Nothing is written, and memory
//! holds one chunk.

use std::{collections::HashSet, path::Path};

use domain::{
    Result,
    import::{
        ImportList, MatchedColumn, Preview, TakenWord,
        columns::{choices, fields, folded},
        row::{Fields, ImportRow},
    },
    limits,
};
use store::{
    Store,
    db::OrFault,
    import::{
        files::fault,
        plan::{EarlierRows, Plan, RowPlan},
    },
};
use tokio::task::spawn_blocking;
use words::import_names::wire;

use super::rows::RowsReader;

/// Rows that are planned at once.
const ROWS: usize = 500;

/// Up to so many of the next rows, read on a thread where waiting for the disk delays nobody.
pub(super) async fn next(mut reader: RowsReader, most: usize) -> Result<(RowsReader, Vec<(ImportRow, u64)>)> {
    let read = spawn_blocking(move || reader.take(most).map(|lines| (reader, lines)));
    read.await.map_err(fault)?.map_err(fault)
}

/// Collects the words that a file uses for choices.
struct Words {
    list: ImportList,
    /// Fields with choices, and the wire's words for them.
    fields: Vec<(&'static str, Vec<&'static str>)>,
    /// At most as many as there are known words.
    seen: HashSet<(&'static str, String)>,
}

impl Words {
    fn new(list: ImportList, known: &Fields) -> Self {
        let has_choices =
            |field| Some((field, choices(list, field))).filter(|(field, words)| known.has(field) && !words.is_empty());
        Self { list, fields: fields(list).filter_map(has_choices).collect(), seen: HashSet::new() }
    }

    fn take(&mut self, line: &ImportRow, known: &Fields, taken: &mut Vec<TakenWord>) {
        for (field, wires) in &self.fields {
            let text = known.get(line.cells(), field).unwrap_or_default().trim();
            if text.is_empty() || wires.contains(&text) {
                continue;
            }
            if let Some(wire) = wire(self.list, field, text)
                && self.seen.insert((*field, folded(text)))
            {
                taken.push(TakenWord { field: (*field).to_owned(), text: text.to_owned(), wire: wire.to_owned() });
            }
        }
    }
}

pub(super) async fn preview(store: &Store, plan: &Plan, rows: &Path, columns: Vec<MatchedColumn>) -> Result<Preview> {
    let mut reader = RowsReader::open(rows, 0).map_err(fault)?;
    let mut preview = Preview { columns, ..Preview::default() };
    let mut earlier = EarlierRows::default();
    let mut words = Words::new(plan.list, &plan.fields);
    let mut db = store.long_reader().await?;
    loop {
        let lines;
        (reader, lines) = next(reader, ROWS).await?;
        let lines: Vec<ImportRow> = lines.into_iter().map(|(line, _)| line).collect();
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            words.take(line, &plan.fields, &mut preview.words);
        }
        for row in plan.chunk(&mut db, &lines, &mut earlier).await? {
            let counts = &mut preview.counts;
            let (count, samples) = match row.what {
                RowPlan::New { .. } => (&mut counts.new, &mut preview.new),
                RowPlan::Changed { .. } => (&mut counts.changed, &mut preview.changed),
                RowPlan::Unchanged => (&mut counts.unchanged, &mut preview.unchanged),
                RowPlan::Refused(_) => (&mut counts.refused, &mut preview.refused),
            };
            *count += 1;
            if samples.len() < limits::IMPORT_SAMPLES {
                samples.push(row.sample(plan.list));
            }
        }
    }
    db.close().await.or_fault()?;
    Ok(preview)
}
