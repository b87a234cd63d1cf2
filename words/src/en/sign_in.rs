//! English: signing in, and setting up an operator.

use crate::shape::sign_in::SignInWords;

pub(super) const WORDS: SignInWords = SignInWords {
    title: "Sign in",
    name: "Name",
    password: "Password",
    not_set_up: "Nobody can sign in as an owner yet. Open the set-up link that the server printed in its terminal.",
    set_up: "Set up",
    set_up_first: "Choose the name and password of the first operator, who owns this server.",
    set_up_operator: |name| format!("Choose a password for {name}."),
    set_up_button: "Set up and sign in",
    new_password: "New password",
    repeat_password: "Repeat the password",
    password_help: |n| format!("At least {n} characters. A few words in a row are better than signs."),
    came_back: "You are signed in again, and what you typed is back. Check it and send it.",
};
