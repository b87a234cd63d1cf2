//! Recording in the log which tokens were given. The first one for a credential and an address is an event at once, in the
//! transaction of the token. Of more within the hour, one event an hour later has only their number and the first of the users
//! that they were for. So nothing is lost when the process is killed, and a client that gets a token before each call writes two
//! events an hour. The passwords of all users of an app together count as one credential from each address.

use domain::{Actor, Caller, Error, Result, application::AppId, caller::Rights, event::Action, limits};
use serde_json::{Value, json};

use crate::{
    Store,
    change::{NewEvent, record_as},
    db::{Conn, OrFault, WriteTransaction, query, query_as, query_scalar, texts},
};

/// How long tokens are counted before an event has their number.
const TOGETHER_MS: i64 = limits::HOUR_MS;
/// Credentials and addresses of one app that are counted separately; all others count as one address.
const APART: i64 = 100;
/// Counts that are recorded in one transaction.
const AT_ONCE: i64 = 100;
/// Users who are named of those who are counted together.
const NAMED: i64 = 20;

/// How a token was got, named as OAuth's grant types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GrantType {
    Credentials,
    Password,
    Inherit,
}

impl GrantType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "client_credentials",
            Self::Password => "password",
            Self::Inherit => "inherit",
        }
    }
}

/// Counts or records a token given to this caller. `user`: the token's user, unless it belongs to the credential itself.
pub(super) async fn note(
    db: &mut WriteTransaction,
    caller: &Caller,
    app: AppId,
    way: GrantType,
    user: Option<&str>,
    at: i64,
) -> Result<()> {
    let name = match &caller.actor {
        Actor::Credential { name, .. } => name.as_str(),
        Actor::Operator { .. } | Actor::Account { .. } | Actor::System | Actor::Anonymous => "",
    };
    let address = caller.address.as_deref().unwrap_or_default();
    if count(db, app, way, (name, address), user, at).await? {
        return Ok(());
    }
    let apart: i64 =
        query_scalar("SELECT count(*) FROM api_issue WHERE app_id = $1").bind(app.key()).fetch_one(&mut **db).await.or_fault()?;
    let address = if apart < APART { address } else { "" };
    if apart >= APART && count(db, app, way, (name, address), user, at).await? {
        return Ok(());
    }
    record_rest(db, app, way.as_str(), name, address).await?;
    query("INSERT INTO api_issue (app_id, way, name, address, since) VALUES ($1, $2, $3, $4, $5)")
        .bind(app.key())
        .bind(way.as_str())
        .bind(name)
        .bind(address)
        .bind(at)
        .execute(&mut **db)
        .await
        .or_fault()?;
    let after = json!({ "grant": way.as_str(), "tokens": 1 });
    let target = user.unwrap_or(caller.actor.name()).to_owned();
    let item = NewEvent { target, after: Some(after), ..NewEvent::default() };
    record_as(db, caller, Action::TokenIssue, app, at, item).await
}

/// Adds one to a count; answers whether there is a count from within the hour to add it to.
async fn count(
    db: &mut Conn,
    app: AppId,
    way: GrantType,
    (name, address): (&str, &str),
    user: Option<&str>,
    at: i64,
) -> Result<bool> {
    let counted = query(texts::COUNT_ISSUED)
        .bind(app.key())
        .bind(way.as_str())
        .bind(name)
        .bind(address)
        .bind(at - TOGETHER_MS)
        .bind(user)
        .bind(NAMED)
        .execute(db)
        .await
        .or_fault()?;
    Ok(counted.rows_affected() > 0)
}

/// Records what a count has beyond its first token, and ends the count.
async fn record_rest(db: &mut WriteTransaction, app: AppId, way: &str, name: &str, address: &str) -> Result<()> {
    let ended: Option<(i64, i64, String)> = query_as(
        "DELETE FROM api_issue WHERE app_id = $1 AND way = $2 AND name = $3 AND address = $4 RETURNING more, since, usernames",
    )
    .bind(app.key())
    .bind(way)
    .bind(name)
    .bind(address)
    .fetch_optional(&mut **db)
    .await
    .or_fault()?;
    let Some((more @ 1.., since, users)) = ended else { return Ok(()) };
    let rights = Rights::default();
    let actor = match name {
        // A count of users, of whom there are many.
        "" => Actor::System,
        name => Actor::Credential { id: 0, name: name.to_owned(), app: app.key(), rights },
    };
    let caller = Caller { actor, address: Some(address.to_owned()).filter(|address| !address.is_empty()), proof: None };
    let mut after = json!({ "grant": way, "tokens": more, "since_at": since });
    let users: Value = serde_json::from_str(&users).map_err(|error| Error::Internal(error.to_string()))?;
    if users.as_array().is_some_and(|users| !users.is_empty()) {
        after["usernames"] = users;
    }
    let item = NewEvent { target: name.to_owned(), after: Some(after), ..NewEvent::default() };
    // Now, not an hour ago: times increase with the numbers of the events.
    record_as(db, &caller, Action::TokenIssue, app, crate::db::now(), item).await
}

/// Records every count whose hour is over at `now`, milliseconds since 1970.
pub async fn record_issued_tokens(store: &Store, now: i64) -> Result<()> {
    loop {
        let due: Vec<(i64, String, String, String)> =
            query_as("SELECT app_id, way, name, address FROM api_issue WHERE since <= $1 LIMIT $2")
                .bind(now - TOGETHER_MS)
                .bind(AT_ONCE)
                .fetch_all(store.reader())
                .await
                .or_fault()?;
        if due.is_empty() {
            return Ok(());
        }
        let mut transaction = store.write().await?;
        for (app, way, name, address) in &due {
            record_rest(&mut transaction, AppId::of_row(*app), way, name, address).await?;
        }
        transaction.commit().await?;
    }
}
