#!/bin/bash
# What every change has to pass: checks, Rust tests, browser tests with JavaScript and without, the REST API against its document.
# Everything runs on one development build of the server and one of the program for the browser; Clippy reads both as they are compiled.
# Goes on when a part fails. What is long or random is in test-long.sh.
cd "$(dirname "$0")/.." || exit 1
. tools/parts.sh
. tools/browser.sh

# What has to be downloaded is fetched while the compiler works.
get_browser_tools() { install_node && install_packages && find_chromium; }
{
    get_browser_tools >"$logs/browser" 2>&1
    echo $? >"$logs/browser.status"
    tools/contract.sh install >"$logs/contract" 2>&1
    echo $? >"$logs/contract.status"
} &
getting_tools=$!
# tools_are_there KIND: waits for them, and prints what was wrong.
tools_are_there() {
    wait "$getting_tools"
    [ "$(cat "$logs/$1.status")" = 0 ] || { cat "$logs/$1"; return 1; }
}

browser_parts=("Types of the browser tests" "Browser tests with JavaScript" "Browser tests without JavaScript")
contract_part="The REST API keeps to its OpenAPI document"

part "Preparation" tools/prepare.sh || { finish; exit 1; }
part "Format" cargo fmt --all --check
part "Imports without rings" tools/rings.py
part "SQL in the store alone" tools/sql.py
part "Licences and versions of the libraries" tools/libraries.py
part "The table of security requirements" tools/asvs.py
# Without a build there is nothing to test; what an earlier one left is something else.
if part "Build for the tests, with Clippy" tools/development.sh server &&
    part "Program for the browser, with Clippy" tools/development.sh browser; then
    part "Rust tests" rust_tests tools/development.sh test
    if part "Tools of the browser tests" tools_are_there browser; then
        # Once more, for the variable that it sets.
        find_chromium
        part "${browser_parts[0]}" npx --prefix end2end tsc --project end2end
        part "${browser_parts[1]}" browser_tests js --project js
        part "${browser_parts[2]}" browser_tests no-js --project no-js
    else
        not_run "${browser_parts[@]}"
    fi
    if part "Tools of the REST check" tools_are_there contract; then
        part "$contract_part" tools/contract.sh
    else
        not_run "$contract_part"
    fi
else
    not_run "Rust tests" "${browser_parts[@]}" "$contract_part"
fi
finish
