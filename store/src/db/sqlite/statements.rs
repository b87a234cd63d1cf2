//! Every statement of the crate is given to SQLite, so that a misspelt column fails here and not when somebody needs the statement.
//!
//! The texts are read from the sources: literals, alone or put together by `concat!`, `sql!` and macros of the crate. A text that
//! begins like a statement is one, unless it is a part for a [`Builder`]: an argument of `Builder::new`, `push` or `between`, or a text
//! that ends with a space or leaves a parenthesis open. Statements of builders are tested with what builds them.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::db::{Builder, Conn, sql::expanded};

/// Tables that may have millions of rows.
pub const LARGE: [&str; 12] = [
    "account",
    "account_place",
    "api_token",
    "event",
    "event_name",
    "group",
    "group_file",
    "group_listed",
    "job_item",
    "job_result",
    "member",
    "message",
];

/// Statements that read all shared files on purpose, for backups and for `roster aside`.
const OF_ALL_FILES: [&str; 2] = ["src/backup/make.rs", "src/file/found.rs"];

/// How many statements there are at least. More are welcome; when the number falls, texts have been overlooked, or this is changed.
const STATEMENTS: usize = 285;

/// Stands before a text whose tokens `sql!` replaces.
const REPLACED: char = '\u{1}';

/// A macro that makes a text: the name of its argument and what it makes.
type Macros = HashMap<String, (Option<String>, Vec<TokenTree>)>;

#[derive(Default)]
struct Found {
    statements: Vec<String>,
    parts: Vec<String>,
}

/// The macros that a source defines: with one rule, or with one for each word that their first argument may be.
fn macros(tokens: &[TokenTree], found: &mut Macros) {
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            macros(&inner(group.stream()), found);
        }
        let [TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Ident(name), TokenTree::Group(rules)] =
            &tokens[at..(at + 4).min(tokens.len())]
        else {
            continue;
        };
        let rules = inner(rules.stream());
        if word != "macro_rules" {
            continue;
        }
        // `(argument) => { body };`
        for rule in rules.chunks(5) {
            let [TokenTree::Group(argument), _, _, TokenTree::Group(body), ..] = rule else { continue };
            let (argument, body) = (inner(argument.stream()), inner(body.stream()));
            match &argument[..] {
                [TokenTree::Ident(first), TokenTree::Punct(_), rest @ ..] => {
                    found.insert(format!("{name}!({first}"), (rest.get(1).map(ToString::to_string), body));
                }
                rest => {
                    found.insert(name.to_string(), (rest.get(1).map(ToString::to_string), body));
                }
            }
        }
    }
}

fn inner(tokens: TokenStream) -> Vec<TokenTree> {
    tokens.into_iter().collect()
}

/// The text that these tokens make, when they are nothing but a text.
fn text(tokens: &[TokenTree], known: &Macros, arguments: &HashMap<String, String>) -> Option<String> {
    match tokens {
        [TokenTree::Literal(literal)] => {
            let source = literal.to_string();
            let source = source.strip_prefix('"')?.strip_suffix('"')?;
            // A backslash at the end of a line, `\"` and `\\` are all that stands in texts of SQL.
            Some(source.replace("\\\"", "\"").replace("\\\\", "\\"))
        }
        [TokenTree::Punct(dollar), TokenTree::Ident(name)] if dollar.as_char() == '$' => {
            arguments.get(&name.to_string()).cloned()
        }
        // A macro by its path, which may begin with `$crate`.
        [path @ .., name @ TokenTree::Ident(_), mark @ TokenTree::Punct(_), group @ TokenTree::Group(_)]
            if !path.is_empty() && path.iter().all(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Punct(_))) =>
        {
            text(&[name.clone(), mark.clone(), group.clone()], known, arguments)
        }
        [TokenTree::Ident(name), TokenTree::Punct(mark), TokenTree::Group(group)] if mark.as_char() == '!' => {
            let inside = inner(group.stream());
            match name.to_string().as_str() {
                "concat" => inside
                    .split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','))
                    .filter(|part| !part.is_empty())
                    .map(|part| text(part, known, arguments))
                    .collect(),
                "sql" => text(&inside, known, arguments).map(|text| format!("{REPLACED}{text}")),
                other => {
                    let (name, inside) = match &inside[..] {
                        [TokenTree::Ident(first), TokenTree::Punct(_), rest @ ..] => (format!("{other}!({first}"), rest),
                        all => (other.to_owned(), all),
                    };
                    let (argument, body) = known.get(&name)?;
                    let arguments = match argument {
                        Some(argument) => HashMap::from([(argument.clone(), text(inside, known, arguments)?)]),
                        None => HashMap::new(),
                    };
                    text(body, known, &arguments)
                }
            }
        }
        _ => None,
    }
}

/// Collects the texts; `building`: the tokens are the arguments of a builder.
fn collect(tokens: &[TokenTree], building: bool, known: &Macros, found: &mut Found) {
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        if is_test(rest) {
            // `#[cfg(test)] mod tests { … }` or `mod tests;`
            at += rest
                .iter()
                .position(|token| {
                    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                        || matches!(token, TokenTree::Punct(end) if end.as_char() == ';')
                })
                .map_or(rest.len(), |end| end + 1);
            continue;
        }
        if let [TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Ident(_), TokenTree::Group(_), ..] = rest
            && word == "macro_rules"
        {
            at += 4;
            continue;
        }
        let taken = [3, 1].into_iter().find_map(|length| Some((length, text(rest.get(..length)?, known, &HashMap::new())?)));
        if let Some((length, text)) = taken {
            if begins(&text) {
                if building || is_part(&text) { found.parts.push(text) } else { found.statements.push(text) }
            }
            at += length;
            continue;
        }
        if let TokenTree::Group(group) = &tokens[at] {
            let before: String = tokens[at.saturating_sub(4)..at].iter().map(ToString::to_string).collect();
            let builds = ["Builder::new", ".push", ".between"].iter().any(|call| before.ends_with(call));
            // What stands in the arguments of another call is its own; branches of an `if` are not.
            let of_call = group.delimiter() == Delimiter::Parenthesis && at > 0 && matches!(&tokens[at - 1], TokenTree::Ident(_));
            collect(&inner(group.stream()), builds || building && !of_call, known, found);
        }
        at += 1;
    }
}

fn is_test(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(hash), TokenTree::Group(group), ..]
        if hash.as_char() == '#' && group.stream().to_string().replace(' ', "") == "cfg(test)")
}

fn begins(text: &str) -> bool {
    let text = text.trim_start_matches(REPLACED).trim_start();
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "].iter().any(|word| text.starts_with(word))
}

fn is_part(text: &str) -> bool {
    text.ends_with(char::is_whitespace) || text.matches('(').count() > text.matches(')').count()
}

fn tokens_of(file: &Path) -> Vec<TokenTree> {
    inner(std::fs::read_to_string(file).expect("a source").parse().expect("Rust"))
}

/// Why SQLite does not take the statement, if it does not.
async fn refused(db: &mut Conn, text: &str) -> Option<String> {
    let plain = text.trim_start_matches(REPLACED);
    if plain == text && expanded(text) != text {
        return Some("its tokens are not within sql!".to_owned());
    }
    for statement in expanded(plain).split(';').filter(|statement| !statement.trim().is_empty()) {
        if let Err(error) = Builder::unchecked(format!("EXPLAIN {statement}")).execute(&mut *db).await {
            return Some(error.to_string());
        }
    }
    None
}

/// The large tables of which the statement reads all rows, by the plan that it has on every server (`statistics.rs`).
async fn read_entirely(db: &mut Conn, text: &str) -> Vec<&'static str> {
    let mut tables = Vec::new();
    for statement in expanded(text.trim_start_matches(REPLACED)).split(';').filter(|statement| !statement.trim().is_empty()) {
        // What points to the row is planned too, for keys that are checked at the end of a transaction. Roster has none.
        if statement.contains("INSERT ") && !statement.contains("SELECT ") {
            continue;
        }
        let mut plan = Builder::unchecked(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<(i64, i64, i64, String)> = plan.build_query_as().fetch_all(&mut *db).await.expect("a plan");
        for (_, _, _, step) in steps {
            // An index that is made for the statement is made of all rows.
            let automatic = step.strip_prefix("SEARCH ").filter(|rest| rest.contains(" AUTOMATIC "));
            let whole = step.strip_prefix("SCAN ").or(automatic);
            let Some(name) = whole.and_then(|rest| rest.split(' ').next()) else { continue };
            // The log is read from its beginning, so many rows.
            let is_limited = name == "event" && statement.contains("ORDER BY id LIMIT");
            let is_of = |table: &&str| name == *table || is_alias(statement, table, name);
            tables.extend(LARGE.into_iter().find(is_of).filter(|_| !is_limited));
        }
    }
    tables
}

/// Whether the statement calls the table so.
fn is_alias(statement: &str, table: &str, name: &str) -> bool {
    let words =
        statement.split(|c: char| c.is_whitespace() || "(),\"".contains(c)).filter(|word| !word.is_empty() && *word != "AS");
    words.collect::<Vec<_>>().windows(2).any(|pair| pair == [table, name])
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[tokio::test]
async fn every_statement_is_one_that_the_database_understands() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = crate::Store::open(folder.path()).await.expect("a store");
    let mut db = crate::db::connect(&store.folder().join(crate::db::FILE)).await.expect("a connection");
    let files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let read: Vec<(PathBuf, Vec<TokenTree>)> = files.into_iter().map(|file| (file.clone(), tokens_of(&file))).collect();
    let mut everywhere = Macros::new();
    read.iter().for_each(|(_, tokens)| macros(tokens, &mut everywhere));
    let mut faults = Vec::new();
    let (mut statements, mut parts) = (0, 0);
    // Not this file, whose texts are wrong on purpose, and not tests, which may have tables of their own.
    let is_read = |file: &Path| !file.ends_with("sqlite/statements.rs") && !file.ends_with("tests.rs");
    for (file, tokens) in read.iter().filter(|(file, _)| is_read(file)) {
        // Several files have a macro of the same name; the nearest one counts.
        let mut known = everywhere.clone();
        for folder in file.ancestors().skip(1).collect::<Vec<_>>().into_iter().rev() {
            read.iter().filter(|(other, _)| *other == folder.join("mod.rs")).for_each(|(_, tokens)| macros(tokens, &mut known));
        }
        macros(tokens, &mut known);
        let mut found = Found::default();
        collect(tokens, false, &known, &mut found);
        parts += found.parts.len();
        for text in found.statements {
            statements += 1;
            if let Some(why) = refused(&mut db, &text).await {
                faults.push(format!("{}: {why}: {text}", file.display()));
            } else if !file.ends_with("src/check.rs") {
                // The check reads everything, that is what it is for.
                let mut read = read_entirely(&mut db, &text).await;
                read.retain(|table| *table != "group_file" || !OF_ALL_FILES.iter().any(|of_all| file.ends_with(of_all)));
                faults.extend(read.into_iter().map(|table| format!("{}: reads all of {table}: {text}", file.display())));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(statements >= STATEMENTS, "only {statements} statements and {parts} beginnings of others were found");
    assert!(refused(&mut db, "SELECT usrname FROM account").await.is_some(), "a broken one is noticed");
    let with_token = "SELECT username FROM account WHERE id IN @keys($1)";
    assert!(refused(&mut db, with_token).await.is_some(), "a token that nothing replaces");
    assert_eq!(refused(&mut db, &format!("{REPLACED}{with_token}")).await, None);
    assert!(refused(&mut db, "SELECT 1; SELECT none FROM account").await.is_some(), "and the second of two");
    let all = "SELECT name FROM \"group\" WHERE version > 1; SELECT m.role FROM member AS m WHERE m.last_spoke_at > 0";
    assert_eq!(read_entirely(&mut db, all).await, ["group", "member"]);
    assert!(read_entirely(&mut db, "SELECT username FROM account a WHERE a.id = $1").await.is_empty());
}

#[test]
fn statements_and_parts_are_told_apart() {
    let source = r#"
        macro_rules! select { ($rest:literal) => { concat!("SELECT a ", $rest) }; }
        const ONE: &str = "SELECT 1";
        const BEGINNING: &str = "SELECT a FROM t WHERE b = ";
        fn f() {
            query("DELETE FROM t").bind("not SQL");
            query_as(sql!(select!("FROM t WHERE \"b\" IN @texts($1)")));
            let mut sql = Builder::new("SELECT 2").push(if x { "SELECT 3" } else { "SELECT 4" });
            sql.push(f("SELECT 5"));
        }
        #[cfg(test)]
        mod tests { const TWO: &str = "SELECT 6"; }
    "#;
    let (tokens, mut known, mut found) = (inner(source.parse().expect("Rust")), Macros::new(), Found::default());
    macros(&tokens, &mut known);
    collect(&tokens, false, &known, &mut found);
    let Found { statements, parts } = found;
    assert_eq!(statements, ["SELECT 1", "DELETE FROM t", "\u{1}SELECT a FROM t WHERE \"b\" IN @texts($1)", "SELECT 5"]);
    assert_eq!(parts, ["SELECT a FROM t WHERE b = ", "SELECT 2", "SELECT 3", "SELECT 4"]);
}
