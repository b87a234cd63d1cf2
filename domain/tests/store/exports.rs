//! Exports: the file as spreadsheets and programs read it, and who may fetch it.

use domain::{
    Caller, Error, account,
    account::NewAccountInput,
    error::Entity,
    export::{self, ACCOUNT_COLUMNS},
    operator::Role,
};

use crate::{
    accounts::form,
    world::{World, admin, broken, new_account},
};

#[tokio::test]
async fn every_field_round_trips_and_formulas_are_text() {
    let w = World::new().await;
    let ada = w.operator("Ada", Role::Viewer).await;
    let nasty = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1:A9)",
        "</textarea><script>\"x\"</script>",
        "'\u{202e}\u{1F468}\u{200D}\u{1F469},;",
        "小明 소라",
    ];
    for (i, nickname) in nasty.iter().enumerate() {
        let input = NewAccountInput { nickname: (*nickname).into(), ..new_account(&format!("u{i}")) };
        account::store::create(&w.store, &admin(), w.app, &input).await.unwrap();
    }
    let mut profile = account::store::get(&w.store, &ada, w.app, "u6").await.unwrap().profile;
    (profile.self_signature, profile.birthday, profile.level) = ("a\nb\t\"c\"".into(), Some(19_900_704), Some(0));
    account::store::edit(&w.store, &admin(), w.app, "u6", &form(&profile, 1)).await.unwrap();

    let names =
        vec!["u6".to_owned(), "ghost".into(), "u0".into(), "u1".into(), "u2".into(), "u3".into(), "u4".into(), "u5".into()];
    let headers: Vec<String> = ACCOUNT_COLUMNS.iter().map(|c| format!("列 {c}")).collect();
    let made = export::accounts(&w.store, &ada, w.app, names, &headers).await.unwrap();
    assert_eq!((made.rows, made.gone), (7, vec!["ghost".to_owned()]));
    let file = export::find(&w.store, &ada, w.app, &made.token).await.unwrap();
    assert!(file.file_name.starts_with("chat-accounts-20") && file.file_name.ends_with(".csv"), "{}", file.file_name);
    assert!(!file.path.to_string_lossy().contains(&made.token));
    let bytes = std::fs::read(&file.path).unwrap();
    let text = std::str::from_utf8(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap()).unwrap();
    assert_eq!(text.matches("\r\n").count(), 8);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(2), Some("列 nickname"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let nicknames: Vec<&str> = rows.iter().map(|row| &row[2]).collect();
    assert_eq!(nicknames, [nasty[6], "'=1+1", "'+1", "'-1", "'@SUM(A1:A9)", nasty[4], nasty[5]]);
    assert_eq!((&rows[0][6], &rows[0][4], &rows[0][12], &rows[0][3]), ("a\nb\t\"c\"", "19900704", "0", "Gender_Type_Unknown"));
    assert!(rows[0][14].ends_with('Z') && rows[0][14].len() == 20);
    let event = w.last_event().await;
    assert_eq!((event.row.action, event.row.operator.as_str()), (domain::event::Action::AccountExport, "Ada"));
}

#[tokio::test]
async fn only_who_made_it_fetches_it_and_not_for_ever() {
    let w = World::new().await;
    let (ada, bo) = (w.operator("Ada", Role::Viewer).await, w.operator("Bo", Role::Owner).await);
    w.account("amy").await;
    let made = export::accounts(&w.store, &ada, w.app, vec!["amy".into()], &[]).await.unwrap();
    let missing = Error::NotFound(Entity::Export);
    assert_eq!(export::find(&w.store, &bo, w.app, &made.token).await, Err(missing.clone()));
    assert_eq!(export::find(&w.store, &ada, w.other, &made.token).await, Err(missing.clone()));
    assert_eq!(export::find(&w.store, &ada, w.app, "../../roster.db").await, Err(missing.clone()));
    assert_eq!(export::find(&w.store, &Caller::anonymous(None), w.app, &made.token).await, Err(Error::Unauthenticated));
    let path = export::find(&w.store, &ada, w.app, &made.token).await.unwrap().path;
    assert_eq!(export::clean(&w.store).await.unwrap(), 0);
    sqlx::query("UPDATE export SET created_at = 0").execute(&mut w.raw().await).await.unwrap();
    assert_eq!(export::find(&w.store, &ada, w.app, &made.token).await, Err(missing));
    assert_eq!(export::clean(&w.store).await.unwrap(), 1);
    assert!(!path.exists());
    assert_eq!(broken(export::accounts(&w.store, &ada, w.app, vec![], &[]).await), ["ids: Required"]);
    // Accounts of another app are not there.
    let other = export::accounts(&w.store, &ada, w.other, vec!["amy".into()], &[]).await.unwrap();
    assert_eq!((other.rows, other.gone.len()), (0, 1));
}

/// How many files there are.
fn files(w: &World) -> usize {
    std::fs::read_dir(w.folder.path().join("exports")).map_or(0, Iterator::count)
}

#[tokio::test]
async fn an_operators_oldest_files_make_room() {
    let w = World::new().await;
    let (ada, bo) = (w.operator("Ada", Role::Viewer).await, w.operator("Bo", Role::Viewer).await);
    w.account("amy").await;
    let export = async |caller| export::accounts(&w.store, caller, w.app, vec!["amy".into()], &[]).await.unwrap().token;
    let others = export(&bo).await;
    let mut tokens = Vec::new();
    for _ in 0..22 {
        tokens.push(export(&ada).await);
    }
    for (n, token) in tokens.iter().enumerate() {
        assert_eq!(export::find(&w.store, &ada, w.app, token).await.is_ok(), n >= 2, "{n}");
    }
    assert!(export::find(&w.store, &bo, w.app, &others).await.is_ok());
    assert_eq!(files(&w), 21);
}

#[tokio::test]
async fn an_export_that_fails_leaves_nothing() {
    let w = World::new().await;
    w.account("amy").await;
    let events = w.event_count().await;
    let export = async || export::accounts(&w.store, &Caller::system(), w.app, vec!["amy".into()], &[]).await;
    let rows = async || -> i64 { sqlx::query_scalar("SELECT count(*) FROM export").fetch_one(&mut w.raw().await).await.unwrap() };

    // The file cannot be written.
    std::fs::write(w.folder.path().join("exports"), "").unwrap();
    assert!(matches!(export().await, Err(Error::Internal(_))));
    assert_eq!((rows().await, w.event_count().await), (0, events));
    std::fs::remove_file(w.folder.path().join("exports")).unwrap();

    // The file is there, but cannot be recorded.
    let fail = "CREATE TRIGGER fail BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'test'); END";
    sqlx::query(fail).execute(&mut w.raw().await).await.unwrap();
    assert!(matches!(export().await, Err(Error::Internal(_))));
    assert_eq!((rows().await, w.event_count().await, files(&w)), (0, events, 0));
}

#[tokio::test]
async fn files_without_a_row_go_once_no_export_can_be_making_them() {
    let w = World::new().await;
    w.account("amy").await;
    let made = export::accounts(&w.store, &Caller::system(), w.app, vec!["amy".into()], &[]).await.unwrap();
    let kept = export::find(&w.store, &Caller::system(), w.app, &made.token).await.unwrap().path;
    let stray = kept.with_file_name("stray.csv");
    std::fs::write(&stray, "").unwrap();
    assert_eq!(export::clean(&w.store).await.unwrap(), 0);
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 60 * 60);
    for path in [&stray, &kept] {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(earlier).unwrap();
    }
    assert_eq!(export::clean(&w.store).await.unwrap(), 1);
    assert!(kept.exists() && !stray.exists());
}
