//! Which part of a result answers the search.

/// A piece of text; `hit` where it repeats what was searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The piece.
    pub text: &'a str,
    /// Whether it is to be marked.
    pub hit: bool,
}

/// Cuts `text` into pieces. A run of at least two characters that occurs in the query is a hit; a single character is
/// one only when it is a whole word of the query, because single Chinese characters occur everywhere.
pub fn highlight<'a>(text: &'a str, query: &str) -> Vec<Piece<'a>> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while at + 1 < starts.len() {
        let length = longest(text, &starts, at, &words);
        if length == 0 {
            at += 1;
            continue;
        }
        push(&mut pieces, &text[starts[plain_from]..starts[at]], false);
        push(&mut pieces, &text[starts[at]..starts[at + length]], true);
        at += length;
        plain_from = at;
    }
    push(&mut pieces, &text[starts[plain_from]..], false);
    pieces
}

/// Length in characters of the longest hit that begins at character `at`; 0 when none does.
fn longest(text: &str, starts: &[usize], at: usize, words: &[String]) -> usize {
    let most = words.iter().map(|word| word.chars().count()).max().unwrap_or_default().min(starts.len() - 1 - at);
    (1..=most)
        .rev()
        .find(|&length| {
            let run = text[starts[at]..starts[at + length]].to_lowercase();
            words.iter().any(|word| if length == 1 { *word == run } else { word.contains(&run) })
        })
        .unwrap_or_default()
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str, hit: bool) {
    if !text.is_empty() {
        pieces.push(Piece { text, hit });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(text: &str, query: &str) -> String {
        highlight(text, query).iter().map(|p| if p.hit { format!("[{}]", p.text) } else { p.text.to_owned() }).collect()
    }

    #[test]
    fn the_longest_run_is_marked() {
        assert_eq!(marked("社会保障卡申领", "社会保障"), "[社会保障]卡申领");
        assert_eq!(marked("食品经营许可（新办）", "办食品经营许可证"), "[食品经营许可]（新办）");
        assert_eq!(marked("结婚登记", "婚"), "结[婚]登记");
        assert_eq!(marked("结婚登记", "婚事"), "结婚登记");
        assert_eq!(marked("ABC 证", "abc"), "[ABC] 证");
        assert_eq!(marked("结婚登记", ""), "结婚登记");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_added(text in "\\PC{0,40}", query in "\\PC{0,20}") {
            let joined: String = highlight(&text, &query).iter().map(|p| p.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
