//! English: sessions and passwords of operators.

use crate::shape::sessions::SessionWords;

pub(super) const WORDS: SessionWords = SessionWords {
    my_account: "My account",
    change_password: "Change password",
    current_password: "Current password",
    change_password_help: "Your other sessions end.",
    my_sessions: "My sessions",
    end_other_sessions: "End other sessions",
    end_session: "End session",
    this_session: "This session",
    browser: "Browser",
    signed_in_at: "Signed in",
    last_seen: "Last seen",
    sessions: "Sessions",
    no_sessions: "No sessions: this operator is signed in nowhere.",
    end_all_sessions: "End all sessions",
    all_ended: |n, number| match n {
        0 => "There was no session to end.".to_owned(),
        1 => "1 session ended.".to_owned(),
        _ => format!("{number} sessions ended."),
    },
    session_ended: "Session ended.",
    stop_jobs: "Also stop my running jobs",
};
