//! The overview of an app: what it holds, what happened in it day by day, which groups stand out. Days are UTC days, numbered
//! from 1970. All of it is read from counts that are kept as things change (migration 0004), never counted on the way.

use serde::{Deserialize, Serialize};

use crate::{backup::BackupState, event::EventRow, group::GroupType, limits::DAY_MS};

/// What the page shows, of one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub accounts: u64,
    /// Accounts of type Admin, at most [`crate::limits::APP_ADMINS`].
    pub admins: u64,
    pub groups: u64,
    /// Memberships: an account in three groups counts three times.
    pub members: u64,
    /// Messages that are kept; those of deleted groups went with them.
    pub messages: u64,
    /// The last [`crate::limits::OVERVIEW_DAYS`] days without a gap, oldest first; the last one is today.
    pub days: Vec<Day>,
    /// Groups with the most members, largest first. Empty groups are left out.
    pub largest: Vec<RankedGroup>,
    /// Groups with the most messages, most first. Silent groups are left out.
    pub most_active: Vec<RankedGroup>,
    /// The latest events of the app, newest first, refused ones too.
    pub events: Vec<EventRow>,
    /// How the backups stand that the server makes by itself, for those who look after the data; `None` for others, and where it makes none.
    pub backups: Option<BackupState>,
    /// The disk that holds the data; for owners only, and where the system tells.
    pub disk: Option<DiskSpace>,
}

/// The disk that holds the data folder, bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSpace {
    pub free: u64,
    pub total: u64,
    /// Below so many free ones, shared files, imports and exports are refused.
    pub kept_free: u64,
}

impl DiskSpace {
    /// Whether files are refused.
    pub fn is_short(&self) -> bool {
        self.free < self.kept_free
    }
}

impl Overview {
    /// The day under way.
    pub fn today(&self) -> Day {
        self.days.last().copied().unwrap_or_default()
    }
}

/// What happened on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Days since 1970 in UTC.
    pub day: i64,
    pub new_accounts: u64,
    pub new_groups: u64,
    pub deleted_groups: u64,
    /// Messages sent, wherever they came from and whether or not they are still there.
    pub messages: u64,
}

impl Day {
    /// Created less deleted: what counts against [`crate::limits::NET_GROUPS_PER_DAY`]. Below zero when more went than came.
    pub fn net_groups(&self) -> i64 {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        number(self.new_groups) - number(self.deleted_groups)
    }
}

/// A group that stands out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankedGroup {
    pub group_id: String,
    pub name: String,
    pub group_type: GroupType,
    /// `None`: no list is kept.
    pub member_count: Option<u32>,
    /// `None`: without limit.
    pub max_member_count: Option<u32>,
    pub message_count: u64,
}

/// The UTC day that a time in milliseconds falls on.
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
