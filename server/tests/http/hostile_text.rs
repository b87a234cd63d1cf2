//! Whatever is typed stays text: every page and dialog is rendered twice, once with hostile text in everything that can be named and
//! once with harmless text in its place. Both have to consist of the same elements and attributes.

use html5gum::{Token, Tokenizer, emitters::default::DefaultEmitter};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::Scope;

use crate::support::{BOUNDARY, Browser, PASSWORD, Roster, location, multipart, roster};

/// Of the same length, and nothing to a parser.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// What a page is made of: each tag with the names of its attributes.
fn elements(html: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    // As a browser does: what is in `<title>`, `<textarea>` and `<script>` is no markup, until it ends.
    emitter.naively_switch_states(true);
    let tokens = Tokenizer::new_with_emitter(html, emitter);
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let tags = tokens.filter_map(|Ok(token)| match token {
        Token::StartTag(tag) => {
            let attributes: Vec<String> = tag.attributes.keys().map(|key| name(key)).collect();
            Some(format!("<{} {}>", name(&tag.name), attributes.join(" ")))
        }
        Token::EndTag(tag) => Some(format!("</{}>", name(&tag.name))),
        Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => None,
    });
    tags.collect()
}

/// Changes made by an operator of that name, until everything that has a text has this one.
struct World {
    browser: Browser,
    text: String,
}

const APP: [(&str, &str); 2] = [("org", "wild"), ("app", "app")];

impl World {
    async fn new(roster: &Roster, text: &str) -> Self {
        let system = domain::Caller::system();
        let role = domain::operator::Role::Owner;
        store::operator::add_with_password(&roster.store, &system, text, role, PASSWORD).await.unwrap();
        let world = Self { browser: roster.signed_in(text).await, text: text.to_owned() };
        world.fill(roster).await;
        world
    }

    /// A username: the text and a digit.
    fn user(&self, n: u32) -> String {
        format!("{}{n}", self.text)
    }

    async fn call(&self, path: &str, fields: &[(&str, &str)]) {
        let fields = [&APP, fields].concat();
        let answer = self.browser.call(&format!("/_fn/{path}"), &fields).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {text}");
        assert!(!text.contains("\"refused\":[{"), "{path}: {text}");
    }

    async fn fill(&self, roster: &Roster) {
        let text = self.text.as_str();
        let app = [("input[display_name]", text), ("input[org_name]", "wild"), ("input[app_name]", "app")];
        self.call("application/create", &app).await;
        // Addresses may hold an apostrophe, but none of the other signs.
        let photo = format!("https://pictures.example/{}", text.replace(['<', '>', '"'], "'"));
        let users: Vec<String> = (0..6).map(|n| self.user(n)).collect();
        for user in &users {
            let input =
                [("input[type]", "General"), ("input[username]", user), ("input[nickname]", text), ("input[image]", &photo)];
            self.call("account/create", &input).await;
        }
        let profile = [
            ("username", users[0].as_str()),
            ("input[nickname]", text),
            ("input[gender]", "Gender_Type_Unknown"),
            ("input[allow_type]", "AllowType_Type_NeedConfirm"),
            ("input[msg_settings]", "receive"),
            ("input[admin_forbid_type]", "AdminForbid_Type_None"),
            ("input[location]", &text[..16]),
            ("input[self_signature]", text),
            ("input[image]", &photo),
            ("input[version]", "1"),
        ];
        self.call("account/edit", &profile).await;

        let group = [("input[name]", text), ("input[owner]", &users[0]), ("input[type]", "Work"), ("input[group_id]", text)];
        self.call("group/create", &group).await;
        let edit = [("group_id", text), ("input[name]", text), ("input[introduction]", text), ("input[version]", "1")];
        self.call("group/edit", &edit).await;
        let settings = [
            ("group_id", text),
            ("input[max_member_count]", "50"),
            ("input[members_only]", "yes"),
            ("input[allow_invites]", "no"),
            ("input[invite_need_confirm]", "no"),
            ("input[custom]", text),
            ("input[version]", "2"),
        ];
        self.call("group/configure", &settings).await;
        // Only back ends give groups an avatar.
        let system = domain::Caller::system();
        let app = store::application::find(&roster.store, &system, "wild", "app").await.unwrap();
        let avatar = domain::group::checked::GroupPatch {
            avatar: Some(domain::group::rules::Avatar::parse(text).unwrap()),
            ..Default::default()
        };
        store::group::modify(Scope::new(&roster.store, &system, app), text, avatar).await.unwrap();
        self.call("group/announce", &[("group_id", text), ("announcement", text)]).await;
        self.call("member/add", &[("group_id", text), ("usernames", &users[1..].join("\n"))]).await;
        for (work, user) in [("set-admin", 1), ("mute", 2), ("allow", 3), ("block", 4)] {
            let change = [("group_id", text), ("work", work), ("ids[]", &users[user]), ("duration", "7d")];
            self.call("member/change", &change).await;
        }
        self.call("message/send", &[("ids[]", text), ("text", text)]).await;
        self.call("credential/create", &[("name", text)]).await;
        self.call("view/save", &[("list", "groups"), ("view_name", text), ("query", &format!("q={}", encoded(text)))]).await;
        self.call("operator/add", &[("name", &self.user(7)), ("role", "viewer")]).await;
        self.send(&format!("groups/{}/files/upload", encoded(text)), &[]).await;

        // Refused rows are shown with their content.
        self.send("imports", &[("list", "accounts"), ("group_id", ""), ("encoding", "auto")]).await;
        // A job that finds none of these.
        let gone: Vec<String> =
            (0..=domain::limits::BATCH_AT_ONCE).map(|n| self.user(u32::try_from(n).unwrap() + 1_000)).collect();
        let ids: Vec<(&str, &str)> = gone.iter().map(|id| ("ids[]", id.as_str())).chain([("text", text)]).collect();
        self.call("message/send", &ids).await;
        jobs::run::run_waiting(&roster.store).await.unwrap();
        // A sign-in with an unknown name.
        let stranger = roster.browser().call("/_fn/session/sign-in", &[("name", &self.user(9)), ("password", "x")]).await;
        assert_ne!(stranger.status(), 200);
    }

    /// Sends a file named with the text, and with the text in it.
    async fn send(&self, path: &str, fields: &[(&str, &str)]) {
        assert!(!self.text.contains(BOUNDARY));
        let content = format!("username,nickname\n\"{0} {0}\",{0}\nnew,\"{0}\"\n", self.text.replace('"', "\"\""));
        // Browsers write a quotation mark so; what precedes a slash is a folder to them.
        let name = format!("{}.csv", self.text.replace('"', "%22").replace('/', " "));
        let path = format!("/apps/wild/app/{path}");
        let answer = self.browser.send(&path, "same-origin", multipart(fields, &[(&name, content.as_bytes())])).await;
        assert_eq!(answer.status(), 303, "{path}");
        assert!(!location(&answer).contains("dialog"), "{path} leads back to {}", location(&answer));
    }

    /// The id of the file that the group has.
    async fn first_file(&self, roster: &Roster) -> String {
        let system = domain::Caller::system();
        let app = store::application::find(&roster.store, &system, "wild", "app").await.unwrap();
        let files = store::file::list(Scope::new(&roster.store, &system, app), &self.text, &Default::default()).await.unwrap();
        files.items.into_iter().next().expect("a file was sent").file_id
    }

    /// All pages with their tabs, all dialogs, and the events one by one.
    async fn pages(&self, roster: &Roster) -> Vec<String> {
        let (group, user, q) = (encoded(&self.text), encoded(&self.user(0)), encoded(&self.text));
        let tabs = ["members", "announcement", "files", "messages", "block-list", "mutes", "allow-list", "activity"];
        let mut pages = Vec::new();
        for route in server::console::routes(&roster.server) {
            let path = route.path().replace("{org}", "wild").replace("{app}", "app").replace("{group_id}", &group);
            let path = path.replace("{username}", &user).replace("{job}", "3").replace("{import}", "3");
            let fill = |parameter: &str, values: &[&str]| values.iter().map(|value| path.replace(parameter, value)).collect();
            let filled: Vec<String> = match path {
                _ if path.contains("{tab}") => fill("{tab}", &tabs),
                _ if path.contains("{list}") => fill("{list}", &["accounts", "groups", "members"]),
                _ => vec![path.clone()],
            };
            assert!(filled.iter().all(|path| !path.contains('{')), "say what stands for the parameter of {path}");
            pages.extend(filled);
        }
        let app = "/apps/wild/app";
        for list in ["groups", "accounts", "audit", "search", "jobs"] {
            pages.push(format!("{app}/{list}?q={q}"));
        }
        pages.push(format!("{app}/audit?target={q}"));
        let file = &self.first_file(roster).await;
        for (path, dialogs, ids) in [
            (format!("{app}/groups"), "add send delete export api columns views search keys", &group),
            (format!("{app}/accounts"), "create edit delete export api columns views search", &user),
            (format!("{app}/groups/{group}"), "edit settings announce send delete", &group),
            (
                format!("{app}/groups/{group}/members"),
                "add-members delete-members actions set-admin unset-admin mute unmute allow disallow block unblock transfer \
                 export-members api columns",
                &encoded(&self.user(1)),
            ),
            (format!("{app}/groups/{group}/messages"), "export-messages", &group),
            (format!("{app}/groups/{group}/files"), "upload delete-files", file),
            (format!("{app}/groups/{group}/mutes"), "unmute", &encoded(&self.user(2))),
            (format!("{app}/groups/{group}/allow-list"), "disallow", &encoded(&self.user(3))),
            (format!("{app}/groups/{group}/block-list"), "unblock", &encoded(&self.user(4))),
            (format!("{app}/accounts/{user}"), "edit delete", &user),
            (format!("{app}/audit"), "export columns views", &String::new()),
            (format!("{app}/settings"), "token-rules", &"3".to_owned()),
            (format!("{app}/settings/api"), "create edit rotate revoke secret", &"3".to_owned()),
            ("/operators".to_owned(), "add role disable reset", &"5".to_owned()),
            ("/".to_owned(), "create", &String::new()),
        ] {
            pages.extend(dialogs.split_whitespace().map(|dialog| format!("{path}?dialog={dialog}&ids={ids}")));
        }
        let system = domain::Caller::system();
        let id = store::application::find(&roster.store, &system, "wild", "app").await.unwrap();
        let params = domain::event::EventParams { size: "100".into(), ..Default::default() };
        for event in store::event::list(&roster.store, &system, Some(id), &params).await.unwrap().page.items {
            pages.push(format!("{app}/audit?event={}", event.id));
        }
        pages
    }
}

/// Draws every page with this text, and with a harmless one, and compares what they are made of.
async fn compare_pages(text: &str) {
    let (wild, tame) = (roster().await, roster().await);
    let (wild_world, tame_world) = (World::new(&wild, text).await, World::new(&tame, &harmless(text)).await);
    let (wild_pages, tame_pages) = (wild_world.pages(&wild).await, tame_world.pages(&tame).await);
    assert_eq!(wild_pages.len(), tame_pages.len());
    let (mut shown, mut without) = (0, Vec::new());
    for (page, tame_page) in wild_pages.iter().zip(&tame_pages) {
        let (answer, tame_answer) = (wild_world.browser.get(page).await, tame_world.browser.get(tame_page).await);
        assert_eq!(answer.status(), tame_answer.status(), "{page}");
        if answer.status() != 200 {
            // Only what a signed-in operator has no use for redirects.
            assert!(["/sign-in", "/setup"].contains(&page.as_str()), "{page}: {}", answer.status());
            continue;
        }
        let (html, tame_html) = (answer.text().await.unwrap(), tame_answer.text().await.unwrap());
        let opens_a_dialog = page.contains("?dialog=") || page.contains("?event=");
        if opens_a_dialog != tame_html.contains("<dialog") {
            without.push(tame_page.as_str());
        }
        // The top bar has the operator's name, which is on every page.
        shown += usize::from(tame_html.split_once("<main").is_some_and(|(_, main)| main.contains(&tame_world.text)));
        let (found, expected) = (elements(&html), elements(&tame_html));
        if let Some(at) = (0..found.len().max(expected.len())).find(|&at| found.get(at) != expected.get(at)) {
            let around = |all: &[String]| all[at.saturating_sub(3).min(all.len())..(at + 3).min(all.len())].join("");
            panic!("{page} with {text}: {} instead of {}", around(&found), around(&expected));
        }
    }
    assert_eq!(without, Vec::<&str>::new(), "no dialog, or one that was not asked for");
    assert!(shown * 10 > wild_pages.len() * 9, "only {shown} of {} pages show the text at all", wild_pages.len());
}

// At most 28 bytes and without white space, so that they fit into names and ids too. They begin with a letter, so that lists have the
// same order with the harmless ones.

#[tokio::test(flavor = "multi_thread")]
async fn no_text_ends_the_element_that_it_stands_in() {
    compare_pages("m</title></textarea><b/id=x>").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_ends_the_attribute_that_it_stands_in() {
    compare_pages("m\"'><img/src=x/onerror=y>").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_ends_a_comment_or_a_script() {
    compare_pages("m--></script><svg/onload=y>").await;
}
