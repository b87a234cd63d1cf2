//! Exported files: for their maker, through their own app, and as a file.

use crate::support::{header_of, location, roster};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_its_maker_and_its_app() {
    let roster = roster().await;
    let maker = roster.signed_in("viewer").await;
    let fields = [("org", "acme"), ("app", "one"), ("ids[]", "ann-one"), ("ids[]", "bob-one")];
    let answer = maker.call("/_fn/account/export", &fields).await;
    assert_eq!(answer.status(), 200);
    let export: domain::export::Export = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(export.rows, 2);

    let path = format!("/apps/acme/one/exports/{}", export.token);
    let file = maker.get(&path).await;
    assert_eq!(file.status(), 200);
    assert!(header_of(&file, "content-type").starts_with("text/csv"));
    assert!(header_of(&file, "content-disposition").starts_with("attachment; filename=\"one-accounts-"));
    assert_eq!(header_of(&file, "cache-control"), "no-store");
    assert_eq!(header_of(&file, "x-content-type-options"), "nosniff");
    let text = file.text().await.unwrap();
    assert!(text.contains("ann-one") && text.contains("bob-one"), "{text}");

    let other_app = path.replace("/one/", "/two/");
    let other_token = format!("{path}x");
    for wrong in [&other_app, &other_token] {
        assert_eq!(maker.get(wrong).await.status(), 404, "{wrong}");
    }
    assert_eq!(roster.signed_in("owner").await.get(&path).await.status(), 404, "somebody else's");
    assert!(location(&roster.browser().get(&path).await).starts_with("/sign-in?next=/apps/acme/one/exports/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_apps_accounts_are_not_exported() {
    let roster = roster().await;
    let browser = roster.signed_in("viewer").await;
    let answer =
        browser.call("/_fn/account/export", &[("org", "acme"), ("app", "two"), ("ids[]", "ann-one"), ("ids[]", "bob-two")]).await;
    let text = answer.text().await.unwrap();
    let export: domain::export::Export = serde_json::from_str(&text).unwrap();
    assert_eq!((export.rows, export.gone), (1, vec!["ann-one".to_owned()]));
}

/// An app with so many accounts that exporting them is a job.
async fn big(roster: &crate::support::Roster) {
    let request = sample::generate::Request {
        org: "acme".into(),
        app: "big".into(),
        accounts: domain::limits::EXPORT_AT_ONCE + 1,
        groups: 0,
        memberships: 0,
        messages: 0,
        seed: 1,
        until: 1_700_000_000_000,
    };
    sample::generate::run(&roster.store, &request, |_| {}).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_comes_as_what_it_is() {
    let roster = roster().await;
    let browser = roster.signed_in("viewer").await;
    for (format, kind) in [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("jsonl", "application/x-ndjson; charset=utf-8"),
    ] {
        let group = crate::support::group_of("one");
        for (list, key, more) in [
            ("accounts", "username", ("matching[all]", "1")),
            ("groups", "group_id", ("matching[all]", "1")),
            ("members", "username", ("matching[all]", "1")),
            ("messages", "text", ("sort", "")),
            ("events", "action", ("log[action]", "group.create")),
        ] {
            let fields = [
                ("org", "acme"),
                ("app", "one"),
                ("list", list),
                ("format", format),
                ("columns[]", key),
                ("group_id", group.as_str()),
                more,
            ];
            let answer = browser.call("/_fn/export/start", &fields).await;
            let (status, text) = (answer.status(), answer.text().await.unwrap());
            assert_eq!(status, 200, "{list} as {format}: {text}");
            let started: domain::export::ExportOutcome = serde_json::from_str(&text).unwrap();
            let domain::export::ExportOutcome::Ready(export) = started else { panic!("{text}") };
            assert!(export.rows > 0, "{list} as {format}");
            let file = browser.get(&format!("/apps/acme/one/exports/{}", export.token)).await;
            assert_eq!(header_of(&file, "content-type"), kind);
            let (name, wanted) = (header_of(&file, "content-disposition").to_owned(), format!("filename=\"one-{list}-"));
            assert!(name.contains(&wanted) && name.contains(&format!(".{format}\"")), "{name}");
            assert_eq!(header_of(&file, "x-content-type-options"), "nosniff");
            assert!(!file.bytes().await.unwrap().is_empty());
        }
    }
    let nothing =
        browser.call("/_fn/export/start", &[("org", "acme"), ("app", "one"), ("list", "accounts"), ("format", "csv")]).await;
    assert_eq!(nothing.status(), 422);
    assert!(nothing.text().await.unwrap().contains("columns"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_job_is_for_who_started_it() {
    let roster = roster().await;
    big(&roster).await;
    let maker = roster.signed_in("viewer").await;
    let all = [
        ("org", "acme"),
        ("app", "big"),
        ("list", "accounts"),
        ("format", "csv"),
        ("columns[]", "username"),
        ("matching[all]", "1"),
    ];
    let count = maker.call("/_fn/export/count", &all).await.text().await.unwrap();
    assert_eq!(count, "10001");
    let answer = maker.call("/_fn/export/start", &all).await;
    let next = location(&answer).to_owned();
    let started: domain::export::ExportOutcome = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let domain::export::ExportOutcome::Job(job) = started else { panic!("{started:?}") };
    assert_eq!(next, format!("/apps/acme/big/jobs/{job}"));
    let path = format!("{next}/file");
    assert_eq!(maker.get(&path).await.status(), 404, "it is not there yet");
    jobs::run::run_waiting(&roster.store).await.unwrap();
    let page = maker.get(&next).await.text().await.unwrap();
    assert!(page.contains("Export successful") && page.contains(&path), "{page}");
    let file = maker.get(&path).await;
    assert_eq!(file.status(), 200);
    assert!(header_of(&file, "content-disposition").starts_with("attachment; filename=\"big-accounts-"));
    assert_eq!(file.text().await.unwrap().lines().count(), 10_002);
    let owner = roster.signed_in("owner").await;
    assert_eq!(owner.get(&path).await.status(), 404, "somebody else's");
    assert!(owner.get(&next).await.text().await.unwrap().contains("Only the operator who started the job"));
    for wrong in [path.replace("/big/", "/one/"), path.replace(&job.to_string(), "x"), path.replace(&job.to_string(), "999")] {
        assert_eq!(maker.get(&wrong).await.status(), 404, "{wrong}");
    }
    assert!(location(&roster.browser().get(&path).await).starts_with("/sign-in?next="));
}
