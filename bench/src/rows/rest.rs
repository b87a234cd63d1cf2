//! Calls of the group REST API over loopback: writes compared with the rate at which the same transactions run in a bare loop on
//! the same file, reads compared with a bare axum handler that answers the same query.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use domain::{Caller, selection::Matching};
use http::{Method, header};
use jobs::{batch, run};
use serde_json::{Value, json};
use sqlx::{SqliteConnection, SqlitePool, sqlite::SqlitePoolOptions};
use store::{Scope, credential as credentials};

use super::delete::groups;
use crate::{
    data::{BATCH, Data, ORG},
    load::{Ask, Client, Load, Pass, drive},
    site,
    table::{Table, Target},
};

const CONNECTIONS: usize = 32;
/// Members of the group that is read.
const MEMBERS: usize = 50;
/// The slowest hundredth of the writes may take so long while a batch runs, milliseconds.
const DURING_A_BATCH_MS: f64 = 20.0;

/// A server to call and what to call it about.
struct Api {
    address: SocketAddr,
    pass: Pass,
    /// `/bench/batch`.
    root: String,
    accounts: Arc<Vec<String>>,
    time: Duration,
}

impl Api {
    async fn ask(&self, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let ask = Ask { method, path: format!("{}{path}", self.root), body };
        Ok(serde_json::from_slice(&Client::connect(self.address, Some(&self.pass)).await?.ask(&ask).await?)?)
    }

    async fn drive(&self, next: impl Fn(usize, usize) -> Ask + Send + Sync + 'static) -> anyhow::Result<Load> {
        drive(self.address, Some(&self.pass), CONNECTIONS, self.time, next).await
    }

    /// One group for each connection, owned by one account each.
    async fn groups(&self) -> anyhow::Result<Arc<Vec<String>>> {
        let mut made = Vec::new();
        for number in 0..CONNECTIONS {
            let body =
                json!({ "groupname": "bench", "desc": "", "public": true, "maxusers": 2000, "owner": self.accounts[number] });
            let answer = self.ask(Method::POST, "/chatgroups", &body).await?;
            made.push(answer["data"]["groupid"].as_str().context("no group id")?.to_owned());
        }
        Ok(Arc::new(made))
    }
}

pub async fn measure(data: &Data, table: &mut Table) -> anyhow::Result<()> {
    let (app, key) = (data.app(BATCH).await?, data.key(BATCH).await?);
    let made = credentials::create(Scope::new(&data.store, &Caller::system(), app), "bench").await?;
    let mut plain = data.plain_writer().await?;
    // Not those who belong to so many groups already that they may join no more, and not the last: the bare loop makes it the owner of
    // all its groups.
    let accounts: Vec<String> = sqlx::query_scalar(
        "SELECT username FROM account a WHERE app_id = $1 AND (SELECT count(*) FROM member m WHERE m.account_key = a.id) < 100
         ORDER BY id DESC LIMIT 2000 OFFSET 1",
    )
    .bind(key)
    .fetch_all(&mut plain)
    .await?;
    ensure!(accounts.len() > CONNECTIONS + MEMBERS, "too few accounts");
    let mut api = Api {
        address: site::roster(&data.store)?,
        pass: (header::AUTHORIZATION, String::new()),
        root: format!("/{ORG}/{BATCH}"),
        accounts: Arc::new(accounts),
        time: Duration::from_secs_f64(data.scale.seconds),
    };
    let secret = json!({
        "grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.client_secret,
    });
    let token = api.ask(Method::POST, "/token", &secret).await?;
    api.pass.1 = format!("Bearer {}", token["access_token"].as_str().context("no token")?);

    reads(data, &api, table).await?;
    writes(&api, key, &mut plain, table).await?;
    during_a_batch(data, &api, key, &mut plain, table).await
}

fn row(table: &mut Table, name: &str, ours: &Load, limit: f64, note: &str) {
    let note = format!("{}{note}", ours.words());
    table.row(format!("REST: {name}"), "calls/s", ours.per_second(), Some(limit), Target::AtLeast(0.5), note);
}

async fn reads(data: &Data, api: &Api, table: &mut Table) -> anyhow::Result<()> {
    let group = api.groups().await?.first().cloned().context("no group")?;
    let members = &api.accounts[CONNECTIONS..CONNECTIONS + MEMBERS];
    api.ask(Method::POST, &format!("/chatgroups/{group}/users"), &json!({ "usernames": members })).await?;
    let options = data.options().read_only(true);
    let bare = site::serve(move || {
        let pool = SqlitePoolOptions::new().max_connections(4).connect_lazy_with(options);
        Ok(Router::new().route("/members/{group}", get(members_of)).route("/details/{group}", get(details_of)).with_state(pool))
    })?;
    for (name, path, plain) in [
        (
            "members of a group",
            format!("{}/chatgroups/{group}/users?pagenum=1&pagesize=100", api.root),
            format!("/members/{group}"),
        ),
        ("details of a group", format!("{}/chatgroups/{group}", api.root), format!("/details/{group}")),
    ] {
        let get = |path: String| move |_, _| Ask { method: Method::GET, path: path.clone(), body: String::new() };
        let limit = drive(bare, None, CONNECTIONS, api.time, get(plain)).await?;
        let ours = api.drive(get(path)).await?;
        ensure!(limit.bytes > 20 * MEMBERS, "the bare handler answers too little");
        row(table, name, &ours, limit.per_second(), &format!("; bare {}", limit.words()));
    }
    Ok(())
}

const MEMBERS_OF: &str = "SELECT a.username, m.role FROM \"group\" g CROSS JOIN member m ON m.group_key = g.id
    CROSS JOIN account a ON a.id = m.account_key WHERE g.group_id = $1 AND g.app_id = (SELECT id FROM application WHERE app_name = 'batch')
    ORDER BY m.joined_at DESC LIMIT 100";

async fn members_of(State(pool): State<SqlitePool>, Path(group): Path<String>) -> Json<Value> {
    let rows: Vec<(String, String)> = sqlx::query_as(MEMBERS_OF).bind(group).fetch_all(&pool).await.unwrap_or_default();
    Json(rows.into_iter().map(|(name, role)| json!({ role: name })).collect())
}

async fn details_of(State(pool): State<SqlitePool>, Path(group): Path<String>) -> Json<Value> {
    let group_row: Option<(String, String, String, i64)> = sqlx::query_as(
        "SELECT g.group_id, g.name, g.introduction, g.created_at FROM \"group\" g
         WHERE g.group_id = $1 AND g.app_id = (SELECT id FROM application WHERE app_name = 'batch')",
    )
    .bind(&group)
    .fetch_optional(&pool)
    .await
    .unwrap_or_default();
    let members = members_of(State(pool), Path(group)).await.0;
    Json(group_row.map_or(Value::Null, |(id, name, description, created)| {
        json!([{ "id": id, "name": name, "description": description, "created": created, "affiliations": members }])
    }))
}

async fn writes(api: &Api, key: i64, plain: &mut SqliteConnection, table: &mut Table) -> anyhow::Result<()> {
    let (root, accounts) = (api.root.clone(), api.accounts.clone());
    let create = api
        .drive(move |connection, number| {
            // Each account owns a few groups only.
            let owner = &accounts[(connection + number * CONNECTIONS) % accounts.len()];
            let body = json!({ "groupname": "bench", "desc": "made by the bench", "public": true, "owner": owner });
            Ask { method: Method::POST, path: format!("{root}/chatgroups"), body: body.to_string() }
        })
        .await?;
    let limit = bare_loop(plain, api.time, async |db, number| bare_create(db, key, number).await).await?;
    row(table, "create a group", &create, limit, "");

    let groups = api.groups().await?;
    let (root, accounts, at) = (api.root.clone(), api.accounts.clone(), groups.clone());
    // Adding and removing in turn, so that both find what they need; a call of each is one request.
    let turns = api
        .drive(move |connection, number| {
            let user = &accounts[CONNECTIONS + (number / 2) % (accounts.len() - CONNECTIONS)];
            let method = if number % 2 == 0 { Method::POST } else { Method::DELETE };
            Ask { method, path: format!("{root}/chatgroups/{}/users/{user}", at[connection]), body: String::new() }
        })
        .await?;
    let group: i64 = sqlx::query_scalar("SELECT id FROM \"group\" WHERE app_id = $1 AND group_id = $2")
        .bind(key)
        .bind(&groups[0])
        .fetch_one(&mut *plain)
        .await?;
    let limit = bare_loop(plain, api.time, async |db, number| bare_turn(db, key, group, number).await).await?;
    row(table, "add and remove a member in turn", &turns, limit, "");
    Ok(())
}

/// How many transactions a second one connection does, one after the other.
async fn bare_loop(
    db: &mut SqliteConnection,
    time: Duration,
    work: impl AsyncFn(&mut SqliteConnection, i64) -> anyhow::Result<()>,
) -> anyhow::Result<f64> {
    let start = std::time::Instant::now();
    let mut number = 0;
    while start.elapsed() < time {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *db).await?;
        work(db, number).await?;
        sqlx::query("COMMIT").execute(&mut *db).await?;
        number += 1;
    }
    Ok(number as f64 / start.elapsed().as_secs_f64())
}

async fn bare_event(db: &mut SqliteConnection, key: i64, action: &str) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO event (at, app_id, actor, operator, action, outcome, target, state_after)
         VALUES (0, $1, 'system', '', $2, 'done', 'bench', '{\"username\":\"bench\",\"role\":\"Member\"}')",
    )
    .bind(key)
    .bind(action)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO event_day (app_id, day, action, done) VALUES ($1, 0, $2, 1)
         ON CONFLICT (app_id, day, action) DO UPDATE SET done = event_day.done + 1",
    )
    .bind(key)
    .bind(action)
    .execute(db)
    .await?;
    Ok(())
}

async fn bare_create(db: &mut SqliteConnection, key: i64, number: i64) -> anyhow::Result<()> {
    let group = sqlx::query(
        "INSERT INTO \"group\" (app_id, group_id, type, name, owner_id, created_at, introduction)
         VALUES ($1, 'bare-' || $2, 'Meeting', 'bench', (SELECT max(id) FROM account WHERE app_id = $1), 0, 'made by the bench')",
    )
    .bind(key)
    .bind(number)
    .execute(&mut *db)
    .await?
    .last_insert_rowid();
    sqlx::query("INSERT INTO member (group_key, account_key, role, joined_at) SELECT id, owner_id, 'Owner', 0 FROM \"group\" WHERE id = $1")
        .bind(group)
        .execute(&mut *db)
        .await?;
    bare_event(db, key, "group.create").await
}

async fn bare_turn(db: &mut SqliteConnection, key: i64, group: i64, number: i64) -> anyhow::Result<()> {
    let sql = if number % 2 == 0 {
        "INSERT INTO member (group_key, account_key, role, joined_at)
         SELECT $1, (SELECT min(id) FROM account WHERE app_id = $2), 'Member', 0"
    } else {
        "DELETE FROM member WHERE group_key = $1 AND account_key = (SELECT min(id) FROM account WHERE app_id = $2)"
    };
    sqlx::query(sql).bind(group).bind(key).execute(&mut *db).await?;
    bare_event(db, key, if number % 2 == 0 { "member.add" } else { "member.delete" }).await
}

/// Members are added and removed through the API while a job deletes groups.
async fn during_a_batch(data: &Data, api: &Api, key: i64, plain: &mut SqliteConnection, table: &mut Table) -> anyhow::Result<()> {
    let batch = data.scale.batch;
    let doomed: Vec<String> = groups(plain, key, batch).await?.into_iter().map(|group| group.0).collect();
    let groups = api.groups().await?;
    let app = data.app(BATCH).await?;
    batch::delete_groups(Scope::new(&data.store, &Caller::system(), app), doomed, Matching::default(), &batch.to_string())
        .await?;
    let (root, accounts) = (api.root.clone(), api.accounts.clone());
    let calls = api.drive(move |connection, number| {
        let user = &accounts[CONNECTIONS + (number / 2) % (accounts.len() - CONNECTIONS)];
        let method = if number % 2 == 0 { Method::POST } else { Method::DELETE };
        Ask { method, path: format!("{root}/chatgroups/{}/users/{user}", groups[connection]), body: String::new() }
    });
    let start = std::time::Instant::now();
    let job = async {
        run::run_waiting(&data.store).await?;
        anyhow::Ok(start.elapsed())
    };
    let (calls, job) = tokio::join!(calls, job);
    let (calls, job) = (calls?, job?);
    let note = format!(
        "p99; p50 {:.1} ms, {:.0} calls/s; the job took {:.1} s",
        calls.percentile(0.5),
        calls.per_second(),
        job.as_secs_f64()
    );
    table.row(
        format!("REST: writes while a job deletes {batch} groups"),
        "ms",
        calls.percentile(0.99),
        None,
        Target::Within(DURING_A_BATCH_MS),
        note,
    );
    Ok(())
}
