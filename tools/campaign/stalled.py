#!/usr/bin/env python3
"""Attacks a server with connections that stall, of every kind and from many addresses, while a working client continues.

The server may open 1,024 files; 1,100 stalled connections are held, and those that it ends are opened anew. Fails when the working client
is refused, gets another answer than 200, or waits too long. For Linux, because of its many loopback addresses.
"""

import http.client
import os
import random
import resource
import selectors
import socket
import threading
import time

from roster import Server, check, run

CONNECTIONS = 1100
# The longest that an answer may take, seconds.
PATIENCE = 5
FORM = b"Host: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
JSON = b"Host: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
# What is sent at first, and what drips afterwards.
KINDS = {
    "silent": (b"", b""),
    "half headers": (b"GET / HTTP/1.1\r\nX: ", b""),
    "dripping headers": (b"GET / HTTP/1.1\r\nX: ", b"x"),
    "half form": (b"POST /_fn/session/sign-in HTTP/1.1\r\n" + FORM + b"name=", b""),
    "dripping form": (b"POST /_fn/session/sign-in HTTP/1.1\r\n" + FORM + b"name=", b"x"),
    "large half form": (b"POST /_fn/session/sign-in HTTP/1.1\r\n" + FORM + b"x" * 50000, b""),
    "half call": (b"POST /demo/chat/token HTTP/1.1\r\n" + JSON + b'{"', b""),
    "too large a form": (b"POST /_fn/session/sign-in HTTP/1.1\r\n" + FORM.replace(b"60000", b"9000000") + b"x" * 9000, b"x" * 100),
    "idle": (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b""),
    "unread answers": (b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", b""),
}


class Worker(threading.Thread):
    """The working client: a new connection for each request, and one that it keeps."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.times, self.failures, self.reopened, self.stop = [], [], 0, threading.Event()
        self.fresh = lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.kept = self.fresh()

    def ask(self, connection, path):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise OSError(f"{path} was answered {answer.status}")

    def ask_kept(self):
        try:
            self.ask(self.kept, "/healthz")
        except (OSError, http.client.HTTPException):
            # Between two requests a server may end a connection; browsers open it again as well.
            self.kept.close()
            self.reopened += 1
            self.kept = self.fresh()
            self.ask(self.kept, "/healthz")

    def ask_anew(self, path):
        connection = self.fresh()
        self.ask(connection, path)
        connection.close()

    def run(self):
        while not self.stop.wait(0.03):
            for work in (lambda: self.ask_anew("/healthz"), lambda: self.ask_anew("/sign-in"), self.ask_kept):
                begun = time.monotonic()
                try:
                    work()
                except (OSError, http.client.HTTPException) as error:
                    self.failures.append(repr(error))
                self.times.append(time.monotonic() - begun)


class Attack:
    """Holds stalled connections; those that the server ends are opened again."""

    def __init__(self, port, addresses, kinds):
        self.port, self.addresses, self.kinds = port, addresses, kinds
        self.selector, self.open, self.ended = selectors.DefaultSelector(), {}, 0

    def begin(self):
        kind = random.choice(self.kinds)
        stream = socket.socket()
        stream.setblocking(False)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stream.bind((random.choice(self.addresses), 0))
        stream.connect_ex(("127.0.0.1", self.port))
        self.open[stream] = [kind, KINDS[kind][0]]
        self.selector.register(stream, selectors.EVENT_READ | selectors.EVENT_WRITE)

    def end(self, stream):
        del self.open[stream]
        if stream in self.selector.get_map():
            self.selector.unregister(stream)
        stream.close()
        self.ended += 1

    def look(self, seconds):
        for key, events in self.selector.select(seconds):
            stream, about = key.fileobj, self.open[key.fileobj]
            reads = about[0] != "unread answers"
            try:
                if events & selectors.EVENT_WRITE:
                    about[1] = about[1][stream.send(about[1]):] if about[1] else b""
                    if not about[1]:
                        self.selector.unregister(stream)
                        if reads:
                            self.selector.register(stream, selectors.EVENT_READ)
                elif reads and not stream.recv(65536):
                    self.end(stream)
            except BlockingIOError:
                pass
            except OSError:
                self.end(stream)

    def drip(self):
        for stream, (kind, left) in list(self.open.items()):
            drop = KINDS[kind][1]
            try:
                if drop and not left:
                    stream.send(drop)
                # A client that reads nothing does not learn that it was ended.
                elif kind == "unread answers" and random.random() < 0.01:
                    self.end(stream)
            except BlockingIOError:
                pass
            except OSError:
                self.end(stream)


def weight(server):
    """How many files it has open, and its memory in MB."""
    return len(os.listdir(f"/proc/{server.process.pid}/fd")), server.memory()[1] // 2**20


def campaign(seconds):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384) if hard > 0 else 16384, hard))
    many = [f"127.0.0.{n}" for n in range(2, 32)]
    # All kinds from everywhere, then each kind alone, then all from one address.
    rounds = [("all kinds, 30 addresses", many, list(KINDS))]
    rounds += [(f"{kind}, 30 addresses", many, [kind]) for kind in KINDS]
    rounds += [("all kinds, one address", many[:1], list(KINDS))]
    files, memory, answered, worst = 0, 0, 0, 0
    with Server(descriptors=1024, ROSTER_LOG="error") as server:
        for name, addresses, kinds in rounds:
            worker, attack = Worker(server.port), Attack(server.port, addresses, kinds)
            worker.start()
            until, drips = time.monotonic() + seconds / len(rounds), 0
            while time.monotonic() < until:
                for _ in range(min(50, CONNECTIONS - len(attack.open))):
                    attack.begin()
                attack.look(0.02)
                if time.monotonic() > drips:
                    attack.drip()
                    check(server.alive(), "the server has ended")
                    now_files, now_memory = weight(server)
                    files, memory, drips = max(files, now_files), max(memory, now_memory), time.monotonic() + 0.5
            worker.stop.set()
            worker.join(4 * PATIENCE)
            ended = attack.ended
            for stream in list(attack.open):
                attack.end(stream)
            times, failures = sorted(worker.times), worker.failures
            print(f"{name}: {len(times)} requests, median {times[len(times) // 2] * 1000:.0f} ms, worst {times[-1] * 1000:.0f} ms, "
                  f"{worker.reopened} reopened; {ended} stalled connections ended", flush=True)
            check(not failures, f"{len(failures)} of {len(times)} requests failed: {failures[:5]}")
            check(times[-1] < PATIENCE and not worker.is_alive(), f"an answer took {times[-1]:.1f} s")
            answered, worst = answered + len(times), max(worst, times[-1])
    check(files <= 1000, f"{files} of 1,024 files were open")
    check(memory <= 600, f"it took {memory} MB of memory")
    print(f"{answered} answers, the slowest after {worst * 1000:.0f} ms; at most {files} of 1,024 files open, {memory} MB of memory")


run(campaign)
