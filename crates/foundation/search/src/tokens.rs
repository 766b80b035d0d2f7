use std::sync::{Arc, LazyLock};

use jieba_rs::Jieba;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

static JIEBA: LazyLock<Arc<Jieba>> = LazyLock::new(|| Arc::new(Jieba::new()));

/// Splits Chinese into words (search mode: long words also give their parts) and other scripts at non-letters; lower case.
pub(crate) fn words(text: &str) -> Vec<String> {
    JIEBA
        .cut_for_search(text, true)
        .into_iter()
        .map(|token| token.word.trim().to_lowercase())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect()
}

/// Every letter and ideograph on its own.
pub(crate) fn characters(text: &str) -> Vec<String> {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_lowercase().collect()).collect()
}

/// A tokenizer over a splitting function. Positions count tokens, offsets are not used (no snippets).
#[derive(Clone)]
pub(crate) struct Split(pub(crate) fn(&str) -> Vec<String>);

pub(crate) struct Stream {
    tokens: std::vec::IntoIter<String>,
    token: Token,
    position: usize,
}

impl Tokenizer for Split {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream { tokens: (self.0)(text).into_iter(), token: Token::default(), position: 0 }
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(text) = self.tokens.next() else { return false };
        self.token = Token { offset_from: 0, offset_to: 0, position: self.position, text, position_length: 1 };
        self.position += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_give_their_parts() {
        let words = words("食品经营许可证核发ABC-12");
        for word in ["食品", "经营", "许可", "许可证", "abc"] {
            assert!(words.iter().any(|w| w == word), "{word} not in {words:?}");
        }
    }
}
