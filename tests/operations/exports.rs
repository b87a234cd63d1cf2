//! Exports: who may fetch a file, how long it is there, and what is left when making one fails.

use domain::{
    Caller, Error,
    error::Entity,
    event::Action,
    export::{Export, ExportInput, ExportOutcome},
    job::JobState,
    operator::{Language, Role},
};
use store::Scope;
use store::db::{Builder, query, query_scalar};
use world::{World, broken, names};

use crate::export_formats::{input, matching};

/// An export that is small.
pub async fn ready(w: &World, caller: &Caller, input: &ExportInput) -> Export {
    match jobs::export::start(w.scope(caller), input, Language::En).await.unwrap() {
        ExportOutcome::Ready(export) => export,
        ExportOutcome::Job(id) => panic!("became job {id}"),
    }
}

async fn job(w: &World, caller: &Caller, input: &ExportInput) -> i64 {
    match jobs::export::start(w.scope(caller), input, Language::En).await.unwrap() {
        ExportOutcome::Job(id) => id,
        ExportOutcome::Ready(export) => panic!("made at once: {export:?}"),
    }
}

fn amy() -> ExportInput {
    ExportInput { ids: vec!["amy".into()], ..input("accounts", "csv") }
}

/// How many files there are.
fn files(w: &World) -> usize {
    std::fs::read_dir(w.folder.path().join("exports")).map_or(0, Iterator::count)
}

async fn rows(w: &World) -> i64 {
    query_scalar("SELECT count(*) FROM export").fetch_one(&mut w.raw().await).await.unwrap()
}

#[tokio::test]
async fn only_who_made_it_fetches_it_and_not_for_ever() {
    let w = World::new().await;
    let (ada, bo) = (w.operator("Ada", Role::Viewer).await, w.operator("Bo", Role::Owner).await);
    w.account("amy").await;
    let made = ready(&w, &ada, &amy()).await;
    let missing = Error::NotFound(Entity::Export);
    assert_eq!(store::export::find(w.scope(&bo), &made.token).await, Err(missing.clone()));
    assert_eq!(store::export::find(Scope::new(&w.store, &ada, w.other), &made.token).await, Err(missing.clone()));
    assert_eq!(store::export::find(w.scope(&ada), "../../roster.db").await, Err(missing.clone()));
    assert_eq!(store::export::find(w.scope(&Caller::anonymous(None)), &made.token).await, Err(Error::Unauthenticated));
    let file = store::export::find(w.scope(&ada), &made.token).await.unwrap();
    assert!(file.file_name.starts_with("chat-accounts-20") && file.file_name.ends_with(".csv"), "{}", file.file_name);
    assert!(!file.path.to_string_lossy().contains(&made.token));
    assert_eq!(store::export::clean(&w.store).await.unwrap(), 0);
    query("UPDATE export SET created_at = 0").execute(&mut w.raw().await).await.unwrap();
    assert_eq!(store::export::find(w.scope(&ada), &made.token).await, Err(missing));
    assert_eq!(store::export::clean(&w.store).await.unwrap(), 1);
    assert!(!file.path.exists());
}

#[tokio::test]
async fn an_operators_oldest_files_make_room() {
    let w = World::new().await;
    let (ada, bo) = (w.operator("Ada", Role::Viewer).await, w.operator("Bo", Role::Viewer).await);
    w.account("amy").await;
    let others = ready(&w, &bo, &amy()).await.token;
    let mut tokens = Vec::new();
    for _ in 0..22 {
        tokens.push(ready(&w, &ada, &amy()).await.token);
    }
    for (n, token) in tokens.iter().enumerate() {
        assert_eq!(store::export::find(w.scope(&ada), token).await.is_ok(), n >= 2, "{n}");
    }
    assert!(store::export::find(w.scope(&bo), &others).await.is_ok());
    assert_eq!(files(&w), 21);
}

#[tokio::test]
async fn an_export_that_fails_leaves_nothing() {
    let w = World::new().await;
    w.account("amy").await;
    let events = w.event_count().await;
    let system = Caller::system();
    let fails = async |format: &str| {
        let input = ExportInput { format: format.into(), ..amy() };
        let error = jobs::export::start(w.scope(&system), &input, Language::En).await;
        assert!(matches!(error, Err(Error::Internal(_))), "{error:?}");
    };

    // The file cannot be written.
    std::fs::write(w.folder.path().join("exports"), "").unwrap();
    fails("csv").await;
    assert_eq!((rows(&w).await, w.event_count().await), (0, events));
    std::fs::remove_file(w.folder.path().join("exports")).unwrap();

    // The file is there, but cannot be recorded.
    let fail = "CREATE TRIGGER fail BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'test'); END";
    query(fail).execute(&mut w.raw().await).await.unwrap();
    for format in ["csv", "xlsx", "jsonl"] {
        fails(format).await;
    }
    assert_eq!((rows(&w).await, w.event_count().await, files(&w)), (0, events, 0));
}

#[tokio::test]
async fn an_export_that_is_dropped_half_way_leaves_nothing() {
    let w = World::new().await;
    w.fill(9_000).await;
    let system = Caller::system();
    let input = ExportInput { matching: matching("", ""), ..input("accounts", "csv") };
    // The operator who asked is removed before it is ready, sooner or later.
    for wait in [1, 5, 20] {
        let export = jobs::export::start(w.scope(&system), &input, Language::En);
        let _ = tokio::time::timeout(std::time::Duration::from_millis(wait), export).await;
    }
    // What a thread was still writing ends with its page.
    for _ in 0..100 {
        if files(&w) as i64 == rows(&w).await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{} files, {} rows", files(&w), rows(&w).await);
}

#[tokio::test]
async fn files_without_a_row_go_once_no_export_can_be_making_them() {
    let w = World::new().await;
    w.account("amy").await;
    let made = ready(&w, &Caller::system(), &amy()).await;
    let kept = store::export::find(w.scope(&Caller::system()), &made.token).await.unwrap().path;
    let stray = kept.with_file_name("stray.csv");
    std::fs::write(&stray, "").unwrap();
    assert_eq!(store::export::clean(&w.store).await.unwrap(), 0);
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 60 * 60);
    for path in [&stray, &kept] {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(earlier).unwrap();
    }
    assert_eq!(store::export::clean(&w.store).await.unwrap(), 1);
    assert!(kept.exists() && !stray.exists());
}

#[tokio::test]
async fn refusals_and_files_are_in_the_log() {
    let w = World::new().await;
    let ada = w.operator("Ada", Role::Viewer).await;
    w.accounts(&["amy", "ben"]).await;
    w.group("g", "Work", "amy").await;
    let some = ExportInput { matching: matching("", "am"), sort: "name".into(), ..input("accounts", "jsonl") };
    assert_eq!(ready(&w, &ada, &some).await.rows, 1);
    let event = w.last_event().await;
    assert_eq!((event.row.action, event.row.operator.as_str()), (Action::AccountExport, "Ada"));
    let after = |field: &str| event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    assert_eq!((after("rows"), after("format"), after("q")), (Some("1".into()), Some("jsonl".into()), Some("am".into())));
    assert_eq!(after("sort"), Some("name".into()));
    assert!(after("columns").is_some_and(|columns| columns.starts_with("username, type, nickname")));
    for (list, action) in
        [("members", Action::MemberExport), ("messages", Action::MessageExport), ("events", Action::EventExport)]
    {
        let group_id = if list == "events" { "" } else { "g" };
        let input = ExportInput { matching: matching("", ""), group_id: group_id.into(), ..input(list, "csv") };
        ready(&w, &ada, &input).await;
        let event = w.last_event().await;
        assert_eq!((event.row.action, event.row.target.as_str()), (action, group_id));
    }
    let refused = jobs::export::start(w.scope(&ada), &input("groups", "csv"), Language::En).await;
    assert_eq!(broken(refused), ["ids: Required"]);
    assert_eq!(w.refused_items(Action::GroupExport).await, [" {\"error\":\"invalid\",\"error.ids\":\"Required\"}"]);
    let anonymous = jobs::export::start(w.scope(&Caller::anonymous(None)), &amy(), Language::En).await;
    assert_eq!(anonymous, Err(Error::Unauthenticated));
}

#[tokio::test]
async fn a_large_export_is_a_job_that_ends_in_a_file() {
    let w = World::new().await;
    w.fill(10_001).await;
    let (ada, bo) = (w.operator("Ada", Role::Viewer).await, w.operator("Bo", Role::Owner).await);
    let missing = Error::NotFound(Entity::Export);
    for format in ["csv", "xlsx", "jsonl"] {
        let everything = ExportInput { matching: matching("", ""), ..input("accounts", format) };
        let id = job(&w, &ada, &everything).await;
        let waiting = store::job::row(w.scope(&ada), id).await.unwrap();
        assert_eq!((waiting.state, waiting.total, waiting.mine), (JobState::Waiting, 10_001, true));
        assert_eq!(store::export::find_of_job(w.scope(&ada), id).await, Err(missing.clone()));
        // What a process left that was killed.
        let left = w.folder.path().join("exports").join(format!("job-{id}.{format}"));
        std::fs::create_dir_all(left.parent().unwrap()).unwrap();
        std::fs::write(&left, "half").unwrap();
        jobs::run::run_waiting(&w.store).await.unwrap();
        let done = store::job::row(w.scope(&ada), id).await.unwrap();
        assert_eq!((done.state, done.position, done.total, done.error), (JobState::Done, 10_001, 10_001, None));
        let file = store::export::find_of_job(w.scope(&ada), id).await.unwrap();
        assert!(file.file_name.ends_with(&format!(".{format}")) && file.path == left, "{file:?}");
        let told = store::export::of_job(w.scope(&ada), id).await.unwrap().unwrap();
        assert_eq!((told.rows, told.size), (10_001, std::fs::metadata(&left).unwrap().len()));
        assert_eq!(store::export::find_of_job(w.scope(&bo), id).await, Err(missing.clone()));
        assert_eq!(store::export::find_of_job(Scope::new(&w.store, &ada, w.other), id).await, Err(missing.clone()));
        assert_eq!(store::export::of_job(w.scope(&bo), id).await, Ok(None));
        // Killed after the file was there, before the job knew: it is not made again.
        query("UPDATE job SET state = 'running'").execute(&mut w.raw().await).await.unwrap();
        let before = (rows(&w).await, w.event_count().await);
        jobs::run::run_waiting(&w.store).await.unwrap();
        assert_eq!((rows(&w).await, w.event_count().await), before);
    }
    query("UPDATE export SET created_at = 0").execute(&mut w.raw().await).await.unwrap();
    assert_eq!((store::export::clean(&w.store).await.unwrap(), files(&w)), (3, 0));
}

#[tokio::test]
async fn a_job_that_is_cancelled_or_loses_its_operator_leaves_no_file() {
    let w = World::new().await;
    w.fill(10_001).await;
    let ada = w.operator("Ada", Role::Viewer).await;
    let everything = ExportInput { matching: matching("", ""), ..input("accounts", "csv") };
    let id = job(&w, &ada, &everything).await;
    // A workbook is put together elsewhere, so its file may stay untouched for hours.
    let path = w.folder.path().join(format!("exports/job-{id}.xlsx"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 60 * 60);
    std::fs::File::create(&path).unwrap().set_modified(earlier).unwrap();
    assert_eq!((store::export::clean(&w.store).await.unwrap(), files(&w)), (0, 1));
    query("UPDATE job SET cancelling = 1").execute(&mut w.raw().await).await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!(store::job::row(w.scope(&ada), id).await.unwrap().state, JobState::Cancelled);
    assert_eq!((store::export::clean(&w.store).await.unwrap(), files(&w), rows(&w).await), (1, 0, 0));

    // On the last page all rows are read, but there is no file.
    let id = job(&w, &ada, &everything).await;
    query("UPDATE job SET cancelling = 1, total = 1 WHERE id = $1").bind(id).execute(&mut w.raw().await).await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    let cancelled = store::job::row(w.scope(&ada), id).await.unwrap();
    assert!(cancelled.position >= cancelled.total, "{cancelled:?}");
    assert_eq!((cancelled.state, files(&w), rows(&w).await), (JobState::Cancelled, 0, 0));

    // The right to it was lost: by being disabled, or by a password reset, as after a theft of the account.
    for lost in ["disabled = 1", "disabled = 0, password_hash = NULL"] {
        query("UPDATE operator SET disabled = 0").execute(&mut w.raw().await).await.unwrap();
        let id = job(&w, &ada, &everything).await;
        let sql = format!("UPDATE operator SET {lost}");
        Builder::unchecked(sql).build().execute(&mut w.raw().await).await.unwrap();
        jobs::run::run_waiting(&w.store).await.unwrap();
        let failed = store::job::row(w.scope(&ada), id).await.unwrap();
        assert_eq!((failed.state, failed.error.as_deref()), (JobState::Failed, Some("forbidden")), "{lost}");
        assert_eq!((files(&w), rows(&w).await), (0, 0), "{lost}");
    }
}

#[tokio::test]
async fn a_selection_and_what_matches_without_some() {
    let w = World::new().await;
    w.fill(3_000).await;
    w.accounts(&["zoe"]).await;
    let system = Caller::system();
    let mut ids = names("u", 1_500);
    ids.extend(["ghost".to_owned(), "u0001".into()]);
    let made = ready(&w, &system, &ExportInput { ids: ids.clone(), ..input("accounts", "csv") }).await;
    assert_eq!((made.rows, made.gone), (1_500, vec!["ghost".to_owned()]));
    let except = ids;
    for (term, left) in [("", 1_501), ("u", 1_500), ("nick", 1_500)] {
        let matching = domain::selection::Matching { except: except.clone(), ..matching("", term) };
        let made = ready(&w, &system, &ExportInput { matching, ..input("accounts", "csv") }).await;
        assert_eq!(made.rows, left, "{term}");
    }
    // Accounts of one app do not exist in another.
    let other = jobs::export::start(Scope::new(&w.store, &system, w.other), &amy(), Language::En).await.unwrap();
    let ExportOutcome::Ready(other) = other else { panic!("a job") };
    assert_eq!((other.rows, other.gone), (0, vec!["amy".to_owned()]));
    w.group("mine", "Work", "zoe").await;
    for list in ["members", "messages"] {
        let input = ExportInput { group_id: "mine".into(), matching: matching("", ""), ..input(list, "csv") };
        let found = jobs::export::start(Scope::new(&w.store, &system, w.other), &input, Language::En).await;
        assert_eq!(found, Err(Error::NotFound(Entity::Group)));
    }
}
