//! What the sample and generated data draw alike.

use domain::account::{AllowType, Gender, Profile};
use rand::{Rng, rngs::StdRng};

use super::{
    people::{PLACES, SIGNATURES},
    talk::Tongue,
};

/// How people fill in their profiles.
pub(crate) struct Habits {
    /// All are born before this year.
    pub born_before: u32,
    /// The share of people who say where they are.
    pub located: f64,
    /// The share of people with a signature.
    pub signed: f64,
}

/// The profile of a person with this nickname. The order of the draws is part of what a seed means.
pub(crate) fn profile(nickname: String, tongue: Tongue, habits: &Habits, random: &mut StdRng) -> Profile {
    Profile {
        nickname,
        gender: pick(random, Gender::ALL),
        birthday: random.random_bool(0.6).then(|| {
            random.random_range(1962..habits.born_before) * 10_000
                + random.random_range(1..=12) * 100
                + random.random_range(1..=28)
        }),
        location: if random.random_bool(habits.located) { pick(random, &PLACES[tongue]).to_owned() } else { String::new() },
        self_signature: if random.random_bool(habits.signed) {
            pick(random, &SIGNATURES[tongue]).to_owned()
        } else {
            String::new()
        },
        allow_type: if random.random_bool(0.8) { AllowType::NeedConfirm } else { pick(random, AllowType::ALL) },
        level: random.random_bool(0.3).then(|| random.random_range(1..=30)),
        ..Profile::default()
    }
}

/// One of them, all equally likely.
pub(crate) fn pick<T: Copy>(random: &mut StdRng, list: &[T]) -> T {
    list[random.random_range(0..list.len())]
}
