# shellcheck shell=bash
# What drives a browser: Node.js, the packages of end2end/, Chromium. Sourced from the root of the project.

as_root_on_debian() { [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; }

install_node() {
    command -v npm >/dev/null && return
    if as_root_on_debian; then
        apt-get update -q && apt-get install -qy --no-install-recommends nodejs npm
    else
        echo "Node.js 20 or newer with npm is missing; the browser tests need it."
        return 1
    fi
}

install_packages() {
    # Only when the lockfile has changed since.
    if [ ! -e end2end/node_modules/.package-lock.json ] || [ end2end/package-lock.json -nt end2end/node_modules/.package-lock.json ]; then
        npm --prefix end2end ci --no-audit --no-fund && touch end2end/node_modules/.package-lock.json
    fi
}

# Sets ROSTER_CHROMIUM, unless Playwright's own browser is to be used. The shell without a window is half again as quick as Chromium.
find_chromium() {
    local shell=/usr/bin/chromium-headless-shell
    if [ -n "${ROSTER_CHROMIUM:-}" ]; then
        [ -x "$ROSTER_CHROMIUM" ] || { echo "ROSTER_CHROMIUM is $ROSTER_CHROMIUM, which cannot be run."; return 1; }
        return
    fi
    if as_root_on_debian && { [ ! -x $shell ] || ! fonts_for_all; }; then
        apt-get update -q && apt-get install -qy --no-install-recommends chromium-headless-shell fonts-noto-cjk
    fi
    if [ -x $shell ]; then
        export ROSTER_CHROMIUM=$shell
    elif [ -x /usr/bin/chromium ]; then
        export ROSTER_CHROMIUM=/usr/bin/chromium
    else
        (cd end2end && npx playwright install --only-shell chromium)
    fi
}

# Whether Chinese and Korean can be drawn, as pictures of the pages need it.
fonts_for_all() { [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]; }
