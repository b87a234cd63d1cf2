-- The overview of an app: its totals and what happened on each day, kept as they change, so that the page costs the same
-- whatever the app holds. A day is a number: days since 1970 in UTC, milliseconds / 86400000.

-- Kept by triggers: what the app's groups have together.
ALTER TABLE application ADD COLUMN member_count INTEGER NOT NULL DEFAULT 0 CHECK (member_count >= 0);
ALTER TABLE application ADD COLUMN message_count INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0);

UPDATE application SET
    member_count = (SELECT coalesce(sum(member_count), 0) FROM "group" WHERE app_id = application.id),
    message_count = (SELECT coalesce(sum(message_count), 0) FROM "group" WHERE app_id = application.id);

CREATE TRIGGER group_counts_changed AFTER UPDATE OF member_count, message_count ON "group" BEGIN
    UPDATE application SET member_count = member_count + new.member_count - old.member_count,
                           message_count = message_count + new.message_count - old.message_count WHERE id = new.app_id;
END;
-- When a group goes, its members and messages go after it, when there is no group left to count them: it takes its own
-- counts along.
DROP TRIGGER group_uncounted;
CREATE TRIGGER group_uncounted AFTER DELETE ON "group" BEGIN
    UPDATE application SET group_count = group_count - 1, member_count = member_count - old.member_count,
                           message_count = message_count - old.message_count WHERE id = old.app_id;
END;

-- The largest and the most active groups.
CREATE INDEX group_members ON "group" (app_id, member_count);
CREATE INDEX group_messages ON "group" (app_id, message_count);

-- How many events of each action were done on a day; written with the events (db/change.rs). Points nowhere, like the log.
CREATE TABLE event_day (
    app_id INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    action TEXT    NOT NULL,
    done   INTEGER NOT NULL CHECK (done > 0),
    PRIMARY KEY (app_id, day, action)
) STRICT, WITHOUT ROWID;

INSERT INTO event_day (app_id, day, action, done)
SELECT app_id, at / 86400000, action, count(*) FROM event WHERE outcome = 'done' GROUP BY 1, 2, 3;

-- How many messages were sent on a day, whoever sent them. Sent stays sent: deleting messages does not lower it.
CREATE TABLE message_day (
    app_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    day    INTEGER NOT NULL,
    sent   INTEGER NOT NULL CHECK (sent > 0),
    PRIMARY KEY (app_id, day)
) STRICT, WITHOUT ROWID;

INSERT INTO message_day (app_id, day, sent)
SELECT g.app_id, m.sent_at / 86400000, count(*) FROM message m JOIN "group" g ON g.id = m.group_key GROUP BY 1, 2;
-- Of messages that went with their groups only the events are left.
INSERT INTO message_day (app_id, day, sent)
SELECT app_id, day, done FROM event_day
WHERE action = 'message.send' AND EXISTS (SELECT 1 FROM application WHERE id = event_day.app_id)
ON CONFLICT (app_id, day) DO UPDATE SET sent = max(message_day.sent, excluded.sent);

CREATE TRIGGER message_day_counted AFTER INSERT ON message BEGIN
    INSERT INTO message_day (app_id, day, sent)
    SELECT app_id, new.sent_at / 86400000, 1 FROM "group" WHERE id = new.group_key
    ON CONFLICT (app_id, day) DO UPDATE SET sent = message_day.sent + 1;
END;
