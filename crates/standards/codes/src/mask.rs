//! Masking of personal data on output, by type. In doubt more is hidden; no text is ever shown whole.
//!
//! There is no standard; these are the forms citizens know from other government pages.

/// Hides everything: `***`. For children and wherever even the length would tell something.
pub const FULL: &str = "***";

/// Keeps `head` first and `tail` last characters and replaces each other one with `*`.
///
/// A text too short to hide anything is hidden wholly.
pub fn keep(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    if length <= head + tail {
        return "*".repeat(length);
    }
    let shown = |i: usize| i < head || i >= length - tail;
    text.chars()
        .enumerate()
        .map(|(i, c)| if shown(i) { c } else { '*' })
        .collect()
}

/// Name of a person: first and last character (`张*丰`, `欧**华`), of two characters only the first (`张*`).
pub fn name(name: &str) -> String {
    let name = name.trim();
    match name.chars().count() {
        0..=2 => keep(name, 1, 0),
        _ => keep(name, 1, 1),
    }
}

/// Citizen number: `4503**********0017`, first four and last four.
pub fn citizen_id(id: &str) -> String {
    keep(id.trim(), 4, 4)
}

/// Telephone: mobile `138****5678`; other numbers keep only the last four digits.
pub fn phone(phone: &str) -> String {
    let phone = phone.trim();
    let mobile =
        phone.len() == 11 && phone.starts_with('1') && phone.bytes().all(|b| b.is_ascii_digit());
    keep(phone, if mobile { 3 } else { 0 }, 4)
}

/// Bank card: last four digits.
pub fn bank_card(card: &str) -> String {
    keep(card.trim(), 0, 4)
}

/// Address: shown down to the township (`桂林市临桂区临桂镇****`), else down to the county, else to the city.
///
/// What follows is replaced by four stars whatever its length. Without a recognisable region all is hidden.
pub fn address(address: &str) -> String {
    let address = address.trim();
    let county = end_of_county(address);
    let shown = match county {
        Some(end) => end_of_township(address, end).unwrap_or(end),
        None => address.find('市').map_or(0, |at| at + '市'.len_utf8()),
    };
    format!("{}****", address.get(..shown).unwrap_or_default())
}

/// Byte index behind the first 区 or 县 that ends the name of a county, not of an autonomous region or a housing estate.
fn end_of_county(address: &str) -> Option<usize> {
    const NOT_A_COUNTY: [char; 8] = ['治', '小', '社', '园', '校', '厂', '发', '景'];
    let mut before = ' ';
    for (at, c) in address.char_indices() {
        // 自治县 is a county, 自治区 is not.
        if c == '县' || (c == '区' && !NOT_A_COUNTY.contains(&before)) {
            return Some(at + c.len_utf8());
        }
        before = c;
    }
    None
}

/// Byte index behind 街道, 镇 or 乡, when the name of a township stands directly behind the county.
fn end_of_township(address: &str, county_end: usize) -> Option<usize> {
    const LONGEST_NAME: usize = 8;
    let rest = address.get(county_end..)?;
    let (end, name) = ["街道", "镇", "乡"]
        .into_iter()
        .filter_map(|kind| {
            rest.find(kind)
                .map(|at| (at + kind.len(), rest.get(..at).unwrap_or_default()))
        })
        .min()?;
    // Behind a road or a house number it is the name of an estate or a shop.
    let is_name = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.contains(|c: char| c.is_ascii() || matches!(c, '路' | '街' | '巷' | '道' | '号'));
    is_name.then_some(county_end + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (open, masked) in [
            ("张三", "张*"),
            ("张三丰", "张*丰"),
            ("欧阳振华", "欧**华"),
            ("张", "*"),
            ("", ""),
        ] {
            assert_eq!(name(open), masked);
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(citizen_id("450302199003070017"), "4503**********0017");
        assert_eq!(phone("13812345678"), "138****5678");
        assert_eq!(phone("0773-2812345"), "********2345");
        assert_eq!(bank_card("6222020000001234567"), "***************4567");
        assert_eq!(citizen_id("4503"), "****");
    }

    #[test]
    fn addresses() {
        for (open, masked) in [
            (
                "广西壮族自治区桂林市临桂区临桂镇西城中路69号",
                "广西壮族自治区桂林市临桂区临桂镇****",
            ),
            (
                "桂林市秀峰区秀峰街道中山中路1号",
                "桂林市秀峰区秀峰街道****",
            ),
            (
                "桂林市龙胜各族自治县龙脊镇平安村1组",
                "桂林市龙胜各族自治县龙脊镇****",
            ),
            ("桂林市临桂区西城中路69号镇江小区", "桂林市临桂区****"),
            ("桂林市中山中路幸福小区3栋", "桂林市****"),
            ("幸福小区3栋", "****"),
            ("", "****"),
        ] {
            assert_eq!(address(open), masked);
        }
    }
}
