//! Lists: every order walked both ways, filters, search terms of every length, counts.

use domain::{
    account::{self, NewAccountInput},
    group, member, message,
    page::{ListParams, Page},
};
use store::db::{query, query_scalar};
use world::{World, admin, broken, new_account, new_group, params, viewer};

/// Walks a list to its end and back; every row once, in the same order.
async fn walk<T, F>(first: ListParams, expected: usize, key: impl Fn(&T) -> String, fetch: F) -> Vec<String>
where
    F: AsyncFn(ListParams) -> Page<T>,
{
    let mut forward = Vec::new();
    let mut page = fetch(first.clone()).await;
    assert_eq!(page.previous, None);
    let mut last_start;
    loop {
        last_start = page.items.len();
        forward.extend(page.items.iter().map(&key));
        let Some(next) = page.next.clone() else { break };
        page = fetch(ListParams { cursor: next, ..first.clone() }).await;
        assert!(page.previous.is_some());
    }
    assert_eq!(forward.len(), expected);
    let mut back: Vec<String> = forward[forward.len() - last_start..].to_vec();
    while let Some(previous) = page.previous.clone() {
        page = fetch(ListParams { cursor: previous, ..first.clone() }).await;
        assert!(page.next.is_some());
        back.splice(0..0, page.items.iter().map(&key));
    }
    assert_eq!(back, forward);
    let unique: std::collections::HashSet<&String> = forward.iter().collect();
    assert_eq!(unique.len(), expected);
    forward
}

const SORTS: [&str; 4] = ["created", "-created", "name", "-name"];

#[tokio::test]
async fn every_order_visits_every_row_once_both_ways() {
    let w = World::new().await;
    w.fill(103).await;
    let mut raw = w.raw().await;
    // Many ties in every sort, two types, names in two cases.
    for sql in [
        "UPDATE account SET created_at = created_at / 7, type = CASE WHEN (id & 4294967295) % 11 = 0 AND (id & 4294967295) < 100
         THEN 'Admin' ELSE 'General' END",
        "UPDATE \"group\" SET created_at = created_at / 7, name = CASE (id & 4294967295) % 5 WHEN 0 THEN 'Zoo' WHEN 1 THEN 'zoo'
         ELSE '방' || (id & 4294967295) / 9 END, type = CASE WHEN (id & 4294967295) % 3 = 0 THEN 'Work' ELSE 'Public' END",
    ] {
        query(sql).execute(&mut raw).await.unwrap();
    }
    w.recount().await;
    let accounts = async |p: ListParams| store::account::list(w.scope(&viewer()), &p).await.unwrap();
    let groups = async |p: ListParams| store::group::list(w.scope(&viewer()), &p).await.unwrap();
    for sort in SORTS {
        for (kind, q, n) in [("", "", 103), ("Admin", "", 9), ("", "u0", 103), ("", "u00", 99), ("General", "u00", 90)] {
            let seen = walk(params(q, kind, sort), n, |a: &account::AccountRow| a.username.clone(), accounts).await;
            if sort == "name" {
                assert!(seen.is_sorted());
            }
        }
        for (kind, q, n) in [("", "", 103), ("Work", "", 34), ("", "g0", 103), ("Public", "zoo", 28)] {
            let page = groups(params(q, kind, sort)).await;
            assert_eq!((page.total.number, page.total.more), (n, false), "{kind} {q} {sort}");
            walk(params(q, kind, sort), n as usize, |g: &group::GroupRow| g.group_id.clone(), groups).await;
        }
    }
    for size in ["20", "50", "100", "7"] {
        let p = ListParams { size: size.into(), ..ListParams::default() };
        let expected = size.parse().ok().filter(|n| *n != 7).unwrap_or(20);
        assert_eq!(accounts(p).await.items.len(), expected);
    }
}

#[tokio::test]
async fn members_and_messages_are_walked_both_ways_too() {
    let w = World::new().await;
    w.fill(65).await;
    w.group("g", "Work", "").await;
    store::member::add(w.scope(&admin()), "g", &world::names("u", 65).join(" ")).await.unwrap();
    for _ in 0..45 {
        store::message::send(w.scope(&admin()), vec!["g".into()], "hi").await.unwrap();
    }
    for sort in ["", "-created"] {
        let fetch = async |p: ListParams| store::member::list(w.scope(&viewer()), "g", &p).await.unwrap();
        walk(params("", "", sort), 65, |m: &member::MemberRow| m.username.clone(), fetch).await;
    }
    let fetch = async |p: ListParams| store::message::list(w.scope(&viewer()), "g", &p).await.unwrap();
    walk(ListParams::default(), 45, |m: &message::MessageRow| m.seq.to_string(), fetch).await;
}

#[tokio::test]
async fn terms_of_every_length_and_script_are_found_as_they_stand() {
    let w = World::new().await;
    let people = [
        ("xiaoming", "李小明"),
        ("sora", "김소라"),
        ("a_b", "100%"),
        ("star", "*\"quoted\"*"),
        ("slash", "a\\b"),
        ("emoji", "😀😀😀"),
        ("elka", "Ёлка"),
        ("plain", "axb"),
    ];
    for (username, nickname) in people {
        let input = NewAccountInput { nickname: nickname.into(), ..new_account(username) };
        store::account::create(w.scope(&admin()), &input).await.unwrap();
    }
    let find = async |q: &str| {
        let page = store::account::list(w.scope(&viewer()), &params(q, "", "name")).await.unwrap();
        assert_eq!(page.total.number as usize, page.items.len());
        page.items.into_iter().map(|a| a.username).collect::<Vec<_>>()
    };
    for (term, expected) in [
        ("明", vec!["xiaoming"]),
        ("小明", vec!["xiaoming"]),
        ("李小明", vec!["xiaoming"]),
        ("소", vec!["sora"]),
        ("소라", vec!["sora"]),
        ("김소라", vec!["sora"]),
        ("%", vec!["a_b"]),
        ("0%", vec!["a_b"]),
        ("100%", vec!["a_b"]),
        ("_", vec!["a_b"]),
        ("a_b", vec!["a_b"]),
        ("\"", vec!["star"]),
        ("*", vec!["star"]),
        ("*\"q", vec!["star"]),
        ("\"quoted\"", vec!["star"]),
        ("\\", vec!["slash"]),
        ("a\\b", vec!["slash"]),
        ("😀", vec!["emoji"]),
        ("😀😀😀", vec!["emoji"]),
        ("ёлка", vec!["elka"]),
        ("XIAO", vec!["xiaoming"]),
        ("OR", vec!["sora"]),
        ("a OR b", vec![]),
        ("NEAR(", vec![]),
        ("'", vec![]),
        ("ng", vec!["xiaoming"]),
        ("A", vec!["a_b", "elka", "plain", "slash", "sora", "star", "xiaoming"]),
        ("S", vec!["slash", "sora", "star"]),
        ("Ё", vec!["elka"]),
        ("ё", vec![]),
        ("Ёл", vec!["elka"]),
        ("明小", vec![]),
        ("b\u{1f}", vec![]),
        ("axb\u{1f}", vec![]),
        (" sora ", vec!["sora"]),
        ("nobody", vec![]),
    ] {
        assert_eq!(find(term).await, expected, "{term}");
    }
    assert_eq!(broken(store::account::list(w.scope(&viewer()), &params("a\0b", "", "")).await), ["q: NulCharacter"]);
    assert_eq!(broken(store::account::list(w.scope(&viewer()), &params("", "Nope", "")).await), ["type: NotChoice"]);
    let tampered = ListParams { cursor: "tampered".into(), ..ListParams::default() };
    assert_eq!(broken(store::account::list(w.scope(&viewer()), &tampered).await), ["cursor: Malformed"]);

    for (id, name) in [("room#1", "개발팀 회의"), ("room#2", "中文群聊")] {
        let input = domain::group::NewGroupInput { name: name.into(), ..new_group(id, "Work", "") };
        store::group::create(w.scope(&admin()), &input).await.unwrap();
    }
    for (term, n) in [("회", 1), ("회의", 1), ("개발팀", 1), ("群", 1), ("中文群", 1), ("m#", 2), ("om#2", 1), ("room#", 2)]
    {
        assert_eq!(store::group::list(w.scope(&viewer()), &params(term, "", "")).await.unwrap().items.len(), n, "{term}");
    }
    // Short terms too, on the edges of both texts, whatever the letters that follow.
    let mut raw = w.raw().await;
    let like = "SELECT username FROM account WHERE username LIKE '%' || $1 || '%' ESCAPE '\\' OR nickname LIKE '%' || $1 || '%' ESCAPE '\\'
                ORDER BY username";
    let texts: Vec<char> =
        people.iter().flat_map(|(username, nickname)| format!("{username} {nickname}").chars().collect::<Vec<_>>()).collect();
    for pair in texts.windows(2).filter(|pair| pair.iter().all(|c| !c.is_whitespace())) {
        for term in [pair.iter().collect::<String>(), pair[0].to_string()] {
            let escaped = term.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let expected: Vec<String> = query_scalar(like).bind(escaped).fetch_all(&mut raw).await.unwrap();
            assert_eq!(find(&term).await, expected, "{term}");
        }
    }
    // The index follows edits and deletions.
    store::account::delete(w.scope(&admin()), vec!["sora".into()], "").await.unwrap();
    assert_eq!(find("sora").await, Vec::<String>::new());
    w.sound().await;
}

#[tokio::test]
async fn more_hits_than_the_cap_are_counted_as_more_and_still_sorted() {
    let w = World::new().await;
    w.fill(10_050).await;
    for (q, more, number) in [
        ("", false, 10_050),
        ("nic", true, 10_000),
        ("n", true, 10_000),
        ("u0", false, 999),
        ("u00", false, 99),
        ("u1004", false, 11),
    ] {
        for sort in SORTS {
            let page = store::account::list(w.scope(&viewer()), &params(q, "", sort)).await.unwrap();
            assert_eq!((page.total.number, page.total.more), (number, more), "{q}");
            let names: Vec<&String> = page.items.iter().map(|a| &a.username).collect();
            match sort {
                "name" => assert!(names.is_sorted()),
                "-name" => assert!(names.iter().rev().is_sorted()),
                "created" => assert!(page.items.iter().map(|a| a.created_at).is_sorted()),
                _ => assert!(page.items.iter().rev().map(|a| a.created_at).is_sorted()),
            }
        }
    }
    let general = store::account::list(w.scope(&viewer()), &params("", "General", "")).await.unwrap();
    assert_eq!((general.total.number, general.total.more), (10_000, true));
    // A frequent term is walked to the end as well.
    let p = ListParams { size: "100".into(), ..params("nick", "", "-name") };
    let fetch = async |p: ListParams| store::account::list(w.scope(&viewer()), &p).await.unwrap();
    walk(p, 10_050, |a: &account::AccountRow| a.username.clone(), fetch).await;
}

#[tokio::test]
async fn frequent_terms_far_down_the_list_are_found_in_order() {
    let w = World::new().await;
    w.fill(30_000).await;
    // None of the first 18,000 of the list: the scan gives up, and sorting takes over.
    query("UPDATE account SET nickname = CASE WHEN (id & 4294967295) <= 12000 THEN '小明 old' ELSE 'new' END")
        .execute(&mut w.raw().await)
        .await
        .unwrap();
    w.recount().await;
    for term in ["old", "小", "小明", "O", "ol"] {
        let fetch = async |p: ListParams| store::account::list(w.scope(&viewer()), &p).await.unwrap();
        let page = fetch(params(term, "", "")).await;
        assert!(page.total.more, "{term}");
        let names: Vec<String> = page.items.iter().map(|a| a.username.clone()).collect();
        let expected: Vec<String> = (0..20).map(|n| format!("u{}", 12_000 - n)).collect();
        assert_eq!(names, expected, "{term}");
        let next = fetch(ListParams { cursor: page.next.unwrap(), ..params(term, "", "") }).await;
        assert_eq!(next.items[0].username, "u11980", "{term}");
        assert!(next.previous.is_some(), "{term}");
    }
    w.sound().await;
}

#[tokio::test]
async fn walking_finds_what_the_index_finds() {
    let w = World::new().await;
    w.fill(30_000).await;
    // The long s and the Kelvin sign are an s and a k to the index, and not to LIKE; ü is a letter that only the index can fold.
    query(
        "UPDATE account SET nickname =
         CASE WHEN (id & 4294967295) % 10 = 0 THEN 'FÜNF' WHEN (id & 4294967295) % 3 = 0 THEN 'none'
              WHEN (id & 4294967295) % 3 = 1 THEN '\u{17f}\u{212a}y' ELSE 'a Sky' END",
    )
    .execute(&mut w.raw().await)
    .await
    .unwrap();
    w.recount().await;
    let is_sky = |id: &u32| !id.is_multiple_of(10) && !id.is_multiple_of(3);
    let is_five = |id: &u32| id.is_multiple_of(10);
    for (term, number, more, holds) in [("sky", 10_000, true, &is_sky as &dyn Fn(&u32) -> bool), ("fünf", 3_000, false, &is_five)]
    {
        let page = store::account::list(w.scope(&viewer()), &params(term, "", "")).await.unwrap();
        assert_eq!((page.total.number, page.total.more), (number, more), "{term}");
        let names: Vec<String> = page.items.iter().map(|a| a.username.clone()).collect();
        let expected: Vec<String> = (1..=30_000).rev().filter(holds).take(20).map(|id| format!("u{id}")).collect();
        assert_eq!(names, expected, "{term}");
    }
}

#[tokio::test]
async fn a_page_whose_rows_are_gone_leads_back() {
    let w = World::new().await;
    w.fill(25).await;
    let first = store::account::list(w.scope(&viewer()), &params("", "", "name")).await.unwrap();
    let second = ListParams { cursor: first.next.unwrap(), ..params("", "", "name") };
    let rest: Vec<String> = world::names("u", 25).split_off(20);
    store::account::delete(w.scope(&admin()), rest, "").await.unwrap();
    let page = store::account::list(w.scope(&viewer()), &second).await.unwrap();
    assert!(page.items.is_empty() && page.next.is_none());
    let back = ListParams { cursor: page.previous.unwrap(), ..params("", "", "name") };
    assert_eq!(store::account::list(w.scope(&viewer()), &back).await.unwrap().items.len(), 19);
}

/// Handlers hand these futures to other threads; this need only compile.
fn _futures_are_send(w: &'static World, me: &'static domain::Caller, p: &'static ListParams) {
    fn send(_: impl Send) {}
    send(store::account::list(w.scope(me), p));
    send(store::account::suggest(w.scope(me), ""));
    send(store::group::list(w.scope(me), p));
    send(store::member::list(w.scope(me), "", p));
    send(store::member::add(w.scope(me), "", ""));
    send(store::message::list(w.scope(me), "", p));
    send(store::message::send(w.scope(me), Vec::new(), ""));
    send(store::event::get(&w.store, me, None, 1));
    let (language, input) = (domain::operator::Language::En, Box::leak(Box::default()));
    send(jobs::export::start(w.scope(me), input, language));
    send(jobs::run::run_waiting(&w.store));
    send(store::operator::set_up(&w.store, me, "", "", "", ""));
    send(store::operator::change_password(&w.store, me, Default::default(), None));
    send(sample::demo::load(&w.store));
    send(w.store.check());
}
