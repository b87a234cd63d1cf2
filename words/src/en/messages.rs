//! English: messages to groups.

use crate::shape::messages::MessageWords;

pub(super) const WORDS: MessageWords = MessageWords {
    latest_messages: "Latest messages",
    messages_counted: |n, number| format!("{number} {}", if n == 1 { "message" } else { "messages" }),
    no_messages: "No messages yet.",
    pages: "Pages of messages",
    message_content: "Message content",
    send_to: |n, number| format!("To {number} {}:", if n == 1 { "group" } else { "groups" }),
};
