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
