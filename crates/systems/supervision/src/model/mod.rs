//! Rules of supervision, pure: the watched course of a case, lights, alerts, notices.

mod day;
mod notice;
mod rule;
mod watch;

pub use day::DayFigures;
pub use notice::{NoticeAct, NoticeState};
pub use rule::{Params, Rule, RuleKind, Rules};
pub use watch::{Finding, Heard, Watch, WatchDates, hear, light, yellow_from};
