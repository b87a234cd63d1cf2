#!/usr/bin/env python3
"""Every function of the console, call of the REST API and page, as the sources have them, asked for by every kind of caller: none answers a
caller without the right to it, and callers who may not change anything have changed nothing."""

import collections
import hashlib
import json
import re
import sqlite3
import time
import urllib.parse

from roster import PASSWORD, ROOT, BackEnd, Console, Server, check, run

OPEN_PAGES = {"/sign-in", "/setup"}
MORE_PAGES = {"/operators": "owner", "/audit": "admin", "/audit/archives": "owner", "/apps/demo/chat/imports/1": "admin"}
# What a user with a token of its own may do, see README: of itself, and in its groups.
OF_USERS = {
    "GET users/{username}", "PUT users/{username}", "GET users/{username}/joined_chatgroups", "GET chatgroups/user/{username}",
    *("GET chatgroups/{group_id}" + of for of in ("", "/users", "/announcement", "/share_files", "/share_files/{file_id}")),
    "POST chatgroups/{group_id}/share_files", "DELETE chatgroups/{group_id}/share_files/{file_id}",
}
# What people and back ends own, without traces of use: sessions, tokens, events.
KEPT = ("application", "account", '"group"', "member", "message", "group_listed", "group_file", "api_credential", "setup_link", "job", "import")
# The arguments of the calls, all in one.
BODY = {
    "groupname": "x", "desc": "x", "public": True, "password": "secret word", "nickname": "x", "announcement": "x", "mute_duration": 1000,
    "newpassword": "secret word", "type": "txt", "body": {"msg": "x"}, "target_type": "chatgroups", "msg": {"type": "txt", "msg": "x"},
}
REFUSED = (400, 401, 403, 404, 413, 415, 429)
MAY = {"viewer": {"Read", "Own"}, "admin": {"Read", "Own", "ReadMore", "Write"}, "owner": {"Read", "Own", "ReadMore", "Write", "Owner"}}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def functions():
    """Of walk/functions.rs: name, what it does, which ids it takes, and its other fields."""
    table = (ROOT / "server/tests/http/walk/functions.rs").read_text(encoding="utf-8").partition("const FUNCTIONS")[2].partition("];\n")[0]
    rows = re.findall(r'\(\s*"([\w-]+/[\w-]+)",\s*Kind::(\w+),\s*Ids::(\w+),\s*&\[(.*?)\],?\s*\),\n', table, re.S)
    files = (ROOT / "app/src/functions").glob("*.rs")
    differ = {row[0] for row in rows} ^ {name for file in files for name in re.findall(r'endpoint = "([\w/-]+)"', file.read_text(encoding="utf-8"))}
    check(not differ, f"walk/functions.rs and app/src/functions differ: {differ}")
    return [(name, kind, ids, re.findall(r'\("([^"]+)", "([^"]*)"\)', more)) for name, kind, ids, more in rows]


def calls():
    """Of the OpenAPI document: method, path below the app; what deletes comes last."""
    paths = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))["paths"]
    there = [(method.upper(), path.removeprefix("/{org}/{app}/")) for path, ways in paths.items() for method in ways if method != "parameters"]
    return sorted(there, key=lambda call: call[0] == "DELETE")


def pages(group, account):
    """Of the router."""
    text, below, found = (ROOT / "app/src/lib.rs").read_text(encoding="utf-8"), "", []
    for parent, path in re.findall(r'<(Parent)?Route path=path!\("([^"]*)"\)', text):
        below = path if parent else below
        found += [] if parent else [path if path.startswith("/") else f"{below}/{path}"]
    given = {":org": "demo", ":app": "chat", ":group_id": group, ":tab?": "", ":username": account, ":job": "1", ":list": "accounts", ":import": "1"}
    return ["/".join(urllib.parse.quote(given.get(part, part)) for part in path.split("/")).rstrip("/") or "/" for path in found]


class Attack:
    def __init__(self, server):
        self.server, self.counts, self.made_up = server, collections.Counter(), 0
        self.database = sqlite3.connect(f"file:{server.folder}/roster.db?mode=ro", uri=True)
        self.operators = {name: Console(server) for name in ("nobody", "owner", "admin", "viewer", "disabled")}
        self.owner = self.operators["owner"]
        check(self.owner.sign_in(), "the owner cannot sign in")
        for name, role in {"admin": "admin", "viewer": "viewer", "disabled": "admin"}.items():
            server.command("operator", "add", f"{name}-one", "--role", role, ROSTER_PASSWORD=PASSWORD)
            check(self.operators[name].sign_in(f"{name}-one"), f"{name} cannot sign in")
        server.command("operator", "disable", "disabled-one")
        check(not Console(server).sign_in("disabled-one"), "a disabled operator can sign in")
        status, _, text = self.owner.form("application/create", input__display_name="Other", input__org_name="acme", input__app_name="other")
        check(status == 303, f"no other app: {status} {text}")
        self.back_end, other = BackEnd(server), BackEnd(server, "acme/other")
        self.account, *others = (user["username"] for user in self.made("GET", "users?limit=3")["entities"])
        self.group = self.made("POST", "chatgroups", {**BODY, "owner": self.account, "members": others})["data"]["groupid"]
        self.made("POST", "users", [{"username": f"lonely{n}", "password": "secret word"} for n in range(8)])
        token = lambda grant, **more: self.made("POST", "token", {"grant_type": grant, **more})["access_token"]
        # Several, as the rate of changes of each is limited.
        self.users = [(f"lonely{n}", token("inherit", username=f"lonely{n}")) for n in range(8)]
        keys = dict(line.split("=", 1) for line in server.command("credential", "add", "demo/chat", "reads", "--access", "read").split())
        self.tokens = {
            "made-up token": "YWMt" + "x" * 60, "expired token": token("inherit", username="lonely0", ttl=1), "other app's token": other.token,
            "user's token": self.users[0][1], "read-only token": token("client_credentials", **keys), "app's token": self.back_end.token,
        }
        credential, event = self.rows("SELECT (SELECT max(id) FROM api_credential), (SELECT max(id) FROM event)")[0]
        self.ids = {"Credential": credential, "Event": event, "Job": 1, "Import": 1}
        time.sleep(1.2)  # The short token ends.

    def made(self, method, path, body=None):
        status, answer = self.back_end.call(method, path, body)
        check(status == 200, f"{method} {path}: {status} {answer}")
        return answer

    def rows(self, sql):
        return self.database.execute(sql).fetchall()

    def state(self):
        """Everything that a change could touch, hashed."""
        rows = self.rows("SELECT id, name, role, disabled, password_hash FROM operator ORDER BY id")
        for table in KEPT:
            # When something was used last is no change.
            columns = [f'"{row[1]}"' for row in self.rows(f"PRAGMA table_info({table})") if "last_used" not in row[1]]
            rows += self.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2")
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def seen(self, who, what, status, fine, text=b""):
        self.counts[who, status] += 1
        check(status < 500 and fine, f"{who}: {what} is answered {status} {text[:300]}")

    def function(self, who, row, console, headers=()):
        """One of the console's functions with ids that are there."""
        name, kind, ids, more = row
        group, ids_of = ("group_id", self.group), lambda thing: ("ids[]", thing)
        fields = list(more) + ([] if ids == "None" else [("org", "demo"), ("app", "chat")]) + {
            "Group": [group], "Groups": [ids_of(self.group)], "Account": [("username", self.account)], "Accounts": [ids_of(self.account)],
            "Members": [group, ("usernames", self.account), ids_of(self.account)], "GroupAndAll": [group, ("matching[all]", "1")],
        }.get(ids, [("id", self.ids[ids])] if ids in self.ids else [])
        return console.request("POST", f"/_fn/{name}", urllib.parse.urlencode(fields), {**FORM, **dict(headers)})

    def console(self, who, table, headers=()):
        """`who` is an operator, or has no session but what is valid elsewhere."""
        console = self.operators.get(who) or Console(self.server)
        for row in table:
            status, _, text = self.function(who, row, console, headers)
            refused = status in ((403, 404) if who in MAY else (401,))
            fine = status not in (401, 403) if row[1] in MAY.get(who, ()) else refused or row[1] == "Open"
            self.seen(who, f"{row[0]} ({row[1]})", status, fine, text)

    def pages(self, who, headers=()):
        ranks, console = list(MAY), self.operators.get(who) or Console(self.server)
        for path in pages(self.group, self.account):
            status, fields, text = console.request("GET", path, None, headers)
            led_away = status == 303 and fields["Location"].startswith("/sign-in")
            may = ranks.index(who) >= ranks.index(MORE_PAGES.get(path, "viewer")) if who in ranks else False
            fine = (not led_away and (status != 403) == may) if who in ranks else led_away
            self.seen(who, path, status, fine or path in OPEN_PAGES, text)

    def rest(self, who, token, cookies=None):
        changes = 0
        for method, path in calls():
            changes += 2 * (method != "GET")
            own, token = self.users[changes // 16 % len(self.users)] if who == "user's token" else ("lonely0", token)
            # Of another user, in a group of others; and of itself, which only a user has.
            for account in (self.account, own):
                filled = path.format(group_id=urllib.parse.quote(self.group), username=account, file_id="no-file")
                self.made_up += 1
                ours = {"owner": account, "usernames": [account], "newadmin": account, "from": account, "to": [self.group], "target": [self.group]}
                body = {"grant_type": "password", "username": "x", "password": "x"} if path == "token" else {**BODY, **ours, "username": f"new{self.made_up}"}
                headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}), **(cookies or {})}
                status, _, text = self.server.request(method, f"/demo/chat/{filled}", None if method == "GET" else json.dumps(body), headers)
                may = {
                    "app's token": status != 401 or path == "token",
                    "read-only token": method == "GET" or path == "users/batch/status",
                    "user's token": f"{method} {path}" in OF_USERS and account == own,
                }.get(who, False)
                self.seen(who, f"{method} {filled}", status, may or (who != "app's token" and status in REFUSED), text)


def campaign(seconds):
    with Server(ROSTER_API_RATE="0") as server:
        # Signing out would end the session of the request.
        attack, table, ended = Attack(server), [row for row in functions() if row[0] != "session/sign-out"], time.monotonic() + seconds
        changes = [row for row in table if row[1] not in ("Open", "Own", "Read")]
        before, rounds = attack.state(), 0
        while not rounds or time.monotonic() < ended - seconds / 3:
            rounds += 1
            for who in ("nobody", "disabled", "viewer"):
                # Constant attempts to sign in only meet the rate limit.
                attack.console(who, table if rounds == 1 else [row for row in table if row[1] != "Open"])
                attack.pages(who)
                check(attack.state() == before, f"{who} has changed something by the console")
            for row in changes:
                status, _, text = attack.function("owner", row, attack.owner, {"Origin": "https://other.example"})
                attack.seen("owner, from another site", row[0], status, status == 403, text)
            for who, token in attack.tokens.items():
                attack.console(who, changes, {"Authorization": f"Bearer {token}"})
                attack.pages(who, {"Authorization": f"Bearer {token}"})
            attack.rest("nobody", None)
            attack.rest("owner's session", None, {"Cookie": "; ".join("=".join(cookie) for cookie in attack.owner.cookies.items())})
            for who in ("made-up token", "expired token", "other app's token", "read-only token"):
                attack.rest(who, attack.tokens[who])
                check(attack.state() == before, f"{who} has changed something by REST")
            # They rename themselves.
            attack.rest("user's token", None)
            before = attack.state()
        # The permitted ones last: they change what the others asked for.
        attack.rest("app's token", attack.back_end.token)
        for who in ("admin", "owner"):
            attack.pages(who)
            attack.console(who, table)
        for who in sorted({who for who, _ in attack.counts}):
            print(f"  {who}: " + ", ".join(f"{status} {number}" for (name, status), number in sorted(attack.counts.items()) if name == who))
        print(f"{attack.counts.total()} requests in {rounds} rounds; nobody got what they may not have, and nobody changed what they may not change")
        check(attack.counts.total() > 1000, "that is too few")


run(campaign)
