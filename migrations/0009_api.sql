-- The REST APIs: what names an app and who may call. Secrets and tokens are random, so their SHA-256 is all that is kept.

-- What API answers call the app by. New rows bring their own (domain/src/application/store.rs); the column could not be added
-- without a default.
ALTER TABLE application ADD COLUMN uuid TEXT NOT NULL DEFAULT '';
UPDATE application SET uuid = (
    SELECT substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-'
        || substr('89ab', 1 + abs(random() % 4), 1) || substr(h, 18, 3) || '-' || substr(h, 21)
    FROM (SELECT application.id, lower(hex(randomblob(16))) AS h)
);

-- What accounts need that sign in themselves. In PHC form; NULL: no password, so nobody signs in with one.
ALTER TABLE account ADD COLUMN password_hash TEXT;
ALTER TABLE account ADD COLUMN activated INTEGER NOT NULL DEFAULT 1 CHECK (activated IN (0, 1));
ALTER TABLE account ADD COLUMN modified_at INTEGER; -- NULL: not since it was made

-- Keys of back ends to one app. Revoking deletes the row, and with it every token that was got with it.
-- AUTOINCREMENT: the id that a page shows must never come to mean another key.
CREATE TABLE api_credential (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id       INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    client_id    TEXT    NOT NULL UNIQUE,
    secret_hash  BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    created_at   INTEGER NOT NULL,
    rotated_at   INTEGER, -- NULL: still its first secret
    last_used_at INTEGER, -- to the minute; NULL: never
    UNIQUE (app_id, name)
) STRICT;

-- Bearer tokens. With an account it is that user's own, else it is the credential's; an account's token may come from a credential
-- too, and then goes with it.
CREATE TABLE api_token (
    token_hash    BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    app_id        INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    credential_id INTEGER REFERENCES api_credential (id) ON DELETE CASCADE,
    account_id    INTEGER REFERENCES account (id) ON DELETE CASCADE,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER, -- NULL: never
    last_used_at  INTEGER, -- to the minute; NULL: never
    CHECK (credential_id IS NOT NULL OR account_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_token_credential ON api_token (credential_id, account_id, created_at);
CREATE INDEX api_token_account ON api_token (account_id, created_at);
CREATE INDEX api_token_expires ON api_token (expires_at) WHERE expires_at IS NOT NULL;

-- Messages of back ends. As in 0008: every row keeps the new rule because it kept the narrower old one.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
    'sender_type IN (''operator'', ''account'')', 'sender_type IN (''operator'', ''account'', ''credential'')')
WHERE type = 'table' AND name = 'message';
PRAGMA writable_schema = RESET;

-- Keys that this server signs with. Made with the database and kept with it, so that a cursor outlives a restart.
CREATE TABLE server_key (
    name TEXT NOT NULL PRIMARY KEY,
    key  BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
INSERT INTO server_key (name, key) VALUES ('cursor', randomblob(32));
