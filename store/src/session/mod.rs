//! The rows of the console's sessions. The id in the cookie is never stored, only its SHA-256; what a session contains is opaque
//! here. Who may end which session is decided in `crate::operator`.

pub mod deferred;

use sha2::{Digest, Sha256};

use domain::{Error, Result, limits, operator::Me};

use crate::{
    Store,
    db::{Conn, OrFault, ServerTable, now, query, query_as, server_key},
    operator::{MeRow, may_use, me_columns},
};

#[derive(sqlx::FromRow)]
struct Row {
    operator_id: Option<i64>,
    data: Vec<u8>,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
    address: Option<String>,
    user_agent: String,
    #[sqlx(flatten)]
    me: MeRow,
}

/// The SHA-256 of a session id, which the database has instead of the id.
pub fn hash_id(id: &[u8]) -> [u8; 32] {
    Sha256::digest(id).into()
}

pub use self::deferred::write as write_deferred;
pub use crate::memory::sessions::StoredSession;

/// Inserts a new session; `false` when the id exists already (choose another one). An operator who has
/// [`limits::SESSIONS_PER_OPERATOR`] loses the one that was unused for the longest time. While nothing can be written the session
/// of an operator is kept in memory, and written later by [`write_deferred`].
pub async fn create(store: &Store, session: &StoredSession) -> Result<bool> {
    let created = async {
        let mut transaction = store.write().await?;
        let created = insert(&mut transaction, session).await?;
        transaction.commit().await?;
        Ok(created)
    };
    match created.await {
        Err(fault @ Error::Storage(_)) => deferred::create(store, session, fault).await.map(|()| true),
        created => created,
    }
}

async fn insert(db: &mut Conn, session: &StoredSession) -> Result<bool> {
    let key = server_key(&mut *db, ServerTable::Session).await?;
    let done = query(
        "INSERT INTO session (id, id_hash, operator_id, data, created_at, seen_at, expires_at, address, user_agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id_hash) DO NOTHING",
    )
    .bind(key)
    .bind(session.id_hash.to_vec())
    .bind(session.operator_id)
    .bind(&session.data)
    .bind(session.created_at)
    .bind(session.seen_at)
    .bind(session.expires_at)
    .bind(&session.address)
    .bind(&session.user_agent)
    .execute(&mut *db)
    .await
    .or_fault()?;
    if let Some(operator) = session.operator_id {
        end_surplus(db, operator).await?;
    }
    Ok(done.rows_affected() == 1)
}

/// Ends the sessions of an operator beyond [`limits::SESSIONS_PER_OPERATOR`]: those that were unused for the longest time.
async fn end_surplus(db: &mut Conn, operator: i64) -> Result<()> {
    query(
        "DELETE FROM session WHERE id IN (
             SELECT id FROM session WHERE operator_id = $1 ORDER BY seen_at DESC, id DESC LIMIT 9223372036854775807 OFFSET $2)",
    )
    .bind(operator)
    .bind(limits::SESSIONS_PER_OPERATOR)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Saves a session; the time of its creation stays. One whose row is missing is inserted again only if no operator is signed in
/// with it: a request that was in progress when an operator was disabled must not restore the ended session.
pub async fn save(store: &Store, session: &StoredSession) -> Result<()> {
    if store.deferred_sessions().save(session) {
        return Ok(());
    }
    let mut transaction = store.write().await?;
    let saved = query(
        "UPDATE session SET operator_id = $2, data = $3, seen_at = $4, expires_at = $5, address = $6, user_agent = $7
         WHERE id_hash = $1",
    )
    .bind(session.id_hash.to_vec())
    .bind(session.operator_id)
    .bind(&session.data)
    .bind(session.seen_at)
    .bind(session.expires_at)
    .bind(&session.address)
    .bind(&session.user_agent)
    .execute(&mut *transaction)
    .await
    .or_fault()?;
    transaction.commit().await?;
    if saved.rows_affected() == 0 && session.operator_id.is_none() {
        create(store, session).await?;
    }
    Ok(())
}

/// The session; `None` when it does not exist or has expired: idle for too long, or signed in too long ago.
pub async fn load(store: &Store, id_hash: [u8; 32]) -> Result<Option<StoredSession>> {
    if store.deferred_sessions().has_ended(id_hash) {
        return Ok(None);
    }
    if let Some((session, me)) = deferred::load(store, id_hash).await? {
        return Ok(me.map(|_| session));
    }
    Ok(load_on(&mut store.read().await?, id_hash).await?.map(|(session, _)| session))
}

/// The same with the operator of the session, if the operator may still use Roster: in one statement, because every request begins
/// with it.
pub async fn load_with_operator(store: &Store, id_hash: [u8; 32]) -> Result<Option<(StoredSession, Option<Me>)>> {
    if store.deferred_sessions().has_ended(id_hash) {
        return Ok(None);
    }
    if let Some(kept) = deferred::load(store, id_hash).await? {
        return Ok(Some(kept));
    }
    load_on(&mut store.read().await?, id_hash).await
}

async fn load_on(db: &mut Conn, id_hash: [u8; 32]) -> Result<Option<(StoredSession, Option<Me>)>> {
    let now = now();
    let row: Option<Row> = query_as(concat!(
        "SELECT s.operator_id, s.data, s.created_at, s.seen_at, s.expires_at, s.address, s.user_agent, ",
        me_columns!(),
        " FROM session s LEFT JOIN operator o ON o.id = s.operator_id AND ",
        may_use!(),
        " WHERE s.id_hash = $1 AND s.expires_at >= $2 AND (s.operator_id IS NULL OR s.created_at >= $3)",
    ))
    .bind(id_hash.to_vec())
    .bind(now)
    .bind(now - limits::SESSION_ABSOLUTE_MS)
    .fetch_optional(db)
    .await
    .or_fault()?;
    let Some(row) = row else { return Ok(None) };
    let session = StoredSession {
        id_hash,
        operator_id: row.operator_id,
        data: row.data,
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
        address: row.address,
        user_agent: row.user_agent,
    };
    Ok(Some((session, row.me.me()?)))
}

/// Ends a session; it may have ended already. While nothing can be written it is over at once, and its row is deleted later.
pub async fn delete(store: &Store, id_hash: [u8; 32]) -> Result<()> {
    // A session that was kept in memory may be in the course of being written: then its row exists before this gets its turn.
    store.deferred_sessions().delete(id_hash);
    match delete_row(store, id_hash).await {
        // It is over all the same: its row is deleted as soon as something can be written.
        Err(fault @ (Error::Storage(_) | Error::Busy)) => {
            if store.deferred_sessions().end(id_hash) {
                Ok(())
            } else {
                Err(fault)
            }
        }
        result => result,
    }
}

async fn delete_row(store: &Store, id_hash: [u8; 32]) -> Result<()> {
    let mut transaction = store.write().await?;
    query("DELETE FROM session WHERE id_hash = $1").bind(id_hash.to_vec()).execute(&mut *transaction).await.or_fault()?;
    transaction.commit().await
}

/// Deletes the sessions that [`load`] would not return any more; how many.
pub async fn delete_expired(store: &Store) -> Result<u64> {
    let now = now();
    let mut transaction = store.write().await?;
    let dropped = query("DELETE FROM session WHERE expires_at < $1 OR (created_at < $2 AND operator_id IS NOT NULL)")
        .bind(now)
        .bind(now - limits::SESSION_ABSOLUTE_MS)
        .execute(&mut *transaction)
        .await
        .or_fault()?;
    transaction.commit().await?;
    Ok(dropped.rows_affected())
}
