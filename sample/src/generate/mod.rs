//! Fills an app with as much data as requested: for trying Roster out at size, and for measuring it. `draft.rs` makes the content
//! of the rows, `fill.rs` writes them into the database.
//!
//! The same request gives the same rows. They are written in batches, each a transaction of its own, so that memory stays flat
//! and other writers get their turn; a run that is interrupted leaves an app that is consistent but smaller, and the next run
//! starts again.

mod draft;
mod fill;

use domain::{
    Caller, Error, Permission, Result,
    application::{AppId, NewApplicationInput, rules::NewApplication},
    error::Entity,
    event::Action,
    limits,
};
use draft::Shape;
use serde_json::json;
use store::{
    Scope, Store,
    change::{Change, ChangeSpec, NewEvent},
    db::WRITER_CACHE_KIB,
    in_change,
};

/// The writer's cache meanwhile, KiB: indexes in random order are slow with a small cache.
const CACHE_KIB: u32 = 131_072;
/// The most accounts, groups, memberships or messages: far more than one database file is suited for, and small enough that no
/// calculation overflows.
pub const MAX_OF_EACH: u64 = 100_000_000;

/// How much to generate, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `org_name` of the app; see [`domain::application::rules::AppKey`].
    pub org: String,
    /// `app_name` of the app.
    pub app: String,
    /// Accounts, at most [`MAX_OF_EACH`].
    pub accounts: u64,
    /// Groups, at most [`MAX_OF_EACH`].
    pub groups: u64,
    /// Memberships of all groups together, at most [`MAX_OF_EACH`].
    pub memberships: u64,
    /// Messages of all groups together, at most [`MAX_OF_EACH`].
    pub messages: u64,
    /// Start of the random numbers: the same seed gives the same rows.
    pub seed: u64,
    /// The time of the last rows, milliseconds since 1970; the first rows are two years earlier.
    pub until: i64,
}

/// A text at the end of some nicknames, so that a search for it has a known number of hits: of accounts that are neighbours in the
/// list with a `step` of 1, of accounts all over it with a large one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What is found; no made-up name may contain it.
    pub text: &'static str,
    /// The place of the first account that has it, from 0, in the order of their creation.
    pub first: u64,
    /// From one such account to the next, at least 1.
    pub step: u64,
    /// How many accounts have it.
    pub count: u64,
}

impl Mark {
    fn is_at(&self, place: u64) -> bool {
        place.checked_sub(self.first).is_some_and(|after| after % self.step == 0 && after / self.step < self.count)
    }
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The app has data that no earlier run generated, and generating would delete them.
    #[error("the app holds data that did not come from generating")]
    HasData,
    /// One of the numbers is above [`MAX_OF_EACH`].
    #[error("at most {MAX_OF_EACH} of each")]
    TooMany,
    /// Groups without accounts, or more memberships than the groups have room for: [`limits::GROUP_MEMBERS`] each, no account
    /// twice, and the audio-video groups among them keep none.
    #[error("at most {max} memberships")]
    Memberships {
        /// The most memberships that this many accounts and groups have room for.
        max: u64,
    },
    /// A message needs a group and an account that sends it.
    #[error("no group or no account for the messages")]
    Messages,
    /// An operation of the store failed; see [`Error`].
    #[error(transparent)]
    Domain(#[from] Error),
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What the run does now.
    pub phase: Phase,
    /// Accounts or groups (when clearing, both) that are done.
    pub done: u64,
    /// Accounts or groups (when clearing, both) in all.
    pub of: u64,
}

/// The steps of a run, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Deletes the rows of an earlier run.
    Clearing,
    /// Writes the accounts.
    Accounts,
    /// Writes the groups with their members and messages.
    Groups,
}

/// Creates the app when it does not exist, and fills it. An app with data is refused with [`GenerateError::HasData`], unless an earlier
/// run generated the data: then the new rows replace them. `progress` is called after each transaction.
pub async fn run(store: &Store, request: &Request, progress: impl FnMut(Progress) + Send) -> Result<(), GenerateError> {
    run_marked(store, request, Vec::new(), progress).await
}

/// The same, with marks in the nicknames.
pub async fn run_marked(
    store: &Store,
    request: &Request,
    marks: Vec<Mark>,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<(), GenerateError> {
    if [request.accounts, request.groups, request.memberships, request.messages].iter().any(|&n| n > MAX_OF_EACH) {
        return Err(GenerateError::TooMany);
    }
    let mut shape = Shape::of(request)?;
    shape.marks = marks;
    let (app, used) = begin(store, request).await?;
    store.writer_cache(CACHE_KIB).await?;
    let filled = async {
        if used {
            fill::clear(store, app, &mut progress).await?;
        }
        fill::fill(store, app, &shape, &mut progress).await
    };
    let filled = filled.await;
    store.writer_cache(WRITER_CACHE_KIB).await?;
    Ok(filled?)
}

/// The app, and whether it has data yet. One event records the whole run, and is written first: millions of events would say no
/// more than the request, would take longer than the rows, and could never be deleted again; and a run that is interrupted must
/// still be recognised as one.
async fn begin(store: &Store, request: &Request) -> Result<(AppId, bool), GenerateError> {
    let system = Caller::system();
    let target = format!("{}/{}", request.org, request.app);
    let found = match store::application::find(store, &system, &request.org, &request.app).await {
        Ok(app) => Some(app),
        Err(Error::NotFound(Entity::Application)) => None,
        Err(error) => return Err(error.into()),
    };
    let used = match found {
        None => false,
        Some(app) => {
            let counts = store::application::get(Scope::new(store, &system, app)).await?;
            counts.account_count > 0 || counts.group_count > 0
        }
    };
    if let Some(app) = found.filter(|_| used)
        && !store::event::was_recorded(store, Action::ApplicationGenerate, app).await?
    {
        return Err(GenerateError::HasData);
    }
    let spec = match found {
        Some(app) => ChangeSpec::in_app(Scope::new(store, &system, app), Permission::Write, Action::ApplicationGenerate, &target),
        None => ChangeSpec::of_server(store, &system, Permission::Write, Action::ApplicationCreate, &target),
    };
    let app = in_change!(spec, |change| record(change, request, found).await)?;
    Ok((app, used))
}

async fn record(change: &mut Change<'_>, request: &Request, found: Option<AppId>) -> Result<AppId> {
    let app = match found {
        Some(app) => app,
        None => {
            let input = NewApplicationInput {
                display_name: request.app.chars().take(limits::APP_DISPLAY_NAME_CHARS).collect(),
                org_name: request.org.clone(),
                app_name: request.app.clone(),
            };
            store::application::create_in(change, &NewApplication::parse(&input)?, request.until - draft::SPAN_MS).await?
        }
    };
    change.set_app(app);
    let after = json!({
        "accounts": request.accounts, "groups": request.groups, "memberships": request.memberships,
        "messages": request.messages, "seed": request.seed,
    });
    let target = format!("{}/{}", request.org, request.app);
    let event = NewEvent { target, after: Some(after), ..NewEvent::default() };
    change.events_of(Action::ApplicationGenerate, vec![event]).await?;
    Ok(app)
}
