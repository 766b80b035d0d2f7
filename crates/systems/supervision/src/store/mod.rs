//! Tables of supervision.

mod alert;
mod board;
mod day;
mod migrations;
mod notice;
mod rule;
mod watch;

pub use alert::{Alert, Candidate, DateRule, NewAlert, alerts, candidates, clear, clear_alerts, insert_alerts, step_alerts};
pub(crate) use board::scope as board_scope;
pub use board::{BoardRow, board, refresh};
pub use day::{BodyFigures, add_day, days};
pub use migrations::migrations;
pub(crate) use notice::scope;
pub use notice::{Notice, insert_notice, next_number, notice, notices, notices_of, save_notice};
pub use rule::{rules, set_rule};
pub(crate) use watch::scope as case_scope;
pub use watch::{CaseFilter, LightFilter, claim, list, save, set_rectify_due, watch};
