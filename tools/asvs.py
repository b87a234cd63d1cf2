#!/usr/bin/env python3
"""Checks that docs/asvs.md is complete and true: each requirement of levels 1 and 2 once, with its level, and every test that it names exists."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "asvs.md"
# ASVS 5.0.0: section, then its requirements of level 1 and of level 2. Those of level 3 are left out.
REQUIREMENTS = """
1.1::1-2 1.2:1-5:6-9 1.3:1-2:3-11 1.4::1-3 1.5:1:2
2.1:1:2-3 2.2:1-2:3 2.3:1:2-4 2.4::1
3.2:1-2: 3.3:1:2-4 3.4:1-2:3-6 3.5:1-3:4-5 3.7::1-2
4.1:1:2-3 4.2::1 4.3::1-2 4.4:1:2-4
5.1::1 5.2:1-2:3 5.3:1-2: 5.4::1-3
6.1:1:2-3 6.2:1-8:9-12 6.3:1-2:3-4 6.4:1-2:3-4 6.5::1-5 6.6::1-3 6.8::1-4
7.1::1-3 7.2:1-4: 7.3::1-2 7.4:1-2:3-5 7.5::1-2 7.6::1-2
8.1:1:2 8.2:1-2:3 8.3:1: 8.4::1
9.1:1-3: 9.2:1:2-4
10.1::1-2 10.2::1-2 10.3::1-4 10.4:1-5:6-11 10.5::1-5 10.6::1-2 10.7::1-3
11.1::1-2 11.2::1-3 11.3:1-2:3 11.4:1:2-4 11.5::1 11.6::1
12.1:1:2-3 12.2:1-2: 12.3::1-4
13.1::1 13.2::1-5 13.3::1-2 13.4:1:2-5
14.1::1-2 14.2:1:2-4 14.3:1:2-3
15.1:1:2-3 15.2:1:2-3 15.3:1:2-7
16.1::1 16.2::1-5 16.3::1-4 16.4::1-3 16.5::1-3
17.1::1 17.2::1-4 17.3::1-2
"""


def requirements():
    """Each requirement's number and level."""
    levels = {}
    for section in REQUIREMENTS.split():
        name, *spans = section.split(":")
        for level, span in enumerate(spans, 1):
            first, _, last = span.partition("-")
            for number in range(int(first), int(last or first) + 1) if first else ():
                levels[f"{name}.{number}"] = level
    return levels


def sources():
    """The text of everything that may hold a test, by the name of its file."""
    texts = {}
    for folder in ("app", "domain", "store", "jobs", "sample", "words", "tests", "server", "tools", "end2end/specs", "end2end/long"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in (".rs", ".ts") and "node_modules" not in file.parts:
                texts[file.name] = texts.get(file.name, "") + file.read_text(encoding="utf-8")
    return texts


def holds(file, name, text):
    """Whether that text holds a test of that name which runs: a helper of the name and a test that is left out are none."""
    if file.endswith(".ts"):
        return bool(re.search(rf"""^[ \t]*test\(\s*(["`]){re.escape(name)}\1""", text, re.M))
    for function in re.finditer(rf"^([ \t]*(?:pub )?(?:async )?)fn {re.escape(name)}\b", text, re.M):
        attributes = []
        # The lines before it, up to the first that is neither attribute nor comment.
        for line in reversed(text[: function.start()].splitlines()):
            line = line.strip()
            if not line.startswith(("#[", "//")):
                break
            attributes.append(line)
        named = any(re.match(r"#\[(tokio::)?test\b", line) for line in attributes)
        if named and not any(re.match(r"#\[(ignore|cfg_attr\(.*\bignore)\b", line) for line in attributes):
            return True
    return False


def main():
    expected, texts, seen, faults = requirements(), sources(), set(), []
    document = TABLE.read_text(encoding="utf-8")
    for line in document.splitlines():
        if not re.match(r"\| \d", line):
            continue
        what, level, answer, reason = (cell.strip() for cell in line.strip("|").split(" | "))
        for number in re.findall(r"(?<![\d.])\d+\.\d+\.\d+(?![\d.])", what):
            if expected.get(number) != int(level):
                faults.append(f"{number}: its level is {expected.get(number)}, not {level}")
            if number in seen:
                faults.append(f"{number}: told twice")
            seen.add(number)
        if answer.strip("*") not in ("yes", "partly", "no", "–"):
            faults.append(f"{what}: the answer {answer!r}")
        if not reason:
            faults.append(f"{what}: neither test nor reason")
    faults += [f"{number}: missing" for number in expected if number not in seen]
    for file, name in re.findall(r"`([\w.-]+\.(?:rs|ts))::([^`]+)`", document):
        if not holds(file, name, texts.get(file, "")):
            faults.append(f"{file} has no test {name!r} that runs")
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in re.findall(r"^#+ (.*)$", security, re.M)}
    faults += [f"SECURITY.md has no heading {anchor!r}" for anchor in re.findall(r"SECURITY\.md#([\w-]+)", document) if anchor not in headings]
    for fault in faults:
        print(f"docs/asvs.md: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
