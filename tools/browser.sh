# shellcheck shell=bash
# What drives a browser: Node.js, the packages of end2end/, Chromium. Sourced from the root of the project.

as_root_on_debian() { [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; }

node_is_new_enough() { command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }

install_node() {
    node_is_new_enough && return
    if as_root_on_debian && ! command -v node >/dev/null; then
        apt-get update -q && apt-get install -qy --no-install-recommends nodejs npm
        node_is_new_enough && return
    fi
    echo "The browser tests need Node.js 20 or newer with npm; here is $(node --version 2>/dev/null || echo none). Debian 12 has only 18:"
    echo "https://nodejs.org/en/download has newer ones."
    return 1
}

install_packages() {
    # Only when the lockfile has changed since.
    if [ ! -e end2end/node_modules/.package-lock.json ] || [ end2end/package-lock.json -nt end2end/node_modules/.package-lock.json ]; then
        npm --prefix end2end ci --no-audit --no-fund && touch end2end/node_modules/.package-lock.json
    fi
}

# Sets ROSTER_CHROMIUM, unless Playwright's own browser is to be used. The shell without a window is half again as quick as Chromium.
find_chromium() {
    local browser
    if [ -n "${ROSTER_CHROMIUM:-}" ]; then
        [ -x "$ROSTER_CHROMIUM" ] || { echo "ROSTER_CHROMIUM is $ROSTER_CHROMIUM, which cannot be run."; return 1; }
        return
    fi
    if as_root_on_debian; then install_chromium; fi
    for browser in /usr/bin/chromium-headless-shell /usr/bin/chromium; do
        if [ -x "$browser" ]; then
            export ROSTER_CHROMIUM=$browser
            return
        fi
    done
    (cd end2end && npx playwright install --only-shell chromium)
}

# What is not there yet: a browser, and fonts that can draw Chinese and Korean, for pictures of the pages.
install_chromium() {
    local wanted=() package
    [ -x /usr/bin/chromium-headless-shell ] || [ -x /usr/bin/chromium ] || wanted+=(chromium-headless-shell)
    [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || wanted+=(fonts-noto-cjk)
    [ ${#wanted[@]} -eq 0 ] || apt-get update -q
    # One by one: not every Debian has both.
    for package in "${wanted[@]}"; do apt-get install -qy --no-install-recommends "$package"; done
}
