//! What the REST API and the command line say while nothing can be written. The console says it in each of its languages.

use domain::error::StorageFault;

pub const fn words(fault: StorageFault) -> &'static str {
    match fault {
        StorageFault::Full => "the server's disk is full, nothing can be changed until there is room",
        StorageFault::ReadOnly => "the server's disk cannot be written to, nothing can be changed until it can",
    }
}
