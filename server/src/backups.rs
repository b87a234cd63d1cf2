//! What `ROSTER_BACKUP…` configures: the backups that the server makes regularly.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use store::backup::Schedule;

/// As text. An empty variable counts as one that is not set.
#[derive(Args, Clone, Debug, Default)]
pub struct BackupArgs {
    /// A folder that backups go into by themselves, best on another disk; without it none are made
    #[arg(long, env = "ROSTER_BACKUP", value_name = "FOLDER")]
    pub backup: Option<PathBuf>,

    /// How often, such as 30m, 24h or 7d
    #[arg(long, env = "ROSTER_BACKUP_EVERY", value_name = "TIME", default_value = "24h")]
    pub backup_every: String,

    /// How many are kept; the last whole one is never removed
    #[arg(long, env = "ROSTER_BACKUP_KEEP", value_name = "NUMBER", default_value = "7")]
    pub backup_keep: String,
}

impl BackupArgs {
    /// `None`: none are made. What is malformed is told all the same.
    pub fn schedule(&self) -> Result<Option<Schedule>, String> {
        let or = |text: &str, usual: &str| if text.trim().is_empty() { usual.to_owned() } else { text.trim().to_owned() };
        let (every, keep) = (time(&or(&self.backup_every, "24h"))?, number(&or(&self.backup_keep, "7"))?);
        let folder = self.backup.clone().filter(|folder| !folder.as_os_str().is_empty());
        Ok(folder.map(|folder| Schedule { folder, every, keep }))
    }
}

fn time(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "ROSTER_BACKUP_EVERY (--backup-every) is «{text}». Give a number of minutes, hours or days, such as 30m, 24h or 7d."
        )
    };
    let unit = match text.chars().last() {
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    // Ten years are no mistake yet, and far from what a clock can count.
    let seconds = text[..text.len() - 1].parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    seconds.filter(|seconds| (60..=10 * 365 * 24 * 60 * 60).contains(seconds)).map(Duration::from_secs).ok_or_else(wrong)
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
        format!("ROSTER_BACKUP_KEEP (--backup-keep) is «{text}». Give the number of backups to keep, 1 or more, such as 7.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers_are_read_or_named() {
        let schedule = |every: &str, keep: &str| {
            let (backup, backup_every, backup_keep) = (Some("/b".into()), every.to_owned(), keep.to_owned());
            BackupArgs { backup, backup_every, backup_keep }.schedule()
        };
        for (every, seconds) in [("1m", 60), ("24h", 86_400), (" 7d ", 7 * 86_400), ("", 86_400)] {
            assert!(schedule(every, "").is_ok_and(|s| s.is_some_and(|s| s.every.as_secs() == seconds && s.keep == 7)), "{every}");
        }
        for every in ["0m", "daily", "24", "-1h", "1.5h", "99999999999999999999d", "5s", "d", "7天"] {
            assert!(schedule(every, "7").is_err_and(|why| why.contains(every) && why.contains("24h")), "{every}");
        }
        for keep in ["0", "-1", "all"] {
            assert!(schedule("24h", keep).is_err_and(|why| why.contains(keep)), "{keep}");
        }
        let off = BackupArgs { backup: Some("".into()), ..BackupArgs::default() }.schedule();
        assert_eq!(off, Ok(None));
    }
}
