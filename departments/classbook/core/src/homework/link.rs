//! Addresses that a teacher gives along: https only, to a host that can be read, nothing hidden in them. They are opened by children.

/// The longest address.
pub const LONGEST: usize = 1000;
/// Most addresses of one homework.
pub const MOST: usize = 10;

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It does not begin with `https://`.
    NotHttps,
    /// No host that could be one, or a name and password before it, as in `https://school.ru@evil.example`.
    Host,
    /// Spaces, quotes, control characters.
    Characters,
    /// Longer than [`LONGEST`].
    Long,
}

/// The address as it is kept.
///
/// # Errors
/// Why it is none.
pub fn check(address: &str) -> Result<String, Wrong> {
    let address = address.trim();
    let head = address.get(..8).unwrap_or_default();
    if !head.eq_ignore_ascii_case("https://") {
        return Err(Wrong::NotHttps);
    }
    if address.chars().count() > LONGEST {
        return Err(Wrong::Long);
    }
    if address.chars().any(is_hidden) {
        return Err(Wrong::Characters);
    }
    let rest = address.get(8..).unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !is_host(host) {
        return Err(Wrong::Host);
    }
    Ok(format!("https://{rest}"))
}

/// `school.example`, `москва.рф`, `school.example:8443`.
fn is_host(host: &str) -> bool {
    let (name, port) = host
        .split_once(':')
        .map_or((host, None), |(name, port)| (name, Some(port)));
    let port = port.is_none_or(|p| p.parse::<u16>().is_ok_and(|p| p > 0));
    let labels: Vec<&str> = name.split('.').collect();
    let label = |l: &&str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    port && labels.len() >= 2 && name.chars().count() <= 253 && labels.iter().all(label)
}

fn is_hidden(c: char) -> bool {
    c.is_whitespace() || c.is_control() || super::name::is_invisible(c) || "\"'<>\\^`{|}".contains(c)
}

/// What a person reads of an address: without the beginning that all have, and not longer than a line.
#[must_use]
pub fn shown(address: &str) -> String {
    let rest = address.strip_prefix("https://").unwrap_or(address);
    let rest = rest.trim_end_matches('/');
    if rest.chars().count() <= 48 {
        return rest.to_owned();
    }
    let cut: String = rest.chars().take(47).collect();
    format!("{cut}…")
}

/// The addresses of a text with one a line, and the lines that are none.
#[must_use]
pub fn lines(text: &str) -> (Vec<String>, Vec<(String, Wrong)>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        match check(line) {
            Ok(link) if good.contains(&link) => {}
            Ok(link) => good.push(link),
            Err(wrong) => bad.push((line.to_owned(), wrong)),
        }
    }
    (good, bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_children_may_open() {
        for good in [
            "https://resh.edu.ru/subject/lesson/1234/",
            "HTTPS://resh.edu.ru",
            " https://школа.рф/урок?н=5#а ",
            "https://school.example:8443/x",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://resh.edu.ru", Wrong::NotHttps),
            ("javascript:alert(1)", Wrong::NotHttps),
            ("data:text/html,x", Wrong::NotHttps),
            ("//resh.edu.ru", Wrong::NotHttps),
            ("", Wrong::NotHttps),
            ("https://", Wrong::Host),
            ("https:///etc/passwd", Wrong::Host),
            ("https://localhost/x", Wrong::Host),
            ("https://sberbank.ru@evil.example/", Wrong::Host),
            ("https://resh..ru", Wrong::Host),
            ("https://resh.ru:0", Wrong::Host),
            ("https://resh.ru:99999", Wrong::Host),
            ("https://resh.ru/a b", Wrong::Characters),
            ("https://resh.ru/\u{202e}gpj.exe", Wrong::Characters),
            ("https://resh.ru/\"onclick=", Wrong::Characters),
            ("https://resh.ru\\@evil.example", Wrong::Characters),
        ] {
            assert_eq!(check(bad), Err(why), "{bad}");
        }
        assert_eq!(
            check(&format!("https://a.ru/{}", "x".repeat(1000))),
            Err(Wrong::Long)
        );
    }

    #[test]
    fn one_a_line_and_each_once() {
        let (good, bad) = lines("https://a.ru\n\n  https://a.ru \nftp://b.ru\nhttps://c.ru/1");
        assert_eq!(good, ["https://a.ru", "https://c.ru/1"]);
        assert_eq!(bad, [("ftp://b.ru".to_owned(), Wrong::NotHttps)]);
    }

    proptest! {
        #[test]
        fn what_is_taken_is_taken_again_as_it_is(text in "\\PC{0,60}", path in "[a-z/?#=.]{0,30}") {
            for address in [text.clone(), format!("https://{text}"), format!("https://a.ru/{path}")] {
                if let Ok(kept) = check(&address) {
                    prop_assert!(kept.starts_with("https://"));
                    prop_assert!(!kept.contains(['"', '<', '\\', ' ', '\n']));
                    prop_assert_eq!(check(&kept), Ok(kept.clone()));
                    prop_assert!(shown(&kept).chars().count() <= 48);
                }
            }
        }
    }
}
