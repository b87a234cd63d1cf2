//! Every number that the documents name, once, with the document it comes from. Bytes are bytes of UTF-8;
//! characters are Unicode scalar values.

use std::time::Duration;

/// Group name, bytes (group console document: "the length cannot exceed 30 bytes").
pub const GROUP_NAME_BYTES: usize = 30;
/// Custom group id, bytes of printable ASCII (Tencent group system, custom group IDs).
pub const GROUP_ID_BYTES: usize = 48;
/// Prefix of the ids that the server gives; custom ids must not begin with it.
pub const GROUP_ID_PREFIX: &str = "@TGS#";
/// Group introduction, bytes (Tencent group profile).
pub const GROUP_INTRODUCTION_BYTES: usize = 240;
/// Members of a Work, Public or Meeting group, unless the group sets less (Tencent group types).
pub const GROUP_MEMBERS: u32 = 2_000;
/// Net new groups of an app in a day: created less deleted (Tencent group system: "净消耗群组", 10,000 by default). The documents
/// name no time zone; Roster's days are in UTC.
pub const NET_GROUPS_PER_DAY: u32 = 10_000;
/// Group name through the group REST API, characters (Easemob, later revisions); the console document's 30 bytes hold for the console.
pub const API_GROUP_NAME_CHARS: usize = 128;
/// Description through the group REST API, characters (the same field as the introduction).
pub const API_GROUP_DESCRIPTION_CHARS: usize = 512;
/// Announcement of a group, characters (group REST API).
pub const ANNOUNCEMENT_CHARS: usize = 512;
/// Custom text of a group, bytes (group REST API, later revisions).
pub const GROUP_CUSTOM_BYTES: usize = 8_192;
/// Avatar of a group, characters (group REST API, later revisions).
pub const GROUP_AVATAR_CHARS: usize = 1_024;
/// Most members of a group made through the group REST API that names no number.
pub const API_GROUP_MEMBERS: u32 = 200;
/// Admins of one group: with the owner 100 (group REST API).
pub const GROUP_ADMINS: u32 = 99;
/// Groups that one account may belong to (group REST API).
pub const GROUPS_PER_ACCOUNT: u32 = 500;
/// Members that a group may be made with (group REST API: 1 to 100 beside the owner).
pub const NEW_GROUP_MEMBERS: usize = 100;
/// Accounts that one batch call of the group REST API may name.
pub const API_BATCH: usize = 60;
/// Groups that one call for details may name (group REST API).
pub const API_DETAILS: usize = 100;
/// When a mute for ever ends, milliseconds since 1970: what the group REST API answers for it, 2117-01-01 at UTC+8.
pub const MUTED_FOR_EVER: i64 = 4_638_873_600_000;
/// A shared file, bytes (group REST API: 10 MB).
pub const GROUP_FILE_BYTES: u64 = 10 * 1024 * 1024;
/// Name of a shared file, bytes. Ours: what file systems take.
pub const FILE_NAME_BYTES: usize = 255;
/// What the shared files of a group, and of all groups of an app, may have together in a new app, bytes. Settings of the app; ours. A
/// content that several groups share counts for each.
pub const NEW_GROUP_FILES_BYTES: u64 = GB;
pub const NEW_APP_FILES_BYTES: u64 = 50 * GB;
/// The largest such quota, bytes: 1,024 TB.
pub const FILE_QUOTA_BYTES: u64 = 1024 * 1024 * GB;
/// Text of a message sent from the console, characters (group console document).
pub const MESSAGE_CHARS: usize = 300;

/// Username (the documents' UserID), bytes of printable ASCII without spaces.
pub const USERNAME_BYTES: usize = 32;
/// The same through the group REST API, bytes (Easemob: user ids of up to 64).
pub const API_USERNAME_BYTES: usize = 64;
/// Nickname, bytes (Tag_Profile_IM_Nick).
pub const NICKNAME_BYTES: usize = 500;
/// Profile photo URL, bytes (Tag_Profile_IM_Image).
pub const PROFILE_PHOTO_BYTES: usize = 500;
/// Location, bytes (Tag_Profile_IM_Location).
pub const LOCATION_BYTES: usize = 16;
/// What's Up, bytes (Tag_Profile_IM_SelfSignature).
pub const SIGNATURE_BYTES: usize = 500;
/// Accounts of type Admin in one app (account console document).
pub const APP_ADMINS: u32 = 10;

/// Password of an account, characters (Easemob).
pub const USER_PASSWORD_CHARS: usize = 64;
/// The fewest characters of an account's password, unless the app's settings ask for more (Easemob).
pub const USER_PASSWORD_MIN_CHARS: u32 = 1;
/// Nickname through the REST API, characters (Easemob).
pub const USER_NICKNAME_CHARS: usize = 100;
/// Users that one call may register (Easemob).
pub const USERS_AT_ONCE: usize = 60;
/// Users that one call may delete, and those whose status one call may ask for (Easemob).
pub const USERS_DELETED_AT_ONCE: u32 = 100;
pub const USERS_STATUS: usize = 100;
/// Rows that go with the users that one call deletes: their memberships, and members and messages of the groups that they own. One user
/// goes whatever goes along. Ours: everybody else waits for that transaction.
pub const DELETED_ROWS_AT_ONCE: i64 = 50_000;
/// Message and extension of a message sent through the REST API together, bytes (Easemob).
pub const API_MESSAGE_BYTES: usize = 5 * 1024;
/// Groups that one call may send a message to (Easemob), and the same for the older form of the call.
pub const MESSAGE_GROUPS: usize = 3;
pub const MESSAGE_GROUPS_BEFORE: usize = 20;

/// `org_name` and `app_name`, characters of `A-Z a-z 0-9 - _`.
pub const APP_KEY_CHARS: usize = 64;
/// Display name of an app, characters. Ours: no document names one.
pub const APP_DISPLAY_NAME_CHARS: usize = 60;

/// Name of an API credential, characters. Ours.
pub const CREDENTIAL_NAME_CHARS: usize = 60;
/// API credentials of one app. Ours: no document names a number.
pub const CREDENTIALS_PER_APP: u32 = 50;
/// Addresses and networks that one credential may be limited to. Ours.
pub const CREDENTIAL_ADDRESSES: usize = 20;
/// Characters of something typed as an address that an error repeats: as many as an IPv6 network has at most.
pub const ADDRESS_CHARS: usize = 49;
/// Tokens that one credential, or one account, may have at the same time; one more ends the oldest. Ours: without it a client that asks for
/// a token before each call would fill the disk.
pub const API_TOKENS: u32 = 10_000;
/// How long an API token is good when the client names no time, seconds (Easemob: 60 days).
pub const API_TOKEN_S: i64 = 60 * 24 * 60 * 60;
/// The longest time that a client may name, seconds; 0 means for ever. Ours: what a 32-bit number holds.
pub const API_TOKEN_MAX_S: i64 = i32::MAX as i64;

/// Networks that are remembered of each account which signs in with its password, and how long, milliseconds. Ours: home, work and a
/// phone on its way between them.
pub const PLACES_PER_ACCOUNT: u32 = 5;
pub const PLACE_KEPT_MS: i64 = 90 * DAY_MS;

/// Operator name, characters. Ours.
pub const OPERATOR_NAME_CHARS: usize = 64;
/// Operator password, characters: OWASP ASVS 5.0, 6.2.1 (at least 8) and 6.2.9 (long ones allowed).
pub const PASSWORD_MIN_CHARS: usize = 10;
pub const PASSWORD_MAX_CHARS: usize = 256;
/// How long a set-up link for an operator is good, milliseconds: OWASP ASVS 5.0, 6.4.1, asks for a short time.
pub const SETUP_LINK_MS: i64 = DAY_MS;
/// A session ends after this long without a request, milliseconds.
pub const SESSION_IDLE_MS: i64 = 12 * HOUR_MS;
/// A session ends this long after the sign-in, whatever happens, milliseconds.
pub const SESSION_ABSOLUTE_MS: i64 = 7 * DAY_MS;
/// Sign-ins that are kept in memory while nothing can be written. Ours: more people than look after a full disk, and little memory.
pub const LATE_SIGN_INS: usize = 100;
/// Sessions that one operator may have at the same time; one more ends the one that was not used for the longest time.
pub const SESSIONS_PER_OPERATOR: u32 = 50;
/// How long a browser in which an operator has signed in is known again without signing in, milliseconds.
pub const DEVICE_COOKIE_MS: i64 = 180 * DAY_MS;
/// Passwords that may wait to be looked at or hashed, of strangers and of operators each; one more is turned away at once.
pub const PASSWORDS_WAITING: usize = 20;
/// How long an exported file is kept, milliseconds.
pub const EXPORT_KEPT_MS: i64 = DAY_MS;
/// Rows of an export that is made within the request; a larger one is a job.
pub const EXPORT_AT_ONCE: u64 = 10_000;
/// Exported files that one operator may have; a further one drops the oldest.
pub const EXPORTS_PER_OPERATOR: u32 = 20;

/// Items that one batch request may name; what matches a filter has no such limit.
pub const BATCH_ITEMS: usize = 10_000;
/// A batch of more items runs as a job.
pub const BATCH_AT_ONCE: usize = 500;
/// A destructive batch of more than this many items asks for the number to be typed.
pub const BATCH_TYPED_ABOVE: usize = 20;
/// Filtered result counts are exact up to here and then read «10,000+».
pub const COUNT_CAP: u64 = 10_000;
/// Days that the charts of the overview show, today included.
pub const OVERVIEW_DAYS: u32 = 30;
/// Groups in each of the overview's rankings.
pub const OVERVIEW_GROUPS: u32 = 5;
/// Latest events on the overview.
pub const OVERVIEW_EVENTS: u32 = 10;
/// Length of a search term, characters.
pub const SEARCH_CHARS: usize = 100;
/// Saved views of one list that one operator may have. Ours.
pub const VIEWS: usize = 50;
/// Name of a saved view, characters. Ours.
pub const VIEW_NAME_CHARS: usize = 60;
/// Query of a saved view, bytes. Ours.
pub const VIEW_QUERY_BYTES: usize = 2_000;
/// Pages of one operator that may be told of changes at the same time. Ours.
pub const LIVE_PAGES: usize = 30;

/// How long a job is remembered after its end, milliseconds.
pub const JOB_KEPT_MS: i64 = 30 * DAY_MS;

/// Calls by which an account with a token of its own changes something: so many at once, then one after each. Ours.
pub const OWN_WRITES: u32 = 20;
pub const OWN_WRITES_EVERY: Duration = Duration::from_secs(1);
/// Files that an account with a token of its own shares: so many at once, then one after each. Ours; with [`OWN_EVENTS_MS`] it bounds
/// what one account can add to the audit log: 20 and 1,440 files a day, each shared and deleted once, and 145 changes of itself.
pub const OWN_FILES: u32 = 20;
pub const OWN_FILES_EVERY: Duration = Duration::from_secs(60);
/// How long changes of an account by itself are held back after the first, to become one event, milliseconds. Ours: at most 144 a day.
pub const OWN_EVENTS_MS: i64 = 10 * MINUTE_MS;
/// Different states in between that such an event names, and their bytes in all. Ours.
pub const OWN_STEPS: usize = 20;
pub const OWN_STEPS_BYTES: usize = 8 * 1024;
/// Shared files, imports and exports are refused when less of the disk is free: the smaller of these bytes and this percentage. Of a
/// large disk 5 % would be wasted, of a small one 1 GiB. `ROSTER_MIN_FREE` says otherwise.
pub const MIN_FREE_BYTES: u64 = GB;
pub const MIN_FREE_PERCENT: u64 = 5;
/// How old what is known about the room on the disk may be.
pub const SPACE_LOOKED_EVERY: Duration = Duration::from_secs(1);

/// Days that the audit log may be kept before it goes into archives; 0: for ever.
pub const EVENTS_KEPT_DAYS: [u32; 7] = [0, 90, 180, 365, 730, 1_825, 3_650];
/// Events of one archive at most: some 400 MB.
pub const ARCHIVE_EVENTS: u32 = 1_000_000;
/// Events go into archives by themselves week by week, milliseconds.
pub const ARCHIVED_EVERY_MS: i64 = 7 * DAY_MS;

pub const GB: u64 = 1024 * 1024 * 1024;
pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An uploaded file, bytes: 200 MB, of 1,024 times 1,024 as everywhere.
pub const IMPORT_BYTES: u64 = 200 * 1024 * 1024;
/// Rows of one file. More are sent in several files.
pub const IMPORT_ROWS: u32 = 1_000_000;
/// Columns of one file, known or not.
pub const IMPORT_COLUMNS: usize = 100;
/// A title of a column, known or not, characters.
pub const IMPORT_TITLE_CHARS: usize = 200;
/// One row, bytes: many times what all fields together may hold.
pub const IMPORT_ROW_BYTES: u64 = 1024 * 1024;
/// The parts of a workbook that are read, once unpacked, bytes in all. What turns out to be more is refused, whatever it claims to be.
pub const IMPORT_UNPACKED_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// The rows that are made of a file, bytes on the disk. A workbook names a long text once and shows it in a million rows.
pub const IMPORT_ROWS_BYTES: u64 = 1024 * 1024 * 1024;
/// The table of texts of a workbook, bytes: the one thing that has to be held in memory.
pub const IMPORT_TEXTS_BYTES: u64 = 256 * 1024 * 1024;
/// Texts in that table: as many as a sheet has cells in 16 columns. Each takes four bytes besides.
pub const IMPORT_TEXTS: usize = 16 * 1024 * 1024;
/// Processor time that reading a file may take, seconds.
pub const IMPORT_PROCESSOR_S: u64 = 60;
/// How long an upload and its refused rows are kept, milliseconds.
pub const IMPORT_KEPT_MS: i64 = DAY_MS;
/// Uploads that one operator may have waiting; a further one drops the oldest.
pub const IMPORTS_PER_OPERATOR: u32 = 5;
/// Rows of each kind that a preview shows.
pub const IMPORT_SAMPLES: usize = 5;
