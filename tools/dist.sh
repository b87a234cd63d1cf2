#!/bin/sh
# The binary to give away: as small and as fast as the tools at hand can make it, in dist/.
set -eu
host=$(rustc --print host-tuple)

echo "2/3 The files for the browser"
"target/$host/release/bundle"
echo "3/3 The server, optimised as a whole (about 8 minutes the first time)"
cargo build --profile dist --package server
mkdir -p dist
cp "target/$host/dist/roster" README.md LICENSE-MIT LICENSE-APACHE dist/
ls -l dist
