//! What follows from an action for what a process remembers of people and files.

use super::Action;

impl Action {
    /// Whether sessions of the console may have ended with it.
    pub fn ends_sessions(self) -> bool {
        matches!(self, Self::SignOut | Self::SessionEnd | Self::OperatorDisable | Self::OperatorReset | Self::OperatorPassword)
    }

    /// Whether tokens of the REST APIs may have ended with it, or mean something else now.
    pub fn ends_tokens(self) -> bool {
        matches!(
            self,
            Self::ApplicationEdit
                | Self::CredentialEdit
                | Self::CredentialRotate
                | Self::CredentialRevoke
                | Self::AccountDelete
                | Self::AccountPassword
                | Self::AccountActivate
                | Self::AccountDeactivate
        )
    }

    /// Whether shared files may have lost their last row with it.
    pub fn frees_files(self) -> bool {
        matches!(self, Self::GroupDelete | Self::FileDelete)
    }
}
