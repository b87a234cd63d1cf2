//! Roster's server: the router with its sessions, security layers and downloads, and the commands of the binary. `main.rs` only
//! calls it; the HTTP tests in `tests/` build the same router.

pub mod assets;
pub mod cli;
pub mod config;
pub mod http;
pub mod jobs;
