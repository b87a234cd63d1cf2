use std::path::Path;

use domain::application::AppId;
use rand::{Rng, SeedableRng, rngs::StdRng};
use tempfile::TempDir;

use super::*;
use crate::{
    Store,
    db::{FILE, WriteTransaction, query, query_scalar},
};

const APP: AppId = AppId::of_row(3);
const TABLE: AppTable = AppTable::Account;

/// A store with a table of all keys that were given and committed.
async fn world() -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path()).await;
    let table = "CREATE TABLE given (key INTEGER PRIMARY KEY) STRICT";
    let mut transaction = store.write().await.expect("a transaction");
    query(table).execute(&mut *transaction).await.expect("a table");
    transaction.commit().await.expect("committed");
    (folder, store)
}

async fn open(folder: &Path) -> Store {
    Store::open(folder).await.expect("a store")
}

/// Gives keys, and fails when one of them was given before.
async fn give(transaction: &mut WriteTransaction, app: AppId, count: usize) -> i64 {
    let first = transaction.app_keys(app, TABLE, count).await.expect("keys");
    let rows = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2)
                INSERT INTO given (key) SELECT $1 + i FROM n";
    let count = i64::try_from(count).expect("a number");
    query(rows).bind(first).bind(count).execute(&mut **transaction).await.expect("keys that nobody has");
    first
}

/// Gives one key in a transaction of its own.
async fn give_one(store: &Store, app: AppId) -> i64 {
    let mut transaction = store.write().await.expect("a transaction");
    let key = give(&mut transaction, app, 1).await;
    transaction.commit().await.expect("committed");
    key
}

async fn number_of(store: &Store, sql: &'static str) -> i64 {
    query_scalar(sql).fetch_one(store.reader()).await.expect("a number")
}

const NEXT: &str = "SELECT next FROM id_block WHERE name = 'account' AND app_id = 3";

#[tokio::test]
async fn an_apps_keys_rise_within_its_range() {
    let (_folder, store) = world().await;
    let (low, high) = range(APP);
    assert_eq!((low, high), (3 << 32, (4 << 32) - 1));
    let mut given = Vec::new();
    for _ in 0..3 {
        given.push(give_one(&store, APP).await);
    }
    assert_eq!(given, [low + 1, low + 2, low + 3]);
    assert_eq!(number(given[2]), 3);
    assert_eq!(number_of(&store, NEXT).await, 1_001, "one block was taken for all of them");
    // Another app and another table count for themselves.
    assert_eq!(give_one(&store, AppId::of_row(4)).await, (4 << 32) + 1);
    let mut transaction = store.write().await.expect("a transaction");
    assert_eq!(transaction.app_key(APP, AppTable::Group).await, Ok(low + 1));
    // Many are taken exactly. What was left of the block is given up, so that keys rise.
    assert_eq!(give(&mut transaction, APP, 5_000).await, low + 1_001);
    assert_eq!(give(&mut transaction, APP, 900).await, low + 6_001);
    assert_eq!(give(&mut transaction, APP, 200).await, low + 7_001, "the block has no 200 any more");
    assert_eq!(transaction.app_keys(APP, TABLE, 0).await, Ok(low));
    transaction.commit().await.expect("committed");
    // The highest key is exact in JSON and JavaScript.
    assert!(range(AppId::of_row(MAX_APP)).1 < 1 << 53);
}

#[tokio::test]
async fn keys_of_a_transaction_that_was_rolled_back_are_free_again() {
    let (_folder, store) = world().await;
    let low = range(APP).0;
    for _ in 0..2 {
        // The block goes with the transaction that has taken it.
        let mut transaction = store.write().await.expect("a transaction");
        assert_eq!(give(&mut transaction, APP, 1).await, low + 1);
        transaction.rollback().await.expect("rolled back");
        assert_eq!(number_of(&store, "SELECT count(*) FROM id_block").await, 0);
    }
    assert_eq!(give_one(&store, APP).await, low + 1);
    let mut transaction = store.write().await.expect("a transaction");
    assert_eq!(give(&mut transaction, APP, 998).await, low + 2);
    assert_eq!(give(&mut transaction, APP, 2).await, low + 1_001, "a new block");
    transaction.rollback().await.expect("rolled back");
    assert_eq!(give_one(&store, APP).await, low + 2);
    drop(store.write().await.expect("a transaction"));
    assert_eq!(give_one(&store, APP).await, low + 3);
    assert_eq!(number_of(&store, NEXT).await, 1_001);
}

/// Many at once, whose transactions share commits; some fail, and some take all others of their commit with them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_key_is_given_twice_whatever_is_rolled_back() {
    let (folder, store) = world().await;
    let mut store = store;
    let mut committed = 0;
    for round in 0..6_u64 {
        let tasks: Vec<_> = (0..8).map(|task| tokio::spawn(work(store.clone(), round * 100 + task))).collect();
        for task in tasks {
            committed += task.await.expect("no key was given twice");
        }
        // Not closed: as after a kill, nobody has been told which keys were left.
        store = open(folder.path()).await;
    }
    assert!(committed > 0);
    assert_eq!(number_of(&store, "SELECT count(*) FROM given").await, committed);
    let above = "SELECT count(*) FROM given WHERE key & 4294967295 >=
                 (SELECT next FROM id_block WHERE name = 'account' AND app_id = key >> 32)";
    assert_eq!(number_of(&store, above).await, 0, "every key lies below what is given next");
}

/// How many keys were committed.
async fn work(store: Store, seed: u64) -> i64 {
    let mut random = StdRng::seed_from_u64(seed);
    let mut committed = 0;
    for _ in 0..25 {
        let mut transaction = store.write().await.expect("a transaction");
        let mut count = 0;
        for _ in 0..random.random_range(1..4) {
            let many = [1, 1, 1, 1, 7, 400, 999, 1_000, 1_300][random.random_range(0..9)];
            give(&mut transaction, AppId::of_row(random.random_range(1..4)), many).await;
            count += i64::try_from(many).expect("a number");
        }
        match random.random_range(0..10) {
            0 => transaction.rollback().await.expect("rolled back"),
            1 => drop(transaction),
            2 => {
                // As SQLite does on a full disk.
                query("ROLLBACK").execute(&mut *transaction).await.expect("rolled back");
                // That the others were rolled back is what they are told.
                let _ = transaction.rollback().await;
            }
            _ => committed += transaction.commit().await.map_or(0, |()| count),
        }
    }
    committed
}

#[tokio::test]
async fn two_processes_never_give_the_same_key() {
    let (folder, store) = world().await;
    let other = open(folder.path()).await;
    for _ in 0..5 {
        give_one(&store, APP).await;
        give_one(&other, APP).await;
    }
    let low = range(APP).0;
    assert_eq!((give_one(&store, APP).await, give_one(&other, APP).await), (low + 6, low + 1_006));
}

#[tokio::test]
async fn a_copy_of_the_database_gives_keys_that_none_of_its_rows_has() {
    let (_folder, store) = world().await;
    for _ in 0..3 {
        give_one(&store, APP).await;
    }
    let copy = tempfile::tempdir().expect("a folder");
    let file = copy.path().join(FILE);
    let sql = "VACUUM INTO $1";
    let mut db = store.long_reader().await.expect("a connection");
    query("PRAGMA query_only = OFF").execute(&mut db).await.expect("a setting");
    query(sql).bind(file.to_str().expect("a path")).execute(&mut db).await.expect("a copy");
    let copied = open(copy.path()).await;
    assert_eq!(give_one(&copied, APP).await, range(APP).0 + 1_001);
}

#[tokio::test]
async fn keys_of_the_server_are_never_used_again() {
    let (_folder, store) = world().await;
    let mut given = Vec::new();
    for kept in [true, false, true] {
        let mut transaction = store.write().await.expect("a transaction");
        given.push(transaction.server_key(ServerTable::Job).await.expect("a key"));
        if kept {
            transaction.commit().await.expect("committed");
        } else {
            transaction.rollback().await.expect("rolled back");
        }
    }
    // Nobody has seen the one that was rolled back.
    assert_eq!(given, [1, 2, 2]);
    let mut transaction = store.write().await.expect("a transaction");
    assert_eq!(transaction.server_key(ServerTable::Session).await, Ok(1));
}

#[tokio::test]
async fn the_last_key_is_followed_by_an_error() {
    let (_folder, store) = world().await;
    let mut transaction = store.write().await.expect("a transaction");
    let sql = "INSERT INTO id_block (name, app_id, next) VALUES ('group', 3, $1), ('application', 0, $2)";
    let last = AppTable::Group.max_number();
    query(sql).bind(last - 999).bind(MAX_APP).execute(&mut *transaction).await.expect("near the end");
    transaction.commit().await.expect("committed");
    let mut transaction = store.write().await.expect("a transaction");
    let first = transaction.app_keys(APP, AppTable::Group, 1_000).await;
    assert_eq!(first, Ok(range(APP).0 + last - 999));
    assert_eq!(transaction.server_key(ServerTable::Application).await, Ok(MAX_APP));
    transaction.commit().await.expect("committed");
    let mut transaction = store.write().await.expect("a transaction");
    assert!(transaction.app_key(APP, AppTable::Group).await.is_err());
    assert!(transaction.server_key(ServerTable::Application).await.is_err());
}

/// Each entry of memory is bounded, also with very many apps.
#[tokio::test]
async fn memory_holds_a_limited_number_of_blocks() {
    let (_folder, store) = world().await;
    let mut transaction = store.write().await.expect("a transaction");
    let mut blocks = KeyBlocks::default();
    for app in 1..=4_100 {
        blocks.take(&mut transaction, AppId::of_row(app), TABLE, 1).await.expect("a key");
        blocks.keep();
    }
    assert_eq!(blocks.rests.len(), 4);
    // What a rollback brings back is all that was there.
    for app in 5_000..9_093 {
        blocks.take(&mut transaction, AppId::of_row(app), TABLE, 1).await.expect("a key");
    }
    blocks.roll_back();
    let rest = |app| blocks.rests.get(&(TABLE, AppId::of_row(app))).cloned();
    let low = range(AppId::of_row(4_100)).0;
    assert_eq!((blocks.rests.len(), rest(4_100)), (4, Some(low + 2..low + 1_001)));
}

#[tokio::test]
async fn a_key_that_no_row_got_is_given_again() {
    let (_folder, store) = world().await;
    let low = range(APP).0;
    for _ in 0..2_000 {
        let mut transaction = store.write().await.expect("a transaction");
        let key = transaction.app_key(APP, TABLE).await.expect("a key");
        assert_eq!(key, low + 1);
        transaction.return_app_key(APP, TABLE, key);
        transaction.commit().await.expect("committed");
    }
    let mut transaction = store.write().await.expect("a transaction");
    let (first, second) = (give(&mut transaction, APP, 1).await, give(&mut transaction, APP, 1).await);
    // Another one was given since: it stays given.
    transaction.return_app_key(APP, TABLE, first);
    assert_eq!((second, give(&mut transaction, APP, 1).await), (low + 2, low + 3));
    transaction.commit().await.expect("committed");
    assert_eq!(number_of(&store, NEXT).await, 1_001);
}

#[tokio::test]
async fn every_table_with_a_key_of_its_own_is_known_here() {
    let (_folder, store) = world().await;
    let sql = "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
               WHERE t.type = 'table' AND t.sql LIKE 'CREATE TABLE%' AND c.name = 'id' AND c.pk = 1 AND c.type = 'INTEGER'";
    let mut found: Vec<String> = query_scalar(sql).fetch_all(store.reader()).await.expect("names");
    let mut known: Vec<String> = AppTable::ALL.map(AppTable::name).map(str::to_owned).to_vec();
    known.extend(ServerTable::ALL.map(ServerTable::name).map(str::to_owned));
    // Events follow the last one of the log; a name has the number of its first event. FTS5 numbers its own rows.
    known.extend(["event", "event_name"].map(str::to_owned));
    found.retain(|name| !name.contains("_fts"));
    found.sort();
    known.sort();
    assert_eq!(found, known);
}
