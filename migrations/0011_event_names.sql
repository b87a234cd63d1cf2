-- Events keep the name of what they are about as it was then, so that the log still says which group it was when the group is
-- gone: groups, apps, credentials and operators. Accounts are named by their username alone, which is the target itself.
-- Written with the event, see domain/src/db/change.rs.
ALTER TABLE event ADD COLUMN target_name TEXT NOT NULL DEFAULT '';

-- What the log has named by now, each name once for each target: what is searched. Points nowhere, like the log.
CREATE TABLE event_name (
    id     INTEGER PRIMARY KEY,
    app_id INTEGER NOT NULL,
    target TEXT    NOT NULL,
    name   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_name_key ON event_name (app_id, target, name);

CREATE TRIGGER event_named AFTER INSERT ON event WHEN new.target_name <> '' BEGIN
    INSERT INTO event_name (app_id, target, name) VALUES (new.app_id, new.target, new.target_name) ON CONFLICT DO NOTHING;
END;

-- As 0003_short_terms.sql has it for accounts and groups.
CREATE VIEW event_name_text AS
    SELECT id, target || char(31, 31) AS target, name || char(31, 31) AS name FROM event_name;
CREATE VIRTUAL TABLE event_name_fts USING fts5 (
    target, name, content = 'event_name_text', content_rowid = 'id', columnsize = 0, tokenize = 'trigram'
);
CREATE TRIGGER event_name_fts_insert AFTER INSERT ON event_name BEGIN
    INSERT INTO event_name_fts (rowid, target, name)
    VALUES (new.id, new.target || char(31, 31), new.name || char(31, 31));
END;
CREATE TRIGGER event_name_fts_delete AFTER DELETE ON event_name BEGIN
    INSERT INTO event_name_fts (event_name_fts, rowid, target, name)
    VALUES ('delete', old.id, old.target || char(31, 31), old.name || char(31, 31));
END;
CREATE VIRTUAL TABLE event_name_grams USING fts5vocab ('event_name_fts', 'instance');

-- Events from before get their names here, as far as anybody knows them: what the group was called by then according to its own
-- events, else what it is called now, else what its first edit says it was called. This once an event is written to.
CREATE TABLE event_naming (
    app_id INTEGER NOT NULL,
    target TEXT    NOT NULL,
    id     INTEGER NOT NULL,
    before TEXT,
    after  TEXT,
    PRIMARY KEY (app_id, target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO event_naming (app_id, target, id, before, after)
SELECT app_id, target, id, state_before ->> 'name', state_after ->> 'name' FROM event
WHERE action IN ('group.create', 'group.edit') AND outcome = 'done' AND coalesce(state_after ->> 'name', state_before ->> 'name') IS NOT NULL;

DROP TRIGGER event_no_update;
UPDATE event SET target_name = coalesce(CASE
    WHEN target = '' THEN ''
    WHEN action GLOB 'account.*' OR action = 'event.export' THEN ''
    WHEN action GLOB 'credential.*' THEN iif(outcome = 'done', target,
        (SELECT name FROM api_credential WHERE api_credential.app_id = event.app_id AND name = event.target))
    WHEN action GLOB 'operator.*' OR action GLOB 'session.*' THEN iif(outcome = 'done', target,
        (SELECT name FROM operator WHERE name = event.target))
    WHEN action GLOB 'application.*' THEN
        (SELECT display_name FROM application WHERE org_name = substr(event.target, 1, instr(event.target, '/') - 1)
            AND app_name = substr(event.target, instr(event.target, '/') + 1))
    ELSE coalesce(
        (SELECT after FROM event_naming AS n WHERE n.app_id = event.app_id AND n.target = event.target AND n.id <= event.id
            AND after IS NOT NULL ORDER BY n.id DESC LIMIT 1),
        (SELECT before FROM event_naming AS n WHERE n.app_id = event.app_id AND n.target = event.target AND n.id > event.id
            AND before IS NOT NULL ORDER BY n.id LIMIT 1),
        (SELECT name FROM "group" AS g WHERE g.app_id = event.app_id AND g.group_id = event.target)
    )
END, '');
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;
DROP TABLE event_naming;

INSERT INTO event_name (app_id, target, name) SELECT DISTINCT app_id, target, target_name FROM event WHERE target_name <> '';
