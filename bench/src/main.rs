//! How fast Roster is, in one table: each row next to the limit of what it is built on, measured in the same run, so that the
//! ratio holds on a noisy machine too. A tool, not a test: it prints and compares, and succeeds whatever the
//! figures are, as long as it gets them.
//!
//! A row is one function in `rows/`. SQL for the plain limits lives here (`plain.rs` has what writes); nothing but this tool uses it.

mod bare;
mod data;
mod load;
mod plain;
mod rows;
mod site;
mod statements;
mod table;

use std::path::PathBuf;

use clap::Parser;

use data::{Data, Scale};
use plain::Plain;
use table::Table;

/// Measures Roster beside the limit of what it is built on.
#[derive(Debug, Parser)]
pub struct Args {
    /// Accounts of the big app; it has a tenth as many groups
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    accounts: u64,
    /// Little data and short measurements: only to see that everything runs
    #[arg(long, conflicts_with = "accounts")]
    small: bool,
    /// Print a JSON object a row instead of the table
    #[arg(long)]
    json: bool,
    /// Only the rows whose name holds this
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
    /// Where the data go; what fits is used again
    #[arg(long, value_name = "FOLDER", default_value = "target/bench")]
    folder: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let scale = if args.small { Scale::small() } else { Scale::of(args.accounts) };
    // The client and the plain code; each server has threads of its own.
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(run(&args, scale))
}

async fn run(args: &Args, scale: Scale) -> anyhow::Result<()> {
    let wanted = |group: &str| args.only.as_deref().is_none_or(|word| group.contains(word));
    let data = Data::prepare(&args.folder, scale).await?;
    let mut table = Table::default();
    // What cannot be measured costs its own rows, not the others'.
    let mut failures = Vec::new();
    let mut note = |group: &str, done: anyhow::Result<()>| {
        if let Err(error) = done {
            eprintln!("  {group}: {error:#}");
            failures.push(group.to_owned());
        }
    };
    if wanted("lists") {
        note("lists", rows::lists::measure(&data, &mut table).await);
    }
    if wanted("search") {
        note("search", rows::search::measure(&data, &mut table).await);
    }
    if wanted("export") {
        note("export", rows::export::measure(&data, &mut table).await);
    }
    if wanted("wire") {
        rows::wire::measure(&mut table);
    }
    if wanted("start") {
        note("start", rows::start::measure(&data, &mut table).await);
    }
    if ["delete", "send", "import", "browse", "rest"].into_iter().any(wanted) {
        // These change the data, so they work on a copy.
        let (copy, file) = data.copy().await?;
        let mut plain = Plain::open(&file).await?;
        if wanted("delete") {
            note("delete", rows::delete::measure(&copy, &mut plain, &mut table).await);
        }
        if wanted("send") {
            note("send", rows::send::measure(&copy, &mut plain, &mut table).await);
        }
        if wanted("import") {
            note("import", rows::import::measure(&copy, &mut plain, &mut table).await);
        }
        if wanted("browse") {
            note("browse", rows::browse::measure(&copy, &mut table).await);
        }
        if wanted("rest") {
            note("rest", rows::rest::measure(&copy, &mut plain, &mut table).await);
        }
        copy.remove().await?;
    }
    data.store.close().await;
    if args.json {
        table.print_json();
    } else {
        table.print(&format!("{} accounts and {} groups in the big app", scale.big, scale.groups));
    }
    anyhow::ensure!(failures.is_empty(), "not measured: {}", failures.join(", "));
    Ok(())
}
