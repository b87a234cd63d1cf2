//! Messages that clients send through the REST API.

use std::collections::HashMap;

use domain::{
    Code, Permission, Result,
    application::AppRef,
    error::Checks,
    event::Action,
    group::GroupType,
    message::{
        SenderType,
        rules::{Sender, client_text},
    },
};
use serde_json::json;

use super::{Stored, deliver, id};
use crate::{
    AppScope,
    change::{Change, ChangeSpec, NewEvent},
    db::{self, OrFault, query, query_scalar, sql},
    in_change,
};

/// A message to send.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// The sender: an account, or the name that the back end gives itself.
    pub from: &'a str,
    /// Group ids, each once.
    pub to: &'a [String],
    /// The text, as the client sent it.
    pub text: &'a str,
    /// The size of the message's `ext`, bytes; it is not stored, but counts.
    pub ext_bytes: usize,
    /// The most groups that it may be sent to.
    pub max_groups: usize,
}

/// Stores a message in groups. Returns each group's id with the id of the message, see [`id`]. As the API promises, groups that do
/// not exist get one too. [`Code::Required`] and others at `from`, `to` and `msg`.
pub async fn post(scope: AppScope<'_>, post: Post<'_>) -> Result<Vec<(String, String)>> {
    let target = if let [one] = post.to { one.as_str() } else { "" };
    in_change!(ChangeSpec::in_app(scope.by_id(), Permission::Write, Action::MessageSend, target), |change| {
        post_in(change, scope.app, post).await
    })
}

async fn post_in(change: &mut Change<'_>, app: &AppRef, post: Post<'_>) -> Result<Vec<(String, String)>> {
    let mut checks = Checks::new();
    let sender = checks.take("from", Sender::parse(post.from));
    let text = checks.take("msg", client_text(post.text, post.ext_bytes));
    let (max, actual) = (post.max_groups, post.to.len());
    if actual == 0 {
        checks.fail("to", Code::Required);
    } else if actual > max {
        checks.fail("to", Code::TooManyItems { max, actual });
    }
    let (sender, text) = checks.finish(|| sender.zip(text))?;
    let account = crate::account::sign_in_row(change.db(), app, sender.as_str()).await?;
    let (kind, sender) = match &account {
        Some(found) => (SenderType::Account, found.user.username.as_str()),
        None => (SenderType::Credential, sender.as_str()),
    };
    let groups = groups_of(change, app, post.to).await?;
    let stored = deliver(change, app.id, &groups, kind, sender, &text).await?;
    if let Some(found) = &account {
        spoke(change, &stored, found.id).await?;
    }
    let length = text.chars().count();
    let event = |(id, place): (&String, &Stored)| NewEvent {
        target: id.clone(),
        after: Some(json!({ "seq": place.seq, "length": length, "sender": sender })),
        ..NewEvent::default()
    };
    change.events(groups.iter().filter_map(|id| stored.get_key_value(id)).map(event).collect()).await?;
    let gone = post.to.iter().filter(|id| !stored.contains_key(*id)).map(|id| NewEvent::missing(id)).collect();
    change.refused(gone).await?;
    let message_id = |place: Option<&Stored>| match place {
        Some(place) => id::stored(place.group_key, place.seq),
        None => Ok(id::stored_nowhere(&mut rand::rng())),
    };
    post.to.iter().map(|to| Ok((to.clone(), message_id(stored.get(to))?))).collect()
}

/// Those of the ids that are groups in this API: audio-video groups are chat rooms in it.
async fn groups_of(change: &mut Change<'_>, app: &AppRef, ids: &[String]) -> Result<Vec<String>> {
    let found = query_scalar(sql!("SELECT group_id FROM \"group\" WHERE app_id = $1 AND group_id IN @texts($2) AND type <> $3"))
        .bind(app.id.key())
        .bind(db::json(ids)?)
        .bind(GroupType::AvChatRoom.as_str())
        .fetch_all(change.db())
        .await
        .or_fault()?;
    Ok(found)
}

/// Sets when a member last sent a message.
async fn spoke(change: &mut Change<'_>, stored: &HashMap<String, Stored>, account: i64) -> Result<()> {
    let keys: Vec<i64> = stored.values().map(|place| place.group_key).collect();
    let at = change.at();
    query(sql!("UPDATE member SET last_spoke_at = $1 WHERE account_key = $2 AND group_key IN @keys($3)"))
        .bind(at)
        .bind(account)
        .bind(db::json(&keys)?)
        .execute(change.db())
        .await
        .or_fault()?;
    Ok(())
}
