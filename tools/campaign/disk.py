#!/usr/bin/env python3
"""A disk that is full, and then is not: operators and back ends can still read, every refusal says why, a job waits, and afterwards all goes
on by itself. Then one that is almost full: files are refused, small changes go on.

Takes a file system of its own in memory, which only root may mount; without root it says that it was not run, also in the file that
ROSTER_REMARKS names."""

import contextlib
import json
import os
import re
import subprocess
import tempfile
import time
import urllib.parse

from roster import BackEnd, Console, Server, check, run

SIZE = 96 * 1024 * 1024
# What a job has to do: so much that the disk is full before it ends.
ITEMS = 6000
SENTENCE = b"disk is full"
NOT_RUN = "NOT RUN: tools/campaign/disk.py, as only root can mount a file system of its own."


def fill(folder, leave=0):
    """Fills the free space, except for so many bytes."""
    with open(f"{folder}/filler", "ab", buffering=0) as filler:
        for size in (1024 * 1024, 4096, 1):
            with contextlib.suppress(OSError):
                while (disk := os.statvfs(folder)).f_bavail * disk.f_frsize > leave or not leave:
                    filler.write(b"\0" * size)


def until(what, holds, within=30):
    deadline = time.monotonic() + within
    while not holds():
        check(time.monotonic() < deadline, what)
        time.sleep(0.1)


def refused(status, answer):
    """The envelope of the REST API, with the reason."""
    check(status == 507, f"REST: {status} {answer}")
    check(answer.get("error") == "storage_unavailable" and SENTENCE.decode() in answer.get("error_description", ""), f"REST: {answer}")
    check(all(answer.get(field) is not None for field in ("exception", "timestamp", "duration")), f"REST: {answer}")


def told(console, answer):
    """What an operator without JavaScript reads after a form."""
    status, fields, body = answer
    if status == 303:
        status, _, body = console.get(fields["Location"])
        check(status == 200, f"a form leads to a page that is answered {status}")
    else:
        check(status == 507, f"a form is answered {status}")
    said = re.findall(rb'role="(?:alert|status)"[^>]*>(.*?)</(?:p|div|li)>', body, re.S)
    check(SENTENCE in body, f"a form that was refused does not say that the disk is full, but {answer[0]} and {said}")


def form_file(fields, content):
    """A body of `multipart/form-data`, and its header."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
    return "".join([*parts, file]).encode() + content + b"\r\n--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}


def job(owner):
    """The latest job of the generated app."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    status, _, answer = owner.request("POST", "/_fn/job/list", "org=generated&app=data", headers)
    check(status == 200, f"jobs: {status} {answer}")
    return max(json.loads(answer)["items"], key=lambda job: job["id"])


def full(server, owner, back_end, number):
    """What has to hold while nothing can be written."""
    for path in ("/", "/apps/demo/chat/groups", "/apps/demo/chat/accounts", "/apps/demo/chat/audit", "/me"):
        status, _, body = owner.get(path)
        check(status == 200 and body, f"{path} answers {status} while the disk is full")
    someone = back_end.call("GET", "users?limit=1")[1]["entities"][0]["username"]
    fields = {"name": f"Full {number}", "owner": someone, "type": "Work", "group_id": ""}
    told(owner, owner.form("group/create", org="demo", app="chat", _from="/apps/demo/chat/groups?dialog=add", **{f"input__{name}": value for name, value in fields.items()}))
    refused(*back_end.call("POST", "chatgroups", {"groupname": "full", "desc": "", "public": True, "owner": someone}))
    refused(*back_end.call("POST", "users", {"username": f"full{number}", "password": "secret word"}))
    check(back_end.call("GET", "chatgroups?limit=5")[0] == 200, "REST cannot be read")
    status, _, body = server.request("GET", "/healthz")
    check(status == 200 and b"read-only" in body, f"/healthz: {status} {body}")
    check(server.request("GET", "/healthz?write=1")[0] == 503, "/healthz?write=1 says that all is well")
    stranger = Console(server)
    check(stranger.sign_in(), "nobody can sign in to read")
    check(stranger.get("/apps/demo/chat/groups")[0] == 200, "who has signed in cannot read")


def round_of(server, folder, owner, back_end, number):
    """The disk becomes full while a job is under way; whether the job had to wait."""
    server.command("generate", "--accounts", str(ITEMS), "--groups", "10", "--memberships", "1000", "--messages", "10")
    answer = owner.form("account/delete", org="generated", app="data", matching__all="1", confirm=str(ITEMS))
    check(answer[0] == 303, f"no job: {answer[0]} {answer[2][:200]}")
    # The answer to the form is still to be read: that must not block the operator's pages.
    fill(folder)
    # What fits into the log of the database is accepted for a while.
    until("the full disk takes everything", lambda: back_end.call("POST", "users", {"username": f"x{time.time_ns()}", "password": "secret word"})[0] == 507)
    time.sleep(1)
    before = job(owner)
    full(server, owner, back_end, number)
    after = job(owner)
    waits = before["state"] == "running" and before["done"] < ITEMS
    check(not waits or (after["state"], after["done"]) == ("running", before["done"]), f"a job on a full disk: {before}, then {after}")
    os.unlink(f"{folder}/filler")
    until("nothing can be written again", lambda: back_end.call("POST", "users", {"username": f"user{number}", "password": "secret word"})[0] == 200)
    until("/healthz goes on saying read-only", lambda: server.request("GET", "/healthz?write=1")[0] == 200)
    until("the job does not go on once there is room", lambda: job(owner)["finished_at"])
    ended = job(owner)
    check((ended["state"], ended["done"], ended["refused"], ended["gone"]) == ("done", ITEMS, 0, 0), f"the job did not end well: {ended}")
    return waits


def almost_full(server, folder, owner, back_end):
    """The usual guard: files are refused while there is room for small changes."""
    group = urllib.parse.quote(back_end.call("GET", "chatgroups?limit=1")[1]["data"][0]["groupid"])

    def share():
        body, headers = form_file({}, b"x" * 100_000)
        status, _, answer = server.request("POST", f"/demo/chat/chatgroups/{group}/share_files", body, {**headers, "Authorization": f"Bearer {back_end.token}"})
        return status, json.loads(answer)

    check(share()[0] == 200, "no file can be shared before the disk is almost full")
    # Below the twentieth that is kept free; on so small a disk the log of the database alone takes much of that.
    fill(folder, leave=SIZE // 100 * 4)
    until("files are taken though the disk is almost full", lambda: share()[0] != 200)
    refused(*share())
    body, headers = form_file({"_from": "/apps/demo/chat/import/accounts", "list": "accounts"}, b"username\nimported\n")
    told(owner, owner.request("POST", "/apps/demo/chat/imports", body, headers))
    for number in range(20):
        status, answer = back_end.call("POST", "users", {"username": f"small{number}", "password": "secret word"})
        check(status == 200, f"a small change on a disk that is almost full: {status} {answer}")
    check(server.request("GET", "/healthz?write=1")[0] == 200, "/healthz?write=1 on a disk that is almost full")
    os.unlink(f"{folder}/filler")
    until("no file can be shared once there is room", lambda: share()[0] == 200)


def campaign(seconds):
    if os.geteuid() != 0:
        print(NOT_RUN)
        if remarks := os.environ.get("ROSTER_REMARKS"):
            with open(remarks, "a", encoding="utf-8") as file:
                file.write(NOT_RUN + "\n")
        return
    folder = tempfile.mkdtemp(prefix="roster-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    rounds, waited, ended = 0, 0, time.monotonic() + seconds
    try:
        with Server(f"{folder}/data", ROSTER_MIN_FREE="0") as server:
            owner, back_end = Console(server), BackEnd(server)
            check(owner.sign_in(), "the owner cannot sign in")
            while not rounds or time.monotonic() < ended:
                rounds += 1
                waited += round_of(server, folder, owner, back_end, rounds)
        check(waited, "no job was under way when the disk was full")
        with Server(f"{folder}/data") as server:
            owner, back_end = Console(server), BackEnd(server, name="guarded")
            check(owner.sign_in(), "the owner cannot sign in")
            almost_full(server, folder, owner, back_end)
            server.stop()
            check("no problem" in server.command("check"), "the data folder is damaged")
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)
        os.rmdir(folder)
    print(f"the disk was full {rounds} times, {waited} times with a job under way: reading went on, and writing afterwards; then it was almost full")


run(campaign)
