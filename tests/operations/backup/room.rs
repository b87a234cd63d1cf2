//! A full disk for backups: what failed is removed at once, old ones are removed to make space, and the last good one stays.

use domain::backup::BackupProblem;
use store::db::query;

use super::*;

/// As on a disk where so much has to stay free that nothing ever fits.
const NO_ROOM: Options = Options { verify: false, keep: None, keep_free: Some(1 << 60) };

fn names(folder: &Path) -> Vec<String> {
    backup::list(folder).unwrap().into_iter().map(|backup| backup.name).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn what_has_no_room_is_not_begun() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    let refused = backup::make(w.folder.path(), to.path(), &NO_ROOM).await.unwrap_err();
    assert_eq!(refused.trouble(), BackupProblem::Full, "{refused}");
    assert!(refused.to_string().contains("ROSTER_MIN_FREE"), "{refused}");
    assert_eq!(backup::list(to.path()).unwrap().len(), 0);
    make(&w, to.path(), Options { keep_free: Some(0), ..Options::default() }).await;
}

/// The contents would not fit, though the database does; existing ones do not count.
#[cfg(unix)]
#[tokio::test]
async fn contents_that_would_not_fit_are_not_begun() {
    let w = room().await;
    w.harm();
    let to = TempDir::new().unwrap();
    share(&w, "g", "x", b"one").await.unwrap();
    make(&w, to.path(), Options::default()).await;
    // Recorded as larger than any disk, and missing by now.
    let sql = "DROP TRIGGER IF EXISTS group_file_no_update; UPDATE group_file SET file_size = 1 << 60";
    query(sql).execute(&mut w.raw().await).await.unwrap();
    let refused = backup::make(w.folder.path(), to.path(), &Options::default()).await.unwrap_err();
    assert!(matches!(refused, BackupError::NoRoom { bytes, .. } if bytes == 1 << 60), "{refused}");
    assert_eq!((names(to.path()).len(), contents(to.path()).len()), (1, 1));
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing_of_its_own() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    let first = share(&w, "g", "x", b"one").await.unwrap();
    let good = make(&w, to.path(), Options::default()).await;
    for n in 0..20_u8 {
        share(&w, "g", "y", &[n; 1_000]).await.unwrap();
    }
    // Where the last one would go there is something else.
    let last = contents(w.folder.path()).pop().unwrap();
    let in_the_way = to.path().join("files").join(last.parent().unwrap().file_name().unwrap());
    let _ = fs::remove_dir_all(&in_the_way);
    fs::write(&in_the_way, "").unwrap();
    let left = contents(to.path()).len();
    backup::make(w.folder.path(), to.path(), &Options::default()).await.unwrap_err();
    let unfinished = fs::read_dir(to.path()).unwrap().flatten().filter(|entry| entry.path().extension().is_some());
    let unfinished: Vec<_> = unfinished.map(|entry| entry.file_name()).filter(|name| name != "backup.lock").collect();
    assert_eq!((contents(to.path()).len(), unfinished), (left, vec![]), "what earlier ones have stays");
    assert!(good.path.exists());
    fs::remove_file(&in_the_way).unwrap();
    assert_eq!(make(&w, to.path(), Options::default()).await.contents, 21);
    store::file::delete(w.scope(&admin()), "g", vec![first.file_id], "").await.unwrap();
    restored(to.path()).await;
}

#[cfg(unix)]
#[tokio::test]
async fn on_a_full_disk_the_oldest_makes_room_but_never_the_last_good_one() {
    let w = room().await;
    w.harm();
    let to = TempDir::new().unwrap();
    let keep = |keep, how: Options| Options { keep: Some(keep), ..how };
    let only_old = share(&w, "g", "old", b"old").await.unwrap();
    make(&w, to.path(), Options::default()).await;
    store::file::delete(w.scope(&admin()), "g", vec![only_old.file_id], "").await.unwrap();
    let whole = make(&w, to.path(), Options::default()).await;
    // What a killed one has left.
    let left = to.path().join("files").join("ab").join("c".repeat(62));
    fs::create_dir_all(left.parent().unwrap()).unwrap();
    fs::write(&left, "left").unwrap();
    // When all are kept, nothing is removed.
    backup::make(w.folder.path(), to.path(), &NO_ROOM).await.unwrap_err();
    assert_eq!((names(to.path()).len(), contents(to.path()).len()), (2, 2));
    for _ in 0..2 {
        backup::make(w.folder.path(), to.path(), &keep(2, NO_ROOM)).await.unwrap_err();
        assert_eq!((names(to.path()).len(), contents(to.path()).len()), (1, 0), "the oldest, and what nobody needs");
    }
    let lost = share(&w, "g", "gone", b"gone").await.unwrap();
    fs::remove_file(store::file::find(w.scope(&admin()), "g", &lost.file_id).await.unwrap().1).unwrap();
    for _ in 0..2 {
        assert_eq!(make(&w, to.path(), Options::default()).await.missing, 1);
    }
    backup::make(w.folder.path(), to.path(), &keep(1, NO_ROOM)).await.unwrap_err();
    let left = backup::list(to.path()).unwrap();
    assert_eq!(
        left.iter().map(backup::Backup::is_whole).collect::<Vec<_>>(),
        [true, false],
        "the last whole one, and the latest"
    );
    assert_eq!(left[0].path, whole.path);
    restored(&whole.path).await;
}
