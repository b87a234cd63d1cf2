#!/bin/bash
# What takes long or is random, for before a release: the release build and `make run` itself, every page in every language, width and
# theme, the specs against the release build, campaigns of kills, many more random cases, and the licences and advisories of the
# libraries. Goes on when a part fails. Pictures of every page are in end2end/pictures afterwards. No substitute for test.sh.
cd "$(dirname "$0")/.." || exit 1
. tools/parts.sh
. tools/browser.sh

# How much of each: kills, and thousands of things to do for the jobs that are killed; random sequences of operations on the store;
# generated calls for each call of the REST API, different in each run.
export ROSTER_TEST_KILLS=${ROSTER_TEST_KILLS:-40} ROSTER_TEST_CASES=${ROSTER_TEST_CASES:-400}
export ROSTER_CONTRACT_PHASES=examples,coverage,fuzzing,stateful ROSTER_CONTRACT_EXAMPLES=${ROSTER_CONTRACT_EXAMPLES:-100}
export ROSTER_CONTRACT_SEED=${ROSTER_CONTRACT_SEED:-$RANDOM}
echo "The calls are those of ROSTER_CONTRACT_SEED=$ROSTER_CONTRACT_SEED." >>"$logs/remarks"
# What a person has set would change what is tested.
unset ROSTER_ADMIN_PASSWORD ROSTER_PUBLIC_URL ROSTER_TRUSTED_PROXY ROSTER_DEMO ROSTER_DATA ROSTER_LOG
rm -rf end2end/pictures

tools_are_there() { install_node && install_packages && find_chromium && tools/contract.sh install; }

part "Preparation" tools/prepare.sh
if part "Release build, as \`make run\` makes it" make --no-print-directory server &&
    part "Tools of the browser tests" tools_are_there; then
    ROSTER_BINARY=$PWD/target/$(rustc --print host-tuple)/release/roster
    export ROSTER_BINARY
    part "\`make run\`, and every page in every language, width and theme" browser_tests long --config long/playwright.config.ts
    part "Browser tests of the release build" browser_tests release
    part "The REST API keeps to its OpenAPI document, with made-up calls" tools/contract.sh
    part "Attack: hostile workbooks" env ROSTER_TEST_ROWS=1000000 tools/campaign/sheets.py --seconds 60
    part "Attack: connections that stall" tools/campaign/stalled.py --seconds 60
    part "Attack: requests that nobody means well" tools/campaign/hostile_requests.py --seconds 60
    part "Attack: users and strangers who want to fill the disk" tools/campaign/quotas.py --seconds 60
    part "Attack: everything asked for by everybody" tools/campaign/callers.py --seconds 60
    part "Attack: kills while backing up and restoring under load" tools/campaign/backups.py --seconds 60
    part "Attack: a disk that is full" env ROSTER_REMARKS="$logs/remarks" tools/campaign/disk.py --seconds 60
fi
if part "Build for the tests" tools/development.sh server; then
    part "Kills" rust_tests tools/development.sh test --test operations --test cli -- crash:: kill
    part "Random operations" rust_tests tools/development.sh test --test operations -- the_store_and_the_model_agree
    part "Workbooks that chance has broken" rust_tests tools/development.sh test --lib -- broken_workbooks_are_read_or_refused
fi
part "Documentation, with every link in it" env RUSTDOCFLAGS="-Dwarnings -Arustdoc::private_intra_doc_links" \
    cargo doc --no-deps --document-private-items -p domain -p store -p jobs -p sample -p words -p app -p server
part "What the binary is made of, with every licence text" tools/sbom.py
part "Licences, sources and advisories of the libraries" tools/deny.sh "$logs/remarks"
finish
