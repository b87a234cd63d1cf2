"""Rust text as the checks read it: the code without comments and tests."""

import re


def code(text):
    """The text without comments on lines of their own, and without the tests at its end."""
    text = re.split(r"^#\[cfg\(test\)\]\nmod \w+ \{", text, flags=re.M)[0]
    return re.sub(r"^\s*//.*$", "", text, flags=re.M)


def names(text):
    """The code without strings and any comment: what is left are names and signs."""
    # A quotation mark as a character begins no string.
    text = re.sub(r"'\\?\"'", "''", code(text))
    text = re.sub(r"//[^\n\"]*$", "", text, flags=re.M)
    text = re.sub(r'r#".*?"#', '""', text, flags=re.S)
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', text, flags=re.S)


def sources(folder):
    """The files below a folder, sorted, without those that hold tests."""
    for file in sorted(folder.rglob("*.rs")):
        inside = file.relative_to(folder)
        if "tests" not in inside.parts and "tests" not in file.stem:
            yield file


# A text, its code and its names.
TEXT = """// A remark.
let a = "x // y"; // another
let b = r#"crate::c"#;
let c = ['"', 'd'];
#[cfg(test)]
mod tests {
    let e;
}
"""
CODE = """
let a = "x // y"; // another
let b = r#"crate::c"#;
let c = ['"', 'd'];
"""
NAMES = """
let a = "";%s
let b = "";
let c = ['', 'd'];
""" % " "
# Checks what the readers of this text rely on.
assert (code(TEXT), names(TEXT)) == (CODE, NAMES), (code(TEXT), names(TEXT))
