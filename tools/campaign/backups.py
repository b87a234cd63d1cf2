#!/usr/bin/env python3
"""Backups are made and restored while back ends change everything they can, and now and then the backup, the restore or the server is
killed. What was acknowledged before a backup began is in what is restored from it, what was acknowledged before the server was killed is
in its data, and a killed backup damages no earlier one."""

import contextlib
import hashlib
import http.client
import json
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

from roster import ENVIRONMENT, ROOT, BackEnd, Server, binary, check, run

SEED = 1
# What each worker leaves there before it deletes the oldest.
KEPT = 20
# Backups that are kept.
KEEP = 3
# How long a command may take on a slow machine, seconds.
PATIENCE = 120
PROGRAM = binary()
VARIABLES = {**ENVIRONMENT, "ROSTER_MIN_FREE": "0"}


class Made:
    """Something that was acknowledged: when it was made, when its deletion was sent, and when that was acknowledged."""

    def __init__(self, kind, key):
        self.kind, self.key, self.at = kind, key, time.monotonic()
        self.sent = self.gone = None


class Ledger:
    """Everything that was acknowledged."""

    def __init__(self):
        self.lock, self.made = threading.Lock(), []

    def add(self, kind, key):
        made = Made(kind, key)
        with self.lock:
            self.made.append(made)
        return made

    def compare(self, data, began, ended, where):
        """Compares it with a data folder that shows a moment between these two."""
        with contextlib.closing(sqlite3.connect(f"file:{data}/roster.db?mode=ro", uri=True, timeout=30)) as database:
            database.execute("BEGIN")
            there = {("user", name) for (name,) in database.execute("SELECT username FROM account")}
            there |= {("group", name) for (name,) in database.execute('SELECT group_id FROM "group"')}
            there |= {("file", row) for row in database.execute("SELECT file_id, lower(hex(sha256)) FROM group_file")}
        with self.lock:
            made = [(one.kind, one.key, one.at, one.sent, one.gone) for one in self.made]
        compared = 0
        for kind, key, at, sent, gone in made:
            if at < began and (sent is None or sent > ended):
                check((kind, key) in there, f"{where}: the {kind} {key} was acknowledged and is not there")
                compared += 1
            if gone is not None and gone < began:
                check((kind, key) not in there, f"{where}: the {kind} {key} was deleted and is there again")
                compared += 1
        return compared


class Load:
    """Back ends that make and delete users, groups and shared files as fast as they are answered."""

    def __init__(self, server):
        self.server, self.ledger, self.failed = server, Ledger(), []
        self.over = threading.Event()
        # How often the server was killed, and whether it is down.
        self.kills, self.down = 0, False
        self.back_end = BackEnd(server)
        self.answers = 0
        self.call("POST", "users", {"username": "keeper", "password": "secret word"})
        group = {"groupname": "files", "desc": "", "public": True, "owner": "keeper"}
        self.group = self.call("POST", "chatgroups", group)["data"]["groupid"]
        self.threads = [threading.Thread(target=self.work, args=(work, number)) for number, work in enumerate((self.users, self.groups, self.groups, self.files, self.files))]
        for thread in self.threads:
            thread.start()

    def call(self, method, path, body=None, headers=None):
        """What an answered call says; `None` where it is unknown whether it was done, because the server was killed in the meantime."""
        headers = {"Authorization": f"Bearer {self.back_end.token}", "Content-Type": "application/json", **(headers or {})}
        data = json.dumps(body) if isinstance(body, dict) else body
        kills = self.kills
        try:
            status, _, answer = self.server.request(method, f"/{self.back_end.app}/{path}", data, headers, 60)
        except (OSError, http.client.HTTPException):
            check(self.down or self.kills > kills, f"{method} {path} was not answered")
            time.sleep(0.05)
            return None
        check(status == 200, f"{method} {path} was answered {status}: {answer[:300]}")
        self.answers += 1
        return json.loads(answer)

    def work(self, work, number):
        kept = []
        try:
            for n in range(10**9):
                if self.over.is_set():
                    return
                if (made := work(f"{number}-{n}")) is not None:
                    kept.append(made)
                if len(kept) > KEPT:
                    one, path = kept.pop(0)
                    one.sent = time.monotonic()
                    if self.call("DELETE", path) is not None:
                        one.gone = time.monotonic()
        except Exception as error:  # told by the main thread
            self.failed.append(f"{work.__name__}: {error!r}")

    def users(self, name):
        answer = self.call("POST", "users", {"username": f"user-{name}", "password": "secret word"})
        return answer and (self.ledger.add("user", f"user-{name}"), f"users/user-{name}")

    def groups(self, name):
        answer = self.call("POST", "chatgroups", {"groupname": name, "desc": "", "public": True, "owner": "keeper"})
        return answer and (self.ledger.add("group", answer["data"]["groupid"]), f"chatgroups/{answer['data']['groupid']}")

    def files(self, name):
        content = random.Random(name).randbytes(1 + len(name) * 7919 % 60_000)
        form = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n--x--\r\n"
        path = f"chatgroups/{self.group}/share_files"
        answer = self.call("POST", path, form, {"Content-Type": "multipart/form-data; boundary=x"})
        if answer is None:
            return None
        file = answer["data"]["file_id"]
        return self.ledger.add("file", (file, hashlib.sha256(content).hexdigest())), f"{path}/{file}"

    def require_well(self):
        check(not self.failed, "; ".join(self.failed))

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        self.require_well()


def start(*words):
    return subprocess.Popen([PROGRAM, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=VARIABLES, cwd=ROOT)


def ended(process):
    """What a command said, which has to succeed."""
    said, _ = process.communicate(timeout=PATIENCE)
    check(process.returncode == 0, f"roster {' '.join(process.args[1:])}: {said}")
    return said


def killed(process, after):
    """Kills a command, unless it ends before; whether it was killed, and what it said."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        said, _ = process.communicate(timeout=after)
        check(process.returncode == 0, f"roster {' '.join(process.args[1:])}: {said}")
        return False
    process.kill()
    process.communicate(timeout=PATIENCE)
    return True


class Campaign:
    def __init__(self, server, load, folder):
        self.server, self.load, self.folder, self.dice = server, load, folder, random.Random(SEED)
        self.shelf = folder / "backups"
        # The moments between which each backup shows everything.
        self.spans = {}
        self.took = 1
        self.seen = dict.fromkeys(("backups", "restores", "compared", "backups killed", "restores killed", "servers killed"), 0)

    def names(self):
        return sorted(path.name for path in self.shelf.glob("*Z*") if path.suffix != ".part" and (path / "MANIFEST.json").exists())

    def backup(self):
        return start("backup", self.shelf, "--keep", KEEP, "--data", self.server.folder)

    def note(self, before, began):
        """Remembers which backup is new since then."""
        now = time.monotonic()
        for name in set(self.names()) - before:
            self.spans[name] = (began, now)
            self.seen["backups"] += 1

    def restore(self, name, kill=False):
        """Restores a backup into a folder of its own and compares everything."""
        data = pathlib.Path(tempfile.mkdtemp(prefix="restored-", dir=self.folder))
        words = ("restore", self.shelf / name, "--replace", "--data", data)
        try:
            if kill:
                self.seen["restores killed"] += killed(start(*words), self.dice.uniform(0.01, self.took))
            began = time.monotonic()
            ended(start(*words))
            self.took = max(0.05, time.monotonic() - began)
            check("no problem" in ended(start("check", "--data", data)), f"what was restored from {name} is damaged")
            self.seen["compared"] += self.load.ledger.compare(data, *self.spans[name], f"restored from {name}")
            self.seen["restores"] += 1
        finally:
            shutil.rmtree(data, ignore_errors=True)

    def whole(self):
        before, began = set(self.names()), time.monotonic()
        ended(self.backup())
        self.note(before, began)
        self.restore(self.names()[-1])

    def kill_backup(self):
        before, began = set(self.names()), time.monotonic()
        self.seen["backups killed"] += killed(self.backup(), self.dice.uniform(0.01, 2 * self.took))
        # It may have been done by then.
        self.note(before, began)
        if names := self.names():
            self.restore(names[-1])
            self.restore(self.dice.choice(names))

    def kill_restore(self):
        self.restore(self.names()[-1], kill=True)

    def kill_server(self):
        """While a backup is under way, which is nothing to that."""
        before, began = set(self.names()), time.monotonic()
        backup = self.backup()
        time.sleep(self.dice.uniform(0, 2 * self.took))
        self.load.kills, self.load.down = self.load.kills + 1, True
        self.server.stop(signal.SIGKILL)
        at = time.monotonic()
        ended(backup)
        self.note(before, began)
        self.seen["compared"] += self.load.ledger.compare(self.server.folder, at, at, "after a kill of the server")
        self.server.start()
        self.load.down = False
        check("no problem" in ended(start("check", "--data", self.server.folder)), "the data of a server that was killed are damaged")
        self.seen["servers killed"] += 1


def campaign(seconds):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="roster-backups-"))
    # The data folder is in it, too: all is removed at once.
    data = folder / "data"
    try:
        with Server(data, ROSTER_API_RATE="0", ROSTER_MIN_FREE="0") as server:
            load = Load(server)
            try:
                work = Campaign(server, load, folder)
                until = time.monotonic() + seconds
                work.whole()
                while time.monotonic() < until or not all(work.seen.values()):
                    for one in work.dice.sample((work.whole, work.kill_backup, work.kill_restore, work.kill_server), 4):
                        one()
                        load.require_well()
            finally:
                load.over.set()
            load.stop()
            server.stop()
            now = time.monotonic()
            work.seen["compared"] += load.ledger.compare(data, now, now, "in the end")
            check("no problem" in server.command("check"), "the data folder is damaged")
            for name in work.names():
                work.restore(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"seed {SEED}; {load.answers} calls were answered; " + ", ".join(f"{words}: {number}" for words, number in work.seen.items()))


run(campaign)
