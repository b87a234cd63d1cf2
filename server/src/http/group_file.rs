//! Files that a group shares: sent by a form, `POST /apps/{org}/{app}/groups/{group_id}/files/upload`, which the browser posts by itself,
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
use domain::{
    Caller, Code, Error, application,
    application::AppId,
    file::store::{self as files, Upload},
    limits,
};
use tower_sessions::Session;

use super::{
    NotFound, Site,
    download::unreadable,
    file_answer,
    part_name::part_name,
    redirect::see_other,
    upload::{FIELDS, announced, cut_off, drain, hopeless, keep, next_piece, refuse, word},
};

/// App, group and file of an address.
type Names = (String, String, String, String);

pub async fn download(
    State(site): State<Site>,
    Extension(RequestCaller(caller)): Extension<RequestCaller>,
    Extension(not_found): Extension<NotFound>,
    Path((org, app, group_id, file)): Path<Names>,
    request: Request,
) -> Response {
    let store = &site.server.store;
    let headers = request.headers().clone();
    let answer = async {
        let app = application::store::find(store, &caller, &org, &app).await?;
        let (row, path) = files::find(store, &caller, app, &group_id, &file).await?;
        file_answer::send(&path, &row.file_name, row.file_size, &headers).await
    };
    match answer.await {
        Ok(response) => response,
        Err(Error::NotFound(_)) => not_found.page(request).await,
        Err(error) => unreadable(&error),
    }
}

pub async fn share(
    State(site): State<Site>,
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
    let found = application::store::find(&site.server.store, &caller, &org, &app).await;
    if let Err(Error::NotFound(_)) = found {
        return not_found.page(Request::from_parts(parts, Body::empty())).await;
    }
    let multipart = match Multipart::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(multipart) => multipart,
        Err(rejection) => return rejection.into_response(),
    };
    let mut from = None;
    // Read in any case: the form says where to go back to, and a browser only listens once it has sent all.
    let of = (&found, group_id.as_str(), announced(&parts.headers));
    let taken = take(multipart, &site, &caller, of, &mut from).await;
    let shared = match taken {
        Ok(Some((upload, name))) => upload.finish(&name).await.map(drop),
        Ok(None) => Err(Error::field("file", Code::Required)),
        Err(error) => Err(error),
    };
    match shared {
        Ok(()) => {
            let flash = Flash { action: SHARE.to_owned(), result: Ok("null".to_owned()), fields: vec![], complete: true };
            keep(session, &site, flash).await;
            see_other(&AppPath { org, app }.group_tab(&group_id, GroupTab::Files))
        }
        Err(error) => refuse(error, (SHARE, vec![]), from, session, (&site, &parts)).await,
    }
}

/// Reads all fields; the file and its name, if there is one, and there is one at most.
async fn take(
    mut multipart: Multipart,
    site: &Site,
    caller: &Caller,
    (app, group_id, announced): (&domain::Result<AppId>, &str, Option<u64>),
    from: &mut Option<String>,
) -> domain::Result<Option<(Upload, String)>> {
    let (mut taken, mut seen, mut fields) = (None, false, 0);
    while let Some(mut field) = multipart.next_field().await.map_err(cut_off)? {
        fields += 1;
        if fields > FIELDS {
            return Err(Error::field("file", Code::Malformed));
        }
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let text = word(&mut field).await?;
            if name == FROM_FIELD {
                *from = local_path(&text).map(str::to_owned);
            }
            continue;
        }
        let file_name = part_name(field.headers(), field.file_name()).unwrap_or_default();
        let begun = async {
            if seen {
                return Err(Error::field("file", Code::Malformed));
            }
            let mut upload = Upload::begin_announced(&site.server.store, caller, app.clone()?, group_id, announced).await?;
            while let Some(piece) = next_piece(&mut field).await? {
                upload.write(&piece).await?;
            }
            Ok(upload)
        };
        match begun.await {
            // A browser without a chosen file sends an empty one without a name.
            Ok(upload) if !file_name.is_empty() => taken = Some((upload, file_name)),
            Ok(_) => {}
            Err(error) => {
                // Of strangers no file is read: what the connection reads to let its answer through is bounded.
                if error != Error::Unauthenticated {
                    drain(&mut field, limits::GROUP_FILE_BYTES).await;
                }
                return Err(error);
            }
        }
        seen = true;
    }
    Ok(taken)
}
