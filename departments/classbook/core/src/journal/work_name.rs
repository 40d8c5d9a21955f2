//! The name of a work, of its type and its title: nothing is said twice.

/// Does the title begin with the words of the type? «Контрольная работа № 4» is one.
#[must_use]
pub fn names_its_type(kind: &str, title: &str) -> bool {
    let (kind, title) = (kind.trim().to_lowercase(), title.trim().to_lowercase());
    !kind.is_empty()
        && title
            .strip_prefix(kind.as_str())
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// «Контрольная работа: Дроби», «Контрольная работа № 4», «Ответ на уроке».
#[must_use]
pub fn work_name(kind: &str, title: Option<&str>) -> String {
    match title.map(str::trim).filter(|t| !t.is_empty()) {
        None => kind.to_owned(),
        Some(title) if names_its_type(kind, title) => title.to_owned(),
        Some(title) => format!("{kind}: {title}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_type_that_its_title_says_is_not_said_twice() {
        let name = |title| work_name("Контрольная работа", title);
        assert_eq!(name(Some("Контрольная работа № 4")), "Контрольная работа № 4");
        assert_eq!(name(Some("контрольная работа")), "контрольная работа");
        assert_eq!(name(Some("Дроби")), "Контрольная работа: Дроби");
        assert_eq!(
            name(Some("Контрольная работа2")),
            "Контрольная работа: Контрольная работа2"
        );
        assert_eq!(name(Some("  ")), "Контрольная работа");
        assert_eq!(name(None), "Контрольная работа");
        assert_eq!(work_name("", Some("Дроби")), ": Дроби");
    }

    proptest! {
        #[test]
        fn the_title_is_always_there_and_the_type_too(kind in "[а-яё]{1,8}( [а-яё]{1,8})?", title in "[а-яё№ 0-9]{1,20}") {
            let name = work_name(&kind, Some(&title));
            prop_assert!(name.ends_with(title.trim()));
            prop_assert!(name.to_lowercase().starts_with(&kind));
        }
    }
}
