//! What a rating may say (国办发〔2019〕51号; GB/T 39046-2020 A.8).

use base::FieldError;
use codes::lists::{Satisfaction, review_options_for};

/// Longest comment.
const LONGEST_TEXT: usize = 500;
/// Most sentences ticked.
const MOST_OPTIONS: usize = 10;

/// Where a rating was given (GB/T 39046-2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// PC端
    Desktop,
    /// 移动端
    Mobile,
    /// 二维码
    QrCode,
    /// 大厅平板
    Tablet,
}

impl Channel {
    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Mobile => "mobile",
            Self::QrCode => "qr",
            Self::Tablet => "tablet",
        }
    }
}

/// A rating that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// 5 (very satisfied) to 1.
    pub stars: u8,
    /// Codes of the sentences ticked, each of the level given.
    pub options: Vec<&'static str>,
    /// The comment; may be empty.
    pub text: String,
}

/// Name of a level: 非常满意 … 非常不满意.
pub fn level_name(stars: u8) -> &'static str {
    Satisfaction::from_stars(stars).map_or("", Satisfaction::name)
}

/// Checks a rating. Nothing is assumed: without a level there is no rating, and sentences of another level are refused.
///
/// # Errors
/// The wrong fields.
pub fn check_rating(stars: Option<u8>, options: &[String], text: &str) -> Result<Rating, Vec<FieldError>> {
    let Some(stars) = stars.filter(|stars| (1..=5).contains(stars)) else {
        return Err(vec![FieldError::new("stars", "请选择您的满意程度。")]);
    };
    let mut errors = Vec::new();
    let mut ticked = Vec::new();
    for code in options {
        match review_options_for(stars).find(|option| option.code == code) {
            Some(option) if ticked.contains(&option.code) => {}
            Some(option) => ticked.push(option.code),
            None => errors.push(FieldError::new("options", format!("选项与“{}”不对应，请重新选择。", level_name(stars)))),
        }
    }
    errors.truncate(1);
    if ticked.len() > MOST_OPTIONS {
        errors.push(FieldError::new("options", format!("最多选择 {MOST_OPTIONS} 项。")));
    }
    let text = text.trim();
    if text.chars().count() > LONGEST_TEXT {
        errors.push(FieldError::new("text", format!("意见最多 {LONGEST_TEXT} 个字，请精简。")));
    }
    if errors.is_empty() { Ok(Rating { stars, options: ticked, text: text.to_owned() }) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codes::lists::{OptionStatus, review_options};
    use proptest::prelude::*;

    #[test]
    fn silence_is_no_rating() {
        for stars in [None, Some(0), Some(6)] {
            assert_eq!(check_rating(stars, &[], "").unwrap_err()[0].field, "stars");
        }
    }

    #[test]
    fn a_level_alone_is_enough() {
        assert_eq!(check_rating(Some(3), &[], "  ").unwrap(), Rating { stars: 3, options: vec![], text: String::new() });
    }

    proptest! {
        #[test]
        fn only_options_of_the_chosen_level_pass(stars in 1u8..=5, index in 0usize..72) {
            let option = &review_options()[index];
            let result = check_rating(Some(stars), &[option.code.to_owned()], "");
            prop_assert_eq!(result.is_ok(), option.stars == stars && option.status != OptionStatus::Retired);
        }

        #[test]
        fn any_text_is_answered_without_panic(stars in any::<Option<u8>>(), codes in proptest::collection::vec(".{0,5}", 0..4), text in ".{0,600}") {
            let _ = check_rating(stars, &codes, &text);
        }
    }
}
