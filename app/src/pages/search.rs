//! Search: groups, accounts and actions of an app that a term finds. The palette's page for those without scripts, and a result to
//! share.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        FilterForm, Loaded, PageHeader,
        filters::SearchBox,
        palette::{Finds, said},
    },
    functions::search::find,
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
    url::Query,
};

#[component]
pub fn SearchPage() -> impl IntoView {
    let (t, state) = (strings(), page_context());
    let (app, query) = (use_app_path(), use_query());
    let path = Signal::derive(move || app.read().search());
    let term = Memo::new(move |_| query.read().get("q").to_owned());
    let found = Resource::new(move || (app.get(), term.get()), |(app, term)| find(app.org, app.app, term));
    view! {
        <Title text=t.search.title />
        <PageHeader title=t.search.title lead=t.search.lead />
        <FilterForm path=path keep=Query::default() label=t.search.label send=t.search.title>
            <SearchBox label=t.search.label value=term />
        </FilterForm>
        <Loaded resource=found view=move |found| {
            let (app, term) = (app.get_untracked(), term.get_untracked());
            let said = said(Some(&app), &term, &found);
            if state.hydrated.get_untracked() {
                state.announcement.set(said.clone());
            }
            view! {
                <div class="panel finds-page">
                    <p class="finds-said">{said}</p>
                    <Finds app=Some(app) term=term found=found />
                </div>
            }
        } />
    }
}
