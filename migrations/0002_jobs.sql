-- Jobs: work on more items than one request should do. What a job is about is written down when it is confirmed, so that it
-- touches exactly that, however long it waits and however often the server starts again.

-- AUTOINCREMENT: an address that names a job must never come to mean another one.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id      INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    target      TEXT    NOT NULL DEFAULT '', -- the group that it stays within, or nothing
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
