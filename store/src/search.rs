//! SQL of the search over groups and accounts.

use domain::{
    Error, Permission, Result,
    application::AppId,
    group::GroupType,
    limits,
    search::{GroupHit, SearchResults},
    text,
};

use crate::{
    Scope,
    db::{self, Conn, OrFault, decode_enum, json, query_as, sql},
    group::GROUPS,
};

/// The most groups in a result.
const GROUPS_FOUND: i64 = 8;

type Row = (String, String, String);

/// Groups and accounts that match the term, at most 8 groups; an empty term finds nothing. Errors at `q` for a term that is too
/// long ([`limits::SEARCH_CHARS`]) or contains NUL.
pub async fn find(scope: Scope<'_>, term: &str) -> Result<SearchResults> {
    scope.require_operator(Permission::Read)?;
    let term = term.trim();
    text::at_most_chars(term, limits::SEARCH_CHARS).and_then(|()| text::no_nul(term)).map_err(|code| Error::field("q", code))?;
    if term.is_empty() {
        return Ok(SearchResults::default());
    }
    let groups = groups(&mut scope.store.read().await?, scope.app, term).await?;
    let accounts = crate::account::suggest(scope, term).await?;
    Ok(SearchResults { groups, accounts })
}

async fn groups(db: &mut Conn, app: AppId, term: &str) -> Result<Vec<GroupHit>> {
    let mut rows: Vec<Row> = query_as(EXACT).bind(app.key()).bind(term).fetch_all(&mut *db).await.or_fault()?;
    rows.extend(beginning(db, app, term).await?);
    if rows.len() < GROUPS_FOUND as usize {
        // As many as are shown, in addition to those that were found already.
        let ids = db::matching_ids(db, &GROUPS, app, None, term, 2 * GROUPS_FOUND).await?;
        let more: Vec<Row> =
            query_as(sql!("SELECT group_id, name, type FROM \"group\" WHERE id IN @keys($1) ORDER BY name, group_id"))
                .bind(json(&ids)?)
                .fetch_all(&mut *db)
                .await
                .or_fault()?;
        rows.extend(more);
    }
    let mut seen = std::collections::HashSet::new();
    rows.retain(|row| seen.insert(row.0.clone()));
    rows.truncate(GROUPS_FOUND as usize);
    let hit = |(group_id, name, kind): Row| Ok(GroupHit { group_id, name, group_type: decode_enum(&kind, GroupType::parse)? });
    rows.into_iter().map(hit).collect()
}

const EXACT: &str = "SELECT group_id, name, type FROM \"group\" WHERE app_id = $1 AND group_id = $2";

/// Names that begin with the term, ignoring ASCII case: all between the term and the term followed by the last character of
/// Unicode.
const BEGINNING: &str =
    "SELECT group_id, name, type FROM \"group\" WHERE app_id = $1 AND name >= $2 AND name < $3 ORDER BY name LIMIT $4";

async fn beginning(db: &mut Conn, app: AppId, term: &str) -> Result<Vec<Row>> {
    let rows = query_as(BEGINNING).bind(app.key()).bind(term).bind(format!("{term}\u{10ffff}")).bind(GROUPS_FOUND);
    rows.fetch_all(db).await.or_fault()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Builder;
    use crate::{
        Store,
        db::{assert_walks, plan},
    };

    #[tokio::test]
    async fn exact_ids_and_beginnings_walk_an_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let mut db = store.read().await.expect("a connection");
        for (sql, index) in [(EXACT, "app_id=? AND group_id=?"), (BEGINNING, "group_name")] {
            assert_walks(&plan(&mut db, &Builder::new(sql)).await, index);
        }
    }
}
