-- The foundation: apps, accounts, groups, memberships, messages, operators, sessions and the event log.
--
-- Habits: surrogate keys inside (`id`, and `…_key` where they point from member and message), public text ids outside
-- (`username`, `group_id`), unique within an app. Times are milliseconds since 1970 in UTC, booleans are 0 and 1. Limits
-- are those of domain/src/limits.rs; octet_length counts bytes of UTF-8, length counts characters.

CREATE TABLE application (
    id            INTEGER PRIMARY KEY,
    org_name      TEXT    NOT NULL CHECK (length(org_name) BETWEEN 1 AND 64),
    app_name      TEXT    NOT NULL CHECK (length(app_name) BETWEEN 1 AND 64),
    display_name  TEXT    NOT NULL CHECK (length(display_name) BETWEEN 1 AND 60),
    account_count INTEGER NOT NULL DEFAULT 0 CHECK (account_count >= 0), -- kept by triggers
    group_count   INTEGER NOT NULL DEFAULT 0 CHECK (group_count >= 0),   -- kept by triggers
    created_at    INTEGER NOT NULL,
    UNIQUE (org_name, app_name)
) STRICT;

CREATE TABLE account (
    id                INTEGER PRIMARY KEY,
    app_id            INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    username          TEXT    NOT NULL CHECK (octet_length(username) BETWEEN 1 AND 32 AND username NOT GLOB '*[^!-~]*'),
    type              TEXT    NOT NULL CHECK (type IN ('General', 'Admin')),
    nickname          TEXT    NOT NULL DEFAULT '' CHECK (octet_length(nickname) <= 500),
    gender            TEXT    NOT NULL DEFAULT 'Gender_Type_Unknown'
                              CHECK (gender IN ('Gender_Type_Unknown', 'Gender_Type_Female', 'Gender_Type_Male')),
    birthday          INTEGER CHECK (birthday BETWEEN 10101 AND 99991231), -- YYYYMMDD as a number
    location          TEXT    NOT NULL DEFAULT '' CHECK (octet_length(location) <= 16),
    self_signature    TEXT    NOT NULL DEFAULT '' CHECK (octet_length(self_signature) <= 500),
    allow_type        TEXT    NOT NULL DEFAULT 'AllowType_Type_NeedConfirm'
                              CHECK (allow_type IN ('AllowType_Type_NeedConfirm', 'AllowType_Type_AllowAny', 'AllowType_Type_DenyAny')),
    language          INTEGER CHECK (language BETWEEN 0 AND 4294967295),
    image             TEXT    NOT NULL DEFAULT '' CHECK (octet_length(image) <= 500),
    msg_settings      INTEGER NOT NULL DEFAULT 0 CHECK (msg_settings BETWEEN 0 AND 4294967295),
    admin_forbid_type TEXT    NOT NULL DEFAULT 'AdminForbid_Type_None'
                              CHECK (admin_forbid_type IN ('AdminForbid_Type_None', 'AdminForbid_Type_SendOut')),
    level             INTEGER CHECK (level BETWEEN 0 AND 4294967295),
    role              INTEGER CHECK (role BETWEEN 0 AND 4294967295),
    created_at        INTEGER NOT NULL,
    version           INTEGER NOT NULL DEFAULT 1,
    UNIQUE (app_id, username)
) STRICT;

-- One index for each order of the list, with and without the type filter; (app_id, username) is there already. The
-- rowid that SQLite keeps behind each entry is the tiebreak.
CREATE INDEX account_created ON account (app_id, created_at);
CREATE INDEX account_type_created ON account (app_id, type, created_at);
CREATE INDEX account_type_name ON account (app_id, type, username);

-- Group names sort without regard to ASCII case.
CREATE TABLE "group" (
    id               INTEGER PRIMARY KEY,
    app_id           INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    group_id         TEXT    NOT NULL CHECK (octet_length(group_id) BETWEEN 1 AND 48 AND group_id NOT GLOB '*[^ -~]*'),
    type             TEXT    NOT NULL CHECK (type IN ('Work', 'Public', 'Meeting', 'AVChatRoom', 'Community')),
    name             TEXT    NOT NULL COLLATE NOCASE CHECK (octet_length(name) BETWEEN 1 AND 30),
    introduction     TEXT    NOT NULL DEFAULT '' CHECK (octet_length(introduction) <= 240),
    owner_id         INTEGER REFERENCES account (id) ON DELETE SET NULL,
    member_count     INTEGER NOT NULL DEFAULT 0 CHECK (member_count >= 0),   -- kept by triggers
    max_member_count INTEGER CHECK (max_member_count >= 0),                  -- NULL: what the type allows
    message_count    INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0),  -- kept by triggers
    next_msg_seq     INTEGER NOT NULL DEFAULT 1 CHECK (next_msg_seq >= 1),
    created_at       INTEGER NOT NULL,
    version          INTEGER NOT NULL DEFAULT 1,
    UNIQUE (app_id, group_id)
) STRICT;

CREATE INDEX group_created ON "group" (app_id, created_at);
CREATE INDEX group_name ON "group" (app_id, name);
CREATE INDEX group_type_created ON "group" (app_id, type, created_at);
CREATE INDEX group_type_name ON "group" (app_id, type, name);
CREATE INDEX group_owner ON "group" (owner_id);

CREATE TABLE member (
    group_key     INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    account_key   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role          TEXT    NOT NULL CHECK (role IN ('Owner', 'Admin', 'Member')),
    joined_at     INTEGER NOT NULL,
    last_spoke_at INTEGER,
    PRIMARY KEY (group_key, account_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_account ON member (account_key);
CREATE INDEX member_joined ON member (group_key, joined_at, account_key);
CREATE UNIQUE INDEX member_one_owner ON member (group_key) WHERE role = 'Owner';

CREATE TABLE message (
    group_key   INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    sender_type TEXT    NOT NULL CHECK (sender_type IN ('operator', 'account')),
    sender      TEXT    NOT NULL,
    text        TEXT    NOT NULL CHECK (text <> ''),
    sent_at     INTEGER NOT NULL,
    PRIMARY KEY (group_key, seq),
    -- The console's limit; what clients send is measured otherwise.
    CHECK (sender_type <> 'operator' OR length(text) <= 300)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator (
    id              INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    name_key        TEXT    NOT NULL UNIQUE, -- the name in lower case: unique without regard to case in every script
    password_hash   TEXT,                    -- NULL: not chosen yet
    role            TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
    disabled        INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    language        TEXT    CHECK (language IN ('en', 'zh', 'ko')),
    theme           TEXT    NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
    created_at      INTEGER NOT NULL,
    last_sign_in_at INTEGER
) STRICT;

-- One-time secrets: only the SHA-256 is kept, and the row goes with its use.
CREATE TABLE setup_link (
    token_hash  BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    operator_id INTEGER UNIQUE REFERENCES operator (id) ON DELETE CASCADE, -- NULL: the server's first operator
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: an id that the page shows must never come to mean another session.
CREATE TABLE session (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    id_hash     BLOB    NOT NULL UNIQUE CHECK (length(id_hash) = 32),
    operator_id INTEGER REFERENCES operator (id) ON DELETE CASCADE,
    data        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    address     TEXT,
    user_agent  TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX session_expires ON session (expires_at);
CREATE INDEX session_created ON session (created_at);
CREATE INDEX session_operator ON session (operator_id, seen_at);

CREATE TABLE export (
    token_hash  BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    app_id      INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    operator_id INTEGER REFERENCES operator (id) ON DELETE CASCADE,
    file_name   TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX export_created ON export (created_at);

-- The log outlives what it tells of, so it points nowhere. app_id 0: the whole server.
CREATE TABLE event (
    id           INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    app_id       INTEGER NOT NULL,
    actor        TEXT    NOT NULL CHECK (actor IN ('operator', 'system', 'anonymous')),
    operator_id  INTEGER,
    operator     TEXT    NOT NULL DEFAULT '',
    action       TEXT    NOT NULL,
    outcome      TEXT    NOT NULL CHECK (outcome IN ('done', 'refused')),
    target       TEXT    NOT NULL DEFAULT '',
    state_before TEXT, -- JSON
    state_after  TEXT, -- JSON
    address      TEXT
) STRICT;

CREATE INDEX event_app ON event (app_id, at);
CREATE INDEX event_app_operator ON event (app_id, operator, at);
CREATE INDEX event_app_action ON event (app_id, action, at);
CREATE INDEX event_app_target ON event (app_id, target, at);

CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

-- Counters: kept here, so that no statement and no cascade can forget them.
CREATE TRIGGER account_counted AFTER INSERT ON account BEGIN
    UPDATE application SET account_count = account_count + 1 WHERE id = new.app_id;
END;
CREATE TRIGGER account_uncounted AFTER DELETE ON account BEGIN
    UPDATE application SET account_count = account_count - 1 WHERE id = old.app_id;
END;
CREATE TRIGGER group_counted AFTER INSERT ON "group" BEGIN
    UPDATE application SET group_count = group_count + 1 WHERE id = new.app_id;
END;
CREATE TRIGGER group_uncounted AFTER DELETE ON "group" BEGIN
    UPDATE application SET group_count = group_count - 1 WHERE id = old.app_id;
END;
CREATE TRIGGER member_counted AFTER INSERT ON member BEGIN
    UPDATE "group" SET member_count = member_count + 1 WHERE id = new.group_key;
END;
CREATE TRIGGER member_uncounted AFTER DELETE ON member BEGIN
    UPDATE "group" SET member_count = member_count - 1 WHERE id = old.group_key;
END;
CREATE TRIGGER message_counted AFTER INSERT ON message BEGIN
    UPDATE "group" SET message_count = message_count + 1 WHERE id = new.group_key;
END;
CREATE TRIGGER message_uncounted AFTER DELETE ON message BEGIN
    UPDATE "group" SET message_count = message_count - 1 WHERE id = old.group_key;
END;

-- Substring search from three characters up: trigrams over the tables' own text (external content).
CREATE VIRTUAL TABLE account_fts USING fts5 (
    username, nickname, content = 'account', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE TRIGGER account_fts_insert AFTER INSERT ON account BEGIN
    INSERT INTO account_fts (rowid, username, nickname) VALUES (new.id, new.username, new.nickname);
END;
CREATE TRIGGER account_fts_delete AFTER DELETE ON account BEGIN
    INSERT INTO account_fts (account_fts, rowid, username, nickname) VALUES ('delete', old.id, old.username, old.nickname);
END;
CREATE TRIGGER account_fts_update AFTER UPDATE OF username, nickname ON account BEGIN
    INSERT INTO account_fts (account_fts, rowid, username, nickname) VALUES ('delete', old.id, old.username, old.nickname);
    INSERT INTO account_fts (rowid, username, nickname) VALUES (new.id, new.username, new.nickname);
END;

CREATE VIRTUAL TABLE group_fts USING fts5 (
    group_id, name, content = 'group', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE TRIGGER group_fts_insert AFTER INSERT ON "group" BEGIN
    INSERT INTO group_fts (rowid, group_id, name) VALUES (new.id, new.group_id, new.name);
END;
CREATE TRIGGER group_fts_delete AFTER DELETE ON "group" BEGIN
    INSERT INTO group_fts (group_fts, rowid, group_id, name) VALUES ('delete', old.id, old.group_id, old.name);
END;
CREATE TRIGGER group_fts_update AFTER UPDATE OF group_id, name ON "group" BEGIN
    INSERT INTO group_fts (group_fts, rowid, group_id, name) VALUES ('delete', old.id, old.group_id, old.name);
    INSERT INTO group_fts (rowid, group_id, name) VALUES (new.id, new.group_id, new.name);
END;
