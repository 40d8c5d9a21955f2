//! Names of days in the language of the page. A version has its days as whoever made it, or the file it came from, called them: the
//! usual names of the week are said in the reader's language, every other name stays as it is.

use base::Lang;

/// Names of the week's days, Monday first.
type Week = [&'static str; 7];

/// Short names and whole ones.
const fn names(lang: Lang) -> [Week; 2] {
    match lang {
        Lang::Ru => [
            ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
            [
                "Понедельник",
                "Вторник",
                "Среда",
                "Четверг",
                "Пятница",
                "Суббота",
                "Воскресенье",
            ],
        ],
        Lang::En => [
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            [
                "Monday",
                "Tuesday",
                "Wednesday",
                "Thursday",
                "Friday",
                "Saturday",
                "Sunday",
            ],
        ],
    }
}

/// Short names of the days, Monday first.
pub(crate) const fn short(lang: Lang) -> Week {
    names(lang)[0]
}

/// A name in a language: short stays short. What is no usual name of the other language is left as it was written.
fn said(lang: Lang, name: &str) -> Option<&'static str> {
    let other = match lang {
        Lang::Ru => Lang::En,
        Lang::En => Lang::Ru,
    };
    let written = name.trim().to_lowercase();
    let all = names(other).into_iter().zip(names(lang));
    let mut pairs = all.flat_map(|(known, said)| known.into_iter().zip(said));
    pairs
        .find(|(known, _)| known.to_lowercase() == written)
        .map(|(_, said)| said)
}

/// The names of a version's days as a page says them.
#[must_use]
pub fn in_language(lang: Lang, days: Vec<String>) -> Vec<String> {
    let one = |name: String| said(lang, &name).map_or(name, ToOwned::to_owned);
    days.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lang: Lang, days: &[&str]) -> Vec<String> {
        in_language(lang, days.iter().map(|d| (*d).to_owned()).collect())
    }

    #[test]
    fn the_usual_names_are_said_in_the_language_of_the_page() {
        assert_eq!(
            read(Lang::En, &["Пн", "вт", "Среда", "Сб"]),
            ["Mon", "Tue", "Wednesday", "Sat"]
        );
        assert_eq!(
            read(Lang::Ru, &["Mon", "TUESDAY", "Fri"]),
            ["Пн", "Вторник", "Пт"]
        );
    }

    #[test]
    fn every_other_name_stays_as_it_was_written() {
        let own = ["пн", "Понедельник (1)", "День 3", "", "Zaterdag"];
        assert_eq!(read(Lang::Ru, &own), own);
        assert_eq!(read(Lang::En, &own[1..]), own[1..]);
    }

    #[test]
    fn there_and_back_is_what_it_was() {
        for (here, there) in [(Lang::Ru, Lang::En), (Lang::En, Lang::Ru)] {
            for week in names(here) {
                let back = in_language(here, read(there, &week));
                assert_eq!(back, week);
            }
        }
    }
}
