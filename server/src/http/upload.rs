//! Files on their way in: `POST /apps/{org}/{app}/imports`, a form that the browser posts by itself, as without JavaScript as with it.
//! The file goes to the disk piece by piece; the answer is a redirect to its preview, or back to the form with what is wrong.

use app::{
    context::RequestCaller,
    error::AppError,
    flash::{FROM_FIELD, Flash, UPLOAD},
    lang::language_of,
    url::{AppPath, local_path},
};
use axum::{
    body::Body,
    extract::{
        Extension, FromRequest, Multipart, Path, Request, State,
        multipart::{Field, MultipartError},
    },
    response::{IntoResponse, Response},
};
use domain::{
    Code, Error, application,
    application::AppId,
    import::{FileProblem, Upload, UploadInput},
    limits,
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use tower_sessions::Session;

use super::{
    NotFound, Site,
    origin::referring_path,
    part_name::part_name,
    redirect::{see_other, sign_in_path},
};
use crate::connections::body::{is_asked_first, says_more_than};

/// The longest that a field beside the file may be, bytes.
const WORD_BYTES: usize = 4 * 1024;
/// Fields of a form with a file; ours have fewer.
pub(super) const FIELDS: u32 = 20;
/// How many times the most that a file may have is read of one that nobody wants any more: a browser only listens once it has sent all.
const DRAINED_TIMES: u64 = 5;
/// More than what lies around the file in a form.
pub(crate) const AROUND_BYTES: u64 = 64 * 1024;

pub async fn upload(
    State(site): State<Site>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    session: Option<Extension<Session>>,
    Path((org, app)): Path<(String, String)>,
    request: Request,
) -> Response {
    if let Some(refused) = hopeless(&request, limits::IMPORT_BYTES) {
        return refused;
    }
    let (parts, body) = request.into_parts();
    let store = &site.server.store;
    let found = application::store::find(store, &caller, &org, &app).await;
    if let Err(Error::NotFound(_)) = found {
        return not_found.page(Request::from_parts(parts, Body::empty())).await;
    }
    let mut form = Form::default();
    let multipart = match Multipart::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(multipart) => multipart,
        Err(rejection) => return rejection.into_response(),
    };
    // Read in any case: the form says where to go back to, and a browser only listens once it has sent all.
    let taken = form.take(multipart, &site, &caller, &found).await;
    let error = match found.and(taken) {
        Ok(Some(upload)) => match upload.finish(&form.input, language_of(&parts)).await {
            Ok(import) => return see_other(&AppPath { org, app }.import(import)),
            Err(error) => error,
        },
        Ok(None) => Error::field("file", Code::Required),
        Err(error) => error,
    };
    form.refuse(error, session, &site, &parts).await
}

/// The fields that stand before the file.
#[derive(Default)]
struct Form {
    input: UploadInput,
    from: Option<String>,
}

/// What the connection brought instead of the next piece. One that falls silent is as good as cut.
pub(super) fn cut_off(_: MultipartError) -> Error {
    Error::field("file", Code::File(FileProblem::CutOff))
}

/// How many bytes the body has, when the request says so.
pub(crate) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The next piece of a field.
pub(super) async fn next_piece(field: &mut Field<'_>) -> domain::Result<Option<axum::body::Bytes>> {
    field.chunk().await.map_err(cut_off)
}

/// The answer to a file that says itself that it is far too large: it is not read to its end for the form's sake. Whoever asks before
/// sending it is told so for any that is too large. `most` is what a file may have.
pub(super) fn hopeless(request: &Request, most: u64) -> Option<Response> {
    let read = if is_asked_first(request) { most + AROUND_BYTES } else { DRAINED_TIMES * most };
    says_more_than(request, read).then(|| {
        let text = format!("A file may have at most {} MB here.\n", most / (1024 * 1024));
        (StatusCode::PAYLOAD_TOO_LARGE, text).into_response()
    })
}

impl Form {
    /// Reads all fields; the file, if there is one, lies on the disk then. There is one at most.
    async fn take(
        &mut self,
        mut multipart: Multipart,
        site: &Site,
        caller: &domain::Caller,
        app: &domain::Result<AppId>,
    ) -> domain::Result<Option<Upload>> {
        let (mut upload, mut seen, mut fields) = (None, false, 0);
        while let Some(mut field) = multipart.next_field().await.map_err(cut_off)? {
            fields += 1;
            if fields > FIELDS {
                return Err(Error::field("file", Code::Malformed));
            }
            let name = field.name().unwrap_or_default().to_owned();
            if name != "file" {
                let text = word(&mut field).await?;
                match name.as_str() {
                    FROM_FIELD => self.from = local_path(&text).map(str::to_owned),
                    "list" => self.input.list = text,
                    "group_id" => self.input.group_id = text,
                    "encoding" => self.input.encoding = text,
                    _ => {}
                }
                continue;
            }
            let file_name = part_name(field.headers(), field.file_name()).unwrap_or_default();
            let taken = match app {
                _ if seen => Err(Error::field("file", Code::Malformed)),
                Ok(app) => self.take_file(&mut field, site, caller, *app).await,
                Err(error) => Err(error.clone()),
            };
            seen = true;
            if let Err(error) = taken {
                // Of strangers no file is read: what the connection reads to let its answer through is bounded.
                if error != Error::Unauthenticated {
                    drain(&mut field, limits::IMPORT_BYTES).await;
                }
                return Err(error);
            }
            // A browser without a chosen file sends an empty one without a name.
            let file = taken?;
            if !file_name.is_empty() {
                self.input.file_name = file_name;
                upload = Some(file);
            }
        }
        Ok(upload)
    }

    async fn take_file(&self, field: &mut Field<'_>, site: &Site, caller: &domain::Caller, app: AppId) -> domain::Result<Upload> {
        let mut upload = Upload::begin(&site.server.store, caller, app).await?;
        while let Some(piece) = next_piece(field).await? {
            upload.write(&piece).await?;
        }
        Ok(upload)
    }

    async fn refuse(self, error: Error, session: Option<Extension<Session>>, site: &Site, parts: &Parts) -> Response {
        let UploadInput { list, group_id, encoding, .. } = self.input;
        let fields = [("list", list), ("group_id", group_id), ("encoding", encoding)];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        refuse(error, (UPLOAD, fields), self.from, session, (site, parts)).await
    }
}

/// Back to the form, which says what is wrong; by way of the sign-in page for somebody whose session ended over it. `form` is what it
/// stands under, and its fields beside the file.
pub(super) async fn refuse(
    error: Error,
    form: (&str, Vec<(String, String)>),
    from: Option<String>,
    session: Option<Extension<Session>>,
    (site, parts): (&Site, &Parts),
) -> Response {
    if let Error::Internal(_) | Error::Busy | Error::Storage(_) = error {
        tracing::error!(%error, "a file could not be taken");
    }
    let signed_out = error == Error::Unauthenticated;
    let flash = Flash { action: form.0.to_owned(), result: Err(AppError::Domain(error)), fields: form.1, complete: true };
    keep(session, site, flash).await;
    let from = from.unwrap_or_else(|| referring_path(&parts.headers, site));
    see_other(&if signed_out { sign_in_path(&from) } else { from })
}

/// For the page that comes next.
pub(super) async fn keep(session: Option<Extension<Session>>, site: &Site, flash: Flash) {
    if let Some(Extension(session)) = session
        && let Err(error) = site.flashes.keep(&session, flash).await
    {
        tracing::error!(%error, "the answer to a form could not be kept");
    }
}

/// The text of a field that is no file.
pub(super) async fn word(field: &mut Field<'_>) -> domain::Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = next_piece(field).await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > WORD_BYTES {
            return Err(Error::field("file", Code::Malformed));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads on without keeping anything, so that the browser comes to hear the answer. `most` is what a file may have.
pub(super) async fn drain(field: &mut Field<'_>, most: u64) {
    let mut drained = 0;
    while drained < DRAINED_TIMES * most
        && let Ok(Some(piece)) = next_piece(field).await
    {
        drained += piece.len() as u64;
    }
}
