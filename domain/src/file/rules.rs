//! What a shared file may be called and how large it may be. Pure; shared by browser and server.

use crate::{Code, checked_text, limits, text};

checked_text! {
    /// The name of a shared file without folders: 1 to 255 bytes on one line, not `.` or `..`, and without hidden characters: with one,
    /// `\u{202e}gnp.exe` is shown as `exe.png`. It is only told, never a path.
    FileName, check_name
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

#[cfg(test)]
mod tests {
    use super::*;

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
