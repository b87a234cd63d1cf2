#!/bin/sh
# The binary to give away: as small and as fast as the tools at hand can make it, in dist/; with the licences of what it is made of.
set -eu
host=$(rustc --print host-tuple)
about_version=0.9.3
about=target/about/bin/cargo-about

echo "2/3 The files for the browser"
"target/$host/release/bundle"
echo "3/3 The server, optimised as a whole (about 8 minutes the first time)"
cargo build --profile dist --package server
mkdir -p dist
echo "Then the licences of the libraries (about 2 minutes, the first time 5)"
if ! "$about" --version 2>/dev/null | grep -qF "$about_version"; then
    cargo install cargo-about --version "$about_version" --locked --quiet --features cli --root target/about --target-dir target/about/build
    rm -rf target/about/build
fi
"$about" generate --config tools/third-party.toml --locked --fail --workspace tools/third-party.hbs >dist/THIRD-PARTY.txt
# And those of the list of passwords, which is no library.
cat store/passwords/LICENSES.txt >>dist/THIRD-PARTY.txt
cp "target/$host/dist/roster" README.md SECURITY.md LICENSE-MIT LICENSE-APACHE dist/
ls -l dist
