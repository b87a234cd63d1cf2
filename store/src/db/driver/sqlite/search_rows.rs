//! Search rows: what the trigram indexes hold of accounts, groups and names in the log. Whatever writes one of these texts writes its
//! search row beside it: [`indexed!`] after a row was inserted or changed, [`unindexed!`] before it is changed or deleted, because
//! FTS5 wants to be told the text that it forgets. Both give the text of a statement, with a condition on `id` that says which rows
//! are meant. The indexed texts are those of the views `…_text`. `roster check` compares indexes and tables.

/// The statement that enters rows into their search index.
macro_rules! indexed {
    (account, $which:literal) => {
        concat!(
            "INSERT INTO account_fts (rowid, username, nickname) SELECT id, username, nickname FROM account_text WHERE ",
            $which
        )
    };
    (group, $which:literal) => {
        concat!("INSERT INTO group_fts (rowid, group_id, name) SELECT id, group_id, name FROM group_text WHERE ", $which)
    };
    (event_name, $which:literal) => {
        concat!("INSERT INTO event_name_fts (rowid, target, name) SELECT id, target, name FROM event_name_text WHERE ", $which)
    };
}

/// The statement that takes rows out of their search index, while they still have the text that was entered.
macro_rules! unindexed {
    (account, $which:literal) => {
        concat!(
            "INSERT INTO account_fts (account_fts, rowid, username, nickname)
             SELECT 'delete', id, username, nickname FROM account_text WHERE ",
            $which
        )
    };
    (group, $which:literal) => {
        concat!(
            "INSERT INTO group_fts (group_fts, rowid, group_id, name) SELECT 'delete', id, group_id, name FROM group_text WHERE ",
            $which
        )
    };
    (event_name, $which:literal) => {
        concat!(
            "INSERT INTO event_name_fts (event_name_fts, rowid, target, name)
             SELECT 'delete', id, target, name FROM event_name_text WHERE ",
            $which
        )
    };
}

pub(crate) use {indexed, unindexed};
