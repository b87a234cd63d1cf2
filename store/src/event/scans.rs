//! Which indexes a filter uses to find its events; the same for a page and for an export.
//!
//! A search term may be an exact target, or a part of the id or of any name of something that the log has ever named
//! (`event_name`, searched like the lists of db/search). The names lead to targets, and the targets to events.

use std::collections::BTreeSet;

use domain::{
    Result,
    application::AppId,
    event::{Action, rules::EventQuery},
};

use crate::db::{Builder, Conn, ListSource, OrFault, json, matching_ids, push_matching, push_optional, query_scalar, sql};

/// Up to so many targets are scanned separately, each along its own index.
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
    app_rows: None,
};

/// One scan of the log: a branch (an app, or the server) and which of its events.
#[derive(Debug, Clone)]
pub struct EventScan {
    branch: i64,
    targets: Targets,
}

#[derive(Debug, Clone)]
enum Targets {
    Any,
    One(String),
    /// More than [`FEW`] targets match the term. `by_target`: events are collected target by target, then sorted; otherwise
    /// events are read by time, and the target of each is checked.
    Holding {
        term: String,
        by_target: bool,
    },
}

impl EventScan {
    /// Chooses how a scan with more than a few targets works: `true` collects the events target by target, `false` reads them by
    /// time. Other scans stay as they are.
    pub fn by_target(self, yes: bool) -> Self {
        let targets = match self.targets {
            Targets::Holding { term, .. } => Targets::Holding { term, by_target: yes },
            other @ (Targets::Any | Targets::One(_)) => other,
        };
        Self { targets, ..self }
    }

    /// Appends ` FROM event … WHERE …` for the scan and the filter.
    pub fn push(&self, sql: &mut Builder, query: &EventQuery) -> Result<()> {
        sql.push(" FROM event t");
        if matches!(self.targets, Targets::Holding { by_target: true, .. }) {
            sql.push(sql!(" @index(event_app_target)"));
        }
        sql.push(" WHERE t.app_id = ").push_bind(self.branch);
        match &self.targets {
            Targets::Any => {}
            Targets::One(target) => {
                sql.push(" AND t.target = ").push_bind(target.clone());
            }
            Targets::Holding { term, by_target } => {
                // Otherwise the index to use is the one by time.
                let column = if *by_target { sql!("t.target") } else { sql!("@unindexed(t.target)") };
                sql.push(" AND ").push(column).push(" IN (SELECT ");
                sql.push_bind(term.clone()).push(" UNION SELECT t.target");
                push_matching(sql, &NAMES, AppId::of_row(self.branch), None, term)?;
                sql.push(")");
            }
        }
        // Credentials and accounts may have the name of an operator, and strangers may claim it.
        let parts = [
            (" AND t.actor = 'operator' AND t.operator = ", query.operator.as_deref()),
            (" AND t.action = ", query.action.map(Action::as_str)),
        ];
        push_optional(sql, &parts);
        if query.of_group {
            // The index to use is that of the target.
            sql.push(sql!(
                " AND @unindexed(substr(t.action, 1, instr(t.action, '.') - 1)) IN ('group', 'member', 'file', 'message')"
            ));
        }
        for (fragment, time) in [(" AND t.at >= ", query.from), (" AND t.at < ", query.until)] {
            if let Some(time) = time {
                sql.push(fragment).push_bind(time);
            }
        }
        Ok(())
    }
}

/// The scans that together find what a filter asks for; their results are to be merged.
pub async fn scans(db: &mut Conn, branches: &[i64], query: &EventQuery) -> Result<Vec<EventScan>> {
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
        let named: Vec<String> = query_scalar(sql!("SELECT target FROM event_name WHERE id IN @keys($1)"))
            .bind(json(&ids)?)
            .fetch_all(&mut *db)
            .await
            .or_fault()?;
        // A target that has had several names is still one target.
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

/// Appends the statement that `push` writes for each scan, with ` UNION ALL ` between them.
pub fn push_each(
    sql: &mut Builder,
    walks: &[EventScan],
    mut push: impl FnMut(&mut Builder, &EventScan) -> Result<()>,
) -> Result<()> {
    for (number, walk) in walks.iter().enumerate() {
        sql.push(if number == 0 { "" } else { " UNION ALL " });
        push(sql, walk)?;
    }
    Ok(())
}
