//! Making export files, and counting the rows that a file would have.

use domain::{
    Error, Permission, Result,
    export::{Export, ExportFormat, ExportInput, ExportList, ExportOutcome, ExportRequest},
    limits,
    operator::Language,
};
use store::{
    Scope,
    change::refuse,
    db::new_token,
    export::{NewExport, app_name, path_of, record, rows::Reading},
};

use super::{job, write::write};

/// Makes the file that a form asks for, its header in the reader's language. An operator keeps [`limits::EXPORTS_PER_OPERATOR`]
/// files.
pub async fn start(scope: Scope<'_>, input: &ExportInput, language: Language) -> Result<ExportOutcome> {
    let request = ExportRequest::parse(input, language);
    let (list, target) = match &request {
        Ok(request) => (request.list(), request.target().to_owned()),
        Err(_) => (ExportList::parse(&input.list).unwrap_or(ExportList::Accounts), input.group_id.clone()),
    };
    let started = async {
        scope.require_operator(Permission::Read)?;
        scope.store.space().require(0)?;
        start_checked(scope, input, &request?).await
    };
    match started.await {
        Ok(started) => Ok(started),
        // Every reader can export, so the one writer is only needed at the end, or for a refusal.
        Err(error) => Err(refuse(scope.store, scope.caller, list.action(), Some(scope.app), &target, error).await),
    }
}

/// All columns of these accounts as CSV, newest account first; one request names so few accounts that it is never a job.
pub async fn accounts(scope: Scope<'_>, ids: Vec<String>, language: Language) -> Result<Export> {
    const { assert!(limits::BATCH_ITEMS as u64 <= limits::EXPORT_AT_ONCE) };
    let list = ExportList::Accounts;
    let columns = list.columns().iter().map(|column| column.key.to_owned()).collect();
    let (list, format) = (list.as_str().to_owned(), ExportFormat::Csv.as_str().to_owned());
    match start(scope, &ExportInput { list, format, columns, ids, ..ExportInput::default() }, language).await? {
        ExportOutcome::Ready(export) => Ok(export),
        ExportOutcome::Job(id) => Err(Error::Internal(format!("a small export became job {id}"))),
    }
}

/// How many rows a request would export; its format and columns do not matter.
pub async fn count(scope: Scope<'_>, mut input: ExportInput) -> Result<u64> {
    scope.require_operator(Permission::Read)?;
    let list = ExportList::parse(&input.list).map_err(|code| Error::field("list", code))?;
    input.format = ExportFormat::JsonLines.as_str().to_owned();
    input.columns = list.columns().iter().map(|column| column.key.to_owned()).collect();
    let request = ExportRequest::parse(&input, Language::En)?;
    let mut db = scope.store.read().await?;
    Ok(Reading::begin(&mut db, scope.caller, scope.app, &request).await?.total)
}

async fn start_checked(scope: Scope<'_>, input: &ExportInput, request: &ExportRequest) -> Result<ExportOutcome> {
    let Scope { store, caller, app } = scope;
    // A single state of the data for the whole file.
    let mut snapshot = store.snapshot().await?;
    let app_name = app_name(&mut snapshot, app).await?;
    let mut reading = Reading::begin(&mut snapshot, caller, app, request).await?;
    if reading.total > limits::EXPORT_AT_ONCE {
        snapshot.end().await?;
        return job::create(Scope::new(store, caller, app), input, request, reading.total).await.map(ExportOutcome::Job);
    }
    let gone = std::mem::take(&mut reading.gone);
    let (token, hash) = new_token();
    let of = NewExport { app, app_name, hash, job: None, input, request };
    let path = path_of(store, &hash, None, request.format);
    let always = async |_| store.space().require(0).map(|()| true);
    let Some((file, written)) = write(&mut snapshot, reading, request, path, always).await? else {
        return Err(Error::Internal("an export ended before its end".to_owned()));
    };
    snapshot.end().await?;
    record(store, caller, &of, written, || file.keep()).await?;
    Ok(ExportOutcome::Ready(Export { token, list: request.list(), rows: written.rows, gone, cut: written.cut }))
}
