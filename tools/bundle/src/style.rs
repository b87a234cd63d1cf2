//! One sheet out of `style/main.css` and the files that it imports, without comments and needless white space. Values and selectors
//! are left exactly as they were written.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

/// An empty sheet when there is no `main.css`.
pub fn build(main: &Path) -> Result<String> {
    if !main.is_file() {
        eprintln!("  {} does not exist, so the style sheet is empty.", main.display());
        return Ok(String::new());
    }
    let mut open = Vec::new();
    Ok(minify(&inline(main, &mut open)?))
}

/// Replaces every line `@import "file.css";` (also with `layer(name)`) by the file. `open` holds the files being read, to refuse
/// cycles.
fn inline(path: &Path, open: &mut Vec<PathBuf>) -> Result<String> {
    if open.iter().any(|file| file == path) {
        bail!("{} imports itself", path.display());
    }
    open.push(path.to_owned());
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut sheet = String::with_capacity(text.len());
    for line in text.lines() {
        match import(line) {
            Some((file, layer)) => {
                let part = inline(&path.with_file_name(file), open)?;
                match layer {
                    Some(layer) => sheet.push_str(&format!("@layer {layer} {{\n{part}}}\n")),
                    None => sheet.push_str(&part),
                }
            }
            None => {
                sheet.push_str(line);
                sheet.push('\n');
            }
        }
    }
    open.pop();
    Ok(sheet)
}

/// The file and the layer of an import line of our own sheets.
fn import(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.trim().strip_prefix("@import")?.trim();
    let rest = rest.strip_prefix("url(").unwrap_or(rest).strip_prefix('"')?;
    let (file, rest) = rest.split_once('"')?;
    let rest = rest.trim_start_matches(')').trim().strip_suffix(';')?.trim();
    let layer = rest.strip_prefix("layer(").and_then(|name| name.strip_suffix(')'));
    (rest.is_empty() || layer.is_some()).then_some((file, layer))
}

/// Drops comments and makes every run of white space one space, or nothing next to `{`, `}`, `;` and `,`. Strings stay as they
/// are.
fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css.chars().peekable();
    let mut space = false;
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                let mut star = false;
                for c in rest.by_ref() {
                    if star && c == '/' {
                        break;
                    }
                    star = c == '*';
                }
                space = true;
            }
            c if c.is_whitespace() => space = true,
            c => {
                let tight = |c: char| matches!(c, '{' | '}' | ';' | ',');
                if space && !tight(c) && !out.is_empty() && !out.ends_with(tight) {
                    out.push(' ');
                }
                space = false;
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(c);
                if c == '"' || c == '\'' {
                    string(c, &mut rest, &mut out);
                }
            }
        }
    }
    out
}

/// Copies the rest of a string up to its closing quote.
fn string(quote: char, rest: &mut impl Iterator<Item = char>, out: &mut String) {
    while let Some(c) = rest.next() {
        out.push(c);
        if c == '\\' {
            out.extend(rest.next());
        } else if c == quote {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_inlined_in_their_place() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("main.css"),
            "@layer base, page;\n@import \"base.css\";\n@import \"page.css\" layer(page);\nb { top: 0 }\n",
        )
        .unwrap();
        fs::write(folder.path().join("base.css"), "a { left: 0; }\n").unwrap();
        fs::write(folder.path().join("page.css"), "p { right: 0; }\n").unwrap();
        let sheet = build(&folder.path().join("main.css")).unwrap();
        assert_eq!(sheet, "@layer base,page;a{left: 0}@layer page{p{right: 0}}b{top: 0}");
    }

    #[test]
    fn a_circle_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), "@import \"main.css\";").unwrap();
        assert!(build(&folder.path().join("main.css")).is_err());
    }

    #[test]
    fn what_matters_is_kept() {
        assert_eq!(minify("a :hover, b{ width: calc(1px + 2px) }"), "a :hover,b{width: calc(1px + 2px)}");
        assert_eq!(minify("a::before { content: \"  /* \\\" */ ;}\" ; }"), "a::before{content: \"  /* \\\" */ ;}\"}");
        assert_eq!(minify("/* head */ a{b:c}/**/d{e:f}"), "a{b:c}d{e:f}");
        assert_eq!(minify("@media (width >= 40rem) and (hover) { a { b: c } }"), "@media (width >= 40rem) and (hover){a{b: c}}");
    }
}
