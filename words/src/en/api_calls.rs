//! English: calls of the REST API, ready to copy.

use crate::shape::api_calls::ApiCallWords;

pub(super) const WORDS: ApiCallWords = ApiCallWords {
    title: "Call it",
    lead: "Calls of the REST API for this app, ready for the shell.",
    reference: "All calls",
    placeholders: "Replace what stands in CAPITALS.",
    first_credential: "Create a credential first",
    call_token: "Get a token",
    call_keep: "Keep it for the calls below",
    call_groups: "List groups",
    call_create: "Create a group",
    call_add: "Add members",
    call_send: "Send a message to a group",
    show_call: "API call for this list",
    this_list: "This list",
    without_filter: "The API lists everything: search, filters and order of this page have no place in the call.",
    from_first_page: "The call returns this list from its first page.",
    how_to_token: "How to get a token",
};
