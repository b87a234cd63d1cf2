//! Keyboard shortcuts: what each key does, and the dialog that lists them and switches them off.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::{
    browser::{self, Key},
    components::{
        Dialog, PostForm, SubmitButton,
        palette::{here_with_dialog, use_app},
    },
    functions::preference::SetShortcuts,
    page_context::{page_context, strings},
    url::Query,
};

/// How long `g` waits for the next key, milliseconds.
const CHORD_MS: i64 = 1_500;
/// Rows of the lists of a page, and where the focus goes in one.
const ROWS: &str = "main .data-table tbody tr";
const IN_ROW: &str = ".cell-title a, a";

/// Listens as long as the layout is shown.
pub fn listen() {
    let (state, app, navigate) = (page_context(), use_app(), use_navigate());
    let (search, help) = (here_with_dialog("search"), here_with_dialog("keys"));
    let g = StoredValue::new(0_i64);
    let go =
        StoredValue::new_local(move |href: &str, scroll: bool| navigate(href, NavigateOptions { scroll, ..Default::default() }));
    let to = move |href: &str| go.with_value(|go| go(href, true));
    let open = move |href: Signal<String>| go.with_value(|go| go(&href.get_untracked(), false));
    browser::on_key(move |key: Key| {
        if key.modified {
            let palette = key.word == "k" && !key.dialog;
            if palette {
                open(search);
            }
            return palette;
        }
        if key.typing || key.dialog || !state.layout.read_untracked().keys {
            return false;
        }
        let chord = browser::now() - g.get_value() < CHORD_MS;
        g.set_value(0);
        if let Some(app) = app.get_untracked().filter(|_| chord) {
            match key.word.as_str() {
                "g" => to(&app.groups()),
                "a" => to(&app.accounts()),
                "o" => to(&app.overview()),
                _ => return false,
            }
            return true;
        }
        match key.word.as_str() {
            "g" => g.set_value(browser::now()),
            "/" => return browser::focus("#search"),
            "n" => return browser::click(".page-actions a.button-primary"),
            "x" => return browser::click("tr:focus-within .cell-select input"),
            "j" | "k" => return browser::step(ROWS, IN_ROW, key.word == "j"),
            "?" => open(help),
            _ => return false,
        }
        true
    });
}

#[component]
pub fn KeysDialog() -> impl IntoView {
    let t = strings();
    let location = use_location();
    let close = untrack(|| Query::parse(&location.search.read()).list().href(&location.pathname.read()));
    let next = here_with_dialog("keys").get_untracked();
    let layout = page_context().layout;
    let go_to = t.search.go_to;
    let keys = [
        (vec!["Ctrl K", "⌘ K"], t.shortcuts.key_palette.to_owned()),
        (vec!["/"], t.shortcuts.key_search.to_owned()),
        (vec!["g g"], go_to(t.groups.title)),
        (vec!["g a"], go_to(t.accounts.title)),
        (vec!["g o"], go_to(t.overview.title)),
        (vec!["n"], t.shortcuts.key_new.to_owned()),
        (vec!["j", "k"], t.shortcuts.key_move.to_owned()),
        (vec!["Enter"], t.shortcuts.key_open.to_owned()),
        (vec!["x"], t.shortcuts.key_select.to_owned()),
        (vec!["?"], t.shortcuts.key_help.to_owned()),
    ];
    let rows = keys.map(|(keys, words)| {
        let keys = keys.into_iter().map(|keys| view! { <kbd>{keys}</kbd> }).collect_view();
        view! { <div><dt>{keys}</dt><dd>{words}</dd></div> }
    });
    let switch = move || {
        let on = layout.read().keys;
        let words = if on { t.shortcuts.are_on } else { t.shortcuts.are_off };
        view! {
            <p role="status">{words}</p>
            <PostForm action=SetShortcuts::PATH next=next.clone() class="inline-form">
                <input type="hidden" name="on" value=(!on).to_string() />
                <SubmitButton label=if on { t.shortcuts.turn_off } else { t.shortcuts.turn_on } kind="secondary" />
            </PostForm>
        }
    };
    view! {
        <Dialog title=t.shortcuts.title close=close>
            <dl class="keys">{rows.into_iter().collect_view()}</dl>
            <p class="field-help">{t.shortcuts.help}</p>
            <div class="keys-switch">{switch}</div>
        </Dialog>
    }
}
