//! Plans the sample: which accounts exist since when, who belongs to which group, who sent which message. Always the same, except
//! for the day on which the sample is made.

use std::collections::HashSet;

use domain::{
    account::Profile,
    group::GroupType,
    limits::{DAY_MS, HOUR_MS, MINUTE_MS},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::{
    draws::{Habits, pick, profile},
    people::{CHINESE_FAMILY, CHINESE_GIVEN, KOREAN_FAMILY, KOREAN_GIVEN, LATIN_FAMILY, LATIN_GIVEN},
    talk::{GROUPS, NOTICES, PASSED, TALK, Tongue},
};

const ACCOUNTS: usize = 300;
/// One group in so many is of the last weeks, so that the charts have something to show.
const RECENT_EVERY: usize = 4;
const RECENT_MS: i64 = 29 * DAY_MS;
const HABITS: Habits = Habits { born_before: 2006, located: 0.7, signed: 0.4 };
const SEED: u64 = 20_260_421;

pub(super) struct Person {
    pub username: String,
    pub admin: bool,
    pub tongue: Tongue,
    pub profile: Profile,
    pub created_at: i64,
}

pub(super) struct Room {
    pub group_id: String,
    pub name: &'static str,
    pub group_type: GroupType,
    pub introduction: &'static str,
    /// Index of the owner among the people.
    pub owner: Option<usize>,
    pub created_at: i64,
    /// Person and time of joining, the owner first.
    pub members: Vec<(usize, i64)>,
    /// Messages in order of time; `None`: an operator sent it.
    pub messages: Vec<(Option<usize>, &'static str, i64)>,
}

/// A group that was deleted again: only the log has it.
pub(super) struct Passed {
    pub group_id: String,
    pub name: &'static str,
    pub group_type: GroupType,
    pub owner: usize,
    pub created_at: i64,
    pub deleted_at: i64,
}

pub(super) struct Plan {
    pub people: Vec<Person>,
    pub rooms: Vec<Room>,
    pub passed: Vec<Passed>,
}

/// The sample as of `now`.
pub(super) fn draw(now: i64) -> Plan {
    let mut random = StdRng::seed_from_u64(SEED);
    let people = people(now, &mut random);
    let recent = |place: usize| place % RECENT_EVERY == RECENT_EVERY - 1;
    let rooms = GROUPS.iter().enumerate().map(|(place, row)| room(*row, recent(place), &people, now, &mut random)).collect();
    let passed = PASSED.iter().map(|row| passed(*row, &people, now, &mut random)).collect();
    Plan { people, rooms, passed }
}

fn passed(row: (&'static str, GroupType, Tongue), people: &[Person], now: i64, random: &mut StdRng) -> Passed {
    let (name, group_type, tongue) = row;
    let deleted_at = between(random, now - RECENT_MS + 2 * DAY_MS, now - HOUR_MS);
    let created_at = between(random, deleted_at - 12 * DAY_MS, deleted_at - HOUR_MS);
    let there = |&person: &usize| people[person].tongue == tongue && people[person].created_at < created_at;
    let candidates: Vec<usize> = (0..people.len()).filter(there).collect();
    let owner = pick(random, &candidates);
    let group_id = store::group::random_id(group_type, random);
    Passed { group_id, name, group_type, owner, created_at, deleted_at }
}

fn people(now: i64, random: &mut StdRng) -> Vec<Person> {
    let staff = [("service.desk", "Service desk"), ("moderation", "内容审核"), ("demo.admin", "데모 관리자")];
    let mut names: Vec<(String, String, Tongue)> = staff
        .iter()
        .enumerate()
        .map(|(tongue, (username, nickname))| ((*username).to_owned(), (*nickname).to_owned(), tongue))
        .collect();
    let mut taken: HashSet<String> = names.iter().map(|name| name.0.clone()).collect();
    while names.len() < ACCOUNTS {
        // Four in ten Latin, three Chinese, three Korean.
        let (username, nickname, tongue) = name([0, 0, 0, 0, 1, 1, 1, 2, 2, 2][names.len() % 10], random);
        if taken.insert(username.clone()) {
            names.push((username, nickname, tongue));
        }
    }
    // The first accounts were created a year ago, and the app has grown ever faster since.
    let mut ages: Vec<i64> =
        (0..ACCOUNTS).map(|_| (random.random::<f64>().powi(2) * 364.0 * DAY_MS as f64) as i64 + HOUR_MS).collect();
    ages.sort_unstable_by(|a, b| b.cmp(a));
    let person = |((username, nickname, tongue), age): ((String, String, Tongue), i64), random: &mut StdRng, admin: bool| {
        Person { username, admin, tongue, profile: profile(nickname, tongue, &HABITS, random), created_at: now - age }
    };
    names.into_iter().zip(ages).enumerate().map(|(n, row)| person(row, random, n < staff.len())).collect()
}

/// A username and a nickname. Not every nickname is the whole name.
fn name(tongue: Tongue, random: &mut StdRng) -> (String, String, Tongue) {
    let (family, given) = match tongue {
        0 => (pick(random, &LATIN_FAMILY), pick(random, &LATIN_GIVEN)),
        1 => (pick(random, &CHINESE_FAMILY), pick(random, &CHINESE_GIVEN)),
        _ => (pick(random, &KOREAN_FAMILY), pick(random, &KOREAN_GIVEN)),
    };
    let username = match random.random_range(0..6) {
        0 => format!("{}_{}", given.0, family.0),
        1 => format!("{}{}{:02}", given.0, &family.0[..1], random.random_range(70..100)),
        _ => format!("{}.{}", given.0, family.0),
    };
    let nickname = match (tongue, random.random_range(0..8)) {
        (_, 0) => String::new(),
        (0, 1) => given.1.to_owned(),
        (0, _) => format!("{} {}", given.1, family.1),
        (1, 1) => format!("阿{}", given.1),
        (_, 2) => format!("{}{} ✨", family.1, given.1),
        _ => format!("{}{}", family.1, given.1),
    };
    (username, nickname, tongue)
}

fn room(
    row: (&'static str, GroupType, Tongue, i32, &'static str),
    recent: bool,
    people: &[Person],
    now: i64,
    random: &mut StdRng,
) -> Room {
    let (name, group_type, tongue, size, introduction) = row;
    // Mostly accounts of the group's language; large groups accept any account.
    let mut crowd: Vec<usize> = (0..people.len()).collect();
    crowd.shuffle(random);
    crowd.sort_by_key(|&person| people[person].tongue != tongue);
    crowd.truncate(size.unsigned_abs() as usize);
    crowd.sort_by_key(|&person| people[person].created_at);
    let first_there = crowd.first().map_or(now, |&first| people[first].created_at);
    let created_at = if recent {
        between(random, first_there.max(now - RECENT_MS), now - HOUR_MS)
    } else {
        between(random, first_there, now - (now - first_there) / 2)
    };
    let owner = crowd.first().copied().filter(|_| size > 0);
    let mut members = Vec::new();
    if group_type.keeps_members() {
        for &person in &crowd {
            let since = created_at.max(people[person].created_at);
            let joined_at = if Some(person) == owner {
                created_at
            } else {
                between(random, since, (since + 20 * DAY_MS).min(now - MINUTE_MS))
            };
            members.push((person, joined_at));
        }
        members.sort_by_key(|&(person, joined_at)| (joined_at, Some(person) != owner));
    }
    let messages = messages(tongue, group_type, &members, people, created_at, now, random);
    let group_id = store::group::random_id(group_type, random);
    Room { group_id, name, group_type, introduction, owner, created_at, members, messages }
}

fn messages(
    tongue: Tongue,
    group_type: GroupType,
    members: &[(usize, i64)],
    people: &[Person],
    created_at: i64,
    now: i64,
    random: &mut StdRng,
) -> Vec<(Option<usize>, &'static str, i64)> {
    let count = match (group_type, members.len()) {
        (GroupType::AvChatRoom, _) => 60,
        (_, 0..=3) => 0,
        (_, size) => size.min(45) + random.random_range(0..10),
    };
    let everybody: Vec<(usize, i64)> = (0..people.len()).map(|person| (person, people[person].created_at)).collect();
    let crowd = if group_type.keeps_members() { members } else { &everybody };
    let mut messages: Vec<(Option<usize>, &'static str, i64)> = (0..count)
        .map(|_| {
            // A few members speak often, most seldom.
            let place = (random.random::<f64>().powi(3) * crowd.len() as f64) as usize;
            let (person, since) = crowd[place.min(crowd.len() - 1)];
            let at = on_a_workday(between(random, since.max(created_at), now - MINUTE_MS), since.max(created_at), random);
            (Some(person), pick(random, &TALK[people[person].tongue]), at)
        })
        .collect();
    if count > 10 {
        let notice = |random: &mut StdRng| (None, pick(random, &NOTICES[tongue]), between(random, created_at, now - MINUTE_MS));
        messages.extend([notice(random), notice(random)]);
    }
    messages.sort_by_key(|message| message.2);
    messages
}

/// Most messages of a weekend are moved two days earlier, if that is not too early.
fn on_a_workday(at: i64, earliest: i64, random: &mut StdRng) -> i64 {
    // The first of January 1970 was a Thursday: counted from there, days 2 and 3 of each week are Saturday and Sunday.
    let weekend = matches!(at.div_euclid(DAY_MS).rem_euclid(7), 2 | 3);
    if weekend && at - 2 * DAY_MS >= earliest && random.random_bool(0.7) { at - 2 * DAY_MS } else { at }
}

fn between(random: &mut StdRng, from: i64, to: i64) -> i64 {
    if to > from { random.random_range(from..to) } else { from }
}
