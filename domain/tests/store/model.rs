//! Random sequences of operations against a model of plain maps.

use std::collections::{BTreeMap, BTreeSet};

use domain::{account, application, group, member, member::MemberRole, message, page::ListParams};
use proptest::prelude::*;

use crate::world::{World, admin, new_account, new_group, viewer};

#[derive(Debug, Clone)]
enum Step {
    Account(u8),
    Group(u8, u8, Option<u8>),
    Add(u8, Vec<u8>),
    Remove(u8, Vec<u8>),
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
        1 => some().prop_map(Step::DeleteAccounts),
        1 => proptest::collection::vec(0..5u8, 1..3).prop_map(Step::DeleteGroups),
        2 => proptest::collection::vec(0..5u8, 1..5).prop_map(Step::Send),
    ]
}

const KINDS: [&str; 4] = ["Work", "Public", "Meeting", "AVChatRoom"];

#[derive(Default)]
struct Room {
    kind: u8,
    owner: Option<u8>,
    members: BTreeSet<u8>,
    messages: u64,
}

impl Room {
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
    /// Does the step in both worlds and compares what they answer.
    async fn step(&mut self, w: &World, step: &Step) {
        let (s, me, app) = (&w.store, admin(), w.app);
        match step {
            Step::Account(n) => {
                let made = account::store::create(s, &me, app, &new_account(&user(*n))).await;
                assert_eq!(made.is_ok(), self.accounts.insert(*n));
            }
            Step::Group(id, kind, owner) => {
                let input = new_group(&room(*id), KINDS[*kind as usize], &owner.map(user).unwrap_or_default());
                let made = group::store::create(s, &me, app, &input).await;
                let allowed = !self.rooms.contains_key(id) && owner.is_none_or(|owner| self.accounts.contains(&owner));
                assert_eq!(made.is_ok(), allowed);
                if allowed {
                    let members = owner.iter().copied().filter(|_| *kind != 3).collect();
                    self.rooms.insert(*id, Room { kind: *kind, owner: *owner, members, messages: 0 });
                }
            }
            Step::Add(id, who) => {
                let names: Vec<String> = who.iter().map(|n| user(*n)).collect();
                let result = member::store::add(s, &me, app, &room(*id), &names.join("\n")).await;
                match self.rooms.get_mut(id).filter(|room| room.keeps()) {
                    None => assert!(result.is_err()),
                    Some(room) => {
                        let added = who.iter().filter(|n| self.accounts.contains(n) && room.members.insert(**n)).count();
                        assert_eq!(result.unwrap().done, added as u64);
                    }
                }
            }
            Step::Remove(id, who) => {
                let result = member::store::delete(s, &me, app, &room(*id), who.iter().map(|n| user(*n)).collect(), "").await;
                match self.rooms.get_mut(id).filter(|room| room.keeps()) {
                    None => assert!(result.is_err()),
                    Some(room) => {
                        let removed = who.iter().filter(|n| room.owner != Some(**n) && room.members.remove(n)).count();
                        assert_eq!(result.unwrap().done, removed as u64);
                    }
                }
            }
            Step::DeleteAccounts(who) => {
                let done = account::store::delete(s, &me, app, who.iter().map(|n| user(*n)).collect(), "").await.unwrap().done;
                assert_eq!(done, who.iter().filter(|n| self.accounts.remove(n)).count() as u64);
                for room in self.rooms.values_mut() {
                    room.members.retain(|n| !who.contains(n));
                    room.owner = room.owner.filter(|n| !who.contains(n));
                }
            }
            Step::DeleteGroups(ids) => {
                let done = group::store::delete(s, &me, app, ids.iter().map(|n| room(*n)).collect(), "").await.unwrap().done;
                assert_eq!(done, ids.iter().filter(|n| self.rooms.remove(n).is_some()).count() as u64);
            }
            Step::Send(ids) => {
                let done = message::store::send(s, &me, app, ids.iter().map(|n| room(*n)).collect(), "hi").await.unwrap().done;
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
        let counted = application::store::get(s, &me, app).await.unwrap();
        assert_eq!((counted.account_count, counted.group_count), (self.accounts.len() as u64, self.rooms.len() as u64));
        for (id, expected) in &self.rooms {
            let found = group::store::get(s, &me, app, &room(*id)).await.unwrap();
            assert_eq!(found.owner.map(|owner| owner.username), expected.owner.map(user));
            assert_eq!(found.member_count, expected.keeps().then_some(expected.members.len() as u32));
            assert_eq!(found.message_count, expected.messages);
            let messages = message::store::list(s, &me, app, &room(*id), &ListParams::default()).await.unwrap().items;
            assert_eq!(messages.first().map(|m| m.seq as u64).unwrap_or(0), expected.messages);
            if expected.keeps() {
                let members = member::store::list(s, &me, app, &room(*id), &ListParams::default()).await.unwrap().items;
                let owners: Vec<String> =
                    members.iter().filter(|m| m.role == MemberRole::Owner).map(|m| m.username.clone()).collect();
                assert_eq!(owners, expected.owner.map(user).into_iter().collect::<Vec<_>>());
                let names: BTreeSet<String> = members.into_iter().map(|m| m.username).collect();
                assert_eq!(names, expected.members.iter().map(|n| user(*n)).collect());
            }
        }
        let mut raw = w.raw().await;
        let members: usize = self.rooms.values().map(|room| room.members.len()).sum();
        let messages: u64 = self.rooms.values().map(|room| room.messages).sum();
        for (sql, expected) in
            [("SELECT count(*) FROM member", members as i64), ("SELECT count(*) FROM message", messages as i64)]
        {
            assert_eq!(sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut raw).await.unwrap(), expected, "left behind: {sql}");
        }
        w.sound().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn the_store_and_the_model_agree(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let w = World::new().await;
            let mut model = Model::default();
            for step in &steps {
                model.step(&w, step).await;
            }
            model.compare(&w).await;
            w.store.close().await;
        });
    }
}
