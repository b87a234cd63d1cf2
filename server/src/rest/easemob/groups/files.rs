//! The files that a group shares.

use axum::extract::{Request, State};
use domain::{Actor, Code, Error, error::Entity, file::FileRow, limits};
use http::{HeaderMap, header};
use http_body_util::{BodyDataStream, LengthLimitError, Limited};
use multer::{Field, Multipart};
use serde::Serialize;
use store::file::{self as files, Upload};
use utoipa::ToSchema;

use super::{
    super::{
        Answer, ApiCall, Failure, Path,
        schema::{Answered, BodyFailures, Failures, InApp, NumberedPage, OneFile, OneGroup},
    },
    InGroup, InGroupOne, require,
};
use crate::{
    connections::body::{Stalled, cause, is_asked_first, says_more_than},
    http::{
        file_answer,
        multipart::{AROUND_BYTES, announced, part_name},
    },
    state::ServerState,
};

/// Files on a page, unless the call says otherwise, and at most.
const PAGE: u32 = 1000;
/// The largest body of an upload that is read, bytes: the file, what surrounds it, and enough to answer the sender of a larger file that
/// it is too large.
const BODY_BYTES: usize = 2 * limits::GROUP_FILE_BYTES as usize;
/// The part of an upload that holds the file.
const PART: &str = "file";

/// One file of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileItem {
    file_id: String,
    file_name: String,
    /// The user who shared it; empty when the app's back end or an operator did.
    file_owner: String,
    /// Bytes.
    file_size: u64,
    /// Milliseconds since 1970, UTC.
    created: i64,
}

impl From<FileRow> for FileItem {
    fn from(file: FileRow) -> Self {
        Self {
            file_id: file.file_id,
            file_name: file.file_name,
            file_owner: file.file_owner,
            file_size: file.file_size,
            created: file.created_at,
        }
    }
}

/// `GET /chatgroups/{group_id}/share_files`: newest first.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/share_files", tag = "Shared files",
    params(InApp, OneGroup, NumberedPage),
    responses((status = 200, description = "A page of files", body = Answered<Vec<FileItem>>), Failures),
)]
pub async fn list(call: ApiCall, Path((_, _, group)): Path<InGroup>) -> Answer {
    require(&call, &group).await?;
    let size = call.info.number("pagesize", PAGE, PAGE)?;
    let skip = call.info.skipped(size)?;
    let place = (skip, size);
    let found = files::api_list(call.scope(), &group, place).await;
    let found = found.map_err(Failure::in_group(&group))?;
    call.reply(found.into_iter().map(FileItem::from).collect::<Vec<_>>()).send()
}

/// An upload.
#[derive(ToSchema)]
pub struct UploadForm {
    /// At most 10 MB, with its name
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
}

/// A file that is shared now.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedFile {
    file_url: String,
    group_id: String,
    file_name: String,
    /// Milliseconds since 1970, UTC.
    created: i64,
    file_id: String,
    /// Bytes.
    file_size: u64,
}

/// `POST /chatgroups/{group_id}/share_files`: `multipart/form-data` with one part `file` of at most 10 MB. Of several, the first counts.
#[utoipa::path(
    post, path = "/{org}/{app}/chatgroups/{group_id}/share_files", tag = "Shared files",
    params(InApp, OneGroup),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "The file", body = Answered<SharedFile>), Failures, BodyFailures),
)]
pub async fn upload(
    State(state): State<ServerState>,
    call: ApiCall,
    Path((_, _, group)): Path<InGroup>,
    request: Request,
) -> Answer {
    require(&call, &group).await?;
    // Other clients read it once they have sent all, or what is read of it.
    if is_asked_first(&request) && says_more_than(&request, limits::GROUP_FILE_BYTES + AROUND_BYTES) {
        return Err(Failure::TooLarge);
    }
    let boundary = boundary(request.headers()).ok_or(Failure::NoFile)?;
    if let Actor::Account { id, .. } = call.caller.actor {
        state.api.count_own_file(id).map_err(|retry_after_s| Failure::RateLimited { retry_after_s })?;
    }
    let announced = announced(request.headers());
    let body = Limited::new(request.into_body(), BODY_BYTES);
    let mut parts = Multipart::new(BodyDataStream::new(body), boundary);
    let taken = take(&call, (&group, announced), &mut parts).await;
    // What follows is read as well, as long as it keeps coming: many clients only read once they have sent all.
    while let Ok(Some(mut part)) = parts.next_field().await {
        let _ = skip(&mut part).await;
    }
    let (upload, name) = taken?;
    let file = upload.finish(&name).await.map_err(|error| of_domain(error, &group))?;
    let shared = SharedFile {
        file_url: format!("{}/{}", call.info.uri().trim_end_matches('/'), file.file_id),
        group_id: group,
        file_name: file.file_name,
        created: file.created_at,
        file_id: file.file_id,
        file_size: file.file_size,
    };
    call.reply(shared).send()
}

/// The first file among the parts, and its name.
async fn take(call: &ApiCall, of: (&str, Option<u64>), parts: &mut Multipart<'_>) -> Result<(Upload, String), Failure> {
    while let Some(mut part) = parts.next_field().await.map_err(|error| of_multipart(&error))? {
        if part.name() != Some(PART) {
            skip(&mut part).await?;
            continue;
        }
        let name = part_name(part.headers(), part.file_name()).ok_or(Failure::NoFile)?;
        let taken = take_part(call, of, &mut part).await;
        if taken.is_err() {
            let _ = skip(&mut part).await;
        }
        return taken.map(|upload| (upload, name));
    }
    Err(Failure::NoFile)
}

async fn take_part(call: &ApiCall, (group, announced): (&str, Option<u64>), part: &mut Field<'_>) -> Result<Upload, Failure> {
    let begun = Upload::begin_announced(call.scope(), group, announced).await;
    let mut upload = begun.map_err(|error| of_domain(error, group))?;
    while let Some(piece) = part.chunk().await.map_err(|error| of_multipart(&error))? {
        upload.write(&piece).await.map_err(|error| of_domain(error, group))?;
    }
    Ok(upload)
}

/// Reads the rest of a part piece by piece, and keeps none.
async fn skip(part: &mut Field<'_>) -> Result<(), Failure> {
    while part.chunk().await.map_err(|error| of_multipart(&error))?.is_some() {}
    Ok(())
}

/// The boundary between the parts of a body. The header's media type does not matter: the document's own `curl` line says that it is
/// JSON, to which curl adds the boundary; and where there are several, the last one is curl's.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let kinds = headers.get_all(header::CONTENT_TYPE).iter().filter_map(|value| value.to_str().ok());
    let parameters = kinds.flat_map(|kind| kind.split(';').skip(1));
    let is_boundary = |parameter: &str| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    };
    parameters.filter_map(is_boundary).last().filter(|boundary| !boundary.is_empty())
}

fn of_multipart(error: &multer::Error) -> Failure {
    if cause::<LengthLimitError>(error).is_some() {
        Failure::TooLarge
    } else if cause::<Stalled>(error).is_some() {
        Failure::Stalled
    } else {
        Failure::IllegalArgument(error.to_string())
    }
}

fn of_domain(error: Error, group: &str) -> Failure {
    match error {
        Error::Invalid(fields) => match fields.first().map(|field| &field.code) {
            Some(Code::FileTooLarge { .. }) => Failure::TooLarge,
            Some(Code::GroupFilesFull { max }) => Failure::GroupFilesFull { group: group.to_owned(), max: *max },
            Some(Code::AppFilesFull { max }) => Failure::AppFilesFull { max: *max },
            Some(code) => Failure::of_code("file", code),
            None => Failure::NoFile,
        },
        error => Failure::in_group(group)(error),
    }
}

fn of_file(error: Error, group: &str) -> Failure {
    match error {
        Error::NotFound(Entity::File) => Failure::NoSuchAddress,
        error => Failure::in_group(group)(error),
    }
}

/// `GET /chatgroups/{group_id}/share_files/{file_id}`: the bytes, without an envelope. A `Range` is served.
#[utoipa::path(
    get, path = "/{org}/{app}/chatgroups/{group_id}/share_files/{file_id}", tag = "Shared files",
    params(InApp, OneGroup, OneFile),
    responses((status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "The part that `Range` asks for", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 304, description = "`If-None-Match` has it"),
        (status = 416, description = "Nothing of `Range` lies in the file"), Failures),
)]
pub async fn download(call: ApiCall, Path((_, _, group, file)): Path<InGroupOne>, headers: HeaderMap) -> Answer {
    require(&call, &group).await?;
    let found = files::find(call.scope(), &group, &file).await;
    let (file, path) = found.map_err(|error| of_file(error, &group))?;
    let sent = file_answer::send(&path, &file.file_name, file.file_size, &headers).await;
    sent.map_err(|error| of_file(error, &group))
}

/// A file that is shared no longer.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeletedFile {
    group_id: String,
    file_id: String,
    result: bool,
}

/// `DELETE /chatgroups/{group_id}/share_files/{file_id}`.
#[utoipa::path(
    delete, path = "/{org}/{app}/chatgroups/{group_id}/share_files/{file_id}", tag = "Shared files",
    params(InApp, OneGroup, OneFile),
    responses((status = 200, description = "That it is gone", body = Answered<DeletedFile>), Failures),
)]
pub async fn delete(call: ApiCall, Path((_, _, group, file)): Path<InGroupOne>) -> Answer {
    require(&call, &group).await?;
    let report = files::delete(call.scope(), &group, vec![file.clone()], "").await;
    let report = report.map_err(|error| of_file(error, &group))?;
    if report.done == 0 {
        return Err(Failure::NoSuchAddress);
    }
    call.reply(DeletedFile { group_id: group, file_id: file, result: true }).send()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_is_found_whatever_the_body_is_called() {
        let found = |kinds: &[&str]| {
            let headers = kinds.iter().map(|kind| (header::CONTENT_TYPE, kind.parse().unwrap())).collect();
            boundary(&headers)
        };
        assert_eq!(found(&["multipart/form-data; boundary=abc"]).as_deref(), Some("abc"));
        assert_eq!(found(&["application/json; boundary=abc"]).as_deref(), Some("abc"));
        assert_eq!(found(&["application/json", "multipart/form-data; Boundary=\"a b\""]).as_deref(), Some("a b"));
        assert_eq!(found(&["multipart/form-data; boundary=theirs; boundary=curls"]).as_deref(), Some("curls"));
        assert_eq!(found(&["application/json"]), None);
        assert_eq!(found(&["multipart/form-data; boundary="]), None);
    }
}
