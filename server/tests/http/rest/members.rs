//! The calls on members, admins, the block list, mutes and the allow list, by the document's own examples.

use serde_json::{Value, json};

use super::{
    support::Api,
    world::{f1, f2, forbidden, limit, n1, n2, n3, parameter, told, world},
};

fn many(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("u{n}")).collect()
}

fn user(action: &str, group: &str, name: &str) -> Value {
    json!({ "result": true, "action": action, "user": name, "groupid": group })
}

fn not_user(action: &str, group: &str, name: &str, reason: &str) -> Value {
    json!({ "result": false, "action": action, "reason": reason, "user": name, "groupid": group })
}

#[tokio::test]
async fn members_are_listed_page_by_page() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    let path = format!("chatgroups/{group}/users");
    let all = json!([{ "member": "user3" }, { "member": "user2" }, { "owner": "user1" }]);
    assert_eq!(told(api.get(&path)).await, api.counted(&path, all.clone()));
    for (page, expected) in [(1, &all.as_array().unwrap()[..2]), (2, &all.as_array().unwrap()[2..]), (3, &[])] {
        let got = api.get(&format!("{path}?pagenum={page}&pagesize=2")).await;
        assert_eq!((&got.json["data"], &got.json["count"]), (&json!(expected), &json!(expected.len())));
        assert_eq!(got.json["params"], json!({ "pagenum": [page.to_string()], "pagesize": ["2"] }));
    }
    assert_eq!(told(api.get("chatgroups/1/users")).await, n3("1"));
    api.post(&format!("chatgroups/{group}/admin"), json!({ "newadmin": "user2" })).await;
    let timed = api.get(&format!("{path}?joined_time=true&sort=asc")).await;
    assert_eq!((&timed.json["data"][0]["owner"], &timed.json["data"][1]["admin"]), (&json!("user1"), &json!("user2")));
    assert!(timed.json["data"][2]["joined_time"].as_i64().is_some_and(|at| at > 1_600_000_000_000));
    assert_eq!(api.get(&format!("{path}?pagenum=0&pagesize=2")).await.json["count"], 2, "the first page");
    let first = api.get(&format!("{path}?version=v3&limit=1")).await;
    assert_eq!(first.json["data"], json!(["user3"]));
    let next = first.json["cursor"].as_str().unwrap();
    let last = api.get(&format!("{path}?version=v3&limit=1&cursor={next}")).await;
    assert_eq!((&last.json["data"], last.json.get("cursor")), (&json!(["user2"]), None));
}

#[tokio::test]
async fn members_are_sorted_by_the_moment_of_joining() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2"]).await;
    for name in ["user3", "user4"] {
        api.call("POST", &format!("chatgroups/{group}/users/{name}"), None).await;
    }
    // An owner who joined later than others.
    api.put(&format!("chatgroups/{group}"), json!({ "newowner": "user3" })).await;
    let path = format!("chatgroups/{group}/users");
    let names = async |query: &str| -> Vec<String> {
        let got = api.get(&format!("{path}{query}")).await;
        let name = |item: &Value| item.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        got.json["data"].as_array().unwrap().iter().map(name).collect()
    };
    let [asc, desc, usual] = [names("?sort=asc").await, names("?sort=desc").await, names("").await];
    assert_eq!((&asc[2..], &desc[..2]), (&["user3".to_owned(), "user4".into()][..], &["user4".to_owned(), "user3".into()][..]));
    assert_eq!(asc.iter().rev().collect::<Vec<_>>(), desc.iter().collect::<Vec<_>>());
    assert_eq!(usual.last().unwrap(), "user3", "the owner last");
    assert_eq!(names("?sort=asc&pagesize=1&pagenum=4").await, ["user4"]);
    assert_eq!(told(api.get(&format!("{path}?sort=up"))).await, parameter("sort must be asc or desc"));
}

#[tokio::test]
async fn members_are_added() {
    let (_roster, api) = world().await;
    let group = api.group(&[]).await;
    let path = format!("chatgroups/{group}/users");
    let one = format!("{path}/USER4");
    assert_eq!(told(api.call("POST", &one, None)).await, api.data("post", &one, user("add_member", &group, "user4")));
    let again = format!("can not join this group, reason:user: user4 already in group: {group}\n");
    assert_eq!(told(api.call("POST", &one, None)).await, forbidden(&again));
    assert_eq!(told(api.call("POST", &format!("{path}/user20"), None)).await, n1("user20"));
    assert_eq!(told(api.call("POST", "chatgroups/1/users/user4", None)).await, n2("1"));

    let batch = async |names: Value| told(api.post(&path, json!({ "usernames": names }))).await;
    let added = json!({ "newmembers": ["user5", "user6"], "groupid": group, "action": "add_member" });
    assert_eq!(batch(json!(["user5", "user6", "user4"])).await, api.data("post", &path, added));
    assert_eq!(batch(json!(["user5"])).await.0, 403);
    assert_eq!(batch(json!(["user7", "nobody"])).await, n1("nobody"));
    assert_eq!(api.members(&group).await, ["member user4", "member user5", "member user6", "owner user1"]);
    assert_eq!(batch(json!(many(61))).await, limit("members size is greater than max user size !"));
    assert_eq!(batch(json!([])).await, parameter("usernames must be provided"));
    assert_eq!(told(api.post("chatgroups/1/users", json!({ "usernames": many(61) }))).await, n2("1"), "the group counts first");

    // As curl sends it by default, without length, and with a body that is no JSON.
    let form = api.request("POST", &path).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(super::support::got(form.body(r#"{"usernames":["user7"]}"#)).await.status, 200);
    let broken = super::support::got(api.request("POST", &path).body("{usernames:")).await;
    assert_eq!((broken.status, &broken.json["error"]), (400, &json!("json_parse")));
    let small =
        api.post("chatgroups", json!({ "groupname": "s", "desc": "", "public": false, "owner": "user1", "maxusers": 2 })).await;
    let small = small.json["data"]["groupid"].as_str().unwrap().to_owned();
    let full = told(api.post(&format!("chatgroups/{small}/users"), json!({ "usernames": ["user2", "user3"] }))).await;
    assert_eq!((full, api.members(&small).await.len()), (limit("members size is greater than max user size !"), 1));
    let unknown = told(api.post(&format!("chatgroups/{small}/users"), json!({ "usernames": ["user2", "user3", "ghost"] }))).await;
    assert_eq!(unknown, n1("ghost"), "who does not exist counts first");
}

#[tokio::test]
async fn members_are_removed() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3", "user4", "user5"]).await;
    let path = |users: &str| format!("chatgroups/{group}/users/{users}");
    let remove = async |users: &str| told(api.delete(&path(users))).await;
    let one = path("user2");
    assert_eq!(remove("user2").await, api.data("delete", &one, user("remove_member", &group, "user2")));
    assert_eq!(remove("user2").await, f1("user2"));
    assert_eq!(remove("user1").await, f2());
    assert_eq!(remove("user3,user1").await, f2());
    let several = path("user3%2Cuser2,nobody");
    let expected = json!([
        user("remove_member", &group, "user3"),
        not_user("remove_member", &group, "user2", &format!("user: user2 doesn't exist in group: {group}")),
        not_user("remove_member", &group, "nobody", "user nobody doesn't exist."),
    ]);
    assert_eq!(remove("user3%2Cuser2,nobody").await, api.data("delete", &several, expected));
    assert_eq!(remove("user2,nobody").await, f1("user2, nobody"));
    assert_eq!(remove(&many(61).join(",")).await, parameter("kickMember: kickMembers number more than maxSize : 60"));
    assert_eq!(told(api.delete("chatgroups/1/users/user2")).await, n2("1"));
    assert_eq!(api.members(&group).await, ["member user4", "member user5", "owner user1"]);
}

#[tokio::test]
async fn admins_are_set_and_cancelled() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2"]).await;
    let path = format!("chatgroups/{group}/admin");
    assert_eq!(told(api.get(&path)).await, api.counted(&path, json!([])));
    let set = api.data("post", &path, json!({ "result": "success", "newadmin": "user2" }));
    assert_eq!(told(api.post(&path, json!({ "newadmin": "User2" }))).await, set);
    assert_eq!(told(api.post(&path, json!({ "newadmin": "user2" }))).await, set, "who is one already stays one");
    assert_eq!(told(api.get(&path)).await, api.counted(&path, json!(["user2"])));
    let (status, failure) = told(api.post(&path, json!({ "newadmin": "user3" }))).await;
    assert_eq!((status, &failure["error_description"]), (404, &json!(format!("user: user3 doesn't exist in group: {group}"))));
    assert_eq!(told(api.post(&path, json!({ "newadmin": "nobody" }))).await, n1("nobody"));
    assert_eq!(told(api.post(&path, json!({ "newadmin": "user1" }))).await, f2());
    assert_eq!(told(api.post(&path, json!({}))).await, parameter("newadmin must be provided"));
    let one = format!("{path}/user2");
    assert_eq!(told(api.delete(&one)).await, api.data("delete", &one, json!({ "result": "success", "oldadmin": "user2" })));
    assert_eq!(told(api.delete(&one)).await, forbidden(&format!("user:user2 is not admin of group:{group}")));
    assert_eq!(api.members(&group).await, ["member user2", "owner user1"]);
    for got in [
        api.get("chatgroups/1/admin").await,
        api.post("chatgroups/1/admin", json!({})).await,
        api.delete("chatgroups/1/admin/user2").await,
    ] {
        assert_eq!(super::support::seen(got), n2("1"));
    }
}

#[tokio::test]
async fn who_is_blocked_leaves_and_must_be_unblocked_to_come_back() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3", "user4"]).await;
    let path = format!("chatgroups/{group}/blocks/users");
    let at = |users: &str| format!("{path}/{users}");
    let block = async |name: &str| told(api.call("POST", &at(name), None)).await;
    assert_eq!(block("user2").await, api.data("post", &at("user2"), user("add_blocks", &group, "user2")));
    for stranger in ["user2", "user9", "nobody"] {
        assert_eq!(block(stranger).await, f1(stranger));
    }
    assert_eq!(block("user1").await, f2());
    assert_eq!(told(api.get(&path)).await, api.counted(&path, json!(["user2"])));
    let (status, refused) = told(api.call("POST", &format!("chatgroups/{group}/users/user2"), None)).await;
    assert_eq!((status, &refused["error"]), (403, &json!("forbidden_op")));

    let batch = async |names: Value| told(api.post(&path, json!({ "usernames": names }))).await;
    let reason = format!("user: user9 doesn't exist in group: {group}");
    let expected = json!([user("add_blocks", &group, "user3"), not_user("add_blocks", &group, "user9", &reason)]);
    assert_eq!(batch(json!(["user3", "user9"])).await, api.data("post", &path, expected));
    assert_eq!(batch(json!(["user4", "user1"])).await, f2());
    assert_eq!(batch(json!(["user8", "user9"])).await, f1("user8, user9"));
    assert_eq!(batch(json!(many(61))).await, parameter("userNames is more than max limit : 60"));
    assert_eq!(api.members(&group).await, ["member user4", "owner user1"]);

    let unblock = async |users: &str| told(api.delete(&at(users))).await;
    assert_eq!(unblock("user2").await, api.data("delete", &at("user2"), user("remove_blocks", &group, "user2")));
    assert_eq!(unblock("nobody").await, n1("nobody"));
    assert_eq!(unblock("user3,nobody").await, n1("nobody"));
    assert_eq!(unblock("user2").await, f1("user2"));
    api.post(&format!("chatgroups/{group}/blocks/users"), json!({ "usernames": ["user4"] })).await;
    let several = json!([user("remove_blocks", &group, "user3"), user("remove_blocks", &group, "user4")]);
    assert_eq!(unblock("user3%2Cuser4").await, api.data("delete", &at("user3%2Cuser4"), several));
    assert_eq!(unblock(&many(61).join(",")).await, parameter("removeBlacklist: list size more than max limit : 60"));
    assert_eq!(api.call("POST", &format!("chatgroups/{group}/users/user2"), None).await.status, 200);
    for got in [api.get("chatgroups/1/blocks/users").await, api.delete("chatgroups/1/blocks/users/user2").await] {
        assert_eq!(super::support::seen(got), n2("1"));
    }
}

/// The answer without the ends of mutes, which are given in minutes from now.
async fn muted(api: &Api, method: &str, path: &str, body: Option<Value>) -> (u16, Value, Vec<i64>) {
    let mut got = api.call(method, path, body).await;
    let now = store::db::now();
    let mut ends = Vec::new();
    for item in got.json.get_mut("data").and_then(Value::as_array_mut).into_iter().flatten() {
        let end = item.as_object_mut().unwrap().remove("expire").and_then(|end| end.as_i64()).unwrap_or_default();
        ends.push(if end == 4_638_873_600_000 { -1 } else { (end - now + 30_000) / 60_000 });
    }
    let (status, json) = super::support::seen(got);
    (status, json, ends)
}

#[tokio::test]
async fn mutes_are_set_listed_and_ended() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    let path = format!("chatgroups/{group}/mute");
    let mute = async |names: Value, duration: Value| {
        muted(&api, "POST", &path, Some(json!({ "usernames": names, "mute_duration": duration }))).await
    };
    let results = |names: &[&str]| json!(names.iter().map(|name| json!({ "result": true, "user": name })).collect::<Vec<_>>());
    let (status, json, ends) = mute(json!(["user2"]), json!(86_400_000)).await;
    assert_eq!(((status, json), ends), (api.data("post", &path, results(&["user2"])), vec![24 * 60]));
    let (status, json, ends) = mute(json!(["user3", "USER2"]), json!("-1")).await;
    assert_eq!(((status, json), ends), (api.data("post", &path, results(&["user3", "user2"])), vec![-1, -1]));

    let (status, json, ends) = muted(&api, "GET", &path, None).await;
    let listed = json!([{ "user": "user3" }, { "user": "user2" }]);
    assert_eq!(((status, json), ends), (api.data("post", &path, listed), vec![-1, -1]), "`post` is what the document shows");

    assert_eq!(mute(json!(["user9"]), json!(60_000)).await.1, f1("user9").1);
    assert_eq!(mute(json!(["user1"]), json!(60_000)).await.1, f2().1);
    assert_eq!(mute(json!(many(61)), json!(60_000)).await.1, parameter("userNames size is more than max limit : 60").1);
    assert_eq!(mute(json!(["user2"]), json!(-2)).await.1, parameter("mute_duration must be a whole number from 1 up").1);
    assert_eq!(told(api.post(&path, json!({ "usernames": ["user2"] }))).await, parameter("mute_duration must be provided"));

    let one = format!("{path}/user2");
    assert_eq!(told(api.delete(&one)).await, api.data("delete", &one, results(&["user2"])));
    assert_eq!(mute(json!(["user3"]), json!(0)).await.0, 200);
    assert_eq!(told(api.get(&path)).await, api.data("post", &path, json!([])));
    assert_eq!(told(api.delete(&format!("{path}/nobody"))).await, n1("nobody"));
    let over = format!("{path}/{}", many(61).join(","));
    assert_eq!(told(api.delete(&over)).await, parameter("removeMute member size more than max limit : 60"));
    let body = json!({ "usernames": ["user2"], "mute_duration": 1000 });
    for got in [
        api.get("chatgroups/1/mute").await,
        api.delete("chatgroups/1/mute/user2").await,
        api.post("chatgroups/1/mute", body).await,
    ] {
        assert_eq!(super::support::seen(got), n2("1"));
    }
}

#[tokio::test]
async fn a_mute_survives_leaving_either_way_and_the_list_names_members() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3", "user4"]).await;
    let path = format!("chatgroups/{group}/mute");
    let names = json!(["user2", "user3", "user4"]);
    api.post(&path, json!({ "usernames": names, "mute_duration": -1 })).await;
    let muted = async || -> Vec<String> {
        let items = api.get(&path).await.json["data"].clone();
        let mut names: Vec<String> =
            items.as_array().unwrap().iter().map(|item| item["user"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(muted().await, ["user2", "user3", "user4"]);
    assert_eq!(api.delete(&format!("chatgroups/{group}/users/user2")).await.status, 200);
    assert_eq!(api.call("POST", &format!("chatgroups/{group}/blocks/users/user3"), None).await.status, 200);
    assert_eq!(muted().await, ["user4"], "who has left is no member");
    assert_eq!(api.delete(&format!("chatgroups/{group}/blocks/users/user3")).await.status, 200);
    assert_eq!(muted().await, ["user4"], "who is unblocked is none either");
    for name in ["user2", "user3"] {
        assert_eq!(api.call("POST", &format!("chatgroups/{group}/users/{name}"), None).await.status, 200);
    }
    assert_eq!(muted().await, ["user2", "user3", "user4"], "who comes back is still muted");
    // A mute can end while its account is away.
    api.delete(&format!("chatgroups/{group}/users/user2")).await;
    assert_eq!(api.delete(&format!("{path}/user2")).await.status, 200);
    api.call("POST", &format!("chatgroups/{group}/users/user2"), None).await;
    assert_eq!(muted().await, ["user3", "user4"]);
}

#[tokio::test]
async fn the_owner_is_told_before_strangers_where_the_owner_comes_first() {
    let (_roster, api) = world().await;
    let group = api.group(&[]).await;
    let mute = async |names: Value| {
        told(api.post(&format!("chatgroups/{group}/mute"), json!({ "usernames": names, "mute_duration": -1 }))).await
    };
    assert_eq!(mute(json!(["user1", "ghost"])).await, f2());
    assert_eq!(mute(json!(["ghost", "user1", "user2"])).await, f1("ghost, user2"), "the owner is no stranger");
}

#[tokio::test]
async fn the_allow_list_holds_members() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    let path = format!("chatgroups/{group}/white/users");
    let one = format!("{path}/user2");
    let added = user("add_user_whitelist", &group, "user2");
    assert_eq!(told(api.call("POST", &one, None)).await, api.data("post", &one, added));
    let both = json!([user("add_user_whitelist", &group, "user3"), user("add_user_whitelist", &group, "user2")]);
    assert_eq!(told(api.post(&path, json!({ "usernames": ["user3", "user2"] }))).await, api.data("post", &path, both));
    assert_eq!(api.get(&path).await.json["count"], 2);
    assert_eq!(told(api.call("POST", &format!("{path}/user9"), None)).await, f1("user9"));
    let gone = json!([user("remove_user_whitelist", &group, "user2")]);
    assert_eq!(told(api.delete(&one)).await, api.data("delete", &one, gone));
    assert_eq!(told(api.get(&path)).await, api.counted(&path, json!(["user3"])));
    assert_eq!(
        told(api.post(&path, json!({ "usernames": many(61) }))).await,
        parameter("usernames size is more than max limit : 60")
    );
}
