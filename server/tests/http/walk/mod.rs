//! A walk over every page and every server function: none lets a stranger in, none lets a viewer change anything, none reaches into
//! another app. Whoever adds a function has to say in [`functions::FUNCTIONS`] what it does; until then these tests fail.

mod calls;
mod functions;
mod pages;
