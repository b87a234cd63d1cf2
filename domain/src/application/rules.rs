//! How an app may be named, and what its settings accept. Pure.

use super::{NewApplicationInput, TokenRules, TokenRulesInput};
use crate::{Code, Result, checked_text, error::Checks, limits, text};

checked_text! {
    /// An app's name in its organisation: 1 to 64 letters, digits, `-` and `_`.
    pub struct AppKey = check_key;
}

checked_text! {
    /// An organisation's name: a key that is not one of [`RESERVED_ORGS`].
    pub struct OrgName = check_org_name;
}

checked_text! {
    /// The name on cards and pages: 1 to 60 characters on one line.
    pub struct DisplayName = check_display_name;
}

/// Names that no organisation may have, in any case: the first parts of the server's own addresses. An organisation of such a
/// name would be unreachable through the REST API.
pub const RESERVED_ORGS: [&str; 10] = ["_fn", "api", "apps", "audit", "healthz", "me", "operators", "pkg", "setup", "sign-in"];

fn check_key(input: &str) -> Result<String, Code> {
    if input.is_empty() {
        return Err(Code::Required);
    }
    if !input.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return Err(Code::NotAppKey);
    }
    text::at_most_chars(input, limits::APP_KEY_CHARS)?;
    Ok(input.to_owned())
}

fn check_org_name(input: &str) -> Result<String, Code> {
    let key = check_key(input)?;
    let reserved = RESERVED_ORGS.iter().any(|name| key.eq_ignore_ascii_case(name));
    if reserved { Err(Code::ReservedName) } else { Ok(key) }
}

fn check_display_name(input: &str) -> Result<String, Code> {
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_chars(input, limits::APP_DISPLAY_NAME_CHARS)?;
    Ok(input.to_owned())
}

/// The fewest characters of an account's password: 1 to 64, [`Code::NotNumber`] otherwise. Passwords that were set before stay
/// valid.
pub fn password_min_chars(input: &str) -> Result<u32, Code> {
    let (min, max) = (limits::USER_PASSWORD_MIN_CHARS, limits::USER_PASSWORD_CHARS as u32);
    let number = input.trim().parse().ok().filter(|number| (min..=max).contains(number));
    number.ok_or(Code::NotNumber { min: min.into(), max: max.into() })
}

/// A new app that keeps every rule which can be checked without the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApplication {
    /// The name on cards and pages.
    pub display_name: DisplayName,
    /// The organisation's name.
    pub org_name: OrgName,
    /// The app's name within the organisation.
    pub app_name: AppKey,
}

impl NewApplication {
    /// Checks the create dialog; the error names every broken field. Spaces around the two keys are dropped.
    pub fn parse(input: &NewApplicationInput) -> Result<Self> {
        let mut checks = Checks::new();
        let display_name = checks.take("display_name", DisplayName::parse(&input.display_name));
        let org_name = checks.take("org_name", OrgName::parse(input.org_name.trim()));
        let app_name = checks.take("app_name", AppKey::parse(input.app_name.trim()));
        checks.finish(|| Some(Self { display_name: display_name?, org_name: org_name?, app_name: app_name? }))
    }
}

impl TokenRules {
    /// These rules with what was typed. [`Code::NotChoice`] at a switch, [`Code::NotNumber`] at `ttl_max`.
    pub fn changed(self, input: &TokenRulesInput) -> Result<Self> {
        let mut checks = Checks::new();
        let switch = |text: &str, before| match text.trim() {
            "" => Ok(before),
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err(Code::NotChoice),
        };
        let password_grant = checks.take("password_grant", switch(&input.password_grant, self.password_grant));
        let inherit_grant = checks.take("inherit_grant", switch(&input.inherit_grant, self.inherit_grant));
        let ttl_max = checks.take("ttl_max", ttl_max(&input.ttl_max, self.ttl_max));
        checks.finish(|| Some(Self { password_grant: password_grant?, inherit_grant: inherit_grant?, ttl_max: ttl_max? }))
    }
}

fn ttl_max(text: &str, before: i64) -> Result<i64, Code> {
    let max = limits::API_TOKEN_MAX_S;
    match text.trim() {
        "" => Ok(before),
        text => match text.parse() {
            Ok(seconds @ 0..=limits::API_TOKEN_MAX_S) => Ok(seconds),
            _ => Err(Code::NotNumber { min: 0, max }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_letters_digits_hyphens_and_underscores() {
        for key in ["a", "A-b_9", &"x".repeat(64)] {
            assert!(AppKey::parse(key).is_ok(), "{key}");
        }
        assert_eq!(AppKey::parse(&"x".repeat(65)), Err(Code::TooManyChars { max: 64, actual: 65 }));
        for key in ["a b", "a/b", "한", "a.b", "#"] {
            assert_eq!(AppKey::parse(key), Err(Code::NotAppKey), "{key}");
        }
    }

    #[test]
    fn a_minimum_is_a_number_that_a_password_can_have() {
        assert_eq!([" 8 ", "1", "64"].map(password_min_chars), [Ok(8), Ok(1), Ok(64)]);
        for text in ["", "0", "65", "-1", "8.5", "eight"] {
            assert_eq!(password_min_chars(text), Err(Code::NotNumber { min: 1, max: 64 }), "{text}");
        }
    }

    #[test]
    fn the_servers_own_addresses_are_no_organisations() {
        let input = |org: &str| NewApplicationInput { display_name: "x".into(), org_name: org.into(), app_name: "apps".into() };
        assert!(NewApplication::parse(&input("acme")).is_ok());
        for org in ["apps", "API", "_fn"] {
            assert_eq!(NewApplication::parse(&input(org)), Err(crate::Error::field("org_name", Code::ReservedName)), "{org}");
        }
    }
}
