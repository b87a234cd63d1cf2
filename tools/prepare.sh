#!/bin/sh
# Makes sure that Rust can compile for the browser. Quick when there is nothing to do.
set -eu

if ! command -v cargo >/dev/null; then
    echo "Rust is missing. Get it from https://rustup.rs and try again." >&2
    exit 1
fi
if ! command -v cc >/dev/null; then
    echo "A C compiler is missing (SQLite is written in C). On Debian: apt-get install build-essential." >&2
    exit 1
fi
if [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
    exit 0
fi
if ! command -v rustup >/dev/null; then
    echo "The target wasm32-unknown-unknown is missing, and there is no rustup to get it. Install it the way Rust was installed." >&2
    exit 1
fi
echo "Getting Rust's WebAssembly target …"
rustup target add wasm32-unknown-unknown
