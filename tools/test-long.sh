#!/bin/bash
# What takes long or is random, for before a release: the release build and `make run` itself, every page in every language, width and
# theme, the specs against the release build, campaigns of kills, many more random cases, and the licences and advisories of the
# libraries. Goes on when a part fails. Pictures of every page are in end2end/test-results/pictures afterwards.
cd "$(dirname "$0")/.." || exit 1
. tools/parts.sh
. tools/browser.sh

# How much of each: kills, and thousands of things to do for the jobs that are killed; random sequences of operations on the store; calls
# that are made up for each call of the REST API.
export ROSTER_TEST_KILLS=${ROSTER_TEST_KILLS:-40} ROSTER_TEST_CASES=${ROSTER_TEST_CASES:-400}
export ROSTER_CONTRACT_PHASES=examples,coverage,fuzzing,stateful ROSTER_CONTRACT_EXAMPLES=${ROSTER_CONTRACT_EXAMPLES:-100}

tools_are_there() { install_node && install_packages && find_chromium && tools/contract.sh install; }

chosen() { rust_tests tools/development.sh test --workspace --exclude frontend "$@"; }

part "Preparation" tools/prepare.sh
part "Release build, as \`make run\` makes it" make --no-print-directory server
if part "Tools of the browser tests" tools_are_there; then
    ROSTER_BINARY=$PWD/target/$(rustc --print host-tuple)/release/roster
    export ROSTER_BINARY
    part "\`make run\`, and every page in every language, width and theme" browser_tests --config long/playwright.config.ts
    part "Browser tests of the release build" browser_tests
    part "The REST API keeps to its OpenAPI document, with made-up calls" tools/contract.sh
fi
part "Build for the tests" tools/development.sh server
part "Kills" chosen --test store --test cli -- crash:: kill
part "Random operations" chosen --test store -- model::
part "Licences, sources and advisories of the libraries" tools/deny.sh
finish
