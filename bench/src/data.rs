//! The measured data: an app with the requested number of accounts, and a small one. They are generated once and reused as long as
//! they have the form that is wanted. The memberships of the big app are spread over all of its accounts, so that whatever changes
//! many of them touches pages all over the file.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, ensure};
use domain::{Caller, application::AppId};
use sample::generate::{self, Mark, Phase, Request};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::Store;

pub const ORG: &str = "bench";
pub const BIG: &str = "big";
pub const SMALL: &str = "small";

/// The nicknames of a tenth of the accounts hold this: neighbours in the middle of the list.
pub const TOGETHER: &str = "Orchid";
/// Two Chinese characters in so many nicknames, all over the list.
pub const SPREAD: &str = "鸢翎";
const SPREAD_HITS: u64 = 186;

/// Another number makes the data anew.
const FORM: u32 = 2;
/// Parts that the groups of the big app come in; see [`Batch`].
const PARTS: usize = 10;

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Accounts of the big app.
    pub big: u64,
    /// Its groups, with twenty members each on average.
    pub groups: u64,
    /// Accounts, and groups, of the small app.
    pub small: u64,
    /// How long one load lasts, seconds.
    pub seconds: f64,
    /// Requests of a row that counts them.
    pub samples: usize,
}

impl Scale {
    pub fn of(accounts: u64) -> Self {
        Self { big: accounts, groups: accounts / 10, small: accounts.min(1_000), seconds: 4.0, samples: 400 }
    }

    /// Enough groups that a batch of them is a job.
    pub fn small() -> Self {
        Self { groups: 6_000, seconds: 0.2, samples: 20, ..Self::of(5_000) }
    }

    /// Groups of one batch.
    pub fn batch(self) -> u64 {
        self.groups / PARTS as u64
    }

    /// How many accounts have [`TOGETHER`] in their nicknames.
    pub fn together(self) -> u64 {
        self.big / 10
    }

    fn marks(self) -> Vec<Mark> {
        let count = self.together();
        let spread = SPREAD_HITS.min(self.big);
        vec![
            Mark { text: TOGETHER, first: (self.big - count) / 2, step: 1, count },
            Mark { text: SPREAD, first: 0, step: (self.big / spread.max(1)).max(1), count: spread },
        ]
    }

    /// What says whether the data that are there are those that are wanted.
    fn form(self, apps: &[Request]) -> String {
        format!("form {FORM}: {apps:?} {:?}\n", self.marks())
    }
}

/// A tenth of the big app's groups, large ones and small ones like the others; no two batches share a group.
pub struct Batch {
    pub groups: Vec<String>,
    pub memberships: i64,
}

impl Batch {
    /// The number of its groups, as it is typed to confirm what happens to them.
    pub fn confirm(&self) -> String {
        self.groups.len().to_string()
    }
}

pub struct Data {
    pub store: Store,
    pub folder: PathBuf,
    pub scale: Scale,
    /// As the groups were before anything changed.
    batches: Arc<Vec<Batch>>,
}

impl Data {
    pub async fn prepare(folder: &Path, scale: Scale) -> anyhow::Result<Self> {
        let folder = folder.join(scale.big.to_string());
        let request = |app: &str, accounts, groups, memberships| Request {
            org: ORG.into(),
            app: app.into(),
            accounts,
            groups,
            memberships,
            messages: 0,
            seed: 1,
            until: 1_790_000_000_000,
        };
        let apps =
            [request(SMALL, scale.small, scale.small, 2 * scale.small), request(BIG, scale.big, scale.groups, 20 * scale.groups)];
        // Written last, so that data that are not complete have none.
        let (form, written) = (scale.form(&apps), folder.join("form"));
        let fits = std::fs::read_to_string(&written).is_ok_and(|found| found == form);
        let store = match if fits { Some(Store::open(&folder).await) } else { None } {
            Some(Ok(store)) => store,
            found => {
                if let Some(Err(error)) = found {
                    eprintln!("what is there does not open: {error}");
                }
                if folder.exists() {
                    std::fs::remove_dir_all(&folder).context("data of another form cannot be removed")?;
                }
                let store = Store::open(&folder).await?;
                for app in &apps {
                    fill(&store, app, if app.app == BIG { scale.marks() } else { Vec::new() }).await?;
                }
                std::fs::write(&written, form)?;
                store
            }
        };
        let mut data = Self { store, folder, scale, batches: Arc::default() };
        data.batches = Arc::new(data.divide().await?);
        Ok(data)
    }

    /// A copy of the data in another folder, to change it, and one more for plain SQL, which drops the guards of the log there.
    pub async fn copy(&self) -> anyhow::Result<(Self, PathBuf)> {
        let folder = self.folder.with_extension("copy");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).context("an earlier copy cannot be removed")?;
        }
        std::fs::create_dir_all(&folder)?;
        eprintln!("copying the data …");
        let file = folder.join("roster.db");
        self.store.backup(&file).await?;
        let plain = folder.join("plain");
        std::fs::create_dir(&plain)?;
        let plain = plain.join("plain.db");
        std::fs::copy(&file, &plain)?;
        let store = Store::open(&folder).await?;
        Ok((Self { store, folder, scale: self.scale, batches: self.batches.clone() }, plain))
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

    pub fn batch(&self, number: usize) -> anyhow::Result<&Batch> {
        self.batches.get(number).context("so many batches there are not")
    }

    async fn divide(&self) -> anyhow::Result<Vec<Batch>> {
        let sql = "SELECT group_id, member_count FROM \"group\" WHERE app_id = $1 ORDER BY member_count DESC, group_id";
        let all: Vec<(String, i64)> = sqlx::query_as(sql).bind(self.key(BIG).await?).fetch_all(&mut self.plain().await?).await?;
        ensure!(all.len() as u64 == self.scale.groups, "{} groups are there", all.len());
        let part = |number| {
            let groups = all.iter().skip(number).step_by(PARTS).take(self.scale.batch() as usize);
            Batch {
                groups: groups.clone().map(|group| group.0.clone()).collect(),
                memberships: groups.map(|group| group.1).sum(),
            }
        };
        Ok((0..PARTS).map(part).collect())
    }

    /// Options for plain SQL, with the pragmas that Roster's readers have.
    pub fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(self.folder.join("roster.db"))
            .pragma("cache_size", "-2048")
            .pragma("mmap_size", "2147418112")
            .pragma("temp_store", "MEMORY")
    }

    /// A connection for plain SQL that reads.
    pub async fn plain(&self) -> anyhow::Result<SqliteConnection> {
        Ok(SqliteConnection::connect_with(&self.options()).await?)
    }
}

async fn fill(store: &Store, request: &Request, marks: Vec<Mark>) -> anyhow::Result<()> {
    let start = std::time::Instant::now();
    let mut last = (Phase::Clearing, 0);
    let Request { app, accounts, groups, memberships, .. } = request;
    generate::run_marked(store, request, marks, |progress| {
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
