//! What an account may contain. Pure; the hints that the browser shows while the user types and the verdict of the server come
//! from these same functions.

use time::{Date, Month};

use super::Profile;
use crate::{Code, checked_text, limits, text};

checked_text! {
    /// A username (UserID): 1 to 32 bytes of printable ASCII without spaces.
    pub struct Username = check_username;
}

checked_text! {
    /// A username as it is stored, as long as the group REST API allows: 1 to 64 bytes of printable ASCII without spaces. Imports,
    /// which read back what was exported, accept the names of such accounts.
    pub struct LongUsername = check_long_username;
}

impl From<Username> for LongUsername {
    fn from(name: Username) -> Self {
        Self(name.into_string())
    }
}

fn check_username(text: &str) -> Result<String, Code> {
    username_of(text, limits::USERNAME_BYTES)
}

fn check_long_username(text: &str) -> Result<String, Code> {
    username_of(text, limits::API_USERNAME_BYTES)
}

fn username_of(text: &str, max: usize) -> Result<String, Code> {
    if text.is_empty() {
        return Err(Code::Required);
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Code::NotUsername);
    }
    text::at_most_bytes(text, max)?;
    Ok(text.to_owned())
}

/// A username as the REST API compares it: ASCII capitals count as small letters.
pub fn folded(username: &str) -> String {
    username.to_ascii_lowercase()
}

checked_text! {
    /// A username as the REST API registers it: 1 to 64 bytes of `a-z 0-9 _ . -`; capitals become small letters.
    pub struct ApiUsername = check_api_username;
}

fn check_api_username(text: &str) -> Result<String, Code> {
    let name = folded(text.trim());
    if name.is_empty() {
        return Err(Code::Required);
    }
    if matches!(name.as_str(), "." | "..") {
        return Err(Code::DotsOnly);
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')) {
        return Err(Code::NotUsername);
    }
    text::at_most_bytes(&name, limits::API_USERNAME_BYTES)?;
    Ok(name)
}

/// The password of an account: 1 to 64 characters; [`Code::Required`] or [`Code::TooManyChars`] otherwise.
pub fn user_password(input: &str) -> Result<String, Code> {
    if input.is_empty() {
        return Err(Code::Required);
    }
    text::at_most_chars(input, limits::USER_PASSWORD_CHARS)?;
    Ok(input.to_owned())
}

/// The same for a new password in an app that asks for at least `min` characters: [`Code::TooFewChars`] below.
pub fn new_user_password(input: &str, min: u32) -> Result<String, Code> {
    let actual = input.chars().count();
    let min = min as usize;
    if actual > 0 && actual < min {
        return Err(Code::TooFewChars { min, actual });
    }
    user_password(input)
}

/// A nickname through the REST API: at most 100 characters on one line; may be empty.
pub fn user_nickname(input: &str) -> Result<String, Code> {
    text::one_line(input)?;
    text::at_most_chars(input, limits::USER_NICKNAME_CHARS)?;
    nickname(input)
}

/// A nickname: at most 500 bytes on one line; may be empty.
pub fn nickname(input: &str) -> Result<String, Code> {
    text::one_line(input)?;
    text::at_most_bytes(input, limits::NICKNAME_BYTES)?;
    Ok(input.to_owned())
}

/// A profile photo: empty, or an `http` or `https` URL of at most 500 bytes with a host; [`Code::NotHttpUrl`] otherwise.
pub fn image(input: &str) -> Result<String, Code> {
    let url = input.trim();
    if url.is_empty() {
        return Ok(String::new());
    }
    text::at_most_bytes(url, limits::PROFILE_PHOTO_BYTES)?;
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let rest = if lower.starts_with("https://") {
        &url[8..]
    } else if lower.starts_with("http://") {
        &url[7..]
    } else {
        return Err(Code::NotHttpUrl);
    };
    let host_ok = rest.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '[');
    let clean = url.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\' | '`'));
    if host_ok && clean { Ok(url.to_owned()) } else { Err(Code::NotHttpUrl) }
}

/// A location: at most 16 bytes on one line; may be empty.
pub fn location(input: &str) -> Result<String, Code> {
    text::one_line(input)?;
    text::at_most_bytes(input, limits::LOCATION_BYTES)?;
    Ok(input.to_owned())
}

/// «What's Up»: at most 500 bytes; line breaks allowed, each one byte.
pub fn self_signature(input: &str) -> Result<String, Code> {
    let input = text::unify_line_breaks(input);
    text::no_nul(&input)?;
    text::at_most_bytes(&input, limits::SIGNATURE_BYTES)?;
    Ok(input)
}

/// YYYY-MM-DD to the wire's number YYYYMMDD; an empty text is `None`. Years 1 to 9999; [`Code::NotDate`] otherwise.
pub fn birthday(input: &str) -> Result<Option<u32>, Code> {
    let input = input.trim();
    if input.is_empty() {
        return Ok(None);
    }
    let (year, month, day) = text::date(input)?.to_calendar_date();
    let year = u32::try_from(year).map_err(|_| Code::NotDate)?;
    Ok(Some(year * 10_000 + u32::from(u8::from(month)) * 100 + u32::from(day)))
}

/// The wire's number as YYYY-MM-DD, for the date picker; `None` when the number is no date.
pub fn birthday_text(number: u32) -> Option<String> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    valid_date(year, month, day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn valid_date(year: u32, month: u32, day: u32) -> bool {
    let part = |n: u32| u8::try_from(n).unwrap_or(0);
    (1..=9999).contains(&year)
        && Month::try_from(part(month))
            .is_ok_and(|month| Date::from_calendar_date(i32::try_from(year).unwrap_or(0), month, part(day)).is_ok())
}

impl Profile {
    /// The tags and values of Tencent's REST API, exactly as a client would read them. Values that were never set are left out.
    pub fn tags(&self) -> Vec<(&'static str, serde_json::Value)> {
        let mut tags: Vec<(&'static str, serde_json::Value)> = vec![
            ("Tag_Profile_IM_Nick", self.nickname.clone().into()),
            ("Tag_Profile_IM_Gender", self.gender.as_str().into()),
            ("Tag_Profile_IM_Location", self.location.clone().into()),
            ("Tag_Profile_IM_SelfSignature", self.self_signature.clone().into()),
            ("Tag_Profile_IM_AllowType", self.allow_type.as_str().into()),
            ("Tag_Profile_IM_Image", self.image.clone().into()),
            ("Tag_Profile_IM_MsgSettings", self.msg_settings.into()),
            ("Tag_Profile_IM_AdminForbidType", self.admin_forbid_type.as_str().into()),
        ];
        let numbers = [
            ("Tag_Profile_IM_BirthDay", self.birthday),
            ("Tag_Profile_IM_Language", self.language),
            ("Tag_Profile_IM_Level", self.level),
            ("Tag_Profile_IM_Role", self.role),
        ];
        tags.extend(numbers.into_iter().filter_map(|(tag, value)| value.map(|value| (tag, value.into()))));
        tags
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usernames_are_printable_ascii_without_spaces() {
        assert!(Username::parse("a").is_ok());
        assert!(Username::parse(&"x".repeat(32)).is_ok());
        assert_eq!(Username::parse(&"x".repeat(33)), Err(Code::TooManyBytes { max: 32, actual: 33 }));
        for word in ["a b", "小明", "a\u{7f}", "a\n", "é"] {
            assert_eq!(Username::parse(word), Err(Code::NotUsername), "{word:?}");
        }
        assert_eq!(Username::parse(""), Err(Code::Required));
    }

    #[test]
    fn users_are_registered_in_lower_case() {
        assert_eq!(ApiUsername::parse(" User_1.A-b ").map(ApiUsername::into_string), Ok("user_1.a-b".to_owned()));
        assert!(ApiUsername::parse(&"x".repeat(64)).is_ok());
        assert_eq!(ApiUsername::parse(&"x".repeat(65)), Err(Code::TooManyBytes { max: 64, actual: 65 }));
        for word in ["a b", "a,b", "a/b", "小明", "É", "a@b"] {
            assert_eq!(ApiUsername::parse(word), Err(Code::NotUsername), "{word:?}");
        }
        assert_eq!(ApiUsername::parse(".."), Err(Code::DotsOnly));
    }

    #[test]
    fn photos_are_http_or_https() {
        for url in ["http://a.example/x.png", "HTTPS://a.example", "https://[::1]/x", ""] {
            assert!(image(url).is_ok(), "{url}");
        }
        for url in
            ["javascript:alert(1)", "https://", "https:///x", "ftp://a", "data:image/png,x", "https://a b", "https://a\"b", "h"]
        {
            assert_eq!(image(url), Err(Code::NotHttpUrl), "{url}");
        }
    }

    #[test]
    fn birthdays_are_days_of_the_calendar() {
        assert_eq!(birthday("2000-02-29"), Ok(Some(20_000_229)));
        assert_eq!(birthday(""), Ok(None));
        for word in
            ["2001-02-29", "2001-13-01", "0000-01-01", "1990", "1990-01-01-01", "x-y-z", "20190419", "+1990-01-01", "1990-1-1"]
        {
            assert_eq!(birthday(word), Err(Code::NotDate), "{word}");
        }
        assert_eq!(birthday_text(19_900_704).as_deref(), Some("1990-07-04"));
        assert_eq!(birthday_text(7), None);
    }

    proptest! {
        #[test]
        fn nicknames_break_exactly_above_500_bytes(chars in proptest::collection::vec(any::<char>().prop_filter("control", |c| !c.is_control()), 0..600)) {
            let text: String = chars.into_iter().collect();
            prop_assert_eq!(nickname(&text).is_ok(), text.len() <= limits::NICKNAME_BYTES);
        }

        #[test]
        fn every_valid_number_comes_back_from_the_date_picker(number in 10_101u32..99_991_231) {
            if let Some(text) = birthday_text(number) {
                prop_assert_eq!(birthday(&text), Ok(Some(number)));
            }
        }
    }
}
