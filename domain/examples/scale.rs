use std::time::Instant;
use domain::{*, page::ListParams};
#[tokio::main]
async fn main() {
    let dir = std::path::PathBuf::from("/tmp/scale-data");
    let fresh = !dir.exists();
    let store = Store::open(&dir).await.unwrap();
    let sys = Caller::system();
    if fresh {
        let t = Instant::now();
        demo::load(&store).await.unwrap();
        println!("demo {:?}", t.elapsed());
        let i = application::NewApplicationInput { display_name: "Big".into(), org_name: "big".into(), app_name: "big".into() };
        application::store::create(&store, &sys, &i).await.unwrap();
        store.close().await;
        use sqlx::Connection;
        let mut raw = sqlx::SqliteConnection::connect("sqlite:///tmp/scale-data/roster.db").await.unwrap();
        sqlx::query("PRAGMA synchronous=OFF").execute(&mut raw).await.unwrap();
        let t = Instant::now();
        sqlx::query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000000)
          INSERT INTO account (app_id, username, type, nickname, created_at) SELECT 2, format('user%07d', i), 'General', char(0x4e00+i%3000)||char(0x4e00+(i*7)%2999)||char(0x4e00+(i*13)%2777), 1600000000000+i*1000 FROM n").execute(&mut raw).await.unwrap();
        println!("1M accounts {:?}", t.elapsed());
        let t = Instant::now();
        sqlx::query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200000)
          INSERT INTO \"group\" (app_id, group_id, type, name, owner_id, created_at) SELECT 2, format('g%06d', i), 'Public', format('Group %d', i), 400+i, 1600000000000+i*1000 FROM n").execute(&mut raw).await.unwrap();
        sqlx::query("INSERT INTO member SELECT id, owner_id, 'Owner', created_at, NULL FROM \"group\" WHERE app_id=2").execute(&mut raw).await.unwrap();
        println!("200k groups {:?}", t.elapsed());
        return;
    }
    let app = application::store::find(&store, &sys, "big", "big").await.unwrap();
    let demo = application::store::find(&store, &sys, "demo", "chat").await.unwrap();
    for a in [app, demo] {
    for q in ["", "user", "user0", "999999", "us", "明", "小明", "77", "zz", "zzzz"] {
        for sort in ["-created", "name"] {
            let p = ListParams { q: q.into(), sort: sort.into(), ..Default::default() };
            let t = Instant::now();
            let r = account::store::list(&store, &sys, a, &p).await.unwrap();
            print!("{q:8} {sort:9} {:5}{} {:?} ", r.total.number, if r.total.more {"+"} else {""}, t.elapsed());
            if let Some(n) = r.next { let t = Instant::now(); account::store::list(&store, &sys, a, &ListParams { cursor: n, ..p }).await.unwrap(); print!("next {:?}", t.elapsed()); }
            println!();
        }
    }}
    let t = Instant::now(); group::store::list(&store, &sys, app, &ListParams::default()).await.unwrap(); println!("groups {:?}", t.elapsed());
    let t = Instant::now(); account::store::suggest(&store, &sys, app, "ser01").await.unwrap(); println!("suggest {:?}", t.elapsed());
    let t = Instant::now(); account::store::suggest(&store, &sys, app, "zq").await.unwrap(); println!("suggest none {:?}", t.elapsed());
    let ids: Vec<String> = (1..=10000).map(|i| format!("g{i:06}")).collect();
    let t = Instant::now(); let r = message::store::send(&store, &sys, app, ids.clone(), "hi").await.unwrap(); println!("send 10k {} {:?}", r.done, t.elapsed());
    let t = Instant::now(); let r = group::store::delete(&store, &sys, app, ids, "10000").await.unwrap(); println!("delete 10k groups {} {:?}", r.done, t.elapsed());
    let ids: Vec<String> = (20000..30000).map(|i| format!("user{i:07}")).collect();
    let t = Instant::now(); let r = account::store::delete(&store, &sys, app, ids, "10000").await.unwrap(); println!("delete 10k accounts {} {:?}", r.done, t.elapsed());
    let t = Instant::now(); let r = event::store::list(&store, &sys, Some(app), &Default::default()).await.unwrap(); println!("events {} {:?}", r.page.total.number, t.elapsed());
    let t = Instant::now(); println!("check {:?} {:?}", store.check().await.unwrap(), t.elapsed());
    println!("{}", std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l| l.starts_with("Rss") || l.starts_with("VmRSS")).collect::<Vec<_>>().join(" "));
}
