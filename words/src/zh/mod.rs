//! Simplified Chinese.

mod accounts;
mod api_calls;
mod apps;
mod audit;
mod columns;
mod common;
mod credentials;
mod done;
mod errors;
mod event_fields;
mod exports;
mod files;
pub mod glossary;
mod group_tabs;
mod groups;
pub mod import_names;
mod imports;
mod jobs;
mod lists;
mod members;
mod messages;
mod mutes;
mod operators;
mod overview;
mod quotas;
mod retention;
mod search;
mod sessions;
mod settings;
mod shell;
mod shortcuts;
mod sign_in;
mod times;
mod tokens;

use crate::shape::Strings;

pub(crate) const STRINGS: Strings = Strings {
    own_name: "简体中文",
    tag: "zh-Hans",
    accounts: accounts::WORDS,
    api_calls: api_calls::WORDS,
    apps: apps::WORDS,
    audit: audit::WORDS,
    columns: columns::WORDS,
    common: common::WORDS,
    credentials: credentials::WORDS,
    done: done::WORDS,
    errors: errors::WORDS,
    event_fields: event_fields::WORDS,
    exports: exports::WORDS,
    files: files::WORDS,
    group_tabs: group_tabs::WORDS,
    groups: groups::WORDS,
    imports: imports::WORDS,
    jobs: jobs::WORDS,
    lists: lists::WORDS,
    members: members::WORDS,
    messages: messages::WORDS,
    mutes: mutes::WORDS,
    operators: operators::WORDS,
    overview: overview::WORDS,
    quotas: quotas::WORDS,
    retention: retention::WORDS,
    search: search::WORDS,
    sessions: sessions::WORDS,
    settings: settings::WORDS,
    shell: shell::WORDS,
    shortcuts: shortcuts::WORDS,
    sign_in: sign_in::WORDS,
    times: times::WORDS,
    tokens: tokens::WORDS,
};
