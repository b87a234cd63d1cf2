//! The answers to forms that were posted without JavaScript, between the post and the page that shows them. They are stored in
//! the session; those with a secret only in memory, so that the database never has it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::{
    flash::Flash,
    functions::{
        credential::{CreateCredential, RotateCredential},
        operator::{AddOperator, ResetOperatorPassword},
        preference::{SetListLayout, SetShortcuts},
        session::{HideNotice, SetPreferences, SetUp, SignIn, SignOut},
        view::{DeleteView, SaveView},
    },
};
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};
use tower_sessions::{Session, session::Error};

/// Session keys. The forms before sign-in have their own, so that they neither show nor replace the answer to a form whose session
/// had ended: that one waits for the page after the sign-in.
const ANY_PAGE: &str = "flash";
const SIGN_IN: &str = "flash-sign-in";
const SET_UP: &str = "flash-set-up";

/// How long an answer with a secret waits for its page.
const HELD_FOR: Duration = Duration::from_secs(10 * 60);

/// What the session holds.
#[derive(Serialize, Deserialize)]
enum StoredFlash {
    Here(Flash),
    /// The key in [`Flashes::held`].
    Held(String),
}

#[derive(Debug, Default)]
pub struct Flashes {
    held: Mutex<HashMap<String, (Instant, Flash)>>,
}

impl Flashes {
    /// Keeps an answer for the next page.
    pub async fn keep(&self, session: &Session, flash: Flash) -> Result<(), Error> {
        let key = key_of_form(&flash.action);
        if flash.result.is_ok() && tells_nothing(&flash.action) {
            // What an attempt before has left is done with.
            if key != ANY_PAGE && session.get_value(key).await?.is_some() {
                session.remove_value(key).await?;
            }
            return Ok(());
        }
        let kept = if flash.result.is_ok() && is_secret(&flash.action) { self.hold(flash) } else { StoredFlash::Here(flash) };
        session.insert(key, kept).await
    }

    /// Takes the answer that this page shows out of the session.
    pub async fn take(&self, session: &Session, page: &str, signed_in: bool) -> Result<Option<Flash>, Error> {
        let key = key_of_page(page);
        if session.id().is_none() || session.get_value(key).await?.is_none() {
            return Ok(None);
        }
        let kept = session.remove::<StoredFlash>(key).await;
        if !signed_in && is_done(session).await? {
            // Nothing else is in it: neither row nor cookie needs to stay.
            session.flush().await?;
        }
        Ok(match kept? {
            Some(StoredFlash::Here(flash)) => Some(flash),
            Some(StoredFlash::Held(key)) => self.fresh().remove(&key).map(|(_, flash)| flash),
            None => None,
        })
    }

    /// Removes answers whose page was never loaded. Called from the hourly clean-up.
    pub fn clean(&self) {
        drop(self.fresh());
    }

    fn hold(&self, flash: Flash) -> StoredFlash {
        let key = format!("{:032x}", rand::random::<u128>());
        self.fresh().insert(key.clone(), (Instant::now(), flash));
        StoredFlash::Held(key)
    }

    /// The held answers without those that are too old.
    fn fresh(&self) -> MutexGuard<'_, HashMap<String, (Instant, Flash)>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, (since, _)| since.elapsed() < HELD_FOR);
        held
    }
}

/// Whether a visitor's session holds no other answer.
async fn is_done(session: &Session) -> Result<bool, Error> {
    for key in [ANY_PAGE, SIGN_IN, SET_UP] {
        if session.get_value(key).await?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn key_of_form(action: &str) -> &'static str {
    match action {
        SignIn::PATH => SIGN_IN,
        SetUp::PATH => SET_UP,
        _ => ANY_PAGE,
    }
}

fn key_of_page(path: &str) -> &'static str {
    match path.trim_end_matches('/') {
        "/sign-in" => SIGN_IN,
        "/setup" => SET_UP,
        _ => ANY_PAGE,
    }
}

/// Success of these shows by itself.
fn tells_nothing(action: &str) -> bool {
    let plain = [SignIn::PATH, SetUp::PATH, SignOut::PATH, SetPreferences::PATH, HideNotice::PATH];
    let list_tools = [SetListLayout::PATH, SetShortcuts::PATH, SaveView::PATH, DeleteView::PATH];
    plain.contains(&action) || list_tools.contains(&action)
}

/// Success of these answers a set-up link, or the secret of an API credential.
fn is_secret(action: &str) -> bool {
    [AddOperator::PATH, ResetOperatorPassword::PATH, CreateCredential::PATH, RotateCredential::PATH].contains(&action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn held_answers_are_given_once() {
        let flashes = Flashes::default();
        let flash = Flash { action: AddOperator::PATH.into(), result: Ok("token".into()), fields: vec![], complete: true };
        let StoredFlash::Held(key) = flashes.hold(flash.clone()) else { panic!("not held") };
        assert_eq!(flashes.fresh().remove(&key).map(|(_, flash)| flash), Some(flash));
        assert!(flashes.fresh().is_empty());
    }

    #[test]
    fn forms_before_sign_in_answer_on_their_own_pages() {
        assert_eq!(key_of_form(SignIn::PATH), key_of_page("/sign-in/"));
        assert_eq!(key_of_form(SetUp::PATH), key_of_page("/setup"));
        assert_eq!(key_of_form(AddOperator::PATH), key_of_page("/operators"));
        assert_ne!(key_of_form(SetPreferences::PATH), key_of_page("/sign-in"));
    }
}
