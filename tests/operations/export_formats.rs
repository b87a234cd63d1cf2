//! The content of exported files: every format read back by another library's reader, in the list's own order, with its filter.

use calamine::{Data, Reader};
use domain::{
    Caller,
    account::NewAccountInput,
    event::EventParams,
    export::{self, ExportInput, ExportList, Kind, guard::unguard, times},
    moment::Moment,
    operator::{Language, Role},
    selection::Matching,
};
use serde_json::{Value, json};
use store::db::{query, query_scalar};
use world::{World, admin, new_account, params};

use crate::{accounts::form, exports::ready};

/// All columns of a list.
pub fn input(list: &str, format: &str) -> ExportInput {
    let columns = ExportList::parse(list).unwrap().columns().iter().map(|column| column.key.to_owned()).collect();
    ExportInput { list: list.into(), format: format.into(), columns, ..ExportInput::default() }
}

/// Everything of a type that holds a term.
pub fn matching(kind: &str, q: &str) -> Matching {
    Matching { all: "1".into(), q: q.into(), kind: kind.into(), except: vec![] }
}

pub const NASTY: [&str; 14] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1:A9)",
    "'=1",
    "''@x",
    "'tis",
    "</textarea><script>\"x\"</script>",
    "'\u{202e}\u{1F468}\u{200D}\u{1F469},;",
    "小明 소라",
    " spaces ",
    "_x0041_ _x000D_",
    "00123",
    "1e5",
];

/// A value as each format holds it: texts, numbers, nothing.
fn plain(list: ExportList, key: &str, cell: &str) -> Value {
    let column = list.column(key).unwrap();
    match column.kind {
        _ if cell.is_empty() && column.kind != Kind::Text => Value::Null,
        Kind::Number => json!(cell.parse::<i64>().unwrap()),
        Kind::Json => serde_json::from_str(cell).unwrap(),
        Kind::Text | Kind::Time => json!(cell),
    }
}

/// The rows of a file as objects with the names of the wire, whatever the format, and its titles.
async fn read(w: &World, input: &ExportInput, language: Language) -> (Vec<Value>, Vec<String>) {
    let list = ExportList::parse(&input.list).unwrap();
    let keys: Vec<&str> =
        list.columns().iter().map(|column| column.key).filter(|key| input.columns.iter().any(|c| c == key)).collect();
    let export::ExportOutcome::Ready(made) = jobs::export::start(w.scope(&Caller::system()), input, language).await.unwrap()
    else {
        panic!("a job")
    };
    let path = store::export::find(w.scope(&Caller::system()), &made.token).await.unwrap().path;
    let bytes = std::fs::read(&path).unwrap();
    let object = |cells: Vec<Value>| Value::Object(keys.iter().map(|key| (*key).to_owned()).zip(cells).collect());
    let (rows, titles): (Vec<Value>, Vec<String>) = match input.format.as_str() {
        "csv" => {
            let text = std::str::from_utf8(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap()).unwrap();
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let titles = reader.headers().unwrap().iter().map(str::to_owned).collect();
            let row = |row: csv::StringRecord| {
                object(keys.iter().zip(&row).map(|(key, cell)| plain(list, key, unguard(cell))).collect())
            };
            (reader.records().map(Result::unwrap).map(row).collect(), titles)
        }
        "xlsx" => {
            let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
            let range = book.worksheet_range_at(0).unwrap().unwrap();
            let cell = |key: &&str, cell: Option<&Data>| match cell.unwrap_or(&Data::Empty) {
                Data::Empty => plain(list, key, ""),
                Data::Float(number) => {
                    assert_eq!(list.column(key).unwrap().kind, Kind::Number, "{key}");
                    json!(*number as i64)
                }
                Data::String(text) => {
                    assert_ne!(list.column(key).unwrap().kind, Kind::Number, "{key}");
                    plain(list, key, text)
                }
                other => panic!("{key}: {other:?}"),
            };
            let mut rows = range.rows();
            let titles = rows.next().unwrap().iter().map(ToString::to_string).collect();
            let rows = rows.map(|row| object(keys.iter().enumerate().map(|(n, key)| cell(key, row.get(n))).collect()));
            (rows.collect(), titles)
        }
        _ => {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.is_empty() || text.ends_with("}\n"));
            (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), vec![])
        }
    };
    assert_eq!(rows.len() as u64, made.rows);
    (rows, titles)
}

async fn nasty_world() -> World {
    let w = World::new().await;
    for (i, nickname) in NASTY.iter().enumerate() {
        let input = NewAccountInput { nickname: (*nickname).into(), ..new_account(&format!("u{i:02}")) };
        store::account::create(w.scope(&admin()), &input).await.unwrap();
    }
    let mut profile = store::account::get(w.scope(&admin()), "u09").await.unwrap().profile;
    (profile.self_signature, profile.birthday, profile.level) = ("a\nb\t\"c\"".into(), Some(19_900_704), Some(0));
    profile.role = Some(u32::MAX);
    store::account::edit(w.scope(&admin()), "u09", &form(&profile, 1)).await.unwrap();
    w
}

#[tokio::test]
async fn every_field_of_an_account_comes_back_from_every_format() {
    let w = nasty_world().await;
    for format in ["csv", "xlsx", "jsonl"] {
        let input = ExportInput { matching: matching("", ""), sort: "name".into(), ..input("accounts", format) };
        let (rows, _) = read(&w, &input, Language::En).await;
        assert_eq!(rows.len(), NASTY.len());
        for (i, (row, nickname)) in rows.iter().zip(NASTY).enumerate() {
            let account = store::account::get(w.scope(&admin()), &format!("u{i:02}")).await.unwrap();
            let profile = account.profile;
            let expected = json!({
                "username": account.username, "type": account.account_type, "nickname": nickname, "gender": profile.gender,
                "birthday": profile.birthday, "location": "", "self_signature": profile.self_signature,
                "allow_type": profile.allow_type, "language": null, "image": "", "msg_settings": 0,
                "admin_forbid_type": profile.admin_forbid_type, "level": profile.level, "role": profile.role,
                "created_at": times::iso(account.created_at),
            });
            assert_eq!(*row, expected, "{format}");
        }
    }
}

#[tokio::test]
async fn spreadsheets_meet_no_formula() {
    let w = nasty_world().await;
    let made = ready(&w, &Caller::system(), &ExportInput { matching: matching("", ""), ..input("accounts", "csv") }).await;
    let path = store::export::find(w.scope(&Caller::system()), &made.token).await.unwrap().path;
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.matches("\r\n").count(), NASTY.len() + 1);
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    for cell in reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
}

#[tokio::test]
async fn titles_speak_the_readers_language_and_columns_are_chosen() {
    let w = nasty_world().await;
    let columns = vec!["created_at".to_owned(), "username".into()];
    for (language, titles) in [
        (Language::En, ["Username", "Created"]),
        (Language::Zh, ["用户名", "创建时间"]),
        (Language::Ko, ["사용자 이름", "생성 시간"]),
    ] {
        for format in ["csv", "xlsx"] {
            let input = ExportInput { matching: matching("", ""), columns: columns.clone(), ..input("accounts", format) };
            assert_eq!(read(&w, &input, language).await.1, titles, "{format}");
        }
    }
}

#[tokio::test]
async fn the_order_and_the_filter_are_those_of_the_list() {
    let w = World::new().await;
    w.fill(2_300).await;
    // Groups of one moment are distinguished by their number.
    query("UPDATE \"group\" SET created_at = created_at / 3, name = 'n' || (id % 7), type = iif(id % 5 = 0, 'Work', type)")
        .execute(&mut w.raw().await)
        .await
        .unwrap();
    w.recount().await;
    w.group("none", "AVChatRoom", "").await;
    for sort in ["created", "-created", "name", "-name"] {
        for (kind, q) in [("", ""), ("Work", ""), ("", "g1"), ("", "n3"), ("Work", "g00"), ("", "g12"), ("", "nothing here")] {
            let mut expected = vec![];
            let mut asked = domain::page::ListParams { size: "100".into(), ..params(q, kind, sort) };
            loop {
                let page = store::group::list(w.scope(&admin()), &asked).await.unwrap();
                expected.extend(page.items.into_iter().map(|row| row.group_id));
                let Some(next) = page.next else { break };
                asked.cursor = next;
            }
            let input = ExportInput { matching: matching(kind, q), sort: sort.into(), ..input("groups", "jsonl") };
            let (rows, _) = read(&w, &input, Language::En).await;
            let ids: Vec<&str> = rows.iter().map(|row| row["group_id"].as_str().unwrap()).collect();
            assert_eq!(ids, expected, "{sort} {kind} {q}");
        }
    }
    let ids = vec!["g0002".to_owned(), "g0001".into(), "none".into()];
    for (sort, expected) in [("created", ["g0001", "g0002", "none"]), ("-created", ["none", "g0002", "g0001"])] {
        let input = ExportInput { ids: ids.clone(), sort: sort.into(), ..input("groups", "jsonl") };
        let (rows, _) = read(&w, &input, Language::En).await;
        let ids: Vec<&str> = rows.iter().map(|row| row["group_id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected);
    }
}

#[tokio::test]
async fn groups_members_messages_and_the_log_are_complete() {
    let w = World::new().await;
    let ada = w.operator("=Ada", Role::Admin).await;
    w.accounts(&["amy", "ben", "cleo"]).await;
    w.group("@odd id", "Work", "amy").await;
    store::member::add(w.scope(&ada), "@odd id", "ben cleo").await.unwrap();
    for text in ["=cmd|'/C calc'!A0", "two\nlines, \"quoted\" 😀"] {
        store::message::send(w.scope(&ada), vec!["@odd id".into()], text).await.unwrap();
    }
    for format in ["csv", "xlsx", "jsonl"] {
        let of_group = |list| ExportInput { group_id: "@odd id".into(), matching: matching("", ""), ..input(list, format) };
        let (groups, _) = read(&w, &ExportInput { matching: matching("", ""), ..input("groups", format) }, Language::En).await;
        let group = &groups[0];
        assert_eq!((&group["group_id"], &group["owner"], &group["type"]), (&json!("@odd id"), &json!("amy"), &json!("Work")));
        assert_eq!((&group["member_count"], &group["message_count"]), (&json!(3), &json!(2)));
        assert_eq!(group["max_member_count"], Value::Null);

        let (members, _) = read(&w, &of_group("members"), Language::En).await;
        let names: Vec<&str> = members.iter().map(|row| row["username"].as_str().unwrap()).collect();
        assert_eq!(names, ["amy", "ben", "cleo"]);
        assert_eq!((&members[0]["role"], &members[1]["role"]), (&json!("Owner"), &json!("Member")));
        assert_eq!((&members[2]["group_id"], &members[2]["last_spoke_at"]), (&json!("@odd id"), &Value::Null));
        let (searched, _) = read(&w, &ExportInput { matching: matching("", "le"), ..of_group("members") }, Language::En).await;
        assert_eq!(searched.len(), 1);
        let owners = ExportInput { matching: matching("Owner", ""), ..of_group("members") };
        assert_eq!(read(&w, &owners, Language::En).await.0.len(), 1);
        let others = Matching { except: vec!["amy".into()], ..matching("", "") };
        let others = ExportInput { matching: others, sort: "-created".into(), ..of_group("members") };
        let (others, _) = read(&w, &others, Language::En).await;
        let names: Vec<&str> = others.iter().map(|row| row["username"].as_str().unwrap()).collect();
        assert_eq!(names, ["cleo", "ben"]);
        let named = ExportInput { ids: vec!["ben".into(), "zoe".into()], matching: Matching::default(), ..of_group("members") };
        let named = ready(&w, &Caller::system(), &named).await;
        assert_eq!((named.rows, named.gone), (1, vec!["zoe".to_owned()]));

        let (messages, _) = read(&w, &of_group("messages"), Language::En).await;
        let first = json!({ "group_id": "@odd id", "seq": 1, "sender_type": "operator", "sender": "=Ada",
            "text": "=cmd|'/C calc'!A0", "sent_at": messages[1]["sent_at"] });
        assert_eq!((&messages[0]["seq"], &messages[1]), (&json!(2), &first));
        assert_eq!(messages[0]["text"], "two\nlines, \"quoted\" 😀");

        let sent = EventParams { action: "message.send".into(), ..EventParams::default() };
        let (events, _) = read(&w, &ExportInput { log: sent, ..input("events", format) }, Language::En).await;
        assert_eq!(events.len(), 2);
        assert_eq!((&events[0]["after"], &events[0]["before"]), (&json!({ "length": 21, "seq": 2 }), &Value::Null));
        assert_eq!((&events[0]["operator"], &events[0]["scope"]), (&json!("=Ada"), &json!("app")));
    }
}

#[tokio::test]
async fn the_whole_log_comes_newest_first_with_the_servers_events() {
    let w = World::new().await;
    w.operator("Ada", Role::Admin).await;
    w.fill(1).await;
    // Many of one moment, over several pages and both branches.
    query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3500)
         INSERT INTO event (at, app_id, actor, action, outcome, target)
         SELECT 1000 + i / 900, iif(i % 3 = 0, 0, (SELECT id FROM application WHERE app_name = 'chat')), 'system', 'group.edit', 'done', 't' || i FROM n",
    )
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    w.recount().await;
    let columns = vec!["id".to_owned(), "at".into(), "scope".into()];
    let (rows, _) = read(&w, &ExportInput { columns, ..input("events", "jsonl") }, Language::En).await;
    let places: Vec<(i64, i64)> =
        rows.iter().map(|row| (Moment::parse(row["at"].as_str().unwrap()).unwrap().at, row["id"].as_i64().unwrap())).collect();
    let mut sorted = places.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!(places, sorted);
    let scope = |word: &str| rows.iter().filter(|row| row["scope"] == word).count();
    let all: i64 = query_scalar("SELECT count(*) FROM event WHERE app_id IN (0, (SELECT id FROM application WHERE app_name = 'chat')) AND action <> 'event.export'")
        .fetch_one(&mut w.raw().await)
        .await
        .unwrap();
    assert_eq!(rows.len() as i64, all);
    assert!(scope("app") > 2_000 && scope("server") > 1_000);
}

#[tokio::test]
async fn texts_too_long_for_a_spreadsheet_are_cut_there_and_counted() {
    let w = World::new().await;
    w.group("g", "Work", "").await;
    let long = "가".repeat(40_000);
    query(
        "INSERT INTO message (group_key, seq, sender_type, sender, text, sent_at)
         SELECT id, 1, 'account', 'amy', $1, 5 FROM \"group\";
         UPDATE \"group\" SET next_msg_seq = 2",
    )
    .bind(&long)
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    w.recount().await;
    for (format, cut, length) in [("csv", 0, 40_000), ("xlsx", 1, 32_767), ("jsonl", 0, 40_000)] {
        let input = ExportInput { group_id: "g".into(), ..input("messages", format) };
        assert_eq!(ready(&w, &Caller::system(), &input).await.cut, cut);
        let (rows, _) = read(&w, &input, Language::En).await;
        assert_eq!(rows[0]["text"].as_str().unwrap().chars().count(), length);
    }
}
