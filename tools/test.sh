#!/bin/bash
# What every change has to pass: checks, Rust tests, browser tests with JavaScript and without, the REST API against its document.
# Everything runs on one development build of the server and one of the program for the browser; Clippy reads both as they are compiled.
# Goes on when a part fails. What is long or random is in test-long.sh.
cd "$(dirname "$0")/.." || exit 1
. tools/parts.sh
. tools/browser.sh

# What has to be downloaded is fetched while the compiler works.
get_tools() { install_node && install_packages && find_chromium && tools/contract.sh install; }
get_tools >"$logs/tools" 2>&1 &
getting_tools=$!
tools_are_there() { wait "$getting_tools" || { cat "$logs/tools"; return 1; }; }

part "Preparation" tools/prepare.sh
part "Format" cargo fmt --all --check
# Without a build there is nothing to test; what an earlier one left is something else.
if part "Build for the tests, with Clippy" tools/development.sh server &&
    part "Program for the browser, with Clippy" tools/development.sh browser; then
    part "Rust tests" rust_tests tools/development.sh test
    if part "Tools of the browser tests" tools_are_there; then
        # Once more, for the variable that it sets.
        find_chromium
        part "Types of the browser tests" npx --prefix end2end tsc --project end2end
        part "Browser tests with JavaScript" browser_tests js --project js
        part "Browser tests without JavaScript" browser_tests no-js --project no-js
        part "The REST API keeps to its OpenAPI document" tools/contract.sh
    fi
fi
finish
