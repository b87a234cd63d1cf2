//! Searching the accounts of the big app, compared with the best SQL for that term in a bare loop. Ours also counts the hits, up
//! to the cap.

use std::time::{Duration, Instant};
use store::Scope;

use domain::{Caller, page::ListParams};

use crate::{
    data::{BIG, Data},
    load::Load,
    table::{Table, Target},
};

/// Milliseconds that 99 of 100 searches stay within.
const WITHIN_MS: f64 = 20.0;

/// Few hits: from the index to the rows, sorted.
const PHRASE: &str = "SELECT t.id, t.username, t.nickname FROM account_fts CROSS JOIN account t ON t.id = account_fts.rowid
    WHERE account_fts MATCH '\"' || $2 || '\"' AND +t.app_id = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT 21";
const GRAMS: &str = "SELECT t.id, t.username, t.nickname FROM
    (SELECT DISTINCT doc FROM account_grams WHERE term >= $2 AND term < $2 || char(1114111)) AS hit
    CROSS JOIN account t ON t.id = hit.doc WHERE +t.app_id = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT 21";
/// Many hits: along the list until the page is full.
const WALK: &str = "SELECT t.id, t.username, t.nickname FROM account t
    WHERE t.app_id = $1 AND (t.username LIKE '%' || $2 || '%' OR t.nickname LIKE '%' || $2 || '%')
    ORDER BY t.created_at DESC, t.id DESC LIMIT 21";

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let (app, key) = (data.app(BIG).await?, data.key(BIG).await?);
    let rare = format!("{}", data.scale.big * 7 / 9);
    let mut plain = data.plain().await?;
    for (name, term, best) in [
        ("rare term", rare.as_str(), PHRASE),
        ("common term", "min", WALK),
        ("no hit", "qzqzqz", PHRASE),
        ("two Chinese characters", "小明", GRAMS),
        ("two Korean characters", "민서", GRAMS),
        ("two rare characters", "阿曦", GRAMS),
        ("two common letters", "an", WALK),
        ("one Chinese character", "王", WALK),
        ("one letter", "e", WALK),
        ("two characters, no hit", "鑫鑫", GRAMS),
    ] {
        let params = ListParams { q: term.to_owned(), ..ListParams::default() };
        let (mut ours, mut limit, mut hits) = (Vec::new(), Vec::new(), String::new());
        for _ in 0..data.scale.samples {
            let start = Instant::now();
            let page = store::account::list(Scope::new(&data.store, &Caller::system(), app), &params).await?;
            ours.push(start.elapsed());
            hits = format!("{}{} hits", page.total.number, if page.total.more { "+" } else { "" });
            let start = Instant::now();
            let rows: Vec<(i64, String, String)> = sqlx::query_as(best).bind(key).bind(term).fetch_all(&mut plain).await?;
            limit.push(start.elapsed());
            anyhow::ensure!(rows.len().min(20) == page.items.len(), "{name}: {} rows and {}", page.items.len(), rows.len());
        }
        let [ours, limit] = [ours, limit].map(|times| Load::of(times, Duration::from_secs(1), 0));
        let note = format!("p99; {hits}, p50 {:.2} ms, limit's {:.2} ms", ours.percentile(0.5), limit.percentile(0.5));
        let (ours, limit) = (ours.percentile(0.99), limit.percentile(0.99));
        table.row(format!("search: {name}"), "ms", ours, Some(limit), Target::Within(WITHIN_MS), note);
    }
    Ok(())
}
