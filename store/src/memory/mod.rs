//! What this process remembers besides the database: state without SQL, one value of each for a [`Store`](crate::Store). The
//! modules that know what it means are above this one.

pub mod apps;
mod rate_limit;
pub mod refusals;
pub mod sessions;
pub mod tokens;
