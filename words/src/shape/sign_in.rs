//! Signing in, and setting up an operator.

pub struct SignInWords {
    pub title: &'static str,
    pub name: &'static str,
    pub password: &'static str,
    pub not_set_up: &'static str,
    pub set_up: &'static str,
    pub set_up_first: &'static str,
    pub set_up_operator: fn(String) -> String,
    pub set_up_button: &'static str,
    pub new_password: &'static str,
    pub repeat_password: &'static str,
    pub password_help: fn(u64) -> String,
    pub came_back: &'static str,
}
