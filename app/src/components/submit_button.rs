//! The button of a form.

use leptos::prelude::*;

use crate::components::form_state::FormState;

/// The button that sends; while it does, it says so and takes no second click.
#[component]
pub fn SubmitButton(
    #[prop(into)] label: String,
    #[prop(default = "primary")] kind: &'static str,
    /// Announced instead of the label, where the label alone repeats in each row.
    #[prop(optional, into)]
    aria_label: Option<String>,
) -> impl IntoView {
    let state: FormState = expect_context();
    view! {
        <button type="submit" class=format!("button button-{kind}") aria-label=aria_label aria-disabled=move || state.pending.get().then_some("true")>
            {label}
        </button>
    }
}
