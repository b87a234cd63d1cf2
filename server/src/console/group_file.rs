//! Files that a group shares: sent by a form, `POST /apps/{org}/{app}/groups/{group_id}/files/upload`, which the browser posts itself,
//! and fetched, `GET /apps/{org}/{app}/groups/{group_id}/files/{file}`. Both piece by piece.

use app::{
    context::RequestCaller,
    flash::{FROM_FIELD, Flash, SHARE},
    url::{AppPath, GroupTab, local_path},
};
use axum::{
    body::Body,
    extract::{Extension, FromRequest, Multipart, Path, Request, State},
    response::{IntoResponse, Response},
};
use domain::{Code, Error, limits};
use store::{
    Scope,
    file::{self as files, Upload},
};
use tower_sessions::Session;

use super::{
    NotFound,
    download::unreadable,
    file_form::{hopeless, keep, refuse, take},
    redirect::see_other,
};
use crate::{
    http::{file_answer, multipart::announced},
    state::ServerState,
};

/// App, group and file of an address.
type Names = (String, String, String, String);

pub async fn download(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, group_id, file)): Path<Names>,
    request: Request,
) -> Response {
    let store = &state.server.store;
    let headers = request.headers().clone();
    let answer = async {
        let app = store::application::find(store, &caller, &org, &app).await?;
        let (row, path) = files::find(Scope::new(store, &caller, app), &group_id, &file).await?;
        file_answer::send(&path, &row.file_name, row.file_size, &headers).await
    };
    match answer.await {
        Ok(response) => response,
        Err(Error::NotFound(_)) => not_found.page(request).await,
        Err(error) => unreadable(&error),
    }
}

pub async fn share(
    State(state): State<ServerState>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    session: Option<Extension<Session>>,
    Path((org, app, group_id)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    if let Some(refused) = hopeless(&request, limits::GROUP_FILE_BYTES) {
        return refused;
    }
    let (parts, body) = request.into_parts();
    let found = store::application::find(&state.server.store, &caller, &org, &app).await;
    if let Err(Error::NotFound(_)) = found {
        return not_found.page(Request::from_parts(parts, Body::empty())).await;
    }
    let multipart = match Multipart::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(multipart) => multipart,
        Err(rejection) => return rejection.into_response(),
    };
    let mut from = None;
    let word = |name: &str, text: String| {
        if name == FROM_FIELD {
            from = local_path(&text).map(str::to_owned);
        }
    };
    // Read in any case: the form says which page to return to, and a browser only reads the answer once it has sent all.
    let begin = async {
        let announced = announced(&parts.headers);
        Upload::begin_announced(Scope::new(&state.server.store, &caller, found?), &group_id, announced).await
    };
    let taken = take(multipart, begin, limits::GROUP_FILE_BYTES, word).await;
    let shared = match taken {
        Ok(Some((upload, name))) => upload.finish(&name).await.map(drop),
        Ok(None) => Err(Error::field("file", Code::Required)),
        Err(error) => Err(error),
    };
    match shared {
        Ok(()) => {
            let flash = Flash { action: SHARE.to_owned(), result: Ok("null".to_owned()), fields: vec![], complete: true };
            keep(session, &state, flash).await;
            see_other(&AppPath { org, app }.group_tab(&group_id, GroupTab::Files))
        }
        Err(error) => refuse(error, (SHARE, vec![]), from, session, (&state, &parts)).await,
    }
}
