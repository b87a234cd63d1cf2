//! Backups and the way back: whole while everything is in motion, recognised when they are not, and still once they are restored.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use domain::{event::Action, job, limits, operator::Role, selection::Matching};
use store::{
    Scope, Store,
    backup::{self, BackupError, BackupReport, Options},
    check::{CheckOptions, check},
    db::{OpenError, now, query, query_as, query_scalar},
};
use tempfile::TempDir;
use world::{World, admin};

use crate::{
    crash::{child_folder, kills, start_child},
    files::share,
    group_administration::room,
    imports,
};

mod restoring;
mod room;
mod schedule;

/// The content that a folder with contents holds under its checksum.
fn contents(folder: &Path) -> Vec<PathBuf> {
    let parts = fs::read_dir(folder.join("files")).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> =
        parts.flat_map(|part| fs::read_dir(part.path()).into_iter().flatten().flatten()).map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

async fn make(w: &World, to: &Path, how: Options) -> BackupReport {
    backup::make(w.folder.path(), to, &how).await.unwrap()
}

/// What the check finds in a folder that no process serves.
async fn problems(folder: &Path) -> Vec<String> {
    check(folder, &CheckOptions::default()).await.unwrap().problems
}

/// Restored into a folder of its own, and sound.
async fn restored(from: &Path) -> TempDir {
    let data = TempDir::new().unwrap();
    backup::restore(data.path(), from, "", false).await.unwrap();
    assert_eq!(problems(data.path()).await, Vec::<String>::new());
    data
}

/// Shares and deletes files, and makes and deletes groups, until it is stopped.
async fn keep_changing(store: &Store, app: domain::application::AppId, name: &str, stop: &AtomicBool) {
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let id = format!("{name}{n}");
        let input = world::new_group(&id, "Public", "amy");
        store::group::create(Scope::new(store, &admin(), app), &input).await.unwrap();
        // One content of its own, and one that others share and lose at the same time.
        for bytes in [id.as_bytes(), &[n as u8 % 3]] {
            let mut upload = store::file::Upload::begin(Scope::new(store, &admin(), app), &id).await.unwrap();
            upload.write(bytes).await.unwrap();
            upload.finish("x").await.unwrap();
        }
        store::group::delete(Scope::new(store, &admin(), app), vec![id], "").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn backups_are_whole_while_everything_changes() {
    let w = room().await;
    w.fill(600).await;
    for n in 0..40_u8 {
        share(&w, "g", "kept", &[n; 100]).await.unwrap();
    }
    // It is not processed: every backup contains it.
    let all = Matching { all: "1".into(), ..Matching::default() };
    let started = jobs::batch::send_messages(w.scope(&admin()), vec![], all, "once").await.unwrap();
    let job::BatchOutcome::Queued(caught) = started else { panic!("not a job") };
    let stop = AtomicBool::new(false);
    let to = TempDir::new().unwrap();
    let backups = async {
        let mut made = Vec::new();
        for _ in 0..kills() {
            made.push(make(&w, to.path(), Options::default()).await);
        }
        stop.store(true, Ordering::Relaxed);
        made
    };
    let sweeping = tokio::spawn(store::file::sweep_always(w.store.clone()));
    let (made, ..) = tokio::join!(
        backups,
        keep_changing(&w.store, w.app, "a", &stop),
        keep_changing(&w.store, w.app, "b", &stop),
        keep_changing(&w.store, w.app, "c", &stop),
    );
    sweeping.abort();
    for made in made {
        assert!(made.contents >= 40 && made.missing == 0 && made.ended_jobs == 1, "{made:?}");
        let data = restored(&made.path).await;
        let store = Store::open(data.path()).await.unwrap();
        let row = store::job::row(Scope::new(&store, &admin(), w.app), caught).await.unwrap();
        assert_eq!((row.state, row.error.as_deref(), row.done), (job::JobState::Cancelled, Some(domain::backup::CUT_OFF), 0));
        jobs::run::run_waiting(&store).await.unwrap();
        let sql = "SELECT count(*) FROM message";
        let messages: i64 = query_scalar(sql).fetch_one(&mut world::raw_of(&data).await).await.unwrap();
        assert_eq!(messages, 0, "nothing goes on by itself");
        let events = World { store, app: w.app, other: w.other, folder: data, is_harmed: AtomicBool::new(false) };
        let told = events.events().await.into_iter().find(|row| row.action == Action::JobCancel);
        assert!(told.is_some_and(|row| row.at == made.at), "and the log says so");
    }
    // What was kept back is removed afterwards.
    store::file::sweep(&w.store).await.unwrap();
    assert_eq!(contents(w.folder.path()).len(), 40);
}

#[tokio::test]
async fn a_further_backup_copies_only_what_is_new() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    for bytes in [b"one", b"two"] {
        share(&w, "g", "x", bytes).await.unwrap();
    }
    let first = make(&w, to.path(), Options::default()).await;
    assert_eq!((first.contents, first.copied), (2, 2));
    share(&w, "g", "x", b"three").await.unwrap();
    let second = make(&w, to.path(), Options::default()).await;
    assert_eq!((second.contents, second.copied), (3, 1));
    assert_ne!(first.path, second.path);

    // A content that is damaged there is found by a thorough check, or by its size, and is copied again.
    let rotten = &contents(to.path())[0];
    let good = fs::read(rotten).unwrap();
    fs::write(rotten, vec![b'x'; good.len()]).unwrap();
    let verify = Options { verify: true, ..Options::default() };
    // Everything else is restored all the same, and what is lost is counted and not taken for what it should be.
    let data = TempDir::new().unwrap();
    let back = backup::restore(data.path(), to.path(), "", false).await.unwrap();
    assert_eq!((back.contents, back.missing, contents(data.path()).len()), (2, 1, 2));
    let found = problems(data.path()).await;
    assert!(found.len() == 1 && found[0].contains("is not in the folder files"), "{found:?}");
    // By default it reads each again once in thirty days.
    let front = rotten.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let has_its_turn = i64::from(u8::from_str_radix(front, 16).unwrap()) % 30 == now() / limits::DAY_MS % 30;
    assert_eq!(make(&w, to.path(), Options::default()).await.copied, u64::from(has_its_turn));
    assert_eq!(make(&w, to.path(), verify).await.copied, u64::from(!has_its_turn));
    assert_eq!(fs::read(rotten).unwrap(), good);
    fs::write(rotten, b"").unwrap();
    assert_eq!(make(&w, to.path(), Options::default()).await.copied, 1);
    restored(to.path()).await;
}

/// Others can compare everything without Roster.
#[tokio::test]
async fn the_list_of_sums_is_that_of_everything() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    share(&w, "g", "x", b"one").await.unwrap();
    imports::sent(&w, b"username\nnew\n", "accounts").await;
    let made = make(&w, to.path(), Options::default()).await;
    let compared = std::process::Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(&made.path).output();
    // Not every system has it.
    let Ok(compared) = compared else { return };
    let said = String::from_utf8_lossy(&compared.stdout).into_owned();
    assert!(compared.status.success() && said.matches(": OK").count() == 3, "{said}");
}

#[tokio::test]
async fn what_is_damaged_is_found_and_told() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    share(&w, "g", "x", b"one").await.unwrap();
    share(&w, "g", "y", b"two").await.unwrap();
    let whole = make(&w, to.path(), Options::default()).await;
    fs::write(&contents(w.folder.path())[0], b"???").unwrap();
    let quick = CheckOptions { quick: true, ..CheckOptions::default() };
    assert_eq!(check(w.folder.path(), &quick).await.unwrap().problems, Vec::<String>::new(), "of the right size");
    let found = problems(w.folder.path()).await;
    assert!(found.len() == 1 && found[0].contains("damaged"), "{found:?}");
    // The folder has it already; a new one does not get it.
    assert_eq!(make(&w, to.path(), Options::default()).await.missing, 0);
    let other = TempDir::new().unwrap();
    let made = make(&w, other.path(), Options::default()).await;
    assert_eq!((made.contents, made.missing), (1, 1));
    assert!(!store::backup::list(other.path()).unwrap()[0].is_whole());

    // A database or a list that was changed afterwards is not restored.
    for (name, word) in [("SHA256SUMS", "SHA256SUMS"), ("roster.db", "roster.db")] {
        let path = whole.path.join(name);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[good.len() / 2] ^= 1;
        fs::write(&path, bad).unwrap();
        let data = TempDir::new().unwrap();
        let refused = backup::restore(data.path(), &whole.path, "", false).await.unwrap_err();
        assert!(matches!(refused, BackupError::Damaged { .. }) && refused.to_string().contains(word), "{refused}");
        fs::write(&path, good).unwrap();
    }
    restored(&whole.path).await;
}

#[tokio::test]
async fn older_backups_go_but_never_the_last_whole_one() {
    let w = room().await;
    w.harm();
    let to = TempDir::new().unwrap();
    let only_old = share(&w, "g", "old", b"old").await.unwrap();
    share(&w, "g", "both", b"both").await.unwrap();
    let keep = |keep| Options { keep: Some(keep), ..Options::default() };
    let old = make(&w, to.path(), keep(2)).await;
    store::file::delete(w.scope(&admin()), "g", vec![only_old.file_id], "").await.unwrap();
    let whole = make(&w, to.path(), keep(2)).await;
    assert_eq!((whole.dropped, contents(to.path()).len()), (0, 2));
    let last = share(&w, "g", "gone", b"gone").await.unwrap();
    fs::remove_file(store::file::find(w.scope(&admin()), "g", &last.file_id).await.unwrap().1).unwrap();
    let broken = make(&w, to.path(), keep(2)).await;
    assert_eq!((broken.missing, broken.dropped), (1, 1));
    assert!(!old.path.exists() && whole.path.exists());
    assert_eq!(contents(to.path()).len(), 1, "what only the old one had is gone");
    for _ in 0..2 {
        make(&w, to.path(), keep(1)).await;
    }
    let left: Vec<bool> = store::backup::list(to.path()).unwrap().iter().map(store::backup::Backup::is_whole).collect();
    assert_eq!(left, [true, false], "the last whole one, and the latest");
    restored(&whole.path).await;
    // Where one cannot be read, its content is unknown.
    fs::write(whole.path.join("MANIFEST.json"), "{").unwrap();
    let refused = backup::make(w.folder.path(), to.path(), &keep(1)).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotRotated { .. }), "{refused}");
    assert_eq!((store::backup::list(to.path()).unwrap().len(), contents(to.path()).len()), (2, 1));
}

#[tokio::test]
async fn a_job_that_is_cut_off_is_told_with_the_name_of_its_group() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    let sql = "INSERT INTO id_block (name, app_id, next) VALUES ('job', 0, 2);
               INSERT INTO job (id, app_id, kind, target, state, total, created_at)
               SELECT 1, id, 'member.delete', 'g', 'running', 5, 0 FROM application WHERE app_name = 'chat'";
    query(sql).execute(&mut w.raw().await).await.unwrap();
    assert_eq!(make(&w, to.path(), Options::default()).await.ended_jobs, 1);
    let data = restored(to.path()).await;
    let sql = "SELECT e.target_name, g.name FROM event AS e JOIN \"group\" AS g ON g.app_id = e.app_id AND g.group_id = e.target
               WHERE e.action = 'job.cancel'";
    let (told, name): (String, String) = query_as(sql).fetch_one(&mut world::raw_of(&data).await).await.unwrap();
    assert_eq!(told, name);
    let found: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM event_name WHERE target = 'g' AND name = $1)")
        .bind(name)
        .fetch_one(&mut world::raw_of(&data).await)
        .await
        .unwrap();
    assert!(found, "and it is searched by it");
}

#[tokio::test]
async fn files_that_wait_to_be_imported_come_back() {
    let w = room().await;
    let to = TempDir::new().unwrap();
    let ada = w.operator("ada", Role::Admin).await;
    let about = imports::about("accounts");
    let send = async |bytes: &[u8]| imports::send(&w, &ada, w.app, bytes, &about).await.unwrap();
    let [waits, runs, lost] = [send(b"username\nnew\n").await, send(b"username\nother\n").await, send(b"username\nlost\n").await];
    let job = store::import::start(w.scope(&ada), runs, "stop").await.unwrap();
    // As when it is thrown away while the backup is made.
    fs::remove_file(w.folder.path().join(format!("imports/{lost}.rows"))).unwrap();
    make(&w, to.path(), Options::default()).await;
    let data = restored(to.path()).await;
    let store = Store::open(data.path()).await.unwrap();
    jobs::run::run_waiting(&store).await.unwrap();
    let row = store::job::row(Scope::new(&store, &admin(), w.app), job).await.unwrap();
    assert_eq!((row.state, row.error.as_deref()), (job::JobState::Cancelled, Some(domain::backup::CUT_OFF)));
    store::import::get(Scope::new(&store, &ada, w.app), lost).await.unwrap_err();
    let job = store::import::start(Scope::new(&store, &ada, w.app), waits, "stop").await.unwrap();
    jobs::run::run_waiting(&store).await.unwrap();
    assert_eq!(store::job::row(Scope::new(&store, &admin(), w.app), job).await.unwrap().done, 1);
}

/// Shares something new and makes a backup, or restores one, again and again until it is killed.
async fn work_until_killed(folder: &Path) {
    let [data, to, other] = ["data", "to", "other"].map(|name| folder.join(name));
    println!("\nack begun");
    loop {
        if folder.join("restore").exists() {
            backup::restore(&other, &to, "", true).await.unwrap();
        } else {
            backup::make(&data, &to, &Options { keep: Some(2), ..Options::default() }).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_backup_or_restore_leaves_nothing_that_looks_good_and_is_not() {
    if let Some(folder) = child_folder() {
        return work_until_killed(&folder).await;
    }
    let w = room().await;
    w.harm();
    for n in 0..60_u8 {
        share(&w, "g", "x", &vec![n; 20_000]).await.unwrap();
    }
    w.store.close().await;
    let folder = TempDir::new().unwrap();
    let [data, to, other] = ["data", "to", "other"].map(|name| folder.path().join(name));
    fs::rename(w.folder.path(), &data).unwrap();
    let round = |number: u64| {
        let mut child =
            start_child("backup::a_killed_backup_or_restore_leaves_nothing_that_looks_good_and_is_not", folder.path(), number);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        lines.find(|line| line == "ack begun").expect("the child begins");
        std::thread::sleep(Duration::from_millis(15 + 37 * (number % 11)));
        child.kill().unwrap();
        child.wait().unwrap();
    };
    for number in 0..kills() {
        round(number);
        for found in store::backup::list(&to).unwrap() {
            restored(&found.path).await;
        }
        let made = backup::make(&data, &to, &Options::default()).await.unwrap();
        assert_eq!((made.contents, made.missing), (60, 0));
        let unfinished =
            fs::read_dir(&to).unwrap().flatten().filter(|entry| entry.file_name().to_string_lossy().ends_with(".part"));
        assert_eq!(unfinished.count(), 0);
        // Contents of this one are to be copied again.
        if number % 2 == 0 {
            fs::remove_dir_all(&to).unwrap();
        }
    }
    backup::make(&data, &to, &Options::default()).await.unwrap();
    fs::write(folder.path().join("restore"), "").unwrap();
    backup::restore(&other, &to, "", true).await.unwrap();
    for number in 0..kills() {
        round(number);
        match Store::open_existing(&other).await {
            Ok(store) => {
                assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
                store.close().await;
            }
            Err(error) => {
                assert!(matches!(error, OpenError::CutOff { .. }), "{error}");
                assert!(matches!(Store::open(&other).await, Err(OpenError::CutOff { .. })));
                assert!(backup::restore(&other, &to, "", false).await.unwrap().resumed);
            }
        }
        assert_eq!(problems(&other).await, Vec::<String>::new());
    }
}
