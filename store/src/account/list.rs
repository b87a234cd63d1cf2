//! Finding accounts: the list and the suggestions of a combobox.

use domain::{
    Code, Error, Permission, Result,
    account::{AccountRow, AccountType, Person},
    application::AppId,
    limits,
    page::{CursorKey, ListParams, ListQuery, Page, SortKey},
    text,
};

use crate::{
    Scope,
    db::{self, AppRows, Conn, KeysetRow, ListRequest, ListSource, OrFault, decode_enum, json, query_as, sql},
};

/// The most suggestions that are answered.
const SUGGESTIONS: i64 = 8;

/// Accounts as a list that can be searched and sorted, and from which a selection can be made.
pub const ACCOUNTS: ListSource = ListSource {
    columns: "t.id, t.username, t.nickname, t.type, t.image, t.created_at",
    from: "account t",
    joins: "",
    index: "account_created",
    trigrams: "account_fts",
    grams: "account_grams",
    name: "t.username",
    texts: ["t.username", "t.nickname"],
    app_rows: Some(AppRows { counter: "account_count", zones: "account_zone" }),
};

/// One account as [`ACCOUNTS`] selects it.
#[derive(sqlx::FromRow)]
pub struct AccountsRow {
    id: i64,
    username: String,
    nickname: String,
    #[sqlx(rename = "type")]
    account_type: String,
    image: String,
    created_at: i64,
}

impl KeysetRow for AccountsRow {
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

/// One page of the app's accounts. Sorted by name means by username, byte by byte.
pub async fn list(scope: Scope<'_>, params: &ListParams) -> Result<Page<AccountRow>> {
    scope.require_operator(Permission::Read)?;
    let query = ListQuery::parse(params, AccountType::parse)?;
    let wanted = ListRequest::new(scope.app, &query, &ACCOUNTS, AccountType::as_str);
    let mut db = scope.store.read().await?;
    db::page(&mut db, scope.store.hit_cache(), &ACCOUNTS, &wanted, |row: AccountsRow| {
        Ok(AccountRow {
            username: row.username,
            nickname: row.nickname,
            account_type: decode_enum(&row.account_type, AccountType::parse)?,
            image: row.image,
            created_at: row.created_at,
        })
    })
    .await
}

/// At most eight accounts for a combobox: those whose username begins with the term, then those that contain it in username or
/// nickname. An empty term gives the first usernames. [`Code::TooManyChars`] at `q` above [`limits::SEARCH_CHARS`].
pub async fn suggest(scope: Scope<'_>, term: &str) -> Result<Vec<Person>> {
    scope.require_operator(Permission::Read)?;
    let term = term.trim();
    text::at_most_chars(term, limits::SEARCH_CHARS)
        .and_then(|()| text::no_nul(term))
        .map_err(|code: Code| Error::field("q", code))?;
    let mut db = scope.store.read().await?;
    let mut found = beginning(&mut db, scope.app, term).await?;
    if !term.is_empty() && found.len() < SUGGESTIONS as usize {
        // Twice as many as are answered, because those found already may be among them.
        let ids = db::matching_ids(&mut db, &ACCOUNTS, scope.app, None, term, 2 * SUGGESTIONS).await?;
        for person in people(&mut db, &ids).await? {
            if !found.contains(&person) {
                found.push(person);
            }
        }
        found.truncate(SUGGESTIONS as usize);
    }
    Ok(found)
}

/// Usernames are ASCII, so all that begin with a term sort between it and the term followed by DEL.
async fn beginning(db: &mut Conn, app: AppId, term: &str) -> Result<Vec<Person>> {
    let rows: Vec<(String, String, String)> = query_as(
        "SELECT username, nickname, image FROM account WHERE app_id = $1 AND username >= $2 AND username < $3
         ORDER BY username LIMIT $4",
    )
    .bind(app.key())
    .bind(term)
    .bind(format!("{term}\u{7f}"))
    .bind(SUGGESTIONS)
    .fetch_all(db)
    .await
    .or_fault()?;
    Ok(rows.into_iter().map(person).collect())
}

async fn people(db: &mut Conn, ids: &[i64]) -> Result<Vec<Person>> {
    let rows: Vec<(String, String, String)> =
        query_as(sql!("SELECT username, nickname, image FROM account WHERE id IN @keys($1) ORDER BY username"))
            .bind(json(ids)?)
            .fetch_all(db)
            .await
            .or_fault()?;
    Ok(rows.into_iter().map(person).collect())
}

fn person((username, nickname, image): (String, String, String)) -> Person {
    Person { username, nickname, image }
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn every_order_walks_an_index() {
        let indexes = ["account_created", "(app_id=?", "account_type_created", "account_type_name"];
        crate::db::assert_list_walks(&super::ACCOUNTS, "Admin", indexes).await;
    }
}
