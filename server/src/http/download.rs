//! Exported files: only for the operator who made them, only through their own app.

use app::context::RequestCaller;
use axum::{
    body::Body,
    extract::{Extension, Path, Request, State},
    response::{IntoResponse, Response},
};
use domain::{Error, application, export};
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
        let file = export::find(store, &caller, app, &token).await?;
        let missing = |error: std::io::Error| Error::Internal(format!("export {}: {error}", file.path.display()));
        let open = tokio::fs::File::open(&file.path).await.map_err(missing)?;
        let length = open.metadata().await.map_err(missing)?.len();
        Ok::<_, Error>((file.file_name, open, length))
    };
    match found.await {
        Ok((name, file, length)) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
                (header::CONTENT_LENGTH, HeaderValue::from(length)),
                (header::CONTENT_DISPOSITION, attachment(&name)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            (headers, Body::from_stream(ReaderStream::new(file))).into_response()
        }
        Err(Error::NotFound(_)) => not_found.page(request).await,
        Err(error) => {
            tracing::error!(%error, "an export could not be sent");
            let status = if error == Error::Busy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
            (status, "The file could not be read. Please export again.\n").into_response()
        }
    }
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
