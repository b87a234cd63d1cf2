//! Bodies: JSON whatever the header calls them, and values as clients write them.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
};
use http::{HeaderMap, header};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::Failure;
use crate::connections::body::{Stalled, cause, says_more_than};

/// The largest JSON body, bytes: several times the largest that makes sense.
pub const BODY_BYTES: usize = 1024 * 1024;
/// The same without a valid token. Strangers must not fill the memory.
pub const STRANGER_BODY_BYTES: usize = 64 * 1024;

/// Request extension: the token was checked and is valid.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedToken;

/// A body that was read but not parsed yet: whether it is valid is reported after whether what the path names exists.
#[derive(Debug)]
pub struct RawBody {
    bytes: Bytes,
    /// The header calls it a form. Many clients call JSON that.
    form: bool,
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let known = request.extensions().get::<VerifiedToken>().is_some();
        let most = if known { BODY_BYTES } else { STRANGER_BODY_BYTES };
        if says_more_than(&request, most as u64) {
            return Err(Failure::TooLarge);
        }
        let form = is_form(request.headers());
        to_bytes(request.into_body(), most).await.map(|bytes| Self { bytes, form }).map_err(|error| unfinished(&error))
    }
}

/// Why a body is not there.
fn unfinished(error: &(dyn std::error::Error + 'static)) -> Failure {
    if cause::<LengthLimitError>(error).is_some() {
        Failure::TooLarge
    } else if cause::<Stalled>(error).is_some() {
        Failure::Stalled
    } else {
        Failure::Json("the body ended before it was complete".to_owned())
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

impl RawBody {
    /// The body without what may surround it: blanks, a BOM.
    fn text(&self) -> Result<&[u8], Failure> {
        let bytes = self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes).trim_ascii();
        if bytes.is_empty() { Err(Failure::Json("the body is empty; JSON is expected".to_owned())) } else { Ok(bytes) }
    }

    /// The body as one JSON object.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let bytes = self.text()?;
        // Anything that is not JSON is reported as that.
        match parsed(bytes)? {
            value @ Value::Object(_) => typed(value),
            _ => Err(Failure::IllegalArgument("the body is no JSON object".to_owned())),
        }
    }

    /// The body as one JSON object, or as the fields of a form when it is called one and does not look like JSON. Of several fields of one
    /// name the first counts.
    pub fn json_or_form<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let bytes = self.text()?;
        if !self.form || bytes.starts_with(b"{") {
            return self.json();
        }
        let mut sent = Map::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            sent.entry(name).or_insert_with(|| Value::String(value.into_owned()));
        }
        fields(sent, &[])
    }

    /// The body as one JSON object or a list of them.
    pub fn one_or_many<T: DeserializeOwned>(&self) -> Result<OneOrMany<T>, Failure> {
        if !self.text()?.starts_with(b"[") {
            return self.json().map(OneOrMany::One);
        }
        let value = parsed(self.text()?)?;
        if value.as_array().is_some_and(|items| items.iter().any(|item| !item.is_object())) {
            return Err(Failure::IllegalArgument("the body is no list of JSON objects".to_owned()));
        }
        typed(value).map(OneOrMany::Many)
    }
}

/// The fields of a body that may have several names, each as `(other, name)`. Clients send two names for one value, or one of them
/// with `null`: the first with a value counts.
pub fn fields<T: DeserializeOwned>(mut sent: Map<String, Value>, aliases: &[(&str, &str)]) -> Result<T, Failure> {
    sent.retain(|_, value| !value.is_null());
    for (other, name) in aliases {
        if let Some(value) = sent.remove(*other) {
            sent.entry(*name).or_insert(value);
        }
    }
    typed(Value::Object(sent))
}

/// A body that may hold one or several.
#[derive(Debug)]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

fn parsed(bytes: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(bytes).map_err(|error| Failure::Json(error.to_string()))
}

/// The value as the type that the call expects. A wrong type is reported with its position: `members[2]: 7.5 is no text`.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let place = error.path().to_string();
        let what = error.into_inner();
        // The root has no name.
        Failure::IllegalArgument(if place == "." { what.to_string() } else { format!("{place}: {what}") })
    })
}

/// Values in their JSON type or as text; `null` counts as nothing. For `#[serde(default, deserialize_with = "…")]`.
pub mod lenient {
    use serde::{Deserialize, Deserializer, de::Error};
    use serde_json::Value;

    /// A whole number, also as text.
    pub fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
        let value = match Option::<Value>::deserialize(deserializer)? {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        let number = match &value {
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.map(Some).ok_or_else(|| D::Error::custom(format!("{} is no whole number", short(&value))))
    }

    #[allow(clippy::cast_possible_truncation)]
    fn whole(number: f64) -> Option<i64> {
        (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
    }

    /// True or false, also as text.
    pub fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
        match Option::<Value>::deserialize(deserializer)? {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(value)),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(value) => Err(D::Error::custom(format!("{} is neither true nor false", short(&value)))),
        }
    }

    /// Text; ids of digits may be numbers too.
    pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        match Option::<Value>::deserialize(deserializer)? {
            None | Some(Value::Null) => Ok(None),
            Some(value) => text_of(value).map(Some),
        }
    }

    /// A list of texts; an empty one counts as nothing.
    pub fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
        match Option::<Value>::deserialize(deserializer)? {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(values)) if values.is_empty() => Ok(None),
            Some(Value::Array(values)) => values.into_iter().map(text_of).collect::<Result<_, _>>().map(Some),
            Some(value) => Err(D::Error::custom(format!("{} is no list", short(&value)))),
        }
    }

    fn text_of<E: Error>(value: Value) -> Result<String, E> {
        match value {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            value => Err(E::custom(format!("{} is no text", short(&value)))),
        }
    }

    /// A value as a message names it: its beginning, and of a list or an object only what it is.
    fn short(value: &Value) -> String {
        match value {
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            Value::String(text) if text.chars().count() > 40 => format!("\"{}…\"", text.chars().take(40).collect::<String>()),
            value => value.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Input {
        #[serde(deserialize_with = "lenient::integer")]
        number: Option<i64>,
        #[serde(deserialize_with = "lenient::boolean")]
        flag: Option<bool>,
        #[serde(deserialize_with = "lenient::text")]
        text: Option<String>,
        #[serde(deserialize_with = "lenient::texts")]
        list: Option<Vec<String>>,
    }

    fn parsed(text: &str) -> Result<Input, Failure> {
        RawBody { bytes: Bytes::copy_from_slice(text.as_bytes()), form: false }.json()
    }

    #[test]
    fn forms_are_read_unless_they_are_json() {
        let read =
            |text: &str, form| RawBody { bytes: Bytes::copy_from_slice(text.as_bytes()), form }.json_or_form::<Input>().ok();
        let input = Input { number: Some(7), text: Some("a b&+".into()), ..Input::default() };
        assert_eq!(read("number=7&text=a+b%26%2B&number=8&other", true), Some(input));
        assert_eq!(read(" {\"number\":7}", true), Some(Input { number: Some(7), ..Input::default() }));
        assert_eq!(read("number=7", false), None);
        assert_eq!(read("", true), None);
        assert_eq!(read("number=x", true), None);
        for (kind, form) in [("Application/X-www-form-urlencoded; charset=utf-8", true), ("application/json", false)] {
            assert_eq!(is_form(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())])), form, "{kind}");
        }
    }

    #[test]
    fn values_come_as_text_too() {
        let all = Input { number: Some(300), flag: Some(true), text: Some("7".into()), list: Some(vec!["a".into(), "1".into()]) };
        assert_eq!(parsed(r#"{"number":300,"flag":true,"text":"7","list":["a","1"]}"#).unwrap(), all);
        assert_eq!(
            parsed("\u{feff} {\"number\":\"300\",\"flag\":\"TRUE\",\"text\":7,\"list\":[\"a\",1],\"other\":{}}").unwrap(),
            all
        );
        assert_eq!(parsed(r#"{"number":3e2,"flag":true,"text":"7","list":["a","1"]}"#).unwrap(), all);
        assert_eq!(parsed(r#"{"number":null,"list":[]}"#).unwrap(), Input::default());
    }

    #[test]
    fn what_is_wrong_is_said() {
        let text = |body: &str| match parsed(body).unwrap_err() {
            Failure::Json(text) => format!("json: {text}"),
            Failure::IllegalArgument(text) => format!("argument: {text}"),
            other => format!("{other:?}"),
        };
        assert!(text("").starts_with("json: the body is empty"));
        assert!(text("{\"a\":").starts_with("json: EOF while parsing"));
        assert!(text("{a:1}").contains("line 1 column 2"));
        for body in ["[1]", "1", "null", "\"{}\""] {
            assert_eq!(text(body), "argument: the body is no JSON object", "{body}");
        }
        assert!(text("[1").starts_with("json: EOF while parsing a list"));
        for body in [r#"{"number":1.5}"#, r#"{"number":"x"}"#, r#"{"number":[]}"#, r#"{"number":1e300}"#] {
            assert!(text(body).contains("is no whole number"), "{body}");
        }
        assert_eq!(text(r#"{"flag":1}"#), "argument: flag: 1 is neither true nor false");
        assert!(text(r#"{"list":"a"}"#).contains("\"a\" is no list"));
        assert!(text(&"[".repeat(100_000)).starts_with("json: "));
        assert!(text(&"{\"text\":".repeat(100_000)).starts_with("json: recursion limit"));
    }
}
