//! A store in a folder of its own with two apps, and short ways to fill them.

#![allow(clippy::unwrap_used, reason = "what a test unwraps has to hold, in its helpers too")]

use std::sync::atomic::{AtomicBool, Ordering};

use domain::{
    Actor, Caller, Error, Result,
    account::NewAccountInput,
    application::{AppId, NewApplicationInput},
    event::{self, EventParams, EventRow},
    group::NewGroupInput,
    operator::Role,
    page::ListParams,
};
use store::{
    Scope, Store,
    check::{CheckOptions, check},
    db::{Conn, query, query_scalar},
};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery";

/// How much of something is tried: `usual`, or what the variable says. `make test-long` asks for more.
pub fn number_from<N: std::str::FromStr<Err: std::fmt::Debug>>(variable: &str, usual: N) -> N {
    std::env::var(variable).map_or(usual, |number| number.parse().unwrap())
}

/// What the operations keep beside the rows.
const RECOUNT: &str = "
    UPDATE \"group\" SET member_count = (SELECT count(*) FROM member WHERE group_key = \"group\".id),
        message_count = (SELECT count(*) FROM message WHERE group_key = \"group\".id),
        last_message_at = max(last_message_at, (SELECT coalesce(max(sent_at), 0) FROM message WHERE group_key = \"group\".id));
    UPDATE application SET account_count = (SELECT count(*) FROM account WHERE app_id = application.id),
        group_count = (SELECT count(*) FROM \"group\" WHERE app_id = application.id),
        member_count = (SELECT coalesce(sum(member_count), 0) FROM \"group\" WHERE app_id = application.id),
        message_count = (SELECT coalesce(sum(message_count), 0) FROM \"group\" WHERE app_id = application.id);
    INSERT INTO message_day (app_id, day, sent)
    SELECT g.app_id, m.sent_at / 86400000, count(*) FROM message m JOIN \"group\" g ON g.id = m.group_key WHERE true GROUP BY 1, 2
    ON CONFLICT (app_id, day) DO UPDATE SET sent = max(sent, excluded.sent);
    INSERT INTO event_day (app_id, day, action, done)
    SELECT app_id, at / 86400000, action, count(*) FROM event WHERE outcome = 'done' GROUP BY 1, 2, 3
    ON CONFLICT (app_id, day, action) DO UPDATE SET done = max(done, excluded.done);
    DELETE FROM event_name;
    INSERT INTO event_name (id, app_id, target, name, events)
    SELECT min(id), app_id, target, target_name, count(*) FROM event WHERE target_name <> '' GROUP BY 2, 3, 4;
    INSERT INTO account_fts (account_fts) VALUES ('rebuild');
    INSERT INTO group_fts (group_fts) VALUES ('rebuild');
    INSERT INTO event_name_fts (event_name_fts) VALUES ('rebuild')";

pub struct World {
    pub store: Store,
    pub app: AppId,
    pub other: AppId,
    pub folder: TempDir,
    /// Set by tests that do harm on purpose.
    pub is_harmed: AtomicBool,
}

/// Whatever a test did, counters, search rows and all other rules between tables hold in the end.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() || self.is_harmed.load(Ordering::Relaxed) {
            return;
        }
        let folder = self.folder.path().to_owned();
        // A thread of its own, because this one may be inside of a runtime.
        let checked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(check(&folder, &CheckOptions { quick: true, ..CheckOptions::default() })).unwrap().problems
        });
        assert_eq!(checked.join().unwrap(), Vec::<String>::new(), "the store is sound after the test");
    }
}

impl World {
    /// The world's first app, for that caller.
    pub fn scope<'a>(&'a self, caller: &'a Caller) -> Scope<'a> {
        Scope::new(&self.store, caller, self.app)
    }

    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        for app in ["chat", "other"] {
            let input = NewApplicationInput { display_name: app.into(), org_name: "acme".into(), app_name: app.into() };
            store::application::create(&store, &Caller::system(), &input).await.unwrap();
        }
        let app = store::application::find(&store, &Caller::system(), "acme", "chat").await.unwrap();
        let other = store::application::find(&store, &Caller::system(), "acme", "other").await.unwrap();
        Self { store, app, other, folder, is_harmed: AtomicBool::new(false) }
    }

    /// An operator in the database, signed in.
    pub async fn operator(&self, name: &str, role: Role) -> Caller {
        store::operator::add_with_password(&self.store, &Caller::system(), name, role, PASSWORD).await.unwrap();
        let id = store::operator::list_all(&self.store).await.unwrap().into_iter().find(|row| row.name == name).unwrap().id;
        Caller { actor: Actor::Operator { id, name: name.into(), role }, address: Some("192.0.2.7".into()), proof: None }
    }

    pub async fn account(&self, username: &str) {
        store::account::create(self.scope(&admin()), &new_account(username)).await.unwrap();
    }

    pub async fn accounts(&self, usernames: &[&str]) {
        for username in usernames {
            self.account(username).await;
        }
    }

    pub async fn group(&self, id: &str, kind: &str, owner: &str) {
        store::group::create(self.scope(&admin()), &new_group(id, kind, owner)).await.unwrap();
    }

    /// The latest events of the app, newest first.
    pub async fn events(&self) -> Vec<EventRow> {
        let params = EventParams { size: "100".into(), ..EventParams::default() };
        store::event::list(&self.store, &admin(), Some(self.app), &params).await.unwrap().page.items
    }

    pub async fn last_event(&self) -> domain::event::Event {
        let id = self.events().await[0].id;
        store::event::get(&self.store, &admin(), Some(self.app), id).await.unwrap()
    }

    /// The latest event of something that was done.
    pub async fn last_done(&self) -> domain::event::Event {
        let id = self.events().await.iter().find(|row| row.outcome == event::Outcome::Done).unwrap().id;
        store::event::get(&self.store, &admin(), Some(self.app), id).await.unwrap()
    }

    /// How many events there are, of all apps.
    pub async fn event_count(&self) -> i64 {
        query_scalar("SELECT count(*) FROM event").fetch_one(&mut self.raw().await).await.unwrap()
    }

    /// Target and details of the refused events of an action, in order.
    pub async fn refused_items(&self, action: event::Action) -> Vec<String> {
        let sql = "SELECT target || ' ' || state_after FROM event WHERE action = $1 AND outcome = 'refused' ORDER BY id";
        query_scalar(sql).bind(action.as_str()).fetch_all(&mut self.raw().await).await.unwrap()
    }

    /// A connection past the store, for looking and tampering.
    pub async fn raw(&self) -> Conn {
        raw_of(&self.folder).await
    }

    /// `n` accounts and `n` groups, past the operations: `u0001`, `g0001`…
    pub async fn fill(&self, n: i64) {
        let mut raw = self.raw().await;
        query(
            "INSERT INTO id_block (name, app_id, next) VALUES ('account', $2, 1 + $1), ('group', $2, 1 + $1)
             ON CONFLICT (name, app_id) DO UPDATE SET next = next + $1",
        )
        .bind(n)
        .bind(self.app.key())
        .execute(&mut raw)
        .await
        .unwrap();
        query(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
             INSERT INTO account (id, app_id, username, type, nickname, created_at)
             SELECT ($2 << 32) + next - 1 - $1 + i, $2, format('u%04d', i), 'General', 'nick', i
             FROM n JOIN id_block ON name = 'account' AND app_id = $2",
        )
        .bind(n)
        .bind(self.app.key())
        .execute(&mut raw)
        .await
        .unwrap();
        query(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
             INSERT INTO \"group\" (id, app_id, group_id, type, name, created_at)
             SELECT ($2 << 32) + next - 1 - $1 + i, $2, format('g%04d', i), 'Public', 'name', i
             FROM n JOIN id_block ON id_block.name = 'group' AND app_id = $2",
        )
        .bind(n)
        .bind(self.app.key())
        .execute(&mut raw)
        .await
        .unwrap();
        self.recount().await;
    }

    /// Counts and indexes again what was written past the operations, as they would have done it.
    pub async fn recount(&self) {
        query(RECOUNT).execute(&mut self.raw().await).await.unwrap();
    }

    /// For a test that does harm on purpose: nothing is checked at its end.
    pub fn harm(&self) {
        self.is_harmed.store(true, Ordering::Relaxed);
    }

    pub async fn sound(&self) {
        assert_eq!(self.store.check().await.unwrap(), Vec::<String>::new());
    }
}

/// How many files are below a folder of the data folder.
pub fn files_below(w: &World, folder: &str) -> usize {
    let mut folders = vec![w.folder.path().join(folder)];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files += 1 }
        }
    }
    files
}

pub async fn raw_of(folder: &TempDir) -> Conn {
    store::db::connect(&folder.path().join("roster.db")).await.unwrap()
}

pub fn admin() -> Caller {
    as_role(Role::Admin)
}

pub fn viewer() -> Caller {
    as_role(Role::Viewer)
}

fn as_role(role: Role) -> Caller {
    Caller { actor: Actor::Operator { id: 1, name: "olga".into(), role }, address: Some("192.0.2.1".into()), proof: None }
}

pub fn new_account(username: &str) -> NewAccountInput {
    NewAccountInput { account_type: "General".into(), username: username.into(), ..NewAccountInput::default() }
}

pub fn new_group(id: &str, kind: &str, owner: &str) -> NewGroupInput {
    NewGroupInput { name: "name".into(), owner: owner.into(), group_type: kind.into(), group_id: id.into() }
}

pub fn params(q: &str, kind: &str, sort: &str) -> ListParams {
    ListParams { q: q.into(), kind: kind.into(), sort: sort.into(), ..ListParams::default() }
}

pub fn names(prefix: &str, n: usize) -> Vec<String> {
    (1..=n).map(|i| format!("{prefix}{i:04}")).collect()
}

/// The broken fields and the names of their codes.
pub fn broken<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
    match result {
        Err(Error::Invalid(fields)) => fields.iter().map(|f| format!("{}: {:?}", f.field, f.code)).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}
