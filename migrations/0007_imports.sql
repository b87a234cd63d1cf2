-- Imports: files that were read and wait to be confirmed, or that a job imports. Their rows lie in the data folder
-- (`imports/<id>.rows`); where the job is in them is written down with what it changed.

-- AUTOINCREMENT: an address that names an import must never come to mean another one.
CREATE TABLE import (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id      INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    operator_id INTEGER, -- NULL: the command line
    list        TEXT    NOT NULL CHECK (list IN ('accounts', 'groups', 'members')),
    format      TEXT    NOT NULL CHECK (format IN ('csv', 'xlsx', 'jsonl')),
    file_name   TEXT    NOT NULL,
    size        INTEGER NOT NULL CHECK (size > 0), -- bytes
    group_id    TEXT    NOT NULL DEFAULT '', -- of memberships whose rows name no group
    ascending   INTEGER NOT NULL CHECK (ascending IN (0, 1)), -- whether the oldest stands first
    preview     TEXT    NOT NULL, -- JSON
    created_at  INTEGER NOT NULL,
    -- Once it is confirmed.
    job_id      INTEGER,
    mode        TEXT    CHECK (mode IN ('skip', 'update', 'stop')),
    started_at  INTEGER, -- what rows get that give no time
    place       INTEGER NOT NULL DEFAULT 0, -- where in the file the next row begins
    key_base    INTEGER NOT NULL DEFAULT -1, -- the surrogate keys of new rows lie above it; -1: not known yet
    new         INTEGER NOT NULL DEFAULT 0 CHECK (new >= 0),
    changed     INTEGER NOT NULL DEFAULT 0 CHECK (changed >= 0),
    unchanged   INTEGER NOT NULL DEFAULT 0 CHECK (unchanged >= 0),
    refused     INTEGER NOT NULL DEFAULT 0 CHECK (refused >= 0)
) STRICT;

CREATE UNIQUE INDEX import_job ON import (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX import_waiting ON import (operator_id, id) WHERE job_id IS NULL;
