/// The page to go to after signing in: a path of this site, or `home`. An address elsewhere is refused (open redirect),
/// and so is the sign-in page itself.
pub fn safe_next<'a>(next: &'a str, home: &'a str) -> &'a str {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && next.bytes().all(|b| b.is_ascii_graphic());
    let loops = ["/login", "/logout", "/register"].iter().any(|p| next.starts_with(p));
    if own && !loops { next } else { home }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn only_our_own_pages() {
        for next in ["/my", "/apply/1?step=2", "/work/cases/7"] {
            assert_eq!(safe_next(next, "/"), next);
        }
        for next in ["", "https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a\r\nSet-Cookie: x", "/login?next=/", "/ x"] {
            assert_eq!(safe_next(next, "/my"), "/my", "{next}");
        }
    }
}
