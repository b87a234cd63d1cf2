//! Calls of the group REST API over loopback: writes compared with the rate at which the same rows are written in a bare loop on a
//! copy of the tables, reads compared with a bare axum handler that answers the same query.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, ensure};
use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use domain::Caller;
use http::{Method, header};
use jobs::run;
use serde_json::{Value, json};
use sqlx::{SqlitePool, sqlite::SqlitePoolOptions};
use store::{Scope, credential as credentials};

use super::delete::{choose, left};
use crate::{
    data::{BIG, Data, ORG},
    load::{Ask, Client, Load, Pass, drive, drive_while},
    plain::Plain,
    site,
    table::{Table, Target},
};

const CONNECTIONS: usize = 32;
/// Members of the group that is read.
const MEMBERS: usize = 50;
/// The slowest hundredth of the writes may take so long while a job runs, milliseconds.
const DURING_A_JOB_MS: f64 = 20.0;

/// A server to call and what to call it about.
struct Api {
    address: SocketAddr,
    pass: Pass,
    /// `/bench/big`.
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

    /// Adds members to new groups and removes them in turn, so that both find what they need; a call of each is one request.
    async fn turns(&self) -> anyhow::Result<impl Fn(usize, usize) -> Ask + Send + Sync + use<>> {
        let (groups, root, accounts) = (self.groups().await?, self.root.clone(), self.accounts.clone());
        Ok(move |connection: usize, number: usize| {
            let user = &accounts[CONNECTIONS + (number / 2) % (accounts.len() - CONNECTIONS)];
            let method = if number.is_multiple_of(2) { Method::POST } else { Method::DELETE };
            Ask { method, path: format!("{root}/chatgroups/{}/users/{user}", groups[connection]), body: String::new() }
        })
    }
}

pub async fn measure(data: &Data, plain: &mut Plain, table: &mut Table) -> anyhow::Result<()> {
    let (app, key) = (data.app(BIG).await?, data.key(BIG).await?);
    let made = credentials::create(Scope::new(&data.store, &Caller::system(), app), "bench").await?;
    // Not those who belong to so many groups already that they may join no more.
    let accounts: Vec<String> = sqlx::query_scalar(
        "SELECT username FROM account a WHERE app_id = $1 AND (SELECT count(*) FROM member m WHERE m.account_key = a.id) < 100
         ORDER BY id DESC LIMIT 2000",
    )
    .bind(key)
    .fetch_all(&mut data.plain().await?)
    .await?;
    ensure!(accounts.len() > CONNECTIONS + MEMBERS, "too few accounts");
    let mut api = Api {
        address: site::roster(&data.store)?,
        pass: (header::AUTHORIZATION, String::new()),
        root: format!("/{ORG}/{BIG}"),
        accounts: Arc::new(accounts),
        time: Duration::from_secs_f64(data.scale.seconds),
    };
    let secret = json!({
        "grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.client_secret,
    });
    let token = api.ask(Method::POST, "/token", &secret).await?;
    api.pass.1 = format!("Bearer {}", token["access_token"].as_str().context("no token")?);

    reads(data, &api, table).await?;
    writes(&api, plain, table).await?;
    during_a_job(data, &api, table).await
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
    CROSS JOIN account a ON a.id = m.account_key WHERE g.group_id = $1 AND g.app_id = (SELECT id FROM application WHERE app_name = 'big')
    ORDER BY m.joined_at DESC LIMIT 100";

async fn members_of(State(pool): State<SqlitePool>, Path(group): Path<String>) -> Json<Value> {
    let rows: Vec<(String, String)> = sqlx::query_as(MEMBERS_OF).bind(group).fetch_all(&pool).await.unwrap_or_default();
    Json(rows.into_iter().map(|(name, role)| json!({ role: name })).collect())
}

async fn details_of(State(pool): State<SqlitePool>, Path(group): Path<String>) -> Json<Value> {
    let group_row: Option<(String, String, String, i64)> = sqlx::query_as(
        "SELECT g.group_id, g.name, g.introduction, g.created_at FROM \"group\" g
         WHERE g.group_id = $1 AND g.app_id = (SELECT id FROM application WHERE app_name = 'big')",
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

async fn writes(api: &Api, plain: &mut Plain, table: &mut Table) -> anyhow::Result<()> {
    let (root, accounts) = (api.root.clone(), api.accounts.clone());
    let create = api
        .drive(move |connection, number| {
            // Each account owns a few groups only.
            let owner = &accounts[(connection + number * CONNECTIONS) % accounts.len()];
            let body = json!({ "groupname": "bench", "desc": "made by the bench", "public": true, "owner": owner });
            Ask { method: Method::POST, path: format!("{root}/chatgroups"), body: body.to_string() }
        })
        .await?;
    let limit = plain.create_groups(api.time).await?;
    row(table, "create a group", &create, limit, "");

    let turns = api.drive(api.turns().await?).await?;
    let limit = plain.turn_members(api.time).await?;
    row(table, "add and remove a member in turn", &turns, limit, "");
    Ok(())
}

/// Members are added and removed through the API while a job deletes groups, for as long as the job runs.
async fn during_a_job(data: &Data, api: &Api, table: &mut Table) -> anyhow::Result<()> {
    let batch = data.batch(6)?;
    let alone = api.drive(api.turns().await?).await?;
    let turns = api.turns().await?;
    choose(data, batch).await?;
    let ended = Arc::new(AtomicBool::new(false));
    // A short job would leave too few calls to say anything.
    let (over, least) = (ended.clone(), api.time / 4);
    let goes_on = move |since| since < least || !over.load(Ordering::Relaxed);
    let calls = drive_while(api.address, Some(&api.pass), CONNECTIONS, goes_on, turns);
    let start = std::time::Instant::now();
    let job = async {
        let done = run::run_waiting(&data.store).await;
        ended.store(true, Ordering::Relaxed);
        done.map(|()| start.elapsed())
    };
    let (calls, job) = tokio::join!(calls, job);
    let (calls, job) = (calls?, job?);
    ensure!(left(data, batch).await? == 0, "not all groups were deleted");
    let rate = format!("{:.0} and {:.0} calls/s", calls.per_second(), alone.per_second());
    let note = format!("p99; {}; alone {}; {rate}; the job took {:.1} s", calls.words(), alone.words(), job.as_secs_f64());
    let name = format!("REST: writes while a job deletes {} groups", data.scale.batch());
    let (calls, alone) = (calls.percentile(0.99), alone.percentile(0.99));
    table.row(name, "ms", calls, Some(alone), Target::Both(DURING_A_JOB_MS, 2.0), note);
    Ok(())
}
