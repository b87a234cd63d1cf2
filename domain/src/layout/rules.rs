//! What the View menu may ask for. Pure.

use super::{Density, Layout, LayoutInput, ListLayout, ListName};
use crate::{Code, Result, error::Checks, page::PageSize};

/// A checked [`LayoutInput`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    list: ListName,
    density: Density,
    layout: ListLayout,
}

impl Choice {
    /// Checks the View menu: [`Code::NotChoice`] at each word that is none of the choices (`list`, `density`, `size`, `columns`).
    pub fn parse(input: &LayoutInput) -> Result<Self> {
        let mut checks = Checks::new();
        let list = checks.take("list", ListName::parse(&input.list));
        let density = checks.take("density", Density::parse(&input.density));
        let size = PageSize::CHOICES.into_iter().find(|size| size.to_string() == input.size).ok_or(Code::NotChoice);
        let size = checks.take("size", size);
        let known = list.map(ListName::columns).unwrap_or_default();
        if list.is_some() && input.columns.iter().any(|column| !known.contains(&column.as_str())) {
            checks.fail("columns", Code::NotChoice);
        }
        let shown = |column: &str| input.columns.iter().any(|other| other == column);
        let hidden = known.iter().filter(|column| !shown(column)).map(|column| (*column).to_owned()).collect();
        checks.finish(|| Some(Self { list: list?, density: density?, layout: ListLayout { hidden, size } }))
    }

    /// The layout with this choice; the other lists stay as they are.
    pub fn apply(self, mut layout: Layout) -> Layout {
        layout.density = self.density;
        *layout.list_mut(self.list) = self.layout;
        layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(list: &str, columns: &[&str]) -> LayoutInput {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        LayoutInput { list: list.into(), columns, density: "compact".into(), size: "50".into() }
    }

    #[test]
    fn what_is_not_ticked_is_hidden_and_other_lists_stay() {
        let before = Choice::parse(&input("groups", &["id"])).unwrap().apply(Layout::default());
        let layout = Choice::parse(&input("accounts", &["type", "created"])).unwrap().apply(before.clone());
        assert_eq!(layout.accounts, ListLayout { hidden: vec!["nickname".into(), "photo".into()], size: Some(50) });
        assert_eq!((layout.groups, layout.density), (before.groups, Density::Compact));
    }

    #[test]
    fn titles_and_unknown_columns_cannot_be_named() {
        for (list, column) in [("groups", "name"), ("accounts", "username"), ("members", "x"), ("audit", "action")] {
            assert_eq!(Choice::parse(&input(list, &[column])), Err(crate::Error::field("columns", Code::NotChoice)), "{list}");
        }
        let wrong = LayoutInput { size: "1000".into(), density: "x".into(), ..input("nope", &[]) };
        let Err(crate::Error::Invalid(fields)) = Choice::parse(&wrong) else { panic!("accepted") };
        assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["list", "density", "size"]);
    }
}
