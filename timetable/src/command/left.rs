//! What another file has no word for, in Russian; in English it says it itself.

use timetable::schools::convert::{Left, Stays};

use super::language::{Language, chosen};

/// Why a rule stays behind.
const WHY: [(&str, &str); 24] = [
    (
        "the file has it as a requirement",
        "в файле это всегда требование",
    ),
    ("events are in fixed pieces", "события уже разрезаны на части"),
    (
        "each piece chooses its room by itself",
        "каждая часть выбирает кабинет сама",
    ),
    ("only rooms are chosen", "выбираются только кабинеты"),
    ("the file has no such rule", "в файле нет такого правила"),
    (
        "no time is left, which no file can say",
        "не остаётся ни одного часа, этого не скажет ни один файл",
    ),
    (
        "only \"at most one in so many days\" can be said",
        "сказать можно только «не больше одного за столько-то дней»",
    ),
    (
        "the events are not in pieces of the same lengths",
        "события разрезаны на части разной длины",
    ),
    (
        "only \"after\" and \"at once after\" of events in one piece can be said",
        "сказать можно только «после» и «сразу после», и только о событиях из одной части",
    ),
    (
        "it is asked of what only counts",
        "оно о том, что заведено только для счёта",
    ),
    (
        "of a room it is a requirement or nothing",
        "о кабинете это либо требование, либо ничего",
    ),
    (
        "of teachers the file has no such limit",
        "у учителей в файле нет такого предела",
    ),
    (
        "of students the file has no such limit",
        "у учеников в файле нет такого предела",
    ),
    (
        "only teachers and students have such limits",
        "такие пределы бывают только у учителей и учеников",
    ),
    (
        "a least number of gaps cannot be said",
        "наименьшее число окон не сказать",
    ),
    (
        "gaps are limited as a requirement only",
        "окна ограничиваются только требованием",
    ),
    ("gaps are counted by whole days", "окна считаются целыми днями"),
    (
        "only required numbers of whole days can be said",
        "сказать можно только обязательное число целых дней",
    ),
    (
        "only teachers have a least number of days",
        "наименьшее число дней бывает только у учителей",
    ),
    (
        "a least number of lessons a day is a requirement or nothing",
        "наименьшее число уроков в день — либо требование, либо ничего",
    ),
    (
        "lessons are counted by days, or in a row",
        "уроки считаются по дням или подряд",
    ),
    ("it is not understood", "оно не понято"),
    (
        "gaps of some days only cannot be said",
        "об окнах отдельных дней не сказать",
    ),
    ("aSc has no such rule", "в aSc нет такого правила"),
];

/// A reason in the language of this run.
pub fn why(english: &str) -> &str {
    let known = WHY.iter().find(|(known, _)| *known == english);
    match (chosen(), known) {
        (Language::Ru, Some((_, russian))) => russian,
        _ => english,
    }
}

/// What stays behind, in the language of this run.
pub fn left(left: &Left) -> String {
    if chosen() == Language::En {
        return left.to_string();
    }
    let what = match &left.what {
        Stays::Rule {
            name,
            kind,
            required,
            why: reason,
        } => {
            let required = if *required {
                "требование"
            } else {
                "пожелание"
            };
            format!("«{name}» ({kind}, {required}): {}", why(reason))
        }
        Stays::SecondRoom => "второй кабинет события: в FET у занятия один кабинет".to_owned(),
        Stays::Chosen(kind) => {
            format!("{kind} на выбор: FET и aSc выбирают только кабинеты, событие записано без этого")
        }
        Stays::Pieces => {
            "событие можно разрезать по-разному: записано наименьшее число частей, какое допускают правила"
                .to_owned()
        }
        Stays::GapsOfSomeDays => "об окнах отдельных дней не сказать".to_owned(),
    };
    match left.count {
        1 => what,
        n => format!("{what} (раз: {n})"),
    }
}
