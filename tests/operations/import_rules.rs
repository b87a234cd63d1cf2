//! The rules that imported groups and memberships keep.

use domain::{
    Error,
    error::Entity,
    import::{RowProblem, Sample, UploadInput},
    member,
};
use world::{World, admin, viewer};

use crate::imports::{about, admin_of, counts, imported, refused, send};

#[tokio::test]
async fn groups_and_memberships_keep_their_rules() {
    let w = World::new().await;
    admin_of(&w).await;
    w.accounts(&["amy", "bo", "cy"]).await;
    w.group("old", "Public", "amy").await;
    let groups = "Group ID,Group Name,Group Type,Group Owner,Member limit\n\
        new,New,Work,bo,2\nlive,Live,AVChatRoom,,\nold,Old,Public,bo,\nold2,,Work,,\nnobody,N,Work,zoe,\n";
    let job = imported(&w, groups.as_bytes(), "groups", "update").await;
    assert_eq!(job.import.unwrap().counts, counts(2, 0, 0, 3));
    let new = store::group::get(w.scope(&viewer()), "new").await.unwrap();
    assert_eq!((new.member_count, new.max_member_count), (Some(1), Some(2)));
    let members = "group_id,username,role\nnew,bo,Owner\nnew,amy,Admin\nnew,cy,Member\nlive,amy,\nnowhere,amy,\nold,cy,Owner\nold,zoe,\nold,amy,Member\n";
    let job = imported(&w, members.as_bytes(), "members", "update").await;
    let why: Vec<String> = job.troubles.iter().map(|t| format!("{}: {:?}", t.item, t.reason.as_ref().unwrap())).collect();
    assert_eq!(job.import.unwrap().counts, counts(1, 0, 1, 6), "{why:?}");
    assert!(why[0].starts_with("new · cy") && why[0].contains("GroupFull"), "{}", why[0]);
    // A list without groups, for the group that the upload names.
    let input = UploadInput { group_id: "old".into(), ..about("members") };
    let id = send(&w, &admin(), w.app, b"UserID\namy\ncy\n", &input).await.unwrap();
    let preview = store::import::get(w.scope(&admin()), id).await.unwrap().preview;
    assert_eq!(preview.counts, counts(1, 0, 1, 0));
    // With and without the group it is the same membership.
    let lines =
        "{\"username\":\"cy\"}\n{\"group_id\":\"old\",\"username\":\"cy\"}\n{\"group_id\":\"new\",\"username\":\"amy\"}\n";
    let id = send(&w, &admin(), w.app, lines.as_bytes(), &input).await.unwrap();
    let preview = store::import::get(w.scope(&admin()), id).await.unwrap().preview;
    assert_eq!(preview.counts, counts(1, 0, 1, 1));
    assert_eq!((preview.refused[0].row, &preview.refused[0].what), (2, &Sample::Refused(RowProblem::SameAs { row: 1 })));
    let input = UploadInput { group_id: "gone".into(), ..about("members") };
    let missing = send(&w, &admin(), w.app, b"UserID\namy\n", &input).await;
    assert_eq!(missing, Err(Error::NotFound(Entity::Group)));
    w.sound().await;
}

#[tokio::test]
async fn memberships_keep_the_rules_of_the_group() {
    let w = World::new().await;
    admin_of(&w).await;
    w.fill(501).await;
    w.account("amy").await;
    w.account("bob").await;
    w.group("g", "Work", "amy").await;
    store::member::add(w.scope(&admin()), "g", "bob").await.unwrap();
    let block = member::MemberChange::Block;
    store::member::change(w.scope(&admin()), "g", vec!["bob".into()], block).await.unwrap();
    // A hundred admins at once, one who is blocked, and one who is in too many groups.
    let mut rows = String::from("group_id,username,role\ng,bob,Member\n");
    (1..=100).for_each(|n| rows.push_str(&format!("g,u{n:04},Admin\n")));
    (1..=500).for_each(|n| rows.push_str(&format!("g{n:04},amy,Member\n")));
    let job = imported(&w, rows.as_bytes(), "members", "update").await;
    let reasons: Vec<String> = String::from_utf8(refused(&w, &job).await.unwrap())
        .unwrap()
        .lines()
        .skip(1)
        .map(|line| line.split(',').take(3).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(reasons, ["Barred(Blocked) g bob", "Barred(TooManyAdmins) g u0100", "Barred(TooManyGroups) g0500 amy"]);
    let mut names = String::from("group_id,name,type,owner\n");
    names.push_str(&format!("long,{},Public,u0001\nfull,x,Work,amy\n", "名".repeat(100)));
    let job = imported(&w, names.as_bytes(), "groups", "update").await;
    assert_eq!(job.row.done, 1, "a name as long as the REST API gives it comes back, an owner in too many groups does not");
    w.sound().await;
}
