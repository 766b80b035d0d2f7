//! Themes by which people and firms find items (主题分类), and the joint matters (一件事).

use super::rows;
use std::sync::LazyLock;

/// Whom a theme is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// 自然人.
    Person,
    /// 法人.
    Firm,
    /// 一件事: several items handled as one, first national list (国办函〔2024〕3号).
    OneThing,
}

/// One theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Theme {
    /// Our own key (`P01`, `F01`, `O01`): the exchange carries the name only.
    pub code: &'static str,
    /// Whom it is for.
    pub audience: Audience,
    /// Chinese name.
    pub name: &'static str,
}

/// All themes in the order in which they are shown.
pub fn themes() -> &'static [Theme] {
    static LIST: LazyLock<Vec<Theme>> = LazyLock::new(|| {
        rows(super::embedded!("themes.csv"))
            .filter_map(|[code, audience, name]| {
                let audience = match audience {
                    "person" => Audience::Person,
                    "firm" => Audience::Firm,
                    "one_thing" => Audience::OneThing,
                    _ => return None,
                };
                Some(Theme {
                    code,
                    audience,
                    name,
                })
            })
            .collect()
    });
    &LIST
}

/// The theme with this key.
pub fn theme(code: &str) -> Option<&'static Theme> {
    themes().iter().find(|theme| theme.code == code)
}

/// The themes for one audience.
pub fn themes_for(audience: Audience) -> impl Iterator<Item = &'static Theme> {
    themes()
        .iter()
        .filter(move |theme| theme.audience == audience)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_lists() {
        let count = |audience| themes_for(audience).count();
        assert_eq!(
            (
                count(Audience::Person),
                count(Audience::Firm),
                count(Audience::OneThing)
            ),
            (30, 34, 13)
        );
        assert_eq!(theme("P01").map(|t| t.name), Some("生育收养"));
        assert_eq!(theme("F99").map(|t| t.name), Some("其他"));
    }
}
