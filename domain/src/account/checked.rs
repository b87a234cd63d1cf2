//! Checked input for creating accounts and changing profiles. Other crates can build these types only by having them checked;
//! within this one `of_parts` takes parts that were checked already. Pure.

use std::ops::Deref;

use super::{
    AccountType, AdminForbidType, AllowType, Gender, MSG_SETTINGS_DO_NOT_RECEIVE, NewAccountInput, NewUserInput, Profile,
    ProfileInput,
    rules::{
        ApiUsername, Username, birthday, birthday_text, image, location, nickname, self_signature, user_nickname, user_password,
    },
};
use crate::{Code, Result, error::Checks, text};

/// A new account that keeps every rule which can be checked without the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    account_type: AccountType,
    username: Username,
    nickname: String,
    image: String,
}

impl NewAccount {
    /// Checks the create dialog; the error names every broken field.
    pub fn parse(input: &NewAccountInput) -> Result<Self> {
        let mut checks = Checks::new();
        let account_type = checks.take("type", AccountType::parse(&input.account_type));
        let username = checks.take("username", Username::parse(input.username.trim()));
        let nickname = checks.take("nickname", nickname(&input.nickname));
        let image = checks.take("image", image(&input.image));
        checks.finish(|| Some(Self { account_type: account_type?, username: username?, nickname: nickname?, image: image? }))
    }

    /// General or Admin; the store checks the number of Admins.
    pub fn account_type(&self) -> AccountType {
        self.account_type
    }

    /// The username, trimmed.
    pub fn username(&self) -> &Username {
        &self.username
    }

    /// The nickname; may be empty.
    pub fn nickname(&self) -> &str {
        &self.nickname
    }

    /// The profile photo's URL; may be empty.
    pub fn image(&self) -> &str {
        &self.image
    }
}

/// A user to register who keeps every rule that can be checked without the database.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    username: ApiUsername,
    given: String,
    password: String,
    nickname: String,
}

impl NewUser {
    /// Checks a user; the error names every broken field.
    pub fn parse(input: &NewUserInput) -> Result<Self> {
        let mut checks = Checks::new();
        let username = checks.take("username", ApiUsername::parse(&input.username));
        let password = checks.take("password", user_password(&input.password));
        let nickname = checks.take("nickname", user_nickname(&input.nickname));
        let given = input.username.trim().to_owned();
        checks.finish(|| Some(Self { username: username?, given, password: password?, nickname: nickname? }))
    }

    /// A user without a password and a nickname, whom a back end registers by asking for the user's token.
    pub fn named(username: &str) -> Result<Self> {
        let mut checks = Checks::new();
        let name = checks.take("username", ApiUsername::parse(username));
        let given = username.trim().to_owned();
        checks.finish(|| Some(Self { username: name?, given, password: String::new(), nickname: String::new() }))
    }

    /// The username in lower case, which the account gets.
    pub fn username(&self) -> &ApiUsername {
        &self.username
    }

    /// The username as the client wrote it, to find an account of the console with capitals.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The password in clear; empty for a user without one, see [`Self::named`].
    pub fn password(&self) -> &str {
        &self.password
    }

    /// The nickname; may be empty.
    pub fn nickname(&self) -> &str {
        &self.nickname
    }
}

/// A profile whose values keep their rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedProfile(Profile);

impl Deref for CheckedProfile {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        &self.0
    }
}

impl CheckedProfile {
    /// Checks a profile that comes from no form, such as one of the sample; the error names every broken field.
    pub fn new(profile: Profile) -> Result<Self> {
        let mut checks = Checks::new();
        let day = |number| birthday_text(number).map(drop).ok_or(Code::NotDate);
        checks.take("birthday", profile.birthday.map_or(Ok(()), day));
        let nickname = checks.take("nickname", nickname(&profile.nickname));
        let location = checks.take("location", location(&profile.location));
        let self_signature = checks.take("self_signature", self_signature(&profile.self_signature));
        let image = checks.take("image", image(&profile.image));
        checks.finish(|| {
            Some(Self(Profile {
                nickname: nickname?,
                location: location?,
                self_signature: self_signature?,
                image: image?,
                ..profile
            }))
        })
    }

    /// A profile of parts of which each is as it was stored, or checked before.
    pub(crate) fn of_parts(profile: Profile) -> Self {
        Self(profile)
    }

    /// Checks the edit dialog; the error names every broken field. `current` gives what the dialog does not show (the higher bits
    /// of the message settings).
    pub fn parse(input: &ProfileInput, current: &Profile) -> Result<Self> {
        let mut checks = Checks::new();
        let nickname = checks.take("nickname", nickname(&input.nickname));
        let gender = checks.take("gender", Gender::parse(&input.gender));
        let birthday = checks.take("birthday", birthday(&input.birthday));
        let location = checks.take("location", location(&input.location));
        let self_signature = checks.take("self_signature", self_signature(&input.self_signature));
        let allow_type = checks.take("allow_type", AllowType::parse(&input.allow_type));
        let language = checks.take("language", text::optional_u32(&input.language));
        let image = checks.take("image", image(&input.image));
        let msg_settings = checks.take("msg_settings", msg_settings(&input.msg_settings, current.msg_settings));
        let admin_forbid_type = checks.take("admin_forbid_type", AdminForbidType::parse(&input.admin_forbid_type));
        let level = checks.take("level", text::optional_u32(&input.level));
        let role = checks.take("role", text::optional_u32(&input.role));
        checks.finish(|| {
            Some(Self(Profile {
                nickname: nickname?,
                gender: gender?,
                birthday: birthday?,
                location: location?,
                self_signature: self_signature?,
                allow_type: allow_type?,
                language: language?,
                image: image?,
                msg_settings: msg_settings?,
                admin_forbid_type: admin_forbid_type?,
                level: level?,
                role: role?,
            }))
        })
    }
}

fn msg_settings(word: &str, current: u32) -> Result<u32, Code> {
    match word {
        "receive" => Ok(current & !MSG_SETTINGS_DO_NOT_RECEIVE),
        "do_not_receive" => Ok(current | MSG_SETTINGS_DO_NOT_RECEIVE),
        _ => Err(Code::NotChoice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_a_user_is_told_at_once() {
        let broken = NewUser::parse(&NewUserInput { nickname: "é".repeat(101), ..NewUserInput::default() });
        let Err(crate::Error::Invalid(fields)) = broken.map(|_| ()) else { panic!("valid") };
        assert_eq!(fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["username", "password", "nickname"]);
    }

    #[test]
    fn message_settings_keep_the_other_bits() {
        assert_eq!(msg_settings("do_not_receive", 0b110), Ok(0b111));
        assert_eq!(msg_settings("receive", 0b111), Ok(0b110));
        assert!(msg_settings("", 0).is_err());
    }
}
