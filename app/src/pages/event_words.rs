//! What an event is about, who acted and how it ended, as lists and dialogs name it.

use domain::event::{EventRow, Outcome, TargetKind};
use leptos::prelude::*;

use crate::{components::Badge, page_context::strings, url::AppPath};

/// The target of an event, in short: its name, else its id.
pub fn target_words(row: &EventRow) -> &str {
    if row.target_name.is_empty() { &row.target } else { &row.target_name }
}

/// The page of an event's target, while it exists and has one.
fn target_page(row: &EventRow, app: &AppPath) -> Option<String> {
    if !row.target_exists || row.target.is_empty() {
        return None;
    }
    match row.action.target_kind() {
        TargetKind::Group => Some(app.group(&row.target)),
        TargetKind::Account => Some(app.account(&row.target)),
        TargetKind::Credential => Some(app.credentials()),
        TargetKind::Application => {
            let (org, app) = row.target.split_once('/')?;
            Some(AppPath { org: org.to_owned(), app: app.to_owned() }.overview())
        }
        TargetKind::Operator | TargetKind::Other => None,
    }
}

/// The target of an event: the name that it had then and its id; a link to it, or a note that it was deleted.
#[component]
pub fn EventTarget(row: EventRow, app: AppPath) -> impl IntoView {
    let t = strings();
    if row.target.is_empty() {
        return view! { <span class="muted">"—"</span> }.into_any();
    }
    let named = !row.target_name.is_empty() && row.target_name != row.target;
    let whole = if named { format!("{} · {}", row.target_name, row.target) } else { row.target.clone() };
    // Of what never was, such as a misspelt id in a refused request, one cannot say that it was deleted.
    let was = !row.target_name.is_empty() || row.outcome == Outcome::Done;
    let gone = was && !row.target_exists && row.action.target_kind() != TargetKind::Other;
    let words = target_words(&row).to_owned();
    let words = match target_page(&row, &app) {
        Some(href) => view! { <a href=href class:mono=!named><bdi>{words}</bdi></a> }.into_any(),
        None => view! { <bdi class:mono=!named>{words}</bdi> }.into_any(),
    };
    view! {
        <span class="event-target" title=whole>
            {words}
            {gone.then(|| view! { " " <span class="badge">{t.audit.target_gone}</span> })}
            {named.then(|| view! { " " <bdi class="mono muted">{row.target.clone()}</bdi> })}
        </span>
    }
    .into_any()
}

/// The actor: the operator, a back end by its credential, an account, Roster itself, or nobody who is signed in.
pub fn actor_words(row: &EventRow) -> String {
    let t = strings();
    match row.actor.as_str() {
        "operator" => row.operator.clone(),
        // So that the name of a credential or an account is not taken for an operator's.
        "credential" => format!("API · {}", row.operator),
        "account" => {
            let account = (t.audit.account)(&row.operator);
            if row.through.is_empty() { account } else { (t.audit.through)(&account, &row.through) }
        }
        "system" => t.audit.system.to_owned(),
        _ => t.audit.nobody.to_owned(),
    }
}

#[component]
pub fn OutcomeBadge(outcome: Outcome) -> impl IntoView {
    let t = strings();
    match outcome {
        Outcome::Done => view! { <Badge text=t.audit.outcome_done tone="success" /> },
        Outcome::Refused => view! { <Badge text=t.audit.outcome_refused tone="warning" /> },
    }
}
