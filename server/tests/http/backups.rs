//! The state of the server's own backups, on the first page of an app.

use std::time::Duration;

use store::{backup::Schedule, db::now};

use crate::support::{Setting, roster_with};

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_after_the_data_sees_how_the_backups_stand() {
    let to = tempfile::tempdir().unwrap();
    let schedule = Schedule { folder: to.path().join("backups"), every: Duration::from_secs(3_600), keep: 2 };
    let watch = schedule.watch();
    let roster = roster_with(Setting { backups: Some(watch.clone()), ..Setting::default() }).await;
    let page = async |name: &str| roster.signed_in(name).await.get("/apps/acme/one/overview").await.text().await.unwrap();
    assert!(page("owner").await.contains("There is no backup yet."));
    schedule.step(&roster.store, &watch, now()).await;
    for name in ["owner", "admin"] {
        let page = page(name).await;
        assert!(page.contains("Last backup: ") && !page.contains("notice-danger"), "{name}");
    }
    let gone = Schedule { folder: to.path().join("not there/backups"), ..schedule };
    gone.step(&roster.store, &watch, now()).await;
    let owner = page("owner").await;
    assert!(owner.contains("The latest backup failed at ") && owner.contains(": the folder for backups is not there"), "{owner}");
    assert!(owner.contains("; the last good one was made at "));
    let viewer = page("viewer").await;
    assert!(!viewer.contains("overview-backup") && !viewer.contains("last_good"), "viewers cannot mend it");
    // Where none are made there is nothing to report.
    let other = roster_with(Setting::default()).await;
    let page = other.signed_in("owner").await.get("/apps/acme/one/overview").await.text().await.unwrap();
    assert!(page.contains("</html>") && !page.contains("overview-backup"));
}
