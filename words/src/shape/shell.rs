//! The frame around every page: navigation, theme, and what stands there when there is no page.

pub struct ShellWords {
    pub skip_to_content: &'static str,
    pub menu: &'static str,
    pub navigation: &'static str,
    pub breadcrumb: &'static str,
    pub language: &'static str,
    pub theme: &'static str,
    pub theme_auto: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub all_apps: &'static str,
    pub switch_app: fn(String) -> String,
    pub signed_in_as: fn(String) -> String,
    pub sign_out: &'static str,
    /// Other machines reach the server without TLS.
    pub plain_http: &'static str,
    pub hide: &'static str,
    pub owners_only: &'static str,
    pub viewer_only_reads: &'static str,
    pub not_found: &'static str,
    pub not_found_help: &'static str,
    pub back_to_start: &'static str,
    pub back_to_list: &'static str,
    pub back_to_apps: &'static str,
    pub loading: &'static str,
    pub try_again: &'static str,
}
