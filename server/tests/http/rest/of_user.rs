//! The groups of a user, in both forms, and the roles of a user in a group.

use serde_json::{Value, json};

use super::world::{n1, n2, parameter, told, world};

#[tokio::test]
async fn the_groups_of_a_user_are_told_the_latest_joined_first() {
    let (_roster, api) = world().await;
    let first = api.group(&["user2"]).await;
    let second = api.group(&["user2"]).await;
    let path = "users/user2/joined_chatgroups";
    let item = |id: &String| json!({ "groupid": id, "groupname": "testgroup" });
    assert_eq!(told(api.get(path)).await, api.counted(path, json!([item(&second), item(&first)])));
    assert_eq!(told(api.get("users/user3/joined_chatgroups")).await, api.counted("users/user3/joined_chatgroups", json!([])));
    assert_eq!(told(api.get("users/user20/joined_chatgroups")).await, n1("user20"));
    let numbered = [("2", json!([item(&first)])), ("1", json!([item(&second)])), ("0", json!([item(&second)])), ("3", json!([]))];
    for (number, data) in numbered {
        let page = api.get(&format!("users/USER2/joined_chatgroups?pagenum={number}&pagesize=1")).await;
        assert_eq!((&page.json["data"], page.status), (&data, 200), "{number}");
    }
    let wrong = told(api.get(&format!("{path}?pagesize=0"))).await;
    assert_eq!(wrong, parameter("pagesize must be a whole number from 1 up"));
}

#[tokio::test]
async fn the_groups_of_a_user_are_told_with_what_they_are() {
    let (_roster, api) = world().await;
    let first = api.group(&["user2"]).await;
    let second = api.group(&["user2"]).await;
    api.put(&format!("chatgroups/{first}"), json!({ "avatar": "https://example.org/1" })).await;
    let group = |id: &str, avatar: &str| {
        json!({
            "id": id, "groupId": id, "name": "testgroup", "description": "test", "avatar": avatar, "owner": "user1", "public": true,
            "membersonly": false, "allowinvites": false, "maxusers": 300, "disabled": false, "created": 0,
        })
    };
    let (first, second) = (group(&first, "https://example.org/1"), group(&second, ""));
    let path = "chatgroups/user/USER2";
    let envelope = |rest: Value| (200, api.envelope("get", path, rest));
    assert_eq!(told(api.get(path)).await, envelope(json!({ "entities": [second, first], "total": 2 })));
    for (page, entities) in [("0", json!([second])), ("1", json!([first])), ("2", json!([]))] {
        let params = json!({ "pagesize": ["1"], "pagenum": [page] });
        let got = told(api.get(&format!("{path}?pagesize=1&pagenum={page}"))).await;
        assert_eq!(got, envelope(json!({ "entities": entities, "total": 2, "params": params })));
    }
    for _ in 0..21 {
        api.group(&["user3"]).await;
    }
    let sizes = [("", 5), ("?pagesize=20", 20), ("?pagesize=21", 20), ("?pagenum=4", 1)];
    for (query, size) in sizes {
        let got = api.get(&format!("chatgroups/user/user3{query}")).await;
        assert_eq!((got.json["entities"].as_array().unwrap().len(), &got.json["total"]), (size, &json!(21)), "{query}");
    }
    assert_eq!(told(api.get("chatgroups/user/user20")).await, n1("user20"));
    let text = "pagenum must be a whole number from 0 up";
    assert_eq!(told(api.get(&format!("{path}?pagenum=-1"))).await, parameter(text));
}

#[tokio::test]
async fn who_is_a_member_and_as_what_is_told() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    api.post(&format!("chatgroups/{group}/admin"), json!({ "newadmin": "user2" })).await;
    for (name, joined) in [("user1", true), ("USER2", true), ("user4", false), ("nobody", false)] {
        let path = format!("chatgroups/{group}/user/{name}/is_joined");
        assert_eq!(told(api.get(&path)).await, api.data("get", &path, json!(joined)), "{name}");
    }
    let path = format!("chatgroups/{group}/roles");
    let role = |name: &str, role: &str| json!({ "username": name, "role": role, "online": false });
    let all = json!([role("user3", "member"), role("user2", "admin"), role("user1", "owner")]);
    assert_eq!(told(api.get(&path)).await, api.counted(&path, all));
    for path in ["chatgroups/1/roles", "chatgroups/1/user/user1/is_joined"] {
        assert_eq!(told(api.get(path)).await, n2("1"), "{path}");
    }
}
