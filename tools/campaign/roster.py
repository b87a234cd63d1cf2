"""A server of one's own to attack, and an operator and a back end that work with it. Standard library only."""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PASSWORD = "horse battery staple seven"
# What Roster takes for the same when a person has set it would change what is attacked.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ROSTER_")}


def binary():
    """The program: `ROSTER_BINARY`, else the development build."""
    named = os.environ.get("ROSTER_BINARY")
    if named:
        return named
    host = subprocess.run(["rustc", "--print", "host-tuple"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    return str(ROOT / "target" / host / "debug" / "roster")


def seconds(default=60):
    """The argument of every campaign: how long to run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=default)
    return parser.parse_args().seconds


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Failure(Exception):
    """What a campaign found."""


def check(holds, what):
    if not holds:
        raise Failure(what)


class Server:
    """A running server with a data folder of its own, the operator `admin` and, without the sample app, the app acme/chat."""

    def __init__(self, folder=None, descriptors=None, **variables):
        self.own = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="roster-campaign-"))
        self.descriptors = descriptors
        self.variables = variables
        self.start()

    def start(self):
        self.port = free_port()
        command = [binary(), "serve", "--data", str(self.folder), "--listen", f"127.0.0.1:{self.port}"]
        if self.descriptors:
            command = ["prlimit", f"--nofile={self.descriptors}:{self.descriptors}", "--", *command]
        self.log = open(self.folder.with_suffix(".log"), "ab")
        variables = {**ENVIRONMENT, "ROSTER_ADMIN_PASSWORD": PASSWORD, **self.variables}
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=variables, cwd=ROOT)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            check(self.process.poll() is None, "the server did not start: " + self.told()[-2000:])
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.request("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.05)
        raise Failure("the server does not answer")

    def told(self):
        return self.folder.with_suffix(".log").read_text(errors="replace")

    def request(self, method, path, body=None, headers=(), timeout=10):
        """One request on a connection of its own: status, header fields, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def command(self, *words, **variables):
        """Another `roster` command on the same folder: what it prints, once it succeeds."""
        run = subprocess.run([binary(), *words, "--data", str(self.folder)], capture_output=True, text=True, env={**ENVIRONMENT, **variables}, cwd=ROOT, timeout=120)
        check(run.returncode == 0, f"roster {' '.join(words)}: {run.stdout}{run.stderr}")
        return run.stdout

    def memory(self):
        """The most that the process has held at a time, and holds now, bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in status.splitlines() if line.startswith(("VmHWM", "VmRSS"))}
        return kilobytes["VmHWM"] * 1024, kilobytes["VmRSS"] * 1024

    def processor(self):
        """Processor time that the process and what it waited for have used, seconds."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def alive(self):
        return self.process.poll() is None

    def stop(self, how=signal.SIGTERM):
        if self.alive():
            self.process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            if self.alive():
                self.process.kill()
                self.process.wait(20)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind:
            print(self.told()[-2000:])
        self.stop()
        self.folder.with_suffix(".log").unlink(missing_ok=True)
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)


class Console:
    """A browser without JavaScript: keeps cookies, names its origin, follows nothing."""

    def __init__(self, server, address=None):
        self.server = server
        self.cookies = {}
        self.headers = {"Host": f"127.0.0.1:{server.port}", "Accept": "text/html"}
        if address:
            self.headers["X-Forwarded-For"] = address

    def request(self, method, path, body=None, headers=(), timeout=10):
        own = {**self.headers, "Origin": f"http://127.0.0.1:{self.server.port}", **dict(headers)}
        if self.cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, fields, body = self.server.request(method, path, body, own, timeout)
        for cookie in fields.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return status, fields, body

    def get(self, path, timeout=10):
        return self.request("GET", path, timeout=timeout)

    def form(self, function, timeout=10, **fields):
        """A form of the console, sent as a browser without JavaScript does."""
        body = urllib.parse.urlencode({name.replace("__", "[") + ("]" if "__" in name else ""): value for name, value in fields.items()})
        return self.request("POST", f"/_fn/{function}", body, {"Content-Type": "application/x-www-form-urlencoded"}, timeout)

    def sign_in(self, name="admin", password=PASSWORD):
        """Whether it is signed in then: the form's own answer redirects in either case."""
        return self.form("session/sign-in", name=name, password=password)[0] == 303 and self.get("/me")[0] == 200


class BackEnd:
    """A back end of an app with a credential, over the REST API."""

    def __init__(self, server, app="demo/chat", name="campaign"):
        self.server, self.app = server, app
        keys = dict(line.split("=", 1) for line in server.command("credential", "add", app, name).split())
        status, answer = self.call("POST", "token", {"grant_type": "client_credentials", **keys}, token=None)
        check(status == 200, f"no token: {status} {answer}")
        self.token = answer["access_token"]

    def call(self, method, path, body=None, token="own", timeout=10):
        """One call; an answer that is no JSON is returned as text."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + (self.token if token == "own" else token)
        data = json.dumps(body) if body is not None else None
        status, _, answer = self.server.request(method, f"/{self.app}/{path}", data, headers, timeout)
        try:
            return status, json.loads(answer)
        except ValueError:
            return status, answer.decode(errors="replace")


def run(campaign):
    """Runs it, prints what it found, and ends with 1 when that is an error."""
    try:
        campaign(seconds())
    except Failure as failure:
        print(f"FAILED: {failure}")
        raise SystemExit(1) from None
