#!/bin/bash
# The table, then what only a browser can tell.
set -eu
cd "$(dirname "$0")/.."
. tools/browser.sh

"target/$(rustc --print host-tuple)/release/bench" "$@"
echo
install_node && install_packages && find_chromium
npx --prefix end2end playwright test --config end2end/bench/playwright.config.ts
