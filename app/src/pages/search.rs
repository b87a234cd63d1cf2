//! Search: groups, accounts and actions of an app that a term finds. The palette's page for those without scripts, and a result to
//! share.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    boot::strings,
    components::{FilterForm, Loaded, PageHeader, list::SearchBox, palette::Finds, use_app_path, use_query},
    functions::search::find,
    url::Query,
};

#[component]
pub fn SearchPage() -> impl IntoView {
    let t = strings();
    let (app, query) = (use_app_path(), use_query());
    let path = Signal::derive(move || app.read().search());
    let term = Memo::new(move |_| query.read().get("q").to_owned());
    let found = Resource::new(move || (app.get(), term.get()), |(app, term)| find(app.org, app.app, term));
    view! {
        <Title text=t.aids.search />
        <PageHeader title=t.aids.search lead=t.aids.search_lead />
        <FilterForm path=path keep=Query::default() label=t.aids.search_label>
            <SearchBox label=t.aids.search_label value=term />
        </FilterForm>
        <Loaded resource=found view=move |found| view! {
            <div class="panel finds-page"><Finds app=Some(app.get_untracked()) term=term.get_untracked() found=found /></div>
        } />
    }
}
