//! The measured data: an app with the requested number of accounts and groups, a small one, and one whose groups are deleted and
//! written to. They are generated once and reused as long as they fit.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domain::{Caller, Error, application::AppId};
use sample::generate::{self, Phase, Request};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Scope, Store};

pub const ORG: &str = "bench";
pub const BIG: &str = "big";
pub const SMALL: &str = "small";
pub const BATCH: &str = "batch";

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Accounts, and groups, of the big app.
    pub big: u64,
    pub small: u64,
    /// Groups of one batch, with twenty members each on average.
    pub batch: u64,
    /// How long one load lasts, seconds.
    pub seconds: f64,
    /// Requests of a row that counts them.
    pub samples: usize,
}

impl Scale {
    pub fn of(accounts: u64) -> Self {
        Self { big: accounts, small: accounts.min(1_000), batch: (accounts / 100).clamp(50, 10_000), seconds: 4.0, samples: 400 }
    }

    pub fn small() -> Self {
        Self { seconds: 0.2, samples: 20, ..Self::of(5_000) }
    }
}

pub struct Data {
    pub store: Store,
    pub folder: PathBuf,
    pub scale: Scale,
}

impl Data {
    pub async fn prepare(folder: &Path, scale: Scale) -> anyhow::Result<Self> {
        let folder = folder.join(scale.big.to_string());
        let store = Store::open(&folder).await?;
        let batch = scale.batch;
        for (app, accounts, groups, memberships) in [
            (SMALL, scale.small, scale.small, 2 * scale.small),
            // Four batches: two for deleting, one for sending, one for deleting under load.
            (BATCH, 5 * batch, 5 * batch, 100 * batch),
            (BIG, scale.big, scale.big, 2 * scale.big),
        ] {
            fill(&store, app, accounts, groups, memberships).await?;
        }
        Ok(Self { store, folder, scale })
    }

    /// A copy of the data in another folder, to change it.
    pub async fn copy(&self) -> anyhow::Result<Self> {
        let folder = self.folder.with_extension("copy");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).context("an earlier copy cannot be removed")?;
        }
        std::fs::create_dir_all(&folder)?;
        eprintln!("copying the data …");
        self.store.backup(&folder.join("roster.db")).await?;
        let store = Store::open(&folder).await?;
        Ok(Self { store, folder, scale: self.scale })
    }

    pub async fn remove(self) -> anyhow::Result<()> {
        self.store.close().await;
        Ok(std::fs::remove_dir_all(self.folder)?)
    }

    pub async fn app(&self, app: &str) -> anyhow::Result<AppId> {
        Ok(store::application::find(&self.store, &Caller::system(), ORG, app).await?)
    }

    /// The app's key in plain SQL.
    pub async fn key(&self, app: &str) -> anyhow::Result<i64> {
        let sql = "SELECT id FROM application WHERE org_name = $1 AND app_name = $2";
        Ok(sqlx::query_scalar(sql).bind(ORG).bind(app).fetch_one(&mut self.plain().await?).await?)
    }

    pub fn file(&self) -> PathBuf {
        self.folder.join("roster.db")
    }

    /// Options for plain SQL, with the pragmas that Roster's readers have.
    pub fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(self.file())
            .pragma("cache_size", "-2048")
            .pragma("mmap_size", "2147418112")
            .pragma("temp_store", "MEMORY")
    }

    /// A connection for plain SQL.
    pub async fn plain(&self) -> anyhow::Result<SqliteConnection> {
        Ok(SqliteConnection::connect_with(&self.options()).await?)
    }

    /// A connection for plain writes, with the pragmas that Roster's writer has.
    pub async fn plain_writer(&self) -> anyhow::Result<SqliteConnection> {
        let options = self.options().foreign_keys(true).pragma("secure_delete", "FAST").pragma("cache_size", "-8192");
        Ok(SqliteConnection::connect_with(&options).await?)
    }
}

async fn fill(store: &Store, app: &str, accounts: u64, groups: u64, memberships: u64) -> anyhow::Result<()> {
    let system = Caller::system();
    match store::application::find(store, &system, ORG, app).await {
        Ok(id) => {
            let counts = store::application::get(Scope::new(store, &system, id)).await?;
            if (counts.account_count, counts.group_count) == (accounts, groups) {
                return Ok(());
            }
        }
        Err(Error::NotFound(_)) => {}
        Err(error) => bail!("the app {app} cannot be looked up: {error}"),
    }
    let start = std::time::Instant::now();
    let request = Request {
        org: ORG.into(),
        app: app.into(),
        accounts,
        groups,
        memberships,
        messages: 0,
        seed: 1,
        until: 1_790_000_000_000,
    };
    let mut last = (Phase::Clearing, 0);
    generate::run(store, &request, |progress| {
        let now = (progress.phase, 10 * progress.done / progress.of.max(1));
        if now != last {
            eprintln!("generating {app}: {:?} {} of {}", progress.phase, progress.done, progress.of);
            last = now;
        }
    })
    .await?;
    eprintln!("generated {app}: {accounts} accounts, {groups} groups, {memberships} memberships in {:.1?}", start.elapsed());
    Ok(())
}
