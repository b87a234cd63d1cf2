//! What a shared file may be called and how large it may be, and how a quota of files is written. Pure; shared by browser and server.

use crate::{Code, checked_text, limits, text};

checked_text! {
    /// The name of a shared file without folders: 1 to 255 bytes on one line, not `.` or `..`, and without hidden characters:
    /// with one, `\u{202e}gnp.exe` is shown as `exe.png`. The name is only shown, never used as a path.
    pub struct FileName = check_name;
}

fn check_name(input: &str) -> Result<String, Code> {
    // Some clients send a whole path, of either kind.
    let name = input.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    text::required(name)?;
    text::one_line(name)?;
    text::nothing_hidden_but_joiners(name)?;
    if matches!(name, "." | "..") {
        return Err(Code::DotsOnly);
    }
    text::at_most_bytes(name, limits::FILE_NAME_BYTES)?;
    Ok(name.to_owned())
}

/// [`Code::FileTooLarge`] above [`limits::GROUP_FILE_BYTES`].
pub fn check_size(bytes: u64) -> Result<(), Code> {
    if bytes > limits::GROUP_FILE_BYTES { Err(Code::FileTooLarge { max: limits::GROUP_FILE_BYTES }) } else { Ok(()) }
}

const UNITS: [(&str, u64); 4] =
    [("TB", 1024 * limits::GB), ("GB", limits::GB), ("MB", limits::GB / 1024), ("KB", limits::GB >> 20)];

/// A number of bytes as people write it: `500 MB`, `1.5 GB`, in units of 1,024; [`Code::NotSize`] for anything else.
pub fn size(text: &str) -> Result<u64, Code> {
    let text = text.trim();
    let (unit, bytes) = UNITS
        .iter()
        .find(|(unit, _)| text.get(text.len().saturating_sub(2)..).is_some_and(|end| end.eq_ignore_ascii_case(unit)))
        .ok_or(Code::NotSize)?;
    let digits = text[..text.len() - unit.len()].trim_end();
    let (whole, parts) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(parts) || digits.ends_with('.') {
        return Err(Code::NotSize);
    }
    let number = |text: &str| if text.is_empty() { Ok(0) } else { text.parse::<u64>().map_err(|_| Code::NotSize) };
    let part = u128::from(*bytes) * u128::from(number(parts)?) / 10_u128.pow(u32::try_from(parts.len()).unwrap_or(0));
    let all = u128::from(*bytes) * u128::from(number(whole)?) + part;
    u64::try_from(all).map_err(|_| Code::NotSize)
}

/// A quota of shared files: [`size`], at most [`limits::FILE_QUOTA_BYTES`]; an empty text means no limit. [`Code::NotSize`]
/// otherwise.
pub fn quota(text: &str) -> Result<Option<u64>, Code> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let bytes = size(text)?;
    if bytes > limits::FILE_QUOTA_BYTES { Err(Code::NotSize) } else { Ok(Some(bytes)) }
}

/// A quota as [`quota`] reads it: exactly the same number, in the largest unit without a remainder; empty for no limit.
pub fn quota_text(quota: Option<u64>) -> String {
    let Some(bytes) = quota else { return String::new() };
    let (unit, size) = UNITS.iter().find(|(_, size)| bytes % size == 0).unwrap_or(&UNITS[3]);
    match (bytes, bytes % size) {
        (0, _) => "0 MB".to_owned(),
        (_, 0) => format!("{} {unit}", bytes / size),
        // Only for a quota that was not typed in a form: three digits are precise enough.
        _ => format!("{}.{:03} {unit}", bytes / size, bytes % size * 1000 / size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_come_back_as_they_were_typed() {
        let mb = 1024 * 1024;
        for (text, bytes) in [("500 MB", 500 * mb), ("1gb", 1024 * mb), ("1.5 GB", 1536 * mb), ("2 TB", 2 << 40), ("0 MB", 0)] {
            assert_eq!(quota(text), Ok(Some(bytes)), "{text}");
            assert_eq!(quota(&quota_text(Some(bytes))), Ok(Some(bytes)), "{text}");
        }
        assert_eq!((quota(" "), quota_text(None)), (Ok(None), String::new()));
        assert_eq!(quota_text(Some(1536 * mb)), "1536 MB");
        let long = "9".repeat(40) + " GB";
        for wrong in ["1", "GB", "-1 GB", "1. GB", ".5 GB", "1,5 GB", "1e3 GB", "5 B", "2000 TB", "１ GB", &long, "한GB", "é"]
        {
            assert_eq!(quota(wrong), Err(Code::NotSize), "{wrong}");
        }
    }

    #[test]
    fn names_lose_their_folders_and_keep_everything_else() {
        let name = |text: &str| FileName::parse(text).map(FileName::into_string);
        for (given, kept) in
            [("../../etc/passwd", "passwd"), ("C:\\a\\报告 \"1\".pdf", "报告 \"1\".pdf"), ("사진.jpg", "사진.jpg")]
        {
            assert_eq!(name(given).as_deref(), Ok(kept));
        }
        assert_eq!(name(".."), Err(Code::DotsOnly));
        assert_eq!(name("a/"), Err(Code::Required));
        assert_eq!(name("a\nb"), Err(Code::ControlCharacter));
        assert_eq!(name("\u{202e}gnp.exe"), Err(Code::HiddenCharacter));
        assert!(name(&"a".repeat(255)).is_ok() && name(&"a".repeat(256)).is_err());
    }

    #[test]
    fn ten_megabytes_and_not_one_byte_more() {
        assert!(check_size(10 * 1024 * 1024).is_ok() && check_size(10 * 1024 * 1024 + 1).is_err());
    }
}
