//! The list of an app's jobs, and what the page of one shows of it too.

use std::time::Duration;

use domain::{
    job::{JobRow, JobState},
    page::{ListParams, Page},
};
use leptos::prelude::*;
use leptos_meta::Title;
use words::format;

use crate::{
    components::{Badge, Loaded, PageHeader, Pager, ResultCount, SizeLinks, Time},
    functions::job::list_jobs,
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::AppPath,
};

/// How often a page asks for the progress of its jobs.
const EVERY: Duration = Duration::from_millis(800);

/// Runs at an interval in the browser, as long as the page is open.
pub(super) fn while_here(ask: impl Fn() + Clone + Send + Sync + 'static) {
    Effect::new(move |_| {
        if let Ok(handle) = set_interval_with_handle(ask.clone(), EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
}

pub(super) fn title(job: &JobRow) -> String {
    (strings().jobs.title)(job.kind, job.total, format::number(job.total), &job.target)
}

#[component]
pub fn JobsPage() -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path(), use_query());
    let path = Signal::derive(move || app.read().jobs());
    let changes = page_context().changes;
    let params = Memo::new(move |_| {
        let query = query.read();
        ListParams { size: query.get("size").to_owned(), cursor: query.get("cursor").to_owned(), ..ListParams::default() }
    });
    let page =
        Resource::new(move || (app.get(), params.get(), changes.get()), |(app, params, _)| list_jobs(app.org, app.app, params));
    view! {
        <Title text=t.jobs.jobs />
        <PageHeader title=t.jobs.jobs lead=t.jobs.lead>
            <a class="button button-secondary no-js-only" href=move || query.read().href(&path.read()) rel="external">{t.jobs.refresh}</a>
        </PageHeader>
        <section class="list" aria-label=t.jobs.jobs>
            <Loaded resource=page view=move |page| view! { <JobTable page=page params=params /> } />
        </section>
    }
}

#[component]
fn JobTable(page: Page<JobRow>, params: Memo<ListParams>) -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path().get_untracked(), use_query());
    let path = app.jobs();
    if page.items.is_empty() {
        return view! {
            <div class="empty">
                <p class="empty-title">{t.jobs.no_jobs}</p>
                <p>{t.jobs.no_jobs_help}</p>
            </div>
        }
        .into_any();
    }
    let total = page.total;
    let rows: Vec<RwSignal<JobRow>> = page.items.into_iter().map(RwSignal::new).collect();
    let (followed, place) = (StoredValue::new(rows.clone()), app.clone());
    while_here(move || {
        if followed.with_value(|rows| rows.iter().all(|row| row.with_untracked(|row| row.state.is_over()))) {
            return;
        }
        let (app, params) = (place.clone(), params.get_untracked());
        leptos::task::spawn_local(async move {
            if let Ok(page) = list_jobs(app.org, app.app, params).await {
                for new in page.items {
                    followed.try_with_value(|rows| {
                        if let Some(row) = rows.iter().find(|row| row.with_untracked(|row| row.id == new.id && *row != new)) {
                            row.set(new.clone());
                        }
                    });
                }
            }
        });
    });
    let rows = rows.into_iter().map(|row| view! { <Row job=row app=app.clone() /> }).collect_view();
    let size_path = path.clone();
    view! {
        <div class="list-bar">
            <p class="list-summary"><ResultCount count=total quiet=true /></p>
            <SizeLinks path=Signal::derive(move || size_path.clone()) query=query />
        </div>
        <div class="table-frame" role="region" aria-label=t.jobs.jobs tabindex="0">
            <table role="table" class=move || page_context().plain_table_class("jobs")>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.jobs.job}</th>
                        <th role="columnheader" scope="col" class="col-state">{t.jobs.state_column}</th>
                        <th role="columnheader" scope="col" class="col-progress">{t.jobs.progress}</th>
                        <th role="columnheader" scope="col" class="col-result">{t.jobs.result}</th>
                        <th role="columnheader" scope="col" class="col-starter">{t.jobs.started_by}</th>
                        <th role="columnheader" scope="col" class="col-created">{t.jobs.started}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <Pager previous=page.previous next=page.next path=path query=untrack(|| query.get()) label=t.lists.pages />
    }
    .into_any()
}

#[component]
fn Row(job: RwSignal<JobRow>, app: AppPath) -> impl IntoView {
    let t = strings();
    let first = job.get_untracked();
    view! {
        <tr role="row">
            <td role="rowheader" data-label=t.jobs.job class="cell-title">
                <a class="row-title" href=app.job(first.id) title=move || title(&job.read())><bdi>{move || title(&job.read())}</bdi></a>
            </td>
            <td role="cell" data-label=t.jobs.state_column class="col-state"><StateBadge job=job /></td>
            <td role="cell" data-label=t.jobs.progress class="col-progress"><Progress job=job /></td>
            <td role="cell" data-label=t.jobs.result class="col-result"><span title=move || outcome(&job.read())>{move || outcome(&job.read())}</span></td>
            <td role="cell" data-label=t.jobs.started_by class="col-starter"><bdi title=starter(&first)>{starter(&first)}</bdi></td>
            <td role="cell" data-label=t.jobs.started class="nowrap col-created"><Time at=first.created_at /></td>
        </tr>
    }
}

pub(super) fn starter(job: &JobRow) -> String {
    if job.operator.is_empty() { strings().jobs.command_line.to_owned() } else { job.operator.clone() }
}

/// Done, refused and missing, where there are any.
fn outcome(job: &JobRow) -> String {
    let t = &strings().jobs;
    let part = |word: &str, n: u64| (n > 0).then(|| format!("{word} {}", format::number(n)));
    let parts = [part(t.done, job.done), part(t.refused, job.refused), part(t.gone, job.gone)];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    if words.is_empty() { "—".to_owned() } else { words.join(" · ") }
}

#[component]
pub(super) fn StateBadge(job: RwSignal<JobRow>) -> impl IntoView {
    let t = &strings().jobs;
    // By state, so that progress alone does not draw it again.
    let state = Memo::new(move |_| job.with(|job| (job.state, job.cancelling && !job.state.is_over())));
    move || {
        let (state, stopping) = state.get();
        let tone = match state {
            JobState::Done => "success",
            JobState::Failed => "danger",
            JobState::Cancelled => "warning",
            JobState::Running => "accent",
            JobState::Preparing | JobState::Waiting => "neutral",
        };
        view! { <Badge text=if stopping { t.cancelling } else { (t.state)(state) } tone=tone /> }
    }
}

/// The bar, with its numbers next to it.
#[component]
fn Progress(job: RwSignal<JobRow>) -> impl IntoView {
    let t = &strings().jobs;
    let words = move || job.with(|job| (t.of)(format::number(job.position), format::number(job.total)));
    view! {
        <span class="job-progress">
            <progress max=move || job.read().total.max(1) value=move || job.read().position aria-label=t.progress></progress>
            <span class="job-numbers">{words}</span>
        </span>
    }
}
