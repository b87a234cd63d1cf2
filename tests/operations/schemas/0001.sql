-- Rows of a data folder whose schema is that of 0001_schema.sql, with all that Roster keeps beside them. A job is under way.
INSERT INTO application (id, org_name, app_name, display_name, uuid, created_at, account_count, group_count, member_count, message_count)
VALUES (1, 'acme', 'chat', 'Chat', '6ba7b810-9dad-41d1-80b4-00c04fd430c8', 1, 2, 1, 2, 1);
INSERT INTO account (id, app_id, username, type, nickname, created_at)
VALUES (4294967297, 1, 'amy', 'General', '小明', 1), (4294967298, 1, 'bob', 'Admin', '', 2);
INSERT INTO "group" (id, app_id, group_id, type, name, owner_id, created_at, member_count, message_count, next_msg_seq, last_message_at)
VALUES (4294967297, 1, 'g', 'Work', '회의', 4294967297, 3, 2, 1, 2, 5);
INSERT INTO member (group_key, account_key, role, joined_at, last_spoke_at)
VALUES (4294967297, 4294967297, 'Owner', 3, 5), (4294967297, 4294967298, 'Member', 4, NULL);
INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at) VALUES (4294967297, 1, 'account', 'amy', 'hello', 5);
INSERT INTO message_day (app_id, day, sent) VALUES (1, 0, 1);
INSERT INTO operator (id, name, name_key, role, created_at) VALUES (1, 'Olga', 'olga', 'owner', 1);
INSERT INTO job (id, app_id, kind, target, operator_id, operator, state, total, created_at)
VALUES (1, 1, 'member.delete', 'g', 1, 'Olga', 'running', 5, 6);
INSERT INTO event (id, at, app_id, actor, operator_id, operator, action, outcome, target, target_name)
VALUES (1, 3, 1, 'operator', 1, 'Olga', 'group.create', 'done', 'g', '회의');
INSERT INTO event_day (app_id, day, action, done) VALUES (1, 0, 'group.create', 1);
INSERT INTO event_name (id, app_id, target, name, events) VALUES (1, 1, 'g', '회의', 1);
-- Keys of an app's rows: app << 32 | number.
INSERT INTO id_block (name, app_id, next)
VALUES ('application', 0, 2), ('account', 1, 3), ('group', 1, 2), ('operator', 0, 2), ('job', 0, 2);
INSERT INTO account_fts (account_fts) VALUES ('rebuild');
INSERT INTO group_fts (group_fts) VALUES ('rebuild');
INSERT INTO event_name_fts (event_name_fts) VALUES ('rebuild');
