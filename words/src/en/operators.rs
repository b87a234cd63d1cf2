//! English: the page of operators.

use crate::shape::operators::OperatorWords;

pub(super) const WORDS: OperatorWords = OperatorWords {
    title: "Operators",
    lead: "The people who sign in to this console, and what they may do.",
    add_operator: "Add operator",
    add_operator_help: "You get a link with which the new operator chooses a password.",
    operator_role: "Role",
    role_owner: "Owner",
    role_admin: "Admin",
    role_viewer: "Viewer",
    role_owner_help: "Owner: everything, operators included",
    role_admin_help: "Admin: all app data",
    role_viewer_help: "Viewer: reads only",
    state: "State",
    state_active: "Active",
    state_pending: "Awaiting set-up",
    state_disabled: "Disabled",
    last_sign_in: "Last sign-in",
    change_role: "Change role",
    reset_password: "Reset password",
    disable: "Disable",
    enable: "Enable",
    disable_question: |name| {
        format!("{name} can no longer sign in, and their sessions end at once. Their jobs that are not over are cancelled.")
    },
    reset_question: |name| {
        format!(
            "The password of {name} is void at once, their sessions end, and their jobs that are not over are cancelled. You get a link with which they choose a new one."
        )
    },
    setup_link: "Set-up link",
    setup_link_for: |name| format!("Send this link to {name}:"),
    setup_link_once: "It is shown only now and works once, within 24 hours.",
    setup_link_gone: "The link was shown once. To get another, reset the password.",
    copy_link: "Copy link",
    made_credentials: |n, number| match n {
        1 => "An API credential that this operator created keeps working:".to_owned(),
        _ => format!("{number} API credentials that this operator created keep working:"),
    },
};
