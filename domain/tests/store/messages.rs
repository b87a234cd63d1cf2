//! Messages: numbers per group, the text as it was, what the log keeps.

use domain::{group, message, page::ListParams};

use crate::world::{World, admin, broken, viewer};

#[tokio::test]
async fn each_group_numbers_its_own() {
    let w = World::new().await;
    w.group("g", "Work", "").await;
    w.group("live", "AVChatRoom", "").await;
    let text = "</textarea><script>alert(1)</script>\n\u{202e}\u{1F600} \"'";
    for ids in [vec!["g"], vec!["live", "g", "gone"], vec!["g"]] {
        let ids = ids.into_iter().map(str::to_owned).collect();
        message::store::send(&w.store, &admin(), w.app, ids, text).await.unwrap();
    }
    let page = message::store::list(&w.store, &viewer(), w.app, "g", &ListParams::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|m| m.seq).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!((page.items[0].text.as_str(), page.items[0].sender.as_str()), (text, "olga"));
    assert_eq!(group::store::get(&w.store, &viewer(), w.app, "live").await.unwrap().message_count, 1);
    // The log holds number and length, not the text.
    let changes = w.last_event().await.changes;
    assert_eq!(changes.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["length", "seq"]);
    w.sound().await;
}

#[tokio::test]
async fn three_hundred_characters_and_not_one_more() {
    let w = World::new().await;
    w.group("g", "Work", "").await;
    let send = async |text: &str| message::store::send(&w.store, &admin(), w.app, vec!["g".into()], text).await;
    send(&"😀".repeat(300)).await.unwrap();
    assert_eq!(broken(send(&"a".repeat(301)).await), ["text: TooManyChars { max: 300, actual: 301 }"]);
    assert_eq!(broken(send(" \n").await), ["text: Blank"]);
    assert_eq!(broken(message::store::send(&w.store, &admin(), w.app, vec![], "hi").await), ["ids: Required"]);
    w.sound().await;
}
