//! Beside the filters of a list: saved views, and the list's address to copy.

use domain::{layout::ListName, view::View};
use leptos::{html, prelude::*, server_fn::ServerFn};

use crate::{
    boot::{page_state, strings},
    browser,
    components::{CopyButton, Icon, Limit, PostForm, SubmitButton, TextField, list::use_query, use_app_path},
    functions::view::{DeleteView, SaveView, list_views},
    url::Query,
};

/// What a view keeps of an address: filters and order, neither a dialog nor a place in the list.
fn kept(query: &Query) -> Query {
    query.list().without(&["cursor"])
}

#[component]
pub fn ListViews(list: ListName, #[prop(into)] path: Signal<String>) -> impl IntoView {
    let t = strings();
    let (state, app, query) = (page_state(), use_app_path(), use_query());
    let views = Resource::new(
        move || (app.get(), state.changes.get()),
        move |(app, _)| list_views(app.org, app.app, list.as_str().to_owned()),
    );
    let here = Memo::new(move |_| kept(&query.read()).href(""));
    let summary = NodeRef::<html::Summary>::new();
    let back = move || {
        if let Some(summary) = summary.get_untracked() {
            browser::focus(&summary);
        }
    };
    let rows = move || {
        Suspend::new(async move {
            let views = views.await.unwrap_or_default();
            if views.is_empty() {
                return view! { <p class="menu-note">{t.aids.no_views}</p> }.into_any();
            }
            let rows = views
                .into_iter()
                .map(|saved| view! { <SavedView saved=saved path=path here=here done=Callback::new(move |()| back()) /> });
            view! { <ul class="view-list">{rows.collect_view()}</ul> }.into_any()
        })
    };
    let saved = RwSignal::new(0);
    let done = Callback::new(move |()| {
        saved.update(|n| *n += 1);
        back();
    });
    // A name that was refused is there to be mended.
    let refused = state.flash.with_untracked(|flash| flash.as_ref().is_some_and(|flash| flash.action == SaveView::PATH));
    view! {
        <div class="list-views">
            <details class="menu views-menu" open=refused>
                <summary node_ref=summary class="button button-secondary">
                    <Icon name="bookmark" />
                    <span>{t.aids.views}</span>
                </summary>
                <div class="menu-panel">
                    <Transition>{rows}</Transition>
                    // A form of its own after each save: the name does not stay in it.
                    <For each=move || [saved.get()] key=|n| *n let:_>
                        <PostForm action=SaveView::PATH class="form menu-form" on_done=done>
                            <AppAndList list=list />
                            <input type="hidden" name="query" value=move || here.get() />
                            <TextField
                                name="view_name"
                                label=t.aids.view_name
                                required=true
                                limit=Limit::Chars(domain::limits::VIEW_NAME_CHARS)
                                check=|text| domain::view::rules::ViewName::parse(text).map(drop)
                                help=t.aids.view_name_help
                            />
                            <SubmitButton label=t.aids.save_view kind="secondary" />
                        </PostForm>
                    </For>
                </div>
            </details>
            {move || {
                let address = format!("{}{}{}", browser::origin(), path.get(), here.get());
                view! { <CopyButton text=address label=t.aids.copy_list icon="link" /> }
            }}
        </div>
    }
}

#[component]
fn AppAndList(list: ListName) -> impl IntoView {
    let app = use_app_path();
    view! {
        <input type="hidden" name="org" value=move || app.get().org />
        <input type="hidden" name="app" value=move || app.get().app />
        <input type="hidden" name="list" value=list.as_str() />
    }
}

#[component]
fn SavedView(saved: View, path: Signal<String>, here: Memo<String>, done: Callback<()>) -> impl IntoView {
    let t = strings();
    let app = use_app_path();
    let query = Query::parse(&saved.query).href("");
    let this = query.clone();
    view! {
        <li>
            <a href=move || format!("{}{query}", path.get()) aria-current=move || (here.get() == this).then_some("true")>
                <bdi>{saved.name.clone()}</bdi>
            </a>
            <PostForm action=DeleteView::PATH class="inline-form" about=Some(("id", saved.id.to_string())) on_done=done>
                <input type="hidden" name="org" value=move || app.get().org />
                <input type="hidden" name="app" value=move || app.get().app />
                <SubmitButton label="×" kind="quiet" aria_label=(t.aids.delete_view)(saved.name) />
            </PostForm>
        </li>
    }
}
