//! What is shown in place of data: while it loads (the old rows stay), or when it failed, with a way out.

use domain::{Error, error::Entity};
use leptos::prelude::*;

use crate::{browser, components::dialog::DialogContext, error::AppError, page_context::strings};

/// Shows a loaded value, or why there is none. The one place where pages handle the errors of their reads.
#[component]
pub fn Loaded<T, V>(
    resource: Resource<Result<T, AppError>>,
    /// Draws the value.
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    // While something else is loaded, the old data stays and shows that it is being renewed. What a dialog loads is handled by
    // the dialog.
    let (pending, set_pending) = signal(false);
    if use_context::<DialogContext>().is_none() {
        Effect::new(move |_| browser::busy(pending.get()));
        on_cleanup(|| browser::busy(false));
    }
    view! {
        <Transition set_pending=set_pending fallback=move || view! { <p class="loading" aria-busy="true">{strings().shell.loading}</p> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => view(value).into_any(),
                        Err(error) => view! { <Failure error=error /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// A read that failed: the sentence, the HTTP status, and what to do.
#[component]
pub fn Failure(error: AppError) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
    if error == AppError::Domain(Error::Unauthenticated) {
        browser::sign_in_again();
    }
    let t = strings();
    let fields = match &error {
        AppError::Domain(Error::Invalid(fields)) => fields.iter().map(|field| words::code_sentence(t, &field.code)).collect(),
        _ => vec![],
    };
    let retry = matches!(error, AppError::Transport | AppError::Domain(Error::Busy | Error::Storage(_) | Error::Internal(_)));
    // The nearest place that certainly exists.
    let app = crate::route::use_app_path();
    let (words, href) = match &error {
        _ if retry => (t.shell.try_again, String::new()),
        // What the role does not allow here it will not allow on a second try.
        AppError::Domain(Error::Forbidden) => (t.shell.back_to_apps, "/".to_owned()),
        AppError::Domain(Error::NotFound(Entity::Application)) => (t.shell.back_to_apps, "/".to_owned()),
        AppError::Domain(Error::NotFound(Entity::Group)) => (t.shell.back_to_list, untrack(|| app.read().groups())),
        AppError::Domain(Error::NotFound(Entity::Account)) => (t.shell.back_to_list, untrack(|| app.read().accounts())),
        _ => (t.shell.back_to_start, "?".to_owned()),
    };
    let sentence = if fields.is_empty() { error.sentence(t) } else { t.errors.bad_address.to_owned() };
    view! {
        <div class="empty" role="alert">
            <p class="empty-title">{sentence}</p>
            {fields.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
            <p>
                <a class="button button-secondary" href=href rel=(words == t.shell.try_again).then_some("external")>
                    {words}
                </a>
            </p>
        </div>
    }
}
