//! The rows of the table, one file each.

pub mod browse;
pub mod delete;
pub mod export;
pub mod import;
pub mod lists;
pub mod rest;
pub mod search;
pub mod send;
pub mod start;
pub mod wire;

/// Kilobytes of a process (its number, or `self`), by the name of the line that the system has for them; 0 where it has none.
fn memory(process: &str, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
