/// Most characters of a password; longer ones would only cost time to hash.
const LONGEST: usize = 128;

/// What is wrong with a password, as a sentence; `None` when it is strong enough: at least 8 characters of three of the
/// four classes (capital letters, small letters, digits, other signs), without any of the logins in it.
pub fn password_problem(password: &str, logins: &[&str]) -> Option<&'static str> {
    let length = password.chars().count();
    if length < 8 {
        return Some("密码至少 8 位，请加长。");
    }
    if length > LONGEST {
        return Some("密码最多 128 位，请缩短。");
    }
    let classes = [
        password.chars().any(|c| c.is_ascii_uppercase()),
        password.chars().any(|c| c.is_ascii_lowercase()),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    if classes.into_iter().filter(|c| *c).count() < 3 {
        return Some("密码要包含大写字母、小写字母、数字、符号中的至少三种，请修改。");
    }
    let small = password.to_lowercase();
    if logins.iter().any(|login| login.len() >= 3 && small.contains(&login.to_lowercase())) {
        return Some("密码不能包含登录账号、证件号码或手机号码，请修改。");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strength() {
        assert_eq!(password_problem("Guilin-2026", &["13800000000"]), None);
        for (password, word) in [("Ab1!", "至少 8 位"), ("abcdefgh1", "至少三种"), ("GUILIN2026", "至少三种"), ("Zhang.1001x", "不能包含")] {
            assert!(password_problem(password, &["zhang.1001"]).unwrap().contains(word), "{password}");
        }
        assert!(password_problem(&"Aa1!".repeat(40), &[]).unwrap().contains("最多"));
    }

    proptest! {
        #[test]
        fn a_login_inside_is_always_found(login in "[a-z]{3,10}", tail in "[A-Z]{4}[0-9]{4}") {
            let password = format!("{login}{tail}");
            prop_assert!(password_problem(&password, &[&login]).is_some());
        }
    }
}
