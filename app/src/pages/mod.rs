//! One file a screen.

pub mod account;
pub mod account_dialogs;
pub mod accounts;
pub mod audit;
pub mod export_dialogs;
pub mod group;
pub mod group_dialogs;
pub mod groups;
pub mod home;
pub mod import;
pub mod import_preview;
pub mod jobs;
pub mod list_dialogs;
pub mod me;
pub mod members;
pub mod messages;
pub mod operators;
pub mod overview;
pub mod search;
pub mod settings;
pub mod setup;
pub mod sign_in;
