//! SQL of the overview: a few short walks over indexes, all of one snapshot, so that the figures agree with each other.

use domain::{
    Error, Permission, Result,
    application::AppId,
    error::Entity,
    event::Action,
    group::GroupType,
    limits::{OVERVIEW_DAYS, OVERVIEW_EVENTS, OVERVIEW_GROUPS},
    member::rules::max_members,
    overview::{Day, Overview, RankedGroup, day_of},
};

use crate::{
    Scope,
    db::{Builder, Conn, OrFault, decode_enum, decode_int, now, query_as},
};

/// The overview of one app as of now; the state of the disk for owners only. [`Entity::Application`] not found. Backups are not
/// filled in.
pub async fn get(scope: Scope<'_>) -> Result<Overview> {
    scope.require_operator(Permission::Read)?;
    let disk = scope.require_operator(Permission::Operators).ok().and_then(|()| scope.store.space().now());
    Ok(Overview { disk, ..read(scope, now()).await? })
}

async fn read(scope: Scope<'_>, now: i64) -> Result<Overview> {
    // Only reads; dropping it ends the snapshot.
    let mut snapshot = scope.store.snapshot().await?;
    let db = &mut *snapshot;
    let totals: Option<(i64, i64, i64, i64, i64)> = query_as(
        "SELECT account_count, group_count, member_count, message_count,
         (SELECT count(*) FROM account a WHERE a.app_id = application.id AND a.type = 'Admin') FROM application WHERE id = $1",
    )
    .bind(scope.app.key())
    .fetch_optional(&mut *db)
    .await
    .or_fault()?;
    let (accounts, groups, members, messages, admins) = totals.ok_or(Error::NotFound(Entity::Application))?;
    let days = days(db, scope.app, day_of(now)).await?;
    let largest = ranking(db, scope.app, Rank::Members).await?;
    let most_active = ranking(db, scope.app, Rank::Messages).await?;
    let events = crate::event::latest(db, scope.caller, scope.app, OVERVIEW_EVENTS).await?;
    Ok(Overview {
        accounts: decode_int(accounts)?,
        admins: decode_int(admins)?,
        groups: decode_int(groups)?,
        members: decode_int(members)?,
        messages: decode_int(messages)?,
        days,
        largest,
        most_active,
        events,
        backups: None,
        disk: None,
    })
}

/// The days up to today, with those on which nothing happened.
#[expect(clippy::wildcard_enum_match_arm, reason = "three are counted, whatever else there is")]
async fn days(db: &mut Conn, app: AppId, today: i64) -> Result<Vec<Day>> {
    let first = today - i64::from(OVERVIEW_DAYS) + 1;
    let mut days: Vec<Day> = (first..=today).map(|day| Day { day, ..Day::default() }).collect();
    let place = |day: i64| usize::try_from(day - first).ok();
    let done: Vec<(i64, String, i64)> =
        query_as("SELECT day, action, done FROM event_day WHERE app_id = $1 AND day BETWEEN $2 AND $3")
            .bind(app.key())
            .bind(first)
            .bind(today)
            .fetch_all(&mut *db)
            .await
            .or_fault()?;
    for (day, action, done) in done {
        let Some(day) = place(day).and_then(|place| days.get_mut(place)) else { continue };
        match decode_enum(&action, Action::parse)? {
            Action::AccountCreate => day.new_accounts = decode_int(done)?,
            Action::GroupCreate => day.new_groups = decode_int(done)?,
            Action::GroupDelete => day.deleted_groups = decode_int(done)?,
            _ => {}
        }
    }
    let sent: Vec<(i64, i64)> = query_as("SELECT day, sent FROM message_day WHERE app_id = $1 AND day BETWEEN $2 AND $3")
        .bind(app.key())
        .bind(first)
        .bind(today)
        .fetch_all(db)
        .await
        .or_fault()?;
    for (day, sent) in sent {
        if let Some(day) = place(day).and_then(|place| days.get_mut(place)) {
            day.messages = decode_int(sent)?;
        }
    }
    Ok(days)
}

#[derive(Clone, Copy)]
enum Rank {
    Members,
    Messages,
}

#[derive(sqlx::FromRow)]
struct Row {
    group_id: String,
    name: String,
    #[sqlx(rename = "type")]
    group_type: String,
    member_count: i64,
    max_member_count: Option<i64>,
    message_count: i64,
}

impl Row {
    fn group(self) -> Result<RankedGroup> {
        let group_type = decode_enum(&self.group_type, GroupType::parse)?;
        Ok(RankedGroup {
            group_id: self.group_id,
            name: self.name,
            group_type,
            member_count: group_type.keeps_members().then(|| decode_int(self.member_count)).transpose()?,
            max_member_count: max_members(group_type, self.max_member_count.map(decode_int).transpose()?),
            message_count: decode_int(self.message_count)?,
        })
    }
}

async fn ranking(db: &mut Conn, app: AppId, by: Rank) -> Result<Vec<RankedGroup>> {
    let rows: Vec<Row> = ranking_sql(app, by).build_query_as().fetch_all(db).await.or_fault()?;
    rows.into_iter().map(Row::group).collect()
}

fn ranking_sql(app: AppId, by: Rank) -> Builder {
    let key = match by {
        Rank::Members => "member_count",
        Rank::Messages => "message_count",
    };
    let mut sql =
        Builder::new("SELECT group_id, name, type, member_count, max_member_count, message_count FROM \"group\" WHERE app_id = ");
    sql.push_bind(app.key()).push(" AND ").push(key).push(" > 0 ORDER BY ").push(key).push(" DESC, id DESC LIMIT ");
    sql.push_bind(i64::from(OVERVIEW_GROUPS));
    sql
}

#[cfg(test)]
mod tests {
    use domain::{Caller, application::NewApplicationInput, limits::DAY_MS};

    use super::*;
    use crate::{
        Store,
        change::{ChangeSpec, NewEvent},
        db::{assert_walks, plan},
    };

    const TODAY: i64 = 20_000;

    async fn store_with_app() -> (tempfile::TempDir, Store, AppId) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let input = NewApplicationInput { display_name: "A".into(), org_name: "o".into(), app_name: "a".into() };
        crate::application::create(&store, &Caller::system(), &input).await.expect("an app");
        let app = crate::application::find(&store, &Caller::system(), "o", "a").await.expect("the app");
        (folder, store, app)
    }

    #[tokio::test]
    async fn rankings_walk_their_indexes() {
        let (_folder, store, app) = store_with_app().await;
        let mut db = store.read().await.expect("a connection");
        assert_walks(&plan(&mut db, &ranking_sql(app, Rank::Members)).await, "group_members");
        assert_walks(&plan(&mut db, &ranking_sql(app, Rank::Messages)).await, "group_messages");
    }

    #[tokio::test]
    async fn events_count_on_the_day_that_they_carry() {
        let (_folder, store, app) = store_with_app().await;
        let (start, end) = (TODAY * DAY_MS, (TODAY + 1) * DAY_MS);
        let system = Caller::system();
        let at = |at: i64| NewEvent { target: "g".into(), at: Some(at), ..NewEvent::default() };
        let oldest = start - 29 * DAY_MS;
        // Around midnight, at both ends of the thirty days, and outside of them.
        let times = vec![at(start - 1), at(start), at(start + 1), at(end - 1), at(end), at(oldest), at(oldest - 1)];
        let spec = ChangeSpec::in_app(Scope::new(&store, &system, app), Permission::Write, Action::GroupCreate, "");
        let recorded = crate::in_change!(spec, |change| {
            change.events(times.clone()).await?;
            change.events_of(Action::GroupDelete, vec![at(start)]).await?;
            change.events_of(Action::AccountCreate, vec![at(start - 1), at(start)]).await?;
            change.refused(vec![at(start), at(start)]).await
        });
        recorded.expect("events");

        let overview = read(Scope::new(&store, &Caller::system(), app), start + 5).await.expect("an overview");
        let seen: Vec<(i64, u64)> =
            overview.days.iter().filter(|day| day.new_groups > 0).map(|day| (day.day, day.new_groups)).collect();
        assert_eq!(seen, [(TODAY - 29, 1), (TODAY - 1, 1), (TODAY, 3)]);
        assert_eq!(overview.days.len(), 30);
        assert!(overview.days.windows(2).all(|pair| pair[0].day + 1 == pair[1].day));
        let today = overview.today();
        assert_eq!((today.day, today.deleted_groups, today.net_groups(), today.new_accounts), (TODAY, 1, 2, 1));
        assert_eq!(store.check().await.expect("a check"), Vec::<String>::new());
    }
}
