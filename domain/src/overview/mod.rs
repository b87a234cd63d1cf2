//! The overview of an app: how much it holds, what happened in it day by day, which groups are the largest and the busiest. Days
//! are UTC days, numbered from 1970. Everything is read from counts that each change updates (migration 0004); nothing is counted
//! for the page.

use serde::{Deserialize, Serialize};

use crate::{backup::BackupState, event::EventRow, group::GroupType, limits::DAY_MS};

/// What the page shows, all of one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Accounts of the app, of both types.
    pub accounts: u64,
    /// Accounts of type Admin, at most [`crate::limits::APP_ADMINS`].
    pub admins: u64,
    /// Groups of the app, of all types.
    pub groups: u64,
    /// Memberships: an account in three groups counts three times.
    pub members: u64,
    /// Messages that are kept; those of deleted groups were deleted with them.
    pub messages: u64,
    /// The last [`crate::limits::OVERVIEW_DAYS`] days without a gap, oldest first; the last one is today.
    pub days: Vec<Day>,
    /// Groups with the most members, largest first. Empty groups are left out.
    pub largest: Vec<RankedGroup>,
    /// Groups with the most messages, most first. Silent groups are left out.
    pub most_active: Vec<RankedGroup>,
    /// The latest events of the app, newest first, refused ones too.
    pub events: Vec<EventRow>,
    /// The state of the backups that the server makes by itself, for those who look after the data; `None` for other callers, and
    /// where the server makes none.
    pub backups: Option<BackupState>,
    /// The disk that holds the data; for owners only, and where the operating system measures it.
    pub disk: Option<DiskSpace>,
}

/// The disk that holds the data folder, bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSpace {
    /// Bytes that the server may still write.
    pub free: u64,
    /// Bytes of the whole disk.
    pub total: u64,
    /// With fewer free bytes than these, shared files, imports and exports are refused; see [`crate::limits::MIN_FREE_BYTES`].
    pub kept_free: u64,
}

impl DiskSpace {
    /// Whether files are refused now.
    pub fn is_short(&self) -> bool {
        self.free < self.kept_free
    }
}

impl Overview {
    /// The current day so far.
    pub fn today(&self) -> Day {
        self.days.last().copied().unwrap_or_default()
    }
}

/// What happened on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Days since 1970 in UTC, as [`day_of`] numbers them.
    pub day: i64,
    /// Accounts created on that day, whether or not they still exist.
    pub new_accounts: u64,
    /// Groups created on that day, whether or not they still exist.
    pub new_groups: u64,
    /// Groups deleted on that day.
    pub deleted_groups: u64,
    /// Messages sent on that day, from any sender and whether or not they are still kept.
    pub messages: u64,
}

impl Day {
    /// Created less deleted: what counts against [`crate::limits::NET_GROUPS_PER_DAY`]. Below zero when more groups were deleted
    /// than created.
    pub fn net_groups(&self) -> i64 {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        number(self.new_groups) - number(self.deleted_groups)
    }
}

/// A group in one of the rankings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankedGroup {
    /// The group's id within the app.
    pub group_id: String,
    /// The group's name.
    pub name: String,
    /// The group's type.
    pub group_type: GroupType,
    /// Members, the owner included; `None`: groups of this type keep no member list.
    pub member_count: Option<u32>,
    /// The most members that the group may have; `None`: without a limit.
    pub max_member_count: Option<u32>,
    /// Messages that are kept.
    pub message_count: u64,
}

/// The number of the UTC day of a time in milliseconds since 1970; days before 1970 are negative.
pub fn day_of(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_utc() {
        assert_eq!([-1, 0, DAY_MS - 1, DAY_MS].map(day_of), [-1, 0, 0, 1]);
    }

    #[test]
    fn deleted_groups_give_back() {
        let day = Day { new_groups: 100, deleted_groups: 20, ..Day::default() };
        assert_eq!(day.net_groups(), 80);
        assert_eq!(Day { deleted_groups: 3, ..Day::default() }.net_groups(), -3);
    }
}
