//! Fields for usernames: suggestions of registered accounts, and typed or pasted ones all the same.

use domain::{account::Person, member::MemberRow, page::ListParams};
use leptos::prelude::*;

use crate::{
    browser,
    components::{TextAreaField, TextField, field::keep_typed, form_state::FormState},
    error::AppError,
    functions::{account::suggest_accounts, member::list_members},
    page_context::strings,
    route::use_app_path,
    url::AppPath,
};

/// The field that looks for an account, as the functions know it.
const FIND: &str = "find";

/// The accounts that fit a half-typed name: of the app, or the members of one group.
async fn find(path: AppPath, group: Option<String>, term: String) -> Result<Vec<Person>, AppError> {
    let Some(group) = group else { return suggest_accounts(path.org, path.app, term).await };
    let params = ListParams { q: term, ..ListParams::default() };
    let page = list_members(path.org, path.app, group, params).await?;
    let person = |row: MemberRow| Person { username: row.username, nickname: row.nickname, image: row.image };
    Ok(page.items.into_iter().map(person).collect())
}

/// Suggestions for a half-typed username; the answer to what was typed last wins.
fn suggestions(group: Option<String>) -> (RwSignal<Vec<Person>>, Callback<String>) {
    let found = RwSignal::new(Vec::<Person>::new());
    let app = use_app_path();
    let latest = StoredValue::new(0_u32);
    let look = Callback::new(move |term: String| {
        latest.update_value(|n| *n += 1);
        let mine = latest.get_value();
        let (path, group) = (app.get_untracked(), group.clone());
        leptos::task::spawn_local(async move {
            if let Ok(people) = find(path, group, term).await
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
    let (found, look) = suggestions(None);
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
pub fn UsernamesField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] help: String,
    /// Only members of this group are meant.
    #[prop(optional, into)]
    of_group: Option<String>,
) -> impl IntoView {
    let t = strings();
    let find_words = if of_group.is_some() { t.members.find_member } else { t.accounts.find_account };
    let (found, look) = suggestions(of_group);
    let text = RwSignal::new(String::new());
    // The text of the search field is sent along: it counts even if it was not added to the list.
    let state: FormState = expect_context();
    let picked = RwSignal::new(state.value(FIND, ""));
    keep_typed(FIND, picked, None);
    let count = move || {
        let all = format!("{}\n{}", text.read(), picked.read());
        domain::member::rules::usernames(&all).map_or(0, |names| names.len())
    };
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
                <label for="f-find">{find_words}</label>
            </div>
            <input
                id="f-find"
                type="text"
                name=state.html_name(FIND)
                value=picked.get_untracked()
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
            {move || (count() > 0).then(|| (t.accounts.usernames_counted)(count() as u64))}
        </p>
    }
}
