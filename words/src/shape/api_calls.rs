//! Calls of the REST API, ready to copy.

pub struct ApiCallWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub reference: &'static str,
    pub placeholders: &'static str,
    pub first_credential: &'static str,
    pub call_token: &'static str,
    pub call_keep: &'static str,
    pub call_groups: &'static str,
    pub call_create: &'static str,
    pub call_add: &'static str,
    pub call_send: &'static str,
    pub show_call: &'static str,
    pub this_list: &'static str,
    pub without_filter: &'static str,
    pub from_first_page: &'static str,
    pub how_to_token: &'static str,
}
