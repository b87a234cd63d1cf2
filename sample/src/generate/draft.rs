//! The content of generated rows. Each row follows from the seed and its place alone, so that nothing has to be kept.

use domain::{
    Error,
    account::{AccountType, Profile},
    group::GroupType,
    limits::{self, DAY_MS},
    message::rules::MessageText,
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::index};

use super::{GenerateError, Mark, Request};
use crate::{
    checked,
    demo::{
        draws::{Habits, pick, profile},
        people::{CHINESE_FAMILY, CHINESE_GIVEN, KOREAN_FAMILY, KOREAN_GIVEN, LATIN_FAMILY, LATIN_GIVEN},
        talk::{GROUPS, TALK, Tongue},
    },
};

/// Time from the first account to the last message.
pub(super) const SPAN_MS: i64 = 730 * DAY_MS;
/// Accounts of type Admin.
const ADMINS: u64 = 3;
const HABITS: Habits = Habits { born_before: 2008, located: 0.5, signed: 0.2 };
/// How much larger large groups are than small ones: sizes fall with the rank to this power.
const SKEW: f64 = 0.9;

/// The plan of the whole app: how many rows of everything, and how large each group is.
pub(super) struct Shape {
    pub request: Request,
    pub marks: Vec<Mark>,
    /// Members of each group.
    sizes: Vec<u16>,
    /// What is said, by language.
    texts: Vec<Vec<MessageText>>,
}

pub(super) struct Account {
    pub username: String,
    pub account_type: AccountType,
    pub profile: Profile,
    pub created_at: i64,
}

pub(super) struct Group {
    pub group_id: String,
    pub group_type: GroupType,
    pub name: String,
    pub introduction: &'static str,
    tongue: Tongue,
    pub created_at: i64,
    /// Places of the accounts and times of joining, the owner first.
    pub members: Vec<(u64, i64)>,
}

pub(super) struct Message<'a> {
    /// Place of the account, and its place among the members, if the group keeps them.
    pub sender: u64,
    pub member: Option<usize>,
    pub text: &'a MessageText,
    pub sent_at: i64,
}

/// The purpose of a chain of random numbers; two chains for one purpose and place would be the same.
#[derive(Clone, Copy)]
enum Purpose {
    Account = 1,
    Group,
    GroupType,
    GroupId,
    Rank,
    Talkative,
    Message,
}

impl Shape {
    pub fn of(request: &Request) -> Result<Self, GenerateError> {
        let parse = |text: &&str| checked("text", MessageText::parse(text));
        let texts = TALK.iter().map(|texts| texts.iter().map(parse).collect()).collect::<Result<_, Error>>()?;
        let mut shape = Self { request: request.clone(), marks: Vec::new(), sizes: Vec::new(), texts };
        let room = request.accounts.min(u64::from(limits::GROUP_MEMBERS));
        let places = (0..request.groups).filter(|&n| shape.group_type(n).keeps_members()).count() as u64;
        if request.memberships > places * room {
            return Err(GenerateError::Memberships { max: places * room });
        }
        if request.messages > 0 && (request.groups == 0 || request.accounts == 0) {
            return Err(GenerateError::Messages);
        }
        shape.sizes = shape.sizes(room as f64);
        Ok(shape)
    }

    /// As many members in each group as its rank among the groups suggests, at most `room`; together as many as requested.
    fn sizes(&self, room: f64) -> Vec<u16> {
        let weight = |n| match self.group_type(n).keeps_members() {
            true => ((self.shuffled(Purpose::Rank, n, self.request.groups) + 1) as f64).powf(-SKEW) as f32,
            false => 0.0,
        };
        let weights: Vec<f32> = (0..self.request.groups).map(weight).collect();
        let wanted = self.request.memberships as f64;
        let size = |weight: f32, scale: f64| (f64::from(weight) * scale).min(room);
        let (mut low, mut high) = (0.0, 1.0);
        let sum = |scale: f64| weights.iter().map(|&weight| size(weight, scale)).sum::<f64>();
        while sum(high) < wanted && high < 1e18 {
            high *= 2.0;
        }
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            if sum(middle) < wanted { low = middle } else { high = middle }
        }
        // The rounding error is carried from group to group, so that the sum is exact.
        let (mut total, mut given) = (0.0, 0_u64);
        let mut sizes: Vec<u16> = weights
            .iter()
            .map(|&weight| {
                total += size(weight, high);
                let here = (total.round() as u64).min(self.request.memberships) - given;
                let here = here.min(room as u64) as u16;
                given += u64::from(here);
                here
            })
            .collect();
        // Members that the limit cuts off go to the first groups that have room.
        for (size, weight) in sizes.iter_mut().zip(&weights) {
            let more = (self.request.memberships - given).min(room as u64 - u64::from(*size));
            if *weight > 0.0 && more > 0 {
                *size += more as u16;
                given += more;
            }
        }
        sizes
    }

    fn random(&self, purpose: Purpose, place: u64) -> StdRng {
        StdRng::seed_from_u64(mix(self.request.seed ^ mix(purpose as u64) ^ place.rotate_left(20)))
    }

    /// A position among `of`, a different one for every input.
    fn shuffled(&self, purpose: Purpose, place: u64, of: u64) -> u64 {
        // A prime larger than every `of`: the two have no common factor.
        const STEP: u128 = 2_305_843_009_213_693_951;
        let offset = mix(self.request.seed ^ mix(purpose as u64));
        ((u128::from(place) * STEP + u128::from(offset)) % u128::from(of.max(1))) as u64
    }

    /// The time of the thing at this position of so many: more and more often over time.
    fn moment(&self, place: u64, of: u64, random: &mut StdRng) -> i64 {
        let after = (place as f64 + random.random::<f64>()) / of.max(1) as f64;
        self.request.until - (SPAN_MS as f64 * (1.0 - after).max(0.0).powf(1.6)) as i64
    }

    pub fn account(&self, place: u64) -> Account {
        let mut random = self.random(Purpose::Account, place);
        let random = &mut random;
        let created_at = self.moment(place, self.request.accounts, random);
        let (username, mut nickname, tongue) = name(place, random);
        for mark in self.marks.iter().filter(|mark| mark.is_at(place)) {
            nickname = format!("{nickname} {}", mark.text).trim_start().to_owned();
        }
        Account {
            username,
            account_type: if place < ADMINS { AccountType::Admin } else { AccountType::General },
            profile: profile(nickname, tongue, &HABITS, random),
            created_at,
        }
    }

    fn joined(&self, account: u64) -> i64 {
        self.moment(account, self.request.accounts, &mut self.random(Purpose::Account, account))
    }

    /// Half of the groups are Work, a third Public, few Meeting, one in fifty audio-video.
    fn group_type(&self, place: u64) -> GroupType {
        match mix(self.request.seed ^ mix(Purpose::GroupType as u64) ^ place) % 100 {
            0..50 => GroupType::Work,
            50..84 => GroupType::Public,
            84..98 => GroupType::Meeting,
            _ => GroupType::AvChatRoom,
        }
    }

    pub fn group(&self, place: u64) -> Group {
        let mut random = self.random(Purpose::Group, place);
        let random = &mut random;
        let until = self.request.until;
        let created_at = self.moment(place, self.request.groups, random);
        let group_type = self.group_type(place);
        let (name, _, tongue, _, introduction) = pick(random, &GROUPS);
        let size = usize::from(self.sizes[place as usize]);
        let crowd = index::sample(random, self.request.accounts as usize, size);
        let mut members: Vec<(u64, i64)> = crowd
            .into_iter()
            .map(|account| {
                let since = created_at.max(self.joined(account as u64));
                (account as u64, (since + random.random_range(0..60 * DAY_MS)).min(until))
            })
            .collect();
        // The account that existed first owns the group; the others joined later.
        members.sort_unstable_by_key(|&(account, joined_at)| (joined_at, account));
        Group {
            group_id: self.group_id(place, group_type),
            group_type,
            name: numbered(name, place),
            introduction,
            tongue,
            created_at,
            members,
        }
    }

    /// An id in the form that the server gives, but none twice.
    fn group_id(&self, place: u64, group_type: GroupType) -> String {
        const CHARS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let mut number = self.shuffled(Purpose::GroupId, place, 36_u64.pow(9));
        let mut id = format!("{}{}", limits::GROUP_ID_PREFIX, group_type.id_mark());
        for _ in 0..9 {
            id.push(char::from(CHARS[(number % 36) as usize]));
            number /= 36;
        }
        id
    }

    /// How many messages the group has in proportion to the others: large groups have more, some very many.
    pub fn talk(&self, place: u64) -> f64 {
        let crowd = if self.group_type(place).keeps_members() { f64::from(self.sizes[place as usize]) } else { 40.0 };
        let talkative: f64 = self.random(Purpose::Talkative, place).random();
        crowd * (0.05 + talkative.powi(4)) + 0.01
    }

    /// So many messages in a group, in order of time; the same for every call.
    pub fn messages(&self, place: u64, group: &Group, count: u64) -> impl Iterator<Item = Message<'_>> {
        let mut random = self.random(Purpose::Message, place);
        let (accounts, until, created_at) = (self.request.accounts, self.request.until, group.created_at);
        // Members of the group in order of joining; those of audio-video groups are not known.
        let crowd: Vec<u64> = group.members.iter().map(|member| member.0).collect();
        let joined: Vec<i64> = group.members.iter().map(|member| member.1).collect();
        let texts = &self.texts[group.tongue];
        (0..count).map(move |n| {
            let after = (n as f64 + random.random::<f64>()) / count as f64;
            let sent_at = created_at + ((until - created_at) as f64 * after) as i64;
            let text = &texts[random.random_range(0..texts.len())];
            // A few members speak often, most seldom, and nobody before joining.
            let place: f64 = random.random::<f64>().powi(3);
            let there = joined.partition_point(|&at| at <= sent_at).max(1).min(crowd.len());
            let member = (there > 0).then(|| ((place * there as f64) as usize).min(there - 1));
            let sender = member.map_or_else(|| random.random_range(0..accounts), |member| crowd[member]);
            Message { sender, member, text, sent_at }
        })
    }
}

/// The finaliser of SplitMix64: neighbouring inputs give unrelated outputs.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Username, nickname, language. The number at the end makes the username unique.
fn name(place: u64, random: &mut StdRng) -> (String, String, Tongue) {
    let tongue = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2][random.random_range(0..10)];
    let (family, given) = match tongue {
        0 => (pick(random, &LATIN_FAMILY), pick(random, &LATIN_GIVEN)),
        1 => (pick(random, &CHINESE_FAMILY), pick(random, &CHINESE_GIVEN)),
        _ => (pick(random, &KOREAN_FAMILY), pick(random, &KOREAN_GIVEN)),
    };
    let number = place + 1;
    let username = match random.random_range(0..4) {
        0 => format!("{}{}{number}", given.0, &family.0[..1]),
        1 => format!("{}_{number}", given.0),
        _ => format!("{}.{}{number}", given.0, family.0),
    };
    let nickname = match (tongue, random.random_range(0..10)) {
        (_, 0) => String::new(),
        (0, 1) => given.1.to_owned(),
        (0, _) => format!("{} {}", given.1, family.1),
        (1, 1) => format!("阿{}", given.1),
        (_, 2) => format!("{}{} ✨", family.1, given.1),
        _ => format!("{}{}", family.1, given.1),
    };
    (username, nickname, tongue)
}

/// The name followed by a number, cut so that both fit.
fn numbered(name: &str, place: u64) -> String {
    let number = format!(" {}", place + 1);
    let mut start = String::new();
    for c in name.chars() {
        if start.len() + c.len_utf8() + number.len() > limits::GROUP_NAME_BYTES {
            break;
        }
        start.push(c);
    }
    start + &number
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn request(accounts: u64, groups: u64, memberships: u64, messages: u64) -> Request {
        let (org, app) = ("o".to_owned(), "a".to_owned());
        Request { org, app, accounts, groups, memberships, messages, seed: 3, until: 1_780_000_000_000 }
    }

    #[test]
    fn sizes_add_up_and_keep_the_limit() {
        for (accounts, groups, memberships) in
            [(10_000, 500, 60_000), (50, 7, 340), (3_000, 40, 70_000), (5, 3, 0), (100_000, 9, 3)]
        {
            let room = accounts.min(2_000);
            let shape = Shape::of(&request(accounts, groups, memberships, 0)).expect("a shape");
            assert_eq!(shape.sizes.iter().map(|&n| u64::from(n)).sum::<u64>(), memberships);
            assert!(shape.sizes.iter().all(|&n| u64::from(n) <= room));
        }
        let shape = Shape::of(&request(100_000, 5_000, 200_000, 0)).expect("a shape");
        let mut sizes = shape.sizes.clone();
        sizes.sort_unstable();
        assert!(sizes[2_500] < 30 && sizes[4_999] == 2_000, "{} {}", sizes[2_500], sizes[4_999]);
        assert!(matches!(Shape::of(&request(10, 2, 100, 0)), Err(GenerateError::Memberships { max }) if max <= 20));
        assert!(matches!(Shape::of(&request(10, 0, 0, 1)), Err(GenerateError::Messages)));
    }

    #[test]
    fn marks_are_on_the_accounts_that_were_asked_for() {
        let mark = |text, first, step, count| Mark { text, first, step, count };
        let marks = vec![mark("neighbours", 40, 1, 20), mark("spread", 5, 10, 9)];
        let shape = Shape { marks, ..Shape::of(&request(100, 0, 0, 0)).expect("a shape") };
        let of = |text| (0..100).filter(|&n| shape.account(n).profile.nickname.ends_with(text)).collect::<Vec<u64>>();
        assert_eq!(of("neighbours"), (40..60).filter(|n| n % 10 != 5).collect::<Vec<_>>(), "two have the other mark behind it");
        assert_eq!(of("spread"), (5..95).step_by(10).collect::<Vec<_>>());
    }

    #[test]
    fn ids_and_names_are_unique_and_keep_their_limits() {
        let shape = Shape::of(&request(20_000, 20_000, 0, 0)).expect("a shape");
        let names: HashSet<String> = (0..20_000).map(|n| shape.account(n).username).collect();
        let ids: HashSet<String> = (0..20_000).map(|n| shape.group(n).group_id).collect();
        assert_eq!((names.len(), ids.len()), (20_000, 20_000));
        assert!(names.iter().all(|name| name.len() <= limits::USERNAME_BYTES));
        for (name, ..) in GROUPS {
            assert!(numbered(name, super::super::MAX_OF_EACH - 1).len() <= limits::GROUP_NAME_BYTES);
        }
    }
}
