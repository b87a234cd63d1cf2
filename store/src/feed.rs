//! Notifies subscribers of what has just changed: after each commit, from what was written into the event log. Kept in memory
//! only; a subscriber that missed something learns that, and reads the lists again.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    application::AppId,
    event::{Action, Outcome},
    feed::{ChangeCount, Kind},
};
use tokio::sync::broadcast;

/// How many commits a subscriber may lag behind, and how many are kept for one that reconnects.
const KEPT: usize = 256;
/// Groups of one kind that one commit names; more are counted together.
const NAMED: usize = 20;

tokio::task_local! {
    static PAGE: String;
}

/// Runs work on behalf of a page, by the id that the page has given itself: the page is not notified of its own changes.
pub async fn from_page<F: Future>(page: String, work: F) -> F::Output {
    PAGE.scope(page, work).await
}

/// The page on whose behalf this runs; `None` outside of [`from_page`].
pub fn page() -> Option<String> {
    PAGE.try_with(Clone::clone).ok()
}

/// The notice of one commit.
#[derive(Debug, PartialEq, Eq)]
pub struct Notification {
    /// Rises by one with each commit, and is higher after each restart.
    pub number: u64,
    /// The app that changed; `None`: the whole server.
    pub app: Option<AppId>,
    /// What changed, by kind and group.
    pub changed: Vec<ChangeCount>,
    /// The page on whose behalf it was done, see [`from_page`].
    pub page: Option<String>,
    /// The actions that were done, each once.
    pub done: Vec<Action>,
}

/// Counts what one transaction has written into the log so far.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<Kind, BTreeMap<String, u64>>,
    /// The actions that were done, each once.
    done: Vec<Action>,
}

impl Tally {
    /// Adds the targets of an action.
    pub fn add<'a>(&mut self, action: Action, outcome: Outcome, targets: impl Iterator<Item = &'a str>) {
        let kind = match outcome {
            Outcome::Done => kind(action),
            Outcome::Refused => Kind::Other,
        };
        if outcome == Outcome::Done && !self.done.contains(&action) {
            self.done.push(action);
        }
        let named = matches!(kind, Kind::Group | Kind::Member | Kind::Message);
        for target in targets {
            let target = if named { target } else { "" };
            let groups = self.counts.entry(kind).or_default();
            match groups.get_mut(target) {
                Some(count) => *count += 1,
                None => {
                    groups.insert(target.to_owned(), 1);
                }
            }
        }
    }

    fn changed(counts: BTreeMap<Kind, BTreeMap<String, u64>>) -> Vec<ChangeCount> {
        let mut all = Vec::new();
        for (kind, groups) in counts {
            if groups.len() > NAMED {
                all.push(ChangeCount { kind, group: None, count: groups.values().sum() });
            } else {
                let one =
                    |(group, count): (String, u64)| ChangeCount { kind, group: Some(group).filter(|id| !id.is_empty()), count };
                all.extend(groups.into_iter().map(one));
            }
        }
        all
    }
}

/// Which lists are notified of an action. A new action needs a kind here.
fn kind(action: Action) -> Kind {
    use Action as A;
    match action {
        // Reading a list changes nothing in it.
        A::AccountExport | A::GroupExport | A::MemberExport | A::MessageExport | A::EventExport => Kind::Other,
        A::GroupCreate | A::GroupEdit | A::GroupDelete | A::GroupTransfer | A::GroupAnnounce | A::GroupMuteAll => Kind::Group,
        A::AccountCreate | A::AccountEdit | A::AccountDelete | A::AccountPassword | A::AccountActivate | A::AccountDeactivate => {
            Kind::Account
        }
        A::MemberAdd
        | A::MemberEdit
        | A::MemberDelete
        | A::MemberRole
        | A::MemberMute
        | A::MemberUnmute
        | A::MemberBlock
        | A::MemberUnblock
        | A::MemberAllow
        | A::MemberDisallow
        | A::FileUpload
        | A::FileDelete => Kind::Member,
        A::MessageSend => Kind::Message,
        A::SignIn
        | A::SignOut
        | A::SessionEnd
        | A::OperatorAdd
        | A::OperatorSetUp
        | A::OperatorRole
        | A::OperatorDisable
        | A::OperatorEnable
        | A::OperatorReset
        | A::OperatorPassword
        | A::ApplicationCreate
        | A::ApplicationEdit
        | A::ApplicationGenerate
        | A::CredentialCreate
        | A::CredentialEdit
        | A::CredentialRotate
        | A::CredentialRevoke
        | A::EventArchive
        | A::EventArchiveDelete
        | A::EventRetention
        | A::JobStart
        | A::JobCancel
        | A::TokenIssue
        | A::TokenRefuse
        | A::AccessRefuse => Kind::Other,
    }
}

/// Called with the actions that were done, after each commit and before the notification is sent. It must not wait.
pub type Subscriber = Box<dyn Fn(&[Action]) + Send + Sync>;

/// The latest commits, and everybody who subscribes to them. One for each store.
pub struct Feed {
    sender: broadcast::Sender<Arc<Notification>>,
    past: Mutex<Past>,
    subscribers: Vec<Subscriber>,
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("past", &self.past).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Past {
    /// The number of the latest commit.
    number: u64,
    recent: VecDeque<Arc<Notification>>,
}

/// What a subscriber missed, and what follows.
#[derive(Debug)]
pub struct Subscription {
    /// The commits after the one that was asked for; `None` when they are not known any more.
    pub missed: Option<Vec<Arc<Notification>>>,
    /// The number of the latest commit.
    pub number: u64,
    /// Receives every later commit. A receiver that lags more than 256 commits behind gets an error that says how many it missed.
    pub receiver: broadcast::Receiver<Arc<Notification>>,
}

impl Feed {
    /// `start`: any number that is higher at each start, and rises faster than commits can: milliseconds since 1970.
    /// `subscribers` are called after each commit.
    pub fn new(start: i64, subscribers: Vec<Subscriber>) -> Self {
        let past = Past { number: u64::try_from(start).unwrap_or(0), recent: VecDeque::new() };
        Self { sender: broadcast::Sender::new(KEPT), past: Mutex::new(past), subscribers }
    }

    /// The number of the latest commit: what a page that is rendered now shows.
    pub fn number(&self) -> u64 {
        self.past.lock().unwrap_or_else(PoisonError::into_inner).number
    }

    /// Subscribes to every commit from now on, with those after the commit `after`.
    pub fn subscribe(&self, after: Option<u64>) -> Subscription {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = match after {
            None => Some(vec![]),
            Some(after) => {
                let first = past.recent.front().map_or(past.number, |notification| notification.number - 1);
                let known = (first..=past.number).contains(&after);
                known.then(|| past.recent.iter().filter(|notification| notification.number > after).cloned().collect())
            }
        };
        Subscription { missed, number: past.number, receiver: self.sender.subscribe() }
    }

    /// Publishes what a commit changed: calls the subscribers with the actions, then notifies all others. `page`: on whose behalf
    /// it was done.
    pub fn publish(&self, app: Option<AppId>, tally: Tally, page: Option<String>) {
        let Tally { counts, done } = tally;
        self.subscribers.iter().for_each(|subscriber| subscriber(&done));
        let changed = Tally::changed(counts);
        if changed.is_empty() {
            return;
        }
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.number += 1;
        let notification = Arc::new(Notification { number: past.number, app, changed, page, done });
        if past.recent.len() == KEPT {
            past.recent.pop_front();
        }
        past.recent.push_back(notification.clone());
        // An error only says that nobody is subscribed.
        let _ = self.sender.send(notification);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(action: Action, targets: &[&str]) -> Tally {
        let mut tally = Tally::default();
        tally.add(action, Outcome::Done, targets.iter().copied());
        tally
    }

    #[test]
    fn a_commit_is_told_by_kind_and_group_and_many_groups_together() {
        let mut mixed = tally(Action::MemberAdd, &["a", "a", "b"]);
        mixed.add(Action::MemberAdd, Outcome::Refused, ["a"].into_iter());
        let one = |kind, group: Option<&str>, count| ChangeCount { kind, group: group.map(str::to_owned), count };
        assert_eq!(
            Tally::changed(mixed.counts),
            [one(Kind::Member, Some("a"), 2), one(Kind::Member, Some("b"), 1), one(Kind::Other, None, 1)]
        );
        let ids: Vec<String> = (0..30).map(|n| n.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert_eq!(Tally::changed(tally(Action::GroupDelete, &ids).counts), [one(Kind::Group, None, 30)]);
        assert_eq!(Tally::changed(tally(Action::AccountDelete, &["x", "y"]).counts), [one(Kind::Account, None, 2)]);
        assert!(tally(Action::SignOut, &["me"]).done.iter().any(|action| action.ends_sessions()));
    }

    #[test]
    fn an_export_changes_no_list() {
        for &action in Action::ALL.iter().filter(|action| action.as_str().ends_with("export")) {
            assert_eq!(Tally::changed(tally(action, &["x"]).counts)[0].kind, Kind::Other, "{}", action.as_str());
        }
    }

    #[test]
    fn who_comes_back_hears_what_was_missed_or_that_nobody_knows() {
        let feed = Feed::new(1000, vec![]);
        assert_eq!(feed.subscribe(Some(1000)).missed, Some(vec![]));
        assert_eq!(feed.subscribe(Some(900)).missed, None, "before this start");
        assert_eq!(feed.subscribe(Some(2000)).missed, None, "of no start");
        for _ in 0..3 {
            feed.publish(Some(AppId::of_row(1)), tally(Action::GroupCreate, &["g"]), None);
        }
        let numbers = |after| {
            feed.subscribe(after)
                .missed
                .map(|notification| notification.iter().map(|notification| notification.number).collect::<Vec<_>>())
        };
        assert_eq!(numbers(Some(1001)), Some(vec![1002, 1003]));
        assert_eq!(numbers(None), Some(vec![]));
        for _ in 0..KEPT {
            feed.publish(None, tally(Action::SignIn, &["me"]), None);
        }
        assert_eq!(numbers(Some(1002)), None, "too long ago");
        assert_eq!(numbers(Some(1003)).map(|notification| notification.len()), Some(KEPT));
    }
}
