#!/usr/bin/env python3
"""Fails when SQL is outside the crate `store`, which alone knows the tables, and when another crate uses what is meant for the store:
keys of apps that nobody has looked up, rows that are written without asking who may. Tests and the benchmark may look at the tables: the
former to see what is really there, the latter to measure what the database itself takes."""

import pathlib
import re
import sys

from rust_text import code, sources

ROOT = pathlib.Path(__file__).resolve().parent.parent
CRATES = ["domain", "jobs", "sample", "words", "app", "server", "frontend"]
RULES = [
    # A call that takes SQL, and a text that is SQL, over any number of lines.
    ("SQL", re.compile(r"(?<![.\w])(?:query|query_as|query_scalar|raw_sql)(?:_with)?\s*(?:::\s*<|\()|\bQueryBuilder\b"), []),
    ("SQL", re.compile(r"\"\s*(?:SELECT|INSERT|UPDATE|DELETE FROM|PRAGMA|WITH|CREATE|REPLACE) [^\"]*[A-Za-z_*$]", re.S), []),
    ("a key of an app that was not looked up", re.compile(r"\bAppId::of_row\b"), ["domain"]),
    ("rows without a permission and an event", re.compile(r"\b(?:account|group|member|message)::rows::"), ["sample"]),
]
# What the rules have to find, and what not.
FOUND = ["sqlx::query(sql)", "query_as::<_, Row>(sql)", 'let s = "DELETE FROM t WHERE id = $1";', '"SELECT seq, item\n     FROM job_item"', 'concat!("INSERT INTO job (id)\n", x)']
FINE = ['"SELECTED"', "form.query()", '"Update the group"', "request.uri().query()", '"With 3 groups"']


def faults(crate, text):
    for name, rule, but in RULES:
        if crate not in but:
            for match in rule.finditer(text):
                yield match.start(), name


def main():
    for text in FOUND:
        assert any(faults("app", text)), f"not found: {text}"
    for text in FINE:
        assert not any(faults("app", text)), f"found: {text}"
    out = []
    for crate in CRATES:
        for file in sources(ROOT / crate / "src"):
            text = code(file.read_text(encoding="utf-8"))
            out += [f"{file.relative_to(ROOT)}: {name}: {text[at:at + 60].strip()!r}" for at, name in faults(crate, text)]
    print("\n".join(out) or f"No SQL in {', '.join(CRATES)}.")
    return 1 if out else 0


sys.exit(main())
