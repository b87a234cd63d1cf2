#!/usr/bin/env python3
"""What is kept forever stays within the limits that README documents.

A user with a token of its own changes its nickname and shares files as fast as it can, and strangers sign in with made-up names from the
many networks of one /48."""

import collections
import math
import pathlib
import random
import sqlite3
import threading
import time

from roster import BackEnd, Console, Server, check, run

# As documented: so many at once, and one more after so many seconds.
WRITES, FILES, STRANGERS = (20, 1), (20, 60), (300, 2)
# Changes of oneself become one event after so many seconds; the first is an event at once.
WINDOW = 600
FILE_BYTES, QUOTA = 1_000_000, 12 * 1024 * 1024
SEED = 1


def most(limit, seconds):
    burst, every = limit
    return burst + math.ceil(seconds / every) + 1


def attack(server, own, group, until, seen):
    dice = random.Random(SEED)

    def nicknames():
        while time.monotonic() < until:
            n = seen["nicknames"] = seen["nicknames"] + 1
            seen["nicknames", own.call("PUT", "users/attacker", {"nickname": f"n{n}"})[0]] += 1

    def files():
        while time.monotonic() < until:
            n = seen["files"] = seen["files"] + 1
            content = n.to_bytes(8, "big") * (FILE_BYTES // 8)
            form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + content + b"\r\n--x--\r\n"
            headers = {"Authorization": f"Bearer {own.token}", "Content-Type": "multipart/form-data; boundary=x"}
            try:
                status = server.request("POST", f"/demo/chat/chatgroups/{group}/share_files", form, headers, 60)[0]
            except ConnectionError:
                # Refused before it was sent.
                status = "cut off"
            seen["files", status] += 1

    def strangers():
        while time.monotonic() < until:
            seen["strangers"] += 1
            stranger = Console(server, f"2001:db8:7:{dice.randrange(65536):x}::1")
            seen["strangers", stranger.form("session/sign-in", 60, name=f"x{dice.randrange(10**9)}", password="wrong wrong")[0]] += 1

    failed = []

    def guarded(work):
        try:
            work()
        except Exception as error:  # told below, by the main thread
            failed.append(f"{work.__name__}: {error!r}")

    threads = [threading.Thread(target=guarded, args=(work,)) for work in (nicknames, files, strangers, strangers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(not failed, "; ".join(failed))


def campaign(seconds):
    with Server(ROSTER_API_RATE="0", ROSTER_TRUSTED_PROXY="127.0.0.1", ROSTER_MIN_FREE="0") as server:
        owner, back_end = Console(server), BackEnd(server)
        check(owner.sign_in(), "the owner cannot sign in")
        for name in ("attacker", "keeper"):
            status, answer = back_end.call("POST", "users", {"username": name, "password": "secret word"})
            check(status == 200, f"no user: {status} {answer}")
        body = {"groupname": "g", "desc": "", "public": True, "owner": "keeper", "members": ["attacker"]}
        status, answer = back_end.call("POST", "chatgroups", body)
        check(status == 200, f"no group: {status} {answer}")
        group = answer["data"]["groupid"]
        status, _, text = owner.form("application/set-file-quotas", org="demo", app="chat", file_quota="12 MB", group_file_quota="12 MB")
        check(status in (200, 303), f"no quota: {status} {text[:200]}")
        own = BackEnd(server, name="own")
        status, answer = own.call("POST", "token", {"grant_type": "password", "username": "attacker", "password": "secret word"}, token=None)
        check(status == 200, f"no token: {status} {answer}")
        own.token = answer["access_token"]

        database = sqlite3.connect(f"file:{server.folder}/roster.db?mode=ro", uri=True)
        number = lambda sql: database.execute(sql).fetchone()[0]
        events = lambda where: number(f"SELECT count(*) FROM event WHERE {where}")
        stored = lambda: sum(path.stat().st_size for path in pathlib.Path(server.folder, "files").rglob("*") if path.is_file())
        before, began, bytes_before = events("1"), time.monotonic(), stored()
        seen = collections.Counter()
        attack(server, own, group, began + seconds, seen)
        took = time.monotonic() - began
        changes, windows = seen["nicknames", 200], 1 + math.ceil(took / WINDOW)
        edits = events("action = 'account.edit' AND actor = 'account'")
        files = events("action = 'file.upload' AND actor = 'account'")
        refused = events("action = 'session.sign_in' AND outcome = 'refused'")
        held = number("SELECT coalesce(sum(changes), 0) FROM event_pending")
        told = number("SELECT coalesce(sum(coalesce(state_after ->> 'changes', 1)), 0) FROM event WHERE action = 'account.edit' AND actor = 'account'")
        rows = [
            ("changes of the nickname", changes, most(WRITES, took)),
            ("events about them", edits, windows),
            ("files shared, each with its event", files, min(most(FILES, took), QUOTA // FILE_BYTES)),
            ("bytes of shared files on the disk", stored() - bytes_before, QUOTA),
            ("events about refused sign-ins", refused, most(STRANGERS, took)),
            ("events in all", events("1") - before, windows + most(FILES, took) + most(STRANGERS, took)),
        ]
        print(f"{took:.0f} s, seed {SEED}; tried: nicknames {seen['nicknames']}, files {seen['files']}, sign-ins {seen['strangers']}")
        print("answers: " + ", ".join(f"{what[0]} {what[1]}: {n}" for what, n in sorted(seen.items(), key=str) if isinstance(what, tuple)))
        for words, found, bound in rows:
            print(f"  {words}: {found} (at most {bound})")
        for words, found, bound in rows:
            check(found <= bound, f"{words}: {found}, more than {bound}")
        check(changes and files and refused, "the attack did not reach what it attacks")
        check(told + held == changes, f"{changes} changes of the nickname, but {told} are in the log and {held} are held back")
        server.stop()
        check("no problem" in server.command("check"), "the data folder is damaged")


run(campaign)
