//! The limit of a list page: a bare axum handler that answers the same query as JSON.

use std::net::SocketAddr;

use axum::{
    Json, Router,
    extract::{Query, State},
    routing::get,
};
use serde_json::{Value, json};
use sqlx::{
    Row, SqlitePool,
    sqlite::{SqlitePoolOptions, SqliteRow},
};

use crate::{data::Data, site};

/// What the handler is asked for: the app, and the row after which the page begins.
#[derive(serde::Deserialize)]
struct BareRequest {
    app: i64,
    at: i64,
    id: i64,
}

const GROUPS: &str = "SELECT t.id, t.group_id, t.name, t.type, t.created_at, t.member_count, o.username, o.nickname, o.image
    FROM \"group\" t LEFT JOIN account o ON o.id = t.owner_id WHERE t.app_id = $1 AND (t.created_at, t.id) < ($2, $3)
    ORDER BY t.created_at DESC, t.id DESC LIMIT 21";
const ACCOUNTS: &str = "SELECT t.id, t.username, t.nickname, t.type, t.image, t.created_at
    FROM account t WHERE t.app_id = $1 AND (t.created_at, t.id) < ($2, $3) ORDER BY t.created_at DESC, t.id DESC LIMIT 21";

pub fn serve(data: &Data) -> anyhow::Result<SocketAddr> {
    let options = data.options().read_only(true);
    site::serve(move || {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let most = u32::try_from(cores * 2).unwrap_or(4).clamp(4, 16);
        let pool = SqlitePoolOptions::new().max_connections(most).connect_lazy_with(options);
        Ok(Router::new().route("/groups", get(groups)).route("/accounts", get(accounts)).with_state(pool))
    })
}

async fn groups(State(pool): State<SqlitePool>, Query(wanted): Query<BareRequest>) -> Json<Value> {
    answer(&pool, GROUPS, &wanted, |row| {
        json!({
            "group_id": row.get::<String, _>(1), "name": row.get::<String, _>(2), "type": row.get::<String, _>(3),
            "created_at": row.get::<i64, _>(4), "member_count": row.get::<i64, _>(5),
            "owner": row.get::<Option<String>, _>(6), "nickname": row.get::<Option<String>, _>(7),
            "image": row.get::<Option<String>, _>(8),
        })
    })
    .await
}

async fn accounts(State(pool): State<SqlitePool>, Query(wanted): Query<BareRequest>) -> Json<Value> {
    answer(&pool, ACCOUNTS, &wanted, |row| {
        json!({
            "username": row.get::<String, _>(1), "nickname": row.get::<String, _>(2), "type": row.get::<String, _>(3),
            "image": row.get::<String, _>(4), "created_at": row.get::<i64, _>(5),
        })
    })
    .await
}

/// An error shows as an empty list; the caller looks at the size of the first answer.
async fn answer(pool: &SqlitePool, sql: &'static str, wanted: &BareRequest, item: impl Fn(&SqliteRow) -> Value) -> Json<Value> {
    let rows = sqlx::query(sql).bind(wanted.app).bind(wanted.at).bind(wanted.id).fetch_all(pool).await.unwrap_or_default();
    Json(rows.iter().take(20).map(item).collect())
}
