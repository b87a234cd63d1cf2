//! `roster backup`, `restore` and `check`, by hand and by themselves.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    time::Duration,
};

use super::{PASSWORD, roster, said, serve};

fn run(data: &Path, words: &[&str]) -> Output {
    roster(data).args(words).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The finished backups in a folder.
fn backups(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.join("MANIFEST.json").is_file() && path.extension().is_none()).collect()
}

#[test]
fn backups_are_made_while_serving_and_can_be_served() {
    let [data, to, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let served = serve(roster(data.path()).env("ROSTER_DEMO", "1").env("ROSTER_ADMIN_PASSWORD", PASSWORD));
    let folder = to.path().join("backups");
    let first = run(data.path(), &["backup", text(&folder)]);
    assert!(first.status.success() && !said(&first).contains(" 0 of them new"), "{}", said(&first));
    let second = run(data.path(), &["backup", text(&folder), "--verify", "--keep", "1"]);
    assert!(
        second.status.success() && said(&second).contains(" 0 of them new") && said(&second).contains("Took 1"),
        "{}",
        said(&second)
    );
    let file = run(data.path(), &["backup", text(&to.path().join("roster.db"))]);
    assert!(file.status.code() == Some(2) && said(&file).contains("`roster backup FOLDER`"), "{}", said(&file));
    let inside = run(data.path(), &["backup", text(&data.path().join("backups"))]);
    assert!(inside.status.code() == Some(1) && said(&inside).contains("in the data folder"), "{}", said(&inside));
    let check = run(data.path(), &["check"]);
    assert!(check.status.success() && !said(&check).contains("WARN"), "{}", said(&check));

    let taken = run(data.path(), &["restore", text(&folder), "--replace"]);
    assert!(taken.status.code() == Some(1) && said(&taken).contains("already served"), "{}", said(&taken));
    let restored = run(other.path(), &["restore", text(&folder)]);
    assert!(restored.status.success() && said(&restored).contains("roster serve"), "{}", said(&restored));
    let again = run(other.path(), &["restore", text(&folder)]);
    assert!(again.status.code() == Some(1) && said(&again).contains("--replace"), "{}", said(&again));
    let again = run(other.path(), &["restore", text(&backups(&folder)[0]), "--replace"]);
    assert!(again.status.success() && said(&again).contains("before-"), "{}", said(&again));
    let check = run(other.path(), &["check"]);
    assert!(check.status.success(), "{}", said(&check));
    drop(served);
    let restored = serve(&mut roster(other.path())).start.clone();
    assert!(restored.contains("/sign-in"), "the operator is in the copy: {restored}");
}

#[test]
fn the_server_makes_one_by_itself() {
    let [data, to] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let folder = to.path().join("backups");
    let _served = serve(roster(data.path()).env("ROSTER_BACKUP", &folder));
    let made = (0..200).find(|_| {
        std::thread::sleep(Duration::from_millis(50));
        !backups(&folder).is_empty()
    });
    assert!(made.is_some(), "none was made");
    for (name, value) in [("ROSTER_BACKUP_EVERY", "daily"), ("ROSTER_BACKUP_KEEP", "none")] {
        let output = roster(data.path()).env(name, value).output().unwrap();
        assert!(output.status.code() == Some(2) && said(&output).contains(name), "{}", said(&output));
    }
}

/// As a user who may read the folder but not write there, as on a full or read-only disk.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_only_read_is_backed_up_and_checked() {
    use std::os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    };
    const NOBODY: u32 = 65_534;
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let around = tempfile::tempdir().unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(around.path(), 0o777);
    let data = around.path().join("data");
    // Nobody else may enter the binary's folder.
    let binary = around.path().join("roster");
    fs::hard_link(env!("CARGO_BIN_EXE_roster"), &binary)
        .or_else(|_| fs::copy(env!("CARGO_BIN_EXE_roster"), &binary).map(drop))
        .unwrap();
    let read_only = |words: &[&str]| {
        let mut command = std::process::Command::new(&binary);
        command.env_clear().env("ROSTER_DATA", &data).env("TMPDIR", around.path()).args(words);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output().unwrap()
    };
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    // Stopped in order; killed; killed and without the files that SQLite keeps next to the log.
    for (round, log, index) in [("stopped", false, false), ("killed", true, true), ("copied", true, false)] {
        let name = format!("operator-{round}");
        {
            let mut served = serve(roster(&data).env("ROSTER_DEMO", "1"));
            let added =
                roster(&data).args(["operator", "add", &name, "--role", "owner"]).env("ROSTER_PASSWORD", PASSWORD).output();
            assert!(added.unwrap().status.success());
            if log {
                served.child.kill().unwrap();
            } else {
                super::kill("-TERM", &served.child);
            }
            served.child.wait().unwrap();
        }
        assert_eq!(data.join("roster.db-wal").exists(), log, "{round}");
        if log && !index {
            fs::remove_file(data.join("roster.db-shm")).unwrap();
        }
        let before = names();
        assert!(std::process::Command::new("chmod").args(["-R", "a+rX,a-w"]).arg(&data).status().unwrap().success());
        let to = around.path().join(format!("backups-{round}"));
        let made = read_only(&["backup", text(&to)]);
        assert!(made.status.success(), "{round}: {}", said(&made));
        let check = read_only(&["check"]);
        assert!(check.status.success(), "{round}: {}", said(&check));
        assert_eq!(names(), before, "{round}: nothing is left there");
        assert!(std::process::Command::new("chmod").args(["-R", "u+w"]).arg(&data).status().unwrap().success());
        let restored = around.path().join(format!("restored-{round}"));
        let output = run(&restored, &["restore", text(&to)]);
        assert!(output.status.success(), "{round}: {}", said(&output));
        let list = said(&run(&restored, &["operator", "list"]));
        assert!(list.contains(&name), "{round}: the latest is in it: {list}");
    }
}

#[cfg(unix)]
#[test]
fn what_would_fill_the_disk_is_refused_with_a_sentence() {
    let [data, to] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    drop(serve(&mut roster(data.path())));
    let refused = roster(data.path()).args(["backup", text(to.path())]).env("ROSTER_MIN_FREE", "1000000 TB").output().unwrap();
    assert!(refused.status.code() == Some(1) && said(&refused).contains("there is no room for the backup"), "{}", said(&refused));
    let refused = run(data.path(), &["backup", text(to.path()), "--min-free", "much"]);
    assert!(refused.status.code() == Some(2) && said(&refused).contains("«much»"), "{}", said(&refused));
    let made = run(data.path(), &["backup", text(to.path()), "--min-free", "0"]);
    assert!(made.status.success(), "{}", said(&made));
}
