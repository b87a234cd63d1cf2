//! List pages: first and deep, few rows and many, over loopback with eight connections, compared with a bare handler that answers
//! the same query as JSON. Measured in turns, so that noise meets both.

use std::{net::SocketAddr, time::Duration};

use anyhow::ensure;
use domain::page::{Cursor, CursorKey, Sort};

use crate::{
    bare,
    data::{BIG, Data, ORG, SMALL},
    load::{Client, Load, Pass, encoded, hammer},
    site, statements,
    table::{Table, Target},
};

const CONNECTIONS: usize = 8;
/// Each pair is measured so often, and the best of each counts: what disturbs only makes slower.
const TURNS: u32 = 3;
/// Pages whose statements are counted together.
const PAGES: usize = 20;
/// The most of one page.
const STATEMENTS: f64 = 2.0;

struct Servers {
    ours: SocketAddr,
    bare: SocketAddr,
    pass: Pass,
}

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let servers = Servers { ours: site::roster(&data.store)?, bare: bare::serve(data)?, pass: site::sign_in(&data.store).await? };
    for list in ["groups", "accounts"] {
        let mut pages = Vec::new();
        for app in [SMALL, BIG] {
            for deep in [false, true] {
                let (ours, limit) = pair(data, &servers, list, app, deep).await?;
                let rows = match (app, list) {
                    (SMALL, _) => data.scale.small,
                    (_, "groups") => data.scale.groups,
                    _ => data.scale.big,
                };
                let name = format!("{list}, {} page of {rows}", if deep { "deep" } else { "first" });
                let note = format!("{}; limit {}", ours.words(), limit.words());
                table.row(name, "pages/s", ours.per_second(), Some(limit.per_second()), Target::AtLeast(0.3), note);
                pages.push(ours);
            }
        }
        let [small_first, _, first, deep] = &pages[..] else { continue };
        let (near, far, few) = (first.percentile(0.5), deep.percentile(0.5), small_first.percentile(0.5));
        table.row(format!("{list}, deep beside first"), "ms", far, Some(near), Target::AtMost(1.2), "p50");
        table.row(format!("{list}, many rows beside few"), "ms", near, Some(few), Target::AtMost(1.3), "p50");
    }
    for (name, path) in [
        ("groups", "groups"),
        ("accounts", "accounts"),
        ("groups by name", "groups?sort=name"),
        ("accounts that are found", "accounts?q=min"),
        ("a group's members", "groups/…"),
    ] {
        statements(data, &servers, name, path, table).await?;
    }
    Ok(())
}

/// How many statements a page takes, each of which is handed to a thread of the database.
async fn statements(data: &Data, servers: &Servers, name: &str, path: &str, table: &mut Table) -> anyhow::Result<()> {
    let group = data.batch(0)?.groups.first().map(|group| encoded(group)).unwrap_or_default();
    let path = format!("/apps/{ORG}/{BIG}/{}", path.replace('…', &group));
    let mut client = Client::connect(servers.ours, Some(&servers.pass)).await?;
    client.get(&path).await?;
    let counted = statements::count(async {
        for _ in 0..PAGES {
            client.get(&path).await?;
        }
        Ok(())
    });
    let each = counted.await? as f64 / PAGES as f64;
    let target = if name == "a group's members" { Target::Told } else { Target::Within(STATEMENTS) };
    table.row(format!("statements of a page: {name}"), "", each, None, target, "of a signed-in operator");
    Ok(())
}

async fn pair(data: &Data, servers: &Servers, list: &str, app: &str, deep: bool) -> anyhow::Result<(Load, Load)> {
    let id = data.key(app).await?;
    let (at, row) = if deep { place(data, list, id).await? } else { (i64::MAX, i64::MAX) };
    let cursor = Cursor::new(Sort::default(), false, CursorKey::Number(at), row).encode();
    let page = format!("/apps/{ORG}/{app}/{list}{}", if deep { format!("?cursor={cursor}") } else { String::new() });
    let plain = format!("/{list}?app={}&at={at}&id={row}", id);
    let time = Duration::from_secs_f64(data.scale.seconds / f64::from(TURNS));
    let (mut ours, mut limit) = (Load::default(), Load::default());
    for _ in 0..TURNS {
        for (best, address, path, pass) in
            [(&mut ours, servers.ours, &page, Some(&servers.pass)), (&mut limit, servers.bare, &plain, None)]
        {
            let load = hammer(address, path, pass, CONNECTIONS, time).await?;
            if load.per_second() > best.per_second() {
                *best = load;
            }
        }
    }
    ensure!(ours.bytes > 10_000 && limit.bytes > 1_000, "the pages are too short: {} and {} bytes", ours.bytes, limit.bytes);
    Ok((ours, limit))
}

/// The place in the list that nine tenths of the rows are before.
async fn place(data: &Data, list: &str, app: i64) -> anyhow::Result<(i64, i64)> {
    let (sql, offset) = match list {
        "groups" => {
            ("SELECT created_at, id FROM \"group\" WHERE app_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2", 9)
        }
        _ => ("SELECT created_at, id FROM account WHERE app_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2", 9),
    };
    let count = match list {
        "groups" => "SELECT count(*) FROM \"group\" WHERE app_id = $1",
        _ => "SELECT count(*) FROM account WHERE app_id = $1",
    };
    let rows: i64 = sqlx::query_scalar(count).bind(app).fetch_one(&mut data.plain().await?).await?;
    Ok(sqlx::query_as(sql).bind(app).bind(rows * offset / 10).fetch_one(&mut data.plain().await?).await?)
}
