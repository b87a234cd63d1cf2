//! The sources of a password: `ROSTER_PASSWORD`, a question on the terminal, or the first line of standard input. Never an argument,
//! which every user of the machine could read.

use std::io::{IsTerminal, stdin};

use super::Failure;

pub fn ask(name: &str) -> Result<String, Failure> {
    if let Some(password) = std::env::var("ROSTER_PASSWORD").ok().filter(|password| !password.is_empty()) {
        return Ok(password);
    }
    let unreadable = |error: std::io::Error| Failure::Failed(format!("the password could not be read: {error}"));
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).map_err(unreadable)?;
        return match line.trim_end_matches(['\r', '\n']) {
            "" => Err(Failure::Usage("no password: give it on standard input or in ROSTER_PASSWORD.".to_owned())),
            password => Ok(password.to_owned()),
        };
    }
    let password = rpassword::prompt_password(format!("Password for {name}: ")).map_err(unreadable)?;
    let again = rpassword::prompt_password("Once more: ").map_err(unreadable)?;
    if password == again {
        Ok(password)
    } else {
        Err(Failure::Usage("the two passwords differ. Nothing was changed.".to_owned()))
    }
}
