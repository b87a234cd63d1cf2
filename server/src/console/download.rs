//! Files to save: exports, only for the operator who made them, and what a job could not do; only through their own app.

use app::{context::RequestCaller, language::language_of};
use axum::{
    body::Body,
    extract::{Extension, Path, Request, State},
    response::{IntoResponse, Response},
};
use domain::{
    Error,
    error::Entity,
    export::{ExportFormat, guard::guard},
    import::ImportList,
    job::{FailedItem, FailureReason},
};
use futures_util::{StreamExt, stream};
use http::{HeaderValue, StatusCode, header};
use store::{Scope, event::archive as archives, export::ExportFile};
use tokio_util::io::ReaderStream;
use words::{LanguageWords, imports::row_problem_sentence, reason_sentence};

use super::NotFound;
use crate::{http::file_answer::attachment, state::ServerState};

/// `GET /apps/{org}/{app}/exports/{token}`.
pub async fn export(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, token)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let store = &state.server.store;
    let found = async {
        let app = store::application::find(store, &caller, &org, &app).await?;
        store::export::find(Scope::new(store, &caller, app), &token).await
    };
    send(found.await, &not_found, request).await
}

/// `GET /apps/{org}/{app}/jobs/{job}/file`: what an export made as a job.
pub async fn export_of_job(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, job)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let store = &state.server.store;
    let found = async {
        let app = store::application::find(store, &caller, &org, &app).await?;
        let id = job.parse().map_err(|_| Error::NotFound(Entity::Job))?;
        store::export::find_of_job(Scope::new(store, &caller, app), id).await
    };
    send(found.await, &not_found, request).await
}

/// `GET /audit/archives/{file}`: events that left the audit log, for owners.
pub async fn archive(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path(file): Path<String>,
    request: Request,
) -> Response {
    let found = match archives::find(&state.server.store, &caller, &file).await {
        Ok((archive, path)) => Ok(ExportFile { path, format: ExportFormat::JsonLines, file_name: archive.file_name }),
        // Others need not know which exist.
        Err(Error::Forbidden | Error::Unauthenticated) => Err(Error::NotFound(Entity::Archive)),
        Err(error) => Err(error),
    };
    send(found, &not_found, request).await
}

/// Sends a file from the disk, piece by piece.
async fn send(found: domain::Result<ExportFile>, not_found: &NotFound, request: Request) -> Response {
    let opened = async {
        let file = found?;
        let missing = |error: std::io::Error| Error::Internal(format!("export {}: {error}", file.path.display()));
        let open = tokio::fs::File::open(&file.path).await.map_err(missing)?;
        let length = open.metadata().await.map_err(missing)?.len();
        Ok::<_, Error>((file, open, length))
    };
    match opened.await {
        Ok((file, open, length)) => {
            let headers = file_headers(file.format, length, &file.file_name);
            (headers, Body::from_stream(ReaderStream::with_capacity(open, 1 << 16))).into_response()
        }
        Err(Error::NotFound(_)) => not_found.page(request).await,
        Err(error) => unreadable(&error),
    }
}

pub(super) fn unreadable(error: &Error) -> Response {
    tracing::error!(%error, "a file could not be sent");
    let status = if *error == Error::Busy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    (status, "The file could not be read. Try again.\n").into_response()
}

/// `GET /apps/{org}/{app}/jobs/{job}/refused.csv`: what the job could not do, with the reason in the reader's language. Read and sent
/// in pieces, however many there are.
pub async fn refusals(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, job)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let store = state.server.store.clone();
    let found = async {
        let app = store::application::find(&store, &caller, &org, &app).await?;
        let id = job.parse().map_err(|_| Error::NotFound(Entity::Job))?;
        store::job::row(Scope::new(&store, &caller, app), id).await
    };
    let job = match found.await {
        Ok(job) => job,
        Err(Error::NotFound(_)) => return not_found.page(request).await,
        Err(error) => return unreadable(&error),
    };
    let name = format!("{}-{}-refused.csv", job.kind.as_str().replace('.', "-"), job.id);
    let language = language_of(&request.into_parts().0);
    let words = language.strings();
    let header = csv_line([words.jobs.item, words.jobs.reason]);
    let pieces = stream::try_unfold(0, move |after| {
        let (store, job) = (store.clone(), job.clone());
        async move {
            let troubles = store::job::failed_items(&store, &job, after).await.map_err(std::io::Error::other)?;
            let Some((last, _)) = troubles.last() else { return Ok(None) };
            let last = *last;
            let line = |trouble: &FailedItem| {
                let reason = match &trouble.reason {
                    None => words.errors.gone.to_owned(),
                    Some(FailureReason::Item(reason)) => reason_sentence(words, *reason).to_owned(),
                    Some(FailureReason::Row(refused)) => {
                        row_problem_sentence(language, job.kind.imports().unwrap_or(ImportList::Accounts), &refused.trouble)
                    }
                };
                csv_line([&trouble.item, &reason])
            };
            let piece: String = troubles.iter().map(|(_, trouble)| line(trouble)).collect();
            Ok::<_, std::io::Error>(Some((piece, last)))
        }
    });
    // The BOM tells spreadsheets that the text is UTF-8.
    let start = stream::once(std::future::ready(Ok(format!("\u{feff}{header}"))));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, attachment(&name)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(start.chain(pieces))).into_response()
}

/// `GET /apps/{org}/{app}/jobs/{job}/refused-rows`: the rows that an import refused, as they came, with the reason in front.
pub async fn refused_rows(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, job)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let store = &state.server.store;
    let (parts, body) = request.into_parts();
    let language = language_of(&parts);
    let made = async {
        let app = store::application::find(store, &caller, &org, &app).await?;
        let id = job.parse().map_err(|_| Error::NotFound(Entity::Job))?;
        let list =
            store::job::row(Scope::new(store, &caller, app), id).await?.kind.imports().ok_or(Error::NotFound(Entity::Import))?;
        let sentence = move |trouble: &domain::import::RowProblem| row_problem_sentence(language, list, trouble);
        jobs::import::refused(Scope::new(store, &caller, app), id, language, sentence).await
    };
    send_made(made.await, &not_found, Request::from_parts(parts, body)).await
}

/// `GET /apps/{org}/{app}/import/{list}/{template}`: an empty file to begin with, `template.csv` or `template.xlsx`.
pub async fn template(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, list, name)): Path<(String, String, String, String)>,
    request: Request,
) -> Response {
    let store = &state.server.store;
    let (parts, body) = request.into_parts();
    let language = language_of(&parts);
    let missing = || Error::NotFound(Entity::Import);
    let made = async {
        store::application::find(store, &caller, &org, &app).await?;
        let list = ImportList::parse(&list).map_err(|_| missing())?;
        let format = name.strip_prefix("template.").and_then(|word| ExportFormat::parse(word).ok()).ok_or_else(missing)?;
        jobs::import::template(store, list, format, language).await
    };
    send_made(made.await, &not_found, Request::from_parts(parts, body)).await
}

async fn send_made(made: domain::Result<jobs::import::MadeFile>, not_found: &NotFound, request: Request) -> Response {
    match made {
        Ok(made) => {
            let headers = file_headers(made.format, made.size, &made.name);
            (headers, Body::from_stream(ReaderStream::with_capacity(tokio::fs::File::from_std(made.file), 1 << 16)))
                .into_response()
        }
        Err(Error::NotFound(_)) => not_found.page(request).await,
        Err(error) => unreadable(&error),
    }
}

fn media_type(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ExportFormat::JsonLines => "application/x-ndjson; charset=utf-8",
    }
}

fn file_headers(format: ExportFormat, size: u64, name: &str) -> [(header::HeaderName, HeaderValue); 4] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type(format))),
        (header::CONTENT_LENGTH, HeaderValue::from(size)),
        (header::CONTENT_DISPOSITION, attachment(name)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
}

/// One line of CSV; cells that a spreadsheet would take for a formula are made harmless.
fn csv_line(cells: [&str; 2]) -> String {
    let cell = |cell: &str| format!("\"{}\"", guard(cell).replace('"', "\"\""));
    format!("{},{}\r\n", cell(cells[0]), cell(cells[1]))
}
