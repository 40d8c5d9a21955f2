//! What is said of bells: for whom they ring, which norm is broken, what would lose its bell.

use base::Lang;

use super::loss::Lost;
use super::notes::{Note, Rule};
use super::sheet::{Sheet, Taken, together};
use super::terms::Uses;
use crate::t;
use crate::timetable::OrgKind;
use crate::timetable::days::short;
use crate::timetable::words::{clause, clock_of, grades_of};

/// «Пн»
#[must_use]
pub fn day(lang: Lang, weekday: i16) -> &'static str {
    let at = usize::try_from(weekday - 1).ok();
    at.and_then(|n| short(lang).get(n).copied()).unwrap_or("—")
}

/// «Пн–Пт», «Пн, Ср»: three days and more in a row are a span.
fn days(lang: Lang, list: &[i16]) -> String {
    let mut spans: Vec<(i16, i16)> = vec![];
    for weekday in list.iter().copied() {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == weekday => *last = weekday,
            _ => spans.push((weekday, weekday)),
        }
    }
    let span = |(from, to): &(i16, i16)| match to - from {
        0 => day(lang, *from).to_owned(),
        1 => format!("{}, {}", day(lang, *from), day(lang, *to)),
        _ => format!("{}–{}", day(lang, *from), day(lang, *to)),
    };
    spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

/// «5-е классы», «2-й курс».
#[must_use]
pub fn grade(lang: Lang, org: OrgKind, grade: i16) -> String {
    match org {
        _ if grade <= 0 => t::parallel_unknown(lang).to_owned(),
        OrgKind::College => t::parallel_course(lang, grade),
        _ => t::parallel_grade(lang, grade),
    }
}

/// «1–4, 9 кл.»
#[must_use]
pub fn grades(lang: Lang, org: OrgKind, list: &[i16]) -> String {
    grades_of(lang, org, list)
}

/// For whom: «1–4 кл.: Пн–Пт», a line for each set of weekdays.
#[must_use]
pub fn uses(lang: Lang, org: OrgKind, uses: &Uses) -> Vec<String> {
    let line = |(grades, weekdays): (Vec<i16>, Vec<i16>)| {
        format!("{}: {}", grades_of(lang, org, &grades), days(lang, &weekdays))
    };
    together(uses).into_iter().map(line).collect()
}

/// A broken norm, without where it stands: «8-й урок заканчивается позже 19:00 (5–9 кл.)».
#[must_use]
pub fn note(lang: Lang, sheet: &Sheet, note: &Note<'_>) -> String {
    let limit = note.norm.value;
    let words = match note.rule {
        Rule::Early => t::bells_note_early(lang, clock_of(limit)),
        Rule::Late => t::bells_note_late(lang, clock_of(limit)),
        Rule::Long => t::bells_note_long(lang, note.found, limit),
        Rule::ShortBreak => t::bells_note_break(lang, note.found, limit),
        Rule::NoLongBreak => t::bells_note_big(lang, note.found, limit),
        Rule::Shift if limit > 1 => t::bells_note_third(lang, limit),
        Rule::Shift => t::bells_note_shift(lang).to_owned(),
    };
    format!("{words} ({})", grades_of(lang, sheet.org, &note.grades))
}

/// Where the norm stands.
#[must_use]
pub fn where_it_stands(lang: Lang, note: &Note<'_>) -> String {
    clause(lang, note.norm)
}

/// «Пн, 8-й урок: стоит 3 урока — у них не станет звонка»; with the title of its version where they are of several.
#[must_use]
pub fn lost(lang: Lang, one: &Lost, title: Option<&str>) -> String {
    let words = t::bells_lost(lang, i64::from(one.lessons), day(lang, one.weekday), one.number);
    match title {
        Some(title) => t::bells_lost_in(lang, title, words),
        None => words,
    }
}

/// What other schedules give away, a line each.
#[must_use]
pub fn taken(lang: Lang, sheet: &Sheet, list: &[Taken]) -> Vec<String> {
    let line = |schedule: &super::Schedule| {
        let mine = list.iter().filter(|t| t.from == schedule.id);
        let cells: Uses = mine.map(|t| (t.grade, t.weekday)).collect();
        let who = uses(lang, sheet.org, &cells).join("; ");
        (!cells.is_empty()).then(|| t::bells_taken(lang, &schedule.terms.title, who))
    };
    sheet.schedules.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_told_in_spans() {
        let mut all = Uses::new();
        for grade in 1..=4 {
            all.extend((1..=5).map(|d| (grade, d)));
        }
        all.extend([(5, 1), (5, 2), (5, 6)]);
        assert_eq!(
            uses(Lang::Ru, OrgKind::School, &all),
            ["1–4 кл.: Пн–Пт", "5 кл.: Пн, Вт, Сб"]
        );
        assert_eq!(uses(Lang::En, OrgKind::School, &Uses::from([(0, 1)])).len(), 1);
    }
}
