use base::{Error, Result};

/// Largest single upload.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;

/// Kinds of files that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// PDF
    Pdf,
    /// OFD (GB/T 33190)
    Ofd,
    /// JPEG picture
    Jpeg,
    /// PNG picture
    Png,
    /// Word document
    Docx,
    /// Excel sheet
    Xlsx,
}

impl FileKind {
    /// MIME type to serve it with.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Ofd => "application/ofd",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// Whether a browser may show it in place.
    pub fn inline(self) -> bool {
        matches!(self, Self::Pdf | Self::Jpeg | Self::Png)
    }
}

/// What the content is, whatever the name says.
pub fn sniff(bytes: &[u8]) -> Option<FileKind> {
    if bytes.starts_with(b"PK") && contains(&bytes[..bytes.len().min(4096)], b"OFD.xml") {
        return Some(FileKind::Ofd);
    }
    match infer::get(bytes)?.mime_type() {
        "application/pdf" => Some(FileKind::Pdf),
        "image/jpeg" => Some(FileKind::Jpeg),
        "image/png" => Some(FileKind::Png),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => Some(FileKind::Docx),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Some(FileKind::Xlsx),
        _ => None,
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// A file name that is only a name: no path, no control characters, not too long.
///
/// # Errors
/// [`base::Kind::Invalid`] naming `field`.
pub fn check_name(field: &str, name: &str) -> Result<()> {
    let bad = name.is_empty()
        || name.chars().count() > 120
        || name.contains(['/', '\\', ':', '\0'])
        || name.chars().any(char::is_control)
        || name.starts_with('.');
    if bad {
        return Err(Error::field(field, "文件名不能含有路径或特殊符号，且不超过 120 个字，请改名后重新上传。"));
    }
    Ok(())
}

/// Checks an upload and tells its kind.
///
/// # Errors
/// [`base::Kind::Invalid`] naming `field` and what to do.
pub fn check_upload(field: &str, name: &str, bytes: &[u8]) -> Result<FileKind> {
    check_name(field, name)?;
    if bytes.is_empty() {
        return Err(Error::field(field, format!("文件“{name}”是空的，请检查后重新上传。")));
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Error::field(field, format!("文件“{name}”超过 20 MB，请压缩或分成几个文件后上传。")));
    }
    sniff(bytes).ok_or_else(|| {
        Error::field(field, format!("文件“{name}”不是可以接收的类型，请上传 PDF、OFD、JPG、PNG、Word（docx）或 Excel（xlsx）文件。"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides() {
        assert_eq!(check_upload("f", "a.pdf", b"%PDF-1.7 ...").unwrap(), FileKind::Pdf);
        assert_eq!(check_upload("f", "a.jpg", b"\x89PNG\r\n\x1a\n....").unwrap(), FileKind::Png);
        assert!(check_upload("f", "a.pdf", b"<html><script>").is_err());
        assert!(check_upload("f", "a.pdf", b"MZ\x90\x00").is_err());
        assert!(check_upload("f", "a.pdf", b"").is_err());
    }

    #[test]
    fn a_name_is_not_a_path() {
        for name in ["../../etc/passwd", "a/b.pdf", "c:\\x.pdf", "", ".hidden", "a\u{0}b.pdf", "a\nb.pdf"] {
            assert!(check_name("f", name).is_err(), "{name:?}");
        }
        assert!(check_name("f", "营业执照（正本）.pdf").is_ok());
        assert!(check_name("f", &"长".repeat(121)).is_err());
    }
}
