//! The page where a file to import is chosen: the form, the format of such a file, and an empty template.

use domain::{
    Code,
    export::ExportFormat,
    import::{ImportList, columns},
    limits,
    upload::{FileProblem, ImportEncoding},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use words::{columns::title, format, imports::choices_named};

use crate::{
    NotFound,
    components::{
        HiddenField, Loaded, Notice, PageHeader, SelectField, SubmitButton, UploadForm,
        form::{FileField, Sending},
    },
    flash::UPLOAD,
    functions::application::get_application,
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::{AppPath, GroupTab},
};

/// The list that the rows belong to, with its name.
pub fn back(app: &AppPath, list: ImportList, group_id: &str) -> (String, String) {
    let t = strings();
    match list {
        ImportList::Accounts => (app.accounts(), t.accounts.title.to_owned()),
        ImportList::Members if !group_id.is_empty() => (app.group_tab(group_id, GroupTab::Members), group_id.to_owned()),
        ImportList::Groups | ImportList::Members => (app.groups(), t.groups.title.to_owned()),
    }
}

#[component]
pub fn Crumbs(app: AppPath, list: ImportList, group_id: String, here: &'static str) -> impl IntoView {
    let (href, name) = back(&app, list, &group_id);
    view! {
        <nav class="breadcrumb" aria-label=strings().shell.breadcrumb>
            <a href=href><bdi>{name}</bdi></a>
            <span aria-hidden="true">"/"</span>
            <span aria-current="page">{here}</span>
        </nav>
    }
}

#[component]
pub fn ImportPage() -> impl IntoView {
    let (app, query, params) = (use_app_path(), use_query(), use_params_map());
    let here = Memo::new(move |_| {
        let list = params.read().get("list").and_then(|word| ImportList::parse(&word).ok());
        (app.get(), list, query.read().get("group").to_owned())
    });
    // So that an address of no app shows no form.
    let found = Resource::new(move || app.get(), |app| get_application(app.org, app.app));
    view! {
        <Loaded
            resource=found
            view=move |_| {
                view! {
                    {move || match here.get() {
                        (app, Some(list), group_id) => view! { <Choose app=app list=list group_id=group_id /> }.into_any(),
                        _ => view! { <NotFound /> }.into_any(),
                    }}
                }
            }
        />
    }
}

#[component]
fn Choose(app: AppPath, list: ImportList, group_id: String) -> impl IntoView {
    let t = &strings().imports;
    let title = (t.title)(list);
    // A group belongs to members only.
    let group_id = if list == ImportList::Members { group_id } else { String::new() };
    let (action, given) = (app.imports(), group_id.clone());
    let form = match page_context().read_only_reason() {
        Some(reason) => view! { <Notice tone="info"><p>{reason}</p></Notice> }.into_any(),
        None => view! {
            <UploadForm action=action flash=UPLOAD max=(limits::IMPORT_BYTES, Code::File(FileProblem::TooLarge { max: limits::IMPORT_BYTES }))>
                <HiddenField name="list" value=list.as_str() />
                <HiddenField name="group_id" value=given.clone() />
                {(!given.is_empty()).then(|| view! { <p class="muted"><bdi>{(t.into_group)(&given)}</bdi></p> })}
                <Encoding />
                <FileField
                    label=t.file
                    help=(t.file_help)(format::size(limits::IMPORT_BYTES), format::number(limits::IMPORT_ROWS.into()))
                    accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                />
                <div class="form-buttons"><SubmitButton label=t.upload /></div>
                <Sending />
            </UploadForm>
        }
        .into_any(),
    };
    view! {
        <Title text=title />
        <Crumbs app=app.clone() list=list group_id=group_id.clone() here=title />
        <PageHeader title=title lead=t.lead />
        <div class="import-columns">
            <section class="panel" aria-labelledby="file-title">
                <div class="panel-head"><h2 id="file-title">{t.upload}</h2></div>
                <div class="import-form">{form}</div>
            </section>
            <Rules app=app list=list />
        </div>
    }
}

#[component]
fn Encoding() -> impl IntoView {
    let t = &strings().imports;
    let options = ImportEncoding::ALL.iter().map(|&word| (word.as_str(), (t.encoding_name)(word))).collect();
    view! { <SelectField name="encoding" label=t.encoding options=options value=ImportEncoding::Auto.as_str() help=t.encoding_help /> }
}

#[component]
fn Rules(app: AppPath, list: ImportList) -> impl IntoView {
    let t = &strings().imports;
    let language = page_context().language();
    let template = |format: ExportFormat, name: &'static str| {
        // The visible text comes first, so that voice control finds it.
        let label = format!("{name}: {}", t.template);
        view! { <a class="button button-secondary" href=app.import_template(list, format) download="" aria-label=label>{name}</a> }
    };
    let rows = columns::fields(list).map(|field| {
        let choices = choices_named(language, list, field).join(" · ");
        view! {
            <tr>
                <th scope="row">{title(language, list.exported(), field)}</th>
                <td class="mono">{field}</td>
                <td class="import-values">{if choices.is_empty() { "—".to_owned() } else { choices }}</td>
            </tr>
        }
    });
    view! {
        <section class="panel" aria-labelledby="rules-title">
            <div class="panel-head"><h2 id="rules-title">{t.rules}</h2></div>
            <div class="import-rules">
                <ul>
                    <li>{t.rule_titles}</li>
                    <li>{(t.rule_needed)(list)}</li>
                    <li>{t.rule_choices}</li>
                    <li>{t.rule_empty}</li>
                    <li>{t.rule_times}</li>
                </ul>
                <p class="import-template">
                    <span>{t.template}</span>
                    {template(ExportFormat::Csv, "CSV")}
                    {template(ExportFormat::Xlsx, "XLSX")}
                </p>
                <details>
                    <summary>{t.fields}</summary>
                    <div class="table-frame" role="region" aria-label=t.fields tabindex="0">
                        <table class="data-table">
                            <thead><tr><th scope="col">{t.column}</th><th scope="col">{t.wire_name}</th><th scope="col">{t.values}</th></tr></thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    </div>
                </details>
            </div>
        </section>
    }
}
