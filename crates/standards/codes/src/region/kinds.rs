//! Levels and kinds of regions, and the service sites that go with them.

/// The five levels. Ordered from the widest (`Region`) to the narrowest (`Village`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 省、自治区、直辖市.
    Region = 1,
    /// 地级市、自治州、地区.
    City = 2,
    /// 县、区、县级市.
    County = 3,
    /// 乡、镇、街道.
    Township = 4,
    /// 村、社区.
    Village = 5,
}

/// Kind of a county-level region by its code range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CountyKind {
    /// 市辖区, 01–20.
    District,
    /// 县 or 自治县, 21–80; only the name tells the two apart.
    County,
    /// 县级市, 81–99.
    CountyLevelCity,
}

/// Kind of a township-level region by its code range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TownshipKind {
    /// 街道, 001–099.
    Subdistrict,
    /// 镇, 100–199.
    Town,
    /// 乡, 200–399.
    RuralTownship,
    /// 类似乡级单位 (development zone, farm), 400–599.
    Similar,
}

/// Kind of a village-level region by its code range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VillageKind {
    /// 居委会, 001–199.
    Residents,
    /// 村委会, 200–399.
    Villagers,
    /// 类似居委会, 400–499.
    SimilarToResidents,
    /// 类似村委会, 500–599.
    SimilarToVillagers,
}

/// The place where people are served, named alike everywhere (requirement R52, M-PORT-06.03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceSite {
    /// 政务服务中心, county level and above.
    ServiceCentre,
    /// 便民服务中心, township level.
    ConvenienceCentre,
    /// 便民服务站, village level.
    ConvenienceStation,
}

impl Level {
    /// All levels, widest first.
    pub const ALL: [Self; 5] = [
        Self::Region,
        Self::City,
        Self::County,
        Self::Township,
        Self::Village,
    ];

    /// 1 (region) to 5 (village).
    pub fn number(self) -> u8 {
        self as u8
    }

    /// How many digits of a code tell regions of this level apart.
    pub fn digits(self) -> usize {
        match self {
            Self::Region => 2,
            Self::City => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Village => 12,
        }
    }

    /// Chinese name: `自治区级`, `市级`, `县级`, `乡镇级`, `村级`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "自治区级",
            Self::City => "市级",
            Self::County => "县级",
            Self::Township => "乡镇级",
            Self::Village => "村级",
        }
    }

    /// What the service site of this level is (R52).
    pub fn service_site(self) -> ServiceSite {
        match self {
            Self::Region | Self::City | Self::County => ServiceSite::ServiceCentre,
            Self::Township => ServiceSite::ConvenienceCentre,
            Self::Village => ServiceSite::ConvenienceStation,
        }
    }
}

impl ServiceSite {
    /// The uniform Chinese name (R52).
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceCentre => "政务服务中心",
            Self::ConvenienceCentre => "便民服务中心",
            Self::ConvenienceStation => "便民服务站",
        }
    }
}

impl CountyKind {
    /// Chinese name; `县（自治县）` for both kinds of county.
    pub fn name(self) -> &'static str {
        match self {
            Self::District => "市辖区",
            Self::County => "县（自治县）",
            Self::CountyLevelCity => "县级市",
        }
    }
}

impl TownshipKind {
    /// Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subdistrict => "街道",
            Self::Town => "镇",
            Self::RuralTownship => "乡",
            Self::Similar => "类似乡级单位",
        }
    }
}

impl VillageKind {
    /// Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Residents => "居委会",
            Self::Villagers => "村委会",
            Self::SimilarToResidents => "类似居委会",
            Self::SimilarToVillagers => "类似村委会",
        }
    }
}
