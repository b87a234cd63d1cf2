//! Every number that the documents name, once, with the document it comes from; «Roster's own» marks a number that no document
//! names. Bytes are bytes of UTF-8; characters are Unicode scalar values; milliseconds of a day or an hour are UTC.

use std::time::Duration;

/// Group name, bytes (group console document: "the length cannot exceed 30 bytes").
pub const GROUP_NAME_BYTES: usize = 30;
/// Custom group id, bytes of printable ASCII (Tencent group system, custom group IDs).
pub const GROUP_ID_BYTES: usize = 48;
/// Prefix of the ids that the server gives; a custom id must not begin with the prefix (Tencent group system).
pub const GROUP_ID_PREFIX: &str = "@TGS#";
/// Group introduction, bytes (Tencent group profile).
pub const GROUP_INTRODUCTION_BYTES: usize = 240;
/// Members of a Work, Public or Meeting group, unless the group sets less (Tencent group types).
pub const GROUP_MEMBERS: u32 = 2_000;
/// Net new groups of an app in a day: created less deleted (Tencent group system: "净消耗群组", 10,000 by default). The documents name
/// no time zone; Roster's days are in UTC.
pub const NET_GROUPS_PER_DAY: u32 = 10_000;
/// Group name through the group REST API, characters (Easemob, later revisions); the 30 bytes of the console document apply to
/// the console.
pub const API_GROUP_NAME_CHARS: usize = 128;
/// Description through the group REST API, characters (the same field as the introduction).
pub const API_GROUP_DESCRIPTION_CHARS: usize = 512;
/// Announcement of a group, characters (group REST API).
pub const ANNOUNCEMENT_CHARS: usize = 512;
/// Custom text of a group, bytes (group REST API, later revisions).
pub const GROUP_CUSTOM_BYTES: usize = 8_192;
/// Avatar of a group, characters (group REST API, later revisions).
pub const GROUP_AVATAR_CHARS: usize = 1_024;
/// Most members of a group that a call of the group REST API creates without a number (Easemob: 200).
pub const API_GROUP_MEMBERS: u32 = 200;
/// Admins of one group: together with the owner 100 (group REST API).
pub const GROUP_ADMINS: u32 = 99;
/// Groups that one account may belong to (group REST API).
pub const GROUPS_PER_ACCOUNT: u32 = 500;
/// Members that a new group may be given (group REST API: 1 to 100 besides the owner).
pub const NEW_GROUP_MEMBERS: usize = 100;
/// Accounts that one batch call of the group REST API may name.
pub const API_BATCH: usize = 60;
/// Groups that one call for details may name (group REST API).
pub const API_DETAILS: usize = 100;
/// The end of a mute without an end, milliseconds since 1970: what the group REST API answers for such a mute, 2117-01-01 at
/// UTC+8.
pub const MUTED_FOREVER: i64 = 4_638_873_600_000;
/// A shared file, bytes (group REST API: 10 MB).
pub const GROUP_FILE_BYTES: u64 = 10 * 1024 * 1024;
/// Name of a shared file, bytes. Roster's own: what file systems accept.
pub const FILE_NAME_BYTES: usize = 255;
/// Bytes that the shared files of one group may have together in a new app: 1 GB. The app's settings change the number. Roster's
/// own. A content that several groups share counts for each group.
pub const NEW_GROUP_FILES_BYTES: u64 = GB;
/// Bytes that the shared files of all groups may have together in a new app: 50 GB. The app's settings change the number.
/// Roster's own. A content that several groups share counts for each group.
pub const NEW_APP_FILES_BYTES: u64 = 50 * GB;
/// The largest quota of shared files that the settings accept, bytes: 1,024 TB. Roster's own.
pub const FILE_QUOTA_BYTES: u64 = 1024 * 1024 * GB;
/// Text of a message sent from the console, characters (group console document).
pub const MESSAGE_CHARS: usize = 300;

/// Username (the documents' UserID), bytes of printable ASCII without spaces.
pub const USERNAME_BYTES: usize = 32;
/// Username through the group REST API, bytes (Easemob: user ids of up to 64).
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
/// Users that one call may delete (Easemob).
pub const USERS_DELETED_AT_ONCE: u32 = 100;
/// Users whose online status one call may ask for (Easemob).
pub const USERS_STATUS: usize = 100;
/// Rows that are deleted together with the users that one call deletes: their memberships, and members and messages of the groups
/// that they own. A call always deletes its first user, however many rows that user has. Roster's own: every other writer waits
/// for that transaction.
pub const DELETED_ROWS_AT_ONCE: i64 = 50_000;
/// Message and extension of a message sent through the REST API together, bytes (Easemob).
pub const API_MESSAGE_BYTES: usize = 5 * 1024;
/// Groups that one call may send a message to (Easemob).
pub const MESSAGE_GROUPS: usize = 3;
/// Groups that the older form of the same call may send a message to (Easemob).
pub const MESSAGE_GROUPS_BEFORE: usize = 20;

/// `org_name` and `app_name`, characters of `A-Z a-z 0-9 - _` (Easemob's app key).
pub const APP_KEY_CHARS: usize = 64;
/// Display name of an app, characters. Roster's own: no document names a number.
pub const APP_DISPLAY_NAME_CHARS: usize = 60;

/// Name of an API credential, characters. Roster's own.
pub const CREDENTIAL_NAME_CHARS: usize = 60;
/// API credentials of one app. Roster's own: no document names a number.
pub const CREDENTIALS_PER_APP: u32 = 50;
/// Addresses and networks that one credential may be limited to. Roster's own.
pub const CREDENTIAL_ADDRESSES: usize = 20;
/// Characters of a text typed as an address that an error repeats: the length of the longest IPv6 network.
pub const ADDRESS_CHARS: usize = 49;
/// Tokens that one credential, or one account, may have at the same time; one more ends the oldest. Roster's own: without a limit
/// a client that asks for a token before each call would fill the disk.
pub const API_TOKENS: u32 = 10_000;
/// Lifetime of an API token when the client names none, seconds (Easemob: 60 days).
pub const API_TOKEN_S: i64 = 60 * 24 * 60 * 60;
/// The longest lifetime that a client may name, seconds; 0 means without an end. Roster's own: the largest number of 32 bits.
pub const API_TOKEN_MAX_S: i64 = i32::MAX as i64;

/// Networks that are remembered for each account that signs in with its password. Roster's own: home, work and a phone on its way
/// between them.
pub const KNOWN_NETWORKS_PER_ACCOUNT: u32 = 5;
/// How long such a network is remembered, milliseconds: 90 days. Roster's own.
pub const KNOWN_NETWORK_KEPT_MS: i64 = 90 * DAY_MS;

/// Operator name, characters. Roster's own.
pub const OPERATOR_NAME_CHARS: usize = 64;
/// Shortest password of an operator, characters: OWASP ASVS 5.0, 6.2.1, asks for at least 8.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password of an operator, characters: OWASP ASVS 5.0, 6.2.9, asks that long ones are allowed.
pub const PASSWORD_MAX_CHARS: usize = 256;
/// How long a set-up link for an operator is valid, milliseconds: OWASP ASVS 5.0, 6.4.1, asks for a short time.
pub const SETUP_LINK_MS: i64 = DAY_MS;
/// A session ends after this long without a request, milliseconds: 12 hours. Roster's own.
pub const SESSION_IDLE_MS: i64 = 12 * HOUR_MS;
/// A session ends this long after the sign-in, used or not, milliseconds: 7 days. Roster's own.
pub const SESSION_ABSOLUTE_MS: i64 = 7 * DAY_MS;
/// Sign-ins that are kept in memory while the disk cannot be written. Roster's own: more people than look after a full disk, and
/// little memory.
pub const DEFERRED_SIGN_INS: usize = 100;
/// Sessions that one operator may have at the same time; one more ends the session that was unused for the longest time. Roster's
/// own.
pub const SESSIONS_PER_OPERATOR: u32 = 50;
/// How long a browser in which an operator has signed in is recognised without a sign-in, milliseconds: 180 days. Roster's own.
pub const DEVICE_KNOWN_MS: i64 = 180 * DAY_MS;
/// Passwords that may wait to be checked or hashed, of strangers and of operators each; one more is refused at once. Roster's
/// own.
pub const PASSWORDS_WAITING: usize = 20;
/// How long an exported file is kept, milliseconds: one day. Roster's own.
pub const EXPORT_KEPT_MS: i64 = DAY_MS;
/// Rows of an export that is made within the request; a larger export is a job. Roster's own.
pub const EXPORT_AT_ONCE: u64 = 10_000;
/// Exported files that one operator may have; a further file drops the oldest. Roster's own.
pub const EXPORTS_PER_OPERATOR: u32 = 20;

/// Items that one batch request may name; a batch of everything that matches a filter has no such limit. Roster's own.
pub const BATCH_ITEMS: usize = 10_000;
/// A batch of more items runs as a job. Roster's own.
pub const BATCH_AT_ONCE: usize = 500;
/// A destructive batch of more than this many items asks for the number to be typed. Roster's own.
pub const BATCH_TYPED_ABOVE: usize = 20;
/// Filtered result counts are exact up to this number; above it the screen reads «10,000+». Roster's own: counting further would
/// walk the whole index.
pub const COUNT_CAP: u64 = 10_000;
/// Days that the charts of the overview show, today included. Roster's own.
pub const OVERVIEW_DAYS: u32 = 30;
/// Groups in each of the overview's rankings. Roster's own.
pub const OVERVIEW_GROUPS: u32 = 5;
/// Latest events on the overview. Roster's own.
pub const OVERVIEW_EVENTS: u32 = 10;
/// Length of a search term, characters. Roster's own.
pub const SEARCH_CHARS: usize = 100;
/// Saved views of one list that one operator may have. Roster's own.
pub const VIEWS: usize = 50;
/// Name of a saved view, characters. Roster's own.
pub const VIEW_NAME_CHARS: usize = 60;
/// Query of a saved view, bytes. Roster's own.
pub const VIEW_QUERY_BYTES: usize = 2_000;
/// Pages of one operator that may receive notices of changes at the same time. Roster's own.
pub const LIVE_PAGES: usize = 30;

/// How long a job is kept in the list after its end, milliseconds: 30 days. Roster's own.
pub const JOB_KEPT_MS: i64 = 30 * DAY_MS;

/// Calls in a burst by which an account with a token of its own changes something; each [`OWN_WRITES_EVERY`] allows one more.
/// Roster's own.
pub const OWN_WRITES: u32 = 20;
/// After a burst of [`OWN_WRITES`], one more call is allowed each second. Roster's own.
pub const OWN_WRITES_EVERY: Duration = Duration::from_secs(1);
/// Files in a burst that an account with a token of its own shares; each [`OWN_FILES_EVERY`] allows one more. Roster's own. With
/// [`OWN_EVENTS_MS`] the limit bounds what one account can add to the audit log: 20 and 1,440 files a day, each shared and
/// deleted once, and 145 changes of the account itself.
pub const OWN_FILES: u32 = 20;
/// After a burst of [`OWN_FILES`], one more file is allowed each minute. Roster's own.
pub const OWN_FILES_EVERY: Duration = Duration::from_secs(60);
/// How long changes of an account by itself are held back after the first, to become one event, milliseconds. Roster's own: at
/// most 144 a day.
pub const OWN_EVENTS_MS: i64 = 10 * MINUTE_MS;
/// Different states in between that such an event names. Roster's own.
pub const OWN_STEPS: usize = 20;
/// Bytes of all the states in between that such an event names. Roster's own.
pub const OWN_STEPS_BYTES: usize = 8 * 1024;
/// Shared files, imports and exports are refused when less of the disk is free, bytes: the smaller of this number and
/// [`MIN_FREE_PERCENT`] counts, because 5 % of a large disk would be wasted, and 1 GiB of a small one. `ROSTER_MIN_FREE` sets
/// another number. Roster's own.
pub const MIN_FREE_BYTES: u64 = GB;
/// The same as a percentage of the whole disk; see [`MIN_FREE_BYTES`].
pub const MIN_FREE_PERCENT: u64 = 5;
/// How old a measurement of the free space on the disk may be. Roster's own.
pub const SPACE_CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The choices of how many days an event stays in the audit log before the server moves it into an archive; 0: forever. Roster's
/// own.
pub const EVENTS_KEPT_DAYS: [u32; 7] = [0, 90, 180, 365, 730, 1_825, 3_650];
/// Events of one archive at most: some 400 MB. Roster's own.
pub const ARCHIVE_EVENTS: u32 = 1_000_000;
/// How often the server moves old events into an archive by itself, milliseconds: weekly. Roster's own.
pub const ARCHIVED_EVERY_MS: i64 = 7 * DAY_MS;

/// Bytes of a GB as the documents and the screen count: 1,024 × 1,024 × 1,024.
pub const GB: u64 = 1024 * 1024 * 1024;
/// Milliseconds of a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds of a day; days are UTC days and have no leap seconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// An uploaded file, bytes: 200 MB of 1,024 × 1,024. Roster's own.
pub const IMPORT_BYTES: u64 = 200 * 1024 * 1024;
/// Rows of one import file. More rows are sent in several files. Roster's own.
pub const IMPORT_ROWS: u32 = 1_000_000;
/// Columns of one import file, known or not. Roster's own.
pub const IMPORT_COLUMNS: usize = 100;
/// Title of a column of an import file, known or not, characters. Roster's own.
pub const IMPORT_TITLE_CHARS: usize = 200;
/// One row of an import file, bytes: many times the length of all fields together. Roster's own.
pub const IMPORT_ROW_BYTES: u64 = 1024 * 1024;
/// Bytes of the unpacked parts of a workbook that are read, in all. A part that grows beyond the limit is refused, whatever size
/// its header claims.
pub const IMPORT_UNPACKED_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes on the disk of the rows read from one file. A workbook stores a long text once and may show it in a million rows.
pub const IMPORT_ROWS_BYTES: u64 = 1024 * 1024 * 1024;
/// Bytes of the table of texts of a workbook: the only part that has to be held in memory.
pub const IMPORT_TEXTS_BYTES: u64 = 256 * 1024 * 1024;
/// Texts in that table: as many as a sheet has cells in 16 columns. Each text needs four bytes more.
pub const IMPORT_TEXTS: usize = 16 * 1024 * 1024;
/// Processor time for reading an import file, seconds. Roster's own.
pub const IMPORT_PROCESSOR_S: u64 = 60;
/// How long an upload and its refused rows are kept, milliseconds: one day. Roster's own.
pub const IMPORT_KEPT_MS: i64 = DAY_MS;
/// Uploads of one operator that may wait for their confirmation; a further upload drops the oldest. Roster's own.
pub const IMPORTS_PER_OPERATOR: u32 = 5;
/// Rows of each kind that a preview shows. Roster's own.
pub const IMPORT_SAMPLES: usize = 5;

/// Characters of an event's target that the log keeps: whatever was typed must not fill it.
pub const EVENT_TARGET_CHARS: usize = 128;
