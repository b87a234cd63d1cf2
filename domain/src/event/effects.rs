//! What follows from an action for what a process remembers of people and files.

use super::Action;

/// What may have ended with an action.
#[derive(Default)]
struct Effects {
    sessions: bool,
    tokens: bool,
    files: bool,
    apps: bool,
}

impl Action {
    /// Whether sessions of the console may have ended with it.
    pub fn ends_sessions(self) -> bool {
        self.effects().sessions
    }

    /// Whether tokens of the REST APIs may have ended with it, or mean something else now.
    pub fn ends_tokens(self) -> bool {
        self.effects().tokens
    }

    /// Whether shared files may have lost their last row with it.
    pub fn frees_files(self) -> bool {
        self.effects().files
    }

    /// Whether an app was made or got another name with it.
    pub fn changes_apps(self) -> bool {
        self.effects().apps
    }

    /// Names every action, so that a new one does not count as harmless unasked: a session that ended would go on.
    fn effects(self) -> Effects {
        use Action as A;
        match self {
            A::SignOut | A::SessionEnd | A::OperatorDisable | A::OperatorReset | A::OperatorPassword => {
                Effects { sessions: true, ..Effects::default() }
            }
            A::ApplicationEdit => Effects { tokens: true, apps: true, ..Effects::default() },
            A::ApplicationCreate | A::ApplicationGenerate => Effects { apps: true, ..Effects::default() },
            A::CredentialEdit
            | A::CredentialRotate
            | A::CredentialRevoke
            | A::AccountDelete
            | A::AccountPassword
            | A::AccountActivate
            | A::AccountDeactivate => Effects { tokens: true, ..Effects::default() },
            A::GroupDelete | A::FileDelete => Effects { files: true, ..Effects::default() },
            A::SignIn
            | A::OperatorAdd
            | A::OperatorSetUp
            | A::OperatorRole
            | A::OperatorEnable
            | A::GroupCreate
            | A::GroupEdit
            | A::GroupTransfer
            | A::GroupAnnounce
            | A::GroupMuteAll
            | A::MemberAdd
            | A::MemberEdit
            | A::MemberDelete
            | A::MemberRole
            | A::MemberMute
            | A::MemberUnmute
            | A::MemberBlock
            | A::MemberUnblock
            | A::MemberAllow
            | A::MemberDisallow
            | A::FileUpload
            | A::MessageSend
            | A::AccountCreate
            | A::AccountEdit
            | A::CredentialCreate
            | A::AccountExport
            | A::GroupExport
            | A::MemberExport
            | A::MessageExport
            | A::EventExport
            | A::EventArchive
            | A::EventArchiveDelete
            | A::EventRetention
            | A::JobStart
            | A::JobCancel
            | A::TokenIssue
            | A::TokenRefuse
            | A::AccessRefuse => Effects::default(),
        }
    }
}
