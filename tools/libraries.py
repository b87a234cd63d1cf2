#!/usr/bin/env python3
"""Fails when a library has a licence that `deny.toml` does not allow, or comes in one more version than it names. Reads what cargo says of
the crates that are compiled for the server, the browser, the tests and the tools; a second, and nothing is asked of anybody.
`tools/deny.sh` compiles cargo-deny for some minutes to look at the rest: sources, other machines, known faults."""

import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
BROWSER = "wasm32-unknown-unknown"
SOME = {"MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"}
# Expressions that the self-test takes with the list above, and that it does not.
TAKEN = ["MIT", "Apache-2.0/MIT", "GPL-3.0-only OR MIT", "(MIT OR GPL-3.0-only) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
REFUSED = ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "GPL-3.0-only AND MIT OR ISC", "(MIT", "MIT MIT", "MIT WITH LLVM-exception"]


def cargo(*words):
    return subprocess.run(["cargo", *words], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def host():
    return subprocess.run(["rustc", "--print", "host-tuple"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def crates(target, edges, *which):
    """The crates of a build, as cargo shows them: depth, name, version, licence, and whether it is one of this workspace."""
    form = "\t{p}\t{l}"
    tree = cargo("tree", "--locked", "--target", target, "--edges", edges, "--prefix", "depth", "--format", form, *which)
    return list(read(tree))


def read(tree):
    for line in tree.splitlines():
        # An empty line separates the crates that were asked for.
        if "\t" in line:
            depth, crate, licence = line.split("\t")
            name, version, *rest = crate.split(" ")
            yield int(depth), name, version.removeprefix("v"), licence.removesuffix(" (*)"), any(word.startswith("(/") for word in rest)


def spdx(licence):
    """The expression as the standard has it: older crates write a slash for «or»."""
    return re.sub(r"\s*/\s*", " OR ", licence)


def allowed(licence, allow):
    """Whether an expression is met by the licences of a list."""
    tokens = re.findall(r"[()]|[^\s()]+", spdx(licence))

    def any_of():
        met = all_of()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            met = all_of() or met
        return met

    def all_of():
        met = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            met = one() and met
        return met

    def one():
        token = tokens.pop(0) if tokens else ""
        if token == "(":
            met = any_of()
            return (tokens.pop(0) if tokens else "") == ")" and met
        if tokens[:1] == ["WITH"]:
            token = " ".join([token, tokens.pop(0), *tokens[:1]])
            del tokens[:1]
        return token in allow

    return any_of() and not tokens


def newcomers(found, skip):
    """The libraries of which more than one version is there that the list does not name."""
    versions = {}
    for name, version in found:
        if not any(known == name and (version + ".").startswith(number + ".") for known, number in skip):
            versions.setdefault(name, set()).add(version)
    return {name: sorted(several) for name, several in versions.items() if len(several) > 1}


def test():
    for licence in TAKEN:
        assert allowed(licence, SOME), f"refused: {licence}"
    for licence in REFUSED:
        assert not allowed(licence, SOME), f"taken: {licence}"
    found = [("a", "1.2.0"), ("a", "2.0.0"), ("b", "0.10.1"), ("b", "0.1.0"), ("c", "1.0.0"), ("c", "1.0.0")]
    assert newcomers(found, [("a", "1"), ("b", "0.2")]) == {"b": ["0.1.0", "0.10.1"]}
    assert newcomers(found, [("a", "2"), ("b", "0.1")]) == {}, "0.10 is not 0.1"
    tree = "0\tserver v0.1.0 (/some/where)\tMIT\n1\ta v1.2.0 (proc-macro)\tMIT/ISC (*)\n\n"
    assert list(read(tree)) == [(0, "server", "0.1.0", "MIT", True), (1, "a", "1.2.0", "MIT/ISC", False)]


def main():
    test()
    rules = tomllib.loads((ROOT / "deny.toml").read_text(encoding="utf-8"))
    every = "normal,build,dev"
    found = crates(host(), every, "--workspace", "--exclude", "frontend") + crates(BROWSER, every, "--package", "frontend")
    libraries = {(name, version): licence for _, name, version, licence, own in found if not own}
    faults = [f"{name} {version}: the licence {licence or '(none)'} is not one that deny.toml allows"
              for (name, version), licence in sorted(libraries.items()) if not allowed(licence, set(rules["licenses"]["allow"]))]
    skip = [tuple(entry["crate"].split(":")) for entry in rules["bans"]["skip"]]
    faults += [f"{name}: {', '.join(versions)}; deny.toml does not know that there are several"
               for name, versions in sorted(newcomers(libraries, skip).items())]
    print("\n".join(faults) or f"{len(libraries)} libraries, with licences that are allowed and no new versions beside each other.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
