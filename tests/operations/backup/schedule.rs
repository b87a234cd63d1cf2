//! Backups that the server makes regularly, and what prevents one.

use domain::backup::BackupProblem;
use store::backup::{BackupMonitor, Schedule};
use store::db::query;

use super::*;

#[tokio::test]
async fn the_server_makes_one_when_it_is_due_and_says_how_they_stand() {
    let w = room().await;
    w.harm();
    let to = TempDir::new().unwrap();
    let hour = Duration::from_secs(3_600);
    let schedule = Schedule { folder: to.path().join("backups"), every: hour, keep: 2 };
    let watch = schedule.watch();
    let state = || watch.state();
    let names = || backup::list(&schedule.folder).unwrap().len();
    assert!(state().last_good.is_none() && state().is_overdue(now()));
    schedule.step(&w.store, &watch, now()).await;
    let first = state().last_good.unwrap();
    assert_eq!((names(), state().failed, state().is_overdue(now())), (1, None, false));
    schedule.step(&w.store, &watch, first + limits::HOUR_MS - 1).await;
    assert_eq!(names(), 1, "not yet");
    schedule.step(&w.store, &watch, first + limits::HOUR_MS).await;
    schedule.step(&w.store, &watch, now() + limits::HOUR_MS).await;
    assert_eq!(names(), 2, "the first is gone");
    // Another process learns it from the folder.
    let again = schedule.watch();
    schedule.step(&w.store, &again, now()).await;
    assert_eq!((again.state().last_good, names()), (state().last_good, 2));
    assert!(state().is_overdue(now() + 3 * limits::HOUR_MS));

    let gone = Schedule { folder: to.path().join("not mounted/backups"), ..schedule.clone() };
    gone.step(&w.store, &watch, now()).await;
    let trouble = |watch: &BackupMonitor| watch.state().failed.map(|failed| failed.trouble);
    assert_eq!(trouble(&watch), Some(BackupProblem::NotWritable));
    assert!(state().failed.is_some_and(|failed| (now() - failed.at).abs() < limits::MINUTE_MS));
    assert!(state().last_good.is_some(), "what was good still is");
    share(&w, "g", "x", b"lost").await.unwrap();
    fs::remove_file(&contents(w.folder.path())[0]).unwrap();
    let elsewhere = Schedule { folder: to.path().join("elsewhere"), ..schedule.clone() };
    elsewhere.step(&w.store, &watch, now()).await;
    assert_eq!(trouble(&watch), Some(BackupProblem::Incomplete));
    elsewhere.step(&w.store, &watch, now()).await;
    assert_eq!(backup::list(&elsewhere.folder).unwrap().len(), 1, "trying again at once would only bring another one");
    let again = elsewhere.watch();
    elsewhere.step(&w.store, &again, now()).await;
    assert_eq!((trouble(&again), again.state().last_good), (Some(BackupProblem::Incomplete), None), "another process knows");
    // One that is made by hand counts.
    gone.step(&w.store, &watch, now()).await;
    query("DELETE FROM group_file").execute(&mut w.raw().await).await.unwrap();
    let by_hand = make(&w, &schedule.folder, Options::default()).await;
    schedule.step(&w.store, &watch, now()).await;
    assert_eq!((state().failed, state().last_good), (None, Some(by_hand.at)));
}

/// As when the clock ran ahead and was put right.
#[tokio::test]
async fn a_backup_of_the_future_stops_nothing() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    let hour = Duration::from_secs(3_600);
    let schedule = Schedule { folder: to.path().to_owned(), every: hour, keep: 2 };
    let ahead = now() + 1000 * limits::HOUR_MS;
    for _ in 0..2 {
        let made = make(&w, to.path(), Options::default()).await;
        let manifest = made.path.join("MANIFEST.json");
        let text = fs::read_to_string(&manifest).unwrap().replace(&made.at.to_string(), &ahead.to_string());
        fs::write(&manifest, text).unwrap();
    }
    let watch = schedule.watch();
    schedule.step(&w.store, &watch, now()).await;
    let last_good = watch.state().last_good.unwrap();
    assert!(last_good <= now() && !watch.state().is_overdue(now()));
    // It is the latest, and those of the future are taken out first.
    let made_at = || backup::list(to.path()).unwrap().iter().map(|backup| backup.manifest.made_at).collect::<Vec<_>>();
    assert_eq!(made_at(), [ahead, last_good]);
    schedule.step(&w.store, &watch, last_good + limits::HOUR_MS - 1).await;
    assert_eq!(made_at(), [ahead, last_good], "not yet");
    schedule.step(&w.store, &watch, last_good + limits::HOUR_MS).await;
    assert_eq!((made_at().len(), made_at()[0]), (2, last_good));
    // With only one dated in the future there is no good one.
    assert!(domain::backup::BackupState { last_good: Some(ahead), every: limits::HOUR_MS, failed: None }.is_overdue(now()));
}

#[tokio::test]
async fn another_one_under_way_is_no_failure() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    let schedule = Schedule { folder: to.path().to_owned(), every: Duration::from_secs(3_600), keep: 2 };
    let watch = schedule.watch();
    let lock = fs::File::create(to.path().join("backup.lock")).unwrap();
    lock.lock().unwrap();
    let wait = schedule.step(&w.store, &watch, now()).await;
    assert_eq!((wait, watch.state().failed), (Duration::from_secs(60), None));
    drop(lock);
    schedule.step(&w.store, &watch, now()).await;
    assert!(watch.state().last_good.is_some());
}
