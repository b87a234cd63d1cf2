//! The few things that only a browser can do. On the server each is a no-op, so that components stay free of `cfg`.

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod real;

#[cfg(not(feature = "hydrate"))]
pub use absent::*;
#[cfg(feature = "hydrate")]
pub use real::*;

/// A key that was pressed.
pub struct Key {
    /// As the browser names it.
    pub word: String,
    /// With Ctrl or ⌘.
    pub modified: bool,
    /// In a field for text or a choice.
    pub typing: bool,
    /// A dialog is open over the page.
    pub dialog: bool,
}
