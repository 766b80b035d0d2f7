//! Investment project code (投资项目代码): 24 characters with dashes, two generations in use side by side.
//!
//! Proved on published codes. What the third and fourth part mean in the newer generation is not published and
//! therefore not interpreted here.

use crate::text;

/// A project code of either generation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectCode(String);

/// Generation, told by the first group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Generation {
    /// `YYYY-RRRRRR-II-KK-NNNNNN`: year, region, industry division, kind, serial.
    Yearly {
        /// 2015–2099.
        year: u16,
    },
    /// `YYMM-RRRRRR-PP-KK-NNNNNN`, since about 2020.
    Monthly {
        /// Full year.
        year: u16,
        /// 1–12.
        month: u8,
    },
}

/// Kind of project procedure, fourth group of the yearly generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProjectKind {
    /// 审批 (01): government investment.
    Approval,
    /// 核准 (02).
    Ratification,
    /// 备案 (03).
    Filing,
}

/// Why a text is no project code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProjectCodeError {
    /// Not groups of 4, 6, 2, 2 and 6 digits.
    #[error(
        "投资项目代码应形如2603-450302-89-05-346948（数字分为4、6、2、2、6位，以“-”连接），请核对"
    )]
    Form,
    /// The first group is neither a year nor a year and month.
    #[error("投资项目代码前四位应为年份或年月，请核对")]
    Time,
}

impl ProjectCode {
    /// Reads a code; full-width digits and dashes are accepted.
    pub fn parse(input: &str) -> Result<Self, ProjectCodeError> {
        let code = text::clean(input);
        let groups: Vec<&str> = code.split('-').collect();
        let lengths = [4, 6, 2, 2, 6];
        if groups.len() != lengths.len()
            || !groups
                .iter()
                .zip(lengths)
                .all(|(g, n)| text::is_digits(g, n))
        {
            return Err(ProjectCodeError::Form);
        }
        generation(text::part(&code, 0, 4)).ok_or(ProjectCodeError::Time)?;
        Ok(Self(code))
    }

    /// The code with its dashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Generation and time of the code.
    pub fn generation(&self) -> Generation {
        // `parse` let only known generations in; the fallback keeps this free of panics.
        generation(text::part(&self.0, 0, 4)).unwrap_or(Generation::Yearly { year: 2015 })
    }

    /// Region of the project, six digits.
    pub fn region6(&self) -> &str {
        text::part(&self.0, 5, 11)
    }

    /// Third group: in the yearly generation the division of GB/T 4754.
    pub fn third_group(&self) -> &str {
        text::part(&self.0, 12, 14)
    }

    /// Kind of procedure; only the yearly generation tells it.
    pub fn kind(&self) -> Option<ProjectKind> {
        match (self.generation(), text::part(&self.0, 15, 17)) {
            (Generation::Yearly { .. }, "01") => Some(ProjectKind::Approval),
            (Generation::Yearly { .. }, "02") => Some(ProjectKind::Ratification),
            (Generation::Yearly { .. }, "03") => Some(ProjectKind::Filing),
            _ => None,
        }
    }

    /// Serial, six digits.
    pub fn serial(&self) -> &str {
        text::part(&self.0, 18, 24)
    }
}

/// The two generations cannot be confused before 2100: years 2015–2099 end in 15–99, which is no month.
fn generation(group: &str) -> Option<Generation> {
    let number: u16 = group.parse().ok()?;
    let month = number % 100;
    match number {
        2015..=2099 => Some(Generation::Yearly { year: number }),
        _ if (1..=12).contains(&month) => Some(Generation::Monthly {
            year: 2000 + number / 100,
            month: u8::try_from(month).ok()?,
        }),
        _ => None,
    }
}

text::string_code!(ProjectCode, ProjectCodeError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yearly_generation() {
        let code = ProjectCode::parse("2020-451421-88-03-016343").unwrap();
        assert_eq!(code.generation(), Generation::Yearly { year: 2020 });
        assert_eq!(
            (code.region6(), code.third_group(), code.serial()),
            ("451421", "88", "016343")
        );
        assert_eq!(code.kind(), Some(ProjectKind::Filing));
        assert_eq!(
            ProjectCode::parse("2020-330327-48-01-167360")
                .unwrap()
                .kind(),
            Some(ProjectKind::Approval)
        );
    }

    #[test]
    fn monthly_generation() {
        let code = ProjectCode::parse("2603-141124-89-05-346948").unwrap();
        assert_eq!(
            code.generation(),
            Generation::Monthly {
                year: 2026,
                month: 3
            }
        );
        assert_eq!(code.kind(), None);
        let code = ProjectCode::parse("２４１１－130202-89-01-637015").unwrap();
        assert_eq!(
            code.generation(),
            Generation::Monthly {
                year: 2024,
                month: 11
            }
        );
        assert_eq!(
            generation("2012"),
            Some(Generation::Monthly {
                year: 2020,
                month: 12
            })
        );
    }

    #[test]
    fn mistakes() {
        for text in [
            "",
            "2020-451421-88-03",
            "2020-451421-88-03-01634X",
            "20204514218803016343",
        ] {
            assert_eq!(
                ProjectCode::parse(text),
                Err(ProjectCodeError::Form),
                "{text}"
            );
        }
        for text in [
            "2014-451421-88-03-016343",
            "2613-451421-88-03-016343",
            "2600-451421-88-03-016343",
        ] {
            assert_eq!(
                ProjectCode::parse(text),
                Err(ProjectCodeError::Time),
                "{text}"
            );
        }
    }
}
