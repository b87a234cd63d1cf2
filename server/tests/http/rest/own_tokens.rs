//! What users may do with tokens of their own: read the groups that they belong to, and share files there.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use store::Scope;

use super::{
    support::{Api, Got, failure, got, seen},
    world::{n2, world},
};
use crate::support::Roster;

/// The same app, with a token of that user.
async fn user(api: &Api, name: &str) -> Api {
    let got = api.post("token", json!({ "grant_type": "inherit", "username": name })).await;
    Api { token: got.json["access_token"].as_str().unwrap().to_owned(), ..api.clone() }
}

async fn share(api: &Api, group: &str, name: &str) -> Got {
    let form = Form::new().part("file", Part::bytes(b"bytes".to_vec()).file_name(name.to_owned()));
    got(api.request("POST", &format!("chatgroups/{group}/share_files")).multipart(form)).await
}

fn no_permission() -> (u16, Value) {
    let exception = "com.easemob.group.exception.GroupAuthorizationException";
    (401, failure("group_authorization", exception, "you have no permission to do this"))
}

/// Rises with every event.
fn events(roster: &Roster) -> u64 {
    roster.store.feed().number()
}

#[tokio::test]
async fn members_read_their_groups_and_nobody_elses() {
    let (_roster, api) = world().await;
    let (group, other) = (api.group(&["user2"]).await, api.group(&["user3"]).await);
    let member = user(&api, "user2").await;
    let path = format!("chatgroups/{group}");
    for call in ["", "/users", "/users?version=v3", "/announcement", "/share_files"] {
        let call = format!("{path}{call}");
        let (mut own, mut back_end) = (member.get(&call).await, api.get(&call).await);
        (own, back_end) = (Got { json: seen(own.clone()).1, ..own }, Got { json: seen(back_end.clone()).1, ..back_end });
        assert_eq!(own, back_end, "{call}");
        assert_eq!(own.status, 200, "{call}");
    }
    let found = member.get(&format!("chatgroups/{group},{other}")).await;
    assert_eq!(found.json["data"].as_array().unwrap().len(), 1, "of several those that it belongs to");
    assert_eq!(member.get("users/USER2/joined_chatgroups").await.json["data"][0]["groupid"], group);
    for call in ["", "/users", "/users?version=v3", "/announcement", "/share_files", "/share_files/x", "/admin", "/mute"] {
        assert_eq!(seen(member.get(&format!("chatgroups/{other}{call}")).await), no_permission(), "{call}");
    }
    for call in ["users/user3/joined_chatgroups", "users/nobody/joined_chatgroups", "chatgroups"] {
        assert_eq!(seen(member.get(call).await), no_permission(), "{call}");
    }
    assert_eq!(seen(member.get("chatgroups/1/announcement").await), n2("1"));
}

#[tokio::test]
async fn members_share_files_under_their_names() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    let (member, owner, stranger) = (user(&api, "user2").await, user(&api, "user1").await, user(&api, "user9").await);
    let path = format!("chatgroups/{group}/share_files");
    let id = |got: Got| got.json["data"]["file_id"].as_str().unwrap().to_owned();
    let (own, owners) = (id(share(&member, &group, "mine").await), id(share(&owner, &group, "owners").await));
    let listed = api.get(&path).await.json["data"].clone();
    assert_eq!((&listed[0]["file_owner"], &listed[1]["file_owner"]), (&json!("user1"), &json!("user2")));
    assert_eq!(member.request("GET", &format!("{path}/{owners}")).send().await.unwrap().bytes().await.unwrap(), &b"bytes"[..]);
    assert_eq!(seen(share(&stranger, &group, "x").await), no_permission());
    for got in [
        member.delete(&format!("{path}/{owners}")).await,
        stranger.delete(&format!("{path}/{own}")).await,
        stranger.get(&format!("{path}/{own}")).await,
    ] {
        assert_eq!(seen(got), no_permission());
    }
    assert_eq!(member.delete(&format!("{path}/{own}")).await.status, 200);
    let again = id(share(&member, &group, "mine").await);
    assert_eq!(owner.delete(&format!("{path}/{again}")).await.status, 200, "the owner takes away anything");
    assert_eq!(api.get(&path).await.json["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_users_may_not_do_fills_no_log() {
    let (roster, api) = world().await;
    let group = api.group(&["user2"]).await;
    let member = user(&api, "user2").await;
    let before = events(&roster);
    for (method, path, body) in [
        ("PUT", format!("chatgroups/{group}"), json!({ "groupname": "x" })),
        ("DELETE", format!("chatgroups/{group}"), json!({})),
        ("POST", format!("chatgroups/{group}/users/user3"), json!({})),
        ("DELETE", format!("chatgroups/{group}/users/user1"), json!({})),
        ("POST", format!("chatgroups/{group}/admin"), json!({ "newadmin": "user2" })),
        ("POST", format!("chatgroups/{group}/mute"), json!({ "usernames": ["user1"], "mute_duration": -1 })),
        ("POST", format!("chatgroups/{group}/announcement"), json!({ "announcement": "x" })),
        ("POST", format!("chatgroups/{group}/ban"), json!({})),
        ("POST", "chatgroups".to_owned(), json!({ "groupname": "x", "desc": "", "public": true, "owner": "user2" })),
    ] {
        assert_eq!(seen(member.call(method, &path, Some(body)).await), no_permission(), "{method} {path}");
    }
    assert_eq!(events(&roster), before);
}

/// What users change about themselves stays in the audit log forever, so its rate is limited; a back end's is not.
#[tokio::test]
async fn users_change_things_now_and_then() {
    let (_roster, api) = world().await;
    let group = api.group(&["user2", "user3"]).await;
    let (member, other) = (user(&api, "user2").await, user(&api, "user3").await);
    let reach_limit =
        failure("reach_limit", "com.easemob.common.exception.ReachLimitException", "This request has reached api limit");
    let mut refused = None;
    for n in 0..200 {
        let got = member.put("users/user2", json!({ "nickname": n.to_string() })).await;
        if got.status != 200 {
            refused = Some((n, got));
            break;
        }
    }
    let (n, got) = refused.expect("a limit");
    // More than the burst, as far as the test takes its time.
    assert!(n >= 20, "{n}");
    assert_eq!((got.status, &got.json["error"]), (429, &reach_limit["error"]));
    assert_eq!(member.get(&format!("chatgroups/{group}")).await.status, 200, "reading goes on");
    assert_eq!(api.put("users/user2", json!({ "nickname": "by the back end" })).await.status, 200);
    assert_eq!(other.put("users/user3", json!({ "nickname": "another" })).await.status, 200);
    // Files have their own, slower limit: the twenty-first has to wait for longer than a second.
    let mut shared = 0;
    loop {
        let form = Form::new().part("file", Part::bytes(b"bytes".to_vec()).file_name("file"));
        let answer = other.request("POST", &format!("chatgroups/{group}/share_files")).multipart(form).send().await.unwrap();
        let wait = answer.headers().get("retry-after").map(|seconds| seconds.to_str().unwrap().parse::<u64>().unwrap());
        match (answer.status().as_u16(), wait) {
            (200, None) => shared += 1,
            (429, Some(3..=60)) => break,
            (429, Some(1)) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(shared, 20);
    assert_eq!(share(&api, &group, "file").await.status, 200);
}

#[tokio::test]
async fn a_group_and_an_app_hold_what_their_quotas_say() {
    let (roster, api) = world().await;
    let group = api.group(&["user2"]).await;
    let app = crate::support::app_id(&roster.store, "one").await;
    let set = async |all: &str, each: &str| {
        let input = domain::application::FileQuotasInput { file_quota: all.into(), group_file_quota: each.into() };
        store::application::set_file_quotas(Scope::new(&roster.store, &domain::Caller::system(), app), &input).await.unwrap();
    };
    let exceeded = |text: String| (403, failure("exceed_limit", "com.easemob.group.exception.ExceedLimitException", &text));
    set("", "1 KB").await;
    let member = user(&api, "user2").await;
    assert_eq!(share(&member, &group, "small").await.status, 200);
    let large = |bytes: usize| {
        let form = Form::new().part("file", Part::bytes(vec![7; bytes]).file_name("large"));
        got(member.request("POST", &format!("chatgroups/{group}/share_files")).multipart(form))
    };
    let of_group = format!("shared files of group: {group} exceed its quota of 1024 bytes !");
    assert_eq!(seen(large(1024).await), exceeded(of_group.clone()));
    assert_eq!(seen(large(2_000_000).await), exceeded(of_group));
    set("1 KB", "").await;
    let of_app = "shared files of this app exceed its quota of 1024 bytes !".to_owned();
    assert_eq!(seen(large(1024).await), exceeded(of_app));
    assert_eq!(large(1000).await.status, 200);
    // The minimum of free space is checked before the disk is full.
    set("", "").await;
    roster.store.space().keep_free(u64::MAX - 1);
    assert_eq!(large(1).await.status, 507);
    assert_eq!(member.put("users/user2", json!({ "nickname": "small changes go on" })).await.status, 200);
}
