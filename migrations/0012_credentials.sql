-- What a credential is limited to, who made it, and what an app lets its clients get tokens for.

-- The operator's name as it was then; '': the command line; NULL: from before this was kept.
ALTER TABLE api_credential ADD COLUMN created_by TEXT;
ALTER TABLE api_credential ADD COLUMN created_by_id INTEGER; -- the operator, if it was one
ALTER TABLE api_credential ADD COLUMN expires_at INTEGER;    -- NULL: never
ALTER TABLE api_credential ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1));
-- Addresses and networks, with a blank between them; '': from anywhere.
ALTER TABLE api_credential ADD COLUMN addresses TEXT NOT NULL DEFAULT '';
-- The secret before the latest rotation, and until when it goes on.
ALTER TABLE api_credential ADD COLUMN old_secret_hash BLOB CHECK (length(old_secret_hash) = 32);
ALTER TABLE api_credential ADD COLUMN old_secret_until INTEGER;
CREATE INDEX api_credential_created_by ON api_credential (created_by_id);

-- When the secret ends that the token was got by; NULL: it is the one that goes on. The token's own end is no later.
ALTER TABLE api_token ADD COLUMN secret_until INTEGER;

-- Whether users get tokens for their passwords, and back ends tokens for users; the longest life of a token, seconds, 0: no limit.
ALTER TABLE application ADD COLUMN password_grant INTEGER NOT NULL DEFAULT 1 CHECK (password_grant IN (0, 1));
ALTER TABLE application ADD COLUMN inherit_grant INTEGER NOT NULL DEFAULT 1 CHECK (inherit_grant IN (0, 1));
ALTER TABLE application ADD COLUMN token_ttl_max INTEGER NOT NULL DEFAULT 0 CHECK (token_ttl_max >= 0);

-- Tokens that were got since the log last said so: an event tells of the first, another one an hour later of the rest.
CREATE TABLE api_issue (
    app_id  INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    way     TEXT    NOT NULL CHECK (way IN ('client_credentials', 'password', 'inherit')),
    name    TEXT    NOT NULL, -- of the credential; '' for passwords
    address TEXT    NOT NULL, -- '': unknown, or one of many
    since   INTEGER NOT NULL, -- when the first was got
    more    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (app_id, way, name, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_issue_since ON api_issue (since);

-- How far the file of events has come: no less than is in it. Only looked at where the file itself does not say it.
CREATE TABLE audit_log_place (
    path     TEXT    NOT NULL PRIMARY KEY,
    event_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
