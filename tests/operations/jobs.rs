//! Jobs: batches that are too large for one request.

use domain::{
    Caller, Error,
    error::Entity,
    event::{self, Action},
    job::{BatchOutcome, JobRow, JobState},
    operator::Role,
    page::ListParams,
    selection::Matching,
};
use jobs::batch;
use store::Scope;
use store::db::{Builder, query, query_scalar};
use world::{World, broken, names, viewer};

/// Everything, or what matches a term.
fn all(q: &str, except: &[&str]) -> Matching {
    Matching { all: "1".into(), q: q.into(), except: except.iter().map(|id| (*id).to_owned()).collect(), ..Matching::default() }
}

fn id(started: BatchOutcome) -> i64 {
    match started {
        BatchOutcome::Queued(id) => id,
        BatchOutcome::Completed(report) => panic!("done at once: {report:?}"),
    }
}

async fn row(w: &World, id: i64) -> JobRow {
    store::job::row(w.scope(&viewer()), id).await.unwrap()
}

async fn count(w: &World, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    Builder::unchecked(sql).build_query_scalar().fetch_one(&mut w.raw().await).await.unwrap()
}

#[tokio::test]
async fn everything_that_matches_is_deleted_but_the_exceptions() {
    let w = World::new().await;
    w.fill(2_000).await;
    let ada = w.operator("ada", Role::Admin).await;
    let started = batch::delete_groups(w.scope(&ada), vec![], all("", &["g0007", "g1999"]), "1,998").await.unwrap();
    let id = id(started);
    assert_eq!((row(&w, id).await.state, row(&w, id).await.total), (JobState::Waiting, 1_998));
    // What is made after the confirmation is not what was confirmed.
    w.group("late", "Work", "").await;
    jobs::run::run_waiting(&w.store).await.unwrap();
    let job = row(&w, id).await;
    assert_eq!((job.state, job.position, job.done, job.refused, job.gone), (JobState::Done, 1_998, 1_998, 0, 0));
    assert!(job.rate(0).is_some());
    let left = store::group::list(w.scope(&viewer()), &ListParams::default()).await.unwrap();
    let mut left: Vec<String> = left.items.into_iter().map(|row| row.group_id).collect();
    left.sort();
    assert_eq!(left, ["g0007", "g1999", "late"]);
    let events: i64 = query_scalar("SELECT count(*) FROM event WHERE action = 'group.delete' AND operator = 'ada'")
        .fetch_one(&mut w.raw().await)
        .await
        .unwrap();
    assert_eq!(events, 1_998);
    assert_eq!(count(&w, "job_item").await, 0);
    w.sound().await;
}

/// Waits for the writer while the first transaction of a job runs: how far the job is on the disk when it has given way. Then lets it end.
pub async fn in_the_way_of(w: &World, id: i64) -> i64 {
    let store = w.store.clone();
    let job = tokio::spawn(async move { jobs::run::run_waiting(&store).await });
    let began = std::time::Instant::now();
    tokio::time::sleep(std::time::Duration::from_millis(120)).await;
    let slept = began.elapsed();
    let mut transaction = w.store.write().await.unwrap();
    let sql = "SELECT position FROM job WHERE id = $1";
    let position: i64 = query_scalar(sql).bind(id).fetch_one(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    job.await.unwrap().unwrap();
    // On a machine that slept so long the first transaction may have ended.
    if slept.as_millis() < 200 { position } else { 0 }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_takes_a_long_transaction_back_when_somebody_waits_and_does_nothing_twice() {
    let w = World::new().await;
    w.fill(4_000).await;
    let ada = w.operator("ada", Role::Admin).await;
    let job = id(batch::send_messages(w.scope(&ada), vec![], all("", &[]), "hi").await.unwrap());
    assert_eq!(in_the_way_of(&w, job).await, 0, "rolled back");
    assert_eq!((row(&w, job).await.state, row(&w, job).await.done), (JobState::Done, 4_000));
    assert_eq!(count(&w, "message").await, 4_000);
    let job = id(batch::delete_groups(w.scope(&ada), vec![], all("", &[]), "4,000").await.unwrap());
    assert_eq!(in_the_way_of(&w, job).await, 0, "rolled back");
    let done = row(&w, job).await;
    assert_eq!((done.state, done.position, done.done, done.refused, done.gone), (JobState::Done, 4_000, 4_000, 0, 0));
    assert_eq!((count(&w, "\"group\"").await, count(&w, "job_item").await), (0, 0));
    for action in ["message.send", "group.delete"] {
        let sql = "SELECT count(*) FROM event WHERE action = $1 AND outcome = 'done'";
        let events: i64 = query_scalar(sql).bind(action).fetch_one(&mut w.raw().await).await.unwrap();
        assert_eq!(events, 4_000, "{action}");
    }
    w.sound().await;
}

#[tokio::test]
async fn a_few_are_done_at_once_however_they_were_chosen() {
    let w = World::new().await;
    w.fill(500).await;
    let ada = w.operator("ada", Role::Admin).await;
    let sent = batch::send_messages(w.scope(&ada), vec![], all("", &[]), "hi").await.unwrap();
    assert!(matches!(sent, BatchOutcome::Completed(report) if report.done == 500));
    let deleted = batch::delete_accounts(w.scope(&ada), vec![], all("u000", &[]), "").await.unwrap();
    assert!(matches!(deleted, BatchOutcome::Completed(report) if report.done == 9));
    let nothing = batch::delete_accounts(w.scope(&ada), vec![], all("nobody", &[]), "").await;
    assert_eq!(broken(nothing), ["ids: Required"]);
    assert_eq!(count(&w, "job").await, 0);
}

#[tokio::test]
async fn ids_that_are_gone_and_texts_to_many_groups() {
    let w = World::new().await;
    w.fill(700).await;
    let ada = w.operator("ada", Role::Admin).await;
    let mut ids = names("g", 700);
    ids.push("nowhere".into());
    let started = batch::send_messages(w.scope(&ada), ids, Matching::default(), "hello").await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    let job = jobs::job::get(w.scope(&viewer()), id(started)).await.unwrap();
    assert_eq!((job.row.done, job.row.gone, job.row.state), (700, 1, JobState::Done));
    assert_eq!((job.troubles[0].item.as_str(), &job.troubles[0].reason), ("nowhere", &None));
    assert_eq!(store::job::failed_items(&w.store, &job.row, 0).await.unwrap().len(), 1);
    let messages = store::message::list(w.scope(&viewer()), "g0400", &ListParams::default()).await.unwrap();
    assert_eq!((messages.items[0].text.as_str(), messages.items[0].sender.as_str()), ("hello", "ada"));
    w.sound().await;
}

#[tokio::test]
async fn members_go_but_the_owner_stays() {
    let w = World::new().await;
    w.fill(900).await;
    let ada = w.operator("ada", Role::Admin).await;
    w.account("boss").await;
    w.group("club", "Public", "boss").await;
    store::member::add(w.scope(&ada), "club", &names("u", 900).join(" ")).await.unwrap();
    assert_eq!(store::member::summary(w.scope(&viewer()), "club", vec![], all("", &[])).await.unwrap().members, 900);
    let started = batch::delete_members(w.scope(&ada), "club", vec![], all("", &["u0001"]), "899").await.unwrap();
    let job = row(&w, id(started)).await;
    assert_eq!(job.target, "club");
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!(store::group::get(w.scope(&viewer()), "club").await.unwrap().member_count, Some(2));
    w.sound().await;
}

#[tokio::test]
async fn what_is_not_confirmed_leaves_nothing_but_a_refusal() {
    let w = World::new().await;
    w.fill(600).await;
    let ada = w.operator("ada", Role::Admin).await;
    let wrong = batch::delete_groups(w.scope(&ada), vec![], all("", &[]), "599").await;
    assert_eq!(broken(wrong), ["confirm: CountMismatch { expected: 600 }"]);
    let wrong = batch::send_messages(w.scope(&ada), vec![], all("", &[]), " ").await;
    assert_eq!(broken(wrong), ["text: Blank"]);
    let forbidden = batch::delete_groups(w.scope(&viewer()), vec![], all("", &[]), "600").await;
    assert_eq!(forbidden, Err(Error::Forbidden));
    assert_eq!((count(&w, "job").await, count(&w, "job_item").await), (0, 0));
    assert_eq!(w.refused_items(Action::GroupDelete).await.len(), 2);
}

#[tokio::test]
async fn cancelling_keeps_what_is_done_and_only_in_its_own_app() {
    let w = World::new().await;
    w.fill(600).await;
    let ada = w.operator("ada", Role::Admin).await;
    let job = id(batch::delete_groups(w.scope(&ada), vec![], all("", &[]), "600").await.unwrap());
    assert_eq!(jobs::job::cancel(Scope::new(&w.store, &ada, w.other), job).await, Err(Error::NotFound(Entity::Job)));
    let eve = w.operator("eve", Role::Viewer).await;
    assert_eq!(jobs::job::cancel(w.scope(&eve), job).await, Err(Error::Forbidden));
    jobs::job::cancel(w.scope(&ada), job).await.unwrap();
    assert_eq!(row(&w, job).await.state, JobState::Cancelled);
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!(count(&w, "\"group\"").await, 600);
    // In the middle: as if the request had come while the job ran.
    let job = id(batch::delete_groups(w.scope(&ada), vec![], all("", &[]), "600").await.unwrap());
    query("UPDATE job SET state = 'running', cancelling = 1").execute(&mut w.raw().await).await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!((row(&w, job).await.state, count(&w, "job_item").await), (JobState::Cancelled, 0));
    assert_eq!(count(&w, "\"group\"").await, 600);
}

#[tokio::test]
async fn an_operator_who_lost_the_right_loses_the_job() {
    let w = World::new().await;
    w.fill(600).await;
    let ada = w.operator("ada", Role::Admin).await;
    w.operator("root", Role::Owner).await;
    let job = id(batch::delete_accounts(w.scope(&ada), vec![], all("", &[]), "600").await.unwrap());
    let list = store::operator::list_all(&w.store).await.unwrap();
    let ada = list.iter().find(|row| row.name == "ada").unwrap().id;
    store::operator::change_role(&w.store, &Caller::system(), ada, "viewer").await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    let job = row(&w, job).await;
    assert_eq!((job.state, job.error.as_deref()), (JobState::Failed, Some("forbidden")));
    assert!(store::account::get(w.scope(&viewer()), "u0001").await.is_ok());
}

/// As after a theft of the account. Not even a new password lets it continue.
#[tokio::test]
async fn a_password_that_was_reset_ends_the_jobs() {
    let w = World::new().await;
    w.fill(2_000).await;
    let owner = w.operator("owner", Role::Owner).await;
    let ada = w.operator("ada", Role::Admin).await;
    let system = Caller::system();
    for by_link in [true, false] {
        let started = batch::delete_groups(w.scope(&ada), vec![], all("", &[]), "2,000").await.unwrap();
        let id = id(started);
        if by_link {
            let ada = ada.operator_id().unwrap();
            let link = store::operator::reset_password(&w.store, &owner, ada).await.unwrap();
            let password = "another one of many words";
            store::operator::set_up(&w.store, &system, &link.token, "", password, password).await.unwrap();
        } else {
            store::operator::set_password(&w.store, &system, "ada", "another one of many words").await.unwrap();
        }
        jobs::run::run_waiting(&w.store).await.unwrap();
        let job = row(&w, id).await;
        assert_eq!((job.state, job.done), (JobState::Cancelled, 0), "by a link: {by_link}");
    }
    assert_eq!(count(&w, "\"group\"").await, 2_000);
}

/// The latest event of a job that was cancelled.
async fn last_cancelled(w: &World) -> event::Event {
    let id = w.events().await.iter().find(|row| row.action == Action::JobCancel).unwrap().id;
    store::event::get(&w.store, &Caller::system(), Some(w.app), id).await.unwrap()
}

/// What was done to the operator ends the jobs, says so in their apps, and nothing brings them back.
#[tokio::test]
async fn jobs_end_with_their_operator_and_say_why() {
    let w = World::new().await;
    w.fill(600).await;
    let owner = w.operator("owner", Role::Owner).await;
    let ada = w.operator("ada", Role::Admin).await;
    let ada_id = ada.operator_id().unwrap();
    let start = async || id(batch::delete_groups(w.scope(&ada), vec![], all("", &[]), "600").await.unwrap());
    let told = async |job: i64| {
        let event = last_cancelled(&w).await;
        assert_eq!((event.row.action, event.row.operator.as_str(), event.row.in_app), (Action::JobCancel, "owner", true));
        let value = |field: &str| event.changes.iter().find(|change| change.field == field).unwrap().after.clone().unwrap();
        assert_eq!(value("job"), job.to_string());
        value("cause")
    };
    let waiting = start().await;
    store::operator::set_disabled(&w.store, &owner, ada_id, true).await.unwrap();
    let row_now = row(&w, waiting).await;
    assert_eq!(row_now.state, JobState::Cancelled, "at once, not when its turn comes");
    assert!(row_now.finished_at.is_some());
    assert_eq!(told(waiting).await, "operator.disable");
    store::operator::set_disabled(&w.store, &owner, ada_id, false).await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!((row(&w, waiting).await.state, count(&w, "\"group\"").await), (JobState::Cancelled, 600));

    // One that runs stops after the chunk that it is at, enabled again or not.
    let running = start().await;
    query("UPDATE job SET state = 'running' WHERE id = $1").bind(running).execute(&mut w.raw().await).await.unwrap();
    store::operator::set_disabled(&w.store, &owner, ada_id, true).await.unwrap();
    assert_eq!((row(&w, running).await.state, row(&w, running).await.cancelling), (JobState::Running, true));
    store::operator::set_disabled(&w.store, &owner, ada_id, false).await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    assert_eq!((row(&w, running).await.state, count(&w, "\"group\"").await), (JobState::Cancelled, 600));

    let reset = start().await;
    store::operator::reset_password(&w.store, &owner, ada_id).await.unwrap();
    assert_eq!((row(&w, reset).await.state, told(reset).await.as_str()), (JobState::Cancelled, "operator.reset_password"));
    // Another operator's job continues, and what is over is not reported again.
    let events = w.event_count().await;
    store::operator::set_disabled(&w.store, &owner, ada_id, true).await.unwrap();
    assert_eq!(w.event_count().await, events + 1);
}

#[tokio::test]
async fn whoever_changes_their_password_may_stop_their_jobs_too() {
    let w = World::new().await;
    w.fill(600).await;
    let (ada, bo) = (w.operator("ada", Role::Admin).await, w.operator("bo", Role::Admin).await);
    let start = async |who: &Caller| id(batch::send_messages(w.scope(who), vec![], all("", &[]), "hi").await.unwrap());
    let (own, other) = (start(&ada).await, start(&bo).await);
    let change = async |current: &str, password: &str, stop_jobs: bool| {
        let input = store::operator::NewPasswordInput { current, password, repeat: password, stop_jobs };
        store::operator::change_password(&w.store, &ada, input, None).await.unwrap();
    };
    change(world::PASSWORD, "another long one", false).await;
    assert_eq!(row(&w, own).await.state, JobState::Waiting);
    change("another long one", "quite another one", true).await;
    assert_eq!((row(&w, own).await.state, row(&w, other).await.state), (JobState::Cancelled, JobState::Waiting));
    let event = last_cancelled(&w).await;
    assert_eq!(
        event.changes.iter().find(|change| change.field == "cause").unwrap().after.as_deref(),
        Some("operator.change_password")
    );
}

#[tokio::test]
async fn a_heavy_group_goes_in_pieces_and_nothing_stays_behind() {
    let w = World::new().await;
    w.fill(600).await;
    let ada = w.operator("ada", Role::Admin).await;
    w.account("boss").await;
    w.group("heavy", "Public", "boss").await;
    store::member::add(w.scope(&ada), "heavy", &names("u", 600).join(" ")).await.unwrap();
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
         SELECT (SELECT id FROM \"group\" WHERE group_id = 'heavy'), i, 'account', 'u0001', 'x', i FROM n";
    query(sql).execute(&mut w.raw().await).await.unwrap();
    w.recount().await;
    id(batch::delete_groups(w.scope(&ada), vec![], all("", &[]), "601").await.unwrap());
    jobs::run::run_waiting(&w.store).await.unwrap();
    for table in ["\"group\"", "member", "message"] {
        assert_eq!(count(&w, table).await, 0, "{table}");
    }
    w.sound().await;
}

#[tokio::test]
async fn what_is_left_of_old_jobs_is_dropped() {
    let w = World::new().await;
    w.fill(600).await;
    let ada = w.operator("ada", Role::Admin).await;
    id(batch::send_messages(w.scope(&ada), vec![], all("", &[]), "a").await.unwrap());
    jobs::run::run_waiting(&w.store).await.unwrap();
    id(batch::send_messages(w.scope(&ada), vec![], all("", &[]), "b").await.unwrap());
    assert_eq!(store::job::clean(&w.store).await.unwrap(), 0);
    let mut raw = w.raw().await;
    // One ended long ago, one was cut off while it was prepared.
    query("UPDATE job SET finished_at = 1 WHERE finished_at IS NOT NULL").execute(&mut raw).await.unwrap();
    query("UPDATE job SET state = 'preparing' WHERE state = 'waiting'").execute(&mut raw).await.unwrap();
    assert_eq!(store::job::clean(&w.store).await.unwrap(), 1, "this process may still be preparing it");
    // A minute ago, by the process before this one.
    query("UPDATE job SET created_at = created_at - 60000").execute(&mut raw).await.unwrap();
    assert_eq!(store::job::clean(&w.store).await.unwrap(), 1);
    assert_eq!((count(&w, "job").await, count(&w, "job_item").await), (0, 0));
}
