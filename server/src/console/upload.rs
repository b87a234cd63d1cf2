//! Files to import: `POST /apps/{org}/{app}/imports`. The answer is a redirect to the file's preview, or back to the form with what is
//! wrong.

use app::{
    context::RequestCaller,
    flash::{FROM_FIELD, UPLOAD},
    language::language_of,
    url::{AppPath, local_path},
};
use axum::{
    body::Body,
    extract::{Extension, FromRequest, Multipart, Path, Request, State},
    response::{IntoResponse, Response},
};
use domain::{Code, Error, import::UploadInput, limits};
use jobs::import::Upload;
use store::Scope;
use tower_sessions::Session;

use super::{
    NotFound,
    file_form::{hopeless, refuse, take},
    redirect::see_other,
};
use crate::state::ServerState;

pub async fn upload(
    State(state): State<ServerState>,
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
    let store = &state.server.store;
    let found = store::application::find(store, &caller, &org, &app).await;
    if let Err(Error::NotFound(_)) = found {
        return not_found.page(Request::from_parts(parts, Body::empty())).await;
    }
    let multipart = match Multipart::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(multipart) => multipart,
        Err(rejection) => return rejection.into_response(),
    };
    let (mut input, mut from) = (UploadInput::default(), None);
    let word = |name: &str, text: String| match name {
        FROM_FIELD => from = local_path(&text).map(str::to_owned),
        "list" => input.list = text,
        "group_id" => input.group_id = text,
        "encoding" => input.encoding = text,
        _ => {}
    };
    // Read in any case: the form says which page to return to, and a browser only reads the answer once it has sent all.
    let begin = async { Upload::begin(Scope::new(store, &caller, found.clone()?)).await };
    let taken = take(multipart, begin, limits::IMPORT_BYTES, word).await;
    let error = match found.and(taken) {
        Ok(Some((upload, file_name))) => {
            input.file_name = file_name;
            match upload.finish(&input, language_of(&parts)).await {
                Ok(import) => return see_other(&AppPath { org, app }.import(import)),
                Err(error) => error,
            }
        }
        Ok(None) => Error::field("file", Code::Required),
        Err(error) => error,
    };
    let UploadInput { list, group_id, encoding, .. } = input;
    let fields = [("list", list), ("group_id", group_id), ("encoding", encoding)];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    refuse(error, (UPLOAD, fields), from, session, (&state, &parts)).await
}
