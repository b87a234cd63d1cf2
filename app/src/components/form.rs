//! Forms that change something. Each posts to a server function: without JavaScript by the browser (the server answers with a
//! redirect and the next page shows the result), with it by `fetch`. Both ways end in the same [`Flash`], so there is one way to
//! show it.

use domain::{Code, FieldError};
use leptos::{ev, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::{
    browser,
    components::{
        dialog::{DialogContext, Notice},
        field::Field,
        form_state::FormState,
    },
    error::AppError,
    flash::{FROM_FIELD, Flash, NEXT_FIELD},
    page_context::{page_context, strings},
    url::{AppPath, Query},
};

#[component]
pub fn PostForm(
    /// Path of the server function: `<Function>::PATH`.
    action: &'static str,
    /// The function takes its fields as one struct called `input`.
    #[prop(default = false)]
    nested: bool,
    /// The browser always posts it: for changes after which the whole page is another.
    #[prop(default = false)]
    plain: bool,
    /// Where to go after success; empty stays here.
    #[prop(optional, into)]
    next: String,
    /// For buttons that are outside the form.
    #[prop(optional)]
    id: Option<&'static str>,
    #[prop(default = "form")] class: &'static str,
    /// The hidden field with the form's subject, and its value: where a page may have the same form for several things, a refusal
    /// belongs to one of them.
    #[prop(default = None)]
    about: Option<(&'static str, String)>,
    /// Runs after success, before the page continues.
    #[prop(optional)]
    on_done: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let page = page_context();
    let mine = |flash: &Flash| {
        let about =
            about.as_ref().is_none_or(|(name, value)| flash.fields.iter().any(|(key, other)| key == name && other == value));
        flash.action == action && about
    };
    let refused = page.flash.get_untracked().filter(mine);
    let state = FormState::of(page, refused, nested);
    provide_context(state);
    let node = NodeRef::<html::Form>::new();
    if let Some(dialog) = use_context::<DialogContext>() {
        dialog.content_arrived(node);
    }
    let next_field = (!next.is_empty()).then(|| view! { <input type="hidden" name=NEXT_FIELD value=next.clone() /> });
    let about_field = about.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let (navigate, location) = (use_navigate(), use_location());
    let (pathname, search) = (location.pathname, location.search);
    let from = move || Query::parse(&search.read()).href(&pathname.read());
    let on_submit = move |event: ev::SubmitEvent| {
        // A second click while the first is on its way must not send twice.
        if state.pending.get_untracked() {
            event.prevent_default();
            return;
        }
        let unreadable = browser::unreadable_fields(&event);
        if !unreadable.is_empty() {
            event.prevent_default();
            state.error.set(Some(unreadable_error(&unreadable)));
            browser::focus_errors(node);
            return;
        }
        if plain {
            state.pending.set(true);
            return;
        }
        event.prevent_default();
        let Some(body) = browser::form_body(&event) else { return };
        state.pending.set(true);
        state.came_back.set(false);
        let (navigate, next) = (navigate.clone(), next.clone());
        leptos::task::spawn_local(async move {
            let result = browser::post(action, body).await;
            state.pending.try_set(false);
            match result {
                Ok((answer, elsewhere)) => {
                    state.error.try_set(None);
                    let next = elsewhere.unwrap_or(next);
                    let stays = next.is_empty() || next.split('?').next() == Some(pathname.get_untracked().as_str());
                    page.succeeded(action, answer, stays);
                    if let Some(done) = on_done {
                        done.run(());
                    }
                    if !next.is_empty() {
                        // In place of the form: Back must not lead to a finished form.
                        navigate(&next, NavigateOptions { scroll: false, replace: true, ..Default::default() });
                    }
                }
                Err(error) => {
                    state.error.try_set(Some(error));
                    browser::focus_errors(node);
                }
            }
        });
    };
    view! {
        // Once scripts run, the page itself says what is wrong; before that, the browser reports what it cannot read.
        <form
            id=id
            method="post"
            action=action
            class=class
            node_ref=node
            novalidate=move || page.hydrated.get()
            on:submit=on_submit
            aria-busy=move || state.pending.get().to_string()
        >
            <input type="hidden" name=FROM_FIELD value=from />
            {next_field}
            {about_field}
            <CameBack />
            <FormError />
            {children()}
        </form>
    }
}

/// The form that sends a file. The browser posts it itself, with and without scripts: only so does a large file go straight from
/// its disk. Its fields come before the file, which is one called `file`.
#[component]
pub fn UploadForm(
    action: String,
    /// The key of a refusal: [`crate::flash::UPLOAD`] or [`crate::flash::SHARE`].
    flash: &'static str,
    /// The most bytes that are sent at all, and the error for more.
    max: (u64, Code),
    children: Children,
) -> impl IntoView {
    let page = page_context();
    let refused = page.flash.get_untracked().filter(|refused| refused.action == flash);
    let state = FormState::of(page, refused, false);
    provide_context(state);
    let node = NodeRef::<html::Form>::new();
    if let Some(dialog) = use_context::<DialogContext>() {
        dialog.content_arrived(node);
    }
    let location = use_location();
    let (pathname, search) = (location.pathname, location.search);
    let from = move || Query::parse(&search.read()).href(&pathname.read());
    let on_submit = move |event: ev::SubmitEvent| {
        if state.pending.get_untracked() {
            event.prevent_default();
        } else if browser::largest_file(&event) > max.0 {
            // Reported before it is sent in vain.
            event.prevent_default();
            state.error.set(Some(AppError::Domain(domain::Error::field("file", max.1.clone()))));
            browser::focus_errors(node);
        } else {
            state.pending.set(true);
        }
    };
    // Back to this page as it was left: nothing is on its way any more.
    Effect::new(move |_| {
        let shown = window_event_listener(ev::pageshow, move |_| {
            state.pending.try_set(false);
        });
        on_cleanup(move || shown.remove());
    });
    view! {
        <form
            method="post"
            enctype="multipart/form-data"
            action=action
            class="form"
            node_ref=node
            on:submit=on_submit
            aria-busy=move || state.pending.get().to_string()
        >
            <input type="hidden" name=FROM_FIELD value=from />
            <CameBack />
            <FormError />
            {children()}
        </form>
    }
}

/// The file of an [`UploadForm`].
#[component]
pub fn FileField(
    #[prop(into)] label: String,
    #[prop(into)] help: String,
    /// What the browser offers to choose from; empty: everything.
    #[prop(default = "")]
    accept: &'static str,
    #[prop(default = false)] autofocus: bool,
) -> impl IntoView {
    let state: FormState = expect_context();
    let wrong = move || state.field_error("file").is_some();
    let described = move || if wrong() { "f-file-error f-file-help" } else { "f-file-help" };
    view! {
        <Field name="file" label=label required=true help=Some(help)>
            <input
                type="file"
                id="f-file"
                name="file"
                required=true
                autofocus=autofocus
                accept=(!accept.is_empty()).then_some(accept)
                aria-invalid=move || wrong().then_some("true")
                aria-describedby=described
            />
        </Field>
    }
}

/// What shows while the file is on its way.
#[component]
pub fn Sending() -> impl IntoView {
    let t = &strings().imports;
    let state: FormState = expect_context();
    view! {
        <div aria-live="polite">
            {move || state.pending.get().then(|| view! {
                <p class="import-wait">
                    <span>{t.uploading}</span>
                    <progress aria-label=t.uploading></progress>
                </p>
            })}
        </div>
    }
}

/// The error for fields that the browser could not read, in the words of the domain.
fn unreadable_error(fields: &[(String, String)]) -> AppError {
    let name = |html: &str| html.trim_start_matches("input[").trim_end_matches(']').to_owned();
    let code = |kind: &str| match kind {
        "number" => Code::NotNumber { min: 0, max: u32::MAX.into() },
        _ => Code::NotDate,
    };
    let fields = fields.iter().map(|(html, kind)| FieldError { field: name(html), code: code(kind) }).collect();
    AppError::Domain(domain::Error::Invalid(fields))
}

/// An invisible field that belongs to the input: a refused form keeps it with the rest.
#[component]
pub fn HiddenField(name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    let state: FormState = expect_context();
    view! { <input type="hidden" name=state.html_name(name) value=state.value(name, &value) /> }
}

/// Fields that no form shows: their errors are shown above the others.
const UNSEEN: [&str; 3] = ["ids", "version", "query"];

/// What was typed is here again after a new sign-in, and was not sent.
#[component]
fn CameBack() -> impl IntoView {
    let state: FormState = expect_context();
    move || state.came_back.get().then(|| view! { <Notice><p>{strings().sign_in.came_back}</p></Notice> })
}

/// What is wrong with the form as a whole, above its fields; with several broken fields, their number.
#[component]
fn FormError() -> impl IntoView {
    let state: FormState = expect_context();
    let sentence = move || {
        state.error.get().and_then(|error| match &error {
            AppError::Domain(domain::Error::Invalid(fields)) => {
                let unseen = fields.iter().find(|field| UNSEEN.contains(&field.field.as_str()));
                match unseen {
                    Some(field) => Some(words::code_sentence(strings(), &field.code)),
                    None => (fields.len() > 1).then(|| (strings().errors.several)(fields.len() as u64)),
                }
            }
            other => Some(other.sentence(strings())),
        })
    };
    view! {
        {move || {
            let ended = matches!(*state.error.read(), Some(AppError::Domain(domain::Error::Unauthenticated)));
            sentence()
                .map(|text| {
                    view! {
                        <p class="form-error" role="alert" tabindex="-1">
                            {text}
                            {ended.then(|| view! { " " <a href="/sign-in" target="_blank">{strings().sign_in.title}</a> })}
                        </p>
                    }
                })
        }}
    }
}

/// `org` and `app`, which every function takes.
#[component]
pub fn AppFields(app: AppPath) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=app.org />
        <input type="hidden" name="app" value=app.app />
    }
}

#[component]
pub fn GroupFields(app: AppPath, group_id: String) -> impl IntoView {
    view! {
        <AppFields app=app />
        <input type="hidden" name="group_id" value=group_id />
    }
}
