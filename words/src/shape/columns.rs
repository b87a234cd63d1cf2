//! Titles of the columns of files: exports write them, imports know them again.

use domain::export::ExportList;

/// The key of a column and its title.
type Title = (&'static str, &'static str);

/// The titles of each list, in the order of its columns.
pub struct Titles {
    pub accounts: &'static [Title],
    pub groups: &'static [Title],
    pub members: &'static [Title],
    pub messages: &'static [Title],
    pub events: &'static [Title],
    /// Of the column in which refused rows have their reason.
    pub reason: &'static str,
}

/// Titles of which none is missing.
pub struct ColumnWords(Titles);

impl ColumnWords {
    /// Does not compile where a column of a list has no title, as it is only called for constants.
    pub(crate) const fn new(titles: Titles) -> Self {
        let mut list = 0;
        while list < ExportList::ALL.len() {
            assert!(ExportList::ALL[list].is_whole(titles.of(ExportList::ALL[list])), "a column has no title");
            list += 1;
        }
        Self(titles)
    }

    /// The title of a column; nothing where there is no such column.
    pub fn title(&self, list: ExportList, key: &str) -> &'static str {
        self.0.of(list).iter().find(|(name, _)| *name == key).map_or("", |(_, title)| title)
    }

    pub fn reason(&self) -> &'static str {
        self.0.reason
    }
}

impl Titles {
    const fn of(&self, list: ExportList) -> &'static [Title] {
        match list {
            ExportList::Accounts => self.accounts,
            ExportList::Groups => self.groups,
            ExportList::Members => self.members,
            ExportList::Messages => self.messages,
            ExportList::Events => self.events,
        }
    }
}
