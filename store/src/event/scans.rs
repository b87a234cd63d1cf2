//! Along which indexes a filter finds its events. A page and an export go the same ways.
//!
//! What is looked for may be a target as it stands, or a part of the id or of any name of something that the log has ever named
//! (`event_name`, searched like the lists of db/search.rs). The names lead to targets, and the targets to events.

use std::collections::BTreeSet;

use domain::{
    Result,
    application::AppId,
    event::{Action, rules::EventQuery},
};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::db::{ListSource, OrFault, json, matching_ids, push_matching, push_optional};

/// Up to so many targets are walked side by side, each along its own index.
const FEW: i64 = 32;

/// What the log has named, as a list that can be searched.
const NAMES: ListSource = ListSource {
    columns: "t.id, t.target",
    from: "event_name t",
    joins: "",
    index: "event_name_key",
    trigrams: "event_name_fts",
    grams: "event_name_grams",
    name: "t.name",
    texts: ["t.target", "t.name"],
};

/// One way along the log: a branch (an app, or the server) and which of its events.
#[derive(Debug, Clone)]
pub struct EventScan {
    branch: i64,
    targets: Targets,
}

#[derive(Debug, Clone)]
enum Targets {
    Any,
    One(String),
    /// More than [`FEW`] that hold the term. `by_target`: collected target by target, to be sorted; else whatever comes by time is
    /// asked whether it is one of them.
    Holding {
        term: String,
        by_target: bool,
    },
}

impl EventScan {
    /// How it goes about more than a few targets.
    pub fn by_target(self, yes: bool) -> Self {
        let targets = match self.targets {
            Targets::Holding { term, .. } => Targets::Holding { term, by_target: yes },
            other @ (Targets::Any | Targets::One(_)) => other,
        };
        Self { targets, ..self }
    }

    /// ` FROM event … WHERE …`.
    pub fn push(&self, sql: &mut QueryBuilder<Sqlite>, query: &EventQuery) -> Result<()> {
        sql.push(" FROM event t");
        if matches!(self.targets, Targets::Holding { by_target: true, .. }) {
            sql.push(" INDEXED BY event_app_target");
        }
        sql.push(" WHERE t.app_id = ").push_bind(self.branch);
        match &self.targets {
            Targets::Any => {}
            Targets::One(target) => {
                sql.push(" AND t.target = ").push_bind(target.clone());
            }
            Targets::Holding { term, by_target } => {
                // `+`: the walk is the one by time.
                sql.push(if *by_target { " AND t.target IN (SELECT " } else { " AND +t.target IN (SELECT " });
                sql.push_bind(term.clone()).push(" UNION SELECT t.target");
                push_matching(sql, &NAMES, AppId::of_row(self.branch), None, term)?;
                sql.push(")");
            }
        }
        // Credentials and accounts may be called like an operator, and strangers say that they are.
        let parts = [
            (" AND t.actor = 'operator' AND t.operator = ", query.operator.as_deref()),
            (" AND t.action = ", query.action.map(Action::as_str)),
        ];
        push_optional(sql, &parts);
        if query.of_group {
            // `+`: the walk is that of the target.
            sql.push(" AND +substr(t.action, 1, instr(t.action, '.') - 1) IN ('group', 'member', 'file', 'message')");
        }
        for (fragment, time) in [(" AND t.at >= ", query.from), (" AND t.at < ", query.until)] {
            if let Some(time) = time {
                sql.push(fragment).push_bind(time);
            }
        }
        Ok(())
    }
}

/// The ways to what a filter looks for, to be merged.
pub async fn scans(db: &mut SqliteConnection, branches: &[i64], query: &EventQuery) -> Result<Vec<EventScan>> {
    let Some(term) = &query.target else { return Ok(all(branches, Targets::Any)) };
    if query.of_group {
        return Ok(all(branches, Targets::One(term.clone())));
    }
    let mut walks = vec![];
    for &branch in branches {
        let ids = matching_ids(db, &NAMES, AppId::of_row(branch), None, term, FEW + 1).await?;
        if ids.len() as i64 > FEW {
            return Ok(holding(branches, term));
        }
        let named: Vec<String> =
            sqlx::query_scalar("SELECT target FROM event_name WHERE id IN (SELECT value FROM json_each($1))")
                .bind(json(&ids)?)
                .fetch_all(&mut *db)
                .await
                .or_fault()?;
        // One that has had several names is still one.
        let targets: BTreeSet<String> = named.into_iter().chain([term.clone()]).collect();
        walks.extend(targets.into_iter().map(|target| EventScan { branch, targets: Targets::One(target) }));
    }
    Ok(walks)
}

pub(super) fn holding(branches: &[i64], term: &str) -> Vec<EventScan> {
    all(branches, Targets::Holding { term: term.to_owned(), by_target: true })
}

fn all(branches: &[i64], targets: Targets) -> Vec<EventScan> {
    branches.iter().map(|&branch| EventScan { branch, targets: targets.clone() }).collect()
}

/// The same statement for each walk, ` UNION ALL ` between them.
pub fn push_each(
    sql: &mut QueryBuilder<Sqlite>,
    walks: &[EventScan],
    mut push: impl FnMut(&mut QueryBuilder<Sqlite>, &EventScan) -> Result<()>,
) -> Result<()> {
    for (number, walk) in walks.iter().enumerate() {
        sql.push(if number == 0 { "" } else { " UNION ALL " });
        push(sql, walk)?;
    }
    Ok(())
}
