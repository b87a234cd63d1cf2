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

CREATE TRIGGER event_unnamed AFTER DELETE ON event WHEN old.target_name <> '' BEGIN
    DELETE FROM event_name
    WHERE app_id = old.app_id AND target = old.target AND name = old.target_name AND NOT EXISTS (
        SELECT 1 FROM event
        WHERE event.app_id = old.app_id AND event.target = old.target AND event.target_name = old.target_name);
END;
-- Those that left it with archives before this.
DELETE FROM event_name
WHERE EXISTS (SELECT 1 FROM event_archive) AND NOT EXISTS (
    SELECT 1 FROM event
    WHERE event.app_id = event_name.app_id AND event.target = event_name.target AND event.target_name = event_name.name);
