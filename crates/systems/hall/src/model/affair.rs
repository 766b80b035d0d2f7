//! A party's own matters (我的事务): what waits for the party first, then what runs, then what is finished.

use cases::model::State;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use web::components::{Tone, format};

/// A case as its party sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affair {
    /// The case.
    pub id: Uuid,
    /// 办件编号.
    pub number: String,
    /// The item applied for.
    pub item: String,
    /// The body that handles it.
    pub body: String,
    /// Where it stands.
    pub state: State,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// Last day of the promise, while the clock runs.
    pub due: Option<NaiveDate>,
    /// Last day to hand in what was asked for.
    pub correct_by: Option<NaiveDate>,
    /// When nothing more was to be done.
    pub finished_at: Option<DateTime<Utc>>,
    /// Title of the licence or approval that came out.
    pub result: Option<String>,
    /// Whether the party may rate it and has not yet.
    pub to_rate: bool,
}

impl Affair {
    /// Its page.
    pub fn href(&self) -> String {
        format!("/my/cases/{}", self.id)
    }

    /// What the party has to do, if anything: a sentence, the verb of its button and where it leads.
    pub fn wait(&self) -> Option<Wait> {
        if self.state == State::CorrectionOpen {
            let until = self.correct_by.map_or_else(String::new, |day| format!("，请在{}前补正", format::date(day)));
            return Some(Wait { sentence: format!("材料需要补正{until}。补正期间不计入办理时间。"), verb: "去补正", href: self.href(), urgent: true });
        }
        self.to_rate.then(|| Wait {
            sentence: "已经办结，请给这次服务打个分。".into(),
            verb: "去评价",
            href: format!("{}/review", self.href()),
            urgent: false,
        })
    }

    /// What happens next, for the party.
    pub fn next_step(&self) -> String {
        match self.state {
            State::Submitted => format!("等{}受理，最迟 5 日内告诉您是否受理、要不要补正", self.body),
            State::CorrectionOpen => "等您补正材料".into(),
            State::InReview => match self.due {
                Some(day) => format!("{}正在审查，承诺 {} 前办结", self.body, format::date(day)),
                None => format!("{}正在审查", self.body),
            },
            State::SpecialProcedure => "正在进行检验、听证等特别程序，期间不计入办理时限".into(),
            State::Granted => "已准予，可以查看和领取结果".into(),
            State::Delivered => "结果已送达".into(),
            State::Refused => "决定不予许可，决定书写明了理由和救济办法".into(),
            State::NotAccepted => "不予受理，通知书写明了理由".into(),
            State::NotNeeded => "这件事不需要办理审批".into(),
            State::Lapsed => "逾期没有补正，需要时请重新申请".into(),
            State::Withdrawn => "您已撤回申请，需要时可以重新申请".into(),
        }
    }

    /// The colour of its state.
    pub fn tone(&self) -> Tone {
        match self.state {
            State::Submitted | State::InReview => Tone::Info,
            State::CorrectionOpen => Tone::Caution,
            State::SpecialProcedure | State::Withdrawn | State::NotNeeded | State::Lapsed => Tone::Neutral,
            State::Granted | State::Delivered => Tone::Good,
            State::Refused | State::NotAccepted => Tone::Alert,
        }
    }
}

/// Something the party has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// What, and until when.
    pub sentence: String,
    /// The verb of its button.
    pub verb: &'static str,
    /// Where it is done.
    pub href: String,
    /// Whether somebody waits for it.
    pub urgent: bool,
}

/// A party's matters, sorted by who has to act.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// The party has to act: corrections first (the earliest limit first), then ratings.
    pub waiting: Vec<Affair>,
    /// An authority has to act: the earliest promise first.
    pub running: Vec<Affair>,
    /// Finished, newest first.
    pub finished: Vec<Affair>,
}

impl Board {
    /// Sorts affairs that come newest first. A finished case that waits for a rating stands in both lists.
    pub fn of(affairs: Vec<Affair>) -> Self {
        let mut board = Self::default();
        for affair in affairs {
            if affair.wait().is_some() {
                board.waiting.push(affair.clone());
            }
            if affair.state.is_closed() {
                board.finished.push(affair);
            } else if affair.wait().is_none() {
                board.running.push(affair);
            }
        }
        let last = NaiveDate::MAX;
        board.waiting.sort_by_key(|a| (!a.wait().is_some_and(|w| w.urgent), a.correct_by.unwrap_or(last)));
        board.running.sort_by_key(|a| a.due.unwrap_or(last));
        board
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affair(number: &str, state: State) -> Affair {
        Affair {
            id: Uuid::nil(),
            number: number.into(),
            item: "食品经营许可".into(),
            body: "桂林市市场监督管理局".into(),
            state,
            submitted_at: DateTime::UNIX_EPOCH,
            due: None,
            correct_by: None,
            finished_at: None,
            result: None,
            to_rate: false,
        }
    }

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    fn numbers(affairs: &[Affair]) -> Vec<&str> {
        affairs.iter().map(|a| a.number.as_str()).collect()
    }

    #[test]
    fn what_waits_for_the_party_comes_first_and_the_earliest_limit_leads() {
        let board = Board::of(vec![
            Affair { to_rate: true, ..affair("rate", State::Granted) },
            Affair { correct_by: day("2026-12-02"), ..affair("later", State::CorrectionOpen) },
            Affair { correct_by: day("2026-11-30"), ..affair("sooner", State::CorrectionOpen) },
            Affair { due: day("2026-12-20"), ..affair("slow", State::InReview) },
            Affair { due: day("2026-12-01"), ..affair("quick", State::InReview) },
            affair("new", State::Submitted),
            affair("old", State::Refused),
        ]);
        assert_eq!(numbers(&board.waiting), ["sooner", "later", "rate"]);
        assert_eq!(numbers(&board.running), ["quick", "slow", "new"]);
        assert_eq!(numbers(&board.finished), ["rate", "old"]);
    }

    #[test]
    fn every_state_says_what_happens_next() {
        for state in State::ALL {
            let shown = affair("x", state).next_step();
            assert!(!shown.is_empty() && !shown.ends_with('。'), "{state:?} {shown}");
        }
    }

    #[test]
    fn no_affair_is_lost() {
        for state in State::ALL {
            for to_rate in [false, true] {
                let board = Board::of(vec![Affair { to_rate, ..affair("x", state) }]);
                assert!(!board.waiting.is_empty() || !board.running.is_empty() || !board.finished.is_empty(), "{state:?}");
            }
        }
    }
}
