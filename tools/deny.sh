#!/bin/bash
# Whether the libraries keep to `deny.toml`, with cargo-deny, which is compiled once into target/deny. Known vulnerabilities are looked
# up in the RustSec database, where that can be reached; where not, the file that the first argument names gets a remark.
cd "$(dirname "$0")/.." || exit 1
version=0.20.2
deny=target/deny/bin/cargo-deny

if ! "$deny" --version 2>/dev/null | grep -qF "$version"; then
    echo "Compiling cargo-deny $version, once; that takes some minutes."
    cargo install cargo-deny --version "$version" --locked --quiet --root target/deny --target-dir target/deny/build || exit 1
    rm -rf target/deny/build
fi
"$deny" --workspace --all-features check bans licenses sources || exit 1
if message=$("$deny" --workspace --all-features fetch db 2>&1); then
    "$deny" --workspace --all-features check --disable-fetch advisories
elif grep -qiE 'resolve host|could not connect|connection (refused|reset|timed out)|error sending request|timed out|network is unreachable|dns error|proxy' <<<"$message"; then
    remark="The RustSec database cannot be reached: known faults of the libraries were NOT looked up."
    echo "$message"
    echo "$remark"
    [ -z "${1:-}" ] || echo "$remark" >>"$1"
else
    echo "$message"
    exit 1
fi
