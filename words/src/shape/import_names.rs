//! What files that are imported call columns and choices besides the titles of exports and the words of the wire.

use domain::import::ImportList;

/// A choice: its word on the wire, and its common names.
pub type Choice = (&'static str, &'static [&'static str]);

pub struct ImportNames {
    /// The key of a column, and its further names, which the documents and back ends of other systems use.
    pub columns: &'static [(ImportList, &'static str, &'static [&'static str])],
    /// The key of a column, and its choices in the order of a form. The console's own words are among them; a test of `choices`
    /// checks that.
    pub choices: &'static [(ImportList, &'static str, &'static [Choice])],
}
