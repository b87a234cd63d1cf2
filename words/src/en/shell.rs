//! English: the frame around every page: navigation, theme, and what stands there when there is no page.

use crate::shape::shell::ShellWords;

pub(super) const WORDS: ShellWords = ShellWords {
    skip_to_content: "Skip to content",
    menu: "Menu",
    navigation: "Main navigation",
    breadcrumb: "Breadcrumb",
    language: "Language",
    theme: "Theme",
    theme_auto: "Same as system",
    theme_light: "Light",
    theme_dark: "Dark",
    all_apps: "All apps",
    switch_app: |app| format!("App {app}: switch"),
    signed_in_as: |name| format!("Signed in as {name}"),
    sign_out: "Sign out",
    plain_http: "Passwords can be read on their way here: other machines reach this server over plain HTTP. Put a reverse proxy with TLS before it and set ROSTER_PUBLIC_URL; the README shows how.",
    hide: "Hide",
    owners_only: "Only owners manage operators.",
    viewer_only_reads: "Your role, viewer, can only read.",
    not_found: "Page not found",
    not_found_help: "There is nothing at this address. It may have been deleted, or the link may be incomplete.",
    back_to_start: "Back to the start of the list",
    back_to_list: "Back to the list",
    back_to_apps: "Back to the apps",
    loading: "Loading…",
    try_again: "Try again",
};
