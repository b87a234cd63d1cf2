//! The binary `roster`. Everything is in the library of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
