//! Fills an app with as much data as asked for: for trying Roster out at size, and for measuring it. What a row is made of is in
//! `draft.rs`, how it gets into the database in `fill.rs`.
//!
//! The same request gives the same rows. They are written in batches, each a transaction of its own, so that memory stays flat
//! and whoever else writes gets a turn; a run that is broken off leaves an app that is sound but smaller, and the next run
//! begins anew.

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
    Store,
    db::{Change, Recorded, WRITER_CACHE_KIB},
};

/// What the writer keeps in memory meanwhile, KiB: indexes in random order are hard on a small cache.
const CACHE_KIB: u32 = 131_072;
/// The most accounts, groups, memberships or messages: far beyond what one file is good for, and every number that follows from
/// them fits.
pub const MOST: u64 = 100_000_000;

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub org: String,
    pub app: String,
    pub accounts: u64,
    pub groups: u64,
    pub memberships: u64,
    pub messages: u64,
    pub seed: u64,
    /// When the last things happen, milliseconds; the first happen two years earlier.
    pub until: i64,
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("the app holds data that did not come from generating")]
    HasData,
    #[error("at most {MOST} of each")]
    TooMany,
    /// Groups without accounts, or more memberships than they have room for: [`limits::GROUP_MEMBERS`] each, nobody twice, and
    /// the audio-video groups among them keep none.
    #[error("at most {max} memberships")]
    Memberships { max: u64 },
    /// Messages need a group to be in and somebody who says them.
    #[error("no group or no account for the messages")]
    Messages,
    #[error(transparent)]
    Domain(#[from] Error),
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub phase: Phase,
    pub done: u64,
    pub of: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// What an earlier run made goes.
    Clearing,
    Accounts,
    /// With their members and messages.
    Groups,
}

/// Makes the app when it is missing and fills it. One that holds data is refused with [`Refused::HasData`], unless the data came
/// from here: then they are replaced.
pub async fn run(store: &Store, request: &Request, mut progress: impl FnMut(Progress) + Send) -> Result<(), Refused> {
    if [request.accounts, request.groups, request.memberships, request.messages].iter().any(|&n| n > MOST) {
        return Err(Refused::TooMany);
    }
    let shape = Shape::of(request)?;
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
    store.optimize().await?;
    Ok(filled?)
}

/// The app, and whether it holds anything yet. One event stands for all that follows, and it comes first: millions of events would
/// tell nothing that the request does not, would take longer than the rows, and could never be deleted again; and a run that is
/// broken off must still be known as one.
async fn begin(store: &Store, request: &Request) -> Result<(AppId, bool), Refused> {
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
            let counts = store::application::get(store, &system, app).await?;
            counts.account_count > 0 || counts.group_count > 0
        }
    };
    if let Some(app) = found.filter(|_| used)
        && !store::event::was_recorded(store, Action::ApplicationGenerate, app).await?
    {
        return Err(Refused::HasData);
    }
    let action = if found.is_some() { Action::ApplicationGenerate } else { Action::ApplicationCreate };
    let mut change = Change::begin(store, &system, Permission::Write, action, found, &target).await?;
    let result = record(&mut change, request, found).await;
    Ok((change.finish(result).await?, used))
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
    let event = Recorded { target, after: Some(after), ..Recorded::default() };
    change.events_of(Action::ApplicationGenerate, vec![event]).await?;
    Ok(app)
}
