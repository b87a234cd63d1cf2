//! Store, jobs and sample against a real SQLite file: every operation, the rules that count, and what must hold whatever happens.
//! One binary, because each links SQLite.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what a test unwraps has to hold, in its helpers too")]

mod accounts;
mod applications;
mod archive_deletion;
mod archives;
mod backup;
mod batches;
mod crash;
mod credential_limits;
mod credentials;
mod demo;
mod event_causes;
mod event_names;
mod events;
mod export_formats;
mod exports;
mod files;
mod folder;
mod generate;
mod group_administration;
mod groups;
mod import_files;
mod import_rules;
mod imports;
mod isolation;
mod jobs;
mod keys;
mod list_tools;
mod lists;
mod members;
mod messages;
mod model;
mod operators;
mod overview;
mod quotas;
mod refusals;
mod sessions;
mod upgrades;
mod users;
