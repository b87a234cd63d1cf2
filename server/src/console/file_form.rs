//! Forms with a file, which the browser posts itself, with and without JavaScript. The file is written to the disk piece by piece; the
//! answer is a redirect, back to the form when something is wrong.

use app::{error::AppError, flash::Flash};
use axum::{
    extract::{
        Extension, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    response::{IntoResponse, Response},
};
use domain::{Code, Error, upload::FileProblem};
use http::{StatusCode, request::Parts};
use tower_sessions::Session;

use super::redirect::{see_other, sign_in_path};
use crate::{
    connections::body::{is_asked_first, says_more_than},
    http::{
        multipart::{AROUND_BYTES, part_name},
        origin::referring_path,
    },
    state::ServerState,
};

/// The longest that a field besides the file may be, bytes.
const WORD_BYTES: usize = 4 * 1024;
/// Fields of a form with a file; ours have fewer.
const FIELDS: u32 = 20;
/// How many times the largest allowed size is read of a file that is refused: a browser only reads the answer once it has sent
/// all.
const DRAINED_TIMES: u64 = 5;

/// Where the bytes of a file go.
pub(super) trait Sink: Send {
    fn write(&mut self, piece: &[u8]) -> impl Future<Output = domain::Result<()>> + Send;
}

impl Sink for jobs::import::Upload {
    async fn write(&mut self, piece: &[u8]) -> domain::Result<()> {
        Self::write(self, piece).await
    }
}

impl Sink for store::file::Upload {
    async fn write(&mut self, piece: &[u8]) -> domain::Result<()> {
        Self::write(self, piece).await
    }
}

/// The answer to a file whose declared length is far too large: it is not read to its end only to show the form. A client that asks
/// before sending gets it for any file that is too large. `most` is what a file may have.
pub(super) fn hopeless(request: &Request, most: u64) -> Option<Response> {
    let read = if is_asked_first(request) { most + AROUND_BYTES } else { DRAINED_TIMES * most };
    says_more_than(request, read).then(|| {
        let text = format!("A file may have at most {} MB here.\n", most / (1024 * 1024));
        (StatusCode::PAYLOAD_TOO_LARGE, text).into_response()
    })
}

/// Reads all fields. The file, if there is one, is on the disk then, and is returned with its name; there is one at most. `begin` opens
/// its destination, and `most` is the largest allowed size; `word` gets the name and the text of every other field.
pub(super) async fn take<S: Sink>(
    mut multipart: Multipart,
    begin: impl Future<Output = domain::Result<S>> + Send,
    most: u64,
    mut word: impl FnMut(&str, String) + Send,
) -> domain::Result<Option<(S, String)>> {
    let (mut begin, mut taken, mut fields) = (Some(begin), None, 0);
    while let Some(mut field) = multipart.next_field().await.map_err(cut_off)? {
        fields += 1;
        if fields > FIELDS {
            return Err(malformed());
        }
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            word(&name, text(&mut field).await?);
            continue;
        }
        let file_name = part_name(field.headers(), field.file_name()).unwrap_or_default();
        let filled = match begin.take() {
            Some(begin) => fill(begin, &mut field).await,
            None => Err(malformed()),
        };
        match filled {
            // A browser without a chosen file sends an empty one without a name.
            Ok(file) if !file_name.is_empty() => taken = Some((file, file_name)),
            Ok(_) => {}
            Err(error) => {
                // No file of a stranger is read: what the connection reads so that its answer arrives is bounded.
                if error != Error::Unauthenticated {
                    drain(&mut field, most).await;
                }
                return Err(error);
            }
        }
    }
    Ok(taken)
}

async fn fill<S: Sink>(begin: impl Future<Output = domain::Result<S>>, field: &mut Field<'_>) -> domain::Result<S> {
    let mut file = begin.await?;
    while let Some(piece) = next_piece(field).await? {
        file.write(&piece).await?;
    }
    Ok(file)
}

/// The text of a field that is no file.
async fn text(field: &mut Field<'_>) -> domain::Result<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = next_piece(field).await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > WORD_BYTES {
            return Err(malformed());
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads on and discards, so that the browser gets to read the answer. `most` is what a file may have.
async fn drain(field: &mut Field<'_>, most: u64) {
    let mut drained = 0;
    while drained < DRAINED_TIMES * most
        && let Ok(Some(piece)) = next_piece(field).await
    {
        drained += piece.len() as u64;
    }
}

/// The next piece of a field.
async fn next_piece(field: &mut Field<'_>) -> domain::Result<Option<axum::body::Bytes>> {
    field.chunk().await.map_err(cut_off)
}

/// What the connection delivered instead of the next piece. A silent connection counts as cut.
fn cut_off(_: MultipartError) -> Error {
    Error::field("file", Code::File(FileProblem::CutOff))
}

/// None of our forms looks like that.
fn malformed() -> Error {
    Error::field("file", Code::Malformed)
}

/// Back to the form, which says what is wrong; by way of the sign-in page when the session ended in the meantime. `form` is the key
/// of the answer, and its fields are those besides the file.
pub(super) async fn refuse(
    error: Error,
    form: (&str, Vec<(String, String)>),
    from: Option<String>,
    session: Option<Extension<Session>>,
    (state, parts): (&ServerState, &Parts),
) -> Response {
    if let Error::Internal(_) | Error::Busy | Error::Storage(_) = error {
        tracing::error!(%error, "a file could not be taken");
    }
    let signed_out = error == Error::Unauthenticated;
    let flash = Flash { action: form.0.to_owned(), result: Err(AppError::Domain(error)), fields: form.1, complete: true };
    keep(session, state, flash).await;
    let from = from.unwrap_or_else(|| referring_path(&parts.headers, state));
    see_other(&if signed_out { sign_in_path(&from) } else { from })
}

/// For the next page.
pub(super) async fn keep(session: Option<Extension<Session>>, state: &ServerState, flash: Flash) {
    if let Some(Extension(session)) = session
        && let Err(error) = state.flashes.keep(&session, flash).await
    {
        tracing::error!(%error, "the answer to a form could not be kept");
    }
}
