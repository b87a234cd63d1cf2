//! The dry run: plans every row against what is stored now, counts, and keeps the first of each kind. Nothing is written, and memory
//! holds one chunk.

use std::path::Path;

use sqlx::Connection;
use tokio::task::spawn_blocking;

use super::{
    MatchedColumn, Preview,
    files::fault,
    plan::{Ahead, Plan, What},
    rows::{Line, RowsReader},
};
use crate::{Result, Store, limits};

/// Rows that are planned at once.
const ROWS: usize = 500;

/// Up to so many of the next rows, read where the disk holds nobody up.
pub(super) async fn next(mut reader: RowsReader, most: usize) -> Result<(RowsReader, Vec<Line>)> {
    let read = spawn_blocking(move || reader.take(most).map(|lines| (reader, lines)));
    read.await.map_err(fault)?.map_err(fault)
}

pub(super) async fn preview(store: &Store, plan: &Plan, rows: &Path, columns: Vec<MatchedColumn>) -> Result<Preview> {
    let mut reader = RowsReader::open(rows, 0).map_err(fault)?;
    let mut preview = Preview { columns, ..Preview::default() };
    let mut ahead = Ahead::default();
    let mut db = store.long_reader().await?;
    loop {
        let lines;
        (reader, lines) = next(reader, ROWS).await?;
        if lines.is_empty() {
            break;
        }
        for row in plan.chunk(&mut db, &lines, &mut ahead).await? {
            let counts = &mut preview.counts;
            let (count, samples) = match row.what {
                What::New { .. } => (&mut counts.new, &mut preview.new),
                What::Changed { .. } => (&mut counts.changed, &mut preview.changed),
                What::Unchanged => (&mut counts.unchanged, &mut preview.unchanged),
                What::Refused(_) => (&mut counts.refused, &mut preview.refused),
            };
            *count += 1;
            if samples.len() < limits::IMPORT_SAMPLES {
                samples.push(row.sample(plan.list));
            }
        }
    }
    db.close().await?;
    Ok(preview)
}
