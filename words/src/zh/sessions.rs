//! Simplified Chinese: sessions and passwords of operators.

use crate::shape::sessions::SessionWords;

pub(super) const WORDS: SessionWords = SessionWords {
    my_account: "我的帐号",
    change_password: "更改密码",
    current_password: "当前密码",
    change_password_help: "您的其他会话将结束。",
    my_sessions: "我的会话",
    end_other_sessions: "结束其他会话",
    end_session: "结束会话",
    this_session: "当前会话",
    browser: "浏览器",
    signed_in_at: "登录时间",
    last_seen: "最后活动",
    sessions: "会话",
    no_sessions: "没有会话：此操作员未在任何地方登录。",
    end_all_sessions: "结束所有会话",
    all_ended: |n, number| match n {
        0 => "没有可结束的会话。".to_owned(),
        _ => format!("已结束 {number} 个会话。"),
    },
    session_ended: "会话已结束。",
    stop_jobs: "同时停止我正在运行的任务",
};
