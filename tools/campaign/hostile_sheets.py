#!/usr/bin/env python3
"""Sends hostile workbooks and texts to an own server as an owner, and looks at what they cost it.

Each file must be refused with a sentence or read; meanwhile the server lives, grows by at most 512 MB, and computes for at most 60
seconds (and a few for what is around the reading). First a real workbook, then the known kinds of attacks, then chance.

  tools/campaign/hostile_sheets.py [--seconds 60] [--rows 20000] [--seed N] [--only WORD]
"""

import argparse, html, http.client, io, os, pathlib, random, re, secrets, subprocess, sys
import tempfile, threading, time, urllib.parse, zipfile

MB = 1024 * 1024
MOST_MEMORY, MOST_SECONDS = 512 * MB, 60 + 5
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
APP = "/apps/demo/chat"

class Server:
    def __init__(self, binary):
        self.data = tempfile.TemporaryDirectory(prefix="roster-campaign-")
        password = secrets.token_urlsafe(24)
        env = dict(os.environ, ROSTER_LISTEN="127.0.0.1:0", ROSTER_DATA=self.data.name, ROSTER_DEMO="1", ROSTER_ADMIN_PASSWORD=password)
        self.child = subprocess.Popen([binary, "serve"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = (re.search(r"serves http://127\.0\.0\.1:(\d+)", line) for line in self.child.stdout)
        if (found := next(filter(None, said), None)) is None:
            raise SystemExit("the server did not start")
        self.port = int(found[1])
        # What it says from now on is read, so that it never waits for us.
        self.log = []
        threading.Thread(target=lambda: self.log.extend(self.child.stdout), daemon=True).start()
        self.cookies = {}
        form = urllib.parse.urlencode({"name": "admin", "password": password, "next": "/"})
        self.ask("POST", "/_fn/session/sign-in", form.encode(), "application/x-www-form-urlencoded")
        if self.ask("GET", f"{APP}/import/accounts")[0] != 200:
            raise SystemExit("signing in was refused")

    def ask(self, method, path, body=None, kind=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Origin": f"http://127.0.0.1:{self.port}", "Accept": "text/html", "Accept-Language": "en",
                   "Referer": f"http://127.0.0.1:{self.port}{APP}/import/accounts"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name.strip()] = value
        connection.close()
        return answer.status, answer.headers.get("Location", ""), text

    def upload(self, name, content):
        """The path of the preview, or the sentence of the refusal."""
        mark = secrets.token_hex(16)
        field = f'--{mark}\r\nContent-Disposition: form-data; name="list"\r\n\r\naccounts\r\n'
        head = f'{field}--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        status, to, _ = self.ask("POST", f"{APP}/imports", body, f"multipart/form-data; boundary={mark}")
        to = urllib.parse.urlparse(to).path
        if status == 303 and re.fullmatch(rf"{APP}/imports/\d+", to):
            return to, None
        status, _, page = self.ask("GET", f"{APP}/import/accounts")
        found = re.search(r'class="field-error[^"]*"[^>]*>(.*?)</p>', page, re.S)
        return None, html.unescape(re.sub(r"<[^>]*>", "", found[1])).strip() if found else f"(no sentence; {status}, {to})"

    def cost(self):
        """The most bytes in memory since the last look, and seconds computed."""
        proc = pathlib.Path(f"/proc/{self.child.pid}")
        most = int(re.search(r"VmHWM:\s+(\d+)", (proc / "status").read_text())[1]) * 1024
        times = (proc / "stat").read_text().rpartition(")")[2].split()
        (proc / "clear_refs").write_text("5")
        return most, (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.child.terminate()
        self.child.wait(30)
        self.data.cleanup()

row = lambda number, cells: f'<row r="{number}">{cells}</row>'
text = lambda value: f'<c t="inlineStr"><is><t>{value}</t></is></c>'
TITLES = row(1, text("username") + text("nickname") + text("gender"))
sheet = lambda *pieces: ["<worksheet><sheetData>", TITLES, *pieces, "</sheetData></worksheet>"]

def workbook(sheet, texts=None, more=(), folder="xl"):
    """`sheet` and `texts` are pieces of XML, written one by one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        def part(name, pieces):
            with archive.open(name, "w") as to:
                for piece in pieces:
                    to.write(piece if isinstance(piece, bytes) else piece.encode())
        def relations(name, pairs):
            pairs = (f'<Relationship Id="r{n}" Type="{RELATED}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(pairs))
            part(name, ["<Relationships>", *pairs, "</Relationships>"])
        relations("_rels/.rels", [("officeDocument", f"{folder}/workbook.xml")])
        relations(f"{folder}/_rels/workbook.xml.rels", [("worksheet", "worksheets/s.xml"), ("sharedStrings", "sharedStrings.xml")])
        part(f"{folder}/workbook.xml", [f'<workbook xmlns:r="{RELATED}"><sheets><sheet name="S" sheetId="1" r:id="r0"/></sheets></workbook>'])
        if texts is not None:
            part(f"{folder}/sharedStrings.xml", texts)
        part(f"{folder}/worksheets/s.xml", sheet)
        for name, pieces in more:
            part(name, pieces)
    return made.getvalue()

def real(rows):
    """As a spreadsheet writes it: usernames and nicknames in the table of texts, one choice for all."""
    texts = (f"<si><t>user-{n:07}</t></si><si><t>Nickname of {n}</t></si>" for n in range(rows))
    cell = lambda place, value: f'<c r="{place}" t="s"><v>{value}</v></c>'
    rows = (row(n, cell(f"A{n}", 2 * n - 3) + cell(f"B{n}", 2 * n - 2) + cell(f"C{n}", 0)) for n in range(2, rows + 2))
    return workbook(sheet(*rows), ["<sst><si><t>Female</t></si>", *texts, "</sst>"])

def attacks():
    one = row(2, '<c t="s"><v>0</v></c>')
    for claim in ('uniqueCount="4000000000"', 'uniqueCount ="20000000000000"', "uniqueCount\n=\n'18446744073709551615'"):
        for folder in ("xl", "worksheets"):
            table = [f"<sst {claim}><si><t>x</t></si></sst>"]
            yield f"claims {claim!r} in {folder}", "x.xlsx", lambda folder=folder, table=table: workbook(sheet(one), table, folder=folder)
    yield "a cell in column XFD of each row", "x.xlsx", lambda: workbook(sheet(*(row(n, f'<c r="A{n}"><v>{n}</v></c><c r="XFD{n}"><v>1</v></c>') for n in range(2, 100_000))))
    yield "a million texts of one byte", "x.xlsx", lambda: workbook(sheet(one), ["<sst>", *["<si><t>a</t></si>" * 1000] * 1000, "</sst>"])
    yield "one text of 100 MB", "x.xlsx", lambda: workbook(sheet(one), ["<sst><si><t>", *[random.randbytes(MB // 2).hex()] * 100, "</t></si></sst>"])
    yield "texts of 512 MB in all", "x.xlsx", lambda: workbook(sheet(one), ["<sst>", *(f"<si><t>{random.randbytes(1000).hex() * 250}</t></si>" for _ in range(1024)), "</sst>"])
    yield "an attribute without end", "x.xlsx", lambda: workbook(['<worksheet><sheetData><row r="', *["1" * MB] * 60])
    yield "a hundred thousand attributes", "x.xlsx", lambda: workbook(sheet("<row" + "".join(f" a{n}=''" for n in range(100_000)) + "/>"))
    yield "elements within each other", "x.xlsx", lambda: workbook(sheet(*["<a>" * 100_000] * 20))
    yield "entities within entities", "x.xlsx", lambda: workbook(['<!DOCTYPE a [<!ENTITY a "', "x" * 60_000, '">', *(f'<!ENTITY a{n} "&a;&a;">' for n in range(9)), "]>", *sheet(row(2, text("&a1;")))])
    yield "blanks that unpack to 1 GB", "x.xlsx", lambda: workbook(sheet(*["<row/>" + " " * MB] * 1024))
    yield "a text of 900 kB in a million rows", "x.xlsx", lambda: workbook(sheet(*['<row><c t="s"><v>0</v></c></row>' * 1000] * 1000), ["<sst><si><t>", "x" * 900_000, "</t></si></sst>"])
    yield "sixty thousand parts", "x.xlsx", lambda: workbook(sheet(one), more=[(f"p{n}", []) for n in range(60_000)])
    yield "a line of 150 MB", "x.csv", lambda: b"username,nickname\n" + b"x" * 150 * MB
    yield "a quotation mark that is never closed", "x.csv", lambda: b'username,nickname\na,"' + b"x,\n" * 30 * MB
    yield "nothing but commas", "x.csv", lambda: b"username,nickname\n" + (b"a" + b"," * 500_000 + b"\n") * 100
    yield "lists within lists", "x.jsonl", lambda: (b'{"username":' + b"[" * 500_000 + b"\n") * 20
    yield "a hundred thousand keys", "x.jsonl", lambda: b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}\n"

def by_chance(chance):
    """A small workbook, some bytes of whose archive or parts are others."""
    made = real(chance.randrange(1, 200))
    if chance.random() < 0.4:
        return broken(chance, made)
    old, to = zipfile.ZipFile(io.BytesIO(made)), io.BytesIO()
    victim = chance.choice(old.namelist())
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, broken(chance, old.read(name)) if name == victim else old.read(name))
    return to.getvalue()

def broken(chance, content):
    content = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.randrange(1, 60))
        content[at:end] = chance.choice([b"", chance.randbytes(end - at), bytes(content[at:end]) * chance.randrange(2, 3000), b"<c r='XFD9'", b"&a;", b"]]>", b"\0" * 9])
    return bytes(content)

def main():
    ask = argparse.ArgumentParser()
    for word, usual in [("seconds", 60.0), ("rows", 20_000), ("seed", random.randrange(1 << 32)), ("only", "")]:
        ask.add_argument(f"--{word}", type=type(usual), default=usual)
    given = ask.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    host = lambda: subprocess.run(["rustc", "--print", "host-tuple"], capture_output=True, text=True).stdout.strip()
    server = Server(os.environ.get("ROSTER_BINARY") or root / "target" / host() / "debug" / "roster")
    chance, until, faults, worst, counts = random.Random(given.seed), time.monotonic() + given.seconds, [], [0, 0.0], [0, 0]
    start = server.cost()[0]
    print(f"seed {given.seed}; memory beyond the {start / MB:.0f} MB at the start, and processor time of each file")

    def send(what, name, content, must_be_read=False, quiet=False):
        before = server.cost()[1]
        preview, sentence = server.upload(name, content)
        most, after = server.cost()
        memory, seconds = max(0, most - start), after - before
        worst[0], worst[1] = max(worst[0], memory), max(worst[1], seconds)
        counts[preview is None] += 1
        line = f"{what}: {len(content) / MB:.1f} MB, +{memory / MB:.0f} MB, {seconds:.1f} s: {'read' if preview else sentence}"
        wrong = [why for why, is_so in [
            ("memory", memory > MOST_MEMORY), ("time", seconds > MOST_SECONDS), ("not read", must_be_read and not preview),
            ("no sentence", not preview and sentence.startswith("(")), ("ended", server.child.poll() is not None),
        ] if is_so]
        faults.extend(f"{why}: {line}" for why in wrong)
        if not quiet:
            print(line, flush=True)

    try:
        if given.only in "a real workbook":
            send(f"a real workbook of {given.rows} rows", "real.xlsx", real(given.rows), must_be_read=True)
        for what, name, make in attacks():
            if given.only in what:
                send(what, name, make())
        while time.monotonic() < until and not given.only:
            send("by chance", "x.xlsx", by_chance(chance), quiet=True)
        assert server.ask("GET", "/healthz")[0] == 200, "the server does not answer any more"
    except (OSError, http.client.HTTPException, AssertionError) as error:
        faults.append(f"the server is gone ({server.child.poll()}): {error!r}; {''.join(server.log[-5:])}")
    finally:
        server.stop()
    print(*(f"FAULT {fault}" for fault in faults), sep="\n")
    print(f"{sum(counts)} files, {counts[0]} read, {counts[1]} refused; at most +{worst[0] / MB:.0f} MB and {worst[1]:.1f} s; {len(faults)} faults")
    return 1 if faults else 0

if __name__ == "__main__":
    sys.exit(main())
