//! Stored sessions: once an id, expiry both ways, cleaning up.

use domain::{
    Actor, Caller, Error,
    import::UploadInput,
    limits,
    operator::{Language, Role},
};
use jobs::import::Upload as ImportUpload;
use store::{
    db::now,
    db::query_scalar,
    file::Upload as FileUpload,
    operator as operators,
    session::{self, StoredSession, hash_id},
};
use world::{World, admin, files_below};

pub fn stored(n: u8, operator_id: Option<i64>) -> StoredSession {
    StoredSession {
        id_hash: hash_id(&[n]),
        operator_id,
        data: vec![n, 0, 255],
        created_at: now(),
        seen_at: now(),
        expires_at: now() + limits::SESSION_IDLE_MS,
        address: Some("192.0.2.1".into()),
        user_agent: "Test/1".into(),
    }
}

#[tokio::test]
async fn sessions_come_back_until_they_expire() {
    let w = World::new().await;
    let id = w.operator("Ada", Role::Owner).await.operator_id().unwrap();
    let first = stored(1, None);
    assert!(session::create(&w.store, &first).await.unwrap());
    assert!(!session::create(&w.store, &first).await.unwrap());
    assert_eq!(session::load(&w.store, first.id_hash).await.unwrap(), Some(first.clone()));

    let saved = StoredSession { operator_id: Some(id), data: vec![9], created_at: 1, ..first.clone() };
    session::save(&w.store, &saved).await.unwrap();
    let loaded = session::load(&w.store, first.id_hash).await.unwrap().unwrap();
    assert_eq!((loaded.created_at, loaded.data, loaded.operator_id), (first.created_at, vec![9], Some(id)));

    // Idle for too long, signed in too long ago, and neither.
    let idle = StoredSession { expires_at: now() - 1, ..stored(2, None) };
    let old = StoredSession { created_at: now() - limits::SESSION_ABSOLUTE_MS - 1, ..stored(3, Some(id)) };
    let fresh = StoredSession { created_at: now() - limits::SESSION_ABSOLUTE_MS - 1, ..stored(4, None) };
    for session in [&idle, &old, &fresh] {
        session::create(&w.store, session).await.unwrap();
    }
    assert_eq!(session::load(&w.store, idle.id_hash).await.unwrap(), None);
    assert_eq!(session::load(&w.store, old.id_hash).await.unwrap(), None);
    assert!(session::load(&w.store, fresh.id_hash).await.unwrap().is_some());
    assert_eq!(session::delete_expired(&w.store).await.unwrap(), 2);
    session::delete(&w.store, first.id_hash).await.unwrap();
    session::delete(&w.store, first.id_hash).await.unwrap();
    assert_eq!(session::load(&w.store, first.id_hash).await.unwrap(), None);
    // Without an operator an ended session may return.
    session::save(&w.store, &stored(1, None)).await.unwrap();
    assert!(session::load(&w.store, first.id_hash).await.unwrap().is_some());
}

/// What was valid when a request began may have ended when it is complete: each change checks the session and the role again.
#[tokio::test]
async fn who_was_ended_or_demoted_while_a_request_came_changes_nothing() {
    let w = World::new().await;
    w.group("g", "Work", "").await;
    let olga = w.operator("olga", Role::Owner).await;
    for (n, (ending, error)) in [
        ("nothing", None),
        ("demote", Some(Error::Forbidden)),
        ("sign out", Some(Error::Unauthenticated)),
        ("disable", Some(Error::Unauthenticated)),
        ("reset", Some(Error::Unauthenticated)),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("vic{n}");
        let begun = w.operator(&name, Role::Admin).await;
        let id = begun.operator_id().unwrap();
        let row = stored(n as u8 + 1, Some(id));
        assert!(session::create(&w.store, &row).await.unwrap());
        let vic = Caller { proof: Some(row.id_hash), ..begun };

        let mut file = FileUpload::begin(w.scope(&vic), "g").await.unwrap();
        file.write(b"shared").await.unwrap();
        let mut import = ImportUpload::begin(w.scope(&vic)).await.unwrap();
        import.write(b"username\nnew-one\n").await.unwrap();
        match ending {
            "demote" => operators::change_role(&w.store, &olga, id, "viewer").await.unwrap(),
            "sign out" => session::delete(&w.store, row.id_hash).await.unwrap(),
            "disable" => operators::set_disabled(&w.store, &olga, id, true).await.unwrap(),
            "reset" => drop(operators::reset_password(&w.store, &olga, id).await.unwrap()),
            _ => {}
        }
        let before = (files_below(&w, "files"), files_below(&w, "imports"));
        let input = UploadInput { list: "accounts".into(), file_name: "a.csv".into(), ..UploadInput::default() };
        let shared = file.finish("a.txt").await.map(drop);
        let imported = import.finish(&input, Language::En).await.map(drop);
        let muted = store::group::mute_all(w.scope(&vic), "g", n % 2 == 0).await.map(drop);
        let key = store::credential::create(w.scope(&vic), &name).await.map(drop);
        for (what, result) in [("file", shared), ("import", imported), ("change", muted), ("key", key)] {
            assert_eq!(result.err(), error, "{ending}: {what}");
        }
        if error.is_some() {
            // The two that were on their way have ended as well.
            assert_eq!((files_below(&w, "files"), files_below(&w, "imports")), (before.0 - 1, before.1 - 1), "{ending}");
        }
    }
    // A caller without a session, such as a job, is checked elsewhere.
    let job = Caller { proof: None, ..admin() };
    assert!(matches!(job.actor, Actor::Operator { .. }));
    store::group::mute_all(w.scope(&job), "g", true).await.map(drop).unwrap();
    w.sound().await;
}

#[tokio::test]
async fn the_session_that_was_not_used_for_the_longest_time_makes_room() {
    let w = World::new().await;
    let id = w.operator("Ada", Role::Owner).await.operator_id().unwrap();
    let other = w.operator("Bo", Role::Viewer).await.operator_id().unwrap();
    let alive = async |n| session::load(&w.store, hash_id(&[n])).await.unwrap().is_some();
    let most = u8::try_from(limits::SESSIONS_PER_OPERATOR).unwrap();
    session::create(&w.store, &stored(200, Some(other))).await.unwrap();
    for n in 0..most {
        // The second one is the one that was not used for the longest time.
        let seen_at = now() - if n == 1 { 5_000 } else { 1_000 };
        session::create(&w.store, &StoredSession { seen_at, ..stored(n, Some(id)) }).await.unwrap();
    }
    assert!(alive(1).await);
    session::create(&w.store, &stored(most, Some(id))).await.unwrap();
    assert!(!alive(1).await && alive(0).await && alive(most).await && alive(200).await);
    let count: i64 =
        query_scalar("SELECT count(*) FROM session WHERE operator_id = $1").bind(id).fetch_one(&mut w.raw().await).await.unwrap();
    assert_eq!(count, i64::from(most));
}
