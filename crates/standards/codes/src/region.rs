//! Administrative region (行政区划), twelve digits of the statistics bureau: 2 province + 2 prefecture + 2 county +
//! 3 township + 3 village. Level, kind and parent follow from the code alone.

use crate::text;

mod kinds;

pub use kinds::{CountyKind, Level, ServiceSite, TownshipKind, VillageKind};

/// Ends of the five parts; a code belongs to the level of its last part that is not zero.
const ENDS: [usize; 5] = [2, 4, 6, 9, 12];

/// A region code. The form is checked, not whether the region exists: that is a matter of the region table and its year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(String);

/// Why a text is no region code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegionCodeError {
    /// Not twelve digits (or not 2, 4, 6, 9 or 12 for a prefix).
    #[error("行政区划代码应为12位数字，请核对后重新输入")]
    Form,
    /// The province part is `00`.
    #[error("行政区划代码前两位（省级）不能为00，请核对")]
    Province,
}

impl RegionCode {
    /// Reads twelve digits.
    pub fn parse(input: &str) -> Result<Self, RegionCodeError> {
        let code = text::clean(input);
        if !text::is_digits(&code, 12) {
            return Err(RegionCodeError::Form);
        }
        if code.starts_with("00") {
            return Err(RegionCodeError::Province);
        }
        Ok(Self(code))
    }

    /// Reads a shortened code of 2, 4, 6, 9 or 12 digits (`4503`, `450302` of a citizen number) and fills it with zeros.
    pub fn from_prefix(prefix: &str) -> Result<Self, RegionCodeError> {
        let code = text::clean(prefix);
        if !ENDS.contains(&code.len()) {
            return Err(RegionCodeError::Form);
        }
        Self::parse(&format!("{code:0<12}"))
    }

    /// All twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn segment(&self, level: Level) -> &str {
        match level {
            Level::Region => text::part(&self.0, 0, 2),
            Level::City => text::part(&self.0, 2, 4),
            Level::County => text::part(&self.0, 4, 6),
            Level::Township => text::part(&self.0, 6, 9),
            Level::Village => text::part(&self.0, 9, 12),
        }
    }

    fn number(&self, level: Level) -> u16 {
        self.segment(level).parse().unwrap_or_default()
    }

    /// Level of the last part that is not zero.
    pub fn level(&self) -> Level {
        Level::ALL
            .into_iter()
            .rev()
            .find(|&level| self.number(level) != 0)
            .unwrap_or(Level::Region)
    }

    /// The digits that matter (`4503` for Guilin), for `LIKE 'prefix%'` and range filters: every region inside this one,
    /// and no other, begins with them.
    pub fn prefix(&self) -> &str {
        text::part(&self.0, 0, self.level().digits())
    }

    /// The first six digits, as used in citizen numbers, credit codes and project codes.
    pub fn region6(&self) -> &str {
        text::part(&self.0, 0, 6)
    }

    /// The next wider region; `None` for a province.
    ///
    /// A city without counties (东莞 441900) is the parent of its towns, so the parent may be two levels up.
    pub fn parent(&self) -> Option<Self> {
        self.ancestor_above(self.level())
    }

    fn ancestor_above(&self, level: Level) -> Option<Self> {
        let wider = Level::ALL
            .into_iter()
            .rev()
            .filter(|&l| l < level)
            .find(|&l| self.number(l) != 0)?;
        Some(Self(format!(
            "{:0<12}",
            text::part(&self.0, 0, wider.digits())
        )))
    }

    /// The region of the wanted level that this one lies in (or is); `None` when there is none.
    pub fn at(&self, level: Level) -> Option<Self> {
        (level <= self.level() && self.number(level) != 0)
            .then(|| Self(format!("{:0<12}", text::part(&self.0, 0, level.digits()))))
    }

    /// Is `other` this region or inside it?
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(self.prefix())
    }

    /// Kind of the county-level part; `None` above county level.
    pub fn county_kind(&self) -> Option<CountyKind> {
        match self.number(Level::County) {
            1..=20 => Some(CountyKind::District),
            21..=80 => Some(CountyKind::County),
            81..=99 => Some(CountyKind::CountyLevelCity),
            _ => None,
        }
    }

    /// Kind of the township-level part; `None` above township level and outside the known ranges.
    pub fn township_kind(&self) -> Option<TownshipKind> {
        match self.number(Level::Township) {
            1..=99 => Some(TownshipKind::Subdistrict),
            100..=199 => Some(TownshipKind::Town),
            200..=399 => Some(TownshipKind::RuralTownship),
            400..=599 => Some(TownshipKind::Similar),
            _ => None,
        }
    }

    /// Kind of the village-level part; `None` above village level and outside the known ranges.
    pub fn village_kind(&self) -> Option<VillageKind> {
        match self.number(Level::Village) {
            1..=199 => Some(VillageKind::Residents),
            200..=399 => Some(VillageKind::Villagers),
            400..=499 => Some(VillageKind::SimilarToResidents),
            500..=599 => Some(VillageKind::SimilarToVillagers),
            _ => None,
        }
    }

    /// Uniform name of the service site of the region called `region_name`, for example `桂林市政务服务中心`.
    ///
    /// At village level the committee is dropped from the name: `鸡村村委会` → `鸡村便民服务站`.
    pub fn service_site_name(&self, region_name: &str) -> String {
        let site = self.level().service_site();
        let place = match site {
            ServiceSite::ConvenienceStation => without_committee(region_name),
            _ => region_name.to_owned(),
        };
        format!("{place}{}", site.name())
    }
}

/// The place a committee is named after; a village keeps the `村` its name ends with.
fn without_committee(name: &str) -> String {
    for (committee, kept) in [
        ("居民委员会", ""),
        ("居委会", ""),
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("社区委员会", "社区"),
    ] {
        if let Some(place) = name
            .strip_suffix(committee)
            .filter(|place| !place.is_empty())
        {
            let kept = if place.ends_with(kept) || place.ends_with("社区") {
                ""
            } else {
                kept
            };
            return format!("{place}{kept}");
        }
    }
    name.to_owned()
}

text::string_code!(RegionCode, RegionCodeError);

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::from_prefix(text).unwrap()
    }

    #[test]
    fn level_prefix_and_parent() {
        let chain = ["450302001003", "450302001", "450302", "4503", "45"];
        for (i, text) in chain.iter().enumerate() {
            let region = code(text);
            assert_eq!(region.prefix(), *text);
            assert_eq!(usize::from(region.level().number()), 5 - i);
            assert_eq!(region.parent(), chain.get(i + 1).map(|p| code(p)));
        }
        assert_eq!(code("450302001003").at(Level::City), Some(code("4503")));
        assert_eq!(code("4503").at(Level::County), None);
    }

    #[test]
    fn a_city_without_counties_is_the_parent_of_its_towns() {
        let town = code("441900003");
        assert_eq!(town.level(), Level::Township);
        assert_eq!(town.parent(), Some(code("4419")));
        assert_eq!(town.at(Level::County), None);
    }

    #[test]
    fn containment() {
        assert!(code("4503").contains(&code("450302001")));
        assert!(code("4503").contains(&code("4503")));
        assert!(!code("4503").contains(&code("45")));
        assert!(!code("450302").contains(&code("450303")));
    }

    #[test]
    fn kinds() {
        assert_eq!(code("450302").county_kind(), Some(CountyKind::District));
        assert_eq!(code("450332").county_kind(), Some(CountyKind::County));
        assert_eq!(
            code("450381").county_kind(),
            Some(CountyKind::CountyLevelCity)
        );
        assert_eq!(
            code("450305400").township_kind(),
            Some(TownshipKind::Similar)
        );
        assert_eq!(
            code("450302001").township_kind(),
            Some(TownshipKind::Subdistrict)
        );
        assert_eq!(
            code("450302001003").village_kind(),
            Some(VillageKind::Residents)
        );
        assert_eq!(code("4503").county_kind(), None);
    }

    #[test]
    fn service_site_names_follow_the_level() {
        assert_eq!(
            code("4503").service_site_name("桂林市"),
            "桂林市政务服务中心"
        );
        assert_eq!(
            code("450302001").service_site_name("秀峰街道"),
            "秀峰街道便民服务中心"
        );
        for (name, site) in [
            ("鸡村村委会", "鸡村便民服务站"),
            ("甲山村委会", "甲山村便民服务站"),
            ("白合华侨社区居民委员会", "白合华侨社区便民服务站"),
            ("渔业居委会", "渔业便民服务站"),
            ("里建农场生活区", "里建农场生活区便民服务站"),
            ("村委会", "村委会便民服务站"),
        ] {
            assert_eq!(code("450302001003").service_site_name(name), site);
        }
    }

    #[test]
    fn wrong_forms() {
        for text in ["", "4503", "45030200000", "45030200000A", "桂林市"] {
            assert_eq!(
                RegionCode::parse(text),
                Err(RegionCodeError::Form),
                "{text}"
            );
        }
        assert_eq!(
            RegionCode::parse("000000000000"),
            Err(RegionCodeError::Province)
        );
        assert_eq!(RegionCode::from_prefix("450"), Err(RegionCodeError::Form));
        assert_eq!(RegionCode::from_prefix(""), Err(RegionCodeError::Form));
    }
}
