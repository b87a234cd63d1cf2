-- Search terms of one and two characters get an index too: that of the trigrams. Every character and every pair of a text is the
-- beginning of a trigram once two characters follow the text, and FTS5 lets its terms be read as a table, in order. So the indexes
-- are made again over texts with two unit separators (U+001F, which no field lets in) behind them.

DROP TRIGGER account_fts_insert;
DROP TRIGGER account_fts_delete;
DROP TRIGGER account_fts_update;
DROP TABLE account_fts;
DROP TRIGGER group_fts_insert;
DROP TRIGGER group_fts_delete;
DROP TRIGGER group_fts_update;
DROP TABLE group_fts;

-- What is indexed, as the index asks for it.
CREATE VIEW account_text AS
    SELECT id, username || char(31, 31) AS username, nickname || char(31, 31) AS nickname FROM account;
CREATE VIEW group_text AS
    SELECT id, group_id || char(31, 31) AS group_id, name || char(31, 31) AS name FROM "group";

CREATE VIRTUAL TABLE account_fts USING fts5 (
    username, nickname, content = 'account_text', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE TRIGGER account_fts_insert AFTER INSERT ON account BEGIN
    INSERT INTO account_fts (rowid, username, nickname)
    VALUES (new.id, new.username || char(31, 31), new.nickname || char(31, 31));
END;
CREATE TRIGGER account_fts_delete AFTER DELETE ON account BEGIN
    INSERT INTO account_fts (account_fts, rowid, username, nickname)
    VALUES ('delete', old.id, old.username || char(31, 31), old.nickname || char(31, 31));
END;
CREATE TRIGGER account_fts_update AFTER UPDATE OF username, nickname ON account BEGIN
    INSERT INTO account_fts (account_fts, rowid, username, nickname)
    VALUES ('delete', old.id, old.username || char(31, 31), old.nickname || char(31, 31));
    INSERT INTO account_fts (rowid, username, nickname)
    VALUES (new.id, new.username || char(31, 31), new.nickname || char(31, 31));
END;

CREATE VIRTUAL TABLE group_fts USING fts5 (
    group_id, name, content = 'group_text', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE TRIGGER group_fts_insert AFTER INSERT ON "group" BEGIN
    INSERT INTO group_fts (rowid, group_id, name) VALUES (new.id, new.group_id || char(31, 31), new.name || char(31, 31));
END;
CREATE TRIGGER group_fts_delete AFTER DELETE ON "group" BEGIN
    INSERT INTO group_fts (group_fts, rowid, group_id, name)
    VALUES ('delete', old.id, old.group_id || char(31, 31), old.name || char(31, 31));
END;
CREATE TRIGGER group_fts_update AFTER UPDATE OF group_id, name ON "group" BEGIN
    INSERT INTO group_fts (group_fts, rowid, group_id, name)
    VALUES ('delete', old.id, old.group_id || char(31, 31), old.name || char(31, 31));
    INSERT INTO group_fts (rowid, group_id, name) VALUES (new.id, new.group_id || char(31, 31), new.name || char(31, 31));
END;

INSERT INTO account_fts (account_fts) VALUES ('rebuild');
INSERT INTO group_fts (group_fts) VALUES ('rebuild');

-- The terms of each index with the rows (`doc`) that they are in.
CREATE VIRTUAL TABLE account_grams USING fts5vocab ('account_fts', 'instance');
CREATE VIRTUAL TABLE group_grams USING fts5vocab ('group_fts', 'instance');
