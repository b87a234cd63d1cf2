//! A walk over every page and every server function: none is open to a stranger, none lets a viewer change anything, none reaches
//! into another app. A new function needs a line in [`functions::FUNCTIONS`] that says what it does; until then these tests fail.

mod calls;
mod functions;
mod pages;
