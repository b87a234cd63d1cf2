//! What a restore does to what is there, and when it is cut off.

use super::*;

#[tokio::test]
async fn what_is_there_is_only_moved_and_only_when_asked() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    share(&w, "g", "x", b"one").await.unwrap();
    let first = make(&w, to.path(), Options::default()).await;
    share(&w, "g", "y", b"two").await.unwrap();
    w.store.close().await;
    let data = w.folder.path();
    let refused = backup::restore(data, to.path(), "", false).await.unwrap_err();
    assert!(
        refused.to_string().contains("a database, files in files/") && refused.to_string().contains("--replace"),
        "{refused}"
    );
    let lock = Store::lock(data).unwrap();
    let served = backup::restore(data, to.path(), "", true).await.unwrap_err();
    assert!(matches!(served, BackupError::Open(OpenError::InUse { .. })), "{served}");
    drop(lock);
    let none = backup::restore(data, to.path(), "1999-12-31", true).await.unwrap_err();
    assert!(none.to_string().contains("1999-12-31"), "{none}");
    let name = first.path.file_name().unwrap().to_str().unwrap().replace('T', " ");
    let back = backup::restore(data, to.path(), &name[..13], true).await.unwrap();
    assert_eq!((contents(data).len(), back.contents), (1, 1));
    let before = back.before.unwrap();
    assert_eq!((contents(&before).len(), problems(&before).await), (2, vec![]), "the old is whole");
    assert_eq!(problems(data).await, Vec::<String>::new());
    // Not below what it is a copy of, and not a file.
    let inside = backup::make(data, &data.join("backups"), &Options::default()).await.unwrap_err();
    assert!(matches!(inside, BackupError::InsideData { .. }), "{inside}");
    for file in [to.path().join("roster.db"), first.path.join("MANIFEST.json")] {
        let refused = backup::make(data, &file, &Options::default()).await.unwrap_err();
        assert!(refused.to_string().contains("`roster backup FOLDER`"), "{refused}");
    }
}

/// As when it is killed once all is in place: what is left is of no use any more.
#[tokio::test]
async fn a_restore_that_is_cut_off_at_its_very_end_goes_on() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    let made = make(&w, to.path(), Options::default()).await;
    let data = restored(to.path()).await;
    let [ready, part] = ["restored", "restored.part"].map(|name| data.path().join(name));
    assert!(!ready.exists() && !part.exists());
    for folder in [&ready, &part] {
        fs::create_dir(folder).unwrap();
        fs::copy(made.path.join("MANIFEST.json"), folder.join("MANIFEST.json")).unwrap();
    }
    fs::write(ready.join("before"), "before-2026-11-27T20-43-21Z").unwrap();
    fs::write(ready.join("NAME"), "2026-11-27T20-43-21Z").unwrap();
    assert!(matches!(Store::open_existing(data.path()).await, Err(OpenError::CutOff { .. })));
    let back = backup::restore(data.path(), to.path(), "", false).await.unwrap();
    assert!(back.resumed && back.missing == 0 && !ready.exists() && !part.exists());
    // While that is removed it has another name, which blocks nothing.
    fs::create_dir(&part).unwrap();
    fs::write(part.join("NAME"), "").unwrap();
    Store::open_existing(data.path()).await.unwrap().close().await;
    backup::restore(data.path(), to.path(), "", true).await.unwrap();
    assert_eq!((part.exists(), problems(data.path()).await), (false, vec![]));
}

/// Mounted for as long as it is there.
#[cfg(target_os = "linux")]
struct Mounted(PathBuf);

#[cfg(target_os = "linux")]
impl Drop for Mounted {
    fn drop(&mut self) {
        let ended = std::process::Command::new("umount").arg("--lazy").arg(&self.0).status();
        assert!(ended.is_ok_and(|status| status.success()), "{:?} is still mounted", self.0);
    }
}

/// `None` where that is not allowed.
#[cfg(target_os = "linux")]
fn mount(from: &Path, to: &Path) -> Option<Mounted> {
    let mounted = std::process::Command::new("mount").arg("--bind").args([from, to]).output().ok()?;
    mounted.status.success().then(|| Mounted(to.to_owned()))
}

/// A folder of the same disk, so that only the system knows; another disk is a test of `backup/disk.rs`.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_moved_is_refused_before_anything_is() {
    let w = room().await;
    let [to, elsewhere] = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    share(&w, "g", "x", b"one").await.unwrap();
    make(&w, to.path(), Options::default()).await;
    w.store.close().await;
    let data = w.folder.path();
    let files = data.join("files");
    fs::rename(&files, elsewhere.path().join("files")).unwrap();
    fs::create_dir(&files).unwrap();
    let Some(mounted) = mount(&elsewhere.path().join("files"), &files) else {
        eprintln!("NOT RUN: nothing may be mounted here");
        fs::remove_dir(&files).unwrap();
        fs::rename(elsewhere.path().join("files"), &files).unwrap();
        return;
    };
    let names = || {
        let mut names: Vec<_> = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        // Made by the check whether the folder is served.
        names.retain(|name| name != "roster.lock");
        names.sort();
        names
    };
    let before = names();
    let refused = backup::restore(data, to.path(), "", true).await.unwrap_err();
    assert!(matches!(&refused, BackupError::Mounted { found, .. } if found == "files"), "{refused}");
    assert_eq!((names(), contents(data).len(), problems(data).await), (before, 1, vec![]), "nothing has changed");
    drop(mounted);
    backup::restore(data, to.path(), "", true).await.unwrap();
    assert_eq!((contents(data).len(), problems(data).await), (1, vec![]));
}
