//! Imports: previews, what each mode writes, refused rows that are returned, and round trips with exports.

use std::io::Read;
use store::Scope;
use store::db::{query, query_scalar};

use domain::{
    Caller, Error,
    account::NewAccountInput,
    application::AppId,
    error::{Conflict, Entity},
    event::Action,
    export::{ExportInput, ExportOutcome},
    import::{Import, ImportCounts, RowProblem, Sample, UploadInput},
    job::{Job, JobState},
    operator::{Language, Role},
};
use jobs::import::Upload;
use world::{World, admin, broken, new_account, viewer};

use crate::{
    accounts::form,
    export_formats::{NASTY, input, matching},
    jobs::in_the_way_of,
};

pub fn about(list: &str) -> UploadInput {
    UploadInput { list: list.into(), file_name: "C:\\files\\people.csv".into(), ..UploadInput::default() }
}

/// Sends a file in pieces.
pub async fn send(w: &World, caller: &Caller, app: AppId, bytes: &[u8], input: &UploadInput) -> domain::Result<i64> {
    let mut upload = Upload::begin(Scope::new(&w.store, caller, app)).await?;
    for piece in bytes.chunks(7_001) {
        upload.write(piece).await?;
    }
    upload.finish(input, Language::En).await
}

pub async fn sent(w: &World, bytes: &[u8], list: &str) -> Import {
    let id = send(w, &admin(), w.app, bytes, &about(list)).await.unwrap();
    store::import::get(w.scope(&admin()), id).await.unwrap()
}

/// Sends a file and imports it.
pub async fn imported(w: &World, bytes: &[u8], list: &str, mode: &str) -> Job {
    let import = sent(w, bytes, list).await;
    let job = store::import::start(w.scope(&admin()), import.id, mode).await.unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    jobs::job::get(w.scope(&admin()), job).await.unwrap()
}

pub async fn refused(w: &World, job: &Job) -> domain::Result<Vec<u8>> {
    let say = |trouble: &RowProblem| format!("{trouble:?}");
    let made = jobs::import::refused(w.scope(&admin()), job.row.id, Language::Ko, say).await?;
    let mut bytes = Vec::new();
    let mut file = made.file;
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!((bytes.len() as u64, made.name.starts_with("people-refused.")), (made.size, true));
    Ok(bytes)
}

pub fn counts(new: u64, changed: u64, unchanged: u64, refused: u64) -> ImportCounts {
    ImportCounts { new, changed, unchanged, refused }
}

pub fn files(w: &World) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(w.folder.path().join("imports")) else { return vec![] };
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

pub async fn admin_of(w: &World) {
    // The system's operator 1 has to be there when a job runs as it.
    w.operator("olga", Role::Admin).await;
}

/// What an export of everything holds.
async fn exported(w: &World, app: AppId, list: &str, format: &str, group_id: &str) -> Vec<u8> {
    let input = ExportInput { matching: matching("", ""), group_id: group_id.into(), ..input(list, format) };
    let made = jobs::export::start(Scope::new(&w.store, &Caller::system(), app), &input, Language::Zh).await.unwrap();
    let ExportOutcome::Ready(made) = made else { panic!("a job") };
    std::fs::read(store::export::find(Scope::new(&w.store, &Caller::system(), app), &made.token).await.unwrap().path).unwrap()
}

/// The parts of a workbook, without the one that says when it was made.
fn comparable(format: &str, bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    if format != "xlsx" {
        return vec![(String::new(), bytes)];
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.push((part.name().unwrap().to_string(), content));
    }
    parts.retain(|(name, _)| name != "docProps/core.xml");
    parts
}

#[tokio::test]
async fn what_was_exported_comes_back_to_the_byte() {
    let w = World::new().await;
    admin_of(&w).await;
    for (n, nasty) in NASTY.iter().enumerate() {
        let name = format!("u{n}{}", ["", "=1", "'", "@x"][n % 4]);
        let new = NewAccountInput { nickname: (*nasty).into(), ..new_account(&name) };
        store::account::create(w.scope(&admin()), &new).await.unwrap();
        let stored = store::account::get(w.scope(&admin()), &name).await.unwrap();
        let mut profile = form(&stored.profile, stored.version);
        profile.self_signature = format!("line one\nline two\r\n\"quoted\", {nasty}");
        profile.birthday = "1990-07-04".into();
        store::account::edit(w.scope(&admin()), &name, &profile).await.unwrap();
    }
    // Made in one moment, as in a batch: only their order distinguishes them.
    w.fill(60).await;
    let all = "UPDATE account SET created_at = 1795250760120 WHERE username LIKE 'u00%'";
    query(all).execute(&mut w.raw().await).await.unwrap();
    for (id, kind, owner) in [("=g", "Work", "u0"), ("@TGS#1AB", "Public", ""), ("live", "AVChatRoom", "u0001")] {
        let id_sql = "UPDATE \"group\" SET group_id = $1 WHERE group_id = 'new'";
        w.group("new", kind, owner).await;
        query(id_sql).bind(id).execute(&mut w.raw().await).await.unwrap();
    }
    w.recount().await;
    store::member::add(w.scope(&admin()), "=g", "u0001 u0002 u0003").await.unwrap();

    for format in ["csv", "xlsx", "jsonl"] {
        let copy = format!("copy-{format}");
        let new =
            domain::application::NewApplicationInput { display_name: copy.clone(), org_name: "acme".into(), app_name: copy };
        store::application::create(&w.store, &Caller::system(), &new).await.unwrap();
        let app = store::application::find(&w.store, &Caller::system(), "acme", &new.app_name).await.unwrap();
        for (list, group_id) in [("accounts", ""), ("groups", ""), ("members", "=g"), ("members", "g0007")] {
            let before = exported(&w, w.app, list, format, group_id).await;
            let id = match send(&w, &admin(), app, &before, &about(list)).await {
                Ok(id) => id,
                // A group without members exports no rows, and in JSON Lines no titles.
                Err(error) => {
                    let why = if format == "jsonl" { "file: File(Empty)" } else { "file: File(HeaderOnly)" };
                    assert_eq!((broken::<()>(Err(error)), group_id), (vec![why.to_owned()], "g0007"));
                    continue;
                }
            };
            let preview = store::import::get(Scope::new(&w.store, &admin(), app), id).await.unwrap().preview;
            assert_eq!(preview.refused, [], "{format} {list}");
            store::import::start(Scope::new(&w.store, &admin(), app), id, "update").await.unwrap();
            jobs::run::run_waiting(&w.store).await.unwrap();
        }
        // Now that the members are there, groups say so too.
        for (list, group_id) in [("accounts", ""), ("groups", ""), ("members", "=g")] {
            let before = exported(&w, w.app, list, format, group_id).await;
            let after = exported(&w, app, list, format, group_id).await;
            let (before, after) = (comparable(format, before), comparable(format, after));
            assert!(before == after, "{format} {list}: {}", String::from_utf8_lossy(&after[0].1));
            // Once more, now nothing is new.
            let again = exported(&w, w.app, list, format, group_id).await;
            let id = send(&w, &admin(), app, &again, &about(list)).await.unwrap();
            let preview = store::import::get(Scope::new(&w.store, &admin(), app), id).await.unwrap().preview;
            assert_eq!(preview.counts.unchanged, preview.counts.rows(), "{format} {list}: {preview:?}");
        }
    }
    w.sound().await;
    assert!(files(&w).iter().all(|name| name.ends_with(".rows")), "{:?}", files(&w));
}

const PEOPLE: &str = "Username,昵称,생년월일,Phone\r\n\
    amy,Amy 2,,1\r\nbo,Bo,1990-07-04,2\r\ncy,Cy,,3\r\ncy,Cy again,,4\r\nd d,,soon,5\r\n'=x,'=1+1,,6\r\nshort\r\n";

async fn people() -> World {
    let w = World::new().await;
    admin_of(&w).await;
    for (name, nickname) in [("amy", "Amy"), ("bo", "Bo")] {
        let new = NewAccountInput { nickname: nickname.into(), ..new_account(name) };
        store::account::create(w.scope(&admin()), &new).await.unwrap();
    }
    let stored = store::account::get(w.scope(&admin()), "bo").await.unwrap();
    let mut bo = form(&stored.profile, stored.version);
    bo.birthday = "1990-07-04".into();
    store::account::edit(w.scope(&admin()), "bo", &bo).await.unwrap();
    w
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_takes_a_long_transaction_back_when_somebody_waits_and_loses_no_row() {
    let w = World::new().await;
    admin_of(&w).await;
    // The last row is refused, so that its place is seen too.
    let rows: String = (1..=4_000).map(|n| format!("p{n},Person {n}\n")).collect();
    let import = sent(&w, format!("username,nickname\n{rows}p 1,with a blank\n").as_bytes(), "accounts").await;
    let id = store::import::start(w.scope(&admin()), import.id, "skip").await.unwrap();
    assert_eq!(in_the_way_of(&w, id).await, 0, "rolled back");
    let job = jobs::job::get(w.scope(&admin()), id).await.unwrap();
    assert_eq!((job.row.state, job.row.position, job.row.done, job.row.refused), (JobState::Done, 4_001, 4_000, 1), "{job:?}");
    let mut raw = w.raw().await;
    for sql in ["SELECT count(*) FROM account", "SELECT count(*) FROM event WHERE action = 'account.create' AND outcome = 'done'"]
    {
        assert_eq!(query_scalar::<i64>(sql).fetch_one(&mut raw).await.unwrap(), 4_000, "{sql}");
    }
    // Against the order of the file, so that its first rows are the newest.
    let last = "SELECT username FROM account ORDER BY id LIMIT 1";
    assert_eq!(query_scalar::<String>(last).fetch_one(&mut raw).await.unwrap(), "p4000");
}

#[tokio::test]
async fn a_preview_tells_what_would_happen_and_writes_nothing() {
    let w = people().await;
    let events = w.event_count().await;
    let import = sent(&w, PEOPLE.as_bytes(), "accounts").await;
    assert_eq!((import.file_name.as_str(), import.size), ("people.csv", PEOPLE.len() as u64));
    let preview = import.preview;
    assert_eq!(preview.counts, counts(2, 1, 1, 3));
    assert_eq!(preview.changed[0].what, Sample::Changed(vec![("nickname".into(), "Amy".into(), "Amy 2".into())]));
    let new: Vec<(u32, &str)> = preview.new.iter().map(|row| (row.row, row.key[0].as_str())).collect();
    assert_eq!(new, [(4, "cy"), (7, "=x")]);
    let why: Vec<(u32, &Sample)> = preview.refused.iter().map(|row| (row.row, &row.what)).collect();
    assert_eq!(why[0], (5, &Sample::Refused(RowProblem::SameAs { row: 4 })));
    assert!(matches!(why[1], (6, Sample::Refused(RowProblem::Fields(fields))) if fields.len() == 2));
    assert_eq!(why[2], (8, &Sample::Refused(RowProblem::CellCount { expected: 4, actual: 1 })));
    assert_eq!(w.event_count().await, events);
    // The file itself is not kept, only its rows.
    assert_eq!(files(&w), [format!("{}.rows", import.id)]);
}

#[tokio::test]
async fn each_mode_does_what_it_says() {
    for (mode, nickname) in [("skip", "Amy"), ("update", "Amy 2")] {
        let w = people().await;
        let job = imported(&w, PEOPLE.as_bytes(), "accounts", mode).await;
        assert_eq!((job.row.state, job.row.position, job.row.refused), (JobState::Done, 7, 3));
        assert_eq!(job.row.done, if mode == "skip" { 2 } else { 3 });
        let import = job.import.unwrap();
        assert_eq!((import.counts, import.mode.as_str(), import.refused_rows), (counts(2, 1, 1, 3), mode, true));
        let amy = store::account::get(w.scope(&viewer()), "amy").await.unwrap();
        assert_eq!(amy.profile.nickname, nickname);
        assert_eq!(store::account::get(w.scope(&viewer()), "=x").await.unwrap().profile.nickname, "=1+1");
        w.sound().await;
    }
    let w = people().await;
    let import = sent(&w, PEOPLE.as_bytes(), "accounts").await;
    let stopped = store::import::start(w.scope(&admin()), import.id, "stop").await;
    assert_eq!(broken(stopped), ["mode: RowsExist { rows: 1 }"]);
    assert_eq!(broken(store::import::start(w.scope(&admin()), import.id, "other").await), ["mode: NotChoice"]);
    // A problem that appears only after the preview stops the job where it is.
    let import = sent(&w, b"username,nickname\na,1\nb,2\nc,3\n", "accounts").await;
    let job = store::import::start(w.scope(&admin()), import.id, "stop").await.unwrap();
    assert_eq!(store::import::start(w.scope(&admin()), import.id, "stop").await, Ok(job), "asked twice");
    w.account("b").await;
    jobs::run::run_waiting(&w.store).await.unwrap();
    let job = jobs::job::get(w.scope(&viewer()), job).await.unwrap();
    assert_eq!((job.row.state, job.row.error.as_deref(), job.row.position), (JobState::Failed, Some("conflict"), 2));
    assert!(store::account::get(w.scope(&viewer()), "a").await.is_ok());
    assert_eq!(store::account::get(w.scope(&viewer()), "c").await, Err(Error::NotFound(Entity::Account)));
    assert_eq!(Error::Conflict(Conflict::RowExists).name(), "conflict");
    // A process that ended before the job knew: the next one stops there too, and does not continue beyond.
    query("UPDATE job SET state = 'running', error = NULL, finished_at = NULL WHERE id = $1")
        .bind(job.row.id)
        .execute(&mut w.raw().await)
        .await
        .unwrap();
    jobs::run::run_waiting(&w.store).await.unwrap();
    let again = jobs::job::get(w.scope(&viewer()), job.row.id).await.unwrap();
    assert_eq!((again.row.state, again.row.error.as_deref(), again.row.position), (JobState::Failed, Some("conflict"), 2));
    assert_eq!(again.import.as_ref().unwrap().counts, counts(1, 0, 0, 1));
    assert_eq!(again.troubles, job.troubles);
    assert_eq!(store::account::get(w.scope(&viewer()), "c").await, Err(Error::NotFound(Entity::Account)));
}

#[tokio::test]
async fn refused_rows_come_back_to_be_fixed_and_sent_again() {
    let w = people().await;
    let job = imported(&w, PEOPLE.as_bytes(), "accounts", "skip").await;
    let text = String::from_utf8(refused(&w, &job).await.unwrap()).unwrap();
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap().lines().collect();
    assert_eq!(lines[0], "사유,Username,昵称,생년월일,Phone");
    assert_eq!(lines[1], "SameAs { row: 4 },cy,Cy again,,4");
    assert!(lines[2].ends_with(",d d,,soon,5"), "{}", lines[2]);
    assert_eq!((lines[3], lines.len()), ("\"CellCount { expected: 4, actual: 1 }\",short", 4));
    let fixed = text.replace(",cy,", ",cy2,").replace("d d,,soon", "dd,,").replace(",short", ",short,,,");
    let again = imported(&w, fixed.as_bytes(), "accounts", "skip").await;
    assert_eq!(again.import.as_ref().unwrap().counts, counts(3, 0, 0, 0));
    // Nothing was refused, so the rows are not needed any more.
    assert_eq!(refused(&w, &again).await, Err(Error::NotFound(Entity::Import)));
    assert_eq!(files(&w).len(), 1);
    // Still wrong: the old reason is replaced.
    let wrong = imported(&w, text.as_bytes(), "accounts", "skip").await;
    let text = String::from_utf8(refused(&w, &wrong).await.unwrap()).unwrap();
    assert!(text.starts_with("\u{feff}사유,Username,昵称,"), "{text}");
    let json =
        "{\"username\":\"x y\",\"level\":3}\n{\"username\":\"ok\",\"nickname\":\"N\"}\n{\"username\":\"z z\",\"level\":null}\n";
    let job = imported(&w, json.as_bytes(), "accounts", "skip").await;
    let text = String::from_utf8(refused(&w, &job).await.unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (lines.len(), &lines[0]["username"], &lines[0]["level"], lines[0].get("nickname")),
        (2, &"x y".into(), &"3".into(), None)
    );
}

#[tokio::test]
async fn only_who_sent_a_file_sees_it_and_not_for_ever() {
    let w = World::new().await;
    let ada = w.operator("ada", Role::Admin).await;
    let bytes = b"username\nx\n";
    assert_eq!(send(&w, &viewer(), w.app, bytes, &about("accounts")).await, Err(Error::Forbidden));
    assert_eq!(w.refused_items(Action::JobStart).await.len(), 1);
    assert_eq!(files(&w), [""; 0]);
    let id = send(&w, &ada, w.app, bytes, &about("accounts")).await.unwrap();
    let missing = Err(Error::NotFound(Entity::Import));
    let bo = w.operator("bo", Role::Owner).await;
    assert_eq!(store::import::get(w.scope(&bo), id).await.map(drop), missing);
    assert_eq!(store::import::get(Scope::new(&w.store, &ada, w.other), id).await.map(drop), missing);
    assert_eq!(store::import::start(w.scope(&bo), id, "skip").await.map(drop), missing);
    assert_eq!(store::import::discard(w.scope(&bo), id).await, missing);
    store::import::discard(w.scope(&ada), id).await.unwrap();
    assert_eq!((store::import::get(w.scope(&ada), id).await.map(drop), files(&w)), (missing, vec![]));
    // The sixth replaces the oldest.
    for _ in 0..6 {
        send(&w, &ada, w.app, bytes, &about("accounts")).await.unwrap();
    }
    assert_eq!(files(&w).len(), 5);
    // A killed process leaves unknown files.
    std::fs::write(w.folder.path().join("imports/tmp-other-1"), "x").unwrap();
    std::fs::write(w.folder.path().join("imports/1.rows"), "x").unwrap();
    // A file that gets its rows just now has a higher number than all known ones.
    let coming = w.folder.path().join("imports/777.rows");
    std::fs::write(&coming, "x").unwrap();
    assert_eq!((store::import::clean(&w.store).await.unwrap(), files(&w).len()), (2, 6));
    std::fs::remove_file(coming).unwrap();
    query("UPDATE import SET created_at = 0").execute(&mut w.raw().await).await.unwrap();
    assert_eq!((store::import::clean(&w.store).await.unwrap(), files(&w).len()), (5, 0));
    // A job that is cancelled before it began needs no rows either.
    let id = send(&w, &ada, w.app, bytes, &about("accounts")).await.unwrap();
    let job = store::import::start(w.scope(&ada), id, "skip").await.unwrap();
    store::import::discard(w.scope(&ada), id).await.unwrap();
    assert_eq!(files(&w).len(), 1, "it is the job's now");
    jobs::job::cancel(w.scope(&ada), job).await.unwrap();
    assert_eq!(files(&w).len(), 0);
}

#[tokio::test]
async fn choices_are_taken_by_the_names_that_people_use() {
    let w = World::new().await;
    admin_of(&w).await;
    let text = "Username,Gender,Account Type,Message settings\n\
        amy,Female,General,Receive messages\nbo,女,普通,不接收消息\ncy,여성,일반,2\ndi,FEMALE,,\ned,Femal,General,\nfe,Gender_Type_Male,king,maybe\n";
    let import = sent(&w, text.as_bytes(), "accounts").await;
    assert_eq!(import.preview.counts, counts(4, 0, 0, 2));
    let taken: Vec<(&str, &str, &str)> =
        import.preview.words.iter().map(|word| (word.field.as_str(), word.text.as_str(), word.wire.as_str())).collect();
    assert_eq!(
        taken,
        [
            ("gender", "Female", "Gender_Type_Female"),
            ("msg_settings", "Receive messages", "0"),
            ("type", "普通", "General"),
            ("gender", "女", "Gender_Type_Female"),
            ("msg_settings", "不接收消息", "1"),
            ("type", "일반", "General"),
            ("gender", "여성", "Gender_Type_Female"),
        ]
    );
    let job = imported(&w, text.as_bytes(), "accounts", "skip").await;
    let why = String::from_utf8(refused(&w, &job).await.unwrap()).unwrap();
    assert!(why.contains("NotWord { text: \"\"Femal\"\" }"), "{why}");
    assert!(why.contains("king") && why.contains("maybe"), "{why}");
    for (name, settings) in [("amy", 0), ("bo", 1), ("cy", 2), ("di", 0)] {
        let profile = store::account::get(w.scope(&viewer()), name).await.unwrap().profile;
        assert_eq!((profile.gender.as_str(), profile.msg_settings), ("Gender_Type_Female", settings), "{name}");
    }
    let groups = "Group ID,Group Name,Group Type\na,A,私有群\nb,B,陌生人社交群\nc,C,미팅 그룹\nd,D,Audio-video\ne,E,ChatRoom\nf,F,Community\n";
    assert_eq!(imported(&w, groups.as_bytes(), "groups", "skip").await.import.unwrap().counts, counts(5, 0, 0, 1));
    for (id, kind) in [("a", "Work"), ("b", "Public"), ("c", "Meeting"), ("d", "AVChatRoom"), ("e", "Meeting")] {
        assert_eq!(store::group::get(w.scope(&viewer()), id).await.unwrap().group_type.as_str(), kind);
    }
    let members = "group_id,username,role\na,amy,群主\na,bo,관리자\na,cy,Ordinary member\na,di,chief\n";
    let import = sent(&w, members.as_bytes(), "members").await;
    let why: Vec<(u32, &Sample)> = import.preview.refused.iter().map(|row| (row.row, &row.what)).collect();
    assert_eq!(why[0], (2, &Sample::Refused(RowProblem::NotTheOwner)), "known, but not what is");
    assert_eq!((import.preview.counts, why[1].0), (counts(2, 0, 0, 2), 5));
    w.sound().await;
}
