//! Messages: numbers per group, the text unchanged, what the log keeps.

use domain::page::ListParams;
use store::Scope;
use store::db::query_scalar;
use world::{World, admin, broken, viewer};

#[tokio::test]
async fn each_group_numbers_its_own() {
    let w = World::new().await;
    w.group("g", "Work", "").await;
    w.group("live", "AVChatRoom", "").await;
    let text = "</textarea><script>alert(1)</script>\n\u{202e}\u{1F600} \"'";
    for ids in [vec!["g"], vec!["live", "g", "gone"], vec!["g"]] {
        let ids = ids.into_iter().map(str::to_owned).collect();
        store::message::send(w.scope(&admin()), ids, text).await.unwrap();
    }
    let page = store::message::list(w.scope(&viewer()), "g", &ListParams::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|m| m.seq).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!((page.items[0].text.as_str(), page.items[0].sender.as_str()), (text, "olga"));
    assert_eq!(store::group::get(w.scope(&viewer()), "live").await.unwrap().message_count, 1);
    // The log holds number and length, not the text.
    let changes = w.last_event().await.changes;
    assert_eq!(changes.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["length", "seq"]);
    w.sound().await;
}

#[tokio::test]
async fn three_hundred_characters_and_not_one_more() {
    let w = World::new().await;
    w.group("g", "Work", "").await;
    let send = async |text: &str| store::message::send(w.scope(&admin()), vec!["g".into()], text).await;
    send(&"😀".repeat(300)).await.unwrap();
    assert_eq!(broken(send(&"a".repeat(301)).await), ["text: TooManyChars { max: 300, actual: 301 }"]);
    assert_eq!(broken(send(" \n").await), ["text: Blank"]);
    assert_eq!(broken(store::message::send(w.scope(&admin()), vec![], "hi").await), ["ids: Required"]);
    w.sound().await;
}

#[tokio::test]
async fn back_ends_send_in_the_name_of_accounts_or_in_their_own() {
    use domain::message::SenderType;
    use store::message::Post;
    let w = World::new().await;
    w.accounts(&["amy"]).await;
    for (id, kind) in [("g", "Work"), ("h", "Public"), ("live", "AVChatRoom")] {
        w.group(id, kind, "amy").await;
    }
    let app = store::application::named(&w.store, "acme", "chat").await.unwrap().unwrap();
    let to: Vec<String> = ["g", "gone", "live", "h"].map(str::to_owned).to_vec();
    let post = |from, text| Post { from, to: &to, text, ext_bytes: 0, max_groups: 4 };
    let long = "é".repeat(2560);
    let sent = store::message::post(Scope::new(&w.store, &admin(), &app), post("AMY", &long)).await.unwrap();
    let again = store::message::post(Scope::new(&w.store, &admin(), &app), post("admin", "hi")).await.unwrap();
    assert_eq!(sent.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), to);
    let ids: std::collections::HashSet<&String> = sent.iter().chain(&again).map(|(_, id)| id).collect();
    assert!(ids.len() == 8 && ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_digit())), "{ids:?}");

    let page = store::message::list(w.scope(&viewer()), "g", &ListParams::default()).await.unwrap();
    let seen: Vec<_> = page.items.iter().map(|m| (m.sender_type, m.sender.as_str(), m.text.len())).collect();
    assert_eq!(seen, [(SenderType::Credential, "admin", 2), (SenderType::Account, "amy", 5120)]);
    assert_eq!(store::group::get(w.scope(&viewer()), "live").await.unwrap().message_count, 0, "a chat room");
    let spoken: i64 = query_scalar("SELECT count(last_spoke_at) FROM member").fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(spoken, 2);

    let wrong = async |post: Post<'_>| broken(store::message::post(Scope::new(&w.store, &admin(), &app), post).await);
    let too_long = wrong(Post { ext_bytes: 1, ..post("amy", &long) }).await;
    assert_eq!(too_long, ["msg: TooManyBytes { max: 5120, actual: 5121 }"]);
    assert_eq!(wrong(post(" ", "")).await, ["from: Required", "msg: Required"]);
    assert_eq!(wrong(Post { max_groups: 3, ..post("amy", "hi") }).await, ["to: TooManyItems { max: 3, actual: 4 }"]);
    assert_eq!(wrong(Post { to: &[], ..post("amy", "hi") }).await, ["to: Required"]);
    w.sound().await;
}
