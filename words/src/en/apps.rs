//! English: the list of apps.

use crate::shape::apps::AppWords;

pub(super) const WORDS: AppWords = AppWords {
    title: "Apps",
    lead: "Choose an app to manage its groups and accounts.",
    create_app: "Create app",
    no_apps: "No apps yet.",
    no_apps_help: "An app holds accounts, groups and messages. Create the first one.",
    display_name: "Display name",
    app_key_help: "1 to 64 letters, digits, hyphens or underscores.",
    app_key_unique: "1 to 64 letters, digits, hyphens or underscores. Together with org_name it must be unique; neither can be changed later.",
    accounts: "Accounts",
    groups: "Groups",
};
