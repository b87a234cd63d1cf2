//! How a change is run: it is described first, so that it can be run again.

use std::borrow::Cow;

use domain::{Caller, Permission, Result, application::AppId, event::Action};

use super::{Change, refuse};
use crate::{Scope, Store, db::now, feed::Tally, identity};

/// What a change will be: who makes it, what it does, and where. Nothing happens before [`in_change!`](crate::in_change) runs it.
#[derive(Clone)]
#[must_use = "nothing begins before in_change! runs it"]
pub struct ChangeSpec<'a> {
    store: &'a Store,
    caller: &'a Caller,
    permission: Option<Permission>,
    action: Action,
    app: Option<AppId>,
    target: Cow<'a, str>,
    /// What a refusal is recorded as.
    refused_as: Action,
    /// Whether the app's own API credentials are refused whatever they may do.
    operators_only: bool,
}

impl<'a> ChangeSpec<'a> {
    /// A change in an app. The caller needs the permission, also when the transaction begins; a refusal is recorded under
    /// `target`.
    pub fn in_app(scope: Scope<'a>, permission: Permission, action: Action, target: impl Into<Cow<'a, str>>) -> Self {
        let Scope { store, caller, app } = scope;
        Self {
            store,
            caller,
            permission: Some(permission),
            action,
            app: Some(app),
            target: target.into(),
            refused_as: action,
            operators_only: false,
        }
    }

    /// The same for operators alone: API credentials of the app must not make such a change.
    pub fn by_operator(scope: Scope<'a>, permission: Permission, action: Action, target: impl Into<Cow<'a, str>>) -> Self {
        Self { operators_only: true, ..Self::in_app(scope, permission, action, target) }
    }

    /// A server-wide change, which needs the permission in the same way.
    pub fn of_server(
        store: &'a Store,
        caller: &'a Caller,
        permission: Permission,
        action: Action,
        target: impl Into<Cow<'a, str>>,
    ) -> Self {
        Self {
            store,
            caller,
            permission: Some(permission),
            action,
            app: None,
            target: target.into(),
            refused_as: action,
            operators_only: false,
        }
    }

    /// A change that needs no permission: what anybody may do, such as signing in or changing one's own password, or what was
    /// checked before. [`domain::Error::Unauthenticated`] when the caller's session has ended since the request began.
    /// [`Change::caller`] has the role that an operator has now.
    pub fn without_permission(
        store: &'a Store,
        caller: &'a Caller,
        action: Action,
        app: Option<AppId>,
        target: impl Into<Cow<'a, str>>,
    ) -> Self {
        Self { store, caller, permission: None, action, app, target: target.into(), refused_as: action, operators_only: false }
    }

    /// Records a refusal as one of another action: that of which this change is only a step.
    pub fn refused_as(self, action: Action) -> Self {
        Self { refused_as: action, ..self }
    }

    fn allow(&self, caller: &Caller) -> Result<()> {
        match (self.permission, self.app) {
            (Some(permission), Some(app)) if !self.operators_only => caller.require_in(app, permission),
            (Some(permission), _) => caller.require(permission),
            (None, _) => Ok(()),
        }
    }

    /// Begins the transaction; only [`in_change!`](crate::in_change) calls it.
    #[doc(hidden)]
    pub async fn begin(&self) -> Result<Change<'_>> {
        let Self { store, action, app, refused_as, .. } = *self;
        if let Err(error) = self.allow(self.caller) {
            return Err(refuse(store, self.caller, refused_as, app, &self.target, error).await);
        }
        let mut transaction = store.write().await?;
        let caller = match identity::renewed(store, &mut transaction, self.caller).await {
            Ok(caller) => caller,
            Err(error) => {
                transaction.rollback().await?;
                return Err(error);
            }
        };
        if let Err(error) = self.allow(&caller) {
            transaction.rollback().await?;
            return Err(refuse(store, &caller, refused_as, app, &self.target, error).await);
        }
        // The time is read after the wait for the writer, so that times increase in the order of the changes.
        Ok(Change {
            store,
            caller,
            action,
            refused_as,
            app,
            target: &self.target,
            transaction,
            at: now(),
            tally: Tally::default(),
            given_back: false,
        })
    }
}

/// Makes a change: begins what a [`ChangeSpec`] describes, runs the work in it, and commits it with its events, or rolls it back
/// and records the refusal. Its value is the result of the work. Nobody can forget to finish a change. A change that the database
/// has rolled back although nothing was wrong with it is run again, so the work must have no lasting effects outside the
/// transaction.
///
/// A macro, because an async closure that borrows cannot be proved to be [`Send`].
///
/// ```ignore
/// let spec = ChangeSpec::in_app(scope, Permission::Write, Action::GroupCreate, name);
/// in_change!(spec, |change| insert(change, &new).await)
/// ```
#[macro_export]
macro_rules! in_change {
    ($spec:expr, |$change:ident| $work:expr) => {{
        let spec: $crate::change::ChangeSpec<'_> = $spec;
        let mut tries = $crate::change::Tries::default();
        loop {
            let mut begun = match spec.begin().await {
                Ok(begun) => begun,
                Err(error) => break Err(error),
            };
            let result = {
                let $change = &mut begun;
                async { $work }.await
            };
            if let Some(answer) = begun.finish(result, &mut tries).await {
                break answer;
            }
        }
    }};
}

#[cfg(test)]
mod tests {
    use crate::db::{NotCommitted, query, query_scalar};
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use domain::{Actor, Error, application::NewApplicationInput, caller::Rights, operator::Role};

    use super::*;
    use crate::{change::NewEvent, db::OrFault};

    async fn world() -> (tempfile::TempDir, Store, AppId) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let input = NewApplicationInput { display_name: "A".into(), org_name: "o".into(), app_name: "a".into() };
        crate::application::create(&store, &Caller::system(), &input).await.expect("an app");
        let app = crate::application::find(&store, &Caller::system(), "o", "a").await.expect("the app");
        (folder, store, app)
    }

    async fn rename(store: &Store, app: AppId, name: &str, runs: &AtomicU32) -> Result<()> {
        let system = Caller::system();
        let spec = ChangeSpec::in_app(Scope::new(store, &system, app), Permission::Write, Action::ApplicationEdit, "o/a");
        in_change!(spec, |change| {
            runs.fetch_add(1, Ordering::SeqCst);
            query("UPDATE application SET display_name = $1").bind(name).execute(change.db()).await.or_fault()?;
            change.events(vec![NewEvent { target: "o/a".into(), ..NewEvent::default() }]).await
        })
    }

    async fn events(store: &Store, outcome: &str) -> i64 {
        let sql = "SELECT count(*) FROM event WHERE action = 'application.edit' AND outcome = $1";
        query_scalar(sql).bind(outcome).fetch_one(store.reader()).await.expect("a number")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_rolled_back_with_another_one_is_run_again_and_recorded_once() {
        let (_folder, store, app) = world().await;
        let runs = AtomicU32::new(0);
        // While this transaction is open the change waits for its turn, and another transaction after it: so those two share a commit.
        let first = store.write().await.expect("a transaction");
        let renamed = rename(&store, app, "B", &runs);
        let other = async {
            let mut other = store.write().await.expect("a transaction");
            // As SQLite does on a full disk: everything is rolled back, with what the other transactions did.
            query("ROLLBACK").execute(&mut *other).await.expect("rolled back");
            other.rollback().await.expect("rolled back");
        };
        let go = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            first.rollback().await.expect("rolled back");
        };
        let (renamed, (), ()) = tokio::join!(renamed, other, go);
        renamed.expect("run again");
        let name: String = query_scalar("SELECT display_name FROM application").fetch_one(store.reader()).await.expect("a name");
        assert_eq!((name.as_str(), runs.load(Ordering::SeqCst)), ("B", 2));
        assert_eq!((events(&store, "done").await, events(&store, "refused").await), (1, 0));
        let days = "SELECT coalesce(sum(done), 0) FROM event_day WHERE action = 'application.edit'";
        let counted: i64 = query_scalar(days).fetch_one(store.reader()).await.expect("a number");
        assert_eq!(counted, 1, "counted once too");
    }

    #[tokio::test]
    async fn what_is_given_back_is_not_done_and_not_recorded() {
        let (_folder, store, app) = world().await;
        let system = Caller::system();
        let spec = || ChangeSpec::in_app(Scope::new(&store, &system, app), Permission::Write, Action::ApplicationEdit, "o/a");
        let name = async || {
            let sql = "SELECT display_name FROM application";
            query_scalar::<String>(sql).fetch_one(store.reader()).await.expect("a name")
        };
        let answer: Result<u32> = in_change!(spec(), |change| {
            query("UPDATE application SET display_name = 'B'").execute(change.db()).await.or_fault()?;
            change.event("o/a", None, None).await?;
            change.give_back();
            Ok(7)
        });
        assert_eq!((answer, name().await.as_str()), (Ok(7), "A"));
        assert_eq!((events(&store, "done").await, events(&store, "refused").await), (0, 0));
        // Nothing of it is left for the next one.
        rename(&store, app, "C", &AtomicU32::new(0)).await.expect("renamed");
        assert_eq!((name().await.as_str(), events(&store, "done").await), ("C", 1));
        let days = "SELECT coalesce(sum(done), 0) FROM event_day WHERE action = 'application.edit'";
        assert_eq!(query_scalar::<i64>(days).fetch_one(store.reader()).await.expect("a number"), 1);
    }

    #[tokio::test]
    async fn counters_are_written_with_their_rows_or_not_at_all() {
        let (_folder, store, app) = world().await;
        let count = async || {
            let sql = "SELECT account_count FROM application WHERE id = $1";
            query_scalar::<i64>(sql).bind(app.key()).fetch_one(store.reader()).await.expect("a number")
        };
        // As SQLite does on a full disk, in a transaction that goes on all the same.
        let mut transaction = store.write().await.expect("a transaction");
        transaction.counts().accounts(app, 1);
        query("ROLLBACK").execute(&mut *transaction).await.expect("rolled back");
        let committed = transaction.commit_or_again(|| ()).await;
        assert!(matches!(committed, Err(NotCommitted::RolledBack)), "{committed:?}");
        assert_eq!(count().await, 0);
        // A counter that would become negative is refused, and so is everything else of that transaction.
        let mut transaction = store.write().await.expect("a transaction");
        query("UPDATE application SET display_name = 'Z'").execute(&mut *transaction).await.expect("renamed");
        transaction.counts().accounts(app, -1);
        let committed = transaction.commit_or_again(|| ()).await;
        assert!(matches!(committed, Err(NotCommitted::Fault(_))), "{committed:?}");
        let named: String = query_scalar("SELECT display_name FROM application").fetch_one(store.reader()).await.expect("a name");
        assert_ne!(named, "Z");
        assert_eq!(count().await, 0);
    }

    #[tokio::test]
    async fn what_is_for_operators_alone_is_refused_to_the_apps_own_credential() {
        let (_folder, store, app) = world().await;
        let actor = Actor::Credential { id: 7, name: "key".to_owned(), app: app.key(), rights: Rights::default() };
        let key = Caller { actor, address: None, proof: None };
        let scope = Scope::new(&store, &key, app);
        let spec = ChangeSpec::by_operator(scope, Permission::Write, Action::ApplicationEdit, "o/a");
        let refused: Result<()> = in_change!(spec, |change| change.event("o/a", None, None).await);
        assert_eq!(refused, Err(Error::Forbidden));
        let spec = ChangeSpec::in_app(scope, Permission::Write, Action::ApplicationEdit, "o/a");
        let done: Result<()> = in_change!(spec, |change| change.event("o/a", None, None).await);
        assert_eq!(done, Ok(()));
    }

    #[tokio::test]
    async fn who_may_not_begins_nothing_and_is_recorded() {
        let (_folder, store, app) = world().await;
        let actor = Actor::Operator { id: 7, name: "vi".to_owned(), role: Role::Viewer };
        let viewer = Caller { actor, address: None, proof: None };
        let spec = ChangeSpec::in_app(Scope::new(&store, &viewer, app), Permission::Write, Action::ApplicationEdit, "o/a");
        let refused: Result<()> = in_change!(spec, |change| change.event("o/a", None, None).await);
        assert_eq!(refused, Err(Error::Forbidden));
        assert_eq!((events(&store, "done").await, events(&store, "refused").await), (0, 1));
    }
}
