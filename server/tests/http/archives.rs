//! Archives of the audit log: owners fetch them, others do not learn which there are.

use domain::Caller;
use store::{db::now, event::archive};

use crate::support::{header_of, roster};

#[tokio::test]
async fn owners_fetch_what_left_the_log() {
    let roster = roster().await;
    let made = archive::archive_before(&roster.store, &Caller::system(), now() + 1).await.unwrap();
    let path = format!("/audit/archives/{}", made[0].file_name);
    let owner = roster.signed_in("owner").await;
    let file = owner.get(&path).await;
    assert_eq!(file.status(), 200);
    assert_eq!(header_of(&file, "content-type"), "application/x-ndjson; charset=utf-8");
    assert!(header_of(&file, "content-disposition").contains(&made[0].file_name));
    assert_eq!(header_of(&file, "cache-control"), "no-store");
    let text = file.text().await.unwrap();
    assert_eq!((text.len() as u64, text.lines().count() as u64), (made[0].bytes, made[0].events));
    assert!(text.contains("\"action\":\"application.create\""));
    let page = owner.get("/audit/archives").await.text().await.unwrap();
    assert!(page.contains(&made[0].file_name) && page.contains("Retention and archives"), "{page}");
    let asked = owner.get(&format!("/audit/archives?dialog=delete&ids={}", made[0].file_name)).await.text().await.unwrap();
    assert!(asked.contains("These events cannot be brought back") && asked.contains(&made[0].sha256), "{asked}");
    for name in ["events-1-1.jsonl", "..%2froster.db", "%2e%2e%2froster.db"] {
        assert_eq!(owner.get(&format!("/audit/archives/{name}")).await.status(), 404, "{name}");
    }
    for role in ["admin", "viewer"] {
        let other = roster.signed_in(role).await;
        assert_eq!(other.get(&path).await.status(), 404, "{role}");
        let page = other.get("/audit/archives").await;
        assert!(!page.text().await.unwrap().contains(&made[0].file_name), "{role}");
    }
    let nobody = roster.browser().get(&path).await;
    assert_ne!(nobody.status(), 200);
    assert!(!nobody.text().await.unwrap().contains("application.create"));
}
