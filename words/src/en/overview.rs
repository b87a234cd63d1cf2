//! English: the overview of an app.

use domain::backup::BackupProblem;

use crate::{number::number, shape::overview::OverviewWords};

pub(super) const WORDS: OverviewWords = OverviewWords {
    title: "Overview",
    lead: "What this app holds, and what happened in the last 30 days. Days begin at midnight UTC.",
    figures: "Figures",
    messages: "Messages",
    admins: |n, max| format!("{n} of {max} admin accounts"),
    net_today: |n, max| format!("{n} of {max} net new groups today"),
    largest_of: |n, max| format!("{n} of {max} in the largest group"),
    sent_today: |n| format!("{n} sent today"),
    charts: "Last 30 days",
    new_and_deleted: "New and deleted groups",
    new_groups: "New",
    deleted_groups: "Deleted",
    net_groups: "Net new groups",
    net: "Net new",
    net_help: |max| format!("New less deleted; the quota is {max} a day."),
    limit: |max| format!("Quota {max}"),
    new_accounts: "New accounts",
    messages_sent: "Messages sent",
    sum: |label, n| format!("{label}: {n}"),
    days_shown: |first, last| format!("{first} to {last}, days in UTC."),
    told: |label, n, most| match most {
        Some((day, most)) => format!("{label}: {n} in 30 days, most on {day} with {most}."),
        None => format!("{label}: none in 30 days."),
    },
    nothing: "None in these 30 days",
    as_table: "Show as table",
    day: "Day (UTC)",
    today: "Today",
    total: "Total",
    largest: "Largest groups",
    most_active: "Most active groups",
    members: |n| format!("{} {}", number(n), if n == 1 { "member" } else { "members" }),
    members_of: |n, max| format!("{n} of {max} members"),
    messages_kept: |n| format!("{} {}", number(n), if n == 1 { "message" } else { "messages" }),
    no_members: "No group has members yet.",
    latest_events: "Latest events",
    last_backup: |age| format!("Last backup: {age}"),
    no_backup: "There is no backup yet.",
    backup_overdue: "The next backup is overdue.",
    backup_failed: |at, trouble, good| {
        let why = match trouble {
            BackupProblem::Full => "there is no room left where backups go",
            BackupProblem::NotWritable => "the folder for backups is not there or cannot be written to",
            BackupProblem::Incomplete => {
                "it is not complete, as shared files are missing or damaged in the data folder, and `roster check` names them"
            }
            BackupProblem::Unsound => "the database is damaged, and `roster check` says more",
            BackupProblem::Other => "the server’s log says why",
        };
        let good = good.map_or("there is no good one yet".to_owned(), |good| format!("the last good one was made at {good}"));
        format!("The latest backup failed at {at}: {why}; {good}.")
    },
};
