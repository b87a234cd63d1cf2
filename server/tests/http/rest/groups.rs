//! The calls on groups themselves, by the document's own examples: list, joined, details, create, modify, delete, announcement.

use serde_json::{Value, json};

use super::{
    support::{failure, seen},
    world::{a1, f3, forbidden, limit, n1, n2, n3, parameter, told, world},
};

#[tokio::test]
async fn groups_are_listed_newest_first_and_the_last_page_has_no_cursor() {
    let (_roster, api) = world().await;
    let mut made = Vec::new();
    for _ in 0..4 {
        made.push(api.group(&["user2"]).await);
    }
    made.reverse();
    let mut found = Vec::new();
    let mut path = "chatgroups?limit=2".to_owned();
    let mut pages = 0;
    loop {
        let got = api.get(&path).await;
        assert_eq!(got.status, 200, "{got:?}");
        pages += 1;
        let items = got.json["data"].as_array().unwrap();
        assert_eq!(got.json["count"], items.len());
        assert_eq!(got.json["params"]["limit"], json!(["2"]));
        for item in items {
            assert_eq!(item["type"], "group");
            assert_eq!(item["last_modified"], item["lastModified"].to_string());
            assert!(item["created"].is_i64());
            found.push(item["groupid"].as_str().unwrap().to_owned());
        }
        match got.json.get("cursor") {
            None => break,
            Some(cursor) => path = format!("chatgroups?limit=2&cursor={}", cursor.as_str().unwrap()),
        }
    }
    // The fifth is the one that every test app has.
    assert_eq!((pages, &found[..4], found.len()), (3, &made[..], 5));
    let newest = &api.get("chatgroups?limit=1").await.json["data"][0];
    assert_eq!(
        (&newest["owner"], &newest["affiliations"], &newest["groupname"]),
        (&json!("acme#one_user1"), &json!(2), &json!("testgroup"))
    );
    let wrong = api.get("chatgroups?cursor=made-up").await;
    assert_eq!(wrong.status, 400, "{wrong:?}");
    let other = world().await;
    let foreign = path.split_once("cursor=").unwrap().1;
    assert_eq!(other.1.get(&format!("chatgroups?cursor={foreign}")).await.status, 400, "another server's cursor");
}

#[tokio::test]
async fn details_tell_the_groups_that_there_are_and_name_those_that_are_not() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    let details = |id: &str| {
        json!({
            "id": id, "name": "testgroup", "description": "test", "membersonly": false, "allowinvites": false,
            "invite_need_confirm": true, "maxusers": 300, "owner": "user1", "created": 0, "custom": "", "avatar": "", "mute": false,
            "affiliations_count": 3, "affiliations": [{"member": "user3"}, {"member": "user2"}, {"owner": "user1"}], "public": true,
        })
    };
    let path = format!("chatgroups/{group}");
    assert_eq!(told(api.get(&path)).await, api.counted(&path, json!([details(&group)])));
    let other = api.group(&["user2", "user3"]).await;
    for comma in [",", "%2C", ", "] {
        let path = format!("chatgroups/{group}{comma}0000{comma}{other}{comma}1{comma}{group}").replace(' ', "%20");
        let none = |id: &str| json!({ "id": id, "error": "group id doesn't exist" });
        let all = json!([details(&group), none("0000"), details(&other), none("1")]);
        assert_eq!(told(api.get(&path)).await, api.counted(&path, all), "{path}");
    }
    assert_eq!(told(api.get("chatgroups/1,2")).await, n3("1,2"), "none at all");
    let comma = "a,b";
    let body = json!({ "groupname": "n", "desc": "", "public": true, "owner": "user1", "groupid": comma });
    assert_eq!(api.post("chatgroups", body).await.status, 200);
    let own = api.get("chatgroups/a,b").await;
    assert_eq!((&own.json["count"], &own.json["data"][0]["id"]), (&json!(1), &json!(comma)), "an id with a comma in it");
    assert_eq!(told(api.get("chatgroups/6601645549158")).await, n3("6601645549158"));
    let own = api.get("chatgroups/group-one%20%231").await;
    assert_eq!((own.status, &own.json["data"][0]["public"]), (200, &json!(false)), "a group of the console");
    let many = vec!["1"; 101].iter().enumerate().map(|(n, _)| n.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(api.get(&format!("chatgroups/{many}")).await.status, 400);
}

#[tokio::test]
async fn a_group_is_created_as_the_document_shows() {
    let (_roster, api) = world().await;
    let sample = json!({
        "groupname": "testgroup", "desc": "test", "public": true, "maxusers": 300, "owner": "user1", "members": ["user2"],
    });
    let mut got = api.post("chatgroups", sample.clone()).await;
    let id = got.json["data"]["groupid"].take();
    let id = id.as_str().unwrap();
    assert!((14..=18).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()), "{id}");
    assert_eq!(seen(got), api.data("post", "chatgroups", json!({ "groupid": null })));
    assert_eq!(api.members(id).await, ["member user2", "owner user1"]);

    let with = |field: &str, value: Value| {
        let mut body = sample.clone();
        body[field] = value;
        body
    };
    let without = |field: &str| {
        let mut body = sample.clone();
        body.as_object_mut().unwrap().remove(field);
        body
    };
    let post = async |body: Value| told(api.post("chatgroups", body)).await;
    assert_eq!(post(with("owner", json!("tesuser"))).await, n1("tesuser"));
    assert_eq!(post(with("members", json!(["user2", "nobody"]))).await, n1("nobody"));
    assert_eq!(post(without("public")).await, parameter("group must contain public field!"));
    for field in ["groupname", "desc", "owner"] {
        assert_eq!(post(without(field)).await, parameter(&format!("{field} must be provided")));
    }
    assert_eq!(post(with("maxusers", json!(1))).await, limit("members size is greater than max user size !"));
    for (field, value) in [
        ("maxusers", json!(2001)),
        ("maxusers", json!(0)),
        ("groupname", json!("x".repeat(129))),
        ("members", json!(vec!["user2"; 101])),
    ] {
        let (status, body) = post(with(field, value)).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_parameter")), "{field}");
    }
    let taken = failure("illegal_argument", "java.lang.IllegalArgumentException", &format!("group ID {id} already exists!"));
    assert_eq!(post(with("groupid", json!(id))).await, (400, taken));

    // What clients send otherwise: numbers and flags as text, an empty list, `description`, the owner among the members.
    let lenient = json!({
        "groupname": "n", "description": "d", "public": "false", "maxusers": "10", "allowinvites": true, "membersonly": "true",
        "owner": "USER1", "members": ["user1", "User2", "user2"], "unknown": 1,
    });
    let got = api.post("chatgroups", lenient).await;
    let id = got.json["data"]["groupid"].as_str().unwrap();
    let details = &api.get(&format!("chatgroups/{id}")).await.json["data"][0];
    assert_eq!(
        (
            &details["public"],
            &details["allowinvites"],
            &details["membersonly"],
            &details["maxusers"],
            &details["affiliations_count"]
        ),
        (&json!(false), &json!(true), &json!(true), &json!(10), &json!(2))
    );
    assert_eq!(api.post("chatgroups", with("members", json!([]))).await.status, 200);
}

#[tokio::test]
async fn a_group_is_modified_as_a_whole_or_not_at_all() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2"]).await;
    let path = format!("chatgroups/{group}");
    let sample =
        json!({ "groupname": "testgroup1", "description": "test", "maxusers": 300, "membersonly": true, "allowinvites": true });
    let result = json!({ "membersonly": true, "allowinvites": true, "description": true, "maxusers": true, "groupname": true });
    assert_eq!(told(api.put(&path, sample)).await, api.data("put", &path, result));
    assert_eq!(
        told(api.put(&path, json!({ "membersonly": "false" }))).await,
        api.data("put", &path, json!({ "membersonly": true }))
    );
    let details = |got: super::support::Got| got.json["data"][0].clone();
    let before = details(api.get(&path).await);
    assert_eq!(
        (&before["name"], &before["membersonly"], &before["allowinvites"]),
        (&json!("testgroup1"), &json!(false), &json!(true))
    );

    let same = json!({ "groupname": null, "description": "test", "desc": "not this", "members_only": null });
    let told_same = api.data("put", &path, json!({ "description": true, "desc": true }));
    assert_eq!(told(api.put(&path, same)).await, told_same, "null is nothing, and of two names the first counts");
    assert_eq!(details(api.get(&path).await), before);

    let unknown = json!({ "groupname": "other", "groupid": "1", "owner": "user2", "public": false });
    assert_eq!(told(api.put(&path, unknown)).await, parameter("some of [groupid, owner] are not valid fields"));
    assert_eq!(told(api.put(&path, json!({ "newowner": "user2", "x": 1 }))).await, parameter("some of [x] are not valid fields"));
    for (body, text) in [
        (json!({ "groupname": "a/b" }), "groupname must not contain /"),
        (json!({ "description": "a/b" }), "description must not contain /"),
        (json!({ "maxusers": 1 }), "maxusers must be a whole number from 2 to 2000"),
        (json!({ "maxusers": 2001 }), "maxusers must be a whole number from 1 to 2000"),
        (json!({ "groupname": "x".repeat(129) }), "groupname length is more than max limit : 128"),
        (json!({ "groupname": "a\nb" }), "groupname holds illegal characters"),
        (json!({ "groupname": " " }), "groupname can't be empty"),
        (json!({ "description": "x".repeat(513) }), "description length is more than max limit : 512"),
        (json!({ "custom": "x".repeat(8193) }), "custom length is more than max limit : 8192"),
        (json!({ "avatar": "图".repeat(1025) }), "avatar length is too big"),
    ] {
        assert_eq!(told(api.put(&path, body.clone())).await, parameter(text), "{body}");
    }
    let argument = |text: &str| (400, failure("illegal_argument", "java.lang.IllegalArgumentException", text));
    assert_eq!(told(api.put(&path, json!({ "public": "maybe" }))).await, argument("public: \"maybe\" is neither true nor false"));
    assert_eq!(told(api.put(&path, json!({ "maxusers": [1] }))).await, argument("maxusers: a list is no whole number"));
    assert_eq!(details(api.get(&path).await), before, "nothing has changed");
    assert_eq!(told(api.put("chatgroups/6602183678361", json!({ "groupname": "x" }))).await, n2("6602183678361"));
}

#[tokio::test]
async fn an_avatar_is_kept_and_public_can_be_modified() {
    let (_roster, api) = world().await;
    let avatar = "图".repeat(1024);
    let body = json!({ "groupname": "n", "desc": "", "public": false, "members_only": true, "owner": "user1", "avatar": avatar });
    let group = api.post("chatgroups", body.clone()).await.json["data"]["groupid"].as_str().unwrap().to_owned();
    let path = format!("chatgroups/{group}");
    let fields = async || {
        let data = api.get(&path).await.json["data"][0].clone();
        json!([data["avatar"], data["public"], data["membersonly"], data["allowinvites"], data["invite_need_confirm"]])
    };
    assert_eq!(fields().await, json!([avatar, false, true, false, true]));
    api.put(&path, json!({ "allowinvites": true, "invite_need_confirm": false })).await;

    let put = async |body: Value, result: Value| assert_eq!(told(api.put(&path, body)).await, api.data("put", &path, result));
    put(json!({ "public": true, "avatar": "https://example.org/a?b=c" }), json!({ "public": true, "avatar": true })).await;
    assert_eq!(
        fields().await,
        json!(["https://example.org/a?b=c", true, true, false, false]),
        "public groups do not let members invite"
    );
    put(
        json!({ "public": "false", "membersonly": false, "avatar": "" }),
        json!({ "public": true, "membersonly": true, "avatar": true }),
    )
    .await;
    assert_eq!(fields().await, json!(["", false, false, false, false]));
    put(json!({ "public": true, "allowinvites": true }), json!({ "public": true, "allowinvites": true })).await;
    assert_eq!(fields().await, json!(["", true, false, true, false]), "unless they are told to in the same call");

    let mut longer = body;
    longer["avatar"] = json!("图".repeat(1025));
    assert_eq!(told(api.post("chatgroups", longer)).await, parameter("avatar length is too big"));
}

#[tokio::test]
async fn a_group_is_handed_over_to_a_member() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    let path = format!("chatgroups/{group}");
    assert_eq!(told(api.put(&path, json!({ "newowner": "user2" }))).await, api.data("put", &path, json!({ "newowner": true })));
    assert_eq!(api.members(&group).await, ["member user1", "member user3", "owner user2"]);
    assert_eq!(told(api.put(&path, json!({ "newowner": "user4" }))).await, f3("user4", &group));
    assert_eq!(told(api.put(&path, json!({ "newowner": "nobody" }))).await, f3("nobody", &group));
    assert_eq!(told(api.put(&path, json!({ "newowner": "user2" }))).await, forbidden("new owner and old owner are the same"));
    assert_eq!(told(api.put("chatgroups/1", json!({ "newowner": "user2" }))).await, n2("1"));
}

#[tokio::test]
async fn a_group_is_deleted_once() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2"]).await;
    let path = format!("chatgroups/{group}");
    assert_eq!(told(api.delete(&path)).await, api.data("delete", &path, json!({ "success": true, "groupid": group })));
    assert_eq!(told(api.delete(&path)).await, n2(&group));
    assert_eq!(told(api.get(&path)).await, n3(&group));
}

#[tokio::test]
async fn announcements_are_set_and_read() {
    let (_roster, api) = world().await;
    let group = api.group(&[]).await;
    let path = format!("chatgroups/{group}/announcement");
    assert_eq!(told(api.get(&path)).await, api.data("get", &path, json!({ "announcement": "" })));
    let text = "公告 \"Group\"\nAnnouncement...";
    let set = told(api.post(&path, json!({ "announcement": text }))).await;
    assert_eq!(set, api.data("post", &path, json!({ "id": group, "result": true })));
    assert_eq!(told(api.get(&path)).await, api.data("get", &path, json!({ "announcement": text })));
    let long = told(api.post(&path, json!({ "announcement": "公".repeat(513) }))).await;
    assert_eq!(
        (long.0, &long.1["error"], &long.1["error_description"]),
        (403, &json!("FORBIDDEN"), &json!("announce info length exceeds limit!"))
    );
    assert_eq!(api.post(&path, json!({ "announcement": "公".repeat(512) })).await.status, 200);
    let none = failure("illegal_argument", "java.lang.IllegalArgumentException", "announcement is null");
    assert_eq!(told(api.post(&path, json!({}))).await, (400, none));
    assert_eq!(told(api.get("chatgroups/1/announcement")).await, n2("1"));
    assert_eq!(told(api.post("chatgroups/1/announcement", json!({ "announcement": "" }))).await, n2("1"));
}

#[tokio::test]
async fn everybody_is_muted_and_may_speak_again() {
    let (_roster, api) = world().await;
    let group = api.group(&[]).await;
    let path = format!("chatgroups/{group}/ban");
    assert_eq!(told(api.call("POST", &path, None)).await, api.data("post", &path, json!({ "mute": true })));
    assert_eq!(api.get(&format!("chatgroups/{group}")).await.json["data"][0]["mute"], true);
    assert_eq!(told(api.delete(&path)).await, api.data("delete", &path, json!({ "mute": false })));
    assert_eq!(told(api.delete("chatgroups/1/ban")).await, n2("1"));
}

#[tokio::test]
async fn every_call_on_groups_wants_a_token_and_knows_no_other_apps_groups() {
    let (roster, api) = world().await;
    let group = api.group(&["user2"]).await;
    let two = roster.api("two").await;
    let calls = [
        ("GET", "chatgroups".to_owned()),
        ("POST", "chatgroups".to_owned()),
        ("GET", "users/user1/joined_chatgroups".to_owned()),
        ("GET", "chatgroups/user/user1".to_owned()),
    ];
    let of_group = [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/announcement"),
        ("POST", "/announcement"),
        ("GET", "/share_files"),
        ("POST", "/share_files"),
        ("GET", "/share_files/x"),
        ("DELETE", "/share_files/x"),
        ("GET", "/users"),
        ("POST", "/users"),
        ("POST", "/users/user3"),
        ("DELETE", "/users/user2"),
        ("GET", "/user/user2/is_joined"),
        ("GET", "/roles"),
        ("GET", "/admin"),
        ("POST", "/admin"),
        ("DELETE", "/admin/user2"),
        ("GET", "/blocks/users"),
        ("POST", "/blocks/users"),
        ("POST", "/blocks/users/user2"),
        ("DELETE", "/blocks/users/user2"),
        ("GET", "/mute"),
        ("POST", "/mute"),
        ("DELETE", "/mute/user2"),
        ("GET", "/white/users"),
        ("POST", "/white/users"),
        ("POST", "/white/users/user2"),
        ("DELETE", "/white/users/user2"),
        ("POST", "/ban"),
        ("DELETE", "/ban"),
    ];
    let of_group = of_group.map(|(method, rest)| (method, format!("chatgroups/{group}{rest}")));
    for (method, path) in calls.iter().chain(&of_group) {
        let mut stranger = api.clone();
        for token in ["", "nonsense", &two.token] {
            stranger.token = token.to_owned();
            assert_eq!(told(stranger.call(method, path, None)).await, a1(), "{method} {path} {token}");
        }
    }
    for (method, path) in &of_group {
        let body = json!({ "usernames": ["user2"], "mute_duration": 1000, "newadmin": "user2", "announcement": "" });
        let body = if *method == "PUT" { json!({ "groupname": "x" }) } else { body };
        let expected = match (*method, path.strip_prefix(&format!("chatgroups/{group}")).unwrap()) {
            ("GET", "" | "/users") => n3(&group),
            _ => n2(&group),
        };
        assert_eq!(told(two.call(method, path, Some(body))).await, expected, "{method} {path}");
    }
}
