#!/usr/bin/env python3
"""Looks for import cycles between the modules of a crate, and fails when there is one.

A module is a file or a folder. In each folder the modules beside each other are compared: what anything below one of them imports from
anything below another is an arrow, also by way of a re-export or a macro of theirs: the arrow leads to where the thing is defined. Imports
between a module and its parent are not counted."""

import pathlib
import sys

from rust_paths import Crate

ROOT = pathlib.Path(__file__).resolve().parent.parent
CRATES = ["domain", "store", "jobs", "sample", "words", "app", "server", "bench", "tools/bundle"]


def arrows(crate):
    """For each folder: from which child to which, with the places as witnesses."""
    found = {}
    for here, there, path, place in crate.uses():
        depth = 0
        while depth < min(len(here), len(there)) and here[depth] == there[depth]:
            depth += 1
        if depth == len(here) or depth == len(there):
            continue
        found.setdefault(here[:depth], {}).setdefault((here[depth], there[depth]), []).append(f"{place} imports {'::'.join(path)}")
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


def test():
    crate = Crate({path: ("x.rs", text) for path, text in {
        (): "pub use db::Store;\npub use group::member;\n",
        ("db",): "pub struct Store;\nuse crate::made;\n",
        ("change",): "use crate::{Store, member::Row};\n#[macro_export]\nmacro_rules! made { () => {} }\n",
        ("group",): "pub use self::read::Found;\n",
        ("group", "member"): "use crate::group;\nfn f(found: &group::Found) {}\n",
        ("group", "read"): "use super::member::Row;\n",
    }.items()})
    found = {folder: set(edges) for folder, edges in arrows(crate).items()}
    assert found == {
        (): {("db", "change"), ("change", "db"), ("change", "group")},
        ("group",): {("member", "read"), ("read", "member")},
    }, found
    assert rings(found[()]) == [["change", "db"]] and rings(found["group",]) == [["member", "read"]]
    assert not rings([("a", "b"), ("b", "c"), ("a", "c")])


def main():
    test()
    faults = []
    for crate in CRATES:
        for folder, edges in sorted(arrows(Crate.read(ROOT, ROOT / crate / "src")).items()):
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
