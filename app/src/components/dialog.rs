//! Dialogs. Each has an address of its own: the server renders it open, so it works without JavaScript; in the browser it becomes
//! modal, with Esc, backdrop, focus in and focus back.

use leptos::{ev, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::{
    browser,
    components::{Icon, submit_button::SubmitButton},
    page_context::strings,
    route::use_query,
};

/// How to close the dialog that contains a component.
#[derive(Clone, Copy)]
pub struct DialogContext {
    pub close_href: StoredValue<String>,
    /// Something was typed: only an explicit close drops it.
    pub dirty: RwSignal<bool>,
    node: NodeRef<html::Dialog>,
}

impl DialogContext {
    /// A form arrived in the dialog after it was opened: the focus goes to its first field.
    pub fn content_arrived(self, form: NodeRef<html::Form>) {
        let node = self.node;
        Effect::new(move |_| {
            if let (Some(dialog), Some(_)) = (node.get(), form.get()) {
                browser::focus_first_field(dialog);
            }
        });
    }
}

#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    /// The address without the dialog.
    #[prop(into)]
    close: String,
    #[prop(default = false)] wide: bool,
    /// Only a button in it closes it: neither Esc nor the backdrop, nor a cross at its head that would have the focus first.
    #[prop(default = false)]
    firm: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let context = DialogContext { close_href: StoredValue::new(close.clone()), dirty: RwSignal::new(false), node };
    provide_context(context);
    let navigate = use_navigate();
    let leave = move || {
        navigate(&context.close_href.get_value(), NavigateOptions { scroll: false, ..Default::default() });
    };
    browser::give_focus_back_later();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            browser::show_modal(&dialog);
        }
    });
    let leave_too = leave.clone();
    let on_cancel = {
        let leave = leave.clone();
        move |event: ev::Event| {
            event.prevent_default();
            if !firm && !context.dirty.get_untracked() {
                leave();
            }
        }
    };
    let on_backdrop = move |event: ev::MouseEvent| {
        if browser::is_backdrop(&event) && !firm && !context.dirty.get_untracked() {
            leave();
        }
    };
    // Browsers let a second Esc close a dialog even if the page prevented the first.
    let on_key = move |event: ev::KeyboardEvent| {
        if firm && event.key() == "Escape" {
            event.prevent_default();
        }
    };
    let on_close = move |_| match node.get_untracked() {
        Some(dialog) if firm => browser::show_modal(&dialog),
        // Then the address follows.
        _ => leave_too(),
    };
    let cross = (!firm).then(|| {
        view! {
            <a class="button-icon dialog-close" href=close aria-label=strings().common.close title=strings().common.close data-noscroll="">
                <Icon name="close" />
            </a>
        }
    });
    view! {
        <dialog
            node_ref=node
            open
            class=if wide { "dialog dialog-wide" } else { "dialog" }
            aria-labelledby="dialog-title"
            on:cancel=on_cancel
            on:close=on_close
            on:keydown=on_key
            on:mousedown=on_backdrop
            on:input=move |_| context.dirty.set(true)
        >
            <div class="dialog-box">
                <div class="dialog-head">
                    <h2 id="dialog-title">{title}</h2>
                    {cross}
                </div>
                {children()}
            </div>
        </dialog>
    }
}

/// The row of buttons that ends a dialog: Cancel, then the button that says what it does.
#[component]
pub fn DialogButtons(#[prop(into)] confirm: String, #[prop(default = false)] danger: bool) -> impl IntoView {
    let context: DialogContext = expect_context();
    view! {
        <div class="dialog-buttons">
            <a class="button button-secondary" href=context.close_href.get_value() data-noscroll="" autofocus=danger>
                {strings().common.cancel}
            </a>
            <SubmitButton label=confirm kind=if danger { "danger" } else { "primary" } />
        </div>
    }
}

/// A note inside a page or dialog.
#[component]
pub fn Notice(
    /// `info`, `warning`, `danger` or `success`.
    #[prop(default = "info")]
    tone: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("notice notice-{tone}")>
            <Icon name=if tone == "info" { "info" } else if tone == "success" { "check" } else { "warning" } />
            <div>{children()}</div>
        </div>
    }
}

/// The address under the dialog.
pub fn close_href() -> String {
    let (query, path) = (use_query(), use_location().pathname);
    untrack(|| query.read().list().href(&path.read()))
}
