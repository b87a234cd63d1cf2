//! Searching the accounts of the big app: the store's function compared with the best SQL for that term in a bare loop, and the page
//! compared with the same page without a term.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use domain::{Caller, page::ListParams};
use store::Scope;

use crate::{
    data::{BIG, Data, ORG, SPREAD, TOGETHER},
    load::{Load, Pass, encoded, hammer},
    site,
    table::{Table, Target},
};

/// A store's search is asked so often at least, however long it takes.
const LEAST: usize = 50;
const CONNECTIONS: usize = 8;
/// Pages are measured in turns, and the best of each counts: what disturbs only makes slower.
const TURNS: u32 = 3;

/// A search to measure.
struct Search<'a> {
    name: &'a str,
    term: &'a str,
    /// Rows of its page.
    size: u32,
    /// The best SQL for it.
    best: &'static str,
    /// Milliseconds that 99 of 100 stay within.
    within: f64,
}

/// Few hits: from the index to the rows, sorted.
const PHRASE: &str = "SELECT t.id, t.username, t.nickname FROM account_fts CROSS JOIN account t ON t.id = account_fts.rowid
    WHERE account_fts MATCH '\"' || $2 || '\"' AND +t.app_id = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT $3";
const GRAMS: &str = "SELECT t.id, t.username, t.nickname FROM
    (SELECT DISTINCT doc FROM account_grams WHERE term >= $2 AND term < $2 || char(1114111)) AS hit
    CROSS JOIN account t ON t.id = hit.doc WHERE +t.app_id = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT $3";
/// Many hits: along the list until the page is full.
const WALK: &str = "SELECT t.id, t.username, t.nickname FROM account t
    WHERE t.app_id = $1 AND (t.username LIKE '%' || $2 || '%' OR t.nickname LIKE '%' || $2 || '%')
    ORDER BY t.created_at DESC, t.id DESC LIMIT $3";

/// Neighbours: the newest hits, as the term's index has them.
const NEWEST: &str = "SELECT t.id, t.username, t.nickname FROM
    (SELECT rowid AS id FROM account_fts WHERE account_fts MATCH '\"' || $2 || '\"' ORDER BY rowid DESC LIMIT $3) AS hit
    CROSS JOIN account t ON t.id = hit.id WHERE +t.app_id = $1 ORDER BY t.created_at DESC, t.id DESC";

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let rare = (data.scale.big * 7 / 9).to_string();
    let together = format!("{} hits that lie together, page of 50", data.scale.together());
    let of = |name, term, best, within| Search { name, term, size: 20, best, within };
    let searches = [
        of("one hit", rare.as_str(), PHRASE, 2.0),
        of("no hit", "qzqzqz", PHRASE, 20.0),
        of("common term", "min", WALK, 20.0),
        Search { size: 50, ..of(&together, TOGETHER, NEWEST, 8.0) },
        of("two Chinese characters, few hits", SPREAD, GRAMS, 2.0),
        of("two Chinese characters, many hits", "小明", GRAMS, 8.0),
        of("two Korean characters", "민서", GRAMS, 8.0),
        of("two characters, no hit", "鑫鑫", GRAMS, 20.0),
        of("two common letters", "an", WALK, 8.0),
        of("one Chinese character", "王", WALK, 8.0),
        of("one letter", "e", WALK, 8.0),
    ];
    for search in &searches {
        in_the_store(data, search, table).await?;
    }
    let (address, pass) = (site::roster(&data.store)?, site::sign_in(&data.store).await?);
    for search in &searches {
        as_a_page(data, search, address, &pass, table).await?;
    }
    Ok(())
}

/// The store's function, one call after the other, beside the best SQL in a bare loop. Ours also counts the hits, up to the cap.
async fn in_the_store(data: &Data, search: &Search<'_>, table: &mut Table) -> anyhow::Result<()> {
    let Search { name, term, size, best, within } = *search;
    let (system, app, key) = (Caller::system(), data.app(BIG).await?, data.key(BIG).await?);
    let mut plain = data.plain().await?;
    let params = ListParams { q: term.to_owned(), size: size.to_string(), ..ListParams::default() };
    let (mut ours, mut limit, mut hits) = (Vec::new(), Vec::new(), String::new());
    let begin = Instant::now();
    while ours.len() < data.scale.samples && (ours.len() < LEAST || begin.elapsed().as_secs_f64() < 2.0 * data.scale.seconds) {
        let start = Instant::now();
        let page = store::account::list(Scope::new(&data.store, &system, app), &params).await?;
        ours.push(start.elapsed());
        hits = format!("{}{} hits", page.total.number, if page.total.more { "+" } else { "" });
        let start = Instant::now();
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as(best).bind(key).bind(term).bind(size + 1).fetch_all(&mut plain).await?;
        limit.push(start.elapsed());
        anyhow::ensure!(
            rows.len().min(size as usize) == page.items.len(),
            "{name}: {} rows and {}",
            page.items.len(),
            rows.len()
        );
    }
    let [ours, limit] = [ours, limit].map(|times| Load::of(times, Duration::from_secs(1), 0));
    let note = format!("store, p99; {hits}, p50 {:.2} ms, limit's {:.2} ms", ours.percentile(0.5), limit.percentile(0.5));
    let (ours, limit) = (ours.percentile(0.99), limit.percentile(0.99));
    table.row(format!("search: {name}"), "ms", ours, Some(limit), Target::Within(within), note);
    Ok(())
}

/// Over HTTP, beside the same page without a term: with one connection, and for neighbours also how many with eight.
async fn as_a_page(data: &Data, search: &Search<'_>, address: SocketAddr, pass: &Pass, table: &mut Table) -> anyhow::Result<()> {
    let list = format!("/apps/{ORG}/{BIG}/accounts?size={}", search.size);
    let found = format!("{list}&q={}", encoded(search.term));
    let alone = Duration::from_secs_f64(data.scale.seconds / 8.0);
    let limit = hammer(address, &list, Some(pass), 1, alone).await?;
    let ours = hammer(address, &found, Some(pass), 1, alone).await?;
    let note = format!("p50 alone; p99 {:.1} ms; the limit: without a term", ours.percentile(0.99));
    let name = format!("search page: {}", search.name);
    table.row(&name, "ms", ours.percentile(0.5), Some(limit.percentile(0.5)), Target::Told, note);
    if search.term != TOGETHER {
        return Ok(());
    }
    let (mut ours, mut limit) = (Load::default(), Load::default());
    let time = Duration::from_secs_f64(data.scale.seconds / f64::from(TURNS));
    for _ in 0..TURNS {
        for (best, path) in [(&mut ours, &found), (&mut limit, &list)] {
            let load = hammer(address, path, Some(pass), CONNECTIONS, time).await?;
            if load.per_second() > best.per_second() {
                *best = load;
            }
        }
    }
    let note = format!("{CONNECTIONS} connections; {}; without a term {}", ours.words(), limit.words());
    table.row(name, "pages/s", ours.per_second(), Some(limit.per_second()), Target::AtLeast(0.7), note);
    Ok(())
}
