//! For owners: how long the audit log is kept, and the archives that its older part lies in.

use domain::{
    event::{Archive, Retention},
    limits::{DAY_MS, EVENTS_KEPT_DAYS},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::{
    boot::{page_state, strings},
    components::{Icon, Loaded, Notice, PageHeader, PostForm, SelectField, SubmitButton, Time},
    format,
    functions::event::{SetRetention, get_retention},
};

pub const PATH: &str = "/audit/archives";

#[component]
pub fn ArchivesPage() -> impl IntoView {
    let t = strings();
    let changes = page_state().changes;
    let found = Resource::new(move || changes.get(), |_| get_retention());
    view! {
        <Title text=t.kept.archives />
        <PageHeader title=t.kept.archives lead=t.kept.archives_lead />
        <Loaded resource=found view=|retention| view! { <RetentionView retention=retention /> } />
    }
}

/// The choices: days as the form sends them, and their words.
fn choices() -> Vec<(&'static str, &'static str)> {
    const VALUES: [&str; EVENTS_KEPT_DAYS.len()] = ["0", "90", "180", "365", "730", "1825", "3650"];
    VALUES.into_iter().zip(strings().kept.kept_choices).collect()
}

#[component]
fn RetentionView(retention: Retention) -> impl IntoView {
    let t = strings();
    let Retention { kept_days, archives, held_back } = retention;
    let held_back = held_back.map(|event| {
        let day = format::iso_day(event.at.div_euclid(DAY_MS));
        (t.kept.held_back)(format::number(event.id.unsigned_abs()), day)
    });
    view! {
        <section class="panel panel-narrow" aria-labelledby="retention">
            <div class="panel-head"><h2 id="retention">{t.audit}</h2></div>
            <PostForm action=SetRetention::PATH next=PATH>
                <SelectField
                    name="kept_days"
                    label=t.kept.kept
                    options=choices()
                    value=kept_days.to_string()
                    help=t.kept.kept_help
                />
                <div class="form-buttons"><SubmitButton label=t.save /></div>
            </PostForm>
        </section>
        {held_back.map(|words| view! { <Notice tone="warning"><p>{words}</p></Notice> })}
        <section class="list" aria-label=t.kept.archives>
            {if archives.is_empty() {
                view! {
                    <div class="empty">
                        <p class="empty-title">{t.kept.no_archives}</p>
                        <p>{t.kept.no_archives_help}</p>
                    </div>
                }
                    .into_any()
            } else {
                view! { <ArchiveTable archives=archives /> }.into_any()
            }}
        </section>
    }
}

#[component]
fn ArchiveTable(archives: Vec<Archive>) -> impl IntoView {
    let t = strings();
    let rows = archives.into_iter().map(|archive| {
        let href = format!("{PATH}/{}", archive.file_name);
        let name = archive.file_name.clone();
        let by = if archive.archived_by.is_empty() { t.kept.by_server.to_owned() } else { archive.archived_by };
        view! {
            <tr role="row">
                <td role="rowheader" data-label=t.kept.archive class="cell-title">
                    <a class="row-title mono" href=href download=name rel="external">
                        {archive.file_name}
                        " "
                        <Icon name="download" />
                    </a>
                </td>
                <td role="cell" data-label=t.kept.events>
                    {format::number(archive.events)}
                    <span class="cell-sub">{t.kept.numbers(archive.first_id, archive.last_id)}</span>
                </td>
                <td role="cell" data-label=t.kept.period>
                    <Time at=archive.first_at />" – "<Time at=archive.last_at />
                </td>
                <td role="cell" data-label=t.kept.size class="nowrap">{format::size(archive.bytes)}</td>
                <td role="cell" data-label=t.kept.archived>
                    <Time at=archive.archived_at />
                    <span class="cell-sub"><bdi>{by}</bdi></span>
                </td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" role="region" aria-label=t.kept.archives tabindex="0">
            <table role="table" class="data-table cards">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.kept.archive}</th>
                        <th role="columnheader" scope="col">{t.kept.events}</th>
                        <th role="columnheader" scope="col">{t.kept.period}</th>
                        <th role="columnheader" scope="col">{t.kept.size}</th>
                        <th role="columnheader" scope="col">{t.kept.archived}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_offers_what_the_domain_takes() {
        let sent = ["0", "90", "180", "365", "730", "1825", "3650"].map(|days| days.parse::<u32>().unwrap());
        assert_eq!(sent, EVENTS_KEPT_DAYS);
    }
}
