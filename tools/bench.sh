#!/bin/bash
# The table, then what only a browser can measure.
set -eu
cd "$(dirname "$0")/.."
. tools/browser.sh
release=$PWD/target/$(rustc --print host-tuple)/release

"$release/bench" "$@"
echo
if install_node && install_packages && find_chromium; then
    ROSTER_BINARY=$release/roster npx --prefix end2end playwright test --config end2end/bench/playwright.config.ts
else
    echo "Without a browser, what only a browser can tell was not measured."
fi
