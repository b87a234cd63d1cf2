//! Messages to groups.

pub struct MessageWords {
    pub latest_messages: &'static str,
    pub messages_counted: fn(u64, String) -> String,
    pub no_messages: &'static str,
    pub pages: &'static str,
    pub message_content: &'static str,
    pub send_to: fn(u64, String) -> String,
}
