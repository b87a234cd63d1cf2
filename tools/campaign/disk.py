#!/usr/bin/env python3
"""A disk that is full, and then is not: operators and back ends go on reading, every refusal says why, and afterwards all goes on by itself.

Takes a file system of its own in memory, which only root may mount."""

import os
import subprocess
import tempfile
import time

from roster import BackEnd, Console, Server, check, run

SIZE = 96 * 1024 * 1024


def fill(folder):
    """Takes what room there is."""
    with open(f"{folder}/filler", "ab", buffering=0) as filler:
        for size in (1024 * 1024, 4096, 1):
            while True:
                try:
                    filler.write(b"\0" * size)
                except OSError:
                    break


def until(what, holds, within=20):
    deadline = time.monotonic() + within
    while not holds():
        check(time.monotonic() < deadline, what)
        time.sleep(0.1)


def full(server, owner, back_end, number):
    """What has to hold while nothing can be written."""
    for path in ("/", "/apps/demo/chat/groups", "/apps/demo/chat/accounts", "/apps/demo/chat/audit", "/me"):
        status, _, body = owner.get(path)
        check(status == 200 and body, f"{path} answers {status} while the disk is full")
    status, _, body = owner.form("group/create", org="demo", app="chat", input__name=f"Full {number}", input__owner="", input__group_type="Work", input__group_id="")
    check(status in (303, 507) and (status == 303 or body), f"a form is answered {status}, {len(body)} bytes")
    status, answer = back_end.call("POST", "chatgroups", {"groupname": "full", "desc": "", "public": True, "owner": "admin"})
    check(status in (404, 507), f"REST: {status} {answer}")
    status, answer = back_end.call("POST", "users", {"username": f"full{number}", "password": "secret word"})
    check(status == 507 and answer.get("error_description"), f"REST: {status} {answer}")
    check(back_end.call("GET", "chatgroups?limit=5")[0] == 200, "REST cannot be read")
    status, _, body = server.request("GET", "/healthz")
    check(status == 200 and b"read-only" in body, f"/healthz: {status} {body}")
    check(server.request("GET", "/healthz?write=1")[0] == 503, "/healthz?write=1 says that all is well")
    stranger = Console(server)
    check(stranger.sign_in(), "nobody can sign in to read")
    check(stranger.get("/apps/demo/chat/groups")[0] == 200, "who has signed in cannot read")


def campaign(seconds):
    if os.geteuid() != 0:
        print("NOT RUN: only root can mount a file system of its own.")
        return
    folder = tempfile.mkdtemp(prefix="roster-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    rounds, reads, ended = 0, 0, time.monotonic() + seconds
    try:
        with Server(f"{folder}/data", ROSTER_MIN_FREE="0") as server:
            owner = Console(server)
            check(owner.sign_in(), "the owner cannot sign in")
            back_end = BackEnd(server)
            while time.monotonic() < ended:
                rounds += 1
                fill(folder)
                full(server, owner, back_end, rounds)
                reads += 1
                os.unlink(f"{folder}/filler")
                until("nothing can be written again", lambda: back_end.call("POST", "users", {"username": f"user{rounds}", "password": "secret word"})[0] == 200)
                until("/healthz goes on saying read-only", lambda: server.request("GET", "/healthz?write=1")[0] == 200)
            server.stop()
            check("no problem" in server.command("check"), "the data folder is damaged")
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)
        os.rmdir(folder)
    print(f"the disk was full {rounds} times; reading went on each time, writing afterwards")


run(campaign)
