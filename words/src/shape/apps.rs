//! The list of apps.

pub struct AppWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub create_app: &'static str,
    pub no_apps: &'static str,
    pub no_apps_help: &'static str,
    pub display_name: &'static str,
    pub app_key_help: &'static str,
    pub app_key_unique: &'static str,
    pub accounts: &'static str,
    pub groups: &'static str,
}
