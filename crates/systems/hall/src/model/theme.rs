//! How themes (主题) and joint matters (一件事) look and read. Their names and keys are the code list's.

use codes::lists::{Audience, Theme, themes_for};
use web::components::Icon;

/// Themes on the front page, most wanted first; the rest stand behind 全部主题.
const FRONT_PERSON: [&str; 15] =
    ["P01", "P02", "P04", "P06", "P11", "P14", "P15", "P16", "P17", "P19", "P27", "P28", "P12", "P22", "P26"];
const FRONT_FIRM: [&str; 15] =
    ["F01", "F02", "F05", "F06", "F07", "F08", "F16", "F09", "F11", "F15", "F17", "F18", "F21", "F23", "F32"];

/// The part of the address that stands for an audience: `/themes/person/P01`.
pub fn slug(audience: Audience) -> &'static str {
    match audience {
        Audience::Person => "person",
        Audience::Firm => "firm",
        Audience::OneThing => "one-thing",
    }
}

/// The audience of a part of an address. Joint matters have an address of their own.
pub fn audience(slug: &str) -> Option<Audience> {
    match slug {
        "person" => Some(Audience::Person),
        "firm" => Some(Audience::Firm),
        _ => None,
    }
}

/// A theme by its key or its name, for one audience.
pub fn find(audience: Audience, key_or_name: &str) -> Option<&'static Theme> {
    themes_for(audience).find(|theme| theme.code == key_or_name || theme.name == key_or_name)
}

/// Where a theme stands.
pub fn href(theme: &Theme) -> String {
    match theme.audience {
        Audience::OneThing => format!("/one-thing/{}", theme.code),
        audience => format!("/themes/{}/{}", slug(audience), theme.code),
    }
}

/// The themes of the front page.
pub fn front(audience: Audience) -> impl Iterator<Item = &'static Theme> {
    let codes: &[&str] = match audience {
        Audience::Person => &FRONT_PERSON,
        Audience::Firm => &FRONT_FIRM,
        Audience::OneThing => &["O12", "O04", "O11", "O09", "O02", "O08", "O10", "O03"],
    };
    codes.iter().filter_map(|code| codes::lists::theme(code))
}

/// The sign of a theme.
pub fn icon(theme: &Theme) -> Icon {
    match theme.code {
        "P01" | "O12" => Icon::Baby,
        "P02" => Icon::House,
        "P03" | "F25" => Icon::Landmark,
        "P04" | "O08" => Icon::GraduationCap,
        "P05" | "F28" | "O06" => Icon::ShieldCheck,
        "P06" => Icon::Briefcase,
        "P07" | "F01" | "O04" => Icon::Store,
        "P08" | "F02" => Icon::BadgeCheck,
        "P09" => Icon::Contact,
        "P10" | "F09" => Icon::Banknote,
        "P11" => Icon::Heart,
        "P12" => Icon::Medal,
        "P13" | "F08" => Icon::HardHat,
        "P14" => Icon::Building2,
        "P15" | "F07" => Icon::Umbrella,
        "P16" | "O09" => Icon::IdCard,
        "P17" => Icon::Bus,
        "P18" => Icon::Image,
        "P19" => Icon::Plane,
        "P20" => Icon::Wallet,
        "P21" | "F29" => Icon::Flame,
        "P22" | "F30" => Icon::Scale,
        "P23" | "F24" => Icon::Lightbulb,
        "P24" | "F18" => Icon::Leaf,
        "P25" => Icon::Palette,
        "P26" | "F31" | "O05" => Icon::Zap,
        "P27" | "F21" => Icon::HeartPulse,
        "P28" | "O11" => Icon::Armchair,
        "P29" | "O13" => Icon::Flower2,
        "F03" => Icon::Stamp,
        "F04" => Icon::CalendarClock,
        "F05" => Icon::Receipt,
        "F06" => Icon::Users,
        "F10" => Icon::Lock,
        "F11" => Icon::Handshake,
        "F12" => Icon::Gavel,
        "F13" => Icon::Ship,
        "F14" => Icon::Languages,
        "F15" => Icon::Wheat,
        "F16" => Icon::MapPin,
        "F17" | "O03" => Icon::Truck,
        "F19" => Icon::TriangleAlert,
        "F20" => Icon::Droplets,
        "F22" => Icon::Microscope,
        "F23" => Icon::School,
        "F26" => Icon::ListChecks,
        "F27" => Icon::Search,
        "F32" | "O02" => Icon::FileCheck,
        "F33" => Icon::Archive,
        "O01" => Icon::RefreshCw,
        "O07" => Icon::ChartColumn,
        "O10" => Icon::HandHelping,
        _ => Icon::LayoutGrid,
    }
}

/// What a joint matter settles in one go, in a sentence.
pub fn sentence(one_thing: &Theme) -> &'static str {
    match one_thing.code {
        "O01" => "名称、住所、法定代表人变了，相关登记一起改",
        "O02" => "税务、社保、海关和登记一次注销",
        "O03" => "执照、道路运输许可、车辆运输证一次申请",
        "O04" => "执照、食品经营许可、招牌一次申请",
        "O05" => "水、电、气、网络一次报装，不用跑四家",
        "O06" => "一处申请，多个网站的失信信息同步修复",
        "O07" => "多个部门的合规证明用一份报告代替",
        "O08" => "入学报名、户籍和居住信息核验一起办",
        "O09" => "一张卡看病、乘车、领补贴",
        "O10" => "残疾人证、两项补贴、城乡居民养老保险一起办",
        "O11" => "养老金核定、医保、公积金提取一起办",
        "O12" => "出生证明、落户、医保、社保卡一起办",
        "O13" => "火化、户口注销、养老金和遗属待遇一起办",
        _ => "相关的几件事，一次办好",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_has_a_sign_of_its_own_sense() {
        for audience in [Audience::Person, Audience::Firm, Audience::OneThing] {
            for theme in themes_for(audience) {
                assert!(icon(theme) != Icon::LayoutGrid || theme.name == "其他", "{}", theme.name);
            }
        }
    }

    #[test]
    fn the_front_page_names_only_themes_that_exist() {
        assert_eq!(front(Audience::Person).count(), FRONT_PERSON.len());
        assert_eq!(front(Audience::Firm).count(), FRONT_FIRM.len());
        assert_eq!(front(Audience::OneThing).count(), 8);
        assert!(themes_for(Audience::OneThing).all(|t| sentence(t) != "相关的几件事，一次办好"));
    }

    #[test]
    fn a_theme_is_found_by_key_and_by_name() {
        assert_eq!(find(Audience::Person, "P01").map(|t| t.name), Some("生育收养"));
        assert_eq!(find(Audience::Person, "生育收养").map(|t| t.code), Some("P01"));
        assert!(find(Audience::Firm, "P01").is_none());
        assert_eq!(audience("one-thing"), None);
    }
}
