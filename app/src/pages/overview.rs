//! Overview: the first page of an app. Its usage against the quotas, thirty days as charts, notable groups, the latest events.

use domain::{
    backup::{BackupFailure, BackupState},
    event::EventRow,
    limits,
    overview::{Day, DiskSpace, Overview, RankedGroup},
};
use leptos::prelude::*;
use leptos_meta::Title;
use words::format;

use super::event_words::{EventTarget, OutcomeBadge, actor_words, target_words};
use crate::{
    components::{
        GroupTypeBadge, Icon, Loaded, Notice, PageHeader, Quota, Time,
        basics::local_time,
        chart::{DayChart, Series},
    },
    functions::overview::get_overview,
    page_context::{page_context, strings},
    route::use_app_path,
    url::{AppPath, Query},
};

#[component]
pub fn OverviewPage() -> impl IntoView {
    let t = strings();
    let app = use_app_path();
    let changes = page_context().changes;
    let overview = Resource::new(move || (app.get(), changes.get()), |(app, _)| get_overview(app.org, app.app));
    view! {
        <Title text=t.overview.title />
        <PageHeader title=t.overview.title lead=t.overview.lead />
        <Loaded resource=overview view=move |overview| view! { <OverviewView overview=overview app=app.get_untracked() /> } />
    }
}

#[component]
fn OverviewView(overview: Overview, app: AppPath) -> impl IntoView {
    let today = overview.today();
    view! {
        {overview.backups.map(|state| view! { <Backups state=state /> })}
        {overview.disk.map(|disk| view! { <Disk disk=disk /> })}
        <Figures overview=overview.clone() today=today app=app.clone() />
        <Charts days=overview.days />
        <div class="overview-pair">
            <Ranking id="largest" groups=overview.largest by_members=true app=app.clone() />
            <Ranking id="most-active" groups=overview.most_active by_members=false app=app.clone() />
        </div>
        <LatestEvents events=overview.events app=app />
    }
}

/// The state of the backups: one quiet line as long as all is well.
#[component]
fn Backups(state: BackupState) -> impl IntoView {
    let t = strings();
    let now = page_context().now();
    let last = state.last_good.map(|at| {
        let words = (t.overview.last_backup)((t.times.age)(format::age(now, at)));
        view! { <span>{words} " (" <Time at=at /> ")"</span> }
    });
    if let Some(BackupFailure { at, trouble }) = state.failed {
        let words = move || (t.overview.backup_failed)(local_time(at), trouble, state.last_good.map(local_time));
        return view! { <div class="overview-backup"><Notice tone="danger"><p>{words}</p></Notice></div> }.into_any();
    }
    let trouble = match state.last_good {
        None => Some(t.overview.no_backup),
        Some(_) if state.is_overdue(now) => Some(t.overview.backup_overdue),
        Some(_) => None,
    };
    match trouble {
        None => view! { <p class="muted overview-backup">{last}</p> }.into_any(),
        Some(words) => view! {
            <div class="overview-backup">
                <Notice tone="warning">
                    <p>{words} " " {last}</p>
                </Notice>
            </div>
        }
        .into_any(),
    }
}

/// The free space on the server's disk, for owners: a quiet line, until files are refused.
#[component]
fn Disk(disk: DiskSpace) -> impl IntoView {
    let k = &strings().quotas;
    let size = format::size;
    if disk.is_short() {
        let words = (k.disk_short)(size(disk.free), size(disk.kept_free));
        view! { <div class="overview-backup"><Notice tone="danger"><p>{words}</p></Notice></div> }.into_any()
    } else {
        view! { <p class="overview-disk">{(k.disk_free)(size(disk.free), size(disk.total))}</p> }.into_any()
    }
}

#[component]
fn Figures(overview: Overview, today: Day, app: AppPath) -> impl IntoView {
    let t = strings();
    let words = &t.overview;
    let max = |max: u32| format::number(max.into());
    let net = today.net_groups();
    let largest = overview.largest.first().and_then(|group| Some((group.member_count?, group.max_member_count?)));
    let largest = largest.map(|(members, most)| {
        view! { <Quota used=members.into() max=most.into() words=(words.largest_of)(max(members), max(most)) /> }
    });
    view! {
        <section class="overview-figures" aria-label=words.figures>
            <Figure label=t.apps.accounts href=app.accounts() number=overview.accounts>
                <Quota
                    used=overview.admins
                    max=limits::APP_ADMINS.into()
                    words=(words.admins)(format::number(overview.admins), max(limits::APP_ADMINS))
                />
            </Figure>
            <Figure label=t.apps.groups href=app.groups() number=overview.groups>
                <Quota
                    used=u64::try_from(net).unwrap_or(0)
                    max=limits::NET_GROUPS_PER_DAY.into()
                    words=(words.net_today)(format::signed(net), max(limits::NET_GROUPS_PER_DAY))
                />
            </Figure>
            <Figure label=t.members.members number=overview.members>{largest}</Figure>
            <Figure label=words.messages number=overview.messages>
                <p class="quota-words">{(words.sent_today)(format::number(today.messages))}</p>
            </Figure>
        </section>
    }
}

#[component]
fn Figure(label: &'static str, #[prop(optional, into)] href: Option<String>, number: u64, children: Children) -> impl IntoView {
    let label = match href {
        Some(href) => view! { <a href=href>{label}</a> }.into_any(),
        None => label.into_any(),
    };
    view! {
        <div class="overview-figure">
            <dl>
                <dt>{label}</dt>
                <dd>{format::number(number)}</dd>
            </dl>
            {children()}
        </div>
    }
}

#[component]
fn Charts(days: Vec<Day>) -> impl IntoView {
    let t = &strings().overview;
    let count = |of: fn(&Day) -> u64| days.iter().map(|day| i64::try_from(of(day)).unwrap_or(i64::MAX)).collect::<Vec<_>>();
    let numbers: Vec<i64> = days.iter().map(|day| day.day).collect();
    let (new, deleted) = (count(|day| day.new_groups), count(|day| day.deleted_groups));
    let net = days.iter().map(Day::net_groups).collect();
    let (accounts, messages) = (count(|day| day.new_accounts), count(|day| day.messages));
    view! {
        <h2 class="overview-heading">{t.charts}</h2>
        <div class="overview-pair">
            <DayChart
                id="groups"
                title=t.new_and_deleted
                days=numbers.clone()
                series=vec![Series::above(t.new_groups, new), Series::below(t.deleted_groups, deleted)]
            />
            <DayChart
                id="net"
                title=t.net_groups
                help=(t.net_help)(format::number(limits::NET_GROUPS_PER_DAY.into()))
                days=numbers.clone()
                series=vec![Series::above(t.net, net)]
                limit=limits::NET_GROUPS_PER_DAY.into()
            />
            <DayChart id="accounts" title=t.new_accounts days=numbers.clone() series=vec![Series::above(t.new_accounts, accounts)] />
            <DayChart id="messages" title=t.messages_sent days=numbers series=vec![Series::above(t.messages_sent, messages)] />
        </div>
    }
}

#[component]
fn Ranking(id: &'static str, groups: Vec<RankedGroup>, by_members: bool, app: AppPath) -> impl IntoView {
    let t = strings();
    let (title, nothing) =
        if by_members { (t.overview.largest, t.overview.no_members) } else { (t.overview.most_active, t.messages.no_messages) };
    let empty = groups.is_empty();
    let rows = groups
        .into_iter()
        .map(|group| {
            let href = app.group(&group.group_id);
            let messages = (t.overview.messages_kept)(group.message_count);
            let members = group.member_count.map(|n| (t.overview.members)(n.into()));
            let measure = match (by_members, group.member_count, group.max_member_count) {
                (true, Some(members), Some(max)) => {
                    let words = (t.overview.members_of)(format::number(members.into()), format::number(max.into()));
                    view! { <Quota used=members.into() max=max.into() words=words /> }.into_any()
                }
                (true, ..) => view! { <span class="quota-words">{members}</span> }.into_any(),
                (false, ..) => view! {
                    <span class="quota-words">
                        {messages} {members.map(|members| view! { <span class="ranking-more">{members}</span> })}
                    </span>
                }
                .into_any(),
            };
            view! {
                <li>
                    <span class="ranking-name">
                        <a class="row-title" href=href><bdi>{group.name}</bdi></a>
                        <GroupTypeBadge group_type=group.group_type />
                    </span>
                    {measure}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby=id>
            <div class="panel-head"><h2 id=id>{title}</h2></div>
            {if empty {
                view! { <p class="overview-nothing">{nothing}</p> }.into_any()
            } else {
                view! { <ol class="ranking">{rows}</ol> }.into_any()
            }}
        </section>
    }
}

#[component]
fn LatestEvents(events: Vec<EventRow>, app: AppPath) -> impl IntoView {
    let t = strings();
    let log = app.audit();
    let empty = events.is_empty();
    let rows = events
        .into_iter()
        .map(|row| {
            let href = Query::default().with("event", &row.id.to_string()).href(&log);
            let action = (t.audit.action)(row.action);
            view! {
                <tr role="row">
                    <td role="cell" data-label=t.audit.time class="nowrap"><Time at=row.at /></td>
                    <td role="cell" data-label=t.audit.operator><bdi>{actor_words(&row)}</bdi></td>
                    <td role="rowheader" data-label=t.audit.action_column class="cell-title">
                        <a class="row-title" href=href aria-label=(t.common.action_of)(action, target_words(&row).to_owned())>{action}</a>
                    </td>
                    <td role="cell" data-label=t.audit.target><EventTarget row=row.clone() app=app.clone() /></td>
                    <td role="cell" data-label=t.audit.outcome><OutcomeBadge outcome=row.outcome /></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="events">
            <div class="panel-head">
                <h2 id="events">{t.overview.latest_events}</h2>
                <a class="button button-quiet" href=app.audit()>
                    <span>{t.audit.title}</span>
                    <Icon name="chevron-right" />
                </a>
            </div>
            {if empty {
                view! { <p class="overview-nothing">{t.audit.no_events}</p> }.into_any()
            } else {
                view! {
                    <div class="table-frame" role="region" aria-labelledby="events" tabindex="0">
                        <table role="table" class="data-table cards overview-events">
                            <thead role="rowgroup">
                                <tr role="row">
                                    <th role="columnheader" scope="col">{t.audit.time}</th>
                                    <th role="columnheader" scope="col">{t.audit.operator}</th>
                                    <th role="columnheader" scope="col">{t.audit.action_column}</th>
                                    <th role="columnheader" scope="col">{t.audit.target}</th>
                                    <th role="columnheader" scope="col">{t.audit.outcome}</th>
                                </tr>
                            </thead>
                            <tbody role="rowgroup">{rows}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
}
