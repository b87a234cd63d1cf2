#!/bin/bash
# Whether the libraries keep to `deny.toml`, with cargo-deny, which is compiled once into target/deny. Known faults are looked up in the
# RustSec database, where that can be reached.
cd "$(dirname "$0")/.." || exit 1
version=0.20.2
deny=target/deny/bin/cargo-deny

if ! "$deny" --version 2>/dev/null | grep -qF "$version"; then
    cargo install cargo-deny --version "$version" --locked --quiet --root target/deny --target-dir target/deny/build || exit 1
    rm -rf target/deny/build
fi
"$deny" --workspace --all-features check bans licenses sources || exit 1
if "$deny" fetch db >/dev/null 2>&1; then
    "$deny" --workspace --all-features check advisories
else
    echo "The RustSec database cannot be reached: known faults were NOT looked up."
fi
