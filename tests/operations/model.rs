//! Random sequences of operations against a model of plain maps.

use std::collections::{BTreeMap, BTreeSet};
use store::Scope;
use store::db::query_scalar;

use domain::{
    limits,
    member::{BatchPolicy, MemberChange, MemberList, MemberRole, UsernameMatch},
    page::{ListParams, Reason},
};
use proptest::prelude::*;
use world::{World, admin, new_account, new_group, number_from, viewer};

#[derive(Debug, Clone)]
enum Step {
    Account(u8),
    Group(u8, u8, Option<u8>),
    Add(u8, Vec<u8>),
    Remove(u8, Vec<u8>),
    Change(u8, Vec<u8>, MemberChange, BatchPolicy),
    Transfer(u8, u8),
    DeleteAccounts(Vec<u8>),
    DeleteGroups(Vec<u8>),
    Send(Vec<u8>),
}

fn step() -> impl Strategy<Value = Step> {
    let some = || proptest::collection::vec(0..8u8, 1..5);
    prop_oneof![
        4 => (0..8u8).prop_map(Step::Account),
        3 => (0..5u8, 0..4u8, proptest::option::of(0..8u8)).prop_map(|(id, kind, owner)| Step::Group(id, kind, owner)),
        4 => (0..5u8, some()).prop_map(|(group, who)| Step::Add(group, who)),
        2 => (0..5u8, some()).prop_map(|(group, who)| Step::Remove(group, who)),
        6 => (0..5u8, some(), change(), policy()).prop_map(|(group, who, what, policy)| Step::Change(group, who, what, policy)),
        2 => (0..5u8, 0..8u8).prop_map(|(group, who)| Step::Transfer(group, who)),
        1 => some().prop_map(Step::DeleteAccounts),
        1 => proptest::collection::vec(0..5u8, 1..3).prop_map(Step::DeleteGroups),
        2 => proptest::collection::vec(0..5u8, 1..5).prop_map(Step::Send),
    ]
}

fn change() -> impl Strategy<Value = MemberChange> {
    use MemberChange as C;
    prop_oneof![
        Just(C::SetAdmin),
        Just(C::UnsetAdmin),
        Just(C::Mute { until: limits::MUTED_FOREVER }),
        Just(C::Unmute),
        Just(C::Block),
        Just(C::Unblock),
        Just(C::Allow),
        Just(C::Disallow),
    ]
}

fn policy() -> impl Strategy<Value = BatchPolicy> {
    prop_oneof![
        Just(BatchPolicy::BestEffort),
        Just(BatchPolicy::AllOrNothing),
        Just(BatchPolicy::AtLeastOne),
        Just(BatchPolicy::AtLeastOneKnown)
    ]
}

const KINDS: [&str; 4] = ["Work", "Public", "Meeting", "AVChatRoom"];

#[derive(Default)]
struct Room {
    kind: u8,
    owner: Option<u8>,
    members: BTreeSet<u8>,
    admins: BTreeSet<u8>,
    muted: BTreeSet<u8>,
    blocked: BTreeSet<u8>,
    allowed: BTreeSet<u8>,
    messages: u64,
}

impl Room {
    /// What the documents say of one account and one change, written a second time.
    fn verdict(&self, registered: bool, who: u8, what: MemberChange) -> Result<(), Reason> {
        use MemberChange as C;
        let (owner, member) = (self.owner == Some(who), self.members.contains(&who));
        if !registered {
            return Err(Reason::NotRegistered);
        }
        match what {
            C::Unmute => Ok(()),
            C::Unblock if self.blocked.contains(&who) => Ok(()),
            C::Unblock => Err(Reason::NotBlocked),
            _ if !member => Err(Reason::NotMember),
            C::SetAdmin | C::Mute { .. } | C::Block if owner => Err(Reason::Owner),
            C::UnsetAdmin if !self.admins.contains(&who) => Err(Reason::NotAdmin),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, who: u8, what: MemberChange) {
        use MemberChange as C;
        match what {
            // The owner may be on the allow list; an owner is no admin.
            C::SetAdmin => drop(self.admins.insert(who)),
            C::UnsetAdmin => drop(self.admins.remove(&who)),
            C::Mute { .. } => drop(self.muted.insert(who)),
            C::Unmute => drop(self.muted.remove(&who)),
            C::Allow => drop(self.allowed.insert(who)),
            C::Disallow => drop(self.allowed.remove(&who)),
            C::Unblock => drop(self.blocked.remove(&who)),
            C::Block => {
                self.leave(who);
                self.blocked.insert(who);
            }
        }
    }

    fn leave(&mut self, who: u8) -> bool {
        self.admins.remove(&who);
        self.allowed.remove(&who);
        self.members.remove(&who)
    }

    fn keeps(&self) -> bool {
        self.kind != 3
    }
}

#[derive(Default)]
struct Model {
    accounts: BTreeSet<u8>,
    rooms: BTreeMap<u8, Room>,
}

fn user(n: u8) -> String {
    format!("user{n}")
}

fn room(n: u8) -> String {
    format!("room{n}")
}

impl Model {
    /// Does the step in both worlds and compares the results.
    async fn step(&mut self, w: &World, step: &Step) {
        let (s, me, app) = (&w.store, admin(), w.app);
        match step {
            Step::Account(n) => {
                let made = store::account::create(Scope::new(s, &me, app), &new_account(&user(*n))).await;
                assert_eq!(made.is_ok(), self.accounts.insert(*n));
            }
            Step::Group(id, kind, owner) => {
                let input = new_group(&room(*id), KINDS[*kind as usize], &owner.map(user).unwrap_or_default());
                let made = store::group::create(Scope::new(s, &me, app), &input).await;
                let allowed = !self.rooms.contains_key(id) && owner.is_none_or(|owner| self.accounts.contains(&owner));
                assert_eq!(made.is_ok(), allowed);
                if allowed {
                    let members = owner.iter().copied().filter(|_| *kind != 3).collect();
                    self.rooms.insert(*id, Room { kind: *kind, owner: *owner, members, ..Room::default() });
                }
            }
            Step::Add(id, who) => {
                let names: Vec<String> = who.iter().map(|n| user(*n)).collect();
                let result = store::member::add(Scope::new(s, &me, app), &room(*id), &names.join("\n")).await;
                match self.rooms.get_mut(id).filter(|room| room.keeps()) {
                    None => assert!(result.is_err()),
                    Some(room) => {
                        let may = |n: &u8| self.accounts.contains(n) && !room.blocked.contains(n);
                        let joining: BTreeSet<u8> = who.iter().copied().filter(may).collect();
                        let added = joining.into_iter().filter(|n| room.members.insert(*n)).count();
                        assert_eq!(result.unwrap().done, added as u64);
                    }
                }
            }
            Step::Remove(id, who) => {
                let result =
                    store::member::delete(Scope::new(s, &me, app), &room(*id), who.iter().map(|n| user(*n)).collect(), "").await;
                match self.rooms.get_mut(id).filter(|room| room.keeps()) {
                    None => assert!(result.is_err()),
                    Some(room) => {
                        let removed = who.iter().filter(|n| room.owner != Some(**n) && room.leave(**n)).count();
                        assert_eq!(result.unwrap().done, removed as u64);
                    }
                }
            }
            Step::Change(id, who, what, policy) => {
                let names: Vec<String> = who.iter().map(|n| user(*n)).collect();
                let how = (UsernameMatch::Exact, *policy);
                let result = store::member::change_in_group(Scope::new(s, &me, app), &room(*id), names, *what, how).await;
                let Some(room) = self.rooms.get_mut(id).filter(|room| room.keeps()) else {
                    assert!(result.is_err());
                    return;
                };
                let mut each: Vec<u8> = Vec::new();
                for n in who {
                    if !each.contains(n) {
                        each.push(*n);
                    }
                }
                let verdicts: Vec<_> = each.iter().map(|n| room.verdict(self.accounts.contains(n), *n, *what)).collect();
                let has = |reason| verdicts.contains(&Err(reason));
                let none = verdicts.iter().all(Result::is_err);
                let refused = match policy {
                    BatchPolicy::BestEffort => false,
                    BatchPolicy::AllOrNothing => verdicts.iter().any(Result::is_err),
                    BatchPolicy::AtLeastOne => has(Reason::Owner) || none,
                    BatchPolicy::AtLeastOneKnown => has(Reason::Owner) || has(Reason::NotRegistered) || none,
                };
                assert_eq!(result.is_err(), refused, "{what:?} {policy:?} {verdicts:?}");
                if let Ok(treated) = result {
                    assert_eq!(treated.iter().map(|one| one.result).collect::<Vec<_>>(), verdicts);
                    each.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_ok()).for_each(|(n, _)| room.apply(*n, *what));
                }
            }
            Step::Transfer(id, who) => {
                let result =
                    store::member::transfer(Scope::new(s, &me, app), &room(*id), &user(*who), UsernameMatch::Exact).await;
                let registered = self.accounts.contains(who);
                let room = self.rooms.get_mut(id).filter(|room| room.keeps() && registered);
                match room.filter(|room| room.members.contains(who) && room.owner != Some(*who)) {
                    None => assert!(result.is_err()),
                    Some(room) => {
                        assert_eq!(result, Ok(()));
                        room.admins.remove(who);
                        room.owner = Some(*who);
                    }
                }
            }
            Step::DeleteAccounts(who) => {
                let done = store::account::delete(Scope::new(s, &me, app), who.iter().map(|n| user(*n)).collect(), "")
                    .await
                    .unwrap()
                    .done;
                assert_eq!(done, who.iter().filter(|n| self.accounts.remove(n)).count() as u64);
                for room in self.rooms.values_mut() {
                    for n in who {
                        room.leave(*n);
                        room.muted.remove(n);
                        room.blocked.remove(n);
                    }
                    room.owner = room.owner.filter(|n| !who.contains(n));
                }
            }
            Step::DeleteGroups(ids) => {
                let done =
                    store::group::delete(Scope::new(s, &me, app), ids.iter().map(|n| room(*n)).collect(), "").await.unwrap().done;
                assert_eq!(done, ids.iter().filter(|n| self.rooms.remove(n).is_some()).count() as u64);
            }
            Step::Send(ids) => {
                let done = store::message::send(Scope::new(s, &me, app), ids.iter().map(|n| room(*n)).collect(), "hi")
                    .await
                    .unwrap()
                    .done;
                let unique: BTreeSet<&u8> = ids.iter().collect();
                let mut sent = 0;
                for id in unique {
                    if let Some(room) = self.rooms.get_mut(id) {
                        room.messages += 1;
                        sent += 1;
                    }
                }
                assert_eq!(done, sent);
            }
        }
    }

    /// What the store says is what the model says.
    async fn compare(&self, w: &World) {
        let (s, me, app) = (&w.store, viewer(), w.app);
        let counted = store::application::get(Scope::new(s, &me, app)).await.unwrap();
        assert_eq!((counted.account_count, counted.group_count), (self.accounts.len() as u64, self.rooms.len() as u64));
        for (id, expected) in &self.rooms {
            let found = store::group::get(Scope::new(s, &me, app), &room(*id)).await.unwrap();
            assert_eq!(found.owner.map(|owner| owner.username), expected.owner.map(user));
            assert_eq!(found.member_count, expected.keeps().then_some(expected.members.len() as u32));
            assert_eq!(found.message_count, expected.messages);
            let messages = store::message::list(Scope::new(s, &me, app), &room(*id), &ListParams::default()).await.unwrap().items;
            assert_eq!(messages.first().map(|m| m.seq as u64).unwrap_or(0), expected.messages);
            if expected.keeps() {
                let members =
                    store::member::list(Scope::new(s, &me, app), &room(*id), &ListParams::default()).await.unwrap().items;
                let owners: Vec<String> =
                    members.iter().filter(|m| m.role == MemberRole::Owner).map(|m| m.username.clone()).collect();
                assert_eq!(owners, expected.owner.map(user).into_iter().collect::<Vec<_>>());
                let names: BTreeSet<String> = members.into_iter().map(|m| m.username).collect();
                let of = |people: &BTreeSet<u8>| people.iter().map(|n| user(*n)).collect::<BTreeSet<String>>();
                assert_eq!(names, of(&expected.members));
                let admins = store::member::admins(Scope::new(s, &me, app), &room(*id)).await.unwrap();
                assert_eq!(BTreeSet::from_iter(admins), of(&expected.admins));
                // A mute outlives the membership, but the list names members.
                let muted: BTreeSet<u8> = expected.muted.intersection(&expected.members).copied().collect();
                for (list, people) in
                    [(MemberList::Mute, &muted), (MemberList::Block, &expected.blocked), (MemberList::Allow, &expected.allowed)]
                {
                    let listed = store::member::list_of(Scope::new(s, &me, app), &room(*id), list).await.unwrap();
                    assert_eq!(listed.into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>(), of(people), "{list:?}");
                }
            }
        }
    }

    /// Nothing is left over.
    async fn compare_at_the_end(&self, w: &World) {
        let mut raw = w.raw().await;
        let members: usize = self.rooms.values().map(|room| room.members.len()).sum();
        let messages: u64 = self.rooms.values().map(|room| room.messages).sum();
        for (sql, expected) in
            [("SELECT count(*) FROM member", members as i64), ("SELECT count(*) FROM message", messages as i64)]
        {
            assert_eq!(query_scalar::<i64>(sql).fetch_one(&mut raw).await.unwrap(), expected, "left behind: {sql}");
        }
        w.sound().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: number_from("ROSTER_TEST_CASES", 24), max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn the_store_and_the_model_agree(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let w = World::new().await;
            let mut model = Model::default();
            for step in &steps {
                model.step(&w, step).await;
                model.compare(&w).await;
            }
            model.compare_at_the_end(&w).await;
            w.store.close().await;
        });
    }
}
