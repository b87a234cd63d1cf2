//! Rows that are ticked. With scripts the selection outlives paging, and Shift ticks a range; without them the boxes are fields of a
//! GET form, and the buttons above the list submit it.

use leptos::{ev, prelude::*};

use crate::{boot::strings, components::Icon, format, url::Query};

/// Id of the form that the boxes belong to.
pub const FORM: &str = "rows";
/// Up to so many ids a dialog's address names them, so that it can be reloaded and shared; more stay in memory.
const IDS_IN_ADDRESS: usize = 50;

/// The ticked ids of one list, in the order they were ticked.
#[derive(Clone, Copy)]
pub struct Selection {
    pub ids: RwSignal<Vec<String>>,
    /// Ids on the page, in order.
    pub page: RwSignal<Vec<String>>,
    /// Where a range begins.
    anchor: RwSignal<Option<String>>,
}

impl Selection {
    /// The selection of the list at `place`, a path: the router keeps a page that only changes its app or group, and what was
    /// ticked there means something else here.
    pub fn of(place: Signal<String>) -> Self {
        let selection = Self { ids: RwSignal::new(vec![]), page: RwSignal::new(vec![]), anchor: RwSignal::new(None) };
        Effect::new(move |before: Option<String>| {
            let place = place.get();
            if before.is_some_and(|before| before != place) {
                selection.clear();
            }
            place
        });
        selection
    }

    pub fn has(self, id: &str) -> bool {
        self.ids.with(|ids| ids.iter().any(|other| other == id))
    }

    pub fn len(self) -> usize {
        self.ids.with(Vec::len)
    }

    pub fn clear(self) {
        self.ids.set(vec![]);
        self.anchor.set(None);
    }

    fn set(self, id: &str, ticked: bool) {
        self.ids.update(|ids| {
            ids.retain(|other| other != id);
            if ticked {
                ids.push(id.to_owned());
            }
        });
    }

    /// One box was clicked; with Shift, all between it and the last one follow.
    fn click(self, id: &str, ticked: bool, range: bool) {
        let page = self.page.get_untracked();
        let place = |id: &str| page.iter().position(|other| other == id);
        let from = if range { self.anchor.get_untracked().and_then(|anchor| place(&anchor)) } else { None };
        match (from, place(id)) {
            (Some(from), Some(to)) => {
                for id in &page[from.min(to)..=from.max(to)] {
                    self.set(id, ticked);
                }
            }
            _ => self.set(id, ticked),
        }
        self.anchor.set(Some(id.to_owned()));
    }

    fn whole_page(self) -> bool {
        self.page.with(|page| !page.is_empty() && page.iter().all(|id| self.has(id)))
    }

    fn some_of_page(self) -> bool {
        self.page.with(|page| page.iter().any(|id| self.has(id)))
    }

    fn click_all(self, ticked: bool) {
        for id in self.page.get_untracked() {
            self.set(&id, ticked);
        }
    }

    /// The address of a dialog about the selection.
    pub fn dialog_href(self, path: &str, query: &Query, dialog: &str) -> String {
        let ids = self.ids.get();
        let query = query.list().with("dialog", dialog);
        if ids.len() > IDS_IN_ADDRESS {
            return query.href(path);
        }
        ids.iter().fold(query, |query, id| query.and("ids", id)).href(path)
    }

    /// What a dialog is about: the ids that its address names, else the selection.
    pub fn subject(self, query: &Query) -> Vec<String> {
        let named = query.all("ids");
        if named.is_empty() { self.ids.get() } else { named }
    }

    /// Forgets ids that a finished batch dealt with.
    pub fn forget(self, ids: &[String]) {
        self.ids.update(|kept| kept.retain(|id| !ids.contains(id)));
    }
}

/// The box of one row; the whole cell is its target.
#[component]
pub fn SelectCell(#[prop(into)] id: String, #[prop(into)] label: String) -> impl IntoView {
    let selection: Selection = expect_context();
    let (for_check, for_click) = (id.clone(), id.clone());
    let on_click = move |event: ev::MouseEvent| {
        selection.click(&for_click, event_target_checked(&event), event.shift_key());
    };
    view! {
        <td role="cell" class="cell-select">
            <label class="select-target">
                <input
                    type="checkbox"
                    name="ids"
                    value=id
                    form=FORM
                    aria-label=label
                    prop:checked=move || selection.has(&for_check)
                    on:click=on_click
                />
            </label>
        </td>
    }
}

/// The box in the header: the whole page. Only where scripts run.
#[component]
pub fn SelectAllCell() -> impl IntoView {
    let selection: Selection = expect_context();
    view! {
        <th role="columnheader" scope="col" class="cell-select">
            <label class="select-target js-only">
                <input
                    type="checkbox"
                    aria-label=strings().select_page
                    prop:checked=move || selection.whole_page()
                    prop:indeterminate=move || selection.some_of_page() && !selection.whole_page()
                    on:click=move |event| selection.click_all(event_target_checked(&event))
                />
            </label>
            <span class="visually-hidden no-js-only">{strings().selected_column}</span>
        </th>
    }
}

/// «3 selected · Clear».
#[component]
pub fn SelectionCount() -> impl IntoView {
    let selection: Selection = expect_context();
    move || {
        (selection.len() > 0).then(|| {
            view! {
                <span class="selection-count">
                    <strong>{(strings().selected)(format::number(selection.len() as u64))}</strong>
                    <button type="button" class="button button-quiet" on:click=move |_| selection.clear()>
                        {strings().clear}
                    </button>
                </span>
            }
        })
    }
}

/// A button above the list that opens a dialog about the selection. Without scripts it submits the boxes; with them it is
/// disabled, and says why, until something is ticked.
#[component]
pub fn BatchButton(
    dialog: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "secondary")] kind: &'static str,
    icon: &'static str,
    #[prop(into)] path: Signal<String>,
    query: Memo<Query>,
    /// Why the operator may not do it at all.
    #[prop(default = None)]
    forbidden: Option<&'static str>,
) -> impl IntoView {
    let selection: Selection = expect_context();
    let state = crate::boot::page_state();
    let navigate = leptos_router::hooks::use_navigate();
    let reason = move || {
        let nothing = state.hydrated.get() && selection.len() == 0;
        forbidden.or_else(|| nothing.then(|| strings().select_first))
    };
    let disabled = move || reason().is_some();
    let is_forbidden = forbidden.is_some();
    let on_click = move |event: ev::MouseEvent| {
        event.prevent_default();
        if !untrack(disabled) {
            let href = untrack(|| selection.dialog_href(&path.get(), &query.get(), dialog));
            navigate(&href, leptos_router::NavigateOptions { scroll: false, ..Default::default() });
        }
    };
    view! {
        <button
            type="submit"
            form=FORM
            name="dialog"
            value=dialog
            class=format!("button button-{kind}")
            disabled=is_forbidden
            aria-disabled=move || disabled().then_some("true")
            title=reason
            on:click=on_click
        >
            <Icon name=icon />
            <span>{label}</span>
        </button>
    }
}
