#!/bin/bash
# All checks and tests. Goes on when a part fails, and ends with one line: N passed, N failed. A check or build that fails
# counts as one failure; the numbers are otherwise those of the Rust tests and of the browser tests.
cd "$(dirname "$0")/.." || exit 1
. tools/browser.sh

passed=0
failed=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

part() { printf '\n== %s\n' "$1"; }

# check NAME COMMAND…: a failure counts as one.
check() {
    part "$1"
    shift
    if ! "$@"; then
        echo "FAILED: $*"
        failed=$((failed + 1))
        return 1
    fi
}

rust_tests() {
    part "Rust tests"
    # Without the crate `frontend`: it would switch on the browser's half of Leptos for the server too.
    cargo test --workspace --exclude frontend --no-fail-fast 2>&1 | tee "$logs/rust"
    local status=${PIPESTATUS[0]} ok bad
    ok=$(sed -n 's/^test result: .* \([0-9]*\) passed; .*/\1/p' "$logs/rust" | paste -sd+ | sum_of)
    bad=$(sed -n 's/^test result: .* \([0-9]*\) failed; .*/\1/p' "$logs/rust" | paste -sd+ | sum_of)
    # It did not compile, or a test ended the whole process.
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    passed=$((passed + ok))
    failed=$((failed + bad))
}

# Adds up a line such as 1+2+3; nothing is zero.
sum_of() {
    local terms
    read -r terms
    echo $((${terms:-0}))
}

browser_tests() {
    part "Browser tests"
    local report="$logs/report.json"
    (cd end2end && PLAYWRIGHT_JSON_OUTPUT_NAME="$report" npx playwright test)
    local status=$? ok=0 bad=0
    if [ -s "$report" ]; then
        read -r ok bad < <(node -e '
            const { expected, flaky, unexpected } = JSON.parse(require("node:fs").readFileSync(process.argv[1])).stats;
            console.log(expected + flaky, unexpected);' "$report")
    fi
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    passed=$((passed + ok))
    failed=$((failed + bad))
}

check "Preparation" tools/prepare.sh
check "Format" cargo fmt --all --check
check "Clippy: server" cargo clippy --workspace --exclude frontend --all-targets -- -D warnings
check "Clippy: browser" cargo clippy --package frontend --target wasm32-unknown-unknown -- -D warnings
rust_tests
# Whether it runs, on little data; it judges nothing.
check "Benchmark" cargo run --quiet --package bench -- --small

if check "The release build that \`make run\` uses" make --no-print-directory server &&
    check "Node.js" install_node && check "Packages of the browser tests" install_packages && check "Chromium" find_chromium; then
    check "Types of the browser tests" npx --prefix end2end tsc --project end2end
    browser_tests
    check "The REST API keeps to its OpenAPI document" tools/contract.sh
fi

printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
