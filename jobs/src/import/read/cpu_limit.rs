//! The processor time of reading a file. Checked with every piece of the file that is read, so that no content can occupy a
//! thread for longer.

use std::{io, time::Duration};

use domain::limits;
use rustix::time::{ClockId, clock_gettime};

use super::{FileProblem, hidden};

/// Ends reading when it has taken too long. Counts the computing time of one thread, not the time that the thread waits.
#[derive(Clone, Copy)]
pub(super) struct CpuLimit {
    clock: fn() -> Duration,
    end: Duration,
}

impl CpuLimit {
    /// Starts now, with [`limits::IMPORT_PROCESSOR_S`] of the calling thread.
    pub fn start() -> Self {
        Self::with(of_this_thread)
    }

    fn with(clock: fn() -> Duration) -> Self {
        Self { clock, end: clock() + Duration::from_secs(limits::IMPORT_PROCESSOR_S) }
    }

    /// [`FileProblem::TakesTooLong`], hidden in an I/O error, once the time is up.
    pub fn check(self) -> io::Result<()> {
        if (self.clock)() < self.end {
            Ok(())
        } else {
            Err(hidden(FileProblem::TakesTooLong { max_s: limits::IMPORT_PROCESSOR_S }))
        }
    }
}

/// The computing time of the calling thread so far.
fn of_this_thread() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use crate::import::read_error::ReadError;

    use super::*;

    thread_local! {
        static SECONDS: Cell<u64> = const { Cell::new(0) };
    }

    /// A watch for which a second passes with each check.
    pub fn hasty() -> CpuLimit {
        CpuLimit::with(|| {
            SECONDS.set(SECONDS.get() + 1);
            Duration::from_secs(SECONDS.get())
        })
    }

    #[test]
    fn time_is_up_after_a_minute_of_work() {
        let cpu_limit = hasty();
        for second in 1..60 {
            assert!(cpu_limit.check().is_ok(), "{second}");
        }
        let over = cpu_limit.check().map_err(ReadError::from);
        assert!(matches!(over, Err(ReadError::Problem(FileProblem::TakesTooLong { max_s: 60 }))), "{over:?}");
        assert!(CpuLimit::start().check().is_ok());
    }
}
