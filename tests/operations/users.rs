//! Users as the REST APIs list and delete them, page by page.

use domain::Error;
use store::{Scope, account::users};
use world::{World, admin, broken, viewer};

use crate::credentials::app_of;

#[tokio::test]
async fn lists_of_users_go_on_where_they_stopped() {
    let w = World::new().await;
    w.fill(7).await;
    let app = app_of(&w, "chat").await;
    let mut names = Vec::new();
    let mut cursor: Option<String> = None;
    let mut pages = 0;
    loop {
        let (users, next) = users::list(Scope::new(&w.store, &admin(), &app), 3, cursor.as_deref()).await.unwrap();
        names.extend(users.into_iter().map(|user| user.username));
        pages += 1;
        let Some(next) = next else { break };
        cursor = Some(next);
    }
    assert_eq!((pages, names), (3, world::names("u", 7)));
    let other = app_of(&w, "other").await;
    let elsewhere = users::list(Scope::new(&w.store, &admin(), &other), 3, cursor.as_deref()).await;
    assert_eq!(broken(elsewhere), ["cursor: Malformed"], "another app's cursor");
    assert_eq!(broken(users::list(Scope::new(&w.store, &admin(), &app), 3, Some("nonsense")).await), ["cursor: Malformed"]);
    let (all, next) = users::list(Scope::new(&w.store, &admin(), &app), 7, None).await.unwrap();
    assert_eq!((all.len(), next), (7, None), "a full last page has no next one");
}

#[tokio::test]
async fn the_oldest_go_together_as_long_as_little_goes_along() {
    let w = World::new().await;
    let app = app_of(&w, "chat").await;
    w.accounts(&["amy", "bob", "cid", "dan"]).await;
    w.group("a", "Public", "amy").await;
    w.group("b", "Public", "bob").await;
    store::member::add(w.scope(&admin()), "b", "amy cid").await.unwrap();
    let delete = async |limit, rows, cursor: Option<String>| {
        let (gone, next) =
            users::delete_oldest(Scope::new(&w.store, &admin(), &app), (limit, rows), cursor.as_deref()).await.unwrap();
        (gone.into_iter().map(|user| user.username).collect::<Vec<_>>(), next)
    };
    // amy: a member of two groups, and of her own there is one; bob would bring 3 + 1 more.
    let (gone, next) = delete(10, 6, None).await;
    assert_eq!(gone, ["amy"]);
    let (gone, next) = delete(1, 0, next).await;
    assert_eq!(gone, ["bob"], "one goes whatever goes along");
    let (gone, next) = delete(10, 6, next).await;
    assert_eq!((gone, next), (vec!["cid".to_owned(), "dan".into()], None));
    let done: Vec<String> =
        w.events().await.into_iter().map(|row| format!("{} {}", row.action.as_str(), row.target)).take(6).collect();
    let wanted = [
        "account.delete dan",
        "account.delete cid",
        "account.delete bob",
        "group.delete b",
        "account.delete amy",
        "group.delete a",
    ];
    assert_eq!(done, wanted);
    assert_eq!(
        users::delete_oldest(Scope::new(&w.store, &viewer(), &app), (1, 1), None).await.map(|_| ()),
        Err(Error::Forbidden)
    );
    w.sound().await;
}
