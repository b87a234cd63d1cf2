//! Imports: accounts, groups and memberships from a file. An upload is streamed to the disk (`upload.rs`), read once into plain
//! rows (`read/`), checked row by row by the rules of the forms (`domain::import::check`) and compared with the stored data
//! (`store::import::plan`): that is the preview (`preview.rs`). After the confirmation a job does the same again and writes, a
//! chunk at a time (`job.rs`, `store::import::write`).

pub(crate) mod job;
mod preview;
mod read;
mod read_error;
mod refused;
mod rows;
mod sheet;
mod upload;

pub use self::{
    refused::{MadeFile, refused, template},
    upload::Upload,
};
