//! Shapes of XML that no modeller writes but that cost an XML parser quadratic time or memory: tags with very many
//! attributes (each is compared with all others) and very many namespaces (each element copies its list). They are
//! recognised by one linear look at the text before the parser sees it.

use crate::problem::{Code, Problem};

/// Most attributes of one tag.
const MAX_ATTRIBUTES: usize = 100;

/// Most namespace declarations of one file.
const MAX_NAMESPACES: usize = 100;

pub(super) fn check(xml: &str) -> Result<(), Problem> {
    if xml.matches("xmlns").nth(MAX_NAMESPACES).is_some() {
        let message = format!("流程文件的 XML 命名空间声明超过 {MAX_NAMESPACES} 个");
        return Err(Problem::file(Code::TooManyElements, message));
    }
    // Within a real tag `<` can only be its first character, so starting anew at every `<` finds all real tags, whatever
    // comments and text before them pretend.
    if xml
        .split('<')
        .skip(1)
        .any(|rest| attributes(rest) > MAX_ATTRIBUTES)
    {
        let message = format!("流程文件中有 XML 元素的属性超过 {MAX_ATTRIBUTES} 个");
        return Err(Problem::file(Code::TooManyElements, message));
    }
    Ok(())
}

/// Number of quoted values before the `>` that ends the tag.
fn attributes(tag: &str) -> usize {
    let mut quote = None;
    let mut count = 0;
    for byte in tag.bytes() {
        match (quote, byte) {
            (None, b'>') => break,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => {
                quote = None;
                count += 1;
            }
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_attributes_of_real_tags_only() {
        assert_eq!(attributes(r#"a b="1" c='2>"3"'> "4" "5""#), 2);
        let wide = format!("<a {}/>", "x=\"\" ".repeat(MAX_ATTRIBUTES + 1));
        let json = format!("<a>{}</a>", "\"x\": 1, ".repeat(MAX_ATTRIBUTES + 1));
        assert!(check(&json).is_ok());
        for hidden in [
            wide.clone(),
            format!("<!-- <b ' -->{wide}"),
            format!("<![CDATA[<b c=\"]]>{wide}"),
        ] {
            assert!(check(&hidden).is_err(), "{hidden}");
        }
        assert!(check(&"<a xmlns='u'>".repeat(MAX_NAMESPACES + 1)).is_err());
    }
}
