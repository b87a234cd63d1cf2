#!/usr/bin/env python3
"""Looks for import cycles between the modules of a crate, and fails when there is one.

A module is a file or a folder. In each folder the modules beside each other are compared: what anything below one of them imports from
anything below another is an arrow. Imports between a module and its parent are not counted."""

import pathlib
import re
import sys

from rust_text import names, sources

ROOT = pathlib.Path(__file__).resolve().parent.parent
CRATES = ["domain", "store", "jobs", "sample", "words", "app", "server", "bench", "tools/bundle"]
TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|::|[{},;*]|\S")


def modules(source):
    """Each module's path, as a tuple of names, and its file."""
    found = {}
    for file in sources(source):
        parts = list(file.relative_to(source).with_suffix("").parts)
        if parts[-1] in ("mod", "lib", "main"):
            parts.pop()
        found[tuple(parts)] = file
    return found


def paths(text):
    """Every path that begins with `crate`, `super` or `self`, those in braces written out."""
    for match in re.finditer(r"\b(crate|super|self)\b(?=\s*::)", text):
        if re.search(r"::\s*$", text[max(0, match.start() - 4):match.start()]):
            continue
        tokens = (token.group() for token in TOKEN.finditer(text, match.start()))
        yield from expand(tokens)


def expand(tokens):
    """The paths of one use tree; reads tokens to its end."""
    stack, prefix, pending = [], [], True
    out = []
    for token in tokens:
        if token == "::":
            pending = True
        elif token == "{" and pending and prefix:
            stack.append(list(prefix))
        elif token == "," and stack:
            out.append(tuple(prefix))
            prefix, pending = list(stack[-1]), True
        elif token == "}" and stack:
            out.append(tuple(prefix))
            prefix = stack.pop()
            pending = False
            if not stack:
                break
        elif token == "*" and pending:
            pending = False
        elif re.match(r"[A-Za-z_]", token) and pending:
            prefix.append(token)
            pending = False
        elif token == "as" or (stack and re.match(r"[A-Za-z_]", token)):
            pending = False
        elif not stack:
            break
    out.append(tuple(prefix))
    return out


def target(known, here, path):
    """The module that a path leads to, from the module `here`."""
    base = list(here)
    parts = list(path)
    if parts[0] == "crate":
        base, parts = [], parts[1:]
    elif parts[0] == "self":
        parts = parts[1:]
    while parts and parts[0] == "super":
        if not base:
            return None
        base.pop()
        parts = parts[1:]
    for part in parts:
        if tuple(base + [part]) not in known:
            break
        base.append(part)
    return tuple(base)


def arrows(source):
    """For each folder: from which child to which, with one place as a witness."""
    known = modules(source)
    found = {}
    for here, file in known.items():
        for path in paths(names(file.read_text(encoding="utf-8"))):
            there = target(known, here, path)
            if there is None:
                continue
            depth = 0
            while depth < min(len(here), len(there)) and here[depth] == there[depth]:
                depth += 1
            if depth == len(here) or depth == len(there):
                continue
            found.setdefault(here[:depth], {}).setdefault((here[depth], there[depth]), []).append(
                f"{file.relative_to(ROOT)} imports {'::'.join(path)}")
    return found


def rings(edges):
    """The strongly connected parts of more than one node (Tarjan, without deep recursion)."""
    graph = {}
    for a, b in edges:
        graph.setdefault(a, set()).add(b)
        graph.setdefault(b, set())
    index, low, stack, out = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for next_ in sorted(graph[node]):
            if next_ not in index:
                visit(next_)
                low[node] = min(low[node], low[next_])
            elif next_ in stack:
                low[node] = min(low[node], index[next_])
        if low[node] == index[node]:
            part = []
            while True:
                part.append(stack.pop())
                if part[-1] == node:
                    break
            if len(part) > 1:
                out.append(sorted(part))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return out


def main():
    faults = []
    for crate in CRATES:
        for folder, edges in sorted(arrows(ROOT / crate / "src").items()):
            where = "/".join((crate, "src", *folder))
            for ring in rings(edges):
                inside = [(a, b) for a, b in edges if a in ring and b in ring]
                faults.append(f"{where}: {', '.join(ring)} import each other in a ring, with {len(inside)} arrows")
                for (a, b), places in sorted(edges.items()):
                    if a in ring and b in ring:
                        faults.append(f"    {a} -> {b}: {len(places)}, such as {places[0]}")
    print("\n".join(faults) or f"No ring in {', '.join(CRATES)}.")
    return 1 if faults else 0


sys.exit(main())
