-- Who and what is behind what users do: the credential that a token came through, the states in between that the log would miss, and
-- from where users sign in.

-- The name, as it was then, of the credential through which the user's token was got; empty where there was none.
ALTER TABLE event ADD COLUMN through TEXT NOT NULL DEFAULT '';

ALTER TABLE event_pending ADD COLUMN through TEXT NOT NULL DEFAULT ''; -- of the last
ALTER TABLE event_pending ADD COLUMN steps TEXT NOT NULL DEFAULT '[]'; -- JSON: the first different states that were held back, and from where
ALTER TABLE event_pending ADD COLUMN more_steps INTEGER NOT NULL DEFAULT 0 CHECK (more_steps >= 0); -- changes that found no room there

-- What was in between in those that are open nobody knows any more.
UPDATE event_pending SET more_steps = changes WHERE changes > 0;

-- JSON: the first users whose tokens are counted there.
ALTER TABLE api_issue ADD COLUMN usernames TEXT NOT NULL DEFAULT '[]';

-- Networks from which an account has signed in with its password (domain/src/credential/places.rs): a few of each, the latest.
CREATE TABLE account_place (
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    network    TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (account_id, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_place_at ON account_place (at);
