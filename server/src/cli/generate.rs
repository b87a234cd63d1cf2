//! `roster generate`: fills an app with as much data as asked for.

use std::{
    io::{IsTerminal, Write, stderr},
    path::Path,
    time::Instant,
};

use domain::limits::DAY_MS;
use sample::generate::{self, GenerateError, Phase, Progress, Request};
use store::{Store, db::now};

use super::{Failure, sentence};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many accounts
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    accounts: u64,
    /// How many groups
    #[arg(long, value_name = "N", default_value_t = 500)]
    groups: u64,
    /// How many memberships; they are spread over the groups unevenly, at most 2000 in each
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    memberships: u64,
    /// How many messages
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    messages: u64,
    /// Another number gives other data; the same gives the same, but for the day they end on
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The app to fill; made when it is missing
    #[arg(long, value_name = "ORG/APP", default_value = "generated/data")]
    app: String,
}

pub async fn run(data: &Path, args: Args) -> Result<(), Failure> {
    let Some((org, app)) = args.app.split_once('/') else {
        return Err(Failure::Usage(format!("--app is «{}». Give the app as ORG/APP, such as generated/data.", args.app)));
    };
    let request = Request {
        org: org.to_owned(),
        app: app.to_owned(),
        accounts: args.accounts,
        groups: args.groups,
        memberships: args.memberships,
        messages: args.messages,
        seed: args.seed,
        until: now() / DAY_MS * DAY_MS,
    };
    let start = Instant::now();
    let store = Store::open(data).await.map_err(Failure::failed)?;
    let mut shown = Shown::default();
    let filled = generate::run(&store, &request, |progress| shown.show(progress)).await;
    shown.end();
    store.close().await;
    filled.map_err(|error| refusal(&error, &args))?;
    println!(
        "Filled {} with {} accounts, {} groups, {} memberships and {} messages in {:.1} s.",
        args.app,
        args.accounts,
        args.groups,
        args.memberships,
        args.messages,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn refusal(error: &GenerateError, args: &Args) -> Failure {
    match error {
        GenerateError::HasData => Failure::Failed(format!(
            "the app {} holds data that this command did not make, and it will not mix with them. Give another app with --app.",
            args.app
        )),
        GenerateError::TooMany => Failure::Usage(format!("that is too much: at most {} of each.", generate::MAX_OF_EACH)),
        GenerateError::Memberships { max } => Failure::Usage(format!(
            "--memberships is {}, but these groups and accounts have room for {max}. Ask for more groups or fewer memberships.",
            args.memberships
        )),
        GenerateError::Messages => Failure::Usage(
            "messages need a group to be in and an account that says them. Ask for some, or for --messages 0.".to_owned(),
        ),
        GenerateError::Domain(error) => Failure::Failed(sentence(error)),
    }
}

/// The progress on standard error: on a terminal one line that changes, elsewhere a line for each tenth.
#[derive(Default)]
struct Shown {
    phase: Option<Phase>,
    tenth: u64,
}

impl Shown {
    fn show(&mut self, Progress { phase, done, of }: Progress) {
        let words = match phase {
            Phase::Clearing => "removing what it made before",
            Phase::Accounts => "accounts",
            Phase::Groups => "groups with their members and messages",
        };
        let tenth = 10 * done / of.max(1);
        let new = self.phase.replace(phase) != Some(phase);
        if stderr().is_terminal() {
            // Nobody reads it when standard error is closed; the work continues.
            let _ = write!(stderr(), "{}\r\u{1b}[2K{words}: {done} of {of}", if new { "\n" } else { "" });
        } else if new || tenth != self.tenth {
            let _ = writeln!(stderr(), "{words}: {done} of {of}");
        }
        self.tenth = tenth;
    }

    fn end(&self) {
        if self.phase.is_some() && stderr().is_terminal() {
            let _ = writeln!(stderr());
        }
    }
}
