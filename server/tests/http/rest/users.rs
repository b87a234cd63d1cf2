//! The user calls: each documented success and failure.

use serde_json::{Value, json};
use store::Scope;

use super::support::{Api, failure, got, seen};
use crate::support::{Roster, roster};

const ARGUMENT: &str = "java.lang.IllegalArgumentException";
const SECURITY: &str = "org.apache.usergrid.rest.exceptions.EasemobSecurityException";

async fn start() -> (Roster, Api) {
    let roster = roster().await;
    let api = roster.api("two").await;
    (roster, api)
}

fn user(name: &str, more: Value) -> Value {
    let mut user = json!({ "uuid": "uuid", "type": "user", "created": 0, "modified": 0, "username": name, "activated": true });
    for (name, value) in more.as_object().unwrap() {
        user[name] = value.clone();
    }
    user
}

fn argument(text: &str) -> (u16, Value) {
    (400, failure("illegal_argument", ARGUMENT, text))
}

fn no_such_user() -> (u16, Value) {
    let exception = "com.easemob.group.exception.ServiceResourceNotFoundException";
    (404, failure("service_resource_not_found", exception, "Service resource not found"))
}

#[tokio::test]
async fn one_is_registered() {
    let (_roster, api) = start().await;
    let answer = seen(api.post("users", json!({ "username": "User1", "password": "1", "nickname": "安 1" })).await);
    let made = user("user1", json!({ "nickname": "安 1" }));
    assert_eq!(answer, (200, api.envelope("post", "users", json!({ "path": "/users", "entities": [made] }))));

    // As curl sends it, without saying what it is; and in pieces.
    let pieces = |text: &'static str| {
        let pieces = text.as_bytes().chunks(7).map(|piece| Ok::<_, std::io::Error>(piece.to_vec()));
        reqwest::Body::wrap_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()))
    };
    for (name, body) in [
        ("user2", reqwest::Body::from("{\"username\":\"user2\",\"password\":\"1\"}")),
        ("user3", pieces("{\"username\": \"user3\", \"password\": 123456, \"unknown\": {}}")),
    ] {
        let request = api.request("POST", "users").header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = seen(got(request).await);
        let made = user(name, json!({}));
        assert_eq!(answer, (200, api.envelope("post", "users", json!({ "path": "/users", "entities": [made] }))));
    }

    for taken in ["user1", "USER1"] {
        let answer = api.post("users", json!({ "username": taken, "password": "1" })).await;
        let uuid = api.get("users/user1").await.json["application"].as_str().unwrap().to_owned();
        let text =
            format!("Application {uuid} Entity user requires that property named username be unique, value of user1 exists");
        let exception = "org.apache.usergrid.persistence.exceptions.DuplicateUniquePropertyExistsException";
        assert_eq!(seen(answer), (400, failure("duplicate_unique_property_exists", exception, &text)));
    }
}

#[tokio::test]
async fn names_passwords_and_nicknames_have_limits() {
    let (_roster, api) = start().await;
    let with = |name: &str, password: &str, nickname: &str| {
        let body = json!({ "username": name, "password": password, "nickname": nickname });
        let api = api.clone();
        async move { seen(api.post("users", body).await) }
    };
    for (name, password, nickname, text) in [
        ("", "1", "", "Entity user requires a property named username"),
        ("a b", "1", "", "username [a b] is not legal"),
        ("小明", "1", "", "username [小明] is not legal"),
        (&"x".repeat(65), "1", "", "USERNAME_TOO_LONG"),
        ("a", "", "", "password or pin must provided"),
        ("a", &"密".repeat(65), "", "PASSWORD_TOO_LONG"),
        ("a", "1", &"名".repeat(101), "NICKNAME_TOO_LONG"),
        ("a", "1", "a\nb", "nickname is not legal"),
    ] {
        assert_eq!(with(name, password, nickname).await, argument(text));
    }
    assert_eq!(with(&"x".repeat(64), &"密".repeat(64), &"名".repeat(100)).await.0, 200);
    for (body, text) in [
        ("", "the body is empty; JSON is expected"),
        ("{\"username\":", "EOF while parsing a value at line 1 column 12"),
        ("username=a", "expected value at line 1 column 1"),
    ] {
        let answer = seen(got(api.request("POST", "users").body(body)).await);
        assert_eq!(answer, (400, failure("json_parse", "com.fasterxml.jackson.core.JsonParseException", text)));
    }
    let answer = seen(got(api.request("POST", "users").body("\"a\"")).await);
    assert_eq!(answer, argument("the body is no JSON object"));
    assert_eq!(seen(api.post("users", json!({ "username": ["a"] })).await).0, 400);
}

#[tokio::test]
async fn up_to_sixty_are_registered_at_once() {
    let (_roster, api) = start().await;
    let many = |names: &[&str]| -> Value { names.iter().map(|name| json!({ "username": name, "password": "1" })).collect() };
    let envelope = |names: &[&str], refused: &[&str]| {
        let entities: Vec<Value> = names.iter().map(|name| user(name, json!({}))).collect();
        let reason = |name: &&str| json!({ "username": name, "registerUserFailReason": format!("the {name} already exists") });
        let refused: Vec<Value> = refused.iter().map(reason).collect();
        let mut rest = json!({ "path": "/users", "entities": entities });
        if !refused.is_empty() {
            rest["data"] = refused.into();
        }
        (200, api.envelope("post", "users", rest))
    };
    assert_eq!(seen(api.post("users", many(&["u1", "u2"])).await), envelope(&["u1", "u2"], &[]));
    assert_eq!(seen(api.post("users", many(&["u2", "U3", "u3", "ann-two"])).await), envelope(&["u3"], &["u2", "u3", "ann-two"]));
    // One that breaks a rule spoils all of them.
    assert_eq!(seen(api.post("users", many(&["u4", "u 5"])).await), argument("username [u 5] is not legal"));
    assert_eq!(seen(api.get("users/u4").await), no_such_user());
    assert_eq!(seen(api.post("users", json!([])).await), argument("Entity user requires a property named username"));
    let names: Vec<String> = (0..61).map(|n| format!("n{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let too_many = argument("the number of users is more than max limit : 60");
    assert_eq!(seen(api.post("users", many(&names)).await), too_many);
}

#[tokio::test]
async fn the_list_goes_on_until_there_is_no_cursor() {
    let (_roster, api) = start().await;
    for name in ["u1", "u2", "u3"] {
        api.post("users", json!({ "username": name, "password": "1" })).await;
    }
    let whole = ["ann-two", "bob-two", "u1", "u2", "u3"];
    let answer = seen(api.get("users").await);
    let entities: Vec<Value> = whole.iter().map(|name| user(name, json!({}))).collect();
    assert_eq!(answer, (200, api.envelope("get", "users", json!({ "path": "/users", "entities": entities, "count": 5 }))));

    let (mut found, mut path) = (Vec::new(), "users?limit=2".to_owned());
    for size in [2, 2, 1] {
        let page = api.get(&path).await;
        assert_eq!((page.status, page.json["count"].as_u64()), (200, Some(size)), "{page:?}");
        assert_eq!(page.json["params"]["limit"], json!(["2"]));
        found.extend(page.json["entities"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()));
        match page.json.get("cursor") {
            Some(cursor) => path = format!("users?limit=2&cursor={}", cursor.as_str().unwrap()),
            None => assert_eq!(size, 1, "the last page"),
        }
    }
    assert_eq!(found, whole);
    assert_eq!(api.get("users?limit=5").await.json.get("cursor"), None, "a full last page");
    assert_eq!(api.get("users?limit=1000").await.json["count"], 5, "clamped");
    for wrong in ["0", "-1", "x"] {
        let exception = "com.easemob.group.exception.InvalidParameterException";
        let text = "limit must be a whole number from 1 up";
        assert_eq!(seen(api.get(&format!("users?limit={wrong}")).await), (400, failure("invalid_parameter", exception, text)));
    }
    assert_eq!(seen(api.get("users?cursor=made-up").await), argument("cursor is not legal"));
}

#[tokio::test]
async fn users_are_changed_and_deleted() {
    let (roster, api) = start().await;
    api.post("users", json!({ "username": "u1", "password": "old" })).await;
    let done = |action: &str| (200, json!({ "action": action, "timestamp": 0, "duration": 0 }));

    assert_eq!(seen(api.put("users/U1/password", json!({ "newpassword": "new" })).await), done("set user password"));
    assert_eq!(seen(api.put("users/u1/password", json!({})).await), argument("newpassword is required"));
    assert_eq!(seen(api.put("users/nobody/password", json!({ "newpassword": "new" })).await), no_such_user());
    let sign_in = async |password: &str| {
        api.post("token", json!({ "grant_type": "password", "username": "u1", "password": password })).await.status
    };
    assert_eq!((sign_in("old").await, sign_in("new").await), (400, 200));

    let renamed = user("u1", json!({ "nickname": "One" }));
    let envelope = |entity: Value| api.envelope("put", "users/u1", json!({ "path": "/users", "entities": [entity] }));
    assert_eq!(seen(api.put("users/u1", json!({ "nickname": "One" })).await), (200, envelope(renamed)));
    assert_eq!(seen(api.put("users/u1", json!({ "nickname": "" })).await), (200, envelope(user("u1", json!({})))));
    assert_eq!(seen(api.put("users/u1", json!({})).await), argument("nickname is required"));
    assert_eq!(seen(api.put("users/u1", json!({ "nickname": "n".repeat(101) })).await), argument("NICKNAME_TOO_LONG"));
    assert_eq!(seen(api.put("users/nobody", json!({ "nickname": "x" })).await), no_such_user());

    let off = user("u1", json!({ "activated": false }));
    let path = "users/u1/deactivate";
    let mut envelope = api.envelope("Deactivate user", path, json!({ "path": "/users", "entities": [off] }));
    for _ in 0..2 {
        assert_eq!(seen(got(api.request("POST", path)).await), (200, envelope.clone()));
    }
    assert_eq!(sign_in("new").await, 400);
    assert_eq!(seen(got(api.request("POST", "users/u1/activate").header("content-length", "0")).await), done("activate user"));
    assert_eq!(sign_in("new").await, 200);
    for path in ["users/nobody/activate", "users/nobody/deactivate"] {
        assert_eq!(seen(got(api.request("POST", path)).await), no_such_user());
    }

    envelope = api.envelope("delete", "users/ANN-two", json!({ "path": "/users", "entities": [user("ann-two", json!({}))] }));
    assert_eq!(seen(got(api.request("DELETE", "users/ANN-two").body("{}")).await), (200, envelope));
    assert_eq!(seen(api.delete("users/ann-two").await), no_such_user());
    let app = crate::support::app_id(&roster.store, "two").await;
    let group =
        store::group::get(Scope::new(&roster.store, &super::support::operator(), app), &crate::support::group_of("two")).await;
    assert!(group.is_err(), "the groups of a deleted user go too");
}

#[tokio::test]
async fn the_oldest_are_deleted_with_their_groups() {
    let (roster, api) = start().await;
    for name in ["u1", "u2", "u3"] {
        api.post("users", json!({ "username": name, "password": "1" })).await;
    }
    let token = api.post("token", json!({ "grant_type": "inherit", "username": "u1" })).await;
    let own = Api { token: token.json["access_token"].as_str().unwrap().to_owned(), ..api.clone() };
    assert_eq!(own.get("users/u1").await.status, 200);
    let body = json!({ "groupname": "n", "desc": "", "public": true, "owner": "u1", "members": ["u2", "u3"], "groupid": "mine" });
    assert_eq!(api.post("chatgroups", body).await.status, 200);
    let body = json!({ "groupname": "n", "desc": "", "public": true, "owner": "u3", "members": ["u1"], "groupid": "theirs" });
    assert_eq!(api.post("chatgroups", body).await.status, 200);

    let names = |got: &super::support::Got| -> Vec<String> {
        got.json["entities"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
    };
    let first = api.delete("users?limit=2").await;
    assert_eq!(names(&first), ["ann-two", "bob-two"]);
    let (cursor, mut json) = (first.json["cursor"].as_str().unwrap().to_owned(), seen(first).1);
    json.as_object_mut().unwrap().remove("cursor");
    let gone = ["ann-two", "bob-two"].map(|name| user(name, json!({})));
    let rest = json!({ "path": "/users", "entities": gone, "count": 2, "params": { "limit": ["2"] } });
    assert_eq!(json, api.envelope("delete", "users", rest));

    let second = api.delete(&format!("users?limit=2&cursor={cursor}")).await;
    assert_eq!(names(&second), ["u1", "u2"]);
    assert_eq!(own.get("users/u1").await.status, 401, "the tokens go too");
    assert_eq!((api.get("chatgroups/mine").await.status, api.get("chatgroups/theirs").await.status), (404, 200));
    let last = api.delete("users").await;
    assert_eq!((names(&last), last.json.get("cursor")), (vec!["u3".to_owned()], None));
    let none = api.delete("users?limit=100").await;
    assert_eq!((names(&none), none.json["count"].as_u64()), (vec![], Some(0)));
    assert_eq!(roster.api("one").await.get("users").await.json["count"], 2, "of another app nobody");
    assert_eq!(seen(api.delete("users?cursor=made-up").await), argument("cursor is not legal"));
    assert_eq!(api.delete("users?limit=0").await.status, 400);
}

#[tokio::test]
async fn everybody_is_offline() {
    let (_roster, api) = start().await;
    for name in ["u1", "batch"] {
        api.post("users", json!({ "username": name, "password": "1" })).await;
        let path = format!("users/{name}/status");
        let rest = json!({ "path": format!("/{path}"), "data": { name: "offline" } });
        assert_eq!(seen(api.get(&path).await), (200, api.envelope("get", &path, rest)));
    }
    assert_eq!(api.get("users/U1/status").await.json["data"], json!({ "u1": "offline" }));
    assert_eq!(api.put("users/batch/password", json!({ "newpassword": "2" })).await.status, 200, "a user of that name");

    let names = json!({ "usernames": ["u1", "nobody"] });
    let rest = json!({ "path": "/users/batch/status", "data": [{ "u1": "offline" }, { "nobody": "offline" }] });
    let envelope = api.envelope("get batch user status", "users/batch/status", rest);
    assert_eq!(seen(api.post("users/batch/status", names).await), (200, envelope));
    let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    assert_eq!(api.post("users/batch/status", json!({ "usernames": many[..100] })).await.status, 200);
    let too_many = argument("usernames size is more than max limit : 100");
    assert_eq!(seen(api.post("users/batch/status", json!({ "usernames": many })).await), too_many);
    assert_eq!(seen(api.post("users/batch/status", json!({ "usernames": [] })).await), argument("usernames must be provided"));

    let token = api.post("token", json!({ "grant_type": "inherit", "username": "u1" })).await;
    let own = Api { token: token.json["access_token"].as_str().unwrap().to_owned(), ..api.clone() };
    let path = "users/u1/disconnect";
    assert_eq!(seen(api.get(path).await), (200, api.envelope("get", path, json!({ "data": { "result": true } }))));
    assert_eq!(own.get("users/u1").await.status, 200, "tokens are no connections");
    for path in ["users/nobody/status", "users/nobody/disconnect"] {
        assert_eq!(seen(api.get(path).await), no_such_user());
    }
    for path in ["users/u1/status", path] {
        assert_eq!(own.get(path).await.status, 401, "{path} is for the back end");
    }
    assert_eq!(own.post("users/batch/status", json!({ "usernames": ["u1"] })).await.status, 401);
}

#[tokio::test]
async fn users_see_and_change_themselves_alone() {
    let (_roster, api) = start().await;
    let http = reqwest::Client::new();
    let open = got(http.post(api.at("users")).json(&json!({ "username": "x", "password": "1" }))).await;
    let text = "registration is not open, please contact the app admin";
    assert_eq!(seen(open), (401, failure("unauthorized", SECURITY, text)));

    api.post("users", json!({ "username": "u1", "password": "1" })).await;
    let token = api.post("token", json!({ "grant_type": "password", "username": "u1", "password": "1" })).await;
    let own = Api { token: token.json["access_token"].as_str().unwrap().to_owned(), ..api.clone() };
    assert_eq!(own.get("users/u1").await.status, 200);
    assert_eq!(own.put("users/U1", json!({ "nickname": "Me" })).await.json["entities"][0]["nickname"], "Me");
    let refused = (401, failure("unauthorized", SECURITY, "you have no permission to do this"));
    for (method, path, body) in [
        ("GET", "users/bob-two", None),
        ("GET", "users/nobody", None),
        ("GET", "users", None),
        ("PUT", "users/bob-two", Some(json!({ "nickname": "x" }))),
        ("PUT", "users/u1/password", Some(json!({ "newpassword": "x" }))),
        ("POST", "users", Some(json!({ "username": "u2", "password": "1" }))),
        ("POST", "users/u1/deactivate", None),
        ("DELETE", "users/u1", None),
        ("DELETE", "users", None),
        ("POST", "messages/chatgroups", Some(json!({ "to": ["g"], "body": { "msg": "x" } }))),
    ] {
        assert_eq!(seen(own.call(method, path, body).await), refused, "{method} {path}");
    }
}
