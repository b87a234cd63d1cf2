//! HTTP tests: the real router on a free port, a real database, a real client.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what a test unwraps has to hold, in its helpers too")]

mod archives;
mod assets;
mod audit_log;
mod backups;
mod connections;
mod exports;
mod forms;
mod group_files;
mod hostile_text;
mod live;
mod rest;
mod security;
mod sessions;
mod signing_in;
mod support;
mod uploads;
mod walk;
