-- The whole group model: what may be joined and how, announcement, custom text, mutes, block and allow lists, shared files.
-- The names are those of the group REST API (members_only, allow_invites, …) as far as the console document has none.

-- NULL: as the type has it (domain/src/group/access.rs).
ALTER TABLE "group" ADD COLUMN members_only INTEGER CHECK (members_only IN (0, 1));
ALTER TABLE "group" ADD COLUMN allow_invites INTEGER CHECK (allow_invites IN (0, 1));
ALTER TABLE "group" ADD COLUMN invite_need_confirm INTEGER CHECK (invite_need_confirm IN (0, 1));
ALTER TABLE "group" ADD COLUMN custom TEXT NOT NULL DEFAULT '' CHECK (octet_length(custom) <= 8192);
ALTER TABLE "group" ADD COLUMN announcement TEXT NOT NULL DEFAULT '' CHECK (length(announcement) <= 512);
ALTER TABLE "group" ADD COLUMN announced_at INTEGER; -- NULL: never
ALTER TABLE "group" ADD COLUMN mute_all INTEGER NOT NULL DEFAULT 0 CHECK (mute_all IN (0, 1));
ALTER TABLE "group" ADD COLUMN modified_at INTEGER; -- NULL: not since it was made

-- Admins of a group, counted and listed without walking its members.
CREATE INDEX member_admin ON member (group_key, account_key) WHERE role = 'Admin';

-- The three lists that a group keeps of accounts. mute: who may not speak until expires_at; outlives the membership, so whoever leaves
-- and comes back is still muted. block: who may not become a member. allow: members who may speak while everybody is muted; owner and
-- admins may without standing here.
CREATE TABLE group_listed (
    group_key   INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    list        TEXT    NOT NULL CHECK (list IN ('mute', 'block', 'allow')),
    account_key INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    listed_at   INTEGER NOT NULL,
    expires_at  INTEGER CHECK ((list = 'mute') = (expires_at IS NOT NULL)),
    PRIMARY KEY (group_key, list, account_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_listed_order ON group_listed (group_key, list, listed_at, account_key);
CREATE INDEX group_listed_account ON group_listed (account_key);

-- Shared files. The bytes lie in the data folder under the SHA-256 of their content; several rows may share them.
CREATE TABLE group_file (
    id         INTEGER PRIMARY KEY,
    group_key  INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    file_id    TEXT    NOT NULL UNIQUE,
    file_name  TEXT    NOT NULL CHECK (octet_length(file_name) BETWEEN 1 AND 255),
    file_size  INTEGER NOT NULL CHECK (file_size >= 0),
    sha256     BLOB    NOT NULL CHECK (length(sha256) = 32),
    file_owner TEXT    NOT NULL DEFAULT '', -- username; empty: a credential or an operator
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX group_file_created ON group_file (group_key, created_at, id);
CREATE INDEX group_file_content ON group_file (sha256);

-- Contents that lost a row, to be taken off the disk if it was the last one; written by whatever takes the row away.
CREATE TABLE file_garbage (
    sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32)
) STRICT;
CREATE TRIGGER group_file_gone AFTER DELETE ON group_file BEGIN
    INSERT INTO file_garbage (sha256) VALUES (old.sha256) ON CONFLICT DO NOTHING;
END;

-- Limits that the REST API sets wider than the console document, and two more kinds of actors. A table cannot be told to change a
-- CHECK, so its text is changed; every row keeps the new rule because it kept the narrower old one. RESET reads the schema anew.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'octet_length(name) BETWEEN 1 AND 30', 'length(name) BETWEEN 1 AND 128'),
    'octet_length(introduction) <= 240', 'length(introduction) <= 512')
WHERE type = 'table' AND name = 'group';
UPDATE sqlite_schema SET sql = replace(sql, 'octet_length(username) BETWEEN 1 AND 32', 'octet_length(username) BETWEEN 1 AND 64')
WHERE type = 'table' AND name = 'account';
UPDATE sqlite_schema SET sql = replace(sql,
    'actor IN (''operator'', ''system'', ''anonymous'')', 'actor IN (''operator'', ''credential'', ''account'', ''system'', ''anonymous'')')
WHERE type = 'table' AND name = 'event';
PRAGMA writable_schema = RESET;
