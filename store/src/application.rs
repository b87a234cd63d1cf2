//! SQL of apps.

use std::sync::Arc;

use domain::{
    Caller, Code, Error, Permission, Result,
    application::{
        AppId, AppRef, Application, ApplicationName, FileQuotasInput, NewApplicationInput, TokenRules, TokenRulesInput,
        rules::{self, DisplayName, NewApplication},
    },
    error::{Checks, Entity},
    event::Action,
    file::{Usage, rules::quota},
    limits,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Scope, Store,
    change::{Change, ChangeSpec, diff},
    db::{Conn, Executor, OrFault, ServerTable, decode_int, query, query_as, query_scalar},
    identity::tokens,
    in_change,
    memory::apps::KnownApp,
};

/// The columns of [`Row`], and the rest of the statement after them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT org_name, app_name, display_name, created_at, account_count, group_count, password_min_chars, password_grant,
             inherit_grant, token_ttl_max, file_bytes, file_quota, group_file_quota,
             (SELECT count(*) FROM account a WHERE a.app_id = application.id AND a.type = 'Admin') AS admin_count
             FROM application ",
            $rest
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    org_name: String,
    app_name: String,
    display_name: String,
    created_at: i64,
    account_count: i64,
    group_count: i64,
    admin_count: i64,
    password_min_chars: i64,
    password_grant: bool,
    inherit_grant: bool,
    token_ttl_max: i64,
    file_bytes: i64,
    file_quota: Option<i64>,
    group_file_quota: Option<i64>,
}

impl Row {
    fn application(self) -> Result<Application> {
        Ok(Application {
            org_name: self.org_name,
            app_name: self.app_name,
            display_name: self.display_name,
            created_at: self.created_at,
            account_count: decode_int(self.account_count)?,
            group_count: decode_int(self.group_count)?,
            admin_count: decode_int(self.admin_count)?,
            password_min_chars: decode_int(self.password_min_chars)?,
            token_rules: TokenRules {
                password_grant: self.password_grant,
                inherit_grant: self.inherit_grant,
                ttl_max: self.token_ttl_max,
            },
            files: Usage { used: decode_int(self.file_bytes)?, max: self.file_quota.map(decode_int).transpose()? },
            group_file_quota: self.group_file_quota.map(decode_int).transpose()?,
        })
    }
}

/// The key of the app with that name; [`Entity::Application`] not found. Every operation inside an app needs it.
pub async fn find(store: &Store, caller: &Caller, org: &str, app: &str) -> Result<AppId> {
    caller.require(Permission::Read)?;
    named(store, org, app).await?.map(|app| app.id).ok_or(Error::NotFound(Entity::Application))
}

/// The app that the path of a REST call names; `None` when there is none. Needs no permission, because only the app's own tokens
/// say who the caller is.
pub async fn named(store: &Store, org: &str, app: &str) -> Result<Option<AppRef>> {
    let same = |known: &&KnownApp| known.app.org_name == org && known.app.app_name == app;
    if let Some(found) = known(store).await?.iter().find(same) {
        return Ok(Some(found.app.clone()));
    }
    // Another process may have made it a moment ago.
    let row: Option<(i64, String, String, String)> =
        query_as("SELECT id, uuid, org_name, app_name FROM application WHERE org_name = $1 AND app_name = $2")
            .bind(org)
            .bind(app)
            .fetch_optional(store.reader())
            .await
            .or_fault()?;
    Ok(row.map(|(id, uuid, org_name, app_name)| AppRef { id: AppId::of_row(id), uuid, org_name, app_name }))
}

/// All apps, sorted by display name, as they were at most a second ago.
async fn known(store: &Store) -> Result<Arc<[KnownApp]>> {
    // Before the read: if an app changes from here on, the result is not remembered as current.
    let generation = store.apps().generation();
    if let Some(apps) = store.apps().get() {
        return Ok(apps);
    }
    let rows: Vec<(i64, String, String, String, String)> =
        query_as("SELECT id, uuid, org_name, app_name, display_name FROM application ORDER BY display_name, id")
            .fetch_all(store.reader())
            .await
            .or_fault()?;
    let apps: Arc<[KnownApp]> = rows
        .into_iter()
        .map(|(id, uuid, org_name, app_name, display_name)| KnownApp {
            app: AppRef { id: AppId::of_row(id), uuid, org_name, app_name },
            display_name,
        })
        .collect();
    store.apps().put(apps.clone(), generation);
    Ok(apps)
}

/// The names of all apps, sorted by display name.
pub async fn names(store: &Store, caller: &Caller) -> Result<Vec<ApplicationName>> {
    caller.require(Permission::Read)?;
    let name = |known: &KnownApp| ApplicationName {
        org_name: known.app.org_name.clone(),
        app_name: known.app.app_name.clone(),
        display_name: known.display_name.clone(),
    };
    Ok(known(store).await?.iter().map(name).collect())
}

/// All apps, sorted by display name.
pub async fn list(store: &Store, caller: &Caller) -> Result<Vec<Application>> {
    caller.require(Permission::Read)?;
    let rows: Vec<Row> = query_as(select!("ORDER BY display_name, id")).fetch_all(store.reader()).await.or_fault()?;
    rows.into_iter().map(Row::application).collect()
}

/// One app with its counters.
pub async fn get(scope: Scope<'_>) -> Result<Application> {
    scope.require_operator(Permission::Read)?;
    let mut db = scope.store.read().await?;
    read(&mut db, scope.app).await
}

/// Makes an app; [`Code::Taken`] at `app_name` when an app with this org and name exists.
pub async fn create(store: &Store, caller: &Caller, input: &NewApplicationInput) -> Result<Application> {
    let target = format!("{}/{}", input.org_name.trim(), input.app_name.trim());
    in_change!(ChangeSpec::of_server(store, caller, Permission::Write, Action::ApplicationCreate, &target), |change| {
        insert(change, input).await
    })
}

async fn insert(change: &mut Change<'_>, input: &NewApplicationInput) -> Result<Application> {
    let new = NewApplication::parse(input)?;
    let at = change.at();
    let app = create_in(change, &new, at).await?;
    read(change.db(), app).await
}

/// The insert and its event, inside a change that may do more. The set of apps concerns the whole server, so the event is
/// server-wide; the app's own log shows it as well. `at`: the creation time, milliseconds since 1970.
pub async fn create_in(change: &mut Change<'_>, new: &NewApplication, at: i64) -> Result<AppId> {
    let key = change.server_key(ServerTable::Application).await?;
    let id: Option<i64> = query_scalar(
        "INSERT INTO application (id, org_name, app_name, display_name, created_at, uuid, file_quota, group_file_quota)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (org_name, app_name) DO NOTHING RETURNING id",
    )
    .bind(key)
    .bind(new.org_name.as_str())
    .bind(new.app_name.as_str())
    .bind(new.display_name.as_str())
    .bind(at)
    .bind(Uuid::new_v4().to_string())
    .bind(stored(Some(limits::NEW_APP_FILES_BYTES)))
    .bind(stored(Some(limits::NEW_GROUP_FILES_BYTES)))
    .fetch_optional(change.db())
    .await
    .or_fault()?;
    let app = AppId::of_row(id.ok_or_else(|| Error::field("app_name", Code::Taken))?);
    let after = json!({ "org_name": new.org_name.as_str(), "app_name": new.app_name.as_str(), "display_name": new.display_name.as_str() });
    change.server_event(&format!("{}/{}", new.org_name, new.app_name), None, Some(after)).await?;
    Ok(app)
}

/// Changes the display name. A name that is the same changes nothing and leaves no event.
pub async fn edit(scope: Scope<'_>, display_name: &str) -> Result<()> {
    in_change!(edit_spec(scope).await?, |change| rename(change, scope.app, display_name).await)
}

/// Server-wide, as the event of the app's creation is, so the target has to name the app, also when the change is refused.
async fn edit_spec(scope: Scope<'_>) -> Result<ChangeSpec<'_>> {
    let target: Option<String> = query_scalar("SELECT org_name || '/' || app_name FROM application WHERE id = $1")
        .bind(scope.app.key())
        .fetch_optional(scope.store.reader())
        .await
        .or_fault()?;
    let target = target.unwrap_or_default();
    Ok(ChangeSpec::of_server(scope.store, scope.caller, Permission::Write, Action::ApplicationEdit, target))
}

/// Sets the fewest characters that new passwords of accounts may have from now on; [`Code::NotNumber`] at `password_min_chars`.
pub async fn set_password_min_chars(scope: Scope<'_>, min_chars: &str) -> Result<()> {
    let app = scope.app;
    in_change!(edit_spec(scope).await?, |change| {
        let new = rules::password_min_chars(min_chars).map_err(|code| Error::field("password_min_chars", code))?;
        let before = read(change.db(), app).await?;
        let states = [before.password_min_chars, new].map(|number| json!({ "password_min_chars": number }));
        let [old, new_state] = states;
        let Some((old, new_state)) = diff(old, new_state) else { return Ok(()) };
        query("UPDATE application SET password_min_chars = $1 WHERE id = $2")
            .bind(new)
            .bind(app.key())
            .execute(change.db())
            .await
            .or_fault()?;
        change.server_event(&format!("{}/{}", before.org_name, before.app_name), Some(old), Some(new_state)).await
    })
}

/// The fewest characters that passwords of accounts may have, for code that checks one.
pub async fn password_min_chars(db: impl Executor<'_>, app: AppId) -> Result<u32> {
    let min: i64 = query_scalar("SELECT password_min_chars FROM application WHERE id = $1")
        .bind(app.key())
        .fetch_one(db)
        .await
        .or_fault()?;
    decode_int(min)
}

/// Changes which grants the app gives tokens for, and how long these are valid. Switching a grant off ends the tokens that it
/// gave; a shorter lifetime applies to tokens from now on. Only operators may do this.
pub async fn edit_token_rules(scope: Scope<'_>, input: &TokenRulesInput) -> Result<()> {
    in_change!(edit_spec(scope).await?, |change| edit_token_rules_in(change, scope.app, input).await)
}

async fn edit_token_rules_in(change: &mut Change<'_>, app: AppId, input: &TokenRulesInput) -> Result<()> {
    let before = read(change.db(), app).await?;
    let (old, new) = (before.token_rules, before.token_rules.changed(input)?);
    let state = |rules: TokenRules| json!({ "password_grant": rules.password_grant, "inherit_grant": rules.inherit_grant, "token_ttl_max": rules.ttl_max });
    let Some((was, mut is)) = diff(state(old), state(new)) else { return Ok(()) };
    query("UPDATE application SET password_grant = $1, inherit_grant = $2, token_ttl_max = $3 WHERE id = $4")
        .bind(new.password_grant)
        .bind(new.inherit_grant)
        .bind(new.ttl_max)
        .bind(app.key())
        .execute(change.db())
        .await
        .or_fault()?;
    let mut ended = 0;
    for (before, after, through_credential) in
        [(old.password_grant, new.password_grant, false), (old.inherit_grant, new.inherit_grant, true)]
    {
        if before && !after {
            ended += tokens::end_of_way(change.db(), app, through_credential).await?;
        }
    }
    if ended > 0 {
        is["ended_tokens"] = ended.into();
    }
    change.server_event(&format!("{}/{}", before.org_name, before.app_name), Some(was), Some(is)).await
}

/// Changes how many bytes the shared files of the app, and of each of its groups, may have in all. Existing files stay, also
/// above a lower quota.
pub async fn set_file_quotas(scope: Scope<'_>, input: &FileQuotasInput) -> Result<()> {
    in_change!(edit_spec(scope).await?, |change| set_file_quotas_in(change, scope.app, input).await)
}

async fn set_file_quotas_in(change: &mut Change<'_>, app: AppId, input: &FileQuotasInput) -> Result<()> {
    let mut checks = Checks::new();
    let all = checks.take("file_quota", quota(&input.file_quota));
    let group = checks.take("group_file_quota", quota(&input.group_file_quota));
    let (all, group) = checks.finish(|| all.zip(group))?;
    let before = read(change.db(), app).await?;
    let quotas = |all: Option<u64>, group: Option<u64>| json!({ "file_quota": all, "group_file_quota": group });
    let Some((old, new)) = diff(quotas(before.files.max, before.group_file_quota), quotas(all, group)) else {
        return Ok(());
    };
    query("UPDATE application SET file_quota = $1, group_file_quota = $2 WHERE id = $3")
        .bind(stored(all))
        .bind(stored(group))
        .bind(app.key())
        .execute(change.db())
        .await
        .or_fault()?;
    change.server_event(&format!("{}/{}", before.org_name, before.app_name), Some(old), Some(new)).await
}

/// A quota as the database stores it. All quotas that are allowed are far below the largest number that it can store.
fn stored(quota: Option<u64>) -> Option<i64> {
    quota.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX))
}

async fn rename(change: &mut Change<'_>, app: AppId, display_name: &str) -> Result<()> {
    let mut checks = Checks::new();
    let name = checks.take("display_name", DisplayName::parse(display_name));
    let name = checks.finish(|| name)?;
    let before = read(change.db(), app).await?;
    let Some((old, new)) = diff(json!({ "display_name": before.display_name }), json!({ "display_name": name.as_str() })) else {
        return Ok(());
    };
    query("UPDATE application SET display_name = $1 WHERE id = $2")
        .bind(name.as_str())
        .bind(app.key())
        .execute(change.db())
        .await
        .or_fault()?;
    change.server_event(&format!("{}/{}", before.org_name, before.app_name), Some(old), Some(new)).await
}

async fn read(db: &mut Conn, app: AppId) -> Result<Application> {
    let row: Option<Row> = query_as(select!("WHERE id = $1")).bind(app.key()).fetch_optional(db).await.or_fault()?;
    row.ok_or(Error::NotFound(Entity::Application))?.application()
}

/// How many groups and how many accounts an app has, from its counters.
pub async fn counts(store: &Store, app: AppId) -> Result<(u64, u64)> {
    let sql = "SELECT group_count, account_count FROM application WHERE id = $1";
    let (groups, accounts) = query_as(sql).bind(app.key()).fetch_one(store.reader()).await.or_fault()?;
    Ok((decode_int(groups)?, decode_int(accounts)?))
}

/// Adds the bytes of shared files to an app's counter; `bytes` is negative for files that were removed.
pub async fn count_files(db: &mut Conn, app: AppId, bytes: i64) -> Result<()> {
    if bytes != 0 {
        query("UPDATE application SET file_bytes = file_bytes + $1 WHERE id = $2")
            .bind(bytes)
            .bind(app.key())
            .execute(db)
            .await
            .or_fault()?;
    }
    Ok(())
}
