//! What a group tells everybody, and whether everybody may speak.

use serde_json::json;

use crate::{
    Caller, Error, Permission, Result, Store,
    application::AppId,
    db::{Change, difference},
    error::Entity,
    event::Action,
    group::rules::Announcement,
};

/// Sets the announcement; an empty text takes it away.
pub async fn announce(store: &Store, caller: &Caller, app: AppId, group_id: &str, text: &str) -> Result<()> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::GroupAnnounce, Some(app), group_id).await?;
    let result = async {
        let row: Option<(i64, String)> =
            sqlx::query_as("SELECT id, announcement FROM \"group\" WHERE app_id = $1 AND group_id = $2")
                .bind(app.0)
                .bind(group_id)
                .fetch_optional(change.db())
                .await?;
        let (key, before) = row.ok_or(Error::NotFound(Entity::Group))?;
        let text = Announcement::parse(text).map_err(|code| Error::field("announcement", code))?;
        let states = (json!({ "announcement": before }), json!({ "announcement": text.as_str() }));
        let Some((before, after)) = difference(states.0, states.1) else { return Ok(()) };
        let at = change.at();
        sqlx::query("UPDATE \"group\" SET announcement = $1, announced_at = $2 WHERE id = $3")
            .bind(text.as_str())
            .bind(at)
            .bind(key)
            .execute(change.db())
            .await?;
        change.event(group_id, Some(before), Some(after)).await
    };
    let result = result.await;
    change.finish(result).await
}

/// Mutes everybody but owner, admins and the allow list, or lets everybody speak again.
pub async fn mute_all(store: &Store, caller: &Caller, app: AppId, group_id: &str, mute: bool) -> Result<()> {
    let mut change = Change::begin(store, caller, Permission::Write, Action::GroupMuteAll, Some(app), group_id).await?;
    let result = async {
        let row: Option<(i64, bool)> = sqlx::query_as("SELECT id, mute_all FROM \"group\" WHERE app_id = $1 AND group_id = $2")
            .bind(app.0)
            .bind(group_id)
            .fetch_optional(change.db())
            .await?;
        let (key, before) = row.ok_or(Error::NotFound(Entity::Group))?;
        if before == mute {
            return Ok(());
        }
        sqlx::query("UPDATE \"group\" SET mute_all = $1 WHERE id = $2").bind(mute).bind(key).execute(change.db()).await?;
        change.event(group_id, Some(json!({ "mute_all": before })), Some(json!({ "mute_all": mute }))).await
    };
    let result = result.await;
    change.finish(result).await
}
