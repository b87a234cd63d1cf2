-- Signing in: which browsers an operator has signed in with before, and what an app asks of its accounts' passwords.

-- Rises with each change of the password, so that what was signed for an older one is void. A hash that is only made anew, with today's
-- parameters, changes nothing.
ALTER TABLE operator ADD COLUMN password_version INTEGER NOT NULL DEFAULT 0;

-- The fewest characters of a password that is set through the REST API from now on.
ALTER TABLE application ADD COLUMN password_min_chars INTEGER NOT NULL DEFAULT 1 CHECK (password_min_chars BETWEEN 1 AND 64);

-- What the cookies are signed with by which a browser is known again (domain/src/operator/store/device.rs).
INSERT INTO server_key (name, key) VALUES ('device', randomblob(32));
