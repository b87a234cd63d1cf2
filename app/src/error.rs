//! What a server function answers when it refuses: codes only. The pages turn them into sentences in the reader's language.

use domain::error::StorageFault;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use words::{Strings, error_sentence};

use crate::wire::TextJson;

/// The error of every server function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AppError {
    #[error(transparent)]
    Domain(#[from] domain::Error),
    /// The arguments were not those of the function.
    #[error("bad request")]
    BadRequest,
    /// The server did not answer, or not in our format.
    #[error("transport")]
    Transport,
}

impl AppError {
    /// The HTTP status of the error.
    pub fn status(&self) -> u16 {
        use domain::Error as E;
        match self {
            Self::Domain(E::Invalid(_)) => 422,
            Self::Domain(E::NotFound(_)) => 404,
            Self::Domain(E::Unauthenticated | E::SignInRefused) => 401,
            Self::Domain(E::Forbidden) => 403,
            Self::Domain(E::Throttled { .. }) => 429,
            Self::Domain(E::Conflict(_) | E::Refused(_)) => 409,
            Self::Domain(E::Busy | E::Storage(StorageFault::ReadOnly)) => 503,
            Self::Domain(E::Storage(StorageFault::Full)) => 507,
            Self::Domain(E::Internal(_)) | Self::Transport => 500,
            Self::BadRequest => 400,
        }
    }

    /// What is wrong with the request as a whole.
    pub fn sentence(&self, t: &Strings) -> String {
        match self {
            Self::Domain(error) => error_sentence(t, error),
            Self::BadRequest => t.errors.bad_request.to_owned(),
            Self::Transport => t.errors.transport.to_owned(),
        }
    }

    /// What is wrong with one field, if anything is.
    pub fn field(&self, name: &str) -> Option<&domain::Code> {
        match self {
            Self::Domain(domain::Error::Invalid(errors)) => errors.iter().find(|e| e.field == name).map(|e| &e.code),
            _ => None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = TextJson;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::BadRequest
            }
            other => {
                leptos::logging::error!("server function: {other}");
                Self::Transport
            }
        }
    }
}
