//! What each language calls a thing. A text that speaks of one uses its term; the forms that grammar asks for are free.

/// A field for each thing, and the list of them all.
macro_rules! glossary {
    ($($(#[$about:meta])+ $thing:ident,)+) => {
        /// The terms of one language.
        pub struct Glossary {
            $($(#[$about])+ pub $thing: &'static str,)+
        }

        impl Glossary {
            /// The things in the order above, each with its term.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($thing), self.$thing)),+]
            }
        }
    };
}

glossary! {
    /// `domain::application`: what has its own accounts and groups.
    app,
    /// `domain::account`: somebody who can be in groups and send messages.
    account,
    /// `AccountType::Admin`.
    admin_account,
    /// `domain::group`.
    group,
    /// `domain::member`: an account in a group.
    member,
    /// `MemberRole::Owner`.
    group_owner,
    /// `MemberRole::Admin`.
    group_admin,
    /// `MemberList::Block`: who cannot be added to a group.
    block_list,
    /// `MemberList::Mute`: who may not speak in a group.
    mute_list,
    /// `MemberList::Allow`: who may speak while everybody is muted.
    allow_list,
    /// The text that a group shows its members; `Action::GroupAnnounce`.
    announcement,
    /// `domain::message`.
    message,
    /// `domain::file`: a file that members of a group can fetch.
    shared_file,
    /// `domain::file::rules::quota`.
    quota,
    /// `domain::operator`: somebody who signs in to the console.
    operator,
    /// `domain::operator::Role::Owner`.
    owner,
    /// `domain::operator::Role::Admin`.
    admin,
    /// `domain::operator::Role::Viewer`.
    viewer,
    /// A browser in which an operator is signed in.
    session,
    /// `domain::credential`: with it a back end gets tokens.
    credential,
    /// What a credential proves itself with.
    secret,
    /// What a REST call is let in with.
    token,
    /// `domain::job`: long work.
    job,
    /// `domain::import`.
    import,
    /// `domain::export`.
    export,
    /// `domain::event`: the list of all that was changed.
    audit_log,
    /// One entry of it.
    event,
    /// A file that old events were moved into.
    archive,
    /// `domain::backup`.
    backup,
    /// `domain::view`: a name for a list's filters and order.
    saved_view,
}
