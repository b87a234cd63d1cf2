"""Where the paths in Rust text lead: the modules of a crate, what each imports, and the module in which something is defined."""

import re

from rust_text import names, sources

TOKEN = re.compile(r"[A-Za-z_]\w*|::|[{},*]")
USE = re.compile(r"^( *)(?:pub(?:\([^)]*\))? +)?use\s+([^;]+);", re.M)
PATH = re.compile(r"(?<![\w:.])[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+")
ITEM = re.compile(r"\b(?:fn|struct|enum|union|trait|type|const|static|macro_rules!)\s+([A-Za-z_]\w*)")
MACRO = re.compile(r"#\[macro_export\]\s*macro_rules!\s+(\w+)")


def tree(text):
    """The paths of one use tree, each with the name that it gives; the name is `*` for everything."""
    stack, path, out, name, last = [], (), [], None, None

    def end():
        if last in ("}", "{", ",", None):
            return
        whole = path[:-1] if path[-1] == "self" and stack and len(path) > 1 else path
        out.append((whole, name or whole[-1]))

    for token in TOKEN.findall(text):
        if token == "{":
            stack.append(path)
        elif token in ",}":
            end()
            path, name = stack[-1] if stack else (), None
            if token == "}" and stack:
                path = stack.pop()
        elif last == "as":
            name = token
        elif token not in ("::", "as"):
            path += (token,)
        last = token
    end()
    return out


class Module:
    """One file: what stands in it."""

    def __init__(self, place, text):
        self.place, self.text = place, names(text)
        uses = [(found[1], tree(found[2])) for found in USE.finditer(self.text)]
        # Every path that stands here, the trees written out.
        self.paths = [path for _, used in uses for path, _ in used]
        self.paths += [tuple(found.group().split("::")) for found in PATH.finditer(USE.sub("", self.text))]
        # What a name means below this file's functions, and what it means for others: what is imported at the left margin.
        self.inside = {name: path for _, used in uses for path, name in used if name != "*"}
        self.names = {name: path for indent, used in uses if not indent for path, name in used if name != "*"}
        self.everything = [path[:-1] for indent, used in uses if not indent for path, name in used if name == "*"]
        self.items = set(ITEM.findall(self.text))


class Crate:
    """The modules of a crate, each by its path."""

    def __init__(self, texts):
        """`texts`: the place and the text of each file, by the module's path."""
        self.modules = {path: Module(place, text) for path, (place, text) in texts.items()}
        self.macros = {name: path for path, module in self.modules.items() for name in MACRO.findall(module.text)}

    @classmethod
    def read(cls, root, source):
        texts = {}
        for file in sources(source):
            parts = list(file.relative_to(source).with_suffix("").parts)
            if parts[-1] in ("mod", "lib", "main"):
                parts.pop()
            # A library and its program are one module here.
            place, text = texts.get(tuple(parts), (str(file.relative_to(root)), ""))
            texts[tuple(parts)] = (place, text + file.read_text(encoding="utf-8"))
        return cls(texts)

    def find(self, here, path, inside=False):
        """The module in which that is defined which a path means in the module `here`; `None`: it is in no module of this crate."""
        return self.trace(here, path, inside)[0]

    def trace(self, here, path, inside=False, seen=()):
        """Where a path leads through all imports: a module of this crate and `()`, or `None` and the path in another crate. `inside`: the
        path may use what a function of the module imports."""
        if (here, path) in seen:
            return here, ()
        seen += ((here, path),)
        base, bare = here, path[0] not in ("crate", "self", "super")
        if path[0] in ("crate", "self"):
            base, path = here if path[0] == "self" else (), path[1:]
        while path and path[0] == "super":
            if not base:
                return None, ()
            base, path = base[:-1], path[1:]
        for at, part in enumerate(path):
            if base + (part,) not in self.modules:
                return self.named(base, part, path[at + 1:], inside and at == 0, bare and at == 0, seen)
            base += (part,)
        return base, ()

    def named(self, base, name, rest, inside, bare, seen):
        """What `name` is in the module `base`, and then `rest` in that."""
        if base not in self.modules:
            return None, ()
        module = self.modules[base]
        means = (module.inside if inside else module.names).get(name)
        if means and means[0] == name:
            # A macro that is imported where it is defined, or what another crate of the same name has.
            return (base, ()) if name in module.items else (None, means + rest)
        if means:
            return self.trace(base, means + rest, inside, seen)
        if name in module.items:
            return base, ()
        if not base and name in self.macros:
            return self.macros[name], ()
        for all_of in module.everything:
            there = self.trace(base, all_of, seen=seen)[0]
            if there is not None and there != base and self.has(there, name):
                return self.trace(there, ("self", name) + rest, False, seen)
        # A bare name that is nowhere is another crate, or belongs to the language.
        return (None, (name,) + rest) if bare else (base, ())

    def has(self, base, name):
        module = self.modules[base]
        return base + (name,) in self.modules or name in module.names or name in module.items

    def uses(self):
        """Each path in each module, with the module that it leads to."""
        for here, module in self.modules.items():
            for path in module.paths:
                there = self.find(here, path, inside=True)
                if there is not None:
                    yield here, there, path, module.place


def test():
    assert tree("a::{self, b::{c, d as e}, f::*}") == [
        (("a",), "a"), (("a", "b", "c"), "c"), (("a", "b", "d"), "e"), (("a", "f", "*"), "*")]
    assert tree("{a::b, self::c::{d}}") == [(("a", "b"), "b"), (("self", "c", "d"), "d")] and tree("a as b") == [(("a",), "b")]
    crate = Crate({path: ("", text) for path, text in {
        (): "pub mod a;\npub use a::inner::Deep;\npub use b::*;\npub use serde::Value;\n",
        ("a",): "pub use self::inner::Deep as Other;\npub fn own() {}\n",
        ("a", "inner"): "pub struct Deep;\n#[macro_export]\nmacro_rules! change { () => {} }\n",
        ("b",): "pub use crate::a as renamed;\nuse jiff::jiff;\npub enum Kind {}\nmacro_rules! local { () => {} }\npub(crate) use local;\n",
        ("c",): "use crate::{a, Deep};\nfn f() {\n    use super::b;\n    a::inner::x(); b::Kind::y(); }\n",
    }.items()})
    for path, there in {
        "crate::Deep::new": ("a", "inner"), "crate::Kind": ("b",), "crate::change": ("a", "inner"), "super::a::Other": ("a", "inner"),
        "crate::renamed::Other": ("a", "inner"), "crate::renamed::own": ("a",), "crate::Value": None, "std::fmt": None,
        "crate::b::local": ("b",), "a::inner::x": ("a", "inner"), "b::Kind::y": ("b",), "Deep::new": ("a", "inner"), "crate::none": (), "crate::b::jiff::Time": None,
    }.items():
        assert crate.find(("c",), tuple(path.split("::")), inside=True) == there, path
    assert crate.trace(("c",), ("crate", "Value", "Null")) == (None, ("serde", "Value", "Null"))
    assert {(there, "::".join(path)) for here, there, path, _ in crate.uses() if here == ("c",)} == {
        (("a",), "crate::a"), (("a", "inner"), "crate::Deep"), (("b",), "super::b"), (("a", "inner"), "a::inner::x"), (("b",), "b::Kind::y")}


test()
