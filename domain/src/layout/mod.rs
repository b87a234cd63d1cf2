//! How an operator has set the lists: which columns are visible, how close the rows are, how many rows a page has. Part of
//! [`crate::operator::Me`], so that the first page already looks as the operator left it.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// The lists whose columns can be chosen.
    pub enum ListName {
        /// The groups of an app.
        Groups = "groups",
        /// The accounts of an app.
        Accounts = "accounts",
        /// The members of a group.
        Members = "members",
        /// The audit log.
        Audit = "audit",
    }
}

wire_enum! {
    /// How close the rows are, in all lists.
    pub enum Density {
        /// Room around each row; the default.
        Comfortable = "comfortable",
        /// More rows on a screen.
        Compact = "compact",
    }
}

/// The settings of one operator. A missing setting has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// How close the rows are.
    pub density: Density,
    /// Whether single keys are shortcuts (WCAG 2.2, 2.1.4, asks that they can be switched off).
    pub keys: bool,
    /// The settings of the list of groups.
    pub groups: ListLayout,
    /// The settings of the list of accounts.
    pub accounts: ListLayout,
    /// The settings of the member lists of all groups.
    pub members: ListLayout,
    /// The settings of the audit log.
    pub audit: ListLayout,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            density: Density::Comfortable,
            keys: true,
            groups: ListLayout::default(),
            accounts: ListLayout::default(),
            members: ListLayout::default(),
            audit: ListLayout::default(),
        }
    }
}

/// The settings of one operator for one list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListLayout {
    /// Columns that are hidden. Hidden and not visible ones are stored, so that a column of a later version is visible at first.
    pub hidden: Vec<String>,
    /// Rows of a page: 20, 50 or 100; `None`: the operator has not chosen.
    pub size: Option<u32>,
}

impl Layout {
    /// The settings of that list.
    pub fn list(&self, list: ListName) -> &ListLayout {
        match list {
            ListName::Groups => &self.groups,
            ListName::Accounts => &self.accounts,
            ListName::Members => &self.members,
            ListName::Audit => &self.audit,
        }
    }

    /// The settings of that list, to be changed.
    pub fn list_mut(&mut self, list: ListName) -> &mut ListLayout {
        match list {
            ListName::Groups => &mut self.groups,
            ListName::Accounts => &mut self.accounts,
            ListName::Members => &mut self.members,
            ListName::Audit => &mut self.audit,
        }
    }
}

impl ListName {
    /// The columns that can be hidden, in their order. The others (the box, the title, the actions) are always visible.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Groups => &["id", "owner", "type", "created", "members"],
            Self::Accounts => &["nickname", "type", "photo", "created"],
            Self::Members => &["nickname", "joined", "spoke", "role"],
            Self::Audit => &["time", "operator", "target", "outcome", "address"],
        }
    }
}

/// The fields of the View menu as they were sent; [`rules::Choice::parse`] checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayoutInput {
    /// [`ListName`] word.
    pub list: String,
    /// The columns that stay visible.
    pub columns: Vec<String>,
    /// [`Density`] word.
    pub density: String,
    /// Rows of a page: 20, 50 or 100.
    pub size: String,
}
