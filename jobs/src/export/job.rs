//! A large export as a job: it reads when it runs, on a connection of its own, so that no page waits for it. A process that is
//! killed leaves a file that no row names; the next process starts the export again.

use domain::{
    Error, Result,
    export::{ExportInput, ExportRequest},
    job::JobCategory,
    operator::Language,
};
use serde::{Deserialize, Serialize};
use store::{
    Scope,
    db::new_token,
    export::{NewExport, app_name, of_job, path_of, record, rows::Reading},
    job::{NewJob, context::JobContext, create as create_job},
};

use super::write::write;

/// The input of such a job.
#[derive(Serialize, Deserialize)]
struct Input {
    #[serde(flatten)]
    export: ExportInput,
    /// The language of the header.
    language: Language,
}

/// Starts the job; gives its id.
pub(super) async fn create(scope: Scope<'_>, input: &ExportInput, request: &ExportRequest, total: u64) -> Result<i64> {
    let input = Input { export: input.clone(), language: request.language };
    let input = serde_json::to_value(&input).map_err(|error| Error::Internal(error.to_string()))?;
    let new = NewJob { kind: JobCategory::Export(request.list()).kind(), target: request.target().to_owned(), input, total };
    create_job(scope, new).await
}

/// Makes the file of a job; `true` when the file was made, `false` when the job was cancelled. The data may have changed since
/// the job was started: the file shows the data as they are now.
pub async fn run(context: &JobContext<'_>) -> Result<bool> {
    let (store, app, id) = (context.store(), context.app(), context.id());
    // An earlier process may have ended when the file was complete, but the job's row did not say so yet.
    if let Some(made) = of_job(Scope::new(store, context.caller(), app), id).await? {
        context.finished(made.rows).await?;
        return Ok(true);
    }
    let Input { export: input, language } = context.input()?;
    let request = ExportRequest::parse(&input, language)?;
    // A single state of the data for the whole file.
    let mut snapshot = store.long_snapshot().await?;
    let app_name = app_name(&mut snapshot, app).await?;
    let reading = Reading::begin(&mut snapshot, context.caller(), app, &request).await?;
    let path = path_of(store, &[], Some(id), request.format);
    store.space().require(0)?;
    let go_on = async |rows| {
        store.space().require(0)?;
        context.advance(rows).await?;
        context.go_on().await
    };
    let written = write(&mut snapshot, reading, &request, path, go_on).await?;
    snapshot.end().await?;
    let Some((file, written)) = written else { return Ok(false) };
    let made = NewExport { app, app_name, hash: new_token().1, job: Some(id), input: &input, request: &request };
    record(store, context.caller(), &made, written, || file.keep()).await?;
    context.finished(written.rows).await?;
    Ok(true)
}
