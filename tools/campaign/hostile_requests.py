#!/usr/bin/env python3
"""Sends a server hostile requests: odd methods, headers, paths, and bodies that are broken, deep, large or of the wrong
types, with payloads for databases and browsers; to every call of the REST API, every function and page of the console, and beside them.

Fails when the server answers 5xx, a page to a call of the API, nothing, or too late; when it is not alive afterwards, its log says that
something failed, or `roster check` finds something. ROSTER_CAMPAIGN_SEED sends the same requests again.
"""

import collections
import contextlib
import json
import os
import random
import re
import socket
import threading
import time
import urllib.parse

from roster import ROOT, BackEnd, Console, Server, check, run

APP = "demo/chat"
# A later answer counts as none.
PATIENCE_S = 5
SEED = int(os.environ.get("ROSTER_CAMPAIGN_SEED") or random.randrange(10**9))
listed = lambda file, name: set(re.findall(r'"([^"]+)"', re.search(rf"const {name}[^=]*= \[([^\]]*)\]", (ROOT / file).read_text())[1]))
RESERVED, FAMILIES = listed("domain/src/application/rules.rs", "RESERVED_ORGS"), listed("server/src/rest/easemob/path.rs", "FAMILIES")
FUNCTIONS = sorted({f for path in (ROOT / "app/src/functions").glob("*.rs") for f in re.findall(r'endpoint = "([^"]+)"', path.read_text())} - {"session/sign-out"})
PAGES = ["/", "/sign-in", "/setup", "/audit", "/operators", "/me", "/apps/demo/chat/overview", "/apps/demo/chat/groups", "/healthz",
         "/apps/demo/chat/accounts", "/apps/demo/chat/jobs", "/apps/demo/chat/imports", "/apps/demo/chat/exports/x", "/pkg/x", "/api/docs"]
PAYLOADS = ["' OR 1=1 --", "\"; DROP TABLE account; --", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "${jndi:ldap://x}",
            "../../../../etc/passwd", "..", ".", "%00", "%ff%fe", "%252e%252e%252f", "%", "%zz", "\x00", "\r\nX: y", "\u202e\u0000\ufeff", "𝕏" * 40, "名" * 200,
            "a" * 5000, "-1", "0", "99999999999999999999", "1e999", "NaN", "null", "true", "[]", "", " ", "campaign", "owner", "a,b,,c", ",", "@TGS#1", "*", "?"]
KNOWN = {"org": "demo", "app": "chat", "group_id": "campaign", "username": "owner", "file_id": "x"}
# What is there to be reached; sent again and again, because other requests delete it.
MADE = [("users", {"username": "owner", "password": "owner"}),
        ("chatgroups", {"groupname": "campaign", "desc": "", "public": True, "owner": "owner", "groupid": "campaign"})]
METHODS = ["GET"] * 6 + ["POST"] * 6 + ["PUT"] * 3 + ["DELETE"] * 3 + ["HEAD", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "X" * 60]
ACCEPTS = [None, "*/*", "application/json", "text/html,application/xhtml+xml,*/*;q=0.8", "text/event-stream", ";;q=é", "a" * 4000]
KINDS = [None, "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "multipart/form-data", "text/plain",
         "application/json; charset=utf-16", "APPLICATION/JSON;;;", "é/" + "x" * 300]
ODD = [("Host", "evil.example"), ("X-Forwarded-For", "1.2.3.4, ' OR 1"), ("X-Forwarded-Proto", "gopher"), ("Cookie", "roster=" + "A" * 3000), ("Range", "bytes=9-1,0-"),
       ("If-None-Match", "*"), ("Accept-Language", "zh;q=x" * 99), ("Accept-Encoding", "gzip, br, evil"), ("Origin", "null"), ("Referer", "http://[::1"), ("X-" + "y" * 200, "z" * 7000),
       ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-origin"), ("Expect", "100-continue"), ("restrict-access", "maybe"), ("Content-Encoding", "gzip")]


class Maker:
    """Makes one request after the other out of one seed."""
    def __init__(self, seed, document, token, cookie):
        self.random, self.token, self.cookie = random.Random(seed), token, cookie
        self.pick, self.chance = self.random.choice, lambda part: self.random.random() < part
        self.calls = [(path, method.upper()) for path, item in document["paths"].items() for method in item]
        self.fields = sorted({name for schema in document["components"]["schemas"].values() for name in schema.get("properties", {})})

    def value(self, depth=0):
        kind = self.random.randrange(10 if depth < 4 else 6)
        if kind < 6:
            return self.pick([self.pick(PAYLOADS), self.pick(PAYLOADS), self.random.randrange(-5, 10**9), 1.5e300, True, None])
        several = range(self.pick([0, 1, 3, 61, 101] if kind < 8 else [0, 1, 5]))
        return [self.value(depth + 1) for _ in several] if kind < 8 else {self.pick(self.fields): self.value(depth + 1) for _ in several}

    def body(self):
        sent = {name: self.value() for name in self.random.sample(self.fields, self.random.randrange(9))}
        if self.chance(0.6):
            text = json.dumps(sent, ensure_ascii=self.pick([True, False])).encode("utf-8", "replace")
            cut = self.random.randrange(len(text)) if self.chance(0.3) else len(text)
            return text[:cut] + self.pick([b"", b"", b"", b"\xff\xfe", b"\x00", b"}", b",{}"])
        form = urllib.parse.urlencode({name: self.pick(PAYLOADS) for name in sent}).encode()
        parts = b'--B\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s' % (self.pick(PAYLOADS).encode(), b"x" * self.pick([0, 99]))
        deep = self.pick([b"[", b'{"a":', b'{"usernames":[']) * 40000
        return self.pick([b"", b"", form, form, deep, b"\xed\xa0\x80" * 50, b'"' + b"x" * 1200000 + b'"', parts, parts + b"\r\n--B--\r\n", b"\x1f\x8b\x08\x00bad"])

    def segment(self, name):
        if self.chance(0.95 if name in ("org", "app") else 0.7):
            return KNOWN[name]
        return self.pick([lambda text: urllib.parse.quote(text, ""), lambda text: re.sub(r"[\s?#\x00-\x1f]", "%20", text)])(self.pick(PAYLOADS))

    def target(self):
        sort, method = self.random.random(), self.pick(METHODS)
        if sort < 0.6:
            path, known = self.pick(self.calls)
            path, method = re.sub(r"\{(\w+)\}", lambda found: self.segment(found[1]), path), known if self.chance(0.85) else method
        elif sort < 0.75:
            path = "/" + "/".join([APP, *(self.segment("file_id") for _ in range(self.random.randrange(4)))])
        elif sort < 0.87:
            method, path = self.pick(["POST", "POST", "POST", method]), "/_fn/" + self.pick(FUNCTIONS)
        else:
            path = self.pick(PAGES) + self.pick(["", "", "/" + self.segment("username")])
        if self.chance(0.2):
            at = self.random.randrange(len(path) + 1)
            path = path[:at] + self.pick(["/", "//", "///", "/./", "/%2e%2e/", "%2F", "%5c", ";x=1"]) + path[at:]
        if self.chance(0.4):
            names = ["limit", "cursor", "pagenum", "pagesize", "sort", "version", "joined_time", "useMsgId", "q", "dialog", "next", "org"]
            path += "?" + self.pick(["&", ";", ""]).join(f"{self.pick(names)}={urllib.parse.quote(self.pick(PAYLOADS), '')}" for _ in range(self.random.randrange(5)))
        return method, path if path.startswith("/") else "/" + path

    def request(self):
        (method, path), body = self.target(), self.body()
        if self.chance(0.05):
            call, made = self.pick(MADE)
            method, path, body = "POST", f"/{APP}/{call}", json.dumps(made).encode()
        tokens = [f"Bearer {self.token}"] * 20 + ["Bearer", "Bearer " + "x" * 9000, "Bearer é", "Basic YTpi", f"bearer  {self.token} ", None, None]
        headers = [("Accept", self.pick(ACCEPTS)), ("Content-Type", self.pick(KINDS)), ("Authorization", self.pick(tokens))]
        if self.chance(0.4) or path.startswith("/_fn/"):
            headers += [("Cookie", self.cookie), ("Sec-Fetch-Site", "same-origin")]
        headers += self.random.sample(ODD, self.random.randrange(3))
        headers += [] if any(name == "Host" for name, _ in headers) else [("Host", "127.0.0.1")]
        headers, chunked = [(name, value) for name, value in headers if value is not None], self.chance(0.2)
        headers += [("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body))), ("Connection", "close")]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked and body else b"0\r\n\r\n" if chunked else body
        return path, headers, f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("utf-8", "replace") + sent


def is_call(path, headers):
    """Whether a request is the REST API's, by its document's rule."""
    parts = [part for part in path.split("?")[0].split("/") if part]
    if len(parts) < 2 or parts[0] in RESERVED or parts[0].startswith("."):
        return False
    of = lambda wanted: " ".join(value.lower() for name, value in headers if name == wanted)
    told = of("Authorization").startswith("bearer") or of("Content-Type").split(";")[0] == "application/json"
    return told or (len(parts) > 2 and parts[2] in FAMILIES) or "text/html" not in of("Accept")


def ask(port, sent):
    """The head of the answer, read to its end unless it is a stream."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as stream:
        # It may have answered already and read no more.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            stream.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            while piece := stream.recv(65536):
                answer = (answer + piece)[:100000]
                if b"text/event-stream" in answer:
                    break
    return next(head for head in answer.split(b"\r\n\r\n") if not head.startswith(b"HTTP/1.1 1")).decode("latin-1")


def campaign(seconds):
    statuses, faults, lock = collections.Counter(), [], threading.Lock()
    with Server(ROSTER_API_RATE="0", ROSTER_LOG="error") as server:
        console, token = Console(server), BackEnd(server).token
        check(console.sign_in(), "the operator cannot sign in")
        cookie = "; ".join(f"{name}={value}" for name, value in console.cookies.items())
        document = json.loads(server.request("GET", "/api/openapi.json")[2])
        end = time.monotonic() + seconds

        def work(number):
            maker = Maker(SEED + number, document, token, cookie)
            while time.monotonic() < end and len(faults) < 20:
                path, headers, sent = maker.request()
                try:
                    head = ask(server.port, sent)
                except (OSError, StopIteration) as error:
                    head = f"nothing: {error!r}"
                status = head[9:12]
                page = is_call(path, headers) and ("text/html" in head.lower() or status == "303")
                with lock:
                    statuses[status] += 1
                    if not status.isdigit() or status[0] == "5" or page:
                        faults.append(f"{sent[:3000]!r}\n  -> {head!r}")

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"{sum(statuses.values())} requests of ROSTER_CAMPAIGN_SEED={SEED}: {dict(sorted(statuses.items()))}")
        check(not faults, "\n".join(faults))
        check(server.request("GET", "/healthz")[0] == 200, "the server does not live any more")
        server.stop()
        wrong = [line for line in server.told().splitlines() if re.search("panick|a call failed|a request failed", line)]
        check(not wrong, "\n".join(wrong))
        check("no problem" in server.command("check"), "the data folder is damaged")


run(campaign)
