//! Simplified Chinese: names of what events say was changed, where they stand nowhere else.

use crate::shape::event_fields::EventFieldWords;

pub(super) const WORDS: EventFieldWords = EventFieldWords {
    column: "对象",
    reason: "原因",
    written_at: "记录时间",
    number: "序号",
    length: "长度",
    ended_tokens: "失效的 token 数",
    activated: "已启用",
    name: "名称",
    kind: "类型",
    grant: "授权方式",
    left_out: "此前未记录的次数",
    since: "起始时间",
    usernames: "前几个用户",
    cause: "起因",
};
