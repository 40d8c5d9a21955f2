//! What is typed into a cell: marks of the scale and codes of attendance, in either keyboard layout, in either case, with
//! Latin look-alikes; and the dot of a work that is owed.

use super::grid::{AttendanceCode, ScaleItem};
use crate::owed::{Due, rule};

/// What typed text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A mark of the scale, by its code.
    Mark(String),
    /// A code of attendance.
    Attendance(String),
    /// A dot: the work is owed, perhaps by a day that was typed with it.
    Owed(Option<Due>),
    /// Nothing: clears the cell.
    Clear,
    /// The beginning of a mark: more is to come.
    Unfinished,
    /// Neither mark nor code.
    Unknown,
}

/// The Russian letter on the key that types this Latin one.
const LAYOUT: &[(char, char)] = &[
    ('q', 'й'),
    ('w', 'ц'),
    ('e', 'у'),
    ('r', 'к'),
    ('t', 'е'),
    ('y', 'н'),
    ('u', 'г'),
    ('i', 'ш'),
    ('o', 'щ'),
    ('p', 'з'),
    ('[', 'х'),
    (']', 'ъ'),
    ('a', 'ф'),
    ('s', 'ы'),
    ('d', 'в'),
    ('f', 'а'),
    ('g', 'п'),
    ('h', 'р'),
    ('j', 'о'),
    ('k', 'л'),
    ('l', 'д'),
    (';', 'ж'),
    ('\'', 'э'),
    ('z', 'я'),
    ('x', 'ч'),
    ('c', 'с'),
    ('v', 'м'),
    ('b', 'и'),
    ('n', 'т'),
    ('m', 'ь'),
    (',', 'б'),
    ('.', 'ю'),
];

/// The Russian letter that this Latin one looks or sounds like.
const LOOK: &[(char, char)] = &[
    ('h', 'н'),
    ('n', 'н'),
    ('b', 'б'),
    ('u', 'у'),
    ('y', 'у'),
    ('o', 'о'),
    ('p', 'п'),
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('k', 'к'),
    ('m', 'м'),
    ('t', 'т'),
    ('x', 'х'),
    ('z', 'з'),
    ('v', 'в'),
];

fn mapped(text: &str, table: &[(char, char)]) -> String {
    text.chars()
        .map(|c| table.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to))
        .collect()
}

/// The spellings to try, in order: as typed, by the key's place, by its looks.
fn spellings(text: &str) -> [String; 3] {
    let lower = text.trim().to_lowercase();
    let (layout, look) = (mapped(&lower, LAYOUT), mapped(&lower, LOOK));
    [lower, layout, look]
}

fn same(code: &str, typed: &str) -> bool {
    code.to_lowercase() == typed
}

/// Reads a finished text: what was typed and confirmed, or pasted.
#[must_use]
pub fn read(text: &str, scale: &[ScaleItem], codes: &[AttendanceCode]) -> Reading {
    let spellings = spellings(text);
    if matches!(spellings[0].as_str(), "" | "-" | "—") {
        return Reading::Clear;
    }
    for typed in &spellings {
        if let Some(item) = scale.iter().find(|i| same(&i.code, typed)) {
            return Reading::Mark(item.code.clone());
        }
        if let Some(code) = codes.iter().find(|c| same(&c.code, typed)) {
            return Reading::Attendance(code.code.clone());
        }
    }
    // last: what a school has made a mark or a code of is that
    rule::read(text).map_or(Reading::Unknown, Reading::Owed)
}

/// Reads while typing: a mark or a code commits at once, unless a longer mark begins with it. A code of attendance wins
/// over a longer mark («н» over «нз»): it is typed a hundred times more often; the longer one is typed after F2.
#[must_use]
pub fn typed(text: &str, scale: &[ScaleItem], codes: &[AttendanceCode]) -> Reading {
    let begins = |typed: &str| {
        scale
            .iter()
            .any(|i| i.code.to_lowercase().starts_with(typed) && !same(&i.code, typed))
    };
    match read(text, scale, codes) {
        Reading::Mark(code) if begins(&code.to_lowercase()) => Reading::Unfinished,
        Reading::Unknown if spellings(text).iter().any(|s| begins(s)) => Reading::Unfinished,
        other => other,
    }
}

/// The marks of a scale in words: «5, 4, 3, 2, зч».
#[must_use]
pub fn listed(scale: &[ScaleItem]) -> String {
    scale
        .iter()
        .map(|i| i.code.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::number::Hundredths;
    use proptest::prelude::*;

    fn scale(codes: &[&str]) -> Vec<ScaleItem> {
        codes
            .iter()
            .map(|c| ScaleItem {
                title: "t".into(),
                ..ScaleItem::usual(c, Hundredths::parse(c), Hundredths::whole(5))
            })
            .collect()
    }

    fn codes() -> Vec<AttendanceCode> {
        ["н", "б", "у", "о", "п"]
            .iter()
            .map(|c| AttendanceCode {
                code: (*c).to_owned(),
                title: "t".into(),
                absent: *c != "о",
            })
            .collect()
    }

    fn five() -> Vec<ScaleItem> {
        scale(&["5", "4", "3", "2", "зч", "нз", "осв", "н/а"])
    }

    #[test]
    fn both_layouts_and_look_alikes_are_understood() {
        for (text, code) in [
            ("н", "н"),
            ("Н", "н"),
            ("y", "н"),
            ("Y", "н"),
            ("h", "н"),
            ("H", "н"),
            ("n", "н"),
            ("б", "б"),
            (",", "б"),
            ("b", "б"),
            ("у", "у"),
            ("e", "у"),
            ("u", "у"),
            ("о", "о"),
            ("j", "о"),
            ("o", "о"),
            ("O", "о"),
            ("п", "п"),
            ("g", "п"),
            ("p", "п"),
        ] {
            assert_eq!(
                typed(text, &five(), &codes()),
                Reading::Attendance(code.into()),
                "{text}"
            );
        }
        assert_eq!(typed("5", &five(), &codes()), Reading::Mark("5".into()));
        assert_eq!(read("px", &five(), &codes()), Reading::Mark("зч".into()));
        assert_eq!(read(" ЗЧ ", &five(), &codes()), Reading::Mark("зч".into()));
        assert_eq!(read("y/f", &five(), &codes()), Reading::Mark("н/а".into()));
    }

    #[test]
    fn a_letter_of_the_school_is_typed_by_its_key_in_either_layout() {
        for (key, letter) in LAYOUT {
            let terms = crate::scale::LetterTerms {
                code: letter.to_string(),
                title: "на олимпиаде".into(),
                reason: crate::attendance::Reason::Excused,
            };
            // «х» and «ъ» have keys as well; the usual letters stand already
            assert_eq!(terms.fault(base::Lang::Ru), None, "{letter}");
            let mut codes = codes();
            if !codes.iter().any(|c| c.code == terms.code) {
                codes.push(AttendanceCode {
                    code: terms.code.clone(),
                    title: terms.title,
                    absent: true,
                });
            }
            let own = Reading::Attendance(terms.code);
            for text in [*key, *letter].map(|c| c.to_string()) {
                assert_eq!(typed(&text, &five(), &codes), own, "{text}");
                assert_eq!(typed(&text.to_uppercase(), &five(), &codes), own, "{text}");
            }
        }
    }

    #[test]
    fn what_the_scale_has_not_is_unknown() {
        for text in ["1", "6", "0", "7", "55", "ё", "5-", "<b>"] {
            assert_eq!(read(text, &five(), &codes()), Reading::Unknown, "{text}");
        }
        assert_eq!(listed(&scale(&["5", "4"])), "5, 4");
    }

    #[test]
    fn a_longer_mark_is_waited_for_but_not_instead_of_attendance() {
        assert_eq!(typed("з", &five(), &codes()), Reading::Unfinished);
        assert_eq!(typed("зч", &five(), &codes()), Reading::Mark("зч".into()));
        assert_eq!(typed("н", &five(), &codes()), Reading::Attendance("н".into()));
        let ten = scale(&["10", "9", "2", "1"]);
        assert_eq!(typed("1", &ten, &codes()), Reading::Unfinished);
        assert_eq!(read("1", &ten, &codes()), Reading::Mark("1".into()));
        assert_eq!(typed("10", &ten, &codes()), Reading::Mark("10".into()));
    }

    #[test]
    fn latin_scales_win_over_look_alikes() {
        let letters = scale(&["A", "B", "C"]);
        assert_eq!(typed("b", &letters, &codes()), Reading::Mark("B".into()));
    }

    #[test]
    fn a_dot_is_typed_with_its_key_in_either_layout() {
        for text in [".", "ю", "Ю", "/", "•"] {
            assert_eq!(typed(text, &five(), &codes()), Reading::Owed(None), "{text}");
        }
        assert!(matches!(
            read(". 27.11", &five(), &codes()),
            Reading::Owed(Some(_))
        ));
        assert_eq!(read("н/а", &five(), &codes()), Reading::Mark("н/а".into()));
        // a school that has made a code of it keeps its code
        let mut own = codes();
        own.push(AttendanceCode {
            code: "ю".into(),
            title: "t".into(),
            absent: true,
        });
        assert_eq!(typed(".", &five(), &own), Reading::Attendance("ю".into()));
    }

    #[test]
    fn nothing_clears() {
        for text in ["", "  ", "-", "—"] {
            assert_eq!(read(text, &five(), &codes()), Reading::Clear);
        }
    }

    proptest! {
        #[test]
        fn only_what_exists_is_ever_read(text in "\\PC{0,6}") {
            match read(&text, &five(), &codes()) {
                Reading::Mark(code) => prop_assert!(five().iter().any(|i| i.code == code)),
                Reading::Attendance(code) => prop_assert!(codes().iter().any(|c| c.code == code)),
                _ => {}
            }
        }

        #[test]
        fn every_code_reads_as_itself(i in 0usize..8, upper: bool) {
            let code = five()[i].code.clone();
            let text = if upper { code.to_uppercase() } else { code.clone() };
            prop_assert_eq!(read(&text, &five(), &codes()), Reading::Mark(code));
        }
    }
}
