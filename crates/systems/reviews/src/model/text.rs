//! Comments as the public may read them.

/// Digits in a row that may be a telephone or identity number.
const NUMBER_LENGTH: usize = 6;

/// A comment without numbers that could lead to a person: longer runs of digits become stars, wherever they were typed.
pub fn public_text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_numeric() || (!run.is_empty() && matches!(c, 'x' | 'X' | '-')) {
            run.push(c);
            continue;
        }
        let digits = run.chars().filter(|c| c.is_numeric()).count();
        if digits >= NUMBER_LENGTH { shown.push_str("***") } else { shown.push_str(&run) }
        run.clear();
        shown.push(c);
    }
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_of_people_are_hidden_and_others_stay() {
        assert_eq!(public_text("等了2小时，我的电话13800000000"), "等了2小时，我的电话***");
        assert_eq!(public_text("450302199003070017办证"), "***办证");
        assert_eq!(public_text("０７７３-1234567"), "***");
        assert_eq!(public_text("很好"), "很好");
    }

    proptest! {
        #[test]
        fn six_digits_never_stand_together(text in ".{0,80}") {
            let shown = public_text(&text);
            let longest = shown.split(|c: char| !c.is_numeric()).map(|run| run.chars().count()).max().unwrap_or(0);
            prop_assert!(longest < NUMBER_LENGTH, "{shown}");
        }
    }
}
