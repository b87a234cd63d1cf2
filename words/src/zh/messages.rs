//! Simplified Chinese: messages to groups.

use crate::shape::messages::MessageWords;

pub(super) const WORDS: MessageWords = MessageWords {
    latest_messages: "最新消息",
    messages_counted: |n, number| {
        let _ = n;
        format!("共 {number} 条消息")
    },
    no_messages: "还没有消息。",
    pages: "消息分页",
    message_content: "消息内容",
    send_to: |n, number| {
        let _ = n;
        format!("发送到 {number} 个群组：")
    },
};
