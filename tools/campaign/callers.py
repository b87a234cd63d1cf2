#!/usr/bin/env python3
"""Every function of the console, every call of the REST API and every page, asked for by everybody there can be: none answers who may not
have it, and nobody who may change nothing has changed anything.

What there is to ask for is read from the sources: a function, call or page that is added is asked for by itself."""

import collections
import hashlib
import json
import re
import sqlite3
import subprocess
import time
import urllib.parse

from roster import ENVIRONMENT, PASSWORD, ROOT, BackEnd, Console, Server, binary, check, run

# They would end the session that asks.
LEFT_OUT = {"session/sign-out"}
OPEN_PAGES = {"/sign-in", "/setup"}
MORE_PAGES = {"/operators": "owner", "/audit": "admin", "/audit/archives": "owner", "/apps/demo/chat/imports/1": "admin"}
# What a user with a token of its own may do, see README: of itself, and in its groups.
OF_USERS = {
    ("GET", "users/{username}"), ("PUT", "users/{username}"), ("GET", "users/{username}/joined_chatgroups"), ("GET", "chatgroups/user/{username}"), ("GET", "chatgroups/{group_id}"),
    ("GET", "chatgroups/{group_id}/users"), ("GET", "chatgroups/{group_id}/announcement"), ("GET", "chatgroups/{group_id}/share_files"),
    ("POST", "chatgroups/{group_id}/share_files"), ("GET", "chatgroups/{group_id}/share_files/{file_id}"),
    ("DELETE", "chatgroups/{group_id}/share_files/{file_id}"),
}
# What people and back ends have, without what only tells of use: sessions, tokens, events.
KEPT = ("application", "account", '"group"', "member", "message", "group_listed", "group_file", "api_credential", "setup_link", "job", "import")
# What the calls take, all in one; and a secret of nobody.
BODY = {
    "groupname": "x", "desc": "x", "public": True, "password": "secret word", "nickname": "x", "announcement": "x", "mute_duration": 1000,
    "newpassword": "secret word", "type": "txt", "body": {"msg": "x"}, "target_type": "chatgroups", "msg": {"type": "txt", "msg": "x"},
}
STRANGER = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "x"}
MAY = {"viewer": {"Read", "Own"}, "admin": {"Read", "Own", "ReadMore", "Write"}, "owner": {"Read", "Own", "ReadMore", "Write", "Owner"}}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def functions():
    """Of walk.rs: name, what it does, which ids it takes, and its other fields."""
    text = (ROOT / "server/tests/http/walk.rs").read_text(encoding="utf-8")
    table = text[text.index("const FUNCTIONS") : text.index("type Fields")]
    rows = re.findall(r'\(\s*"([\w-]+/[\w-]+)",\s*Kind::(\w+),\s*Ids::(\w+),\s*&\[(.*?)\],?\s*\),\n', table, re.S)
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "app/src/functions").glob("*.rs"))
    there = set(re.findall(r'endpoint = "([\w/-]+)"', sources))
    check(there == {row[0] for row in rows}, f"walk.rs and app/src/functions differ: {there ^ {row[0] for row in rows}}")
    return [(name, kind, ids, re.findall(r'\("([^"]+)", "([^"]*)"\)', more)) for name, kind, ids, more in rows]


def calls():
    """Of the OpenAPI document: method, path below the app."""
    paths = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))["paths"]
    return [(method.upper(), path.removeprefix("/{org}/{app}/")) for path, ways in paths.items() for method in ways if method != "parameters"]


def pages(group, account):
    """Of the router."""
    text, below, found = (ROOT / "app/src/lib.rs").read_text(encoding="utf-8"), "", []
    for line in text.splitlines():
        route = re.search(r'<(ParentRoute|Route) path=path!\("([^"]*)"\)', line)
        if route and route[1] == "ParentRoute":
            below = route[2]
        elif route:
            found.append(route[2] if route[2].startswith("/") else f"{below}/{route[2]}")
    given = {":org": "demo", ":app": "chat", ":group_id": group, ":tab?": "", ":username": account, ":job": "1", ":list": "accounts", ":import": "1"}
    return ["/".join(urllib.parse.quote(given.get(part, part)) for part in path.split("/")).rstrip("/") or "/" for path in found]


class Attack:
    def __init__(self, server):
        self.server, self.counts, self.made_up = server, collections.Counter(), 0
        self.owner = Console(server)
        check(self.owner.sign_in(), "the owner cannot sign in")
        self.operators = {"nobody": Console(server), "owner": self.owner}
        for name, role in (("admin", "admin"), ("viewer", "viewer"), ("disabled", "admin")):
            self.command("operator", "add", f"{name}-one", "--role", role)
            self.operators[name] = Console(server)
            check(self.operators[name].sign_in(f"{name}-one"), f"{name} cannot sign in")
        self.command("operator", "disable", "disabled-one")
        check(not Console(server).sign_in("disabled-one"), "a disabled operator can sign in")
        status, _, text = self.owner.form("application/create", input__display_name="Other", input__org_name="acme", input__app_name="other")
        check(status == 303, f"no other app: {status} {text}")
        self.back_end, other = BackEnd(server), BackEnd(server, "acme/other")
        users = [user["username"] for user in self.back_end.call("GET", "users?limit=20")[1]["entities"]]
        self.account = users[0]
        self.group = self.made("chatgroups", {"groupname": "g", "desc": "", "public": True, "owner": users[0], "members": users[1:3]})["groupid"]
        # Several, as each may only change so much at once.
        self.users = [(f"lonely{n}", self.user(f"lonely{n}")) for n in range(8)]
        expired = self.token({"grant_type": "inherit", "username": "lonely0", "ttl": 1})
        self.tokens = {"made-up token": "YWMt" + "x" * 60, "expired token": expired, "other app's token": other.token, "user's token": self.users[0][1]}
        keys = dict(line.split("=", 1) for line in server.command("credential", "add", "demo/chat", "reads", "--access", "read").split())
        self.tokens["read-only token"] = self.token({"grant_type": "client_credentials", **keys})
        self.tokens["app's token"] = self.back_end.token
        # The credential and events that the functions are about, and when the short token ends.
        database = sqlite3.connect(f"file:{server.folder}/roster.db?mode=ro", uri=True)
        one = lambda sql: database.execute(sql).fetchone()[0]
        self.ids = {"Credential": one("SELECT max(id) FROM api_credential WHERE name = 'reads'"), "Event": one("SELECT max(id) FROM event"), "Job": 1, "Import": 1}
        time.sleep(1.2)

    def made(self, path, body):
        status, answer = self.back_end.call("POST", path, body)
        check(status == 200, f"POST {path}: {status} {answer}")
        return answer["data"] if "data" in answer else answer["entities"][0]

    def user(self, name):
        self.made("users", {"username": name, "password": "secret word"})
        return self.token({"grant_type": "inherit", "username": name})

    def token(self, body):
        status, answer = self.back_end.call("POST", "token", body)
        check(status == 200, f"no token: {status} {answer}")
        return answer["access_token"]

    def command(self, *words):
        environment = {**ENVIRONMENT, "ROSTER_PASSWORD": PASSWORD}
        subprocess.run([binary(), *words, "--data", str(self.server.folder)], check=True, capture_output=True, env=environment, cwd=ROOT)

    def state(self):
        """Everything that a change could touch, hashed."""
        rows = []
        with sqlite3.connect(f"file:{self.server.folder}/roster.db?mode=ro", uri=True) as database:
            for table in KEPT:
                # When something was used last is no change.
                columns = [f'"{row[1]}"' for row in database.execute(f"PRAGMA table_info({table})") if "last_used" not in row[1]]
                rows.append(database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2").fetchall())
            rows.append(database.execute("SELECT id, name, role, disabled, password_hash FROM operator ORDER BY id").fetchall())
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def seen(self, who, what, status, fine, text=b""):
        self.counts[who, status] += 1
        check(status < 500 and fine, f"{who}: {what} is answered {status} {text[:300]}")

    def function(self, who, row, console, headers=()):
        """One of the console's functions with ids that are there."""
        name, kind, ids, more = row
        fields = list(more) + ([] if ids == "None" else [("org", "demo"), ("app", "chat")])
        if ids in ("Group", "Members", "GroupAndAll"):
            fields.append(("group_id", self.group))
        fields += {"Groups": [("ids[]", self.group)], "Account": [("username", self.account)], "Accounts": [("ids[]", self.account)]}.get(ids, [])
        fields += {"Members": [("usernames", self.account), ("ids[]", self.account)], "GroupAndAll": [("matching[all]", "1")]}.get(ids, [])
        fields += [("id", self.ids[ids])] if ids in self.ids else []
        return console.request("POST", f"/_fn/{name}", urllib.parse.urlencode(fields), {**FORM, **dict(headers)})

    def console(self, who, table, headers=()):
        """`who` is an operator, or comes without a session and with what is good elsewhere."""
        console = self.operators.get(who) or Console(self.server)
        for row in table:
            status, _, text = self.function(who, row, console, headers)
            if row[1] in MAY.get(who, ()):
                fine = status not in (401, 403)
            else:
                fine = row[1] == "Open" or status in ((403, 404) if who in MAY else (401,))
            self.seen(who, f"{row[0]} ({row[1]})", status, fine, text)

    def pages(self, who, headers=()):
        ranks = list(MAY)
        console = self.operators.get(who) or Console(self.server)
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
            # Of somebody else, in a group of others; and of itself, which only a user has.
            for account in (self.account, own):
                filled = path.format(group_id=urllib.parse.quote(self.group), username=account, file_id="no-file")
                self.made_up += 1
                body = {**BODY, "owner": account, "usernames": [account], "newadmin": account, "from": account, "to": [self.group],
                        "target": [self.group], "username": f"new{self.made_up}"}
                body = STRANGER if path == "token" else body
                headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}), **(cookies or {})}
                status, _, text = self.server.request(method, f"/demo/chat/{filled}", None if method == "GET" else json.dumps(body), headers)
                fine = status in (400, 401, 403, 404, 413, 415, 429)
                if who == "app's token":
                    fine = status != 401 or path == "token"
                elif who == "read-only token":
                    fine = fine or method == "GET" or path == "users/batch/status"
                elif who == "user's token":
                    fine = fine or ((method, path) in OF_USERS and account == own)
                self.seen(who, f"{method} {filled}", status, fine, text)


def campaign(seconds):
    with Server(ROSTER_API_RATE="0") as server:
        attack, table, ended = Attack(server), [row for row in functions() if row[0] not in LEFT_OUT], time.monotonic() + seconds
        changes = [row for row in table if row[1] not in ("Open", "Own", "Read")]
        before, rounds = attack.state(), 0
        while not rounds or time.monotonic() < ended - seconds / 3:
            rounds += 1
            for who in ("nobody", "disabled", "viewer"):
                # Whoever tries to sign in all the time only meets the brake.
                attack.console(who, table if rounds == 1 else [row for row in table if row[1] != "Open"])
                attack.pages(who)
                check(attack.state() == before, f"{who} has changed something by the console")
            for row in changes:
                status, _, text = attack.function("owner", row, attack.owner, {"Origin": "https://other.example"})
                attack.seen("owner, from another site", row[0], status, status == 403, text)
            for who, token in attack.tokens.items():
                bearer = {"Authorization": f"Bearer {token}"}
                attack.console(who, changes, bearer)
                attack.pages(who, bearer)
            attack.rest("nobody", None)
            attack.rest("owner's session", None, {"Cookie": "; ".join("=".join(cookie) for cookie in attack.owner.cookies.items())})
            for who in ("made-up token", "expired token", "other app's token", "read-only token"):
                attack.rest(who, attack.tokens[who])
                check(attack.state() == before, f"{who} has changed something by REST")
            # They rename themselves.
            attack.rest("user's token", None)
            before = attack.state()
        # Those who may, last: they change what the others asked for.
        attack.pages("admin")
        attack.pages("owner")
        attack.rest("app's token", attack.back_end.token)
        attack.console("admin", table)
        attack.console("owner", table)
        for who in sorted({who for who, _ in attack.counts}):
            print(f"  {who}: " + ", ".join(f"{status} {number}" for (name, status), number in sorted(attack.counts.items()) if name == who))
        total = sum(attack.counts.values())
        print(f"{total} requests in {rounds} rounds; nobody got what they may not have, and nobody changed what they may not change")
        check(total > 1000, "that is too few")


run(campaign)
