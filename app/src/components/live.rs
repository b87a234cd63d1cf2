//! «3 changes · Refresh»: says when what a list shows has changed elsewhere. The reader decides when it moves.

use domain::feed::{ChangeCount, Kind};
use leptos::prelude::*;
use words::format;

use crate::{
    browser,
    components::Icon,
    page_context::{page_context, strings},
    route::{use_app_path, use_query},
};

#[component]
pub fn LiveNotice(
    /// What the list shows. Empty: everything.
    kinds: &'static [Kind],
    /// Only of this group; changes of many groups count as well.
    #[prop(optional, into)]
    group: Option<Signal<String>>,
) -> impl IntoView {
    let t = strings();
    let state = page_context();
    let (app, query) = (use_app_path(), use_query());
    let (count, unknown) = (RwSignal::new(0_u64), RwSignal::new(false));
    let list = Memo::new(move |_| query.read().list());
    // Whatever loads the list again shows the changes.
    Effect::new(move |_| {
        list.track();
        state.changes.track();
        count.set(0);
        unknown.set(false);
        // The next change is announced again: an equal text would not be announced.
        if state.announcement.get_untracked() == t.lists.changed_elsewhere {
            state.announcement.set(String::new());
        }
    });
    let any = Memo::new(move |_| count.get() > 0 || unknown.get());
    let heard = Callback::new(move |changed: ChangeCount| {
        let here = group.zip(changed.group.as_ref()).is_none_or(|(group, id)| group.read_untracked() == *id);
        if !(changed.kind == Kind::Unknown || here && (kinds.is_empty() || kinds.contains(&changed.kind))) {
            return;
        }
        if !any.get_untracked() {
            state.announcement.set(t.lists.changed_elsewhere.to_owned());
        }
        if changed.kind == Kind::Unknown { unknown.set(true) } else { count.update(|n| *n += changed.count) }
    });
    browser::follow(Signal::derive(move || app.read().changes()), state.seen(), heard);
    let words = move || {
        if unknown.get() {
            t.lists.may_have_changed.to_owned()
        } else {
            (t.lists.changes)(count.get(), format::number(count.get()))
        }
    };
    let refresh = move |_| {
        state.changes.update(|n| *n += 1);
        browser::focus_in_place("main");
    };
    move || {
        any.get().then(|| {
            view! {
                <p class="live">
                    <button type="button" class="button button-secondary" on:click=refresh>
                        <Icon name="refresh" />
                        <span>{words}</span>
                        <span aria-hidden="true">"·"</span>
                        <span>{t.lists.refresh}</span>
                    </button>
                </p>
            }
        })
    }
}
