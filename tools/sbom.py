#!/usr/bin/env python3
"""Writes what Roster's binary is made of: `roster.cdx.json`, a bill of materials in CycloneDX 1.6, and `THIRD-PARTY-NOTICES`, the licences
as the libraries bring them.  sbom.py BINARY writes both beside it; sbom.py alone only says what would be wrong.

Why not a ready tool: cargo-cyclonedx and cargo-about are compiled for minutes each, and describe one crate's tree, while this binary also
holds the browser's program, SQLite and more that is no crate. Counted is what is linked: neither macros nor what only builds or tests."""

import datetime
import hashlib
import json
import os
import pathlib
import re
import sys
import tomllib
import uuid

import libraries
from libraries import ROOT, cargo, crates, spdx

LINKED = "normal,no-proc-macro"
# What crates bring that is not Rust. A crate that links something and is not listed here is an error.
# Crate: name, licence, the place of its version, its package URL, its name in the lists of known vulnerabilities.
BROUGHT = {
    "libsqlite3-sys": ("sqlite", "blessing", "sqlite3/sqlite3.h", r'#define SQLITE_VERSION\s+"([\d.]+)"',
                       "pkg:generic/sqlite@{}", "cpe:2.3:a:sqlite:sqlite:{}:*:*:*:*:*:*:*"),
    "libmimalloc-sys": ("mimalloc", "MIT", "c_src/mimalloc/v3/include/mimalloc.h", r"#define MI_MALLOC_VERSION (\d+)",
                        "pkg:github/microsoft/mimalloc@v{}", "cpe:2.3:a:microsoft:mimalloc:{}:*:*:*:*:*:*:*"),
}
LINKS_NOTHING = {"wasm-bindgen-shared"}
# It is next to SQLite and is not compiled.
NOT_COMPILED = {"sqlcipher"}
NOTICE = re.compile(r"(licen[cs]es?|copying|copyright|notice|unlicense)(?![a-z])(?!.*\.(rs|toml|json|html)$)", re.I)


class Library:
    """A crate that is linked."""

    def __init__(self, package, checksum):
        self.name, self.version = package["name"], package["version"]
        self.licence = spdx(package["license"] or "")
        self.repository, self.authors = package["repository"], package["authors"]
        self.folder = pathlib.Path(package["manifest_path"]).parent
        self.links, self.checksum = package["links"], checksum
        self.purl = f"pkg:cargo/{self.name}@{self.version}"
        self.parts, self.needs = set(), set()

    def texts(self):
        """Its licences and notices, by their names within the crate."""
        found = {}
        for file in sorted(self.folder.rglob("*")):
            inside = file.relative_to(self.folder)
            if file.is_file() and any(map(NOTICE.match, inside.parts)) and not NOT_COMPILED & set(inside.parts):
                found[str(inside)] = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip("\n")
        return found

    def component(self):
        said = {
            "type": "library", "bom-ref": self.purl, "name": self.name, "version": self.version, "purl": self.purl,
            "licenses": [{"expression": self.licence}],
            "hashes": [{"alg": "SHA-256", "content": self.checksum}],
            "properties": [{"name": "roster:part", "value": part} for part in sorted(self.parts)],
        }
        if self.repository:
            said["externalReferences"] = [{"type": "vcs", "url": self.repository}]
        return said


def linked(target):
    """The libraries of the server and of the browser's program, and those that Roster itself needs."""
    packages = json.loads(cargo("metadata", "--format-version", "1", "--locked", "--filter-platform", target))["packages"]
    packages = {(package["name"], package["version"]): package for package in packages}
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    sums = {(package["name"], package["version"]): package.get("checksum") for package in lock}
    found, own = {}, set()
    for part, machine, crate in (("server", target, "server"), ("browser", libraries.BROWSER, "frontend")):
        arrows(part, crates(machine, LINKED, "--package", crate), lambda key: Library(packages[key], sums[key]), found, own)
    return found, own


def arrows(part, tree, library, found, own):
    """Notes which crate needs which. What a crate of Roster needs, Roster needs."""
    above = []
    for depth, name, version, _, ours in tree:
        key = (name, version)
        del above[depth:]
        if not ours:
            if key not in found:
                found[key] = library(key)
            found[key].parts.add(part)
            (found[above[-1]].needs if above and above[-1] else own).add(key)
        above.append(None if ours else key)


def brought(found):
    """The components that are no crates, the crate that brings each, and what is wrong."""
    more, faults = [], []
    for key, library in sorted(found.items()):
        if library.name in BROUGHT:
            name, licence, file, form, purl, cpe = BROUGHT[library.name]
            match = re.search(form, (library.folder / file).read_text(encoding="utf-8"))
            if not match:
                faults.append(f"{library.name}: no version of {name} in {file}")
                continue
            version = dotted(match[1])
            more.append((key, {
                "type": "library", "bom-ref": purl.format(version), "name": name, "version": version, "purl": purl.format(version),
                "cpe": cpe.format(version), "licenses": [{"license": {"id": licence}}],
            }))
        elif library.links and library.name not in LINKS_NOTHING:
            faults.append(f"{library.name} links {library.links}: tools/sbom.py has to know what that is")
    return more, faults


def dotted(version):
    """mimalloc says 30302 for 3.3.2."""
    return version if "." in version else ".".join(str(int(part)) for part in (version[:-4], version[-4:-2], version[-2:]))


def toolchain(own):
    """The standard library, and the list of passwords, which Roster needs itself."""
    version = re.search(r"^release: (\S+)$", cargo("--version", "--verbose"), re.M)[1]
    rust = {"type": "library", "bom-ref": f"pkg:github/rust-lang/rust@{version}", "name": "std", "version": version,
            "description": "The standard library of Rust", "licenses": [{"expression": "MIT OR Apache-2.0"}],
            "purl": f"pkg:github/rust-lang/rust@{version}", "cpe": f"cpe:2.3:a:rust-lang:rust:{version}:*:*:*:*:*:*:*"}
    words = {"type": "data", "bom-ref": "most-used-passwords", "name": "most-used-passwords",
             "description": "Put together from @zxcvbn-ts/language-common, Django and SecLists",
             "licenses": [{"expression": "MIT AND BSD-3-Clause"}]}
    own.update([rust["bom-ref"], words["bom-ref"]])
    return [rust, words]


def bill(found, own, more, target, version, binary):
    """The bill of materials. The same sources give the same number."""
    ref = {key: library.purl for key, library in found.items()}
    needs = {library.purl: {ref[key] for key in library.needs} for library in found.values()}
    extra = toolchain(own)
    for key, component in more:
        needs[ref[key]].add(component["bom-ref"])
        extra.append(component)
    needs |= {component["bom-ref"]: set() for component in extra}
    needs["roster"] = {ref.get(key, key) for key in own}
    components = [library.component() for _, library in sorted(found.items())] + extra
    said = json.dumps([target, version, components], sort_keys=True)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.now(datetime.UTC)
    roster = {"type": "application", "bom-ref": "roster", "name": "roster", "version": version,
              "licenses": [{"expression": "MIT OR Apache-2.0"}]}
    if binary:
        roster["hashes"] = [{"alg": "SHA-256", "content": hashlib.sha256(binary.read_bytes()).hexdigest()}]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, said)}",
        "metadata": {
            "timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "lifecycles": [{"phase": "build"}], "component": roster,
            "properties": [{"name": "roster:target", "value": target}],
        },
        "components": components,
        "dependencies": [{"ref": one, "dependsOn": sorted(needs[one])} for one in sorted(needs)],
    }


def notices(found):
    """Each licence text once, with the libraries that have it, and what is wrong."""
    texts, faults = {}, []
    all_texts = {key: library.texts() for key, library in found.items()}
    mit = (ROOT / "LICENSE-MIT").read_text(encoding="utf-8").strip("\n")
    for key, library in sorted(found.items()):
        own = all_texts[key]
        if not own:
            # Crates of one repository often leave its licence in the folder of the first of them. Under another licence it would be no text
            # of theirs.
            near = [key for key, other in sorted(found.items())
                    if all_texts[key] and (other.repository, other.licence) == (library.repository, library.licence)]
            if library.repository and near:
                other = found[near[0]]
                own = {f"{file} of {other.name} {other.version} in the same repository, as it brings none": text
                       for file, text in all_texts[near[0]].items()}
            elif "MIT" in re.findall(r"[^\s()]+", library.licence):
                people = ", ".join(library.authors) or f"the authors of {library.name}"
                own = {"its usual text, as it brings none": re.sub(r"^Copyright .*$", lambda _: f"Copyright (c) {people}", mit, count=1, flags=re.M)}
            else:
                faults.append(f"{library.name} {library.version}: {library.licence}, without a text")
        for file, text in own.items():
            texts.setdefault(" ".join(text.split()), (text, []))[1].append(f"{library.name} {library.version} ({file})")
    return sorted(texts.values(), key=lambda entry: (-len(entry[1]), entry[1])), faults


def written(found, more, texts, version):
    """The file of notices."""
    line = "=" * 80
    said = [f"Roster {version} is made of the libraries below. Their licence texts follow, each once, as the libraries bring them.",
            "What the standard library of Rust is made of is in COPYRIGHT-library.html.", ""]
    for _, library in sorted(found.items()):
        said.append("  ".join(filter(None, (f"{library.name} {library.version}", library.licence, library.repository))))
    for key, component in more:
        licence = component["licenses"][0]["license"]["id"]
        said.append(f"{component['name']} {component['version']}  {licence}  in {key[0]}")
    for text, whose in texts:
        said += ["", line, *whose, line, "", text]
    said += ["", line, "The list of the most used passwords", line, "",
             (ROOT / "store/passwords/LICENSES.txt").read_text(encoding="utf-8").strip("\n")]
    return "\n".join(said) + "\n"


def test():
    class Part:
        def __init__(self, name="", licence="", repository=None, text=None):
            self.parts, self.needs = set(), set()
            self.name, self.version, self.licence, self.repository, self.authors = name, "1", licence, repository, ["Ann"]
            self.text = text

        def texts(self):
            return {"LICENSE": self.text} if self.text else {}

    found, own = {}, set()
    tree = [(0, "server", "1", "", True), (1, "a", "1", "", False), (2, "b", "1", "", False), (1, "store", "1", "", True), (2, "b", "1", "", False)]
    arrows("server", tree, lambda key: Part(), found, own)
    assert own == {("a", "1"), ("b", "1")} and found["a", "1"].needs == {("b", "1")} and not found["b", "1"].needs
    assert (dotted("30302"), dotted("3.51.1")) == ("3.3.2", "3.51.1")
    parts = [Part("a", "MIT", "r", "Text of a"), Part("b", "Apache-2.0", "r", "Text of b"), Part("c", "Apache-2.0", "r"),
             Part("d", "MIT OR Zlib", "r"), Part("e", "Zlib", "r"), Part("f", "Apache-2.0")]
    texts, faults = notices({(part.name, part.version): part for part in parts})
    whose = {one: text for text, all_ in texts for one in all_}
    assert whose["c 1 (LICENSE of b 1 in the same repository, as it brings none)"] == "Text of b", whose
    assert "Copyright (c) Ann" in whose["d 1 (its usual text, as it brings none)"] and len(whose) == 4
    assert faults == ["e 1: Zlib, without a text", "f 1: Apache-2.0, without a text"], faults
    for name in ("LICENSE", "LICENSE-MIT.md", "LICENSE_MIT", "COPYING", "NOTICE.txt", "license.txt", "LICENSES"):
        assert NOTICE.match(name), name
    for name in ("license.rs", "notices.rs", "src", "LICENSE.html", "licensed"):
        assert not NOTICE.match(name), name


def main():
    test()
    binary = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    target = libraries.host()
    version = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["package"]["version"]
    found, own = linked(target)
    more, faults = brought(found)
    texts, missing = notices(found)
    faults += missing + [f"{library.name} {library.version}: not from a registry, no checksum" for library in found.values() if not library.checksum]
    if faults:
        print("\n".join(faults))
        return 1
    said = bill(found, own, more, target, version, binary)
    if binary:
        (binary.parent / "roster.cdx.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (binary.parent / "THIRD-PARTY-NOTICES").write_text(written(found, more, texts, version), encoding="utf-8")
    print(f"{len(said['components'])} components of {target}, {len(texts)} licence texts.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
