-- What is kept for ever, bounded: quotas of shared files, events of end users that are held back and written together, and the horizon up
-- to which the log lies in archives.

-- Bytes of the rows in group_file: a content that several groups share lies on the disk once, but counts for each of them. Written by the
-- operations that add and remove rows (domain/src/file/store/quota.rs), in the same transaction.
ALTER TABLE application ADD COLUMN file_bytes INTEGER NOT NULL DEFAULT 0 CHECK (file_bytes >= 0);
ALTER TABLE "group" ADD COLUMN file_bytes INTEGER NOT NULL DEFAULT 0 CHECK (file_bytes >= 0);
UPDATE "group" SET file_bytes = (SELECT sum(file_size) FROM group_file WHERE group_key = "group".id)
WHERE id IN (SELECT group_key FROM group_file);
UPDATE application SET file_bytes = (SELECT coalesce(sum(file_bytes), 0) FROM "group" WHERE app_id = application.id);

-- Bytes; NULL: no limit, as it was. New apps bring their own.
ALTER TABLE application ADD COLUMN file_quota INTEGER CHECK (file_quota >= 0);
ALTER TABLE application ADD COLUMN group_file_quota INTEGER CHECK (group_file_quota >= 0);

-- What an account does to itself over and over becomes one event a while (domain/src/event/store/pending.rs). Points nowhere, like the log:
-- it outlives the account until it is an event.
CREATE TABLE event_pending (
    app_id       INTEGER NOT NULL,
    username     TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    account_id   INTEGER NOT NULL,
    opened_at    INTEGER NOT NULL, -- when the window began
    changes      INTEGER NOT NULL CHECK (changes >= 0), -- held back since; 0: none so far
    last_at      INTEGER NOT NULL,
    state_before TEXT, -- JSON, before the first
    state_after  TEXT, -- JSON, after the last
    address      TEXT, -- of the last
    PRIMARY KEY (app_id, username, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_pending_opened ON event_pending (opened_at);

-- Settings of the whole server. A name that is missing has its default.
CREATE TABLE server_setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

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
    archived_by TEXT    NOT NULL DEFAULT '' -- operator; empty: the server itself or the command line
) STRICT;
CREATE TRIGGER event_archive_no_update BEFORE UPDATE ON event_archive BEGIN
    SELECT RAISE(ABORT, 'archives are never changed');
END;
CREATE TRIGGER event_archive_no_delete BEFORE DELETE ON event_archive BEGIN
    SELECT RAISE(ABORT, 'archives are never forgotten');
END;
CREATE TRIGGER event_archive_in_order BEFORE INSERT ON event_archive
WHEN new.first_id <= (SELECT coalesce(max(last_id), 0) FROM event_archive)
    OR new.last_id >= (SELECT coalesce(max(id), 0) FROM event) BEGIN
    SELECT RAISE(ABORT, 'an archive begins behind the one before, and the log goes on behind it');
END;

-- Only what lies in an archive may go. No statement of Roster drops this trigger.
DROP TRIGGER event_no_delete;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
WHEN old.id > (SELECT coalesce(max(last_id), 0) FROM event_archive) BEGIN
    SELECT RAISE(ABORT, 'events are never deleted before they lie in an archive');
END;
