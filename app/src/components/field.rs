//! Fields: label above, help and limit below, the error linked to the field. What was typed stays, whatever happens.

use leptos::prelude::*;
use words::{code_sentence, format};

use crate::{
    components::form_state::FormState,
    page_context::{page_context, strings},
};

/// A length limit, shown while typing; typing is never cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Bytes(usize),
    Chars(usize),
}

impl Limit {
    /// Length as the limit counts it; a line break is one, as in the domain.
    fn measure(self, text: &str) -> usize {
        let text = domain::text::unify_line_breaks(text);
        match self {
            Self::Bytes(_) => text.len(),
            Self::Chars(_) => text.chars().count(),
        }
    }

    fn max(self) -> usize {
        match self {
            Self::Bytes(max) | Self::Chars(max) => max,
        }
    }
}

/// The check of the domain that runs with every key; its result shows at once, the server decides.
pub type LiveCheck = fn(&str) -> Result<(), domain::Code>;

/// The frame that all fields share.
#[component]
pub fn Field(
    /// Name of the field in the form and in errors.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = false)] required: bool,
    #[prop(default = None)] help: Option<String>,
    #[prop(default = None)] limit: Option<Limit>,
    /// The current text, for the counter.
    #[prop(default = None)]
    text: Option<RwSignal<String>>,
    #[prop(default = None)] check: Option<LiveCheck>,
    children: Children,
) -> impl IntoView {
    let state: FormState = expect_context();
    let t = strings();
    let live = move || {
        let (check, text) = check.zip(text)?;
        let text = text.get();
        if text.is_empty() { None } else { check(&text).err().map(|code| code_sentence(t, &code)) }
    };
    let sentence = move || live().or_else(|| state.field_error(name));
    let counter = limit.zip(text).map(|(limit, text)| {
        let over = move || text.with(|text| limit.measure(text)) > limit.max();
        let words = move || {
            let (n, max) = (text.with(|text| limit.measure(text)) as u64, limit.max() as u64);
            match limit {
                Limit::Bytes(_) => (t.common.of_bytes)(format::number(n), format::number(max)),
                Limit::Chars(_) => (t.common.of_chars)(format::number(n), format::number(max)),
            }
        };
        view! { <span class="counter" class:over=over id=counter_id(name)>{words}</span> }
    });
    view! {
        <div class="field" class:has-error=move || sentence().is_some()>
            <div class="field-label">
                <label for=input_id(name)>{label}</label>
                {required.then(|| view! { <span class="field-required">{t.common.required}</span> })}
                {counter}
            </div>
            {children()}
            {move || sentence().map(|text| view! { <p class="field-error" id=error_id(name)>{text}</p> })}
            {help.map(|help| view! { <p class="field-help" id=help_id(name)>{help}</p> })}
        </div>
    }
}

pub fn input_id(name: &str) -> String {
    format!("f-{name}")
}

fn error_id(name: &str) -> String {
    format!("f-{name}-error")
}

fn help_id(name: &str) -> String {
    format!("f-{name}-help")
}

fn counter_id(name: &str) -> String {
    format!("f-{name}-counter")
}

/// What describes the field: its error first, then help and counter.
pub fn described_by(name: &'static str, invalid: bool, help: bool, limit: bool) -> Option<String> {
    let ids: Vec<String> = [(invalid, error_id(name)), (help, help_id(name)), (limit, counter_id(name))]
        .into_iter()
        .filter_map(|(there, id)| there.then_some(id))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// Whether the field is wrong, by the server's verdict or by the live check.
pub fn invalid(state: FormState, name: &'static str, text: RwSignal<String>, check: Option<LiveCheck>) -> bool {
    let live = check.is_some_and(|check| text.with(|text| !text.is_empty() && check(text).is_err()));
    live || state.error.read().as_ref().is_some_and(|error| error.field(name).is_some())
}

/// On the page that the server drew, somebody may have typed before it became interactive: that is kept.
pub fn keep_typed(name: &str, text: RwSignal<String>, on_text: Option<Callback<String>>) {
    let Some(typed) = page_context().take_typed(&input_id(name)) else { return };
    // Not at once: the page is still being compared with what the server drew.
    Effect::new(move |_| {
        text.set(typed.clone());
        if let Some(told) = on_text {
            told.run(typed.clone());
        }
    });
}

/// One line of text, a date, a number, a password.
#[component]
pub fn TextField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = false)] required: bool,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] limit: Option<Limit>,
    #[prop(optional)] check: Option<LiveCheck>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = false)] autofocus: bool,
    #[prop(default = false)] mono: bool,
    #[prop(optional, into)] placeholder: Option<String>,
    /// Id of a `<datalist>` with suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Called with every change, for suggestions.
    #[prop(optional)]
    on_text: Option<Callback<String>>,
    #[prop(optional, into)] min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let start = state.value(name, &value);
    let text = RwSignal::new(start.clone());
    keep_typed(name, text, on_text);
    let has_help = help.is_some();
    let is_invalid = move || invalid(state, name, text, check);
    let on_input = move |event| {
        let value = event_target_value(&event);
        text.set(value.clone());
        if let Some(told) = on_text {
            told.run(value);
        }
    };
    view! {
        <Field name=name label=label required=required help=help limit=limit text=Some(text) check=check>
            <input
                id=input_id(name)
                name=state.html_name(name)
                type=kind
                step=(kind == "number").then_some("1")
                value=start
                class:mono=mono
                aria-required=required.then_some("true")
                autocomplete=autocomplete
                autofocus=autofocus
                spellcheck="false"
                placeholder=placeholder
                list=list
                min=min
                max=max
                aria-invalid=move || is_invalid().then_some("true")
                aria-describedby=move || described_by(name, is_invalid(), has_help, limit.is_some())
                on:input=on_input
            />
        </Field>
    }
}

/// Many lines of text. The only `<textarea>` of the console: the framework does not escape its content on the server, this does.
#[component]
pub fn TextAreaField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(default = false)] required: bool,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] limit: Option<Limit>,
    #[prop(optional)] check: Option<LiveCheck>,
    #[prop(default = false)] autofocus: bool,
    #[prop(default = 4)] rows: u32,
    /// Shares the text, for hints next to the field and changes from outside.
    #[prop(optional)]
    shared: Option<RwSignal<String>>,
) -> impl IntoView {
    let state: FormState = expect_context();
    let text = shared.unwrap_or_else(|| RwSignal::new(String::new()));
    text.set(state.value(name, &value));
    keep_typed(name, text, None);
    let has_help = help.is_some();
    let is_invalid = move || invalid(state, name, text, check);
    // A parser drops one line break after the tag: give it one to drop.
    #[cfg(feature = "ssr")]
    let content = format!("\n{}", html_escape::encode_text(&text.get_untracked()));
    #[cfg(not(feature = "ssr"))]
    let content = ();
    view! {
        <Field name=name label=label required=required help=help limit=limit text=Some(text) check=check>
            <textarea
                id=input_id(name)
                name=state.html_name(name)
                rows=rows
                aria-required=required.then_some("true")
                autofocus=autofocus
                prop:value=move || text.get()
                aria-invalid=move || is_invalid().then_some("true")
                aria-describedby=move || described_by(name, is_invalid(), has_help, limit.is_some())
                on:input=move |event| text.set(event_target_value(&event))
            >
                {content}
            </textarea>
        </Field>
    }
}

/// One of a few choices.
#[component]
pub fn SelectField(
    name: &'static str,
    #[prop(into)] label: String,
    /// Value and label of each choice.
    options: Vec<(&'static str, &'static str)>,
    #[prop(optional, into)] value: String,
    #[prop(default = false)] required: bool,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = false)] autofocus: bool,
) -> impl IntoView {
    let state: FormState = expect_context();
    let chosen = state.value(name, &value);
    let has_help = help.is_some();
    let text = RwSignal::new(chosen.clone());
    let is_invalid = move || invalid(state, name, text, None);
    view! {
        <Field name=name label=label required=required help=help>
            <select
                id=input_id(name)
                name=state.html_name(name)
                autofocus=autofocus
                aria-invalid=move || is_invalid().then_some("true")
                aria-describedby=move || described_by(name, is_invalid(), has_help, false)
            >
                {options
                    .into_iter()
                    .map(|(value, words)| {
                        view! {
                            <option value=value selected=value == chosen>
                                {words}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </Field>
    }
}

/// A box to tick: `1` when it is.
#[component]
pub fn CheckField(name: &'static str, #[prop(into)] label: String) -> impl IntoView {
    let state: FormState = expect_context();
    let ticked = state.value(name, "") == "1";
    view! {
        <label class="choice-line">
            <input type="checkbox" name=name value="1" checked=ticked />
            <span>{label}</span>
        </label>
    }
}
