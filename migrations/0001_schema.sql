-- The schema of a new database: one section for each thing that Roster stores.
--
-- Habits that hold in every table:
--   * Inside, rows are pointed to by surrogate keys (`id`; `group_key` and `account_key` in tables with many rows). Outside they have text
--     ids (`username`, `group_id`), unique within an app.
--   * Every statement gives the keys of its rows (docs/adr/0014-keys.md); no key of a row that is gone comes back.
--   * Times are milliseconds since 1970 in UTC, days are days since 1970 in UTC, booleans are 0 and 1, a size is in bytes.
--   * Limits are those of domain/src/limits.rs. octet_length counts bytes of UTF-8, length counts characters.
--   * NULL means that there is none; what that says is written at the column.
--   * Wide texts that lists do not read stand last in their table.
--   * An index ends with the rowid or the primary key that SQLite keeps behind each entry: it is the tiebreak of lists.

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Apps
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE application (
    id                 INTEGER PRIMARY KEY,
    org_name           TEXT    NOT NULL CHECK (length(org_name) BETWEEN 1 AND 64),
    app_name           TEXT    NOT NULL CHECK (length(app_name) BETWEEN 1 AND 64),
    display_name       TEXT    NOT NULL CHECK (length(display_name) BETWEEN 1 AND 60),
    uuid               TEXT    NOT NULL DEFAULT '', -- what answers of the REST APIs call the app by
    created_at         INTEGER NOT NULL,
    -- What the app has, kept with each change so that the overview costs the same whatever that is.
    account_count      INTEGER NOT NULL DEFAULT 0 CHECK (account_count >= 0),
    group_count        INTEGER NOT NULL DEFAULT 0 CHECK (group_count >= 0),
    member_count       INTEGER NOT NULL DEFAULT 0 CHECK (member_count >= 0),
    message_count      INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0),
    file_bytes         INTEGER NOT NULL DEFAULT 0 CHECK (file_bytes >= 0), -- a content that several groups share counts for each
    -- Settings.
    file_quota         INTEGER CHECK (file_quota >= 0),       -- of all shared files; NULL: no limit
    group_file_quota   INTEGER CHECK (group_file_quota >= 0), -- of those of one group; NULL: no limit
    password_min_chars INTEGER NOT NULL DEFAULT 1 CHECK (password_min_chars BETWEEN 1 AND 64), -- of passwords that the REST API sets
    password_grant     INTEGER NOT NULL DEFAULT 1 CHECK (password_grant IN (0, 1)), -- whether users get tokens for their passwords
    inherit_grant      INTEGER NOT NULL DEFAULT 1 CHECK (inherit_grant IN (0, 1)),  -- whether back ends get tokens for users
    token_ttl_max      INTEGER NOT NULL DEFAULT 0 CHECK (token_ttl_max >= 0),       -- the longest life of a token, seconds; 0: no limit
    UNIQUE (org_name, app_name)
) STRICT;

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Accounts
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE account (
    id                INTEGER PRIMARY KEY CHECK (id >> 32 = app_id),
    app_id            INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    username          TEXT    NOT NULL CHECK (octet_length(username) BETWEEN 1 AND 64 AND username NOT GLOB '*[^!-~]*'),
    type              TEXT    NOT NULL CHECK (type IN ('General', 'Admin')),
    created_at        INTEGER NOT NULL,
    modified_at       INTEGER, -- NULL: not since it was made
    version           INTEGER NOT NULL DEFAULT 1,
    activated         INTEGER NOT NULL DEFAULT 1 CHECK (activated IN (0, 1)),
    -- The profile, with the names and values of the standard profile fields.
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
    password_hash     TEXT, -- in PHC form; NULL: nobody signs in with one
    UNIQUE (app_id, username)
) STRICT;

-- One for each order of the list, with and without the filter by type; (app_id, username) is there already.
CREATE INDEX account_created ON account (app_id, created_at);
CREATE INDEX account_type_created ON account (app_id, type, created_at);
CREATE INDEX account_type_name ON account (app_id, type, username);
-- Whether rows are in order of time where they are in order of keys, for each zone of 4,096 keys (store/src/db/search/by_key.rs).
CREATE INDEX account_zone ON account (id >> 12, created_at);

-- Networks from which an account has signed in with its password: a few of each, the latest (store/src/credential/known_networks.rs).
CREATE TABLE account_place (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    network    TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (account_id, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_place_at ON account_place (at);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Groups
-- ---------------------------------------------------------------------------------------------------------------------------------

-- Names sort without regard to the case of ASCII letters. `members_only`, `allow_invites` and the like are named as in the group REST API,
-- as far as the console document has no names for them.
CREATE TABLE "group" (
    id                  INTEGER PRIMARY KEY CHECK (id >> 32 = app_id),
    app_id              INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    group_id            TEXT    NOT NULL CHECK (octet_length(group_id) BETWEEN 1 AND 48 AND group_id NOT GLOB '*[^ -~]*'),
    type                TEXT    NOT NULL CHECK (type IN ('Work', 'Public', 'Meeting', 'AVChatRoom', 'Community')),
    name                TEXT    NOT NULL COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 128),
    owner_id            INTEGER REFERENCES account (id) ON DELETE SET NULL,
    created_at          INTEGER NOT NULL,
    modified_at         INTEGER, -- NULL: not since it was made
    version             INTEGER NOT NULL DEFAULT 1,
    -- What the group has, kept with each change.
    member_count        INTEGER NOT NULL DEFAULT 0 CHECK (member_count >= 0),
    message_count       INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0),
    file_bytes          INTEGER NOT NULL DEFAULT 0 CHECK (file_bytes >= 0),
    next_msg_seq        INTEGER NOT NULL DEFAULT 1 CHECK (next_msg_seq >= 1), -- the number of the next message; numbers are not used twice
    last_message_at     INTEGER NOT NULL DEFAULT 0, -- 0: no message yet
    -- Settings. NULL: as the type has it (domain/src/group/access.rs).
    max_member_count    INTEGER CHECK (max_member_count >= 0),
    members_only        INTEGER CHECK (members_only IN (0, 1)),
    allow_invites       INTEGER CHECK (allow_invites IN (0, 1)),
    invite_need_confirm INTEGER CHECK (invite_need_confirm IN (0, 1)),
    mute_all            INTEGER NOT NULL DEFAULT 0 CHECK (mute_all IN (0, 1)),
    -- Texts.
    introduction        TEXT    NOT NULL DEFAULT '' CHECK (length(introduction) <= 512),
    announcement        TEXT    NOT NULL DEFAULT '' CHECK (length(announcement) <= 512),
    announced_at        INTEGER, -- NULL: never
    avatar              TEXT    NOT NULL DEFAULT '' CHECK (length(avatar) <= 1024), -- the address of a picture
    custom              TEXT    NOT NULL DEFAULT '' CHECK (octet_length(custom) <= 8192), -- the back end's own
    UNIQUE (app_id, group_id)
) STRICT;

-- One for each order of the list, with and without the filter by type.
CREATE INDEX group_created ON "group" (app_id, created_at);
CREATE INDEX group_name ON "group" (app_id, name);
CREATE INDEX group_type_created ON "group" (app_id, type, created_at);
CREATE INDEX group_type_name ON "group" (app_id, type, name);
-- As account_zone.
CREATE INDEX group_zone ON "group" (id >> 12, created_at);
-- The largest groups and those with most messages.
CREATE INDEX group_members ON "group" (app_id, member_count);
CREATE INDEX group_messages ON "group" (app_id, message_count);
-- The groups that an account owns.
CREATE INDEX group_owner ON "group" (owner_id, created_at);

CREATE TABLE member (
    group_key     INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    account_key   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role          TEXT    NOT NULL CHECK (role IN ('Owner', 'Admin', 'Member')),
    joined_at     INTEGER NOT NULL,
    last_spoke_at INTEGER, -- NULL: never
    PRIMARY KEY (group_key, account_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_joined ON member (group_key, joined_at, account_key);
-- The groups that an account is in.
CREATE INDEX member_account ON member (account_key, joined_at, group_key);
CREATE UNIQUE INDEX member_one_owner ON member (group_key) WHERE role = 'Owner';
-- Admins are counted and listed without walking the members.
CREATE INDEX member_admin ON member (group_key, account_key) WHERE role = 'Admin';

-- The three lists that a group keeps of accounts. mute: who may not speak until expires_at; it outlives the membership, so whoever leaves
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

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Messages
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE message (
    group_key   INTEGER NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    sender_type TEXT    NOT NULL CHECK (sender_type IN ('operator', 'account', 'credential')),
    sender      TEXT    NOT NULL,
    text        TEXT    NOT NULL CHECK (text <> ''),
    sent_at     INTEGER NOT NULL,
    PRIMARY KEY (group_key, seq),
    -- The console's limit; what clients send is measured otherwise.
    CHECK (sender_type <> 'operator' OR length(text) <= 300)
) STRICT, WITHOUT ROWID;

-- How many messages were sent on a day, whoever sent them. Sent stays sent: deleting messages does not lower it.
CREATE TABLE message_day (
    app_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    day    INTEGER NOT NULL,
    sent   INTEGER NOT NULL CHECK (sent > 0),
    PRIMARY KEY (app_id, day)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Shared files
-- ---------------------------------------------------------------------------------------------------------------------------------

-- The bytes lie in the data folder under the SHA-256 of their content; several rows may share them.
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

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Search for parts of names and ids (docs/adr/0005-trigram-search.md)
-- ---------------------------------------------------------------------------------------------------------------------------------

-- Every character and every pair of a text is the beginning of a trigram once two characters follow the text. So texts are indexed with
-- two unit separators (U+001F, which no field lets in) behind them, and terms of one and two characters are found by reading FTS5's own
-- list of terms, the tables `…_grams`, in order. The views give the indexed texts as the index wants them.
CREATE VIEW account_text AS
    SELECT id, username || char(31, 31) AS username, nickname || char(31, 31) AS nickname FROM account;
CREATE VIRTUAL TABLE account_fts USING fts5 (
    username, nickname, content = 'account_text', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE VIRTUAL TABLE account_grams USING fts5vocab ('account_fts', 'instance');

CREATE VIEW group_text AS
    SELECT id, group_id || char(31, 31) AS group_id, name || char(31, 31) AS name FROM "group";
CREATE VIRTUAL TABLE group_fts USING fts5 (
    group_id, name, content = 'group_text', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE VIRTUAL TABLE group_grams USING fts5vocab ('group_fts', 'instance');

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Operators and how they sign in
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE operator (
    id               INTEGER PRIMARY KEY,
    name             TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    name_key         TEXT    NOT NULL UNIQUE, -- the name in lower case: unique without regard to case in every script
    role             TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
    disabled         INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    password_hash    TEXT,    -- NULL: not chosen yet
    -- Rises with each change of the password, so that what was signed for an older one is void. A hash that is only made anew, with
    -- today's parameters, changes nothing.
    password_version INTEGER NOT NULL DEFAULT 0,
    language         TEXT    CHECK (language IN ('en', 'zh', 'ko')), -- NULL: the browser's
    theme            TEXT    NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
    layout           TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(layout)), -- JSON (domain/src/layout): what was chosen in lists
    created_at       INTEGER NOT NULL,
    last_sign_in_at  INTEGER  -- NULL: never
) STRICT;

-- One-time secrets: only the SHA-256 is kept, and the row goes with its use.
CREATE TABLE setup_link (
    token_hash  BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    operator_id INTEGER UNIQUE REFERENCES operator (id) ON DELETE CASCADE, -- NULL: the server's first operator
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    id          INTEGER PRIMARY KEY,
    id_hash     BLOB    NOT NULL UNIQUE CHECK (length(id_hash) = 32),
    operator_id INTEGER REFERENCES operator (id) ON DELETE CASCADE, -- NULL: nobody has signed in
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

-- A named address of a list, for the operator who saved it.
CREATE TABLE saved_view (
    id          INTEGER PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operator (id) ON DELETE CASCADE,
    app_id      INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    list        TEXT    NOT NULL CHECK (list IN ('groups', 'accounts', 'audit')),
    name        TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    query       TEXT    NOT NULL CHECK (octet_length(query) <= 2000),
    created_at  INTEGER NOT NULL,
    UNIQUE (operator_id, app_id, list, name)
) STRICT;
CREATE INDEX saved_view_app ON saved_view (app_id);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- The REST APIs: who may call. Secrets and tokens are random, so their SHA-256 is all that is kept
-- ---------------------------------------------------------------------------------------------------------------------------------

-- Keys of back ends to one app. Revoking deletes the row, and with it every token that was got with it.
CREATE TABLE api_credential (
    id               INTEGER PRIMARY KEY,
    app_id           INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    name             TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    client_id        TEXT    NOT NULL UNIQUE,
    secret_hash      BLOB    NOT NULL CHECK (length(secret_hash) = 32),
    -- The secret before the latest rotation, and until when it goes on.
    old_secret_hash  BLOB    CHECK (length(old_secret_hash) = 32),
    old_secret_until INTEGER,
    created_at       INTEGER NOT NULL,
    created_by       TEXT,    -- the operator's name as it was then; '': the command line; NULL: not known
    created_by_id    INTEGER, -- the operator, if it was one
    rotated_at       INTEGER, -- NULL: still its first secret
    last_used_at     INTEGER, -- to the minute; NULL: never
    expires_at       INTEGER, -- NULL: never
    read_only        INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1)),
    addresses        TEXT    NOT NULL DEFAULT '', -- addresses and networks with a blank between them; '': from anywhere
    UNIQUE (app_id, name)
) STRICT;
CREATE INDEX api_credential_created_by ON api_credential (created_by_id);

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
    secret_until  INTEGER, -- when the secret ends that it was got by; NULL: it goes on. The token's own end is no later
    CHECK (credential_id IS NOT NULL OR account_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_token_credential ON api_token (credential_id, account_id, created_at);
CREATE INDEX api_token_account ON api_token (account_id, created_at);
CREATE INDEX api_token_expires ON api_token (expires_at) WHERE expires_at IS NOT NULL;

-- Tokens that were got since the log last said so: an event tells of the first, another one an hour later of the rest.
CREATE TABLE api_issue (
    app_id    INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    way       TEXT    NOT NULL CHECK (way IN ('client_credentials', 'password', 'inherit')),
    name      TEXT    NOT NULL, -- of the credential; '' for passwords
    address   TEXT    NOT NULL, -- '': unknown, or one of many
    since     INTEGER NOT NULL, -- when the first was got
    more      INTEGER NOT NULL DEFAULT 0,
    usernames TEXT    NOT NULL DEFAULT '[]', -- JSON: the first users whose tokens are counted here
    PRIMARY KEY (app_id, way, name, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_issue_since ON api_issue (since);

-- ---------------------------------------------------------------------------------------------------------------------------------
-- Long work. What a job is about is written down when it is confirmed, so that it touches exactly that, however long it waits and
-- however often the server starts again
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE job (
    id          INTEGER PRIMARY KEY,
    app_id      INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    target      TEXT    NOT NULL DEFAULT '',   -- the group that it stays within, or nothing
    input       TEXT    NOT NULL DEFAULT '{}', -- JSON: what its kind needs to know
    operator_id INTEGER, -- NULL: the command line
    operator    TEXT    NOT NULL DEFAULT '',
    address     TEXT,
    state       TEXT    NOT NULL CHECK (state IN ('preparing', 'waiting', 'running', 'done', 'cancelled', 'failed')),
    cancelling  INTEGER NOT NULL DEFAULT 0 CHECK (cancelling IN (0, 1)),
    error       TEXT, -- why it failed: the short name of a code
    total       INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
    position    INTEGER NOT NULL DEFAULT 0, -- items dealt with
    done        INTEGER NOT NULL DEFAULT 0,
    refused     INTEGER NOT NULL DEFAULT 0,
    gone        INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX job_app ON job (app_id, id);
CREATE INDEX job_open ON job (state, id) WHERE state IN ('preparing', 'waiting', 'running');
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;

-- What is still to be done, numbered from 1; a row goes with the chunk that deals with it.
CREATE TABLE job_item (
    job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    seq    INTEGER NOT NULL,
    item   TEXT    NOT NULL,
    PRIMARY KEY (job_id, seq)
) STRICT, WITHOUT ROWID;

-- What could not be done, and why.
CREATE TABLE job_result (
    job_id  INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL,
    item    TEXT    NOT NULL,
    outcome TEXT    NOT NULL CHECK (outcome IN ('refused', 'gone')),
    reason  TEXT, -- JSON: the code of a refusal
    PRIMARY KEY (job_id, seq)
) STRICT, WITHOUT ROWID;

-- Exports that can be downloaded: only the SHA-256 of what their address holds is kept.
CREATE TABLE export (
    token_hash  BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    app_id      INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    operator_id INTEGER REFERENCES operator (id) ON DELETE CASCADE,
    list        TEXT    NOT NULL DEFAULT 'accounts' CHECK (list IN ('accounts', 'groups', 'members', 'messages', 'events')),
    format      TEXT    NOT NULL DEFAULT 'csv' CHECK (format IN ('csv', 'xlsx', 'jsonl')),
    file_name   TEXT    NOT NULL,
    row_count   INTEGER NOT NULL DEFAULT 0 CHECK (row_count >= 0),
    cut         INTEGER NOT NULL DEFAULT 0 CHECK (cut >= 0),
    job_id      INTEGER, -- NULL: made within a request; a job's file is found by it
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX export_created ON export (created_at);
CREATE UNIQUE INDEX export_job ON export (job_id) WHERE job_id IS NOT NULL;

-- Files that were read and wait to be confirmed, or that a job imports. Their rows lie in the data folder (`imports/<id>.rows`); where
-- the job is in them is written down with what it changed.
CREATE TABLE import (
    id          INTEGER PRIMARY KEY,
    app_id      INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    operator_id INTEGER, -- NULL: the command line
    list        TEXT    NOT NULL CHECK (list IN ('accounts', 'groups', 'members')),
    format      TEXT    NOT NULL CHECK (format IN ('csv', 'xlsx', 'jsonl')),
    file_name   TEXT    NOT NULL,
    size        INTEGER NOT NULL CHECK (size > 0),
    group_id    TEXT    NOT NULL DEFAULT '', -- of memberships whose rows name no group
    ascending   INTEGER NOT NULL CHECK (ascending IN (0, 1)), -- whether the oldest stands first
    preview     TEXT    NOT NULL, -- JSON
    created_at  INTEGER NOT NULL,
    -- Once it is confirmed.
    job_id      INTEGER,
    mode        TEXT    CHECK (mode IN ('skip', 'update', 'stop')),
    started_at  INTEGER, -- what rows get that give no time
    place       INTEGER NOT NULL DEFAULT 0, -- where in the file the next row begins
    next_key    INTEGER NOT NULL DEFAULT 0, -- the surrogate key of the next new row
    keys_left   INTEGER NOT NULL DEFAULT 0 CHECK (keys_left >= 0), -- how many are taken for new rows, that one included
    new         INTEGER NOT NULL DEFAULT 0 CHECK (new >= 0),
    changed     INTEGER NOT NULL DEFAULT 0 CHECK (changed >= 0),
    unchanged   INTEGER NOT NULL DEFAULT 0 CHECK (unchanged >= 0),
    refused     INTEGER NOT NULL DEFAULT 0 CHECK (refused >= 0)
) STRICT;
CREATE UNIQUE INDEX import_job ON import (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX import_waiting ON import (operator_id, id) WHERE job_id IS NULL;

-- ---------------------------------------------------------------------------------------------------------------------------------
-- The audit log. It outlives what it tells of, so it points nowhere
-- ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE event (
    id           INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    app_id       INTEGER NOT NULL, -- 0: the whole server
    actor        TEXT    NOT NULL CHECK (actor IN ('operator', 'credential', 'account', 'system', 'anonymous')),
    operator_id  INTEGER,
    operator     TEXT    NOT NULL DEFAULT '', -- the actor's name as it was then
    through      TEXT    NOT NULL DEFAULT '', -- the name, as it was then, of the credential that a user's token was got through
    address      TEXT,
    action       TEXT    NOT NULL,
    outcome      TEXT    NOT NULL CHECK (outcome IN ('done', 'refused')),
    target       TEXT    NOT NULL DEFAULT '',
    -- What the target was called then, so that the log still says which group it was when the group is gone: groups, apps, credentials
    -- and operators. Accounts are named by their username alone, which is the target itself.
    target_name  TEXT    NOT NULL DEFAULT '',
    state_before TEXT, -- JSON
    state_after  TEXT  -- JSON
) STRICT;
CREATE INDEX event_app ON event (app_id, at);
CREATE INDEX event_app_operator ON event (app_id, operator, at);
CREATE INDEX event_app_action ON event (app_id, action, at);
CREATE INDEX event_app_target ON event (app_id, target, at);

-- How many events of each action were done on a day; written with the events.
CREATE TABLE event_day (
    app_id INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    action TEXT    NOT NULL,
    done   INTEGER NOT NULL CHECK (done > 0),
    PRIMARY KEY (app_id, day, action)
) STRICT, WITHOUT ROWID;

-- What the log calls its targets, each name once for each target: what is searched. It goes with the last event that has it.
CREATE TABLE event_name (
    id     INTEGER PRIMARY KEY, -- of the first event that has it
    app_id INTEGER NOT NULL,
    target TEXT    NOT NULL,
    name   TEXT    NOT NULL,
    events INTEGER NOT NULL DEFAULT 0 -- how many have it
) STRICT;
CREATE UNIQUE INDEX event_name_key ON event_name (app_id, target, name);

-- As for accounts and groups.
CREATE VIEW event_name_text AS
    SELECT id, target || char(31, 31) AS target, name || char(31, 31) AS name FROM event_name;
CREATE VIRTUAL TABLE event_name_fts USING fts5 (
    target, name, content = 'event_name_text', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE VIRTUAL TABLE event_name_grams USING fts5vocab ('event_name_fts', 'instance');

-- What an account does to itself over and over becomes one event a while (store/src/change/pending.rs). A row outlives the account
-- until it is an event.
CREATE TABLE event_pending (
    app_id       INTEGER NOT NULL,
    username     TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    account_id   INTEGER NOT NULL,
    opened_at    INTEGER NOT NULL, -- when the window began
    changes      INTEGER NOT NULL CHECK (changes >= 0), -- held back since; 0: none so far
    last_at      INTEGER NOT NULL,
    address      TEXT,                        -- of the last
    through      TEXT    NOT NULL DEFAULT '', -- of the last
    state_before TEXT, -- JSON, before the first
    state_after  TEXT, -- JSON, after the last
    steps        TEXT    NOT NULL DEFAULT '[]', -- JSON: the first different states that were held back, and from where
    more_steps   INTEGER NOT NULL DEFAULT 0 CHECK (more_steps >= 0), -- changes that found no room there
    PRIMARY KEY (app_id, username, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_pending_opened ON event_pending (opened_at);

-- Files in the folder archive that hold events, read again and found whole before they were entered here. The ranges follow each other;
-- events up to the last one of them may leave the log.
CREATE TABLE event_archive (
    id          INTEGER PRIMARY KEY,
    file_name   TEXT    NOT NULL UNIQUE,
    first_id    INTEGER NOT NULL UNIQUE,
    last_id     INTEGER NOT NULL UNIQUE CHECK (last_id >= first_id),
    first_at    INTEGER NOT NULL, -- the earliest and the latest moment of them
    last_at     INTEGER NOT NULL CHECK (last_at >= first_at),
    events      INTEGER NOT NULL CHECK (events > 0),
    bytes       INTEGER NOT NULL CHECK (bytes > 0),
    sha256      BLOB    NOT NULL CHECK (length(sha256) = 32),
    archived_at INTEGER NOT NULL,
    archived_by TEXT    NOT NULL DEFAULT '', -- operator; empty: the server itself or the command line
    deleted_at  INTEGER -- when an owner deleted the file; NULL: it is there. The row stays: the log goes on behind it
) STRICT;

-- How far the file of events has come (ROSTER_AUDIT_LOG): no less than is in it. Only looked at where the file itself does not say it.
CREATE TABLE audit_log_place (
    path     TEXT    NOT NULL PRIMARY KEY,
    event_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The guards of the log. No statement of Roster drops one of them, and nothing else is a trigger. Totals of apps and days are written by
-- the commit (store/src/db/counts.rs), counters of groups beside the rows that they count (store/src/group/table.rs and member/table.rs
-- there), search rows beside their texts (store/src/db/driver/sqlite/search_rows.rs), those of the log by the commit; `roster check`
-- compares them all.
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;
-- Only what lies in an archive may go.
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
WHEN old.id > (SELECT coalesce(max(last_id), 0) FROM event_archive) BEGIN
    SELECT RAISE(ABORT, 'events are never deleted before they lie in an archive');
END;
CREATE TRIGGER event_archive_in_order BEFORE INSERT ON event_archive
WHEN new.first_id <= (SELECT coalesce(max(last_id), 0) FROM event_archive)
    OR new.last_id >= (SELECT coalesce(max(id), 0) FROM event) BEGIN
    SELECT RAISE(ABORT, 'an archive begins behind the one before, and the log goes on behind it');
END;
-- All that may change is that the file was deleted, once.
CREATE TRIGGER event_archive_no_update BEFORE UPDATE ON event_archive
WHEN old.deleted_at IS NOT NULL OR new.deleted_at IS NULL
    OR (new.id, new.file_name, new.first_id, new.last_id, new.first_at, new.last_at, new.events, new.bytes, new.sha256, new.archived_at,
        new.archived_by) IS NOT
       (old.id, old.file_name, old.first_id, old.last_id, old.first_at, old.last_at, old.events, old.bytes, old.sha256, old.archived_at,
        old.archived_by) BEGIN
    SELECT RAISE(ABORT, 'archives are never changed');
END;
CREATE TRIGGER event_archive_no_early_end BEFORE UPDATE ON event_archive
WHEN EXISTS (SELECT 1 FROM event WHERE id BETWEEN old.first_id AND old.last_id) BEGIN
    SELECT RAISE(ABORT, 'archives never go before their events have left the log');
END;
CREATE TRIGGER event_archive_no_delete BEFORE DELETE ON event_archive BEGIN
    SELECT RAISE(ABORT, 'archives are never forgotten');
END;

-- ---------------------------------------------------------------------------------------------------------------------------------
-- The server itself
-- ---------------------------------------------------------------------------------------------------------------------------------

-- The next number of each table that the server gives keys to, for each app; app_id 0: of the whole server (store/src/db/keys.rs). It
-- never goes back, also when rows or apps are gone.
CREATE TABLE id_block (
    name   TEXT    NOT NULL, -- of the table
    app_id INTEGER NOT NULL,
    next   INTEGER NOT NULL CHECK (next > 1),
    PRIMARY KEY (name, app_id)
) STRICT, WITHOUT ROWID;

-- Settings of the whole server. A name that is missing has its default.
CREATE TABLE server_setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Keys that this server signs with, made with the database and kept with it, so that what they signed outlives a restart. cursor: places
-- in lists. device: the cookies by which a browser is known again (store/src/operator/device.rs).
CREATE TABLE server_key (
    name TEXT NOT NULL PRIMARY KEY,
    key  BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
INSERT INTO server_key (name, key) VALUES ('cursor', randomblob(32)), ('device', randomblob(32));
