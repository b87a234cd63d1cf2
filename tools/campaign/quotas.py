#!/usr/bin/env python3
"""What is kept for ever stays within its bounds.

One user with a token of its own changes its nickname and shares files as fast as it can, and strangers sign in with made-up names from
many networks, on a server of its own with a new data folder. Events and bytes have to stay below what README documents.

    tools/campaign/quotas.py [--seconds 60] [--seed 1]
    ROSTER_BINARY names another binary than the development build.
"""
import argparse, glob, json, math, os, random, re, signal, sqlite3, subprocess, sys, tempfile, threading, time, urllib.parse
from http.client import HTTPConnection

# As documented: at once, and one after so many seconds.
WRITES, FILES, STRANGERS = (20, 1), (20, 60), (60, 10)
FILE_BYTES = 1_000_000
QUOTA_MB = 12


def most(limit, seconds):
    burst, every = limit
    return burst + math.ceil(seconds / every) + 1


def binary():
    if os.environ.get("ROSTER_BINARY"):
        return os.environ["ROSTER_BINARY"]
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    found = glob.glob(os.path.join(root, "target", "*", "debug", "roster"))
    return found[0] if found else sys.exit("Build first: tools/development.sh server, or set ROSTER_BINARY.")


class Client:
    """One connection that is kept."""

    def __init__(self, port):
        self.port, self.connection = port, HTTPConnection("127.0.0.1", port, timeout=60)

    def call(self, method, path, body=None, headers=None):
        try:
            self.connection.request(method, path, body=body, headers=headers or {})
            answer = self.connection.getresponse()
            return answer.status, answer.read(), answer.headers
        except OSError:
            self.connection.close()
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            return 0, b"", {}

    def json(self, method, path, token, body=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        status, text, _ = self.call(method, path, json.dumps(body) if body is not None else None, headers)
        return status, json.loads(text) if text else {}


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)


def prepare(run, data, client, serve_env):
    """A user with a token, in a group whose app has a quota."""
    made = run("credential", "add", "demo/chat", "campaign")
    key = re.search(r"YXA6\S+", made).group(0)
    secret = re.findall(r"YXA6\S+", made)[1]
    grant = {"grant_type": "client_credentials", "client_id": key, "client_secret": secret}
    token = client.json("POST", "/demo/chat/token", None, grant)[1]["access_token"]
    for name in ("attacker", "keeper"):
        client.json("POST", "/demo/chat/users", token, {"username": name, "password": "campaign"})
    body = {"groupname": "campaign", "desc": "x", "public": True, "owner": "keeper", "members": ["attacker"]}
    group = client.json("POST", "/demo/chat/chatgroups", token, body)[1]["data"]["groupid"]
    own = client.json("POST", "/demo/chat/token", None, {"grant_type": "password", "username": "attacker", "password": "campaign"})
    form = urllib.parse.urlencode({"name": "admin", "password": serve_env["ROSTER_ADMIN_PASSWORD"]})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    status, _, answered = client.call("POST", "/_fn/session/sign-in", form, headers)
    cookie = (answered.get("Set-Cookie") or "").split(";")[0]
    quotas = {"org": "demo", "app": "chat", "file_quota": f"{QUOTA_MB} MB", "group_file_quota": f"{QUOTA_MB} MB"}
    status, text, _ = client.call("POST", "/_fn/application/set-file-quotas", urllib.parse.urlencode(quotas), {**headers, "Cookie": cookie})
    assert status in (200, 302, 303), (status, text)
    return own[1]["access_token"], group


def attack(port, token, group, until, seed, counts):
    dice = random.Random(seed)

    def nicknames():
        client, n = Client(port), 0
        while time.time() < until:
            n += 1
            counts["nicknames", client.json("PUT", "/demo/chat/users/attacker", token, {"nickname": f"n{n}"})[0]] += 1

    def files():
        client, n = Client(port), 0
        while time.time() < until:
            n += 1
            content = n.to_bytes(8, "big") * (FILE_BYTES // 8)
            form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + content + b"\r\n--x--\r\n"
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
            counts["files", client.call("POST", f"/demo/chat/chatgroups/{group}/share_files", form, headers)[0]] += 1

    def strangers():
        client = Client(port)
        while time.time() < until:
            form = urllib.parse.urlencode({"name": f"x{dice.randrange(10**9)}", "password": "wrong wrong"})
            # All of one /48: that costs an attacker nothing.
            address = f"2001:db8:7:{dice.randrange(65536):x}::1"
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": address}
            counts["strangers", client.call("POST", "/_fn/session/sign-in", form, headers)[0]] += 1

    threads = [threading.Thread(target=work) for work in (nicknames, files, strangers, strangers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    roster = binary()
    with tempfile.TemporaryDirectory() as data:
        env = {**os.environ, "ROSTER_DATA": data, "ROSTER_LISTEN": "127.0.0.1:0", "ROSTER_TRUSTED_PROXY": "127.0.0.1",
               "ROSTER_ADMIN_PASSWORD": "campaign against quotas", "ROSTER_API_RATE": "0"}
        server = subprocess.Popen([roster, "serve"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            port = None
            for line in server.stdout:
                port = port or (re.search(r"127\.0\.0\.1:(\d+)", line) or [None, None])[1]
                if "Ctrl+C" in line:
                    break
            client = Client(int(port))
            run = lambda *words: subprocess.run([roster, *words], env=env, capture_output=True, text=True, check=True).stdout
            token, group = prepare(run, data, client, env)
            database = sqlite3.connect(f"file:{data}/roster.db?mode=ro", uri=True)
            count = lambda where: database.execute(f"SELECT count(*) FROM event WHERE {where}").fetchone()[0]
            before, began, bytes_before = count("1"), time.time(), folder_bytes(f"{data}/files")
            counts = __import__("collections").Counter()
            attack(int(port), token, group, began + options.seconds, options.seed, counts)
            took = time.time() - began
            edits = count("action = 'account.edit' AND actor = 'account'")
            uploads = count("action = 'file.upload' AND actor = 'account'")
            refused = count("action = 'session.sign_in' AND outcome = 'refused'")
            stored = folder_bytes(f"{data}/files") - bytes_before
            held = database.execute("SELECT coalesce(sum(changes), 0) FROM event_pending").fetchone()[0]
            done = counts["nicknames", 200]
            rows = [
                ("changes of the nickname that were done", done, most(WRITES, took)),
                ("events about them", edits, 1 + math.ceil(took / 600)),
                ("files shared, and their events", uploads, min(most(FILES, took), QUOTA_MB * 2**20 // FILE_BYTES)),
                ("bytes of shared files on the disk", stored, QUOTA_MB * 2**20),
                ("events about refused sign-ins", refused, most(STRANGERS, took)),
                ("events in all", count("1") - before, 1 + math.ceil(took / 600) + most(FILES, took) + most(STRANGERS, took)),
            ]
            tried = {name: sum(n for (what, _), n in counts.items() if what == name) for name in ("nicknames", "files", "strangers")}
            print(f"{took:.0f} s; tried: {tried}; answers: { {f'{a} {b}': n for (a, b), n in sorted(counts.items())} }")
            for words, found, bound in rows:
                print(f"  {words}: {found}, at most {bound} {'' if found <= bound else ' TOO MANY'}")
            lost = done - 1 - held if edits == 1 else 0
            print(f"  changes of the nickname that no event or row tells of: {max(lost, 0)}")
            wrong = [words for words, found, bound in rows if found > bound]
            if not done or not uploads or not refused:
                wrong.append("nothing was done: the attack did not reach the server")
            if lost > 0:
                wrong.append("changes were lost")
            sys.exit("failed: " + "; ".join(wrong) if wrong else 0)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
