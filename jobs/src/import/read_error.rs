//! Why a file could not be read: because of its content, or because of the disk.

use std::io;

use domain::upload::FileProblem;

/// Why reading ended early.
#[derive(Debug)]
pub(super) enum ReadError {
    /// The content of the file is wrong.
    Problem(FileProblem),
    /// The disk cannot be read or written.
    Fault(io::Error),
}

impl From<FileProblem> for ReadError {
    fn from(problem: FileProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        problem_in(&error).map_or(Self::Fault(error), Self::Problem)
    }
}

/// The problem of the file that one of this crate's readers has hidden in an I/O error.
pub(super) fn problem_in(error: &io::Error) -> Option<FileProblem> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Hidden>()).map(|Hidden(problem)| problem.clone())
}

/// Carries a problem of the file through a library that only knows I/O errors.
#[derive(Debug, thiserror::Error)]
#[error("{0:?}")]
struct Hidden(FileProblem);

pub(super) fn hidden(problem: FileProblem) -> io::Error {
    io::Error::other(Hidden(problem))
}
