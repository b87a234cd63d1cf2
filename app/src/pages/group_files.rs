//! The files that a group shares, and the dialogs that send one and delete some.

use domain::{
    Code,
    file::{FilePage, FileRow, FileSummary, FileUsage, Usage},
    limits,
    page::Page,
};
use leptos::{prelude::*, server_fn::ServerFn};
use words::format;

use crate::{
    components::{
        ActionLink, ApiButton, Chips, ConfirmCount, Dialog, DialogButtons, FilterForm, GroupFields, Hidden, Icon, Loaded,
        NothingSelected, Pager, PostForm, ResultCount, SelectAllCell, SelectCell, Selection, SelectionCount, SizeLinks,
        SubjectFields, Time, UploadForm, UsageMeter,
        batch::{after_batch_href, forget},
        dialog::close_href,
        filters::SearchBox,
        form::{FileField, Sending},
        selection::{BatchButton, FORM, Subject},
    },
    flash::SHARE,
    functions::file::{DeleteFiles, summarize_files},
    page_context::{page_context, strings},
    route::{use_app_path, use_group_id, use_query, use_tab_path},
    url::Query,
};

#[component]
pub fn Files(page: FilePage, group_id: String, forbidden: Option<&'static str>) -> impl IntoView {
    let FilePage { page, usage } = page;
    let t = strings();
    let w = &t.files;
    let query = use_query();
    let here = use_tab_path().get_untracked();
    let path = StoredValue::new(here.clone());
    let path = Signal::derive(move || path.get_value());
    let keep = Signal::derive(move || query.read().list().without(&["q", "cursor"]));
    view! {
        <section class="panel" aria-labelledby="files-title">
            <div class="panel-head"><h2 id="files-title">{w.title}</h2></div>
            <UsedUp usage=usage />
            <FilterForm path=path keep=keep label=w.search_files>
                <SearchBox label=w.search_files value=Signal::derive(move || query.read().get("q").to_owned()) />
            </FilterForm>
            <div class="list-bar">
                <form id=FORM method="get" action=move || path.get()>
                    {move || view! { <Hidden query=query.read().list() /> }}
                </form>
                <ActionLink
                    href=Signal::derive(move || query.read().list().with("dialog", "upload").href(&path.read()))
                    label=w.upload_file
                    icon="upload"
                    disabled=forbidden
                />
                <div class="batch">
                <SelectionCount />
                <BatchButton
                    dialog="delete-files"
                    label=w.delete_files
                    icon="delete"
                    path=path
                    query=query
                    kind="danger-quiet"
                    forbidden=forbidden
                />
                </div>
                <div class="list-tools"><SizeLinks path=path query=query /><ApiButton path=path query=query /></div>
            </div>
            <FileTable page=page group_id=group_id path=here forbidden=forbidden />
        </section>
    }
}

/// How much of the quotas is used: of the group's, and of the app's where that is nearer to its end.
#[component]
fn UsedUp(usage: FileUsage) -> impl IntoView {
    let k = &strings().quotas;
    let FileUsage { group, app } = usage;
    let left = |usage: Usage| usage.max.map_or(u64::MAX, |max| max.saturating_sub(usage.used));
    let app = (left(app) < left(group)).then_some(app);
    view! {
        <div class="file-usage">
            <UsageMeter label=k.files_of_group usage=group />
            {app.map(|app| view! { <UsageMeter label=k.files_of_app usage=app /> })}
        </div>
    }
}

#[component]
fn FileTable(page: Page<FileRow>, group_id: String, path: String, forbidden: Option<&'static str>) -> impl IntoView {
    let t = strings();
    let w = &t.files;
    let query: Query = untrack(|| use_query().get());
    let selection: Selection = expect_context();
    selection.shows(page.items.iter().map(|row| row.file_id.clone()).collect(), page.total);
    let term = query.get("q").trim().to_owned();
    let filtered = !term.is_empty();
    let filters = if filtered { vec![("q", (t.lists.matching)(term))] } else { vec![] };
    let summary = view! {
        <p class="list-summary">
            <ResultCount count=page.total />
            <Chips path=path.clone() query=query.clone() set=filters />
        </p>
    };
    if page.items.is_empty() {
        return view! {
            {summary}
            <div class="empty"><p class="empty-title">{if filtered { t.lists.nothing_matches } else { w.no_files }}</p></div>
        }
        .into_any();
    }
    let app = use_app_path().get_untracked();
    let rows = page.items.into_iter().map(|row| {
        let delete = query.list().with("dialog", "delete-files").and("ids", &row.file_id).href(&path);
        let file = app.group_file(&group_id, &row.file_id);
        let owner = match row.file_owner.clone() {
            name if name.is_empty() => view! { <span class="muted">{w.by_server}</span> }.into_any(),
            name => view! { <a class="mono" href=app.account(&name)>{name.clone()}</a> }.into_any(),
        };
        view! {
            <tr role="row">
                <SelectCell id=row.file_id label=(t.lists.select_row)(row.file_name.clone()) />
                <td role="rowheader" data-label=w.file_name class="cell-title">
                    // The browser saves it.
                    <a class="row-title" href=file download=row.file_name.clone() title=row.file_name.clone() rel="external">
                        <bdi>{row.file_name.clone()}</bdi>
                        " "
                        <Icon name="download" />
                    </a>
                </td>
                <td role="cell" data-label=w.file_size class="nowrap number col-members">{format::size(row.file_size)}</td>
                <td role="cell" data-label=w.file_owner class="col-owner">{owner}</td>
                <td role="cell" data-label=w.shared_at class="nowrap col-created"><Time at=row.created_at /></td>
                <td role="cell" class="cell-actions">
                    <span class="row-actions">
                        <ActionLink
                            href=delete
                            label=t.common.delete
                            kind="danger-quiet"
                            icon="delete"
                            disabled=forbidden
                            aria_label=(t.common.action_of)(t.common.delete, row.file_name)
                        />
                    </span>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        {summary}
        <div class="table-frame" role="region" aria-label=(t.lists.table_of)(w.title) tabindex="0">
            <table role="table" class=move || page_context().plain_table_class("files")>
                <thead role="rowgroup">
                    <tr role="row">
                        <SelectAllCell />
                        <th role="columnheader" scope="col">{w.file_name}</th>
                        <th role="columnheader" scope="col" class="number col-members">{w.file_size}</th>
                        <th role="columnheader" scope="col" class="col-owner">{w.file_owner}</th>
                        <th role="columnheader" scope="col" class="col-created">{w.shared_at}</th>
                        <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <Pager previous=page.previous next=page.next path=path query=query label=t.lists.pages />
    }
    .into_any()
}

#[component]
pub fn UploadFileDialog() -> impl IntoView {
    let w = &strings().files;
    let close = close_href();
    let action = use_app_path().get_untracked().group_upload(&use_group_id().get_untracked());
    let most = limits::GROUP_FILE_BYTES;
    view! {
        <Dialog title=w.upload_file close=close>
            <UploadForm action=action flash=SHARE max=(most, Code::FileTooLarge { max: most })>
                <FileField label=w.file help=(w.file_help)(most / (1024 * 1024)) autofocus=true />
                <Sending />
                <DialogButtons confirm=w.upload_file />
            </UploadForm>
        </Dialog>
    }
}

/// Files that the dialog names.
const FIRST: usize = 5;

#[component]
pub fn DeleteFilesDialog() -> impl IntoView {
    let t = strings();
    let w = &t.files;
    let close = close_href();
    let (selection, query) = (expect_context::<Selection>(), use_query());
    let ids = match untrack(|| selection.subject(&query.read())) {
        Subject::Ids(ids) => ids,
        Subject::Matching(_) => vec![],
    };
    if ids.is_empty() {
        return view! { <Dialog title=w.delete_files close=close><NothingSelected /></Dialog> }.into_any();
    }
    let (app, id) = (use_app_path(), use_group_id());
    let wanted = ids.clone();
    let summary = Resource::new(
        || (),
        move |()| {
            let (app, id) = (app.get_untracked(), id.get_untracked());
            summarize_files(app.org, app.app, id, wanted.clone())
        },
    );
    view! {
        <Dialog title=w.delete_files close=close>
            <Loaded resource=summary view=move |summary| view! { <DeleteForm ids=ids.clone() summary=summary /> } />
        </Dialog>
    }
    .into_any()
}

#[component]
fn DeleteForm(ids: Vec<String>, summary: FileSummary) -> impl IntoView {
    let t = strings();
    let w = &t.files;
    let (app, id) = (use_app_path().get_untracked(), use_group_id().get_untracked());
    // Files deleted in the meantime are named all the same: the answer reports them.
    let (count, subject) = (ids.len() as u64, Subject::Ids(ids));
    let more = summary.files.len().saturating_sub(FIRST) as u64;
    let named = summary.files.iter().enumerate().map(|(n, file)| {
        view! {
            <input type="hidden" name=format!("named[{n}][file_id]") value=file.file_id.clone() />
            <input type="hidden" name=format!("named[{n}][file_name]") value=file.file_name.clone() />
        }
    });
    let named = named.collect_view();
    let done = forget(&subject);
    view! {
        <p class="question">{(w.delete_files_question)(count, format::number(count))}</p>
        <ul class="targets">
            {summary.files.into_iter().take(FIRST).map(|file| view! { <li><bdi>{file.file_name}</bdi></li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="muted">{(t.lists.and_more)(more, format::number(more))}</li> })}
        </ul>
        <PostForm action=DeleteFiles::PATH next=after_batch_href() on_done=done>
            <GroupFields app=app group_id=id />
            <SubjectFields subject=subject />
            {named}
            <ConfirmCount items=count />
            <DialogButtons confirm=(w.delete_files_confirm)(count, format::number(count)) danger=true />
        </PostForm>
    }
}
