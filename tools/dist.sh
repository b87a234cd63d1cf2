#!/bin/sh
# The binary to give away: as small and as fast as the tools at hand can make it, in dist/; with a list of what it is made of, and the
# licences of that.
set -eu
host=$(rustc --print host-tuple)

# The notices of Rust's own library come with the compiler of rustup, not with each distribution's. Without them the binary may not be given
# away, and THIRD-PARTY-NOTICES refers to them.
notices="$(rustc --print sysroot)/share/doc/rust/COPYRIGHT-library.html"
if [ ! -f "$notices" ]; then
    echo "The copyright notices of Rust's standard library are missing beside this compiler ($notices): use the compiler of rustup." >&2
    exit 1
fi

echo "2/3 The files for the browser"
"target/$host/release/bundle"
echo "3/3 The server, optimised as a whole (about 8 minutes the first time)"
cargo build --profile dist --package server
# Nothing of an older version stays beside the new binary.
rm -f dist/roster dist/roster.cdx.json dist/THIRD-PARTY* dist/COPYRIGHT* dist/LICENSE* dist/*.md
mkdir -p dist
cp "target/$host/dist/roster" README.md SECURITY.md LICENSE-MIT LICENSE-APACHE dist/
tools/sbom.py dist/roster
cp "$notices" dist/
ls -l dist
