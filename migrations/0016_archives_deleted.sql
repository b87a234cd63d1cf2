-- Archives of the audit log can be deleted on purpose, and the names of things leave the log with the last event that has them.

-- When an owner deleted it; NULL: it is there. The row stays: the log goes on behind it, and the events in it never come back.
ALTER TABLE event_archive ADD COLUMN deleted_at INTEGER;
DROP TRIGGER event_archive_no_update;
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

-- How many events have each name, so that the last one takes it away without a search.
ALTER TABLE event_name ADD COLUMN events INTEGER NOT NULL DEFAULT 0;
UPDATE event_name SET events = counted.events FROM (
    SELECT app_id, target, target_name, count(*) AS events FROM event WHERE target_name <> '' GROUP BY app_id, target, target_name
) AS counted
WHERE event_name.app_id = counted.app_id AND event_name.target = counted.target AND event_name.name = counted.target_name;
-- Those whose events left with archives before this.
DELETE FROM event_name WHERE events = 0;

DROP TRIGGER event_named;
CREATE TRIGGER event_named AFTER INSERT ON event WHEN new.target_name <> '' BEGIN
    INSERT INTO event_name (app_id, target, name, events) VALUES (new.app_id, new.target, new.target_name, 1)
    ON CONFLICT (app_id, target, name) DO UPDATE SET events = events + 1;
END;
CREATE TRIGGER event_unnamed AFTER DELETE ON event WHEN old.target_name <> '' BEGIN
    UPDATE event_name SET events = events - 1 WHERE app_id = old.app_id AND target = old.target AND name = old.target_name;
    DELETE FROM event_name WHERE app_id = old.app_id AND target = old.target AND name = old.target_name AND events <= 0;
END;
