//! Rows that are ticked. With scripts the selection outlives paging, and Shift ticks a range; without them the boxes are fields of a
//! GET form, and the buttons above the list submit it.

use domain::{page::Count, selection::Matching};
use leptos::{ev, prelude::*};
use words::format;

use crate::{
    components::Icon,
    page_context::{page_context, strings},
    route::use_query,
    url::Query,
};

/// Id of the form that the boxes belong to.
pub const FORM: &str = "rows";
/// Up to so many ids a dialog's address names them, so that it can be reloaded and shared; more stay in memory.
const IDS_IN_ADDRESS: usize = 50;

/// What is selected in one list: the ticked ids in the order they were ticked, or, when the address says `all=1`, everything that
/// matches the list's filter.
#[derive(Clone, Copy)]
pub struct Selection {
    /// Where the list is, and its query. The page's own, because a list that is drawn again takes its signals along.
    place: Signal<String>,
    query: Memo<Query>,
    ids: RwSignal<Vec<String>>,
    /// Everything that matches, but these.
    all: Memo<bool>,
    except: RwSignal<Vec<String>>,
    /// Ids on the page that can be selected, in order.
    page: RwSignal<Vec<String>>,
    /// How many match.
    matching: RwSignal<Count>,
    /// Where a range begins.
    anchor: RwSignal<Option<String>>,
}

/// What a dialog is about.
#[derive(Clone)]
pub enum Subject {
    Ids(Vec<String>),
    Matching(Matching),
}

impl Subject {
    /// For server functions: the ids, or what matches.
    pub fn parts(self) -> (Vec<String>, Matching) {
        match self {
            Self::Ids(ids) => (ids, Matching::default()),
            Self::Matching(matching) => (vec![], matching),
        }
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Ids(ids) if ids.is_empty())
    }

    /// Whether exactly one thing is named.
    pub fn is_one(&self) -> bool {
        matches!(self, Self::Ids(ids) if ids.len() == 1)
    }
}

/// The key that says that everything that matches is selected.
const ALL: &str = "all";

/// The address of this list with nothing selected: where a batch leads afterwards.
pub fn unselected(query: &Query) -> Query {
    query.list().without(&[ALL])
}

impl Selection {
    /// The selection of the list at `place`, a path: the router keeps a page that only changes its app or group, and what was
    /// ticked there means something else here. `offers_all`: whether the list lets everything that matches be selected; where it does
    /// not, an address that was written by hand selects nothing.
    pub fn of(place: Signal<String>, offers_all: Signal<bool>) -> Self {
        let query = use_query();
        let selection = Self {
            place,
            query,
            ids: RwSignal::new(vec![]),
            all: Memo::new(move |_| offers_all.get() && query.read().get(ALL) == "1"),
            except: RwSignal::new(vec![]),
            page: RwSignal::new(vec![]),
            matching: RwSignal::new(Count { number: 0, more: false }),
            anchor: RwSignal::new(None),
        };
        Effect::new(move |before: Option<(String, bool)>| {
            let here = (place.get(), selection.all.get());
            if before.is_some_and(|before| before != here) {
                selection.clear();
            }
            here
        });
        selection
    }

    /// The list shows these now.
    pub fn shows(self, page: Vec<String>, matching: Count) {
        self.page.set(page);
        self.matching.set(matching);
    }

    pub fn has(self, id: &str) -> bool {
        let named = |ids: &Vec<String>| ids.iter().any(|other| other == id);
        if self.all.get() { !self.except.with(named) } else { self.ids.with(named) }
    }

    fn is_all(self) -> bool {
        self.all.get()
    }

    fn is_empty(self) -> bool {
        !self.all.get() && self.ids.with(Vec::is_empty)
    }

    /// In words: `12`, or `10,000+` when they were not all counted.
    fn count(self) -> String {
        if !self.all.get() {
            return format::number(self.ids.with(Vec::len) as u64);
        }
        let Count { number, more } = self.matching.get();
        let number = number.saturating_sub(self.except.with(Vec::len) as u64);
        format!("{}{}", format::number(number), if more { "+" } else { "" })
    }

    pub fn clear(self) {
        self.ids.set(vec![]);
        self.except.set(vec![]);
        self.anchor.set(None);
    }

    fn set(self, id: &str, ticked: bool) {
        let all = self.all.get_untracked();
        let list = if all { self.except } else { self.ids };
        list.update(|ids| {
            ids.retain(|other| other != id);
            if ticked != all {
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
        let query = query.list().with("dialog", dialog);
        let ids = self.ids.get();
        if self.is_all() || ids.len() > IDS_IN_ADDRESS {
            return query.href(path);
        }
        ids.iter().fold(query, |query, id| query.and("ids", id)).href(path)
    }

    /// What a dialog is about: the ids that its address names, else everything that matches if the address says so, else what is
    /// ticked.
    pub fn subject(self, query: &Query) -> Subject {
        let named = query.all("ids");
        if !named.is_empty() {
            Subject::Ids(named)
        } else if self.all.get() {
            Subject::Matching(Matching {
                all: "1".to_owned(),
                q: query.get("q").to_owned(),
                kind: query.get("type").to_owned(),
                except: self.except.get(),
            })
        } else {
            Subject::Ids(self.ids.get())
        }
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
    let hydrated = page_context().hydrated;
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
                    value=id.clone()
                    form=FORM
                    aria-label=label
                    checked=untrack(|| selection.has(&id))
                    // Without scripts single rows cannot be left out of everything.
                    disabled=move || selection.is_all() && !hydrated.get()
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
                    aria-label=strings().lists.select_page
                    prop:checked=move || selection.whole_page()
                    prop:indeterminate=move || selection.some_of_page() && !selection.whole_page()
                    on:click=move |event| selection.click_all(event_target_checked(&event))
                />
            </label>
            <span class="visually-hidden no-js-only">{strings().lists.selected_column}</span>
        </th>
    }
}

/// «3 selected · Clear».
#[component]
pub fn SelectionCount() -> impl IntoView {
    let selection: Selection = expect_context();
    let t = strings();
    let clear = move || {
        if selection.is_all() {
            let href = unselected(&selection.query.read()).href(&selection.place.read());
            view! { <a class="button button-quiet" href=href data-noscroll="">{t.common.clear}</a> }.into_any()
        } else {
            view! { <button type="button" class="button button-quiet" on:click=move |_| selection.clear()>{t.common.clear}</button> }
                .into_any()
        }
    };
    move || {
        (!selection.is_empty()).then(|| {
            view! {
                <span class="selection-count">
                    <strong>{move || (t.lists.selected)(selection.count())}</strong>
                    {clear}
                </span>
            }
        })
    }
}

/// «All 20 on this page are selected. Select all 12,345 that match», once there is more than the page.
#[component]
pub fn SelectMatching() -> impl IntoView {
    let selection: Selection = expect_context();
    let t = &strings().lists;
    let number = move || {
        let Count { number, more } = selection.matching.get();
        format!("{}{}", format::number(number), if more { "+" } else { "" })
    };
    let more_than_page = move || {
        let Count { number, more } = selection.matching.get();
        more || number > selection.page.with(Vec::len) as u64
    };
    let href = move || selection.query.read().list().with(ALL, "1").href(&selection.place.read());
    move || {
        if selection.is_all() {
            let except = selection.except.with(Vec::len) as u64;
            let words = if except == 0 { (t.all_selected)(number()) } else { (t.all_selected_except)(number(), except) };
            return view! { <p class="select-matching" aria-live="polite">{words}</p> }.into_any();
        }
        if !more_than_page() {
            return ().into_any();
        }
        let whole = selection.whole_page();
        let words = (t.page_selected)(selection.page.with(Vec::len) as u64);
        view! {
            // Without scripts there is no ticking of a whole page before it.
            <p class="select-matching" class:no-js-only=!whole>
                {whole.then_some(words)}
                " "
                <a href=href data-noscroll="">{(t.select_matching)(number())}</a>
            </p>
        }
        .into_any()
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
    /// With nothing selected it is about everything that matches.
    #[prop(default = false)]
    or_all: bool,
    /// Why the operator may not do it at all.
    #[prop(default = None)]
    forbidden: Option<&'static str>,
) -> impl IntoView {
    let selection: Selection = expect_context();
    let state = page_context();
    let navigate = leptos_router::hooks::use_navigate();
    let reason = move || {
        let nothing = !or_all && state.hydrated.get() && selection.is_empty();
        forbidden.or_else(|| nothing.then(|| strings().lists.select_first))
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
            class=format!("button button-{kind}{}", if or_all { " or-all" } else { "" })
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
