//! Next to the filters of a list: the link to its saved views, and its address to copy.

use leptos::prelude::*;

use crate::{
    components::{ActionLink, CopyButton},
    page_context::strings,
    route::use_query,
};

#[component]
pub fn ListViews(#[prop(into)] path: Signal<String>) -> impl IntoView {
    let t = strings();
    let query = use_query();
    view! {
        <div class="list-views">
            <ActionLink
                href=Signal::derive(move || query.read().list().with("dialog", "views").href(&path.read()))
                label=t.lists.views
                icon="bookmark"
            />
            {move || {
                // The present address, without its dialogs.
                let address = query.read().list().href(&path.read());
                view! { <CopyButton text=address here=true label=t.lists.copy_list icon="link" /> }
            }}
        </div>
    }
}
