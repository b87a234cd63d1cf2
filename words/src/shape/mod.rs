//! The names of all words: what a language must have, one file for each subject, as in the folders of the languages. Sentences with
//! values in them are functions, because languages order them differently. Numbers come as text where they are only shown, and as a
//! number beside it where the form of a word depends on it.

pub mod accounts;
pub mod api_calls;
pub mod apps;
pub mod audit;
pub mod columns;
pub mod common;
pub mod credentials;
pub mod done;
pub mod errors;
pub mod event_fields;
pub mod exports;
pub mod files;
pub mod glossary;
pub mod group_tabs;
pub mod groups;
pub mod import_names;
pub mod imports;
pub mod jobs;
pub mod lists;
pub mod members;
pub mod messages;
pub mod mutes;
pub mod operators;
pub mod overview;
pub mod quotas;
pub mod retention;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod shell;
pub mod shortcuts;
pub mod sign_in;
pub mod times;
pub mod tokens;

/// Everything that is told in one language.
pub struct Strings {
    /// The language's name in itself.
    pub own_name: &'static str,
    /// BCP 47 tag for `<html lang>`.
    pub tag: &'static str,
    pub accounts: accounts::AccountWords,
    pub api_calls: api_calls::ApiCallWords,
    pub apps: apps::AppWords,
    pub audit: audit::AuditWords,
    pub columns: columns::ColumnWords,
    pub common: common::CommonWords,
    pub credentials: credentials::CredentialWords,
    pub done: done::DoneWords,
    pub errors: errors::ErrorWords,
    pub event_fields: event_fields::EventFieldWords,
    pub exports: exports::ExportWords,
    pub files: files::FileWords,
    pub group_tabs: group_tabs::GroupTabWords,
    pub groups: groups::GroupWords,
    pub imports: imports::ImportWords,
    pub jobs: jobs::JobWords,
    pub lists: lists::ListWords,
    pub members: members::MemberWords,
    pub messages: messages::MessageWords,
    pub mutes: mutes::MuteWords,
    pub operators: operators::OperatorWords,
    pub overview: overview::OverviewWords,
    pub quotas: quotas::QuotaWords,
    pub retention: retention::RetentionWords,
    pub search: search::SearchWords,
    pub sessions: sessions::SessionWords,
    pub settings: settings::SettingWords,
    pub shell: shell::ShellWords,
    pub shortcuts: shortcuts::ShortcutWords,
    pub sign_in: sign_in::SignInWords,
    pub times: times::TimeWords,
    pub tokens: tokens::TokenWords,
}
