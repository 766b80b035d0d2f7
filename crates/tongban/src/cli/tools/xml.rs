//! Model files as text: in UTF-8, in UTF-16, or in the encoding their first line names, as modellers of all ages write them.

use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

/// Largest file read, in bytes. What may be in it, the readers decide.
pub const LARGEST: u64 = 256 << 20;

/// The text of a file, without the mark of its byte order; or why there is none, as the end of a Chinese sentence.
pub fn text_of(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > LARGEST {
        return Err("过大".to_owned());
    }
    decode(&std::fs::read(path).map_err(|error| error.to_string())?)
}

fn decode(bytes: &[u8]) -> Result<String, String> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => named(bytes)?,
    };
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    if malformed { Err(format!("不是 {} 编码的文本", encoding.name())) } else { Ok(text.into_owned()) }
}

/// The encoding the XML declaration names.
fn named(bytes: &[u8]) -> Result<&'static Encoding, String> {
    let head = bytes.get(..200).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head);
    let declared = head
        .strip_prefix("<?xml")
        .and_then(|head| head.split_once("?>"))
        .and_then(|(declaration, _)| declaration.split_once("encoding"))
        .map(|(_, value)| value.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'')))
        .and_then(|value| value.split(['"', '\'']).next());
    match declared {
        None => Ok(UTF_8),
        // Text this could be read from is not in UTF-16, whatever it says.
        Some(name) if name.to_ascii_lowercase().starts_with("utf-16") => Ok(UTF_8),
        Some(name) => Encoding::for_label(name.as_bytes()).ok_or_else(|| format!("的编码“{name}”不受支持")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_old_and_new() {
        let text = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?><a>审批</a>");
        let utf16: Vec<u8> = "\u{feff}<a>审批</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let gbk = encoding_rs::GBK.encode(&text("GB2312")).0.into_owned();
        for bytes in [text("UTF-8").into_bytes(), format!("\u{feff}{}", text("utf-8")).into_bytes(), text("UTF-16").into_bytes(), utf16, gbk] {
            let read = decode(&bytes).unwrap();
            assert!(read.starts_with('<') && read.ends_with("<a>审批</a>"), "{read}");
        }
        assert!(decode(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>Pr\xfcfung</a>").unwrap().contains("Prüfung"));
        for wrong in [&b"<a>\xff</a>"[..], b"<?xml encoding=\"klingon\"?><a/>"] {
            assert!(decode(wrong).is_err());
        }
        for short in [&b""[..], b"<?xml", b"<?xml encoding?>", b"\xff\xfe"] {
            let _ = decode(short);
        }
    }
}
