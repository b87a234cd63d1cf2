//! What a file would change, before anything is written: how many rows of each kind, the columns, the first rows, and what is to become
//! of rows that exist with other values.

use domain::import::{ConflictMode, Import, ImportList, MatchedColumn, Meaning, Sample, SampleRow, TakenWord, columns};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use words::{
    choices::called,
    format::{self, number},
    imports::row_problem_sentence,
};

use super::import::{Crumbs, back};
use crate::{
    components::{AppFields, HiddenField, Loaded, Notice, PageHeader, PostForm, SubmitButton, form_state::FormState},
    functions::import::{DiscardImport, StartImport, get_import},
    page_context::{page_context, strings},
    route::use_app_path,
};

#[component]
pub fn ImportPreviewPage() -> impl IntoView {
    let t = &strings().imports;
    let (app, params) = (use_app_path(), use_params_map());
    // An id that is no number is that of no import.
    let id = Memo::new(move |_| params.read().get("import").and_then(|id| id.parse::<i64>().ok()).unwrap_or(0));
    let import = Resource::new(move || (app.get(), id.get()), |(app, id)| get_import(app.org, app.app, id));
    view! {
        <Title text=t.preview />
        <Loaded resource=import view=|import| view! { <Preview import=import /> } />
    }
}

#[component]
fn Preview(import: Import) -> impl IntoView {
    let t = &strings().imports;
    let app = use_app_path().get_untracked();
    let (list, counts) = (import.list, import.preview.counts);
    let about = format!("{} · {} · {}", import.file_name, format::size(import.size), (t.rows)(list, counts.rows()));
    let facts = [(t.new, counts.new), (t.changed, counts.changed), (t.unchanged, counts.unchanged), (t.refused, counts.refused)];
    let preview = import.preview.clone();
    let kinds = [
        ("new", t.new, counts.new, preview.new),
        ("changed", t.changed, counts.changed, preview.changed),
        ("unchanged", t.unchanged, counts.unchanged, preview.unchanged),
        ("refused", t.refused, counts.refused, preview.refused),
    ];
    let samples = kinds.into_iter().filter(|(.., rows)| !rows.is_empty()).map(|(id, name, all, rows)| {
        view! { <Samples id=id name=name all=all rows=rows list=list /> }
    });
    view! {
        <Crumbs app=app.clone() list=list group_id=import.group_id.clone() here=t.preview />
        <PageHeader title=(t.title)(list) lead=about />
        <section class="panel" aria-labelledby="found-title">
            <div class="panel-head"><h2 id="found-title">{t.found}</h2></div>
            <dl class="facts import-facts">
                {facts.into_iter().map(|(name, n)| view! { <div><dt>{name}</dt><dd>{number(n)}</dd></div> }).collect_view()}
            </dl>
            <div class="import-form"><Confirm import=import /></div>
        </section>
        {samples.collect_view()}
        <Columns columns=preview.columns words=preview.words list=list />
    }
}

/// Starting, or what became of it.
#[component]
fn Confirm(import: Import) -> impl IntoView {
    let t = &strings().imports;
    let app = use_app_path().get_untracked();
    if let Some(job) = import.job {
        return view! {
            <Notice tone="info"><p>{t.already}</p></Notice>
            <div class="form-buttons"><a class="button button-primary" href=app.job(job)>{t.to_job}</a></div>
        }
        .into_any();
    }
    let counts = import.preview.counts;
    let (id, discarded) = (import.id.to_string(), import.id.to_string());
    let of = app.clone();
    let (next, _) = back(&app, import.list, &import.group_id);
    let again = if import.group_id.is_empty() {
        app.import_into(import.list)
    } else {
        format!("{}?group={}", app.import_into(import.list), crate::url::encode(&import.group_id))
    };
    let nothing = counts.new + counts.changed == 0;
    view! {
        <p class="muted">{t.preview_lead}" "{t.kept}</p>
        {nothing.then(|| view! { <Notice tone="info"><p>{t.nothing_to_write}</p></Notice> })}
        {(counts.refused > 0).then(|| view! { <Notice tone="warning"><p>{t.refused_later}</p></Notice> })}
        <PostForm action=StartImport::PATH>
            <AppFields app=app />
            <HiddenField name="id" value=id />
            <Modes />
            <div class="form-buttons">
                <SubmitButton label=(t.start)(import.list) />
                <a class="button button-secondary" href=again>{t.other_file}</a>
            </div>
        </PostForm>
        <PostForm action=DiscardImport::PATH next=next class="inline-form">
            <AppFields app=of />
            <HiddenField name="id" value=discarded />
            <SubmitButton label=t.discard kind="quiet" />
        </PostForm>
    }
    .into_any()
}

#[component]
fn Modes() -> impl IntoView {
    let t = &strings().imports;
    let state: FormState = expect_context();
    let chosen = state.value("mode", ConflictMode::Skip.as_str());
    let error = move || state.field_error("mode");
    let choices = ConflictMode::ALL.iter().map(|&mode| {
        let word = mode.as_str();
        let (id, help_id) = (format!("f-mode-{word}"), format!("f-mode-{word}-help"));
        let described = {
            let help_id = help_id.clone();
            move || if error().is_some() { format!("f-mode-error {help_id}") } else { help_id.clone() }
        };
        view! {
            <div class="choice">
                <input type="radio" id=id.clone() name="mode" value=word checked=chosen == word aria-describedby=described />
                <label for=id>{(t.mode_name)(mode)}</label>
                <p class="field-help" id=help_id>{(t.mode_help)(mode)}</p>
            </div>
        }
    });
    view! {
        <fieldset class="field choices" class:has-error=move || error().is_some()>
            <legend>{t.mode}</legend>
            {choices.collect_view()}
            {move || error().map(|text| view! { <p class="field-error" id="f-mode-error">{text}</p> })}
        </fieldset>
    }
}

/// The first rows of a kind.
#[component]
fn Samples(id: &'static str, name: &'static str, all: u64, rows: Vec<SampleRow>, list: ImportList) -> impl IntoView {
    let t = &strings().imports;
    let language = page_context().language();
    let keys = columns::keys(list);
    let heads = keys
        .iter()
        .map(|key| view! { <th scope="col">{words::columns::title(language, list.exported(), key)}</th> })
        .collect_view();
    let shown = rows.len() as u64;
    let note = (shown < all).then(|| (t.first_of)(number(shown), number(all)));
    let title_id = format!("samples-{id}");
    let (of_section, of_table) = (title_id.clone(), title_id.clone());
    let lines = rows.into_iter().map(|row| {
        let cells = (0..keys.len()).map(|n| row.key.get(n).cloned().unwrap_or_default());
        let cells = cells.map(|cell| view! { <td class="mono import-key"><bdi>{cell}</bdi></td> }).collect_view();
        view! { <tr><td class="job-numbers">{number(row.row.into())}</td>{cells}<td>{what(list, row.what)}</td></tr> }
    });
    view! {
        <section class="panel" aria-labelledby=of_section>
            <div class="panel-head">
                <h2 id=title_id>{name}</h2>
                {note.map(|note| view! { <span class="muted">{note}</span> })}
            </div>
            <div class="table-frame" role="region" aria-labelledby=of_table tabindex="0">
                <table class="data-table">
                    <thead><tr><th scope="col">{t.row}</th>{heads}<th scope="col">{t.what}</th></tr></thead>
                    <tbody>{lines.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// A value as people read it: choices by their name, and times, which in the log are milliseconds.
fn value(list: ImportList, field: &str, text: &str) -> String {
    if let Some(word) = called(strings(), list, field, text) {
        return word.to_owned();
    }
    match text.parse() {
        Ok(ms) if field.ends_with("_at") => domain::export::times::iso(ms),
        _ if text.is_empty() => "—".to_owned(),
        _ => text.to_owned(),
    }
}

fn what(list: ImportList, sample: Sample) -> AnyView {
    let t = &strings().imports;
    let language = page_context().language();
    let title = move |field: &str| words::columns::title(language, list.exported(), field);
    match sample {
        Sample::New(values) if values.is_empty() => t.nothing_set.into_any(),
        Sample::New(values) => {
            let pair = |(field, text): (String, String)| {
                view! { <div><dt>{title(&field)}</dt><dd><bdi>{value(list, &field, &text)}</bdi></dd></div> }
            };
            view! { <dl class="import-pairs">{values.into_iter().map(pair).collect_view()}</dl> }.into_any()
        }
        Sample::Changed(values) => {
            let pair = |(field, before, after): (String, String, String)| {
                view! {
                    <div>
                        <dt>{title(&field)}</dt>
                        <dd><del><bdi>{value(list, &field, &before)}</bdi></del>" → "<ins><bdi>{value(list, &field, &after)}</bdi></ins></dd>
                    </div>
                }
            };
            view! { <dl class="import-pairs">{values.into_iter().map(pair).collect_view()}</dl> }.into_any()
        }
        Sample::Unchanged => t.as_it_is.into_any(),
        Sample::Refused(trouble) => row_problem_sentence(language, list, &trouble).into_any(),
    }
}

/// What the columns of the file were recognised as, and the values in them.
#[component]
fn Columns(columns: Vec<MatchedColumn>, words: Vec<TakenWord>, list: ImportList) -> impl IntoView {
    let t = &strings().imports;
    let language = page_context().language();
    let taken_word = |word: &TakenWord| {
        let meant = called(strings(), list, &word.field, &word.wire).unwrap_or_default();
        view! { <li><bdi>{word.text.clone()}</bdi>" → "{meant}</li> }
    };
    let line = |column: MatchedColumn| {
        let of_column = |word: &&TakenWord| matches!(&column.meaning, Meaning::Field(field) if *field == word.field);
        // A word that is the label in the reader's language already needs no explanation.
        let says_more = |word: &&TakenWord| called(strings(), list, &word.field, &word.wire) != Some(word.text.as_str());
        let words = words.iter().filter(of_column).filter(says_more).map(taken_word).collect_view();
        let words = (!words.is_empty()).then(|| view! { <ul class="import-words">{words}</ul> });
        let (taken, class) = match &column.meaning {
            Meaning::Field(field) => (words::columns::title(language, list.exported(), field), ""),
            Meaning::Derived => (t.derived, "muted"),
            Meaning::Unknown => (t.unknown, "muted"),
        };
        let title = if column.title.trim().is_empty() { "—".to_owned() } else { column.title };
        view! { <tr><th scope="row"><bdi>{title}</bdi></th><td class=class>{taken}{words}</td></tr> }
    };
    view! {
        <section class="panel" aria-labelledby="columns-title">
            <div class="panel-head"><h2 id="columns-title">{t.fields}</h2></div>
            <div class="table-frame" role="region" aria-labelledby="columns-title" tabindex="0">
                <table class="data-table">
                    <thead><tr><th scope="col">{t.in_file}</th><th scope="col">{t.taken_as}</th></tr></thead>
                    <tbody>{columns.into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
