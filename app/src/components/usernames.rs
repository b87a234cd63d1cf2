//! Fields for usernames: suggestions of registered accounts, and typed or pasted ones all the same.

use domain::account::Person;
use leptos::prelude::*;

use crate::{
    boot::strings,
    browser,
    components::{TextAreaField, TextField, list::use_app_path},
    functions::account::suggest_accounts,
};

/// Suggestions for a half-typed username; the answer to what was typed last wins.
fn suggestions() -> (RwSignal<Vec<Person>>, Callback<String>) {
    let found = RwSignal::new(Vec::<Person>::new());
    let app = use_app_path();
    let latest = StoredValue::new(0_u32);
    let look = Callback::new(move |term: String| {
        latest.update_value(|n| *n += 1);
        let mine = latest.get_value();
        let path = app.get_untracked();
        leptos::task::spawn_local(async move {
            if let Ok(people) = suggest_accounts(path.org, path.app, term).await
                && latest.try_get_value() == Some(mine)
            {
                found.try_set(people);
            }
        });
    });
    (found, look)
}

#[component]
fn Options(id: &'static str, found: RwSignal<Vec<Person>>) -> impl IntoView {
    view! {
        <datalist id=id>
            {move || {
                found
                    .get()
                    .into_iter()
                    .map(|person| view! { <option value=person.username>{person.nickname}</option> })
                    .collect_view()
            }}
        </datalist>
    }
}

/// One username.
#[component]
pub fn UsernameField(name: &'static str, #[prop(into)] label: String, #[prop(into)] help: String) -> impl IntoView {
    let (found, look) = suggestions();
    view! {
        <TextField
            name=name
            label=label
            help=help
            mono=true
            list="username-options"
            on_text=look
            check=|text| domain::account::rules::Username::parse(text.trim()).map(drop)
        />
        <Options id="username-options" found=found />
    }
}

/// Many usernames: typed, pasted in any separation, or picked one by one.
#[component]
pub fn UsernamesField(name: &'static str, #[prop(into)] label: String, #[prop(into)] help: String) -> impl IntoView {
    let t = strings();
    let (found, look) = suggestions();
    let text = RwSignal::new(String::new());
    let picked = RwSignal::new(String::new());
    let count = move || text.with(|text| domain::member::rules::usernames(text).map_or(0, |names| names.len()));
    let take = move |word: &str| {
        let word = word.trim().to_owned();
        if word.is_empty() {
            return;
        }
        text.update(|text| {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&word);
            text.push('\n');
        });
        picked.set(String::new());
    };
    let on_input = move |event: leptos::ev::Event| {
        let value: String = event_target_value(&event);
        picked.set(value.clone());
        if browser::is_pick(&event) {
            take(&value);
        } else {
            look.run(value);
        }
    };
    view! {
        <div class="field js-only">
            <div class="field-label">
                <label for="f-find">{t.find_account}</label>
            </div>
            <input
                id="f-find"
                type="text"
                class="mono"
                list="username-options"
                autocomplete="off"
                spellcheck="false"
                autofocus=true
                prop:value=move || picked.get()
                on:input=on_input
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        take(&picked.get_untracked());
                    }
                }
            />
        </div>
        <Options id="username-options" found=found />
        <TextAreaField name=name label=label required=true help=help rows=5 shared=text />
        <p class="field-help" aria-live="polite">
            {move || (count() > 0).then(|| (t.usernames_counted)(count() as u64))}
        </p>
    }
}
