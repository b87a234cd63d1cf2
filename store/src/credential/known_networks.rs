//! The networks from which users have signed in with their passwords: the latest few of each account. An attempt from such a
//! network is counted separately from those of strangers, so that these cannot lock the user out by using up the attempts for the
//! name. A known network alone lets nobody sign in.

use std::net::IpAddr;

use domain::{Result, application::AppRef, credential::rules::network, limits};

use crate::{
    Store,
    db::{Conn, OrFault, now, query, query_scalar},
};

/// One account and a network from which it has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KnownNetwork {
    account: i64,
    network: IpAddr,
}

impl KnownNetwork {
    /// The two together; `network` is the result of [`network`] for an address.
    pub fn of(account: i64, network: IpAddr) -> Self {
        Self { account, network }
    }
}

fn network_of(address: Option<&str>) -> Option<IpAddr> {
    address.and_then(|text| text.parse().ok()).map(network)
}

/// The account and the network of this address, if the user of that name has signed in from there within
/// [`limits::KNOWN_NETWORK_KEPT_MS`]; otherwise `None`.
pub async fn known(store: &Store, app: &AppRef, username: &str, address: Option<&str>) -> Result<Option<KnownNetwork>> {
    let Some(network) = network_of(address) else { return Ok(None) };
    let mut db = store.read().await?;
    let Some(found) = crate::account::sign_in_row(&mut db, app, username).await? else { return Ok(None) };
    let sql = "SELECT EXISTS (SELECT 1 FROM account_place WHERE account_id = $1 AND network = $2 AND at > $3)";
    let known: bool = query_scalar(sql)
        .bind(found.id)
        .bind(network.to_string())
        .bind(now() - limits::KNOWN_NETWORK_KEPT_MS)
        .fetch_one(&mut db)
        .await
        .or_fault()?;
    Ok(known.then_some(KnownNetwork { account: found.id, network }))
}

/// Remembers that the account has signed in from there. Beyond [`limits::KNOWN_NETWORKS_PER_ACCOUNT`] it forgets the network that
/// was unused for the longest time.
pub(super) async fn remember(db: &mut Conn, account: i64, address: Option<&str>, at: i64) -> Result<()> {
    let Some(network) = network_of(address) else { return Ok(()) };
    query(
        "INSERT INTO account_place (account_id, network, at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, network) DO UPDATE SET at = excluded.at",
    )
    .bind(account)
    .bind(network.to_string())
    .bind(at)
    .execute(&mut *db)
    .await
    .or_fault()?;
    query(
        "DELETE FROM account_place WHERE account_id = $1 AND network IN (
             SELECT network FROM account_place WHERE account_id = $1 ORDER BY at DESC, network = $2 DESC LIMIT 9223372036854775807 OFFSET $3)",
    )
    .bind(account)
    .bind(network.to_string())
    .bind(limits::KNOWN_NETWORKS_PER_ACCOUNT)
    .execute(db)
    .await
    .or_fault()?;
    Ok(())
}

/// Forgets networks that are too old to count.
pub(super) async fn delete_old(db: &mut Conn, now: i64) -> Result<()> {
    query("DELETE FROM account_place WHERE at <= $1").bind(now - limits::KNOWN_NETWORK_KEPT_MS).execute(db).await.or_fault()?;
    Ok(())
}
