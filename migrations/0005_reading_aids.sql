-- Reading aids: how each operator likes the lists, their saved views, and orders for an account's page.

-- JSON, see domain/src/layout: what nobody has chosen is left out.
ALTER TABLE operator ADD COLUMN layout TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(layout));

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

-- An account's groups by when it joined, and the groups it owns by when they were made. The names stay: what they served
-- before, they serve now.
DROP INDEX member_account;
CREATE INDEX member_account ON member (account_key, joined_at, group_key);
DROP INDEX group_owner;
CREATE INDEX group_owner ON "group" (owner_id, created_at);
