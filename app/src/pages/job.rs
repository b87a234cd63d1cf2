//! The page of one job, which follows it while it runs.

use domain::{
    backup::CUT_OFF,
    export::JobExport,
    import::{ConflictMode, ImportCounts, ImportList, JobImport},
    job::{FailedItem, FailureReason, Job, JobKind, JobRow, JobState},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use words::{format, imports::row_problem_sentence, reason_sentence};

use super::{
    export_dialogs::JobFile,
    jobs::{StateBadge, starter, title, while_here},
};
use crate::{
    browser,
    components::{AppFields, HiddenField, Icon, Loaded, Notice, PageHeader, PostForm, SubmitButton, Time},
    functions::job::{CancelJob, get_job},
    page_context::{page_context, strings},
    route::use_app_path,
    url::{AppPath, GroupTab},
};

#[component]
pub fn JobPage() -> impl IntoView {
    let t = strings();
    let app = use_app_path();
    let params = use_params_map();
    let changes = page_context().changes;
    // An id that is no number is that of no job.
    let id = Memo::new(move |_| params.read().get("job").and_then(|id| id.parse::<i64>().ok()).unwrap_or(0));
    let job = Resource::new(move || (app.get(), id.get(), changes.get()), |(app, id, _)| get_job(app.org, app.app, id));
    view! {
        <Title text=t.jobs.job />
        <nav class="breadcrumb" aria-label=t.shell.breadcrumb>
            <a href=move || app.read().jobs()>{t.jobs.jobs}</a>
            <span aria-hidden="true">"/"</span>
            <span aria-current="page">{t.jobs.job}</span>
        </nav>
        <Loaded resource=job view=|job| view! { <Details job=job /> } />
    }
}

#[component]
fn Details(job: Job) -> impl IntoView {
    let t = strings();
    let app = use_app_path().get_untracked();
    let state = page_context();
    let first = job.row.clone();
    let (troubles, file, import) = (RwSignal::new(job.troubles), RwSignal::new(job.file), RwSignal::new(job.import));
    let job = RwSignal::new(job.row);
    let place = app.clone();
    while_here(move || {
        let Some((id, false)) = job.try_with_untracked(|job| (job.id, job.state.is_over())) else { return };
        let app = place.clone();
        leptos::task::spawn_local(async move {
            if let Ok(new) = get_job(app.org, app.app, id).await {
                // First, because the end of the job shows it.
                file.try_set(new.file);
                import.try_set(new.import);
                job.try_set(new.row);
                troubles.try_set(new.troubles);
            }
        });
    });
    let over = Memo::new(move |_| job.read().state.is_over());
    let may_cancel = state.may_write() || first.mine;
    let numbers = move || job.with(|job| (t.jobs.of)(format::number(job.position), format::number(job.total)));
    let pace = move || {
        let job = job.read();
        let now = if state.hydrated.get() { browser::now() } else { state.now() };
        let rate = job.rate(now)?;
        let left = (!job.state.is_over() && rate > 0).then(|| job.total.saturating_sub(job.position) / rate);
        let left = left.map(|seconds| format!(" · {}", (t.jobs.seconds_left)(seconds))).unwrap_or_default();
        Some(format!("{}{left}", (t.jobs.per_second)(format::number(rate))))
    };
    let (refused_path, id) = (app.refusals(first.id), first.id);
    view! {
        <Title text=title(&first) />
        <PageHeader title=title(&first) />
        <section class="panel job" aria-labelledby="progress-title">
            <div class="panel-head">
                <h2 id="progress-title">{t.jobs.progress}</h2>
                <StateBadge job=job />
            </div>
            <progress class="job-bar" max=move || job.read().total.max(1) value=move || job.read().position aria-labelledby="progress-title"></progress>
            <p class="job-line">
                <span class="job-numbers">{numbers}</span>
                <span class="muted">{pace}</span>
            </p>
            <div aria-live="polite">{move || over.get().then(|| view! {
                <Ending job=job.get_untracked() file=file.get_untracked() import=import.get_untracked() />
            })}</div>
            {move || (!over.get()).then(|| view! {
                <p class="muted">{t.jobs.leave_help}</p>
                <div class="form-buttons">
                    <a class="button button-secondary no-js-only" href="" rel="external">{t.jobs.refresh}</a>
                    {may_cancel.then(|| view! { <CancelForm app=app.clone() id=id /> })}
                </div>
            })}
            <dl class="facts">
                {move || match import.get() {
                    Some(import) => view! { <ImportFacts counts=import.counts mode=import.mode /> }.into_any(),
                    None => view! {
                        <div><dt>{t.jobs.done}</dt><dd>{move || format::number(job.read().done)}</dd></div>
                        <div><dt>{t.jobs.refused}</dt><dd>{move || format::number(job.read().refused)}</dd></div>
                        <div><dt>{t.jobs.gone}</dt><dd>{move || format::number(job.read().gone)}</dd></div>
                    }
                    .into_any(),
                }}
                <div><dt>{t.jobs.started_by}</dt><dd><bdi>{starter(&first)}</bdi></dd></div>
                <div><dt>{t.jobs.started}</dt><dd><Time at=first.created_at /></dd></div>
                <div><dt>{t.jobs.finished}</dt><dd>{move || match job.read().finished_at {
                    Some(at) => view! { <Time at=at /> }.into_any(),
                    None => "—".into_any(),
                }}</dd></div>
            </dl>
        </section>
        {move || {
            let troubles = troubles.get();
            let all = job.with(|job| job.refused + job.gone);
            (!troubles.is_empty()).then(|| view! {
                <FailedItems troubles=troubles all=all list=first.kind.imports() file=refused_path.clone() />
            })
        }}
    }
}

#[component]
fn CancelForm(app: AppPath, id: i64) -> impl IntoView {
    let t = &strings().jobs;
    view! {
        <PostForm action=CancelJob::PATH class="inline-form">
            <AppFields app=app />
            <HiddenField name="id" value=id.to_string() />
            <span title=t.cancel_help><SubmitButton label=t.cancel kind="secondary" /></span>
        </PostForm>
    }
}

/// How it ended, in words, and where to continue.
#[component]
fn Ending(job: JobRow, file: Option<JobExport>, import: Option<JobImport>) -> impl IntoView {
    let t = &strings().jobs;
    let app = use_app_path().get_untracked();
    let (tone, words) = match (job.state, job.error.as_deref()) {
        (JobState::Done, _) if job.refused + job.gone > 0 => ("warning", t.done_words.to_owned()),
        (JobState::Done, _) => ("success", t.done_words.to_owned()),
        (JobState::Failed, Some("forbidden")) => ("danger", t.failed_forbidden.to_owned()),
        (JobState::Failed, Some("conflict")) => ("warning", strings().imports.stopped.to_owned()),
        (JobState::Failed, _) => ("danger", t.failed_other.to_owned()),
        (JobState::Cancelled, Some(CUT_OFF)) => {
            ("warning", (t.cut_off_words)(format::number(job.position), format::number(job.total)))
        }
        _ => ("warning", (t.cancelled_words)(format::number(job.position), format::number(job.total))),
    };
    let back = match job.kind {
        JobKind::DeleteAccounts | JobKind::ExportAccounts | JobKind::ImportAccounts => app.accounts(),
        JobKind::DeleteMembers | JobKind::ExportMembers => app.group_tab(&job.target, GroupTab::Members),
        JobKind::ExportMessages => app.group_tab(&job.target, GroupTab::Messages),
        JobKind::ImportMembers if !job.target.is_empty() => app.group_tab(&job.target, GroupTab::Members),
        JobKind::ExportEvents => app.audit(),
        JobKind::DeleteGroups
        | JobKind::SendMessages
        | JobKind::ExportGroups
        | JobKind::ImportGroups
        | JobKind::ImportMembers => app.groups(),
    };
    view! {
        <Notice tone=tone>
            <p>{words}</p>
        </Notice>
        {job.kind.exports().then(|| view! { <JobFile job=job.clone() file=file app=app.clone() /> })}
        {(job.kind.imports().is_some() && job.refused > 0).then(|| {
            view! { <RefusedRows id=job.id there=import.is_some_and(|import| import.refused_rows) app=app.clone() /> }
        })}
        <div class="form-buttons job-ways">
            <a class="button button-secondary" href=back>{strings().shell.back_to_list}</a>
        </div>
    }
}

/// What became of the rows of a file.
#[component]
fn ImportFacts(counts: ImportCounts, mode: ConflictMode) -> impl IntoView {
    let t = &strings().imports;
    let changed = if mode == ConflictMode::Update { t.updated } else { t.left_alone };
    [(t.new, counts.new), (changed, counts.changed), (t.unchanged, counts.unchanged), (t.refused, counts.refused)]
        .map(|(name, n)| view! { <div><dt>{name}</dt><dd>{format::number(n)}</dd></div> })
        .collect_view()
}

/// The refused rows of an import as a file, or why there is none to fetch.
#[component]
fn RefusedRows(id: i64, there: bool, app: AppPath) -> impl IntoView {
    let t = &strings().imports;
    if !there {
        return view! { <p class="muted">{t.not_there}</p> }.into_any();
    }
    view! {
        <p class="job-file">
            <a class="button button-primary" href=app.refused_rows(id) download="">
                <Icon name="download" />
                <span>{t.download_refused}</span>
            </a>
            <span class="muted">{t.refused_help}</span>
        </p>
    }
    .into_any()
}

/// Why one item could not be done.
fn why(trouble: &FailedItem, list: Option<ImportList>) -> String {
    let t = strings();
    match (&trouble.reason, list) {
        (None, _) => t.errors.gone.to_owned(),
        (Some(FailureReason::Item(reason)), _) => reason_sentence(t, *reason).to_owned(),
        (Some(FailureReason::Row(refused)), list) => {
            let list = list.unwrap_or(ImportList::Accounts);
            let sentence = row_problem_sentence(page_context().language(), list, &refused.trouble);
            format!("{}: {sentence}", (t.imports.row_number)(format::number(refused.row.into())))
        }
    }
}

/// What could not be done, and why.
#[component]
fn FailedItems(troubles: Vec<FailedItem>, all: u64, list: Option<ImportList>, file: String) -> impl IntoView {
    let t = strings();
    let shown = troubles.len() as u64;
    let note = (shown < all).then(|| (t.jobs.first_of)(format::number(shown), format::number(all)));
    view! {
        <section class="panel" aria-labelledby="troubles-title">
            <div class="panel-head">
                <h2 id="troubles-title">{t.jobs.not_done}</h2>
                <a class="button button-secondary" href=file download="">{t.jobs.download_refusals}</a>
            </div>
            {note.map(|note| view! { <p class="muted job-note">{note}</p> })}
            <div class="table-frame" role="region" aria-labelledby="troubles-title" tabindex="0">
                <table class="data-table">
                    <thead>
                        <tr>
                            <th scope="col">{t.jobs.item}</th>
                            <th scope="col">{t.jobs.reason}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {troubles
                            .into_iter()
                            .map(|trouble| {
                                let reason = why(&trouble, list);
                                view! { <tr><td><bdi class="mono">{trouble.item}</bdi></td><td>{reason}</td></tr> }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}
