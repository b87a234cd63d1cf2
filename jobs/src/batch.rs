//! Batches: the items are stored when the operator confirms; a small batch then runs at once, a large one as a job. A job does in
//! chunks what a small batch does in one go, with the same code (`chunks.rs`).

use domain::{
    Error, Result,
    account::AccountType,
    group::GroupType,
    job::{BatchKind, BatchOutcome},
    member::MemberRole,
    message::rules::MessageText,
    selection::{Matching, Selection},
};
use serde_json::json;
use store::{
    Scope,
    job::batch::{Batch, Chosen, Found, of_list},
};

/// Deletes groups with their members, messages and files; the accounts stay. More than [`domain::limits::BATCH_TYPED_ABOVE`]
/// groups need their number in `confirm`.
pub async fn delete_groups(scope: Scope<'_>, ids: Vec<String>, matching: Matching, confirm: &str) -> Result<BatchOutcome> {
    let batch = Batch { scope, kind: BatchKind::DeleteGroups, target: "", input: json!({}), confirm: Some(confirm) };
    let chosen = Selection::parse(ids, matching, GroupType::parse);
    let chosen = chosen.and_then(|chosen| of_list(scope.app, &store::group::GROUPS, chosen.map(GroupType::as_str)));
    match batch.find(chosen).await? {
        Found::Few(ids) => store::group::delete(scope, ids, confirm).await.map(BatchOutcome::Completed),
        Found::Job(id) => Ok(BatchOutcome::Queued(id)),
    }
}

/// Deletes accounts: they leave their groups, and groups that they owned become ownerless.
pub async fn delete_accounts(
    scope: Scope<'_>,
    usernames: Vec<String>,
    matching: Matching,
    confirm: &str,
) -> Result<BatchOutcome> {
    let batch = Batch { scope, kind: BatchKind::DeleteAccounts, target: "", input: json!({}), confirm: Some(confirm) };
    let chosen = Selection::parse(usernames, matching, AccountType::parse);
    let chosen = chosen.and_then(|chosen| of_list(scope.app, &store::account::ACCOUNTS, chosen.map(AccountType::as_str)));
    match batch.find(chosen).await? {
        Found::Few(names) => store::account::delete(scope, names, confirm).await.map(BatchOutcome::Completed),
        Found::Job(id) => Ok(BatchOutcome::Queued(id)),
    }
}

/// Removes members from a group. The owner stays: «all that match» leaves the owner out.
pub async fn delete_members(
    scope: Scope<'_>,
    group_id: &str,
    usernames: Vec<String>,
    matching: Matching,
    confirm: &str,
) -> Result<BatchOutcome> {
    let batch = Batch { scope, kind: BatchKind::DeleteMembers, target: group_id, input: json!({}), confirm: Some(confirm) };
    let chosen = match Selection::parse(usernames, matching, MemberRole::parse) {
        Ok(Selection::Ids(names)) => Ok(Chosen::Ids(names)),
        Ok(Selection::Matching { search, kind, except }) => {
            store::member::removable(scope.store, scope.app, group_id, kind, &search, &except).await.map(Chosen::Sql)
        }
        Err(error) => Err(error),
    };
    match batch.find(chosen).await? {
        Found::Few(names) => store::member::delete(scope, group_id, names, confirm).await.map(BatchOutcome::Completed),
        Found::Job(id) => Ok(BatchOutcome::Queued(id)),
    }
}

/// Sends one text to groups, signed with the operator's name. [`domain::Code::TooManyChars`] and the like at `text`.
pub async fn send_messages(scope: Scope<'_>, ids: Vec<String>, matching: Matching, text: &str) -> Result<BatchOutcome> {
    let input = json!({ "text": text });
    let batch = Batch { scope, kind: BatchKind::SendMessages, target: "", input, confirm: None };
    // A text that cannot be sent is refused now, not by a job that fails later.
    let chosen = match MessageText::parse(text) {
        Ok(_) => Selection::parse(ids, matching, GroupType::parse),
        Err(code) => Err(Error::field("text", code)),
    };
    let chosen = chosen.and_then(|chosen| of_list(scope.app, &store::group::GROUPS, chosen.map(GroupType::as_str)));
    match batch.find(chosen).await? {
        Found::Few(ids) => store::message::send(scope, ids, text).await.map(BatchOutcome::Completed),
        Found::Job(id) => Ok(BatchOutcome::Queued(id)),
    }
}
