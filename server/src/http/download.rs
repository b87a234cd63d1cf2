//! Files to save: exports, only for the operator who made them, and what a job could not do; only through their own app.

use app::{
    context::RequestCaller,
    lang::{LanguageWords, language_of, reason_sentence},
};
use axum::{
    body::Body,
    extract::{Extension, Path, Request, State},
    response::{IntoResponse, Response},
};
use domain::{
    Error, application,
    error::Entity,
    export::{self, ExportFile, guard::guard},
    job::{Trouble, store as jobs},
};
use futures_util::{StreamExt, stream};
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio_util::io::ReaderStream;

use super::{NotFound, Site};

/// `GET /apps/{org}/{app}/exports/{token}`.
pub async fn export(
    State(site): State<Site>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, token)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let store = &site.server.store;
    let found = async {
        let app = application::store::find(store, &caller, &org, &app).await?;
        export::find(store, &caller, app, &token).await
    };
    send(found.await, &not_found, request).await
}

/// `GET /apps/{org}/{app}/jobs/{job}/file`: what an export made as a job.
pub async fn export_of_job(
    State(site): State<Site>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, job)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let store = &site.server.store;
    let found = async {
        let app = application::store::find(store, &caller, &org, &app).await?;
        let id = job.parse().map_err(|_| Error::NotFound(Entity::Job))?;
        export::find_of_job(store, &caller, app, id).await
    };
    send(found.await, &not_found, request).await
}

/// Sends a file as it lies on the disk, piece by piece.
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
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(file.format.media_type())),
                (header::CONTENT_LENGTH, HeaderValue::from(length)),
                (header::CONTENT_DISPOSITION, attachment(&file.file_name)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            (headers, Body::from_stream(ReaderStream::with_capacity(open, 1 << 16))).into_response()
        }
        Err(Error::NotFound(_)) => not_found.page(request).await,
        Err(error) => unreadable(&error),
    }
}

fn unreadable(error: &Error) -> Response {
    tracing::error!(%error, "a file could not be sent");
    let status = if *error == Error::Busy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    (status, "The file could not be read. Try again.\n").into_response()
}

/// `GET /apps/{org}/{app}/jobs/{job}/refused.csv`: what the job could not do, with the reason in the reader's language. Read and sent
/// in pieces, however many there are.
pub async fn refusals(
    State(site): State<Site>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, job)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let store = site.server.store.clone();
    let found = async {
        let app = application::store::find(&store, &caller, &org, &app).await?;
        let id = job.parse().map_err(|_| Error::NotFound(Entity::Job))?;
        jobs::row(&store, &caller, app, id).await
    };
    let job = match found.await {
        Ok(job) => job,
        Err(Error::NotFound(_)) => return not_found.page(request).await,
        Err(error) => return unreadable(&error),
    };
    let name = format!("{}-{}-refused.csv", job.kind.as_str().replace('.', "-"), job.id);
    let words = language_of(&request.into_parts().0).strings();
    let header = csv_line([words.jobs.item, words.jobs.reason]);
    let pieces = stream::try_unfold(0, move |after| {
        let (store, job) = (store.clone(), job.clone());
        async move {
            let troubles = jobs::troubles(&store, &job, after).await.map_err(std::io::Error::other)?;
            let Some((last, _)) = troubles.last() else { return Ok(None) };
            let last = *last;
            let line = |trouble: &Trouble| {
                let reason = trouble.reason.map_or(words.errors.gone, |reason| reason_sentence(words, reason));
                csv_line([&trouble.item, reason])
            };
            let piece: String = troubles.iter().map(|(_, trouble)| line(trouble)).collect();
            Ok::<_, std::io::Error>(Some((piece, last)))
        }
    });
    // The mark tells spreadsheets that the text is UTF-8.
    let start = stream::once(std::future::ready(Ok(format!("\u{feff}{header}"))));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, attachment(&name)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(start.chain(pieces))).into_response()
}

/// One line of CSV; cells that a spreadsheet would take for a formula are made harmless.
fn csv_line(cells: [&str; 2]) -> String {
    let cell = |cell: &str| format!("\"{}\"", guard(cell).replace('"', "\"\""));
    format!("{},{}\r\n", cell(cells[0]), cell(cells[1]))
}

/// RFC 6266: a plain name for everybody, and the exact one for those who read RFC 5987.
fn attachment(name: &str) -> HeaderValue {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let exact = utf8_percent_encode(name, NON_ALPHANUMERIC);
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_in_both_forms() {
        assert_eq!(attachment("a-1.csv"), "attachment; filename=\"a-1.csv\"; filename*=UTF-8''a%2D1%2Ecsv");
        assert_eq!(attachment("한\".csv"), "attachment; filename=\"__.csv\"; filename*=UTF-8''%ED%95%9C%22%2Ecsv");
    }
}
