//! Small pieces: icons, badges, times, people, copy buttons, links that can be disabled, the page header.

use domain::{account::Person, file::Usage, group::GroupType};
use leptos::prelude::*;
use words::{Strings, choices, format};

use crate::{
    browser,
    page_context::{page_context, strings},
};

/// One picture of the sprite in the shell; decoration only, the text next to it says everything.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href=format!("#i-{name}")></use>
        </svg>
    }
}

/// A quiet label.
#[component]
pub fn Badge(
    #[prop(into)] text: String,
    /// `neutral`, `accent`, `danger`, `warning` or `success`.
    #[prop(default = "neutral")]
    tone: &'static str,
) -> impl IntoView {
    view! { <span class=format!("badge badge-{tone}")>{text}</span> }
}

pub fn group_type_word(t: &Strings, group_type: GroupType) -> &'static str {
    choices::group_type(t, group_type)
}

#[component]
pub fn GroupTypeBadge(group_type: GroupType) -> impl IntoView {
    view! { <Badge text=group_type_word(strings(), group_type) /> }
}

/// How much of a quota is used: a bar and its text.
#[component]
pub fn Quota(used: u64, max: u64, words: String) -> impl IntoView {
    view! {
        <div class="quota">
            // Below `low` all is well, above `high` it becomes tight.
            <meter
                min="0"
                max=max
                low=max / 5 * 4
                high=max / 20 * 19
                optimum="0"
                value=used.min(max)
                aria-label=words.clone()
            ></meter>
            <span class="quota-words" aria-hidden="true">{words}</span>
        </div>
    }
}

/// Bytes that are used; with a bar when there is a limit.
#[component]
pub fn UsageMeter(label: &'static str, usage: Usage) -> impl IntoView {
    let words = format!("{label}: {}", strings().quotas.usage(usage));
    match usage.max {
        Some(max) => view! { <Quota used=usage.used max=max words=words /> }.into_any(),
        None => view! { <p class="quota-words">{words}</p> }.into_any(),
    }
}

/// A time: in UTC as the server sends it, in the reader's own zone once the page is interactive; the age as its title.
#[component]
pub fn Time(at: i64) -> impl IntoView {
    let state = page_context();
    let age = move || {
        let now = if state.hydrated.get() { browser::now() } else { state.now() };
        (strings().times.age)(format::age(now, at))
    };
    view! { <time datetime=format::iso(at) title=age>{move || local_time(at)}</time> }
}

/// The same within a sentence; for use in what is rendered again once the page is interactive.
pub fn local_time(at: i64) -> String {
    let state = page_context();
    let offset = if state.hydrated.get() { browser::offset_minutes(at) } else { 0 };
    format::date_time(state.language(), at, offset)
}

/// An account as other lists show it: photo or initial, nickname over username.
#[component]
pub fn PersonCell(
    person: Person,
    /// The account's page.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let nickname = person.nickname.clone();
    let has_nickname = !nickname.trim().is_empty();
    // In a list there may be room for a part of it only.
    let whole = if has_nickname { format!("{nickname} · {}", person.username) } else { person.username.clone() };
    let names = view! {
        {has_nickname.then(|| view! { <span class="person-nickname"><bdi>{nickname}</bdi></span> })}
        <span class="person-username mono">{person.username.clone()}</span>
    };
    let names = match href {
        Some(href) => view! { <a class="person-names" href=href title=whole>{names}</a> }.into_any(),
        None => view! { <span class="person-names" title=whole>{names}</span> }.into_any(),
    };
    view! {
        <span class="person">
            <Avatar image=person.image.clone() nickname=person.nickname.clone() username=person.username.clone() />
            {names}
        </span>
    }
}

/// The profile photo, over the initial that shows where there is none or it does not load. Photos come from other servers: they
/// get no referrer.
#[component]
pub fn Avatar(image: String, nickname: String, username: String) -> impl IntoView {
    let photo = (!image.is_empty()).then(|| {
        let failed = RwSignal::new(false);
        view! {
            <img
                src=image
                alt=""
                width="28"
                height="28"
                loading="lazy"
                decoding="async"
                referrerpolicy="no-referrer"
                class:failed=move || failed.get()
                on:error=move |_| failed.set(true)
            />
        }
    });
    view! {
        <span class="avatar" aria-hidden="true">
            <span class="avatar-initial">{format::initial(&nickname, &username)}</span>
            {photo}
        </span>
    }
}

/// Copies a text; shows only where scripts run and the browser lends the clipboard. One listener serves them all
/// ([`browser::copy_on_click`]), because a list has one in each row.
#[component]
pub fn CopyButton(
    #[prop(into)] text: String,
    #[prop(into)] label: String,
    /// The text is a path of this server, to be copied as a whole address.
    #[prop(default = false)]
    here: bool,
    #[prop(default = "copy")] icon: &'static str,
    #[prop(default = false)] autofocus: bool,
) -> impl IntoView {
    view! {
        <button type="button" class="button-icon js-only copy" autofocus=autofocus data-copy=text data-here=here.then_some("") title=label.clone() aria-label=label>
            <Icon name=icon />
        </button>
    }
}

/// A link that looks and works as a button. With a reason it is disabled and says why.
#[component]
pub fn ActionLink(
    #[prop(into)] href: Signal<String>,
    #[prop(into)] label: String,
    /// `primary`, `secondary`, `quiet` or `danger`.
    #[prop(default = "secondary")]
    kind: &'static str,
    #[prop(optional)] icon: Option<&'static str>,
    #[prop(default = None)] disabled: Option<&'static str>,
    /// Said instead of the label by screen readers, where the label alone repeats in each row.
    #[prop(optional, into)]
    aria_label: Option<String>,
) -> impl IntoView {
    // Where a row has room for the icon alone, hovering shows the label.
    let hint = (icon.is_some() && aria_label.is_some()).then(|| label.clone());
    let icon = icon.map(|name| view! { <Icon name=name /> });
    match disabled {
        Some(reason) => {
            let name = format!("{} — {reason}", aria_label.unwrap_or_else(|| label.clone()));
            view! {
                <span class=format!("button button-{kind} is-disabled") role="link" aria-disabled="true" aria-label=name title=reason tabindex="0">
                    {icon}
                    <span>{label}</span>
                </span>
            }
            .into_any()
        }
        None => view! {
            <a class=format!("button button-{kind}") href=move || href.get() aria-label=aria_label title=hint data-noscroll="">
                {icon}
                <span>{label}</span>
            </a>
        }
        .into_any(),
    }
}

/// Title, one line of what the page is, and its primary actions at the right.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            <div class="page-title">
                <h1><bdi>{title}</bdi></h1>
                {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
}
