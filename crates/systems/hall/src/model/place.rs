//! A place and the wider places whose items it shares (市、县、乡镇三级统一架构, M-PORT-01.20).

use codes::RegionCode;

/// The place a visitor gets, from what the cookie says: a region inside the installation's own, or that one.
pub fn within<'a>(chosen: &'a str, own: &'a str) -> &'a str {
    match (RegionCode::parse(chosen), RegionCode::parse(own)) {
        (Ok(place), Ok(home)) if home.contains(&place) => chosen,
        _ => own,
    }
}

/// The place itself and every wider one, narrowest first: whoever lives in a township is also served by the offices of
/// its county and city.
pub fn chain(place: &str) -> Vec<String> {
    let mut chain = Vec::new();
    let mut next = RegionCode::parse(place).ok();
    while let Some(region) = next {
        next = region.parent();
        chain.push(region.as_str().to_owned());
    }
    chain
}

/// First and last text of a range that holds a region and everything inside it; codes are digits, and `:` follows `9`.
pub fn range(place: &str) -> (String, String) {
    let prefix = RegionCode::parse(place).map_or_else(|_| place.to_owned(), |region| region.prefix().to_owned());
    let end = format!("{prefix}:");
    (prefix, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_is_served_by_all_above_it() {
        assert_eq!(chain("450302001001"), ["450302001001", "450302001000", "450302000000", "450300000000", "450000000000"]);
        assert_eq!(chain("450300000000"), ["450300000000", "450000000000"]);
        assert!(chain("x").is_empty());
    }

    #[test]
    fn a_foreign_or_forged_place_is_ours() {
        let own = "450300000000";
        assert_eq!(within("450302000000", own), "450302000000");
        for foreign in ["450400000000", "999999999999", "", "4503"] {
            assert_eq!(within(foreign, own), own);
        }
    }

    #[test]
    fn a_range_holds_what_lies_inside() {
        let (from, to) = range("450302000000");
        let inside = |code: &str| code >= from.as_str() && code < to.as_str();
        assert!(inside("450302000000") && inside("450302999999"));
        assert!(!inside("450303000000") && !inside("450300000000"));
    }
}
