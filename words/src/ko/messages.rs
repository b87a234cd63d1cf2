//! Korean: messages to groups.

use crate::shape::messages::MessageWords;

pub(super) const WORDS: MessageWords = MessageWords {
    latest_messages: "최근 메시지",
    messages_counted: |n, number| {
        let _ = n;
        format!("메시지 {number}개")
    },
    no_messages: "아직 메시지가 없습니다.",
    pages: "메시지 페이지",
    message_content: "메시지 내용",
    send_to: |n, number| {
        let _ = n;
        format!("그룹 {number}개에 발송:")
    },
};
