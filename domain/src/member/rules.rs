//! Who may join or leave a group, and what may be done to its members. Pure.

use super::{BatchPolicy, MemberAction, MemberChange, MemberOutcome, MemberRole, MembershipState};
use crate::{
    Code, Error, Result,
    error::Conflict,
    group::GroupType,
    limits,
    moment::Moment,
    page::{BatchReport, Reason, Refusal, batch_ids},
};

/// The usernames of an Add Member field: separated by line breaks, commas (also `，` `、`), semicolons or spaces, each once, in
/// order. Names that no account can have are kept too: the report lists them one by one as not registered. [`Code::Required`] at
/// `usernames` when there is none.
pub fn usernames(input: &str) -> Result<Vec<String>> {
    let names = input
        .split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '，' | '、' | '；'))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    batch_ids("usernames", names)
}

/// [`Conflict::NoMemberList`] for a group that keeps no member list.
pub fn require_member_list(group_type: GroupType) -> Result<()> {
    if group_type.keeps_members() { Ok(()) } else { Err(Error::Conflict(Conflict::NoMemberList)) }
}

/// The most members of a group of this type; `own` is the number that the group itself sets, which cannot exceed
/// [`limits::GROUP_MEMBERS`]. `None`: the group keeps no member list.
pub fn max_members(group_type: GroupType, own: Option<u32>) -> Option<u32> {
    group_type.keeps_members().then(|| own.unwrap_or(limits::GROUP_MEMBERS).min(limits::GROUP_MEMBERS))
}

/// The state of an account of the app in a group, which it need not belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountInGroup {
    /// The account's role; `None`: not a member.
    pub role: Option<MemberRole>,
    /// The account is on the group's block list.
    pub blocked: bool,
    /// Groups that the account belongs to; exact up to [`limits::GROUPS_PER_ACCOUNT`].
    pub groups: u32,
}

/// Whether an account may join; `None`: there is no such account. `members` are the members so far, `max` the most that there may
/// be. A reason in the order of checks: registered, member already, blocked, group full, too many groups.
pub fn admission(standing: Option<AccountInGroup>, members: u32, max: u32) -> Result<(), Reason> {
    match standing {
        None => Err(Reason::NotRegistered),
        Some(AccountInGroup { role: Some(_), .. }) => Err(Reason::AlreadyMember),
        Some(AccountInGroup { blocked: true, .. }) => Err(Reason::Blocked),
        Some(_) if members >= max => Err(Reason::GroupFull),
        Some(AccountInGroup { groups, .. }) if groups >= limits::GROUPS_PER_ACCOUNT => Err(Reason::TooManyGroups),
        Some(_) => Ok(()),
    }
}

/// Whether an account can be removed; `None`: there is no such account. The owner cannot: a group keeps its owner until a
/// transfer.
pub fn may_leave(standing: Option<AccountInGroup>) -> Result<(), Reason> {
    match standing.ok_or(Reason::NotRegistered)?.role {
        None => Err(Reason::NotMember),
        Some(MemberRole::Owner) => Err(Reason::Owner),
        Some(MemberRole::Admin | MemberRole::Member) => Ok(()),
    }
}

/// Whether a change can be made to an account; `None`: there is no such account. `admins` are the admins so far. A change that is
/// so already is no error.
pub fn may_change(change: MemberChange, standing: Option<AccountInGroup>, admins: u32) -> Result<(), Reason> {
    use MemberChange as C;
    let AccountInGroup { role, blocked, .. } = standing.ok_or(Reason::NotRegistered)?;
    match (change, role) {
        (C::Unblock, _) if blocked => Ok(()),
        (C::Unblock, _) => Err(Reason::NotBlocked),
        // A mute outlives the membership, so it can be ended without one too.
        (C::Unmute, _) => Ok(()),
        (_, None) => Err(Reason::NotMember),
        (C::SetAdmin | C::Mute { .. } | C::Block, Some(MemberRole::Owner)) => Err(Reason::Owner),
        (C::SetAdmin, Some(MemberRole::Member)) if admins >= limits::GROUP_ADMINS => Err(Reason::TooManyAdmins),
        (C::UnsetAdmin, Some(MemberRole::Owner | MemberRole::Member)) => Err(Reason::NotAdmin),
        (C::SetAdmin | C::UnsetAdmin | C::Mute { .. } | C::Block | C::Allow | C::Disallow, Some(_)) => Ok(()),
    }
}

/// Whether a change would alter anything for a member and may be made: the entries that the member's menu offers. A mute can be
/// given another end.
pub fn applies(work: MemberAction, standing: MembershipState) -> bool {
    let MembershipState { role, muted, allowed } = standing;
    match work {
        MemberAction::SetAdmin => role == MemberRole::Member,
        MemberAction::UnsetAdmin => role == MemberRole::Admin,
        MemberAction::Mute | MemberAction::Block => role != MemberRole::Owner,
        MemberAction::Unmute => muted,
        // A blocked account is no member.
        MemberAction::Unblock => false,
        MemberAction::Allow => !allowed,
        MemberAction::Disallow => allowed,
    }
}

/// The report of a form in which names were typed; when none of them could be done, [`Code::Refused`] at `usernames` with the
/// reasons.
pub fn require_some_done(report: BatchReport) -> Result<BatchReport> {
    if report.done > 0 || report.refused.is_empty() {
        return Ok(report);
    }
    Err(Error::field("usernames", Code::Refused(report.refused)))
}

/// Applies the policy: `Err` with what refuses the whole request, [`Error::Refused`].
pub fn check_policy(policy: BatchPolicy, outcomes: &[MemberOutcome]) -> Result<()> {
    let refused = |outcome: &MemberOutcome| Some(Refusal { id: outcome.username.clone(), reason: outcome.result.err()? });
    let refusals: Vec<Refusal> = outcomes.iter().filter_map(refused).collect();
    let first = |reason| refusals.iter().find(|refusal| refusal.reason == reason).cloned();
    let decisive = match policy {
        BatchPolicy::BestEffort => None,
        BatchPolicy::AllOrNothing => refusals.first().cloned(),
        BatchPolicy::AtLeastOne => first(Reason::Owner),
        BatchPolicy::AtLeastOneKnown => first(Reason::NotRegistered).or_else(|| first(Reason::Owner)),
    };
    match (policy, decisive) {
        (BatchPolicy::AllOrNothing, Some(_)) => Err(Error::Refused(refusals)),
        (_, Some(decisive)) => Err(Error::Refused(vec![decisive])),
        (BatchPolicy::AtLeastOne | BatchPolicy::AtLeastOneKnown, None) if refusals.len() == outcomes.len() => {
            Err(Error::Refused(refusals))
        }
        (BatchPolicy::BestEffort | BatchPolicy::AllOrNothing | BatchPolicy::AtLeastOne | BatchPolicy::AtLeastOneKnown, None) => {
            Ok(())
        }
    }
}

/// When a mute of so many milliseconds from `now` ends; -1 means without an end. [`Code::NotNumber`] for 0 and other negative
/// numbers.
pub fn muted_until(now: i64, duration_ms: i64) -> Result<i64, Code> {
    match duration_ms {
        -1 => Ok(limits::MUTED_FOREVER),
        1.. => Ok(now.saturating_add(duration_ms).min(limits::MUTED_FOREVER)),
        _ => Err(Code::NotNumber { min: 1, max: i64::MAX }),
    }
}

/// The choices of how long a mute lasts, in the order of the form, and the milliseconds of each; -1 means without an end.
pub const MUTE_CHOICES: [(&str, i64); 6] = [
    ("10m", 10 * limits::MINUTE_MS),
    ("1h", limits::HOUR_MS),
    ("1d", limits::DAY_MS),
    ("7d", 7 * limits::DAY_MS),
    ("30d", 30 * limits::DAY_MS),
    ("ever", -1),
];

/// When a mute ends that a form asks for: after one of [`MUTE_CHOICES`], or for the word `until` at that moment, ISO 8601, in UTC
/// unless the text has an offset. [`Code::NotChoice`] at `duration`; [`Code::Required`], [`Code::NotTime`] or [`Code::NotFuture`]
/// at `until`.
pub fn mute_end(now: i64, duration: &str, until: &str) -> Result<i64> {
    if duration != "until" {
        let choice = MUTE_CHOICES.iter().find(|(word, _)| *word == duration);
        let (_, length) = choice.ok_or_else(|| Error::field("duration", Code::NotChoice))?;
        return muted_until(now, *length).map_err(|code| Error::field("duration", code));
    }
    let wrong = |code| Error::field("until", code);
    if until.trim().is_empty() {
        return Err(wrong(Code::Required));
    }
    let at = Moment::parse(until).map_err(wrong)?.at;
    if at <= now { Err(wrong(Code::NotFuture)) } else { Ok(at.min(limits::MUTED_FOREVER)) }
}

/// The change that a form asks for, with its details; the errors of [`mute_end`] for a mute.
pub fn change(work: MemberAction, now: i64, duration: &str, until: &str) -> Result<MemberChange> {
    Ok(match work {
        MemberAction::SetAdmin => MemberChange::SetAdmin,
        MemberAction::UnsetAdmin => MemberChange::UnsetAdmin,
        MemberAction::Mute => MemberChange::Mute { until: mute_end(now, duration, until)? },
        MemberAction::Unmute => MemberChange::Unmute,
        MemberAction::Block => MemberChange::Block,
        MemberAction::Unblock => MemberChange::Unblock,
        MemberAction::Allow => MemberChange::Allow,
        MemberAction::Disallow => MemberChange::Disallow,
    })
}

/// The error for a field that names no username: [`Code::Required`] at `usernames`.
pub fn no_usernames() -> Error {
    Error::field("usernames", Code::Required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_usernames_are_understood_however_they_are_pasted() {
        assert_eq!(usernames("a, b;c\r\nd  e\ta，f、g").unwrap(), ["a", "b", "c", "d", "e", "f", "g"]);
        assert_eq!(usernames(" ,\n"), Err(no_usernames()));
    }

    #[test]
    fn a_group_may_set_less_than_its_type_but_not_more() {
        assert_eq!(max_members(GroupType::Work, None), Some(2_000));
        assert_eq!(max_members(GroupType::Public, Some(5)), Some(5));
        assert_eq!(max_members(GroupType::Meeting, Some(9_999)), Some(2_000));
        assert_eq!(max_members(GroupType::AvChatRoom, Some(5)), None);
    }

    #[test]
    fn the_first_reason_that_holds_is_told() {
        let all = AccountInGroup { role: Some(MemberRole::Member), blocked: true, groups: 500 };
        assert_eq!(admission(None, 9, 9), Err(Reason::NotRegistered));
        assert_eq!(admission(Some(all), 9, 9), Err(Reason::AlreadyMember));
        assert_eq!(admission(Some(AccountInGroup { role: None, ..all }), 9, 9), Err(Reason::Blocked));
        let stranger = AccountInGroup { groups: 500, ..AccountInGroup::default() };
        assert_eq!(admission(Some(stranger), 9, 9), Err(Reason::GroupFull));
        assert_eq!(admission(Some(stranger), 8, 9), Err(Reason::TooManyGroups));
        assert_eq!(admission(Some(AccountInGroup { groups: 499, ..stranger }), 8, 9), Ok(()));
    }

    #[test]
    fn the_owner_is_neither_muted_nor_blocked_nor_made_admin() {
        let owner = Some(AccountInGroup { role: Some(MemberRole::Owner), ..AccountInGroup::default() });
        for change in [MemberChange::SetAdmin, MemberChange::Mute { until: 1 }, MemberChange::Block] {
            assert_eq!(may_change(change, owner, 0), Err(Reason::Owner), "{change:?}");
        }
        assert_eq!(may_change(MemberChange::UnsetAdmin, owner, 0), Err(Reason::NotAdmin));
    }

    #[test]
    fn a_hundredth_admin_is_refused_and_an_admin_may_be_named_again() {
        let of = |role| Some(AccountInGroup { role: Some(role), ..AccountInGroup::default() });
        assert_eq!(may_change(MemberChange::SetAdmin, of(MemberRole::Member), 98), Ok(()));
        assert_eq!(may_change(MemberChange::SetAdmin, of(MemberRole::Member), 99), Err(Reason::TooManyAdmins));
        assert_eq!(may_change(MemberChange::SetAdmin, of(MemberRole::Admin), 99), Ok(()));
    }

    #[test]
    fn strangers_can_only_be_unmuted_and_unblocked() {
        let stranger = Some(AccountInGroup::default());
        for change in [
            MemberChange::SetAdmin,
            MemberChange::UnsetAdmin,
            MemberChange::Mute { until: 1 },
            MemberChange::Block,
            MemberChange::Allow,
            MemberChange::Disallow,
        ] {
            assert_eq!(may_change(change, stranger, 0), Err(Reason::NotMember), "{change:?}");
            assert_eq!(may_change(change, None, 0), Err(Reason::NotRegistered), "{change:?}");
        }
        assert_eq!(may_change(MemberChange::Unmute, stranger, 0), Ok(()));
        assert_eq!(may_change(MemberChange::Unblock, stranger, 0), Err(Reason::NotBlocked));
        assert_eq!(
            may_change(MemberChange::Unblock, Some(AccountInGroup { blocked: true, ..AccountInGroup::default() }), 0),
            Ok(())
        );
    }

    #[test]
    fn a_menu_offers_what_changes_something() {
        let offered = |standing| MemberAction::ALL.iter().copied().filter(|work| applies(*work, standing)).collect::<Vec<_>>();
        use MemberAction as W;
        let member = MembershipState { role: MemberRole::Member, muted: false, allowed: false };
        assert_eq!(offered(member), [W::SetAdmin, W::Mute, W::Block, W::Allow]);
        let admin = MembershipState { role: MemberRole::Admin, muted: true, allowed: true };
        assert_eq!(offered(admin), [W::UnsetAdmin, W::Mute, W::Unmute, W::Block, W::Disallow]);
        assert_eq!(offered(MembershipState { role: MemberRole::Owner, ..member }), [W::Allow]);
    }

    #[test]
    fn typed_names_of_which_none_could_be_done_are_wrong() {
        let refused = vec![Refusal { id: "bob".into(), reason: Reason::NotMember }];
        let none = BatchReport { refused: refused.clone(), ..BatchReport::default() };
        assert_eq!(require_some_done(none), Err(Error::field("usernames", Code::Refused(refused.clone()))));
        let some = BatchReport { done: 1, refused, ..BatchReport::default() };
        assert_eq!(require_some_done(some.clone()), Ok(some));
    }

    #[test]
    fn policies_differ_in_what_a_refusal_means() {
        let outcomes = |reasons: &[Option<Reason>]| -> Vec<MemberOutcome> {
            let one = |reason: &Option<Reason>| MemberOutcome { username: "u".into(), result: reason.map_or(Ok(()), Err) };
            reasons.iter().map(one).collect()
        };
        let mixed = outcomes(&[None, Some(Reason::NotMember)]);
        assert!(
            check_policy(BatchPolicy::BestEffort, &mixed).is_ok()
                && check_policy(BatchPolicy::AtLeastOne, &mixed).is_ok()
                && check_policy(BatchPolicy::AllOrNothing, &mixed).is_err()
        );
        assert!(check_policy(BatchPolicy::AtLeastOne, &outcomes(&[Some(Reason::NotMember)])).is_err());
        let unknown = outcomes(&[None, Some(Reason::NotRegistered)]);
        assert!(
            check_policy(BatchPolicy::AtLeastOne, &unknown).is_ok()
                && check_policy(BatchPolicy::AtLeastOneKnown, &unknown).is_err()
        );
        assert!(check_policy(BatchPolicy::AtLeastOneKnown, &mixed).is_ok());
        assert_eq!(
            check_policy(BatchPolicy::AtLeastOne, &outcomes(&[None, Some(Reason::Owner)])),
            Err(Error::refused("u", Reason::Owner))
        );
    }

    #[test]
    fn a_mute_for_ever_ends_in_2117() {
        assert_eq!(muted_until(5, -1), Ok(4_638_873_600_000));
        assert_eq!(muted_until(5, 1_000), Ok(1_005));
        assert_eq!(muted_until(5, i64::MAX), Ok(limits::MUTED_FOREVER));
        assert!(muted_until(5, 0).is_err() && muted_until(5, -2).is_err());
    }

    #[test]
    fn a_form_mutes_for_a_while_or_until_a_moment_to_come() {
        assert_eq!(mute_end(5, "10m", ""), Ok(600_005));
        assert_eq!(mute_end(5, "ever", "nonsense"), Ok(limits::MUTED_FOREVER));
        assert_eq!(mute_end(5, "until", "1970-01-02T00:00"), Ok(limits::DAY_MS));
        assert_eq!(mute_end(5, "until", "9999-01-01T00:00"), Ok(limits::MUTED_FOREVER));
        assert_eq!(mute_end(limits::DAY_MS, "until", "1970-01-02T00:00"), Err(Error::field("until", Code::NotFuture)));
        assert_eq!(mute_end(5, "until", " "), Err(Error::field("until", Code::Required)));
        assert_eq!(mute_end(5, "until", "soon"), Err(Error::field("until", Code::NotTime)));
        assert_eq!(mute_end(5, "2h", ""), Err(Error::field("duration", Code::NotChoice)));
    }
}
