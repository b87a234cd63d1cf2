#!/bin/bash
# The development build that all tests run on, in target/<this machine>/debug. Cargo runs Clippy's compiler on the crates of this
# workspace, as `cargo clippy` does; but here it compiles too, so that nothing is compiled a second time only to be checked. (Clippy does
# not promise that for good. Should it ever compile wrongly, leave the two variables out and run `cargo clippy` as well.)
#   development.sh server    the server, its tests and the tools
#   development.sh browser   what the browser loads, in target/site-dev; needs `server`
#   development.sh test …    the Rust tests; needs `browser` once. Words such as `--test operations groups::` choose some; `-p` does not
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings

# Without the crate `frontend`: it would switch on the browser's half of Leptos for the server too.
all=(--workspace --exclude frontend)
command=${1:-}
[ $# -eq 0 ] || shift
case $command in
    server) cargo build "${all[@]}" --all-targets ;;
    browser)
        bundle=target/$(rustc --print host-tuple)/debug/bundle
        [ -x "$bundle" ] || { echo "Run \`tools/development.sh server\` first." >&2; exit 1; }
        "$bundle" --dev
        ;;
    test)
        case " $* " in
            *" -p "* | *" --package"*)
                echo "Choose with --test or a name; a package would be ignored beside --workspace." >&2
                exit 2
                ;;
        esac
        cargo test "${all[@]}" --no-fail-fast "$@"
        ;;
    *)
        sed -n 's/^#   //p' tools/development.sh >&2
        exit 2
        ;;
esac
