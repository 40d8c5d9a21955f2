//! Where one goes after signing in: only to a page of ours.

/// The path to go to: `wanted` when it is a path on this very site, else «/».
/// «//evil.example», «/\evil.example», «https:…», control characters and the sign-in page itself are refused.
#[must_use]
pub fn local_path(wanted: &str) -> &str {
    let safe = wanted.starts_with('/')
        && wanted.len() <= 1000
        && !wanted.starts_with("//")
        && !wanted.contains('\\')
        // browsers drop tab and line ends inside an address: «/\t/evil» would become «//evil»
        && !wanted.chars().any(|c| c.is_control() || c.is_whitespace())
        && !is_page(wanted, "/sign-in")
        && !is_page(wanted, "/api");
    if safe { wanted } else { "/" }
}

fn is_page(path: &str, page: &str) -> bool {
    path.strip_prefix(page)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '/', '#']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_our_own_pages() {
        for good in [
            "/",
            "/diary?week=2026-11-16",
            "/journal/500#cell",
            "/sign-in-help",
            "/%D0%B0",
        ] {
            assert_eq!(local_path(good), good);
        }
        for bad in [
            "",
            "diary",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            " /diary",
            "/sign-in",
            "/sign-in?return_to=/sign-in",
            "/api/access/sign_out",
            "/a b",
        ] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_leads_away(s in "[/\\\\a-z:.@?#\\t ]{0,30}") {
            let path = local_path(&s);
            prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'));
        }
    }
}
