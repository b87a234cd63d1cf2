//! How much of the server one client may hold, and for how long. All limits of connections are here, and in a table of the README.

use std::time::Duration;

/// A body that is discarded so that its sender gets to read the answer.
#[derive(Debug, Clone)]
pub struct Linger {
    /// At most so many bytes.
    pub bytes: u64,
    /// For so long in all.
    pub at_most: Duration,
    /// Without a byte.
    pub silent_for: Duration,
}

/// What a connection may do. Tests make the times short.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the first byte of a request, or from the connection's beginning, to the end of its headers. A browser sends them at once;
    /// a connection that takes longer for a few kilobytes is dead.
    pub headers_within: Duration,
    /// Between two requests. Longer than the 60 s for which proxies keep theirs, so that the proxies close first.
    pub idle_for: Duration,
    /// A body of which no byte arrives: a form, a call, a file alike. As long as it keeps coming it may take its time.
    pub body_silent_for: Duration,
    /// An answer of which the reader takes nothing, as far as the system reports: it does so about every megabyte. Long, because a laptop
    /// that was asleep continues its download; live streams send something every 15 s, so that a reader who has left is noticed too.
    pub unread_for: Duration,
    /// Connections of one address; a /64 of IPv6 addresses counts as one. A browser needs six, and one for each open page.
    pub of_address: usize,
    /// Connections in all. Each holds [`Self::HEADER_BYTES`] and a stranger's form at most, some 200 kB, so that these are 800 MB in the
    /// worst case.
    pub in_all: usize,
    /// Connections that wait for a slot at a time, beyond those that are open.
    pub waiting: usize,
    /// Connections that are answered at a time that there is no slot; further ones are only closed.
    pub refused: usize,
    /// When there is no free slot: a connection that has been idle for so long is ended; one whose body stalls or trickles after four
    /// times, one whose answer is not taken after eight times that.
    pub grace: Duration,
    pub linger: Linger,
}

impl Limits {
    /// The longest headers, bytes: an address of 64 kB, which is the longest that there can be, and as much for the rest.
    pub const HEADER_BYTES: usize = 128 * 1024;
    /// Below so many bytes a second a client counts as stalled, when there is no free slot.
    pub const SLOW: u64 = 1024;
    const IN_ALL: usize = 4096;

    /// What the database alone may have open, and some reserve.
    const FILES: usize = 64;
    const WAITING: usize = 32;
    const REFUSED: usize = 64;

    /// For a process that may have so many files open: a tenth, and no fewer than [`Self::FILES`], is left to the database and to the
    /// files that are read and written. Those that wait for a slot, or are answered that there is none, have a socket too.
    pub fn for_descriptors(descriptors: usize) -> Self {
        let sockets = descriptors.saturating_sub((descriptors / 10).max(Self::FILES));
        let (waiting, refused) = (Self::WAITING.min(sockets / 8).max(1), Self::REFUSED.min(sockets / 4).max(1));
        let in_all = Self::IN_ALL.min(sockets.saturating_sub(waiting + refused)).max(1);
        Self { in_all, waiting, refused, ..Self::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers_within: Duration::from_secs(15),
            idle_for: Duration::from_secs(75),
            body_silent_for: Duration::from_secs(30),
            unread_for: Duration::from_secs(5 * 60),
            of_address: 100,
            in_all: Self::IN_ALL,
            waiting: Self::WAITING,
            refused: Self::REFUSED,
            grace: Duration::from_millis(250),
            linger: Linger { bytes: 16 * 1024 * 1024, at_most: Duration::from_secs(30), silent_for: Duration::from_secs(5) },
        }
    }
}

/// Raises the number of files that this process may have open to what the system allows it, as other servers do; the number.
#[cfg(unix)]
pub fn raise_descriptors() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
    {
        // Some systems allow less than they say.
        tracing::info!(%error, "the number of open files stays as it was");
    }
    getrlimit(Resource::Nofile).current.map_or(usize::MAX, |number| usize::try_from(number).unwrap_or(usize::MAX))
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn raise_descriptors() -> usize {
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_descriptors_is_left_for_files_whatever_waits_or_is_refused() {
        for (descriptors, files) in [(100, 64), (160, 64), (256, 64), (1024, 102), (4096, 409)] {
            let limits = Limits::for_descriptors(descriptors);
            assert_eq!(descriptors - limits.in_all - limits.waiting - limits.refused, files, "of {descriptors}");
        }
        let most = |descriptors| {
            let limits = Limits::for_descriptors(descriptors);
            [limits.in_all, limits.waiting, limits.refused]
        };
        assert_eq!([most(5), most(usize::MAX)], [[1, 1, 1], [4096, 32, 64]]);
    }
}
