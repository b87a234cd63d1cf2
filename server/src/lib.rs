//! Roster's server: the router with its sessions, security layers and downloads, and the commands of the binary. `main.rs` only
//! calls it; the HTTP tests in `tests/` build the same router.

pub mod assets;
pub mod audit_log;
pub mod background;
pub mod backups;
pub mod cli;
pub mod config;
pub mod connections;
pub mod console;
pub mod http;
pub mod rest;
pub mod router;
pub mod state;
pub mod storage;

/// Drawing a page makes and drops thousands of small texts; the system's allocator would take a third of the time. Without huge
/// pages (`no_thp`): they make nothing faster here, and an idle server would hold 13 MB more of its own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
