use domain::{*, page::ListParams};
#[tokio::main]
async fn main() {
    let store = Store::open("/tmp/scale-data".as_ref()).await.unwrap();
    let sys = Caller::system();
    for (org, name) in [("demo","chat"),("big","big"),("demo","chat")] {
        let app = application::store::find(&store, &sys, org, name).await.unwrap();
        for q in ["us","明","77","zz"] {
        for sort in ["-created","name"] { let p = ListParams { q: q.into(), sort: sort.into(), ..Default::default() };
        let t = std::time::Instant::now();
        account::store::list(&store, &sys, app, &p).await.unwrap();
        println!("{q} {:?}", t.elapsed()); }
        }
    }
}
