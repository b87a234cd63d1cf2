//! The announcement of a group, and whether all members are muted.

use domain::{
    Error, Permission, Result,
    error::{Conflict, Entity},
    event::Action,
    group::rules::Announcement,
};
use serde_json::json;

use crate::{
    Scope,
    change::{ChangeSpec, diff},
    db::{OrFault, query, query_as},
    in_change,
};

/// Sets the announcement, whatever it was; an empty text removes it. [`Entity::Group`] not found; the errors of [`Announcement`]
/// at `announcement`.
pub async fn announce(scope: Scope<'_>, group_id: &str, text: &str) -> Result<()> {
    write(scope, group_id, text, |_| Ok(())).await
}

/// The same for a form: [`Conflict::ChangedMeanwhile`] unless the announcement was last changed at `seen`, the milliseconds that
/// the form had from its page; empty for an announcement that was never set.
pub async fn announce_over(scope: Scope<'_>, group_id: &str, text: &str, seen: &str) -> Result<()> {
    let check = |announced_at: Option<i64>| {
        let now = announced_at.map(|at| at.to_string()).unwrap_or_default();
        if now == seen { Ok(()) } else { Err(Error::Conflict(Conflict::ChangedMeanwhile)) }
    };
    write(scope, group_id, text, check).await
}

/// `check` gets the time of the announcement's last change.
async fn write(scope: Scope<'_>, group_id: &str, text: &str, check: impl Fn(Option<i64>) -> Result<()>) -> Result<()> {
    let app = scope.app;
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::GroupAnnounce, group_id), |change| {
        let row: Option<(i64, String, Option<i64>)> =
            query_as("SELECT id, announcement, announced_at FROM \"group\" WHERE app_id = $1 AND group_id = $2")
                .bind(app.key())
                .bind(group_id)
                .fetch_optional(change.db())
                .await
                .or_fault()?;
        let (key, before, announced_at) = row.ok_or(Error::NotFound(Entity::Group))?;
        check(announced_at)?;
        let text = Announcement::parse(text).map_err(|code| Error::field("announcement", code))?;
        let states = (json!({ "announcement": before }), json!({ "announcement": text.as_str() }));
        let Some((before, after)) = diff(states.0, states.1) else { return Ok(()) };
        // Two changes never have the same time: a form recognises by it which of them it has shown.
        let at = announced_at.map_or(change.at(), |last| change.at().max(last + 1));
        query("UPDATE \"group\" SET announcement = $1, announced_at = $2 WHERE id = $3")
            .bind(text.as_str())
            .bind(at)
            .bind(key)
            .execute(change.db())
            .await
            .or_fault()?;
        change.event(group_id, Some(before), Some(after)).await
    })
}

/// Mutes everybody except owner, admins and the allow list, or ends that. [`Entity::Group`] not found.
pub async fn mute_all(scope: Scope<'_>, group_id: &str, mute: bool) -> Result<()> {
    in_change!(ChangeSpec::in_app(scope, Permission::Write, Action::GroupMuteAll, group_id), |change| {
        let row: Option<(i64, bool)> = query_as("SELECT id, mute_all FROM \"group\" WHERE app_id = $1 AND group_id = $2")
            .bind(scope.app.key())
            .bind(group_id)
            .fetch_optional(change.db())
            .await
            .or_fault()?;
        let (key, before) = row.ok_or(Error::NotFound(Entity::Group))?;
        if before == mute {
            return Ok(());
        }
        query("UPDATE \"group\" SET mute_all = $1 WHERE id = $2").bind(mute).bind(key).execute(change.db()).await.or_fault()?;
        change.event(group_id, Some(json!({ "mute_all": before })), Some(json!({ "mute_all": mute }))).await
    })
}
