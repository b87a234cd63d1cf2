//! Which texts hold a term, asked with LIKE.

use super::Builder;

/// Pushes ` AND (a LIKE … OR b LIKE …)`.
pub fn push_like(sql: &mut Builder, texts: [&'static str; 2], term: &str) {
    sql.push(" AND (");
    push_either(sql, texts, term);
    sql.push(")");
}

/// Pushes `a LIKE … OR b LIKE …`.
pub fn push_either(sql: &mut Builder, [a, b]: [&'static str; 2], term: &str) {
    sql.push(a).push(" LIKE ").push_bind(pattern(term)).push(" ESCAPE '\\' OR ");
    sql.push(b).push(" LIKE ").push_bind(pattern(term)).push(" ESCAPE '\\'");
}

/// The term as a LIKE pattern for "contains", with `\` as the escape character.
fn pattern(term: &str) -> String {
    let mut pattern = String::with_capacity(term.len() + 2);
    pattern.push('%');
    for c in term.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(pattern("50%_\\"), "%50\\%\\_\\\\%");
    }
}
