//! Signing in, sessions and passwords; the older words of it are in `strings.rs`.

pub struct SignInWords {
    pub hidden_character: &'static str,
    pub mixed_scripts: &'static str,
    /// In the row of an operator, and over the dialog that it opens.
    pub sessions: &'static str,
    pub no_sessions: &'static str,
    pub end_all_sessions: &'static str,
    /// After that, by the number that ended.
    pub all_ended: fn(u64, String) -> String,
    pub session_ended: &'static str,
    pub stop_jobs: &'static str,
    pub account_passwords: &'static str,
    pub account_passwords_help: &'static str,
    pub password_min_chars: &'static str,
    pub passwords_saved: &'static str,
    /// The field of an event that says why.
    pub cause: &'static str,
    /// The page's line for who only reads.
    pub audit_lead_of_app: &'static str,
}

pub const EN: SignInWords = SignInWords {
    hidden_character: "Characters that do not show, such as zero-width spaces, are not allowed here.",
    mixed_scripts: "A word must not mix Latin, Cyrillic and Greek letters: they look alike.",
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
    account_passwords: "Passwords of accounts",
    account_passwords_help: "For passwords that back ends set through the REST API from now on, 1 to 64. Those that are set already stay good.",
    password_min_chars: "Fewest characters",
    passwords_saved: "Settings saved.",
    cause: "Cause",
    audit_lead_of_app: "Every change in this app, newest first. Entries cannot be edited or deleted.",
};

pub const ZH: SignInWords = SignInWords {
    hidden_character: "此处不允许使用不可见字符，例如零宽空格。",
    mixed_scripts: "同一个词不能混用拉丁、西里尔和希腊字母，因为它们看起来相似。",
    sessions: "会话",
    no_sessions: "没有会话：此操作员未在任何地方登录。",
    end_all_sessions: "结束所有会话",
    all_ended: |n, number| match n {
        0 => "没有可结束的会话。".to_owned(),
        _ => format!("已结束 {number} 个会话。"),
    },
    session_ended: "会话已结束。",
    stop_jobs: "同时停止我正在运行的任务",
    account_passwords: "帐号密码",
    account_passwords_help: "适用于此后通过 REST API 设置的密码，1 到 64。已设置的密码仍然有效。",
    password_min_chars: "最少字符数",
    passwords_saved: "设置已保存。",
    cause: "起因",
    audit_lead_of_app: "此应用的所有更改，最新在前。条目不能编辑或删除。",
};

pub const KO: SignInWords = SignInWords {
    hidden_character: "너비가 없는 공백처럼 보이지 않는 문자는 여기에 쓸 수 없습니다.",
    mixed_scripts: "한 단어에 라틴·키릴·그리스 문자를 섞어 쓸 수 없습니다. 서로 비슷해 보이기 때문입니다.",
    sessions: "세션",
    no_sessions: "세션이 없습니다. 이 운영자는 어디에도 로그인되어 있지 않습니다.",
    end_all_sessions: "모든 세션 종료",
    all_ended: |n, number| match n {
        0 => "종료할 세션이 없었습니다.".to_owned(),
        _ => format!("세션 {number}개를 종료했습니다."),
    },
    session_ended: "세션을 종료했습니다.",
    stop_jobs: "실행 중인 내 작업도 중지",
    account_passwords: "계정 비밀번호",
    account_passwords_help: "이제부터 REST API로 설정하는 비밀번호에 적용됩니다. 1~64. 이미 설정된 비밀번호는 그대로 쓸 수 있습니다.",
    password_min_chars: "최소 글자 수",
    passwords_saved: "설정을 저장했습니다.",
    cause: "원인",
    audit_lead_of_app: "이 앱의 모든 변경을 최신순으로 보여 줍니다. 항목은 편집하거나 삭제할 수 없습니다.",
};
