//! An import as a job: the rows are planned again, now in the transaction that writes them, a chunk at a time. The results of a
//! chunk and the place of the next one are in that transaction too, so that a process that is killed continues where it was.

use std::time::Instant;

use domain::{
    Error, Result,
    error::Conflict,
    event::{Action, rules::truncate_target},
    import::{
        ConflictMode, ImportList, RefusedRow, RowProblem,
        row::{Fields, ImportRow},
    },
};
use serde_json::Value;
use store::{
    change::{Change, ChangeSpec},
    db::{Next, Pacer},
    import::{
        Progress, Row, advance,
        files::{fault, rows_path},
        find_of_job,
        plan::{EarlierRows, Plan, RowPlan},
        stopped,
        write::{KeyOrder, write},
    },
    in_change,
    job::context::{ChunkReport, JobContext},
};
use words::import_names::wire;

use super::{preview::next, rows::RowsReader};

/// Rows that are read ahead.
const ROWS: usize = 10_000;

/// The values that all rows of a job share.
struct Work {
    id: i64,
    plan: Plan,
    mode: ConflictMode,
    ascending: bool,
    /// Rows of the file that were new when it was read.
    new: u64,
    /// The time of rows that give none.
    at: i64,
}

/// Processes an import until it is done or cancelled.
pub async fn run(context: &JobContext<'_>) -> Result<()> {
    let store = context.store();
    let row = find_of_job(store, context.app(), context.id()).await?;
    let mut progress = Progress { counts: row.counts()?, place: u64::try_from(row.place).map_err(fault)?, keys: row.keys()? };
    let work = Work::new(&row)?;
    // An earlier process may have ended when the row at which to stop was recorded, but the job's row did not say so yet.
    if work.mode == ConflictMode::Stop && stopped(store, context.id()).await? {
        return Err(Error::Conflict(Conflict::RowExists));
    }
    let mut reader = RowsReader::open(&rows_path(store, row.id), progress.place).map_err(fault)?;
    let mut pacer = Pacer::default();
    let mut waiting = Vec::new();
    while context.go_on().await? {
        // Read ahead, for a transaction of many steps.
        if waiting.is_empty() {
            (reader, waiting) = next(reader, ROWS).await?;
        }
        if waiting.is_empty() {
            break;
        }
        let (action, app) = (action(work.plan.list), Some(context.app()));
        let spec = ChangeSpec::without_permission(store, context.caller(), action, app, context.target());
        let (done, stopped);
        (progress, done, stopped) = in_change!(spec, |change| {
            let (began, mut done, before, mut progress) = (pacer.begin(store), 0, progress, progress);
            loop {
                let step = Instant::now();
                let lines = &waiting[done..waiting.len().min(done + pacer.rows())];
                progress.place = lines.last().map_or(progress.place, |(_, after)| *after);
                let lines: Vec<ImportRow> = lines.iter().map(|(line, _)| line.clone()).collect();
                let stopped;
                (progress, stopped) = work.chunk(context, change, &lines, progress).await?;
                done += lines.len();
                let more = !stopped && done < waiting.len();
                match pacer.after((step, lines.len() as u64), began, more, store) {
                    Next::Step => {}
                    Next::Commit => break Ok((progress, done, stopped)),
                    Next::RollBack => {
                        change.give_back();
                        break Ok((before, 0, false));
                    }
                }
            }
        })?;
        waiting.drain(..done);
        if stopped {
            return Err(Error::Conflict(Conflict::RowExists));
        }
    }
    Ok(())
}

/// The target of a refused chunk in the log.
fn action(list: ImportList) -> Action {
    match list {
        ImportList::Accounts => Action::AccountCreate,
        ImportList::Groups => Action::GroupCreate,
        ImportList::Members => Action::MemberAdd,
    }
}

impl Work {
    fn new(row: &Row) -> Result<Self> {
        let preview = row.preview()?;
        let fields = Fields::new(&preview.columns, &row.group_id);
        Ok(Self {
            id: row.id,
            plan: Plan { app: row.app(), list: row.list()?, fields, wire },
            mode: row.mode()?,
            ascending: row.ascending(),
            new: preview.counts.new,
            at: row.started_at.unwrap_or_default(),
        })
    }

    /// Writes a chunk; how far the import is then, and whether it has to stop there.
    async fn chunk(
        &self,
        context: &JobContext<'_>,
        change: &mut Change<'_>,
        lines: &[ImportRow],
        mut progress: Progress,
    ) -> Result<(Progress, bool)> {
        let mut planned = self.plan.chunk(change.db(), lines, &mut EarlierRows::default()).await?;
        let exists = |what: &RowPlan| matches!(what, RowPlan::Changed { .. });
        let first = planned.iter().position(|row| self.mode == ConflictMode::Stop && exists(&row.what));
        if let Some(first) = first {
            planned.truncate(first + 1);
            planned[first].what = RowPlan::Refused(RowProblem::Exists);
        }
        let order = KeyOrder { ascending: self.ascending, expected: self.new.saturating_sub(progress.counts.new) };
        let written = write(change, &self.plan, self.mode, planned, (progress.keys, order), self.at).await?;
        let counts = &mut progress.counts;
        counts.new += written.counts.new;
        counts.changed += written.counts.changed;
        counts.unchanged += written.counts.unchanged;
        counts.refused += written.counts.refused;
        progress.keys = written.keys;
        self.save(context, change, &progress, written.done, written.refused).await?;
        Ok((progress, first.is_some()))
    }

    async fn save(
        &self,
        context: &JobContext<'_>,
        change: &mut Change<'_>,
        progress: &Progress,
        done: u64,
        refused: Vec<(u32, Vec<String>, RowProblem)>,
    ) -> Result<()> {
        let counts = progress.counts;
        let refusal = |(row, key, trouble): (u32, Vec<String>, RowProblem)| {
            let item = truncate_target(&key.join(" · ")).to_owned();
            Ok((item, serde_json::to_value(RefusedRow { row, trouble })?))
        };
        let refused = refused.into_iter().map(refusal).collect::<serde_json::Result<Vec<(String, Value)>>>().map_err(fault)?;
        let position = i64::try_from(counts.rows()).unwrap_or(i64::MAX);
        context.save(change, &ChunkReport { position, done, refused, gone: Vec::new() }).await?;
        advance(change, self.id, *progress).await
    }
}
