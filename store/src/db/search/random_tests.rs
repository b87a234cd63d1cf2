//! Whatever the plan, a page has the rows that reading all of them would give: for rows whose keys and times rise together and for
//! others, for hits that are few, many, spread or together, in both directions.

use domain::{
    Caller,
    account::{AccountType, Profile, checked::CheckedProfile, rules::LongUsername},
    page::{Cursor, ListParams, Sort},
};

use super::{tests::plan, *};
use crate::{
    Scope, Store,
    account::{
        self, ACCOUNTS,
        rows::{insert_rows, row},
    },
    db::{AppTable, keys, query},
};

const ROWS: i64 = 24_000;
const APP: i64 = 7;

/// A row as the test knows it.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Known {
    id: i64,
    created_at: i64,
    username: String,
    #[sqlx(default)]
    nickname: String,
    #[sqlx(default, rename = "type")]
    kind: String,
}

impl KeysetRow for Known {
    fn id(&self) -> i64 {
        self.id
    }

    fn key(&self, sort: SortKey) -> CursorKey {
        match sort {
            SortKey::Created => CursorKey::Number(self.created_at),
            SortKey::Name => CursorKey::Text(self.username.clone()),
        }
    }
}

/// How times follow keys.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    /// They rise together, many at the same time.
    Rising,
    /// The later the row, the earlier its time.
    Falling,
    /// They rise, but for a few rows.
    Nearly,
    /// Anyhow.
    Anyhow,
}

fn mix(number: i64) -> i64 {
    let mut z = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((z ^ (z >> 27)) >> 2) as i64
}

/// The row of a number: «old» is together in the middle, «spread» everywhere, «some» in a tenth of the rows, `ſ` is an s to the
/// index alone.
fn known(app: i64, n: i64, order: Order) -> Known {
    let created_at = match order {
        Order::Rising => n / 9,
        Order::Falling => ROWS - n / 3,
        Order::Nearly if n % 400 == 7 => mix(n) % ROWS,
        Order::Nearly => n,
        Order::Anyhow => mix(n) % ROWS,
    };
    let middle = if (7_000..19_000).contains(&n) { "小明 old" } else { "new" };
    let spread = if mix(n) % 2 == 0 { " spread" } else { " ſ" };
    let some = if mix(n + 1) % 10 == 0 { " some 王" } else { "" };
    Known {
        id: keys::range(AppId::of_row(app)).0 + n,
        created_at,
        username: format!("{}{n}", ["u", "k", "Ann."][(mix(n + 2) % 3) as usize]),
        nickname: format!("{middle}{spread}{some}"),
        kind: if n % 3 == 0 { "Admin" } else { "General" }.to_owned(),
    }
}

async fn filled(order: Order) -> (tempfile::TempDir, Store, Vec<Known>) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).await.expect("a store");
    let mut transaction = store.write().await.expect("a transaction");
    for app in [APP, APP + 1] {
        let sql = "INSERT INTO application (id, org_name, app_name, display_name, created_at) VALUES ($1, 'o', $2, 'a', 0)";
        query(sql).bind(app).bind(format!("a{app}")).execute(&mut *transaction).await.expect("an app");
        let rows: Vec<_> = (1..=if app == APP { ROWS } else { 2_000 })
            .map(|n| {
                let known = known(app, n, order);
                let username = LongUsername::parse(&known.username).expect("a name");
                let profile = Profile { nickname: known.nickname, ..Profile::default() };
                let profile = CheckedProfile::new(profile).expect("a profile");
                let kind = AccountType::parse(&known.kind).expect("a type");
                row(&username, kind, &profile, Some(known.created_at), Some(known.id))
            })
            .collect();
        let first = transaction.app_keys(AppId::of_row(app), AppTable::Account, rows.len()).await.expect("keys");
        assert_eq!(first, known(app, 1, order).id);
        insert_rows(&mut transaction, AppId::of_row(app), 0, &rows).await.expect("rows");
    }
    transaction.commit().await.expect("a commit");
    (folder, store, (1..=ROWS).map(|n| known(APP, n, order)).collect())
}

/// What a search finds: ASCII letters in either case, others as they are.
fn holds(row: &Known, term: &str) -> bool {
    let term = term.to_ascii_lowercase();
    [&row.username, &row.nickname].into_iter().any(|text| text.to_ascii_lowercase().contains(&term))
}

const TERMS: [&str; 14] = ["", "old", "小明", "小", "spread", "some", "王", "n", "k", "S", "ſ", "ann.", "1234", "none"];

#[tokio::test]
async fn pages_are_those_of_a_sorted_list_of_all_hits() {
    for order in [Order::Rising, Order::Falling, Order::Nearly, Order::Anyhow] {
        let (_folder, store, all) = filled(order).await;
        let caller = Caller::system();
        let scope = Scope::new(&store, &caller, AppId::of_row(APP));
        for number in 0..140 {
            let draw = |of: usize, nth: i64| (mix(number * 8 + nth) % of as i64) as usize;
            let (term, sort) = (TERMS[draw(TERMS.len(), 0)], Sort::parse(["-created", "created", "-name", "name"][draw(4, 1)]));
            let kind = ["", "", "Admin", "General"][draw(4, 2)];
            let size: usize = [20, 50, 100][draw(3, 3)];
            let mut hits: Vec<&Known> =
                all.iter().filter(|row| holds(row, term) && (kind.is_empty() || row.kind == kind)).collect();
            hits.sort_by(|a, b| match sort.key {
                SortKey::Created => (a.created_at, a.id).cmp(&(b.created_at, b.id)),
                SortKey::Name => (&a.username, a.id).cmp(&(&b.username, b.id)),
            });
            if sort.descending {
                hits.reverse();
            }
            // A cursor at a hit, and the page after or before it.
            let place = if hits.is_empty() { 0 } else { [0, draw(hits.len(), 5), hits.len() - 1][draw(3, 6)] };
            let cursor = [None, Some(false), Some(true)][draw(3, 4)].filter(|_| !hits.is_empty());
            let word = cursor.map(|backward| Cursor::new(sort, backward, hits[place].key(sort.key), hits[place].id).encode());
            let params = ListParams {
                q: term.to_owned(),
                kind: kind.to_owned(),
                sort: sort.as_str().to_owned(),
                size: size.to_string(),
                cursor: word.unwrap_or_default(),
            };
            let (from, to) = match cursor {
                None => (0, size.min(hits.len())),
                Some(false) => (place + 1, (place + 1 + size).min(hits.len())),
                Some(true) => (place.saturating_sub(size), place),
            };
            let page = account::list(scope, &params).await.expect("a page");
            let expected: Vec<&str> = hits[from..to].iter().map(|row| row.username.as_str()).collect();
            let found: Vec<&str> = page.items.iter().map(|row| row.username.as_str()).collect();
            assert_eq!(found, expected, "{order:?} {params:?} {place}");
            let capped = !(term.is_empty() && kind.is_empty()) && hits.len() as u64 > limits::COUNT_CAP;
            let number = if capped { limits::COUNT_CAP } else { hits.len() as u64 };
            assert_eq!(page.total, Count { number, more: capped }, "{order:?} {params:?}");
            if from < to {
                let beside = |row: &Known, backward| Some(Cursor::new(sort, backward, row.key(sort.key), row.id).encode());
                let (next, previous) = match cursor {
                    Some(true) => (true, from > 0),
                    other => (to < hits.len(), other.is_some()),
                };
                assert_eq!(page.next, beside(hits[to - 1], false).filter(|_| next), "{order:?} {params:?}");
                assert_eq!(page.previous, beside(hits[from], true).filter(|_| previous), "{order:?} {params:?}");
            }
        }
    }
}

/// Whether a page was read in the order of keys.
async fn by_key(store: &Store, term: &str, sort: &str) -> bool {
    let params = ListParams { q: term.to_owned(), sort: sort.to_owned(), ..ListParams::default() };
    let query = ListQuery::parse(&params, AccountType::parse).expect("a query");
    let request = ListRequest::new(AppId::of_row(APP), &query, &ACCOUNTS, AccountType::as_str);
    let mut db = store.read().await.expect("a connection");
    let hits = hits::find(&mut db, &ACCOUNTS, &request).await.expect("hits");
    by_key::rows::<Known>(&mut db, &ACCOUNTS, &request, &hits).await.expect("rows").is_some()
}

#[tokio::test]
async fn keys_in_order_are_used_and_others_are_not() {
    for (order, expected) in [(Order::Rising, true), (Order::Nearly, true), (Order::Falling, false)] {
        let (_folder, store, _) = filled(order).await;
        for term in ["old", "小明", "some"] {
            for sort in ["created", "-created"] {
                assert_eq!(by_key(&store, term, sort).await, expected, "{order:?} {term} {sort}");
            }
            assert!(!by_key(&store, term, "name").await);
        }
    }
}

#[tokio::test]
async fn a_remembered_term_is_looked_for_again_after_each_change_of_a_text() {
    let (_folder, store, _) = filled(Order::Rising).await;
    let caller = Caller::system();
    let scope = Scope::new(&store, &caller, AppId::of_row(APP));
    let params = ListParams { q: "some".to_owned(), ..ListParams::default() };
    let count = async || account::list(scope, &params).await.expect("a page").total.number;
    let before = count().await;
    assert_eq!(count().await, before);
    let first = account::list(scope, &params).await.expect("a page").items.remove(0).username;
    account::delete(scope, vec![first], "").await.expect("a deletion");
    assert_eq!(count().await, before - 1);
    let input = domain::account::NewAccountInput {
        username: "handsome".to_owned(),
        account_type: "General".to_owned(),
        ..Default::default()
    };
    account::create(scope, &input).await.expect("an account");
    assert_eq!(count().await, before);
    assert_eq!(account::list(scope, &params).await.expect("a page").items[0].username, "handsome");
}

#[tokio::test]
async fn statements_in_the_order_of_keys_read_indexes_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).await.expect("a store");
    let mut db = store.read().await.expect("a connection");
    let query =
        ListQuery::parse(&ListParams { q: "old".to_owned(), ..ListParams::default() }, AccountType::parse).expect("a query");
    let request = ListRequest::new(AppId::of_row(APP), &query, &ACCOUNTS, AccountType::as_str);
    let places = [None, Some((1, 1)), Some((5, 9))];
    for (after, before) in places.into_iter().flat_map(|after| places.map(|before| (after, before))) {
        let mut sql = by_key::elsewhere_sql(&ACCOUNTS, &request, (5, 9), after, before).expect("a statement");
        sql.push(" LIMIT 1)");
        let text = plan(&mut db, &sql).await.join("; ");
        assert!(
            text.contains("SEARCH t USING COVERING INDEX account_zone (<expr>=? AND created_at>? AND created_at<?)"),
            "{text}"
        );
        assert!(!text.contains("SCAN t") && !text.contains("TEMP B-TREE") && !text.contains("account_zone\"; "), "{text}");
        assert_eq!(
            text.matches("account_created (app_id=? AND created_at=? AND rowid>? AND rowid<?)").count(),
            [after, before].iter().flatten().count(),
            "{text}"
        );
    }
    // The index of trigrams gives rows of a range of keys in order: no table, no sort.
    let within = Within::app(&ACCOUNTS, request.app, None);
    let mut sql = found::ids_sql();
    found::push_ids(&mut sql, &ACCOUNTS, &Lookup::of("old"), within, "old").expect("a statement");
    sql.push(" ORDER BY account_fts.rowid DESC LIMIT 1)");
    let text = plan(&mut db, &sql).await.join("; ");
    assert!(!text.contains("TEMP B-TREE") && !text.contains(" t ") && text.contains("M2><"), "{text}");
}
