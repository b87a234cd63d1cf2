//! Dialogs about exports: what, how and which columns; then the file to fetch. One pair for all lists.

use domain::{
    export::{ExportFormat, ExportList, JobExport},
    job::{JobRow, JobState},
    limits,
    selection::Matching,
};
use leptos::{ev, html, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;
use words::{columns::title, format, shape::exports::Scope};

use crate::{
    browser,
    components::{
        AppFields, Dialog, DialogButtons, Icon, Loaded, Notice, PostForm, Selection, SubjectFields, dialog::close_href,
        form_state::FormState, selection::Subject, status::last_export,
    },
    functions::export::{StartExport, count_export},
    page_context::{page_context, strings},
    route::{use_app_path, use_group_id, use_query},
    url::{AppPath, Query},
};

/// Query keys of the audit log's filter.
const LOG: [&str; 5] = ["operator", "action", "target", "from", "to"];

/// What the dialog over a list is about: what is selected, else everything that the list shows. Messages and events cannot be
/// selected.
fn subject(list: ExportList, query: &Query) -> Subject {
    if matches!(list, ExportList::Messages | ExportList::Events) {
        return Subject::Ids(vec![]);
    }
    let selected = use_context::<Selection>().map(|selection| untrack(|| selection.subject(query)));
    selected.filter(|subject| !subject.is_empty()).unwrap_or_else(|| {
        let word = |key| query.get(key).to_owned();
        // Members have no type filter on their page.
        let kind = if list == ExportList::Members { String::new() } else { word("type") };
        Subject::Matching(Matching { all: "1".to_owned(), q: word("q"), kind, except: vec![] })
    })
}

fn scope(list: ExportList, subject: &Subject, query: &Query) -> Scope {
    let set = |keys: &[&str]| keys.iter().any(|key| !query.get(key).trim().is_empty());
    let filtered = match list {
        ExportList::Messages => false,
        ExportList::Members => set(&["q"]),
        ExportList::Events => set(&LOG),
        ExportList::Accounts | ExportList::Groups => set(&["q", "type"]),
    };
    match subject {
        Subject::Ids(ids) if !ids.is_empty() => Scope::Selected,
        Subject::Matching(matching) if !matching.except.is_empty() => Scope::Selected,
        _ if filtered => Scope::Matching,
        _ => Scope::All,
    }
}

#[component]
pub fn ExportDialog(list: ExportList) -> impl IntoView {
    let t = &strings().exports;
    let query = untrack(|| use_query().get());
    let app = use_app_path().get_untracked();
    let path = use_location().pathname.get_untracked();
    let group_id = if list.is_of_group() { use_group_id().get_untracked() } else { String::new() };
    let subject = subject(list, &query);
    let scope = scope(list, &subject, &query);
    let log: Vec<(&'static str, String)> = match list {
        ExportList::Events => LOG.iter().map(|&key| (key, query.get(key).to_owned())).collect(),
        _ => vec![],
    };
    let wanted = (app.clone(), group_id.clone(), subject.clone(), query.clone());
    let rows = Resource::new(
        || (),
        move |()| {
            let (app, group_id, subject, query) = wanted.clone();
            let (ids, matching) = subject.parts();
            let word = |key| query.get(key).to_owned();
            let log = match list {
                ExportList::Events => domain::event::EventParams {
                    operator: word("operator"),
                    action: word("action"),
                    target: word("target"),
                    from: word("from"),
                    to: word("to"),
                    ..Default::default()
                },
                _ => Default::default(),
            };
            count_export(app.org, app.app, list.as_str().to_owned(), ids, matching, group_id, log)
        },
    );
    let next = query.list().with("dialog", "exported").href(&path);
    let hidden = |name: String, value: String| view! { <input type="hidden" name=name value=value /> };
    let sort = if list == ExportList::Members { String::new() } else { query.get("sort").to_owned() };
    view! {
        <Dialog title=(t.title)(list) close=close_href() wide=true>
            <Loaded
                resource=rows
                view=move |rows| {
                    view! {
                        <p class="question">{(t.about)(list, scope, rows)}</p>
                        {(rows == 0).then(|| view! { <p class="muted">{t.nothing}</p> })}
                        {(rows > limits::EXPORT_AT_ONCE).then(|| view! { <Notice tone="info"><p>{(t.as_job)(format::number(limits::EXPORT_AT_ONCE))}</p></Notice> })}
                    }
                }
            />
            <p class="muted">{t.order_help}</p>
            <PostForm action=StartExport::PATH next=next>
                <AppFields app=app />
                <SubjectFields subject=subject />
                {hidden("list".into(), list.as_str().to_owned())}
                {hidden("sort".into(), sort)}
                {hidden("group_id".into(), group_id)}
                {log.into_iter().map(|(key, value)| hidden(format!("log[{key}]"), value)).collect_view()}
                <Formats />
                <Columns list=list />
                <DialogButtons confirm=strings().exports.export />
            </PostForm>
        </Dialog>
    }
}

#[component]
fn Formats() -> impl IntoView {
    let t = &strings().exports;
    let state: FormState = expect_context();
    let chosen = state.value("format", ExportFormat::Csv.as_str());
    let choice = |format: ExportFormat, name: &'static str, help: &'static str| {
        let word = format.as_str();
        let (id, help_id) = (format!("f-format-{word}"), format!("f-format-{word}-help"));
        let (ticked, first) = (chosen == word, format == ExportFormat::Csv);
        view! {
            <div class="choice">
                <input
                    type="radio"
                    id=id.clone()
                    name="format"
                    value=word
                    checked=ticked
                    autofocus=first
                    aria-describedby=help_id.clone()
                />
                <label for=id>{name}</label>
                <p class="field-help" id=help_id>{help}</p>
            </div>
        }
    };
    view! {
        <fieldset class="field choices">
            <legend>{t.format}</legend>
            {choice(ExportFormat::Csv, "CSV", t.csv_help)}
            {choice(ExportFormat::Xlsx, "XLSX", t.xlsx_help)}
            {choice(ExportFormat::JsonLines, "JSON Lines", t.jsonl_help)}
        </fieldset>
    }
}

#[component]
fn Columns(list: ExportList) -> impl IntoView {
    let t = &strings().exports;
    let state: FormState = expect_context();
    let language = page_context().language();
    let all: Vec<&'static str> = list.columns().iter().map(|column| column.key).collect();
    let ticked = RwSignal::new(state.values("columns[]", &all));
    let has = move |key: &str| ticked.with(|keys| keys.iter().any(|other| other == key));
    let error = move || state.field_error("columns");
    let tick_all = move |_| ticked.set(list.columns().iter().map(|column| column.key.to_owned()).collect());
    let boxes = list.columns().iter().map(|column| {
        let (key, title) = (column.key, title(language, list, column.key));
        let on_change = move |event: ev::Event| {
            let on = event_target_checked(&event);
            ticked.update(|keys| {
                keys.retain(|other| other != key);
                if on {
                    keys.push(key.to_owned());
                }
            });
        };
        view! {
            <label class="column-box">
                <input
                    type="checkbox"
                    name="columns[]"
                    value=key
                    checked=untrack(|| has(key))
                    prop:checked=move || has(key)
                    aria-describedby=move || error().map(|_| "f-columns-error")
                    on:change=on_change
                />
                <span>{title}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field" class:has-error=move || error().is_some()>
            <legend>{t.columns}</legend>
            <span class="column-ways js-only">
                <button type="button" class="button button-quiet" on:click=tick_all>{t.all_columns}</button>
                <button type="button" class="button button-quiet" on:click=move |_| ticked.set(vec![])>{t.no_columns}</button>
            </span>
            <div class="column-boxes">{boxes.collect_view()}</div>
            {move || error().map(|text| view! { <p class="field-error" id="f-columns-error">{text}</p> })}
        </fieldset>
    }
}

/// After an export: the file to fetch. With scripts the download starts automatically.
#[component]
pub fn ExportedDialog() -> impl IntoView {
    let t = strings();
    let close = close_href();
    let app = use_app_path().get_untracked();
    let Some(export) = untrack(last_export) else {
        // The address was opened again: there is nothing to fetch any more.
        return view! {
            <Dialog title=t.exports.export close=close.clone()>
                <p>{t.errors.not_found_export}</p>
                <div class="dialog-buttons">
                    <a class="button button-primary" href=close data-noscroll="" autofocus=true>{t.shell.back_to_list}</a>
                </div>
            </Dialog>
        }
        .into_any();
    };
    let link = NodeRef::<html::A>::new();
    let token = export.token.clone();
    Effect::new(move |_| {
        if let Some(link) = link.get() {
            browser::click_once(&link, &token);
        }
    });
    let gone = export.gone.len() as u64;
    let warnings =
        [(gone > 0).then(|| (t.exports.gone)(export.list, gone)), (export.cut > 0).then(|| (t.exports.cut)(export.cut))];
    view! {
        <Dialog title=t.exports.export_successful close=close.clone()>
            <p>{(t.exports.exported)(export.list, export.rows)}</p>
            {warnings.into_iter().flatten().map(|words| view! { <Notice tone="warning"><p>{words}</p></Notice> }).collect_view()}
            <p class="muted"><span class="js-only">{t.exports.starts}" "</span>{t.exports.export_kept}</p>
            <div class="dialog-buttons">
                <a class="button button-secondary" href=close data-noscroll="">{t.common.close}</a>
                <a class="button button-primary" href=app.export(&export.token) download="" autofocus=true node_ref=link>{t.common.download}</a>
            </div>
        </Dialog>
    }
    .into_any()
}

/// On the page of a finished export job: its file, or why there is none to fetch.
#[component]
pub fn JobFile(job: JobRow, file: Option<JobExport>, app: AppPath) -> impl IntoView {
    let t = strings();
    if job.state != JobState::Done {
        return ().into_any();
    }
    let Some(file) = file else {
        let words = if job.mine { t.exports.deleted } else { t.exports.not_yours };
        return view! { <p class="muted">{words}</p> }.into_any();
    };
    view! {
        <p class="job-file">
            <strong>{t.exports.export_successful}</strong>
            <a class="button button-primary" href=app.job_file(job.id) download="">
                <Icon name="download" />
                <span>{t.common.download}</span>
            </a>
            <span class="muted">{(t.exports.size)(format::size(file.size))}</span>
        </p>
        {(file.cut > 0).then(|| view! { <Notice tone="warning"><p>{(t.exports.cut)(file.cut)}</p></Notice> })}
    }
    .into_any()
}
