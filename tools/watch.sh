#!/bin/sh
# Serves a debug build and builds again whenever a file changes.
set -eu

if ! command -v cargo-leptos >/dev/null; then
    echo "\`make watch\` uses cargo-leptos. Install it with: cargo install cargo-leptos --version 0.3.10 --locked" >&2
    echo "(that takes a while; until then, \`make run\` again after each change)" >&2
    exit 1
fi
# Where cargo puts the server, see .cargo/config.toml.
LEPTOS_BIN_TARGET_TRIPLE=$(rustc --print host-tuple)
export LEPTOS_BIN_TARGET_TRIPLE
exec cargo leptos watch
