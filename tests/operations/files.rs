//! Shared files: that each content is stored once, is removed with its last row, and is never lost to a wrong database next to
//! it.

use domain::{Code, Error, error::Entity, file, limits};
use store::{Scope, Store, db::OpenError, db::query};
use world::{World, admin, files_below, viewer};

use crate::group_administration::room;

pub async fn share(w: &World, group: &str, name: &str, bytes: &[u8]) -> domain::Result<file::FileRow> {
    let mut upload = store::file::Upload::begin(w.scope(&admin()), group).await?;
    for piece in bytes.chunks(64 * 1024) {
        upload.write(piece).await?;
    }
    upload.finish(name).await
}

fn contents(w: &World) -> usize {
    files_below(w, "files")
}

#[tokio::test]
async fn shared_files_lie_once_and_go_with_their_last_row() {
    let w = room().await;
    w.group("h", "Work", "amy").await;
    let first = share(&w, "g", "../报告 \"1\".pdf", b"same").await.unwrap();
    let second = share(&w, "h", "b.txt", b"same").await.unwrap();
    assert_eq!((first.file_name.as_str(), first.file_size, contents(&w)), ("报告 \"1\".pdf", 4, 1));
    let (row, path) = store::file::find(w.scope(&viewer()), "g", &first.file_id).await.unwrap();
    assert_eq!((row, std::fs::read(path).unwrap()), (first.clone(), b"same".to_vec()));
    let elsewhere = store::file::find(w.scope(&viewer()), "g", &second.file_id).await;
    assert_eq!(elsewhere.unwrap_err(), Error::NotFound(Entity::File));
    let ids = vec![first.file_id.clone(), "none".into()];
    let report = store::file::delete(w.scope(&admin()), "g", ids, "").await.unwrap();
    assert_eq!((report.done, report.gone.len()), (1, 1));
    assert_eq!((store::file::sweep(&w.store).await.unwrap(), contents(&w)), (0, 1), "another group shares it still");
    store::group::delete(w.scope(&admin()), vec!["h".to_owned()], "").await.unwrap();
    assert_eq!((store::file::sweep(&w.store).await.unwrap(), contents(&w)), (1, 0));
    w.sound().await;
}

#[tokio::test]
async fn ten_megabytes_fit_and_one_byte_more_leaves_nothing() {
    let w = room().await;
    let full = vec![7; limits::GROUP_FILE_BYTES as usize];
    assert_eq!(share(&w, "g", "full", &full).await.unwrap().file_size, limits::GROUP_FILE_BYTES);
    let over = share(&w, "g", "over", &[&full[..], b"1"].concat()).await;
    assert_eq!(over, Err(Error::field("file", Code::FileTooLarge { max: limits::GROUP_FILE_BYTES })));
    assert_eq!((share(&w, "g", "empty", b"").await.unwrap().file_size, contents(&w)), (0, 2));
    assert_eq!(share(&w, "none", "x", b"x").await, Err(Error::NotFound(Entity::Group)));
    let before = w.event_count().await;
    let cut_off = store::file::Upload::begin(w.scope(&admin()), "g").await.unwrap();
    drop(cut_off);
    assert_eq!((contents(&w), w.event_count().await), (2, before));
}

#[tokio::test]
async fn what_a_killed_process_leaves_is_cleaned_up() {
    let w = room().await;
    w.harm();
    let kept = share(&w, "g", "kept", b"kept").await.unwrap();
    let folder = w.folder.path().join("files");
    std::fs::write(folder.join("tmp-of-a-process-before"), b"half").unwrap();
    std::fs::create_dir_all(folder.join("ab")).unwrap();
    std::fs::write(folder.join("ab").join("c".repeat(62)), b"no row").unwrap();
    let cleaned = store::file::clean(&w.store).await.unwrap();
    assert_eq!((cleaned.removed, cleaned.set_aside, cleaned.taken_back), (1, 1, 0));
    assert_eq!(std::fs::read(folder.join("aside").join(format!("ab{}", "c".repeat(62)))).unwrap(), b"no row");
    assert_eq!(store::file::aside::drop_all(&w.store, 2).await.unwrap(), None, "not that many");
    let aside = store::file::aside::drop_all(&w.store, 1).await.unwrap().unwrap();
    assert_eq!((aside.files, aside.bytes, aside.known), (1, 6, 0));
    // What is neither content nor unfinished upload is left alone.
    for odd in ["README", "ab/notes", "aside/README"] {
        std::fs::create_dir_all(folder.join(odd).parent().unwrap()).unwrap();
        std::fs::write(folder.join(odd), b"odd").unwrap();
    }
    std::fs::create_dir_all(folder.join("lost+found")).unwrap();
    assert_eq!(store::file::clean(&w.store).await.unwrap(), store::file::Cleaned::default());
    for odd in ["README", "ab/notes", "aside/README"] {
        std::fs::remove_file(folder.join(odd)).unwrap();
    }
    let (_, path) = store::file::find(w.scope(&viewer()), "g", &kept.file_id).await.unwrap();
    assert_eq!((std::fs::read(&path).unwrap(), contents(&w)), (b"kept".to_vec(), 1));
    w.sound().await;
    std::fs::remove_file(path).unwrap();
    assert_eq!(w.store.check().await.unwrap().len(), 1, "a row without a file is told");
}

/// A database that is older than the files, or a new one, removes nothing of the right one's.
#[tokio::test]
async fn a_wrong_database_beside_the_files_loses_none() {
    let w = room().await;
    w.harm();
    let old = share(&w, "g", "old", b"old").await.unwrap();
    let backup = w.folder.path().join("backup.db");
    w.store.backup(&backup).await.unwrap();
    let new = share(&w, "g", "new", b"new").await.unwrap();
    // What its own history has deleted is no stray.
    store::file::delete(w.scope(&admin()), "g", vec![old.file_id.clone()], "").await.unwrap();
    w.store.close().await;
    let file = |name: &str| w.folder.path().join(name);
    std::fs::rename(file("roster.db"), file("right.db")).unwrap();

    let open = async |name: &str| {
        if name.is_empty() {
            let refused = Store::open(w.folder.path()).await.unwrap_err();
            assert!(matches!(refused, OpenError::Abandoned { .. }), "{refused:?}");
            assert!(
                refused.to_string().contains("files in files/") && refused.to_string().contains("--new-database"),
                "{refused}"
            );
            let looked_at = Store::open_existing(w.folder.path()).await;
            assert!(matches!(looked_at, Err(OpenError::Abandoned { .. })), "{looked_at:?}");
            std::fs::write(file("roster.db"), b"").unwrap();
            assert!(matches!(Store::open(w.folder.path()).await, Err(OpenError::Abandoned { .. })), "an empty one");
            let store = Store::open_new(w.folder.path()).await.unwrap();
            assert!(matches!(Store::open_new(w.folder.path()).await, Err(OpenError::NotNew { .. })));
            return store;
        }
        std::fs::copy(file(name), file("roster.db")).unwrap();
        Store::open(w.folder.path()).await.unwrap()
    };
    // How many contents are put back, how many are set aside, and how many of them the database reports.
    for (name, taken, aside, known) in [("", 0, 2, 0), ("backup.db", 1, 2, 1), ("", 0, 2, 0), ("right.db", 1, 2, 1)] {
        let store = open(name).await;
        let cleaned = store::file::clean(&store).await.unwrap();
        assert_eq!(cleaned.taken_back, taken, "«{name}»");
        let found = store::file::aside::count(&store).await.unwrap();
        assert_eq!((found.files, found.known), (aside, known), "«{name}»");
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new(), "«{name}»");
        if name == "right.db" {
            let (_, path) = store::file::find(Scope::new(&store, &viewer(), w.app), "g", &new.file_id).await.unwrap();
            assert_eq!(std::fs::read(path).unwrap(), b"new");
        }
        store.close().await;
        std::fs::remove_file(file("roster.db")).unwrap();
    }
}

/// A content that does not match its name is not put back, and never over a good one.
#[tokio::test]
async fn a_bad_copy_that_was_set_aside_replaces_nothing() {
    let w = room().await;
    let shared = share(&w, "g", "good", b"good").await.unwrap();
    let (_, path) = store::file::find(w.scope(&viewer()), "g", &shared.file_id).await.unwrap();
    let hash = format!("{}{}", path.parent().unwrap().file_name().unwrap().display(), path.file_name().unwrap().display());
    let aside = w.folder.path().join("files/aside");
    std::fs::create_dir_all(&aside).unwrap();
    std::fs::write(aside.join(&hash), b"bad").unwrap();
    assert_eq!(store::file::clean(&w.store).await.unwrap(), store::file::Cleaned::default());
    assert_eq!(std::fs::read(&path).unwrap(), b"good");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(store::file::clean(&w.store).await.unwrap().taken_back, 0);
    assert!(!path.exists());
    // A file that was put back by hand, outside the folders, is understood.
    std::fs::write(w.folder.path().join("files").join(&hash), b"good").unwrap();
    assert_eq!(store::file::clean(&w.store).await.unwrap().taken_back, 1);
    assert_eq!(std::fs::read(&path).unwrap(), b"good");
}

/// A database without its log may have no tables yet; a new one would take the log away.
#[tokio::test]
async fn a_file_without_tables_is_no_database_and_a_log_is_kept() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::create_dir(file("imports")).unwrap();
    std::fs::write(file("imports/1.rows"), b"rows").unwrap();
    // A page of an empty database, as SQLite writes it.
    std::fs::File::create(file("roster.db")).unwrap();
    let mut raw = store::db::connect(&file("roster.db")).await.unwrap();
    query("PRAGMA user_version = 7").execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    assert!(std::fs::metadata(file("roster.db")).unwrap().len() > 0);
    assert!(matches!(Store::open(folder.path()).await, Err(OpenError::Abandoned { .. })));

    std::fs::remove_file(file("roster.db")).unwrap();
    std::fs::write(file("roster.db-wal"), b"changes").unwrap();
    let refused = Store::open(folder.path()).await.unwrap_err().to_string();
    assert!(refused.contains("changes in roster.db-wal, files in imports/"), "{refused}");
    Store::open_new(folder.path()).await.unwrap().close().await;
    let kept = |start: &str| {
        let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(start)).count()
    };
    assert_eq!((kept("roster.db-wal.before-"), kept("imports.before-")), (1, 1));
}

/// Killed between the content and its row: the clean-up removes it, and sets nothing aside forever.
#[tokio::test]
async fn an_upload_that_was_cut_off_before_its_commit_is_removed() {
    let w = room().await;
    query("CREATE TRIGGER refuse BEFORE INSERT ON group_file BEGIN SELECT RAISE(ABORT, 'cut off'); END")
        .execute(&mut w.raw().await)
        .await
        .unwrap();
    assert!(share(&w, "g", "x", b"x").await.is_err());
    assert_eq!(contents(&w), 2, "the content is in its place, with its second name, as after a kill");
    let cleaned = store::file::clean(&w.store).await.unwrap();
    assert_eq!((cleaned.removed, cleaned.set_aside, contents(&w)), (1, 0, 0));
    // Another operator has shared the same in the meantime.
    assert!(share(&w, "g", "x", b"x").await.is_err());
    query("DROP TRIGGER refuse").execute(&mut w.raw().await).await.unwrap();
    share(&w, "g", "y", b"x").await.unwrap();
    let cleaned = store::file::clean(&w.store).await.unwrap();
    assert_eq!((cleaned.removed, cleaned.set_aside, contents(&w)), (1, 0, 1));
    w.sound().await;
}
