//! The list of regions as it comes: `code,name`, twelve digits, parents before their children.

use base::{Error, Result};
use codes::{Level, RegionCode};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionLine {
    /// Twelve digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the region above; empty for the widest.
    pub parent: String,
    /// 1 autonomous region, 2 city, 3 county, 4 township, 5 village.
    pub level: i32,
}

/// Number of a level, 1 to 5.
fn number(level: Level) -> i32 {
    Level::ALL.iter().position(|l| *l == level).and_then(|at| i32::try_from(at + 1).ok()).unwrap_or(0)
}

/// Reads the list. A heading, empty lines and a byte order mark are skipped.
///
/// # Errors
/// When a line is no `code,name`, naming the line.
pub fn parse_regions(csv: &str) -> Result<Vec<RegionLine>> {
    let mut lines = Vec::new();
    for (at, line) in csv.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || (at == 0 && line.starts_with("code")) {
            continue;
        }
        let wrong = |why: &str| Error::refused("organization.region_list", format!("行政区划清单第 {} 行不能读取：{why}。请改正后重新导入。", at + 1));
        let (code, name) = line.split_once(',').ok_or_else(|| wrong("应为“代码,名称”"))?;
        let code = RegionCode::parse(code).map_err(|e| wrong(&e.to_string()))?;
        if name.trim().is_empty() {
            return Err(wrong("没有名称"));
        }
        let parent = code.parent().map(|p| p.as_str().to_owned()).unwrap_or_default();
        lines.push(RegionLine { level: number(code.level()), code: code.as_str().to_owned(), name: name.trim().to_owned(), parent });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_and_parent_follow_from_the_code() {
        let lines = parse_regions("code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n\n450302001001,某社区\n").unwrap();
        assert_eq!(lines.iter().map(|l| l.level).collect::<Vec<_>>(), [1, 2, 5]);
        assert_eq!(lines.iter().map(|l| l.parent.as_str()).collect::<Vec<_>>(), ["", "450000000000", "450302001000"]);
    }

    #[test]
    fn a_damaged_line_is_named() {
        for csv in ["code,name\n45,广西", "code,name\n450300000000,", "code,name\n桂林"] {
            assert!(parse_regions(csv).unwrap_err().message().contains("第 2 行"), "{csv}");
        }
    }
}
