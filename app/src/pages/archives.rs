//! For owners: how long the audit log is kept, and the archives that hold its older part.

use domain::{
    event::{Archive, Retention},
    limits::{DAY_MS, EVENTS_KEPT_DAYS},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use words::format;

use crate::{
    components::{
        ActionLink, ConfirmCount, Dialog, DialogButtons, Icon, Loaded, Notice, PageHeader, PostForm, SelectField, SubmitButton,
        Time,
    },
    functions::event::{DeleteArchive, SetRetention, get_retention},
    page_context::{page_context, strings},
    route::use_query,
    url::Query,
};

pub const PATH: &str = "/audit/archives";

#[component]
pub fn ArchivesPage() -> impl IntoView {
    let t = strings();
    let changes = page_context().changes;
    let found = Resource::new(move || changes.get(), |_| get_retention());
    let query = use_query();
    let deleted = Memo::new(move |_| {
        let query = query.read();
        (query.get("dialog") == "delete").then(|| query.get("ids").to_owned())
    });
    let shown = move |retention: Retention| {
        let archives = retention.archives.clone();
        let opened = move || {
            let name = deleted.get()?;
            let archive = archives.iter().find(|archive| archive.file_name == name).cloned();
            Some(view! { <DeleteDialog archive=archive /> })
        };
        view! {
            <RetentionView retention=retention />
            {opened}
        }
    };
    view! {
        <Title text=t.retention.archives />
        <PageHeader title=t.retention.archives lead=t.retention.archives_lead />
        <Loaded resource=found view=shown />
    }
}

/// The choices: days as the form sends them, and their labels.
fn choices() -> Vec<(&'static str, &'static str)> {
    const VALUES: [&str; EVENTS_KEPT_DAYS.len()] = ["0", "90", "180", "365", "730", "1825", "3650"];
    VALUES.into_iter().zip(strings().retention.kept_choices).collect()
}

#[component]
fn RetentionView(retention: Retention) -> impl IntoView {
    let t = strings();
    let Retention { kept_days, archives, held_back } = retention;
    let held_back = held_back.map(|event| {
        let day = format::iso_day(event.at.div_euclid(DAY_MS));
        (t.retention.held_back)(format::number(event.id.unsigned_abs()), day)
    });
    view! {
        <section class="panel panel-narrow" aria-labelledby="retention">
            <div class="panel-head"><h2 id="retention">{t.audit.title}</h2></div>
            <PostForm action=SetRetention::PATH next=PATH>
                <SelectField
                    name="kept_days"
                    label=t.retention.kept
                    options=choices()
                    value=kept_days.to_string()
                    help=t.retention.kept_help
                />
                <div class="form-buttons"><SubmitButton label=t.common.save /></div>
            </PostForm>
        </section>
        {held_back.map(|words| view! { <Notice tone="warning"><p>{words}</p></Notice> })}
        <section class="list" aria-label=t.retention.archives>
            {if archives.is_empty() {
                view! {
                    <div class="empty">
                        <p class="empty-title">{t.retention.no_archives}</p>
                        <p>{t.retention.no_archives_help}</p>
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
        let delete = Query::default().with("dialog", "delete").and("ids", &name).href(PATH);
        let said = (t.common.action_of)(t.common.delete, name.clone());
        let by = if archive.archived_by.is_empty() { t.retention.by_server.to_owned() } else { archive.archived_by };
        view! {
            <tr role="row">
                <td role="rowheader" data-label=t.retention.archive class="cell-title">
                    <a class="row-title mono" href=href download=name rel="external">
                        {archive.file_name}
                        " "
                        <Icon name="download" />
                    </a>
                </td>
                <td role="cell" data-label=t.retention.events>
                    {format::number(archive.events)}
                    <span class="cell-sub">{t.retention.numbers(archive.first_id, archive.last_id)}</span>
                </td>
                <td role="cell" data-label=t.retention.period>
                    <Time at=archive.first_at />" – "<Time at=archive.last_at />
                </td>
                <td role="cell" data-label=t.retention.size class="nowrap">{format::size(archive.bytes)}</td>
                <td role="cell" data-label=t.retention.archived>
                    <Time at=archive.archived_at />
                    <span class="cell-sub"><bdi>{by}</bdi></span>
                </td>
                <td role="cell" class="cell-actions">
                    <ActionLink href=delete label=t.common.delete kind="danger-quiet" aria_label=said />
                </td>
            </tr>
        }
    });
    view! {
        <div class="table-frame" role="region" aria-label=t.retention.archives tabindex="0">
            <table role="table" class="data-table cards">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t.retention.archive}</th>
                        <th role="columnheader" scope="col">{t.retention.events}</th>
                        <th role="columnheader" scope="col">{t.retention.period}</th>
                        <th role="columnheader" scope="col">{t.retention.size}</th>
                        <th role="columnheader" scope="col">{t.retention.archived}</th>
                        <th role="columnheader" scope="col" class="cell-actions">{t.common.operation}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The archive that the address names; `None`: it does not exist any more.
#[component]
fn DeleteDialog(archive: Option<Archive>) -> impl IntoView {
    let t = strings();
    view! {
        <Dialog title=t.retention.delete_archive close=PATH>
            {match archive {
                Some(archive) => view! { <DeleteForm archive=archive /> }.into_any(),
                None => view! { <Notice><p>{t.retention.not_found}</p></Notice> }.into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn DeleteForm(archive: Archive) -> impl IntoView {
    let t = strings();
    let Archive { file_name, first_id, last_id, events, sha256, .. } = archive;
    view! {
        <p class="question">{(t.retention.delete_archive_question)(file_name.clone(), events, format::number(events))}</p>
        <ul class="targets">
            <li>{t.retention.numbers(first_id, last_id)}</li>
            <li>"SHA-256 " <span class="mono">{sha256}</span></li>
        </ul>
        <Notice tone="danger"><p>{t.retention.delete_archive_warning}</p></Notice>
        <PostForm action=DeleteArchive::PATH next=PATH about=Some(("file_name", file_name))>
            <ConfirmCount items=events />
            <DialogButtons confirm=t.retention.delete_archive danger=true />
        </PostForm>
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
