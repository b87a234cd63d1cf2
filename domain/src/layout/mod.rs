//! How an operator likes the lists: which columns show, how close the rows stand, how many there are on a page. Part of who is
//! signed in, so that the first page already looks as it was left.

pub mod rules;

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// The lists whose columns can be chosen.
    ListName { Groups = "groups", Accounts = "accounts", Members = "members", Audit = "audit" }
}

wire_enum! {
    /// How close the rows stand, in all lists.
    Density { Comfortable = "comfortable", Compact = "compact" }
}

/// What an operator has chosen. What is missing is as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    pub density: Density,
    /// Whether single keys are shortcuts (WCAG 2.2, 2.1.4: they can be switched off).
    pub keys: bool,
    pub groups: ListLayout,
    pub accounts: ListLayout,
    pub members: ListLayout,
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

/// What an operator has chosen for one list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListLayout {
    /// Columns that do not show. Those, and not the ones that do: a column that a later version adds is there at first.
    pub hidden: Vec<String>,
    /// Rows a page; `None` as long as nobody has chosen.
    pub size: Option<u32>,
}

impl Layout {
    pub fn list(&self, list: ListName) -> &ListLayout {
        match list {
            ListName::Groups => &self.groups,
            ListName::Accounts => &self.accounts,
            ListName::Members => &self.members,
            ListName::Audit => &self.audit,
        }
    }

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
    /// The columns that can be left out, in their order. The others (the box, the title, the actions) always show.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Groups => &["id", "owner", "type", "created", "members"],
            Self::Accounts => &["nickname", "type", "photo", "created"],
            Self::Members => &["nickname", "joined", "spoke", "role"],
            Self::Audit => &["time", "operator", "target", "outcome", "address"],
        }
    }
}

/// The fields of the View menu as they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayoutInput {
    /// [`ListName`] word.
    pub list: String,
    /// The columns that show.
    pub columns: Vec<String>,
    /// [`Density`] word.
    pub density: String,
    /// 20, 50 or 100.
    pub size: String,
}
