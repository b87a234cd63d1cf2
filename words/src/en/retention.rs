//! English: how long the audit log keeps events, and its archives.

use crate::shape::retention::RetentionWords;

pub(super) const WORDS: RetentionWords = RetentionWords {
    archives: "Retention and archives",
    archives_lead: "How long events stay in the audit log, and the files that older ones were moved into.",
    kept: "Keep events for",
    kept_help: "Older events are moved week by week into files in the folder «archive», which stay there until an owner deletes them. Each file is read again before its events leave the log. The figures and charts of the overview do not change; lists and exports no longer show what was moved.",
    kept_choices: ["All time", "90 days", "180 days", "1 year", "2 years", "5 years", "10 years"],
    kept_saved: "Saved. Older events, if there are any, are moved into archives now; that may take a while.",
    held_back: |number, day| {
        format!(
            "Event {number} is dated {day} (UTC), later than events that were written after it. Events are moved in the order of their numbers, so these stay in the log until event {number} is old enough too."
        )
    },
    no_archives: "There are no archives",
    no_archives_help: "All events are in the audit log.",
    archive: "Archive",
    events: "Events",
    event_range: |first, last| format!("Numbers {first} to {last}"),
    period: "Period",
    size: "Size",
    archived: "Archived",
    by_server: "Automatically",
    delete_archive: "Delete archive",
    delete_archive_question: |name, n, number| {
        if n == 1 { format!("Delete {name} with 1 event?") } else { format!("Delete {name} with {number} events?") }
    },
    delete_archive_warning: "These events cannot be brought back: they can only be found in backups made earlier. The audit log keeps the range of event numbers and the SHA-256 of the archive.",
    archive_deleted: "The archive was deleted.",
    not_found: "This archive does not exist.",
    changes: "Changes in all",
    first_event: "First event",
    last_event: "Last event",
};
