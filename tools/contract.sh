#!/bin/bash
# Sends the REST API what its OpenAPI document allows and what it does not, and sees whether the answers keep to the document and none is
# a fault of the server. The data are the sample app's, in a folder that is thrown away. Needs a build of the server: ROSTER_BINARY says
# which. `contract.sh install` only gets what it needs. ROSTER_CONTRACT_PHASES, ROSTER_CONTRACT_EXAMPLES and
# ROSTER_CONTRACT_SEED: what is tried, and how much.
cd "$(dirname "$0")/.." || exit 1
. tools/browser.sh

# What a person has set would change what is tested.
unset ROSTER_DEMO ROSTER_PUBLIC_URL ROSTER_TRUSTED_PROXY ROSTER_LOG ROSTER_DATA ROSTER_PASSWORD

venv=target/contract
port=${ROSTER_CONTRACT_PORT:-4390}
data=$(mktemp -d)
server=
finish() {
    [ -n "$server" ] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
    rm -rf "$data"
}
trap finish EXIT

install() {
    if ! python3 -m venv --help >/dev/null 2>&1 || ! python3 -c 'import ensurepip' 2>/dev/null; then
        as_root_on_debian || { echo "Python 3 with venv is missing; it checks the REST API."; return 1; }
        apt-get update -q && apt-get install -qy --no-install-recommends python3-venv || return 1
    fi
    # Only when the list has changed since.
    if [ ! -e "$venv/installed" ] || ! cmp -s tools/contract.txt "$venv/installed"; then
        python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r tools/contract.txt &&
            cp tools/contract.txt "$venv/installed"
    fi
}

install || exit 1
[ "${1:-}" = install ] && exit 0
binary=${ROSTER_BINARY:-target/$(rustc --print host-tuple)/debug/roster}
roster() { "$binary" --data "$data" "$@"; }
ROSTER_ADMIN_PASSWORD='only for this test' ROSTER_LISTEN=127.0.0.1:$port ROSTER_API_RATE=0 "$binary" --data "$data" serve >"$data/log" 2>&1 &
server=$!
app=demo/chat
secret=
for _ in $(seq 100); do
    # The sample app is made at the first start.
    secret=$(roster credential add "$app" contract 2>/dev/null) && break
    sleep 0.1
done
token=$(python3 - "http://127.0.0.1:$port/$app/token" $secret <<'PYTHON'
import json, sys, urllib.request
url, *secret = sys.argv[1:]
body = {"grant_type": "client_credentials", **dict(line.split("=", 1) for line in secret)}
def call(path, body, token=""):
    request = urllib.request.Request(url.replace("/token", path), json.dumps(body).encode(), {"Authorization": f"Bearer {token}"})
    return json.load(urllib.request.urlopen(request))

token = call("/token", body)["access_token"]
for name in ("owner", "contract"):
    call("/users", {"username": name, "password": name}, token)
group = {"groupname": "contract", "desc": "", "public": True, "owner": "owner", "members": ["contract"], "groupid": "contract"}
call("/chatgroups", group, token)
print(token)
PYTHON
)
[ -n "$token" ] || { echo "There is no token."; cat "$data/log"; exit 1; }

root=$PWD
# It writes its findings into its working folder, so it runs in a temporary one.
cd "$data" || exit 1
"$root/$venv/bin/schemathesis" --config-file "$root/tools/contract.toml" run "http://127.0.0.1:$port/api/openapi.json" \
    --header "Authorization: Bearer $token" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases "${ROSTER_CONTRACT_PHASES:-examples,coverage,fuzzing}" --max-examples "${ROSTER_CONTRACT_EXAMPLES:-20}" --seed "${ROSTER_CONTRACT_SEED:-1}" --no-shrink --request-timeout 20
status=$?
grep -iE 'panic|ERROR' "$data/log" && status=1
exit $status
