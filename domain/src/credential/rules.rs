//! How credentials may be named and limited, how long tokens live and what they look like. Pure.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

use super::{Access, CredentialInput};
use crate::{Code, Result, checked_text, error::Checks, limits, text};

checked_text! {
    /// 1 to 60 characters on one line, trimmed.
    pub struct CredentialName = check_name;
}

fn check_name(input: &str) -> Result<String, Code> {
    let input = input.trim();
    text::required(input)?;
    text::one_line(input)?;
    text::at_most_chars(input, limits::CREDENTIAL_NAME_CHARS)?;
    Ok(input.to_owned())
}

/// The addresses and networks from which a credential is valid. Empty: from anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses(Vec<IpNet>);

impl Addresses {
    /// At most [`limits::CREDENTIAL_ADDRESSES`] addresses (`192.0.2.7`) and networks (`10.0.0.0/8`, `2001:db8::/32`), with
    /// blanks, commas or line breaks between them; [`Code::TooManyItems`] for more. [`Code::NotAddress`] names the first word
    /// that is neither. Bits after the prefix are dropped, IPv4 in the form of IPv6 counts as IPv4, and each is kept once.
    pub fn parse(input: &str) -> Result<Self, Code> {
        let mut all: Vec<IpNet> = Vec::new();
        for word in
            input.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '、')).filter(|word| !word.is_empty())
        {
            let net = net(word).ok_or_else(|| Code::NotAddress(word.chars().take(limits::ADDRESS_CHARS).collect()))?;
            if !all.contains(&net) {
                all.push(net);
            }
        }
        let (max, actual) = (limits::CREDENTIAL_ADDRESSES, all.len());
        if actual > max { Err(Code::TooManyItems { max, actual }) } else { Ok(Self(all)) }
    }

    /// Whether a client with that address may use the credential. An address that is not known is in no network.
    pub fn allow(&self, address: Option<&str>) -> bool {
        self.0.is_empty()
            || address
                .and_then(|text| text.parse::<IpAddr>().ok())
                .is_some_and(|address| self.0.iter().any(|net| net.contains(&address.to_canonical())))
    }

    /// As people write them: an address without a prefix, a network with one.
    pub fn texts(&self) -> Vec<String> {
        let text = |net: &IpNet| if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() };
        self.0.iter().map(text).collect()
    }
}

fn net(word: &str) -> Option<IpNet> {
    let net = word.parse::<IpNet>().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from))?.trunc();
    let IpNet::V6(v6) = net else { return Some(net) };
    match v6.addr().to_ipv4_mapped() {
        Some(v4) if v6.prefix_len() >= MAPPED => Ipv4Net::new(v4, v6.prefix_len() - MAPPED).ok().map(IpNet::V4),
        _ => Some(net),
    }
}

/// Bits of an IPv6 address before the IPv4 address that it contains (RFC 4291, 2.5.5.2).
const MAPPED: u8 = 96;

/// The network by which addresses are counted: a single household or machine has a whole /64 of IPv6 to choose from.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

/// The /48 that an address of IPv6 belongs to, of which one customer may have 65,536 times a [`network`]; `None` for IPv4.
pub fn wide_network(address: IpAddr) -> Option<Ipv6Addr> {
    match address.to_canonical() {
        IpAddr::V6(v6) => Some(Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80)),
        IpAddr::V4(_) => None,
    }
}

/// A credential's fields that keep every rule which can be checked without the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialFields {
    /// The name in the settings; the store checks that it is unique in the app.
    pub name: CredentialName,
    /// When the credential stops being valid, milliseconds since 1970; `None`: never.
    pub expires_at: Option<i64>,
    /// What the credential allows.
    pub access: Access,
    /// Where the credential is valid.
    pub addresses: Addresses,
}

impl CredentialFields {
    /// Checks a form; the error names every broken field. `before` is the expiry so far: it may stay though it has passed, but
    /// another day must be in the future ([`Code::NotFuture`]).
    pub fn parse(input: &CredentialInput, before: Option<i64>, now: i64) -> Result<Self> {
        let mut checks = Checks::new();
        let name = checks.take("name", CredentialName::parse(&input.name));
        let expires_at = checks.take(
            "expires",
            expiry(&input.expires).and_then(|at| match at {
                Some(end) if end <= now && at != before => Err(Code::NotFuture),
                at => Ok(at),
            }),
        );
        let word = input.access.trim();
        let access = checks.take("access", if word.is_empty() { Ok(Access::Write) } else { Access::parse(word) });
        let addresses = checks.take("addresses", Addresses::parse(&input.addresses));
        checks.finish(|| Some(Self { name: name?, expires_at: expires_at?, access: access?, addresses: addresses? }))
    }
}

/// The last valid day, YYYY-MM-DD, to the millisecond from which on the credential is void; `None` for an empty text.
pub fn expiry(day: &str) -> Result<Option<i64>, Code> {
    Ok(crate::event::rules::day(day)?.map(|start| start + limits::DAY_MS))
}

/// The last valid day of such a millisecond, YYYY-MM-DD in UTC.
pub fn expiry_day(at: i64) -> String {
    let date = time::OffsetDateTime::from_unix_timestamp((at - limits::DAY_MS).div_euclid(1000));
    date.map_or_else(|_| String::new(), |date| format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
}

/// The beginning of every token, as tokens of Easemob have it; some clients check it.
pub const TOKEN_PREFIX: &str = "YWMt";
/// Characters of a token, the prefix included.
pub const TOKEN_CHARS: usize = 48;

/// Whether a text has the form of a token of this server. Whether there is such a token, only the store knows.
pub fn looks_like_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS
        && text.starts_with(TOKEN_PREFIX)
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The lifetime of a token that a client asks for, seconds: as asked, else [`limits::API_TOKEN_S`]; 0 means without an end.
/// [`Code::NotNumber`] above [`limits::API_TOKEN_MAX_S`].
pub fn lifetime(asked: Option<i64>) -> Result<i64, Code> {
    match asked {
        None => Ok(limits::API_TOKEN_S),
        Some(seconds @ 0..=limits::API_TOKEN_MAX_S) => Ok(seconds),
        Some(_) => Err(Code::NotNumber { min: 0, max: limits::API_TOKEN_MAX_S }),
    }
}

/// A lifetime in an app that limits lifetimes to `max`, seconds; for both numbers 0 means without an end. A longer lifetime
/// becomes `max`: the answer says how long the token is valid, as RFC 6749, 5.1 asks.
pub fn at_most(lifetime: i64, max: i64) -> i64 {
    match (lifetime, max) {
        (_, 0) => lifetime,
        (0, _) => max,
        _ => lifetime.min(max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_on_one_line() {
        assert_eq!(CredentialName::parse("  Shop 后端 ").map(CredentialName::into_string), Ok("Shop 后端".to_owned()));
        assert_eq!(CredentialName::parse(" "), Err(Code::Required));
        assert_eq!(CredentialName::parse("a\nb"), Err(Code::ControlCharacter));
        assert_eq!(CredentialName::parse(&"店".repeat(61)), Err(Code::TooManyChars { max: 60, actual: 61 }));
    }

    #[test]
    fn tokens_live_as_long_as_asked() {
        assert_eq!(lifetime(None), Ok(5_184_000));
        assert_eq!(lifetime(Some(0)), Ok(0));
        assert_eq!(lifetime(Some(1_024_000)), Ok(1_024_000));
        for wrong in [-1, i64::MIN, i64::MAX, limits::API_TOKEN_MAX_S + 1] {
            assert!(lifetime(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_app_has_the_last_word_on_how_long() {
        for (asked, max, wanted) in [(60, 0, 60), (0, 0, 0), (60, 3600, 60), (7200, 3600, 3600), (0, 3600, 3600)] {
            assert_eq!(at_most(asked, max), wanted, "{asked} of at most {max}");
        }
    }

    #[test]
    fn addresses_and_networks_of_both_kinds() {
        let of = |text: &str| Addresses::parse(text).map(|all| all.texts());
        assert_eq!(
            of(" 192.0.2.7, 10.1.2.3/8\n2001:DB8::1/32 ; ::1、10.0.0.0/8"),
            Ok(["192.0.2.7", "10.0.0.0/8", "2001:db8::/32", "::1"].map(str::to_owned).to_vec())
        );
        assert_eq!(of("::ffff:192.0.2.0/120 ::ffff:192.0.2.7"), Ok(vec!["192.0.2.0/24".to_owned(), "192.0.2.7".to_owned()]));
        assert_eq!(of(""), Ok(vec![]));
        for wrong in ["192.0.2", "10.0.0.0/33", "example.org", "::/129", "1.2.3.4/x", "/8"] {
            assert_eq!(of(&format!("10.0.0.1 {wrong}")), Err(Code::NotAddress(wrong.to_owned())), "{wrong}");
        }
        let many = |n: usize| (0..n).map(|n| format!("10.0.0.{n} ")).collect::<String>();
        assert!(of(&many(20)).is_ok());
        assert_eq!(of(&many(21)), Err(Code::TooManyItems { max: 20, actual: 21 }));

        let all = Addresses::parse("10.0.0.0/8 2001:db8::/32").unwrap();
        for inside in ["10.9.8.7", "::ffff:10.9.8.7", "2001:db8:1::1"] {
            assert!(all.allow(Some(inside)), "{inside}");
        }
        for outside in [Some("11.0.0.1"), Some("2001:db9::1"), Some("nonsense"), None] {
            assert!(!all.allow(outside), "{outside:?}");
        }
        assert!(Addresses::default().allow(None), "without a list from anywhere");
    }

    #[test]
    fn the_last_day_counts_whole() {
        assert_eq!(expiry("1970-01-01"), Ok(Some(limits::DAY_MS)));
        assert_eq!(expiry_day(limits::DAY_MS), "1970-01-01");
        assert_eq!(expiry(" "), Ok(None));
        let of = |expires: &str, before| {
            let input = CredentialInput { name: "x".into(), expires: expires.into(), ..Default::default() };
            CredentialFields::parse(&input, before, limits::DAY_MS).map(|fields| fields.expires_at)
        };
        assert_eq!(of("1970-01-01", None), Err(crate::Error::field("expires", Code::NotFuture)));
        assert_eq!(of("1970-01-01", Some(limits::DAY_MS)), Ok(Some(limits::DAY_MS)), "it stays as it was");
        assert_eq!(of("1970-01-02", None), Ok(Some(2 * limits::DAY_MS)));
        for odd in ["soon", "+2027-01-01", "2027-1-1"] {
            assert_eq!(of(odd, None), Err(crate::Error::field("expires", Code::NotDate)), "{odd}");
        }
    }

    #[test]
    fn what_is_no_token_is_told_apart() {
        let token = format!("YWMt{}", "a".repeat(44));
        assert!(looks_like_token(&token));
        for wrong in ["", "YWMt", "abc", &token.replace('Y', "X"), &token.replace("aa", "+="), &format!("{token}a")] {
            assert!(!looks_like_token(wrong), "{wrong}");
        }
    }
}
