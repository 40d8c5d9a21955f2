//! The law as it is today, with act, clause and date; and where the school may ask for more, a form.

use base::Lang;
use leptos::prelude::*;
use study_core::requirement::kind::Figure;
use study_core::requirement::{Kind, Sheet, Target, words};
use study_core::timetable::{NormRow, OrgKind, words as timetable_words};

use super::desk::Desk;
use super::form::slot;
use crate::t;

/// Rows of one rule for the same grades: they differ in the length of the week.
#[derive(Clone, Debug)]
struct Norm {
    key: String,
    grades: (i16, i16),
    rows: Vec<NormRow>,
}

/// What concerns the school's grades, in the order of the rules.
fn norms(sheet: &Sheet) -> Vec<Norm> {
    let mut all: Vec<Norm> = vec![];
    for row in &sheet.norms {
        // told together with the last hard lesson
        if row.kind == "hard_lesson_from" {
            continue;
        }
        let here = |c: &study_core::requirement::sheet::ClassItem| {
            (row.grade_from..=row.grade_to).contains(&c.grade)
        };
        if !sheet.classes.is_empty() && !sheet.classes.iter().any(here) {
            continue;
        }
        let grades = (row.grade_from, row.grade_to);
        match all.iter_mut().find(|n| n.key == row.kind && n.grades == grades) {
            // of two for the same week the first counts: the nearer level, the months of now
            Some(norm) if norm.rows.iter().any(|r| r.week_days == row.week_days) => {}
            Some(norm) => norm.rows.push(row.clone()),
            None => all.push(Norm {
                key: row.kind.clone(),
                grades,
                rows: vec![row.clone()],
            }),
        }
    }
    all
}

/// What a rule's form is about. Which lessons hard subjects belong to are two figures of one rule.
fn kind_of(norm: &Norm) -> Option<Kind> {
    match norm.key.as_str() {
        "hard_lesson_to" => Some(Kind::HardLessons),
        key => Kind::of_norm(key),
    }
}

/// The figure that may only be made stricter: the mildest of the rows.
fn law(norm: &Norm, kind: Kind) -> Option<i32> {
    let values = norm.rows.iter().map(|r| r.value);
    match kind.figure() {
        Figure::LawMore => values.min(),
        Figure::None => None,
        _ => values.max(),
    }
}

/// What it is called; `None`: it says nothing of a timetable (works to be checked, homework), and is not read here.
fn title(lang: Lang, norm: &Norm) -> Option<&'static str> {
    Some(match (kind_of(norm), norm.key.as_str()) {
        (Some(kind), _) => words::title(lang, kind),
        (None, "first_shift_only") => t::requirement_norm_first_shift(lang),
        (None, "shifts_at_most") => t::requirement_norm_shifts(lang),
        (None, "week_days_at_most") => t::requirement_norm_week_days(lang),
        (None, _) => return None,
    })
}

/// «32 (5 дней), 35 (6 дней)», «Вт, Ср», «2–4».
fn figure(desk: Desk, sheet: &Sheet, norm: &Norm) -> String {
    let lang = desk.lang;
    let Some(first) = norm.rows.first() else {
        return String::new();
    };
    match kind_of(norm) {
        Some(Kind::PeakDays | Kind::LightDay | Kind::EdgeDays) => {
            let of_week = norm
                .rows
                .iter()
                .find(|r| r.week_days.and_then(|n| u16::try_from(n).ok()) == Some(sheet.week));
            let days = of_week.unwrap_or(first).value;
            let bit = |n: usize| u32::try_from(n).is_ok_and(|n| days >> n & 1 == 1);
            let days = sheet.days.iter().take(sheet.week.into()).enumerate();
            let days: Vec<&str> = days.filter(|(n, _)| bit(*n)).map(|(_, d)| d.as_str()).collect();
            days.join(", ")
        }
        Some(Kind::HardLessons) => t::requirement_norm_lessons(lang, hard_from(sheet, norm), first.value),
        Some(kind) => {
            let one = |r: &NormRow| {
                let value = words::figure(lang, sheet, kind, r.value);
                match r.week_days {
                    Some(days) => t::requirement_norm_week(lang, i64::from(days), value),
                    None => value,
                }
            };
            norm.rows.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        None => String::new(),
    }
}

/// The first lesson that hard subjects belong to.
fn hard_from(sheet: &Sheet, norm: &Norm) -> i32 {
    let from = sheet.norms.iter().find(|r| {
        r.kind == "hard_lesson_from" && r.grade_from <= norm.grades.1 && norm.grades.0 <= r.grade_to
    });
    from.map_or(1, |r| r.value)
}

/// «5–9 кл.»
pub(super) fn grades(lang: Lang, sheet: &Sheet, (from, to): (i16, i16)) -> String {
    if from <= 0 {
        return t::requirement_norm_everyone(lang).to_owned();
    }
    let words = if from == to {
        from.to_string()
    } else {
        format!("{from}–{to}")
    };
    match sheet.org {
        OrgKind::College => t::requirement_norm_courses(lang, words),
        _ => t::requirement_norm_grades(lang, words),
    }
}

/// Draws them all.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let sheet = desk.sheet.get_untracked();
    let mut all = norms(&sheet);
    all.retain(|norm| title(lang, norm).is_some());
    if all.is_empty() {
        return view! { <kit::Empty title=t::requirement_norm_none(lang) text=t::requirement_norm_none_text(lang)/> }.into_any();
    }
    let one = |norm: &Norm| {
        let clause = norm.rows.first().map(|r| timetable_words::clause(lang, r));
        let kind = kind_of(norm);
        let target = Target::Grades(norm.grades.0, norm.grades.1);
        // the title of a rule's form is not seen, so its hint is told here
        let hint = kind.and_then(|kind| words::hint(lang, kind));
        let hint = hint.map(|hint| view! { <p class="muted small" aria-hidden="true">{hint}</p> });
        let more = (kind == Some(Kind::HardLessons)).then(|| {
            let (from, to) = (hard_from(&sheet, norm), law(norm, Kind::HardLessonTo));
            view! { <div class="stack">{slot(desk, Kind::HardLessonFrom, target, Some(from))}{slot(desk, Kind::HardLessonTo, target, to)}</div> }
        });
        // a plain norm is only read
        let own = kind.map(|kind| slot(desk, kind, target, law(norm, kind)));
        view! {
            <li class="rq-norm">
                <p class="norm"><b>{title(lang, norm)} {(!figure(desk, &sheet, norm).is_empty()).then(|| format!(": {}", figure(desk, &sheet, norm)))}</b>
                    " · " {grades(lang, &sheet, norm.grades)} " · " <cite>{clause}</cite></p>
                {hint}
                {own}
                {more}
            </li>
        }
    };
    view! {
        <p class="muted">{t::requirement_norms_note(lang)}</p>
        <ul class="list card card-flush">{all.iter().map(one).collect_view()}</ul>
    }
    .into_any()
}
