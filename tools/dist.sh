#!/bin/sh
# The binary to give away: as small and as fast as the tools at hand can make it, in dist/; with a list of what it is made of, and the
# licences of that.
set -eu
host=$(rustc --print host-tuple)

echo "2/3 The files for the browser"
"target/$host/release/bundle"
echo "3/3 The server, optimised as a whole (about 8 minutes the first time)"
cargo build --profile dist --package server
mkdir -p dist
cp "target/$host/dist/roster" README.md SECURITY.md LICENSE-MIT LICENSE-APACHE dist/
tools/sbom.py dist/roster
# The notices of Rust's own library come with the compiler; not with each distribution's.
cp "$(rustc --print sysroot)/share/doc/rust/COPYRIGHT-library.html" dist/ ||
    echo "The copyright notices of Rust's standard library are missing beside this compiler: get them with the one of rustup." >&2
ls -l dist
