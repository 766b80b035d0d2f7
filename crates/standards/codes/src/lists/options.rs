//! Options of a service review (好差评 评价选项).

use super::rows;
use std::sync::LazyLock;

/// How an option is used today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OptionStatus {
    /// Must be offered.
    Core,
    /// May be offered.
    Extended,
    /// Only in old reviews; never offered.
    Retired,
}

/// One sentence a person may tick when giving `stars`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReviewOption {
    /// 5 (very satisfied) to 1; the wire format counts the other way than GB/T 39046 A.8.
    pub stars: u8,
    /// Three digits; the first one equals `stars`.
    pub code: &'static str,
    /// What the person reads.
    pub text: &'static str,
    /// Core, extended or retired.
    pub status: OptionStatus,
}

/// All options, retired ones too, in the order of the source.
pub fn review_options() -> &'static [ReviewOption] {
    static LIST: LazyLock<Vec<ReviewOption>> = LazyLock::new(|| {
        rows(super::embedded!("review_options.csv"))
            .filter_map(|[stars, code, text, status]| {
                let status = match status {
                    "core" => OptionStatus::Core,
                    "extended" => OptionStatus::Extended,
                    "retired" => OptionStatus::Retired,
                    _ => return None,
                };
                Some(ReviewOption {
                    stars: stars.parse().ok()?,
                    code,
                    text,
                    status,
                })
            })
            .collect()
    });
    &LIST
}

/// The option with this code.
pub fn review_option(code: &str) -> Option<&'static ReviewOption> {
    review_options().iter().find(|option| option.code == code)
}

/// The options to offer someone who gives `stars`: options of other levels may not be chosen.
pub fn review_options_for(stars: u8) -> impl Iterator<Item = &'static ReviewOption> {
    review_options()
        .iter()
        .filter(move |o| o.stars == stars && o.status != OptionStatus::Retired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_set() {
        let count = |status| {
            review_options()
                .iter()
                .filter(|o| o.status == status)
                .count()
        };
        assert_eq!(
            (
                count(OptionStatus::Retired),
                count(OptionStatus::Core),
                count(OptionStatus::Extended)
            ),
            (32, 15, 25)
        );
        assert!(
            review_options()
                .iter()
                .all(|o| o.code.len() == 3 && o.code.starts_with(&o.stars.to_string()))
        );
        for stars in 1..=5 {
            assert_eq!(review_options_for(stars).count(), 8);
        }
        assert_eq!(review_options_for(6).count(), 0);
        assert_eq!(
            review_option("510").map(|o| o.text),
            Some("一窗受理一次办结")
        );
    }
}
