//! English: buttons and short words that many pages share.

use crate::shape::common::CommonWords;

pub(super) const WORDS: CommonWords = CommonWords {
    close: "Close",
    dismiss: "Dismiss message",
    copied: "Copied",
    cancel: "Cancel",
    ok: "OK",
    confirm: "Confirm",
    save: "Save",
    apply: "Apply",
    clear: "Clear",
    required: "required",
    none: "None",
    never: "Never",
    operation: "Operation",
    edit: "Edit",
    delete: "Delete",
    download: "Download",
    view_details: "View Details",
    created: "Created",
    of_bytes: |n, max| format!("{n} / {max} bytes"),
    of_chars: |n, max| format!("{n} / {max} characters"),
    copy_of: |text| format!("Copy {text}"),
    action_of: |action, name| format!("{action}: {name}"),
    yes: "Yes",
    no: "No",
};
