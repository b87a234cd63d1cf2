//! One event of the audit log: who, what, from where, and what it changed.

use domain::{
    event::{Change, Event, EventStep},
    limits::MUTED_FOREVER,
    operator::Language,
};
use leptos::prelude::*;
use words::{field_name, format, is_moment};

use super::event_words::{EventTarget, OutcomeBadge, actor_words};
use crate::{
    components::{Dialog, Loaded, Time, dialog::close_href},
    functions::event::{get_event, get_server_event},
    page_context::{page_context, strings},
    route::use_app_path,
};

#[component]
pub fn EventDialog(of_app: bool, id: i64) -> impl IntoView {
    let t = strings();
    let app = use_app_path();
    let close = close_href();
    let event = Resource::new(
        || (),
        move |()| {
            let app = app.get_untracked();
            async move { if of_app { get_event(app.org, app.app, id).await } else { get_server_event(id).await } }
        },
    );
    view! {
        <Dialog title=t.audit.event close=close.clone() wide=true>
            <Loaded resource=event view=|event| view! { <EventView event=event /> } />
            <div class="dialog-buttons">
                <a class="button button-primary" href=close data-noscroll="" autofocus=true>{t.common.close}</a>
            </div>
        </Dialog>
    }
}

#[component]
fn EventView(event: Event) -> impl IntoView {
    let t = strings();
    let Event { row, changes, steps, more_steps } = event;
    let who = actor_words(&row);
    let app = use_app_path().get_untracked();
    view! {
        <dl class="facts">
            <div><dt>{t.audit.time}</dt><dd><Time at=row.at /></dd></div>
            <div><dt>{t.audit.operator}</dt><dd><bdi>{who}</bdi></dd></div>
            <div><dt>{t.audit.action_column}</dt><dd>{(t.audit.action)(row.action)}</dd></div>
            <div><dt>{t.audit.outcome}</dt><dd><OutcomeBadge outcome=row.outcome /></dd></div>
            <div><dt>{t.audit.target}</dt><dd><EventTarget row=row.clone() app=app /></dd></div>
            {page_context().may_write().then(|| view! {
                <div><dt>{t.audit.address}</dt><dd class="mono">{row.address.unwrap_or_else(|| "—".to_owned())}</dd></div>
            })}
        </dl>
        {if changes.is_empty() {
            view! { <p class="muted">{t.audit.no_difference}</p> }.into_any()
        } else {
            view! { <Difference changes=changes language=page_context().language() /> }.into_any()
        }}
        {(!steps.is_empty()).then(|| view! { <Steps steps=steps more=more_steps /> })}
    }
}

/// Of several changes that became one event, the states in between and the addresses that they came from.
#[component]
fn Steps(steps: Vec<EventStep>, more: u64) -> impl IntoView {
    let t = strings();
    let steps = steps.into_iter().map(|step| {
        let through =
            (!step.through.is_empty()).then(|| view! { <bdi class="muted">{format!("API · {}", step.through)}</bdi> " " });
        view! {
            <li>
                <bdi>{step.values.join(" · ")}</bdi>
                " "
                {through}
                {step.address.map(|address| view! { <span class="mono muted">{address}</span> })}
            </li>
        }
    });
    view! {
        <section class="steps" aria-label=t.audit.steps>
            <h3>{t.audit.steps}</h3>
            <ol>{steps.collect_view()}</ol>
            {(more > 0).then(|| view! { <p class="muted">{(t.audit.more_steps)(more, format::number(more))}</p> })}
        </section>
    }
}

#[component]
fn Difference(changes: Vec<Change>, language: Language) -> impl IntoView {
    let t = strings();
    let side = |field: &str, text: Option<String>, class: &'static str| match text {
        Some(text) => match text.parse::<i64>() {
            Ok(MUTED_FOREVER..) if is_moment(field) => view! { <span class=class>{t.mutes.for_ever}</span> }.into_any(),
            Ok(at) if is_moment(field) => view! { <span class=class><Time at=at /></span> }.into_any(),
            _ => view! { <bdi class=class>{text}</bdi> }.into_any(),
        },
        None => view! { <span class="muted">"—"</span> }.into_any(),
    };
    view! {
        <div class="table-frame" role="region" aria-label=t.audit.difference tabindex="0">
            <table class="data-table difference" lang=words::LanguageWords::tag(language)>
                <thead>
                    <tr><th scope="col">{t.audit.field}</th><th scope="col">{t.audit.before}</th><th scope="col">{t.audit.after}</th></tr>
                </thead>
                <tbody>
                    {changes
                        .into_iter()
                        .map(|change| {
                            let before = side(&change.field, change.before, "diff-before");
                            let after = side(&change.field, change.after, "diff-after");
                            let words = field_name(t, &change.field).map(|words| view! { <span>{words}</span> " " });
                            let muted = words.is_some();
                            view! {
                                <tr>
                                    <th scope="row">{words}<span class="mono field-key" class:muted=muted>{change.field}</span></th>
                                    <td>{before}</td>
                                    <td>{after}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
