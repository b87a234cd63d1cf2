#!/usr/bin/env python3
"""Fails when SQL is outside the crate `store`, which alone knows the tables, and when another crate uses what is meant for the store: keys
of apps that nobody has looked up, rows that are written without asking who may. In the store itself imports alone write such rows, and what
makes a change is in `change` alone. No statement lets the database choose a key (docs/adr/0014-keys.md). What one engine alone understands,
and the driver's types, are in its folder and in the search. Tests and the benchmark may look at the tables: the former to see what is
really there, the latter to measure what the database itself takes."""

import pathlib
import re
import sys

from rust_paths import Crate
from rust_text import code, sources

ROOT = pathlib.Path(__file__).resolve().parent.parent
CRATES = ["domain", "jobs", "sample", "words", "app", "server", "frontend"]
RULES = [
    # A call that takes SQL, and a text that is SQL, over any number of lines.
    ("SQL", re.compile(r"(?<![.\w])(?:query|query_as|query_scalar|raw_sql)(?:_with)?\s*(?:::\s*<|\()|\bQueryBuilder\b"), []),
    ("SQL", re.compile(r"\"\s*(?:SELECT|INSERT|UPDATE|DELETE FROM|PRAGMA|WITH|CREATE|REPLACE) [^\"]*[A-Za-z_*$]", re.S), []),
    ("a key of an app that was not looked up", re.compile(r"\bAppId::of_row\b"), ["domain"]),
]
# The modules of the store whose functions neither ask for a permission nor write an event, and who may use them all the same.
WRITES_ROWS = re.compile(r"(account|group|group/member|message)/rows")
MAY_WRITE_ROWS = ["sample", "store/import"]
# Who has one can finish a change; only the macro `in_change!` is to do that.
TRIES, CHANGE = re.compile(r"\bTries\b"), "change"
# A table whose rows have a key of their own, and the columns that a statement fills in.
KEYED = re.compile(r'^CREATE TABLE "?(\w+)"? \(\s*id\s+INTEGER PRIMARY KEY\b', re.M)
FILLED = re.compile(r'INSERT (?:OR \w+ )?INTO (?:\\?")?(\w+)(?:\\?")?\s*(?:\(([^()]*)\))?')
CHOSEN_BY_SQLITE = re.compile(r"\bAUTOINCREMENT\b|\blast_insert_rowid\b", re.I)
# The store outside the engine's folder. Rows are derived, and the surface over the driver names each engine once.
ENGINE = ("db/sqlite/", "db/driver/sqlite/")
SURFACE = re.compile(r"db/(conn|query|fault|sql|driver/statement)\.rs")
# SQLite's too, and still to be moved into its folder.
SEARCH = re.compile(r"db/term\.rs|db/search/.*")
DRIVER = re.compile(r"\bsqlx::(?!FromRow\b)|\bSqlite\w*|\bAssertSqlSafe\b")
WORDS = re.compile(r"\bjsonb?_(?!lines?\b)\w+\s*\(|\bINDEXED BY\b|\bCROSS JOIN\b|\b(?:MATCH|GLOB) |\bfts5|\bPRAGMA\b|\bpragma_\w+|\browid\b|\bsqlite_|\bunhex\(|\bgroup_concat\(|\bVACUUM\b|LIMIT -1", re.S)
STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
FOUND_ENGINE = ['"FROM jsonb_each($1)"', "use sqlx::SqliteConnection;", "fn f(db: &mut SqliteConnection)", 'query("SELECT value FROM json_each($1)")', 'sql!("FROM a CROSS JOIN b ON c")', '"DELETE FROM t WHERE rowid = 1"', "sqlx::query(s)", '"PRAGMA optimize"', '"SELECT seq\n FROM sqlite_sequence"']
FINE_ENGINE = ["#[derive(sqlx::FromRow)]", '#[sqlx(rename = "type")]', 'sql!("FROM @items($1) @join t ON t.n = item.value")', "fn json_line() { json_lines(x); is_json_line(y) }", "match self { Self::Match => MATCH }"]
# What the rules have to find, and what not.
FOUND = ["sqlx::query(sql)", "query_as::<_, Row>(sql)", 'let s = "DELETE FROM t WHERE id = $1";', '"SELECT seq, item\n     FROM job_item"', 'concat!("INSERT INTO job (id)\n", x)']
FOUND_ROWS = [
    "store::account::rows::insert_rows(db)",
    "use store::account::rows;\nfn f() { rows::insert_rows(db) }",
    "use store::{Scope, group::{member::rows, read}};",
    "use store::{message::{rows::NewRow as New}};",
    "use store::account as people;\nfn f() { people::rows::insert_rows(db) }",
    "use store::member::rows::make_admins;",
    "use store::account::*;\nfn f() { rows::insert_rows(db) }",
    "use store::insert_rows;",
]
FINE_ROWS = ["use store::{account, session as rows};\nfn f() { rows::load(db); account::read(db) }", "use store::export::rows::Reading;", "use super::rows::Rows;"]
FINE = ['"SELECTED"', "form.query()", '"Update the group"', "request.uri().query()", '"With 3 groups"']


def faults(crate, text):
    for name, rule, but in RULES:
        if crate not in but:
            for match in rule.finditer(text):
                yield match.start(), name


def unkeyed(tables, text):
    """Where a row is inserted without its key."""
    for match in FILLED.finditer(text):
        table, columns = match.groups()
        if table in tables and "id" not in re.findall(r"\w+", columns or ""):
            yield match.start()
    for match in CHOSEN_BY_SQLITE.finditer(text):
        yield match.start()


def of_engine(place, text):
    """What belongs into the engine's folder."""
    if place.startswith(ENGINE) or SEARCH.fullmatch(place):
        return
    if not SURFACE.fullmatch(place):
        yield from ((match.start(), "the driver outside the engine's folder") for match in DRIVER.finditer(text))
    for string in STRING.finditer(text):
        if WORDS.search(string.group()):
            yield string.start(), "words of one engine, for which sql! has tokens"


def rows_used(name, crate, store):
    """Where a crate writes rows of the store without asking, in the store itself too."""
    writing = {path for path in store.modules if WRITES_ROWS.fullmatch("/".join(path))}
    for here, module in crate.modules.items():
        place = "/".join((name, *here))
        if any(f"{place}/".startswith(f"{may}/") for may in MAY_WRITE_ROWS) or name == "store" and here in writing:
            continue
        for path in module.paths:
            there, outside = crate.trace(here, path, inside=True)
            if outside[:1] == ("store",):
                there = store.find((), ("crate", *outside[1:]))
            elif name != "store":
                continue
            # Everything of a module includes the rows below it.
            if there in writing or path[-1] == "*" and there is not None and any(rows[:len(there)] == there for rows in writing):
                yield f"{module.place}: rows without a permission and an event: {'::'.join(path)!r}"


def tries(name, crate):
    """Where a change could be finished by hand."""
    for here, module in crate.modules.items():
        if TRIES.search(module.text) and (name, *here[:1]) != ("store", CHANGE):
            yield f"{module.place}: Tries, which only in_change! uses"


def test():
    for text in FOUND:
        assert any(faults("app", text)), f"not found: {text}"
    for text in FINE:
        assert not any(faults("app", text)), f"found: {text}"

    tables = KEYED.findall('CREATE TABLE "group" (\n    id INTEGER PRIMARY KEY,\nCREATE TABLE member (\n  group_id INTEGER);\nCREATE TABLE job (\n    id   INTEGER PRIMARY KEY')
    assert tables == ["group", "job"], tables
    for text in ('INSERT INTO \\"group\\" (app_id,\n name) VALUES', "INSERT INTO job SELECT 1", "INSERT INTO job (app_id, job_id)", "SELECT last_insert_rowid()"):
        assert len(list(unkeyed(tables, text))) == 1, f"not found: {text}"
    for text in ('INSERT INTO \\"group\\" (id, app_id) VALUES', "INSERT INTO member (group_id)", "INSERT INTO job_item (seq)"):
        assert not list(unkeyed(tables, text)), f"found: {text}"
    for text in FOUND_ENGINE:
        assert any(of_engine("group/mod.rs", text)), f"not found: {text}"
        assert not any(of_engine("db/sqlite/open.rs", text)), f"found in the engine's folder: {text}"
    for text in FINE_ENGINE:
        assert not any(of_engine("group/mod.rs", text)), f"found: {text}"

    def crate(texts):
        return Crate({tuple(path.split("/")) if path else (): ("x.rs", text) for path, text in texts.items()})

    kept = {
        "": "pub use group::member;\npub use account::rows::insert_rows;\n", "account/rows": "pub fn insert_rows() {}\n",
        "account": "", "group": "", "group/member": "", "group/member/rows": "pub fn make_admins() {}\n", "message": "",
        "message/rows": "", "export": "", "export/rows": "", "import": "use crate::account::rows;\n", "session": "",
    }
    store = crate(kept)
    for text in FOUND_ROWS:
        assert any(rows_used("jobs", crate({"": text}), store)), f"not found: {text}"
        assert not any(rows_used("sample", crate({"": text}), store)), f"found in sample: {text}"
    for text in FINE_ROWS:
        assert not any(rows_used("jobs", crate({"": "", "a": text, "rows": ""}), store)), f"found: {text}"
    # The store's own root gives one function away above; beside that imports alone may.
    assert len(list(rows_used("store", store, store))) == 1
    for place, text in (("session", "use crate::account;\nfn f() { account::rows::insert_rows() }"), ("group/member", "use self::rows::make_admins;")):
        assert len(list(rows_used("store", crate(kept | {place: text}), store))) == 2, text
    used = {"": "use store::change::Tries;\n", "change": "// Tries\nfn entries() {}\n", "change/spec": "pub struct Tries(u32);\n"}
    assert len(list(tries("store", crate(used)))) == 1 and len(list(tries("jobs", crate(used)))) == 2


def main():
    test()
    out = []
    for crate in CRATES:
        for file in sources(ROOT / crate / "src"):
            text = code(file.read_text(encoding="utf-8"))
            out += [f"{file.relative_to(ROOT)}: {name}: {text[at:at + 60].strip()!r}" for at, name in faults(crate, text)]
    schema = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "migrations").glob("*.sql")))
    tables = KEYED.findall(schema)
    for place, text in [(file.relative_to(ROOT), code(file.read_text(encoding="utf-8"))) for file in sources(ROOT / "store" / "src")] + [("migrations", schema)]:
        out += [f"{place}: a row whose key the database chooses: {text[at:at + 60].strip()!r}" for at in unkeyed(tables, text)]
    for file in sources(ROOT / "store" / "src"):
        text, place = code(file.read_text(encoding="utf-8")), file.relative_to(ROOT / "store" / "src").as_posix()
        out += [f"{file.relative_to(ROOT)}: {name}: {text[at:at + 80].strip()!r}" for at, name in of_engine(place, text)]
    crates = {name: Crate.read(ROOT, ROOT / name / ("operations" if name == "tests" else "src")) for name in [*CRATES, "store", "bench", "tests"]}
    for name, crate in crates.items():
        out += tries(name, crate)
        if name not in ("bench", "tests"):
            out += rows_used(name, crate, crates["store"])
    print("\n".join(out) or f"No SQL in {', '.join(CRATES)}; no words of one engine in the store outside its folder and the search.")
    return 1 if out else 0


sys.exit(main())
