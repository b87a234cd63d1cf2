//! Texts for which no token is worth it: each stands in one place.

use crate::db::{Sql, sql};

/// The state after an event without the addresses of its steps. The text again at its end, because the column is a text.
pub const WITHOUT_ADDRESSES: &str = "CASE WHEN t.state_after ->> '$.steps' IS NULL THEN t.state_after
     ELSE json_set(t.state_after, '$.steps', json((SELECT json_group_array(json(json_remove(step.value, '$.address')))
         FROM json_each(t.state_after, '$.steps') AS step))) || '' END";

/// Adds one token to a count of issued tokens, with the name of its user while fewer than `$7` are named.
pub const COUNT_ISSUED: Sql = sql!(
    "UPDATE api_issue SET more = more + 1, usernames =
         CASE WHEN $6 IS NULL OR json_array_length(usernames) >= $7 OR $6 IN @texts(usernames)
         THEN usernames ELSE json_insert(usernames, '$[#]', $6) END
     WHERE app_id = $1 AND way = $2 AND name = $3 AND address = $4 AND since > $5"
);
