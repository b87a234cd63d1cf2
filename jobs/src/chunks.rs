//! How a job processes a batch: in steps so short that other writers do not notice them, as many in a transaction as nobody waits for
//! ([`Pacer`]), each with its progress in the same transaction.

use std::{
    collections::{HashMap, VecDeque},
    time::Instant,
};

use domain::{Error, Result, job::BatchKind, message::rules::MessageText, page::BatchReport};
use serde::Deserialize;
use store::{
    change::{Change, ChangeSpec},
    db::{Next, Pacer},
    in_change,
    job::{
        context::{ChunkReport, JobContext},
        items,
    },
};

/// The input of a batch of messages.
#[derive(Deserialize)]
struct Text {
    text: String,
}

/// Processes a batch until it is done or cancelled.
pub(super) async fn run(context: &JobContext<'_>, kind: BatchKind) -> Result<()> {
    let text = match kind {
        BatchKind::SendMessages => {
            let Text { text } = context.input()?;
            Some(MessageText::parse(&text).map_err(|code| Error::field("text", code))?)
        }
        BatchKind::DeleteGroups | BatchKind::DeleteAccounts | BatchKind::DeleteMembers => None,
    };
    let mut pacer = Pacer::default();
    let (mut items, mut heavy) = (VecDeque::new(), HashMap::new());
    while context.go_on().await? {
        // Read ahead, for many chunks: each chunk checks by itself what has changed since then.
        if items.is_empty() {
            items = items::waiting(context).await?;
            heavy = weights(context, kind, &items).await?;
        }
        let Some((_, first)) = items.front() else { return Ok(()) };
        let is_too_heavy = |pacer: &Pacer, heavy: &HashMap<String, u64>, item: &str| {
            kind == BatchKind::DeleteGroups && heavy.get(item).is_some_and(|weight| pacer.is_too_heavy(*weight))
        };
        if is_too_heavy(&pacer, &heavy, first) {
            store::large_groups::delete_children(context.store(), context.app(), first, &mut pacer).await?;
            heavy.remove(first);
        }
        let (store, caller) = (context.store(), context.caller());
        let spec = ChangeSpec::without_permission(store, caller, kind.event(), Some(context.app()), context.target());
        let done = in_change!(spec, |change| {
            let (began, mut done) = (pacer.begin(store), 0);
            loop {
                let step = Instant::now();
                let (number, weight) = pacer.next(items.range(done..), &heavy);
                let chunk: Vec<_> = items.range(done..done + number).cloned().collect();
                work(context, kind, change, &chunk, text.as_ref()).await?;
                done += number;
                let more = items.get(done).is_some_and(|(_, item)| !is_too_heavy(&pacer, &heavy, item));
                match pacer.after((step, weight), began, more, store) {
                    Next::Step => {}
                    Next::Commit => break Ok(done),
                    Next::RollBack => {
                        change.give_back();
                        break Ok(0);
                    }
                }
            }
        })?;
        items.drain(..done);
    }
    Ok(())
}

async fn work(
    context: &JobContext<'_>,
    kind: BatchKind,
    change: &mut Change<'_>,
    chunk: &[(i64, String)],
    text: Option<&MessageText>,
) -> Result<()> {
    let position = chunk.last().map_or(0, |(seq, _)| *seq);
    let items: Vec<String> = chunk.iter().map(|(_, item)| item.clone()).collect();
    let app = context.app();
    let report = match kind {
        BatchKind::DeleteGroups => store::group::delete_named(change, app, items).await,
        BatchKind::DeleteAccounts => store::account::delete_named(change, app, items).await,
        BatchKind::DeleteMembers => store::member::delete_named(change, app, context.target(), items).await,
        BatchKind::SendMessages => {
            let text = text.ok_or_else(|| Error::Internal("messages without a text".to_owned()))?;
            store::message::send_to(change, app, items, text).await
        }
    };
    let BatchReport { done, refused, gone } = report?;
    let reason = |refusal: domain::page::Refusal| Ok((refusal.id, serde_json::to_value(refusal.reason)?));
    let refused = refused.into_iter().map(reason).collect::<serde_json::Result<_>>();
    let refused = refused.map_err(|error| Error::Internal(error.to_string()))?;
    context.save(change, &ChunkReport { position, done, refused, gone }).await
}

/// How many rows are deleted with each item, roughly; items that are not listed count as one.
async fn weights(context: &JobContext<'_>, kind: BatchKind, items: &VecDeque<(i64, String)>) -> Result<HashMap<String, u64>> {
    let names: Vec<&str> = items.iter().map(|(_, item)| item.as_str()).collect();
    match kind {
        BatchKind::DeleteGroups => store::large_groups::weights(context.store(), context.app(), &names).await,
        BatchKind::DeleteAccounts => store::account::weights(context.store(), context.app(), &names).await,
        BatchKind::DeleteMembers | BatchKind::SendMessages => Ok(HashMap::new()),
    }
}
