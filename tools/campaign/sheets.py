#!/usr/bin/env python3
"""Hostile workbooks and texts, sent by an owner: each is refused with a sentence or read, while the server lives, grows by at most 512 MB
and computes for at most 60 seconds (and a few for what is around the reading). First a real workbook, which must be read, of
ROSTER_TEST_ROWS rows; then the known kinds of attacks, each of them however short the time; then chance."""

import html
import io
import os
import pathlib
import random
import re
import secrets
import time
import zipfile

from roster import Console, Server, check, run

MB = 1024 * 1024
MOST_MEMORY, MOST_SECONDS = 512 * MB, 60 + 5
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
APP = "/apps/demo/chat"
ROWS = int(os.environ.get("ROSTER_TEST_ROWS", 20_000))


class Owner(Console):
    def upload(self, name, content):
        """The sentence of the refusal; nothing once the file was read."""
        mark = secrets.token_hex(16)
        part = f'--{mark}\r\nContent-Disposition: form-data; name='
        head = f'{part}"list"\r\n\r\naccounts\r\n{part}"file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "Referer": f"http://127.0.0.1:{self.server.port}{APP}/import/accounts"}
        status, fields, _ = self.request("POST", f"{APP}/imports", head.encode() + content + f"\r\n--{mark}--\r\n".encode(), headers, 600)
        if status == 303 and re.search(rf"{APP}/imports/\d+$", fields.get("Location", "")):
            return None
        page = self.get(f"{APP}/import/accounts")[2].decode()
        found = re.search(r'class="field-error[^"]*"[^>]*>(.*?)</p>', page, re.S)
        sentence = html.unescape(re.sub(r"<[^>]*>", "", found[1])).strip() if found else ""
        check(sentence, f"a file was answered {status} without a sentence")
        return sentence


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


class Attack:
    """Sends files and looks at what they cost."""

    def __init__(self, server):
        self.server, self.owner = server, Owner(server)
        check(self.owner.sign_in(), "the owner cannot sign in")
        self.start = server.memory()[1]
        self.read, self.refused, self.most, self.longest = 0, 0, 0, 0.0

    def send(self, what, name, content, quiet=False):
        # From here on the peak of memory is counted from zero.
        pathlib.Path(f"/proc/{self.server.process.pid}/clear_refs").write_text("5")
        computed = self.server.processor()
        try:
            sentence = self.owner.upload(name, content)
        except OSError as error:
            check(False, f"{what}: the server is gone: {error!r}")
        memory, computed = self.server.memory()[0] - self.start, self.server.processor() - computed
        line = f"{what}: {len(content) / MB:.1f} MB, {memory / MB:+.0f} MB, {computed:.1f} s: {sentence or 'read'}"
        if not quiet:
            print(line, flush=True)
        check(self.server.alive() and memory <= MOST_MEMORY and computed <= MOST_SECONDS, line)
        self.read, self.refused = self.read + (not sentence), self.refused + bool(sentence)
        self.most, self.longest = max(self.most, memory), max(self.longest, computed)
        return sentence


def campaign(seconds):
    ended, seed = time.monotonic() + seconds, int(os.environ.get("ROSTER_TEST_SEED", random.randrange(1 << 32)))
    chance = random.Random(seed)
    with Server() as server:
        attack = Attack(server)
        check(not attack.send(f"a real workbook of {ROWS} rows", "real.xlsx", real(ROWS)), "a real workbook is refused")
        for what, name, make in attacks():
            attack.send(what, name, make())
        print(f"by chance, ROSTER_TEST_SEED={seed}")
        files = 0
        while files < 50 or time.monotonic() < ended:
            attack.send("by chance", "x.xlsx", by_chance(chance), quiet=True)
            files += 1
    print(f"{attack.read} files read, {attack.refused} refused; at most {attack.most / MB:+.0f} MB and {attack.longest:.1f} s")


run(campaign)
