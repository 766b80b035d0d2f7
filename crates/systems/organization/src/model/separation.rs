//! Separation of duties (R38 分岗设权; M-APPR-01.16): the three layers of one body's approval belong to different people.

use std::collections::BTreeSet;

/// The permissions of the three layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers;

impl Layers {
    /// Handler, examiner, approver.
    pub const PERMISSIONS: [&'static str; 3] = ["cases.handle", "cases.examine", "cases.approve"];
}

/// Whether these permissions, held in one body by one person at once, join all three layers in one hand.
/// (That nobody takes two layers of the *same case* is checked there, case by case.)
pub fn separation_broken<'a>(permissions: impl IntoIterator<Item = &'a str>) -> bool {
    let held: BTreeSet<&str> = permissions.into_iter().filter(|p| Layers::PERMISSIONS.contains(p)).collect();
    held.len() == Layers::PERMISSIONS.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_three_layers_in_one_hand_break_it() {
        assert!(!separation_broken([]));
        assert!(!separation_broken(["cases.handle", "cases.handle", "cases.view", "cases.approve"]));
        assert!(separation_broken(["cases.view", "cases.approve", "cases.handle", "cases.examine"]));
    }
}
