//! What stands in a cell: a name, a date, a class, a telephone, a kinship, in the writings that school lists have.

use base::name::NO_NAME;
use chrono::{Datelike as _, NaiveDate};

use super::Kin;
use crate::import::names::{PersonName, person};

/// Without what eyes do not see: spaces once, no control characters.
#[must_use]
pub fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() || c == '\u{feff}' { ' ' } else { c })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as names are compared: case, spaces and ё make no difference.
#[must_use]
pub fn key(text: &str) -> String {
    clean(text).to_lowercase().replace('ё', "е")
}

/// The key of a whole name.
#[must_use]
pub fn name_key(name: &PersonName) -> String {
    key(&format!(
        "{} {} {}",
        name.last,
        name.first,
        name.middle.as_deref().unwrap_or_default()
    ))
}

/// Why a name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// Family name or first name is missing.
    Incomplete,
    /// Something in it is no letter, hyphen or apostrophe.
    Strange,
    /// A part is longer than a hundred letters.
    Long,
}

/// A name from one cell: «Иванова Анна Петровна».
///
/// # Errors
/// [`BadName`].
pub fn full_name(text: &str) -> Result<PersonName, BadName> {
    let text = clean(text);
    if text.split(' ').any(|part| part.chars().count() > 100) {
        return Err(BadName::Long);
    }
    whole(person(&text))
}

/// A name from its parts.
///
/// # Errors
/// [`BadName`].
pub fn name(last: &str, first: &str, middle: &str) -> Result<PersonName, BadName> {
    let middle = clean(middle);
    whole(PersonName {
        last: clean(last),
        first: clean(first),
        middle: (!middle.is_empty() && !is_dash(&middle)).then_some(middle),
    })
}

fn is_dash(text: &str) -> bool {
    matches!(text, "-" | "–" | NO_NAME)
}

fn whole(name: PersonName) -> Result<PersonName, BadName> {
    let parts = || {
        [Some(&name.last), Some(&name.first), name.middle.as_ref()]
            .into_iter()
            .flatten()
    };
    if [&name.last, &name.first]
        .iter()
        .any(|p| p.is_empty() || is_dash(p))
    {
        return Err(BadName::Incomplete);
    }
    if parts().any(|p| p.chars().count() > 100) {
        return Err(BadName::Long);
    }
    let letter = |c: char| {
        c.is_alphabetic() || matches!(c, ' ' | '-' | '‐' | '‑' | '’' | '\'' | '`' | '.' | '(' | ')')
    };
    if parts().any(|p| !p.chars().all(letter) || !p.chars().any(char::is_alphabetic)) {
        return Err(BadName::Strange);
    }
    Ok(name)
}

/// A date: «05.09.2013», «5.9.2013», «2013-09-05», «05/09/2013», with or without a time behind it.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = clean(text);
    let day = text.split([' ', 'T']).next()?.trim_end_matches(['г', '.', ',']);
    let parts: Vec<&str> = day.split(['.', '-', '/']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let digits = |s: &str, most: usize| {
        ((1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit()))
            .then(|| s.parse::<u32>().ok())?
    };
    let (year, month, day) = if a.len() == 4 {
        (digits(a, 4)?, digits(b, 2)?, digits(c, 2)?)
    } else if c.len() == 4 {
        (digits(c, 4)?, digits(b, 2)?, digits(a, 2)?)
    } else {
        // «05.09.13» may be 1913 in one school and 2013 in another
        return None;
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Can somebody born then be a pupil on that day? From birth to ninety-nine (evening schools have grandmothers).
#[must_use]
pub fn plausible_birth(born: NaiveDate, today: NaiveDate) -> bool {
    born <= today && today.year() - born.year() < 100
}

/// A class as classes are compared: «7А», «7 а», «7-А», «7 "А" класс» are one, also with a Latin A.
#[must_use]
pub fn class_key(text: &str) -> String {
    let upper = clean(text).to_uppercase().replace('Ё', "Е");
    let without = upper
        .replace("КЛАССЫ", "")
        .replace("КЛАСС", "")
        .replace("КЛ.", "");
    without
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(cyrillic)
        .collect()
}

/// Latin letters that look like Cyrillic ones: nobody sees the difference on the keyboard that was left in English.
fn cyrillic(c: char) -> char {
    match c {
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'H' => 'Н',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        'Y' => 'У',
        other => other,
    }
}

/// What a guardian is to the child, in a list's words; `None` for words that say nothing of the kind.
#[must_use]
pub fn kin(text: &str) -> Option<Kin> {
    let text = key(text);
    let begins = |stems: &[&str]| stems.iter().any(|s| text.starts_with(s));
    if text.is_empty() || is_dash(&text) {
        Some(Kin::Guardian)
    } else if begins(&["мать", "мам", "mother", "mum", "mom"]) {
        Some(Kin::Mother)
    } else if begins(&["отец", "пап", "father", "dad"]) {
        Some(Kin::Father)
    } else if begins(&[
        "опек",
        "попеч",
        "представ",
        "законн",
        "родител",
        "приемн",
        "усынов",
        "guardian",
        "parent",
        "legal",
    ]) {
        Some(Kin::Guardian)
    } else if begins(&[
        "бабуш",
        "дед",
        "тет",
        "дяд",
        "брат",
        "сест",
        "родств",
        "отчим",
        "мачех",
        "relative",
        "grand",
        "aunt",
        "uncle",
        "brother",
        "sister",
        "step",
    ]) {
        Some(Kin::Relative)
    } else if begins(&["орган", "учрежд", "детск", "интернат", "authority", "institution"])
    {
        Some(Kin::Authority)
    } else {
        None
    }
}

/// «f», «m»; `None` for words that say nothing of the kind, `Some(None)` for an empty cell.
#[must_use]
pub fn sex(text: &str) -> Option<Option<&'static str>> {
    match key(text).as_str() {
        "" | "-" | "–" | NO_NAME => Some(None),
        "ж" | "жен" | "жен." | "женский" | "девочка" | "f" | "female" => Some(Some("f")),
        "м" | "муж" | "муж." | "мужской" | "мальчик" | "m" | "male" => Some(Some("m")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(y: i32, m: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, day).unwrap()
    }

    #[test]
    fn every_usual_writing_of_a_date_is_one_date() {
        for text in [
            "05.09.2013",
            "5.9.2013",
            "2013-09-05",
            "05/09/2013",
            "05-09-2013",
            " 05.09.2013 г.",
            "05.09.2013 0:00:00",
            "2013-09-05T00:00:00",
            "05.09.2013\u{a0}",
        ] {
            assert_eq!(date(text), Some(d(2013, 9, 5)), "{text}");
        }
        for text in [
            "31.02.2015",
            "05.09.13",
            "",
            "2013",
            "сентябрь",
            "00.00.2013",
            "5.9.2013.1",
            "-5.9.2013",
            "99999-1-1",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn every_usual_writing_of_a_class_is_one_class() {
        for text in [
            "7А",
            "7 а",
            "7-А",
            "7 «А»",
            "7\"а\" класс",
            "7A",
            "7а кл.",
            " 7–а ",
        ] {
            assert_eq!(class_key(text), "7А", "{text}");
        }
        assert_ne!(class_key("7А"), class_key("7Б"));
        assert_eq!(class_key("ис-21"), class_key("ИС 21"));
    }

    #[test]
    fn names_are_people() {
        let one = |l: &str, f: &str, m: Option<&str>| PersonName {
            last: l.into(),
            first: f.into(),
            middle: m.map(Into::into),
        };
        assert_eq!(
            full_name(" Иванова  Анна Петровна "),
            Ok(one("Иванова", "Анна", Some("Петровна")))
        );
        assert_eq!(
            name("Салтыков-Щедрин", "Д’Артаньян", "-"),
            Ok(one("Салтыков-Щедрин", "Д’Артаньян", None))
        );
        assert_eq!(full_name("Иванова"), Err(BadName::Incomplete));
        assert_eq!(name("Иванова", "—", ""), Err(BadName::Incomplete));
        assert_eq!(name("", "Анна", ""), Err(BadName::Incomplete));
        assert_eq!(full_name("=HYPERLINK(1) Анна"), Err(BadName::Strange));
        assert_eq!(name("Иванова2", "Анна", ""), Err(BadName::Strange));
        assert_eq!(name(&"я".repeat(101), "Анна", ""), Err(BadName::Long));
        assert_eq!(
            full_name(&format!("{} Анна", "я".repeat(101))),
            Err(BadName::Long)
        );
        assert_eq!(
            name_key(&one("Артёмов", "ПЁТР", None)),
            name_key(&one("артемов", "Петр", None)),
            "ё and case make no other person"
        );
    }

    #[test]
    fn kinships_and_sexes() {
        assert_eq!(kin("Мать"), Some(Kin::Mother));
        assert_eq!(kin("папа"), Some(Kin::Father));
        assert_eq!(kin(""), Some(Kin::Guardian));
        assert_eq!(kin("бабушка (опекун)"), Some(Kin::Relative));
        assert_eq!(kin("начальник"), None);
        assert_eq!(sex("Ж"), Some(Some("f")));
        assert_eq!(sex("муж."), Some(Some("m")));
        assert_eq!(sex(""), Some(None));
        assert_eq!(sex("да"), None);
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        assert!(plausible_birth(d(2013, 9, 5), d(2026, 11, 17)));
        assert!(!plausible_birth(d(2026, 11, 18), d(2026, 11, 17)));
        assert!(!plausible_birth(d(1926, 1, 1), d(2026, 11, 17)));
    }

    proptest! {
        #[test]
        fn anything_may_stand_in_a_cell(text in ".{0,80}") {
            let _ = (date(&text), kin(&text), sex(&text), class_key(&text));
            if let Ok(n) = full_name(&text) {
                prop_assert!(!n.last.is_empty() && !n.first.is_empty() && n.last.chars().count() <= 100);
                // written out and read again it is the same person
                let again = full_name(&format!("{} {} {}", n.last, n.first, n.middle.clone().unwrap_or_default())).unwrap();
                prop_assert_eq!(name_key(&again), name_key(&n));
            }
        }

        #[test]
        fn a_date_reads_back(days in 0i64..60_000) {
            let date_then = d(1930, 1, 1) + chrono::TimeDelta::days(days);
            prop_assert_eq!(date(&date_then.format("%d.%m.%Y").to_string()), Some(date_then));
            prop_assert_eq!(date(&date_then.format("%Y-%m-%d").to_string()), Some(date_then));
        }
    }
}
