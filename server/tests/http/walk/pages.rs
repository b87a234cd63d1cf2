//! Every page.

use std::collections::BTreeSet;

use crate::support::{Roster, group_of, import_of, job_of, location, roster};

/// The first parts of all addresses that the server answers to itself, read from what the router says of itself. Parameters and
/// names with a dot in them are no possible names of an organisation.
fn first_segments(router: &axum::Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let paths = text.split('"').filter(|word| word.starts_with('/'));
    let first = paths.filter_map(|path| path[1..].split('/').next().map(str::to_owned));
    first.filter(|word| domain::application::rules::AppKey::parse(word).is_ok()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_organisation_can_be_named_like_an_address_of_the_server() {
    let roster = roster().await;
    let there = first_segments(&roster.router);
    let reserved: BTreeSet<String> = domain::application::rules::RESERVED_ORGS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(there, reserved, "RESERVED_ORGS has to hold the first part of each of the server's addresses, and nothing else");
}

/// Every page's path with its parameters filled in: an app, and a group of the app `of`.
fn pages(roster: &Roster, app: &str, of: &str) -> Vec<String> {
    let group = percent_encoding::utf8_percent_encode(&group_of(of), percent_encoding::NON_ALPHANUMERIC).to_string();
    let fill = |path: &str| {
        let filled = path
            .replace("{org}", "acme")
            .replace("{app}", app)
            .replace("{group_id}", &group)
            .replace("{username}", &format!("bob-{of}"))
            .replace("{job}", &job_of(of).to_string())
            .replace("{tab}", "members")
            .replace("{list}", "members")
            .replace("{import}", &import_of(of).to_string());
        assert!(!filled.contains('{'), "say what stands for the parameter of {path}");
        filled
    };
    server::console::routes(&roster.server).iter().map(|route| fill(route.path())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_shows_itself_to_a_stranger() {
    let roster = roster().await;
    let pages = pages(&roster, "one", "one");
    assert!(pages.len() >= 12, "{pages:?}");
    for page in pages {
        let answer = roster.browser().get(&page).await;
        match page.trim_end_matches('/') {
            "/sign-in" | "/setup" => assert_eq!(answer.status(), 200, "{page}"),
            _ => {
                assert_eq!(answer.status(), 303, "{page}");
                assert!(location(&answer).starts_with("/sign-in"), "{page} leads to {}", location(&answer));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_shows_itself_to_those_who_may() {
    let roster = roster().await;
    let owner = roster.signed_in("owner").await;
    for page in pages(&roster, "one", "one").iter().filter(|page| !["/sign-in", "/setup"].contains(&page.as_str())) {
        let answer = owner.get(page).await;
        assert_eq!(answer.status(), 200, "{page}");
        assert!(answer.text().await.unwrap().contains("</html>"), "{page}");
    }
    let viewer = roster.signed_in("viewer").await;
    assert_eq!(viewer.get("/audit").await.status(), 403, "nor is the server's log");
    let answer = viewer.get("/operators").await;
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 403, "the operators are not a viewer's business");
    assert!(!text.contains("reset-password"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_reaches_into_another_app() {
    let roster = roster().await;
    let owner = roster.signed_in("owner").await;
    for page in pages(&roster, "none", "one").iter().filter(|page| page.starts_with("/apps/")) {
        assert_eq!(owner.get(page).await.status(), 404, "{page}");
    }
    let of_one_thing = |page: &&String| ["/groups/", "/accounts/", "/jobs/", "/imports/"].iter().any(|part| page.contains(part));
    for page in pages(&roster, "two", "one").iter().filter(of_one_thing) {
        let answer = owner.get(page).await;
        assert_eq!(answer.status(), 404, "{page}");
        assert!(!answer.text().await.unwrap().contains(">bob-one<"), "{page}");
    }
}
