//! The part «Вся школа»: how much the wishes of all weigh, and what is asked of all teachers and classes at once.

use leptos::prelude::*;
use study_core::requirement::kind::About;
use study_core::requirement::{Kind, Requirement, Sheet, Target, words};
use study_core::timetable::OrgKind;

use super::desk::Desk;
use super::form::{dates, slot};
use super::norms::grades;
use crate::t;

/// Draws the part.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let wishes = [
        Kind::TeacherWindow,
        Kind::ClassWindow,
        Kind::LateStart,
        Kind::NoRoom,
        Kind::FirstRoom,
        Kind::Series,
        Kind::FileLessons,
        Kind::HardInRow,
    ];
    let of_school = |kind| slot(desk, kind, Target::School, None);
    let wishes = wishes.map(of_school);
    let teachers = Kind::all_of(About::Teacher).map(of_school);
    view! {
        <section class="card stack" aria-labelledby="rq-all-wishes">
            <h2 id="rq-all-wishes">{t::requirement_all_wishes(lang)}</h2>
            <p class="muted">{t::requirement_school_note(lang)}</p>
            {wishes.into_iter().collect_view()}
        </section>
        <section class="card stack" aria-labelledby="rq-all-teachers">
            <h2 id="rq-all-teachers">{t::requirement_all_teachers(lang)}</h2>
            <p class="muted">{t::requirement_all_teachers_note(lang)}</p>
            {teachers.collect_view()}
        </section>
        {classes(desk)}
    }
    .into_any()
}

/// Grades that can be asked together: the steps of a school, and each grade.
fn bands(sheet: &Sheet) -> Vec<(i16, i16)> {
    let mut known: Vec<i16> = sheet.classes.iter().map(|c| c.grade).filter(|g| *g > 0).collect();
    known.sort_unstable();
    known.dedup();
    let steps = [(1, 4), (5, 9), (10, 11)];
    let here = |(from, to): &(i16, i16)| known.iter().any(|g| (*from..=*to).contains(g));
    let steps = steps
        .into_iter()
        .filter(|_| sheet.org == OrgKind::School)
        .filter(here);
    steps.chain(known.iter().map(|g| (*g, *g))).collect()
}

/// What is asked of all classes, or of those of some grades.
fn classes(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let chosen = RwSignal::new(Target::School);
    let bands = desk.sheet.with_untracked(bands);
    let options = bands.iter().enumerate().map(|(n, band)| {
        let name = desk.sheet.with_untracked(|s| grades(lang, s, *band));
        view! { <option value=n.to_string()>{name}</option> }
    });
    let options = options.collect_view();
    let change = move |event| {
        let band = event_target_value(&event).parse::<usize>().ok();
        let band = band.and_then(|n| bands.get(n));
        chosen.set(band.map_or(Target::School, |(from, to)| Target::Grades(*from, *to)));
    };
    let rows = move || {
        let target = chosen.get();
        Kind::all_of(About::Class)
            .map(|kind| slot(desk, kind, target, None))
            .collect_view()
    };
    let asked = Memo::new(move |_| desk.sheet.with(|s| asked(desk, s)));
    let list = move || {
        let line = |said: String| view! { <li>{said}</li> };
        let asked = asked.get();
        (!asked.is_empty())
            .then(|| view! { <ul class="small">{asked.into_iter().map(line).collect_view()}</ul> })
    };
    view! {
        <section class="card stack" aria-labelledby="rq-all-classes">
            <h2 id="rq-all-classes">{t::requirement_all_classes(lang)}</h2>
            <p class="muted">{t::requirement_all_classes_note(lang)}</p>
            {list}
            <div class="field rq-choose"><label for="rq-grades">{t::requirement_which_classes(lang)}</label>
                <select class="select" id="rq-grades" on:change=change>
                    <option value="">{t::requirement_every_class(lang)}</option>
                    {options}
                </select></div>
            {rows}
        </section>
    }
    .into_any()
}

/// What is already asked of some grades, one line each: it is seen without choosing them.
fn asked(desk: Desk, sheet: &Sheet) -> Vec<String> {
    let line = |row: &Requirement| {
        let Target::Grades(from, to) = row.terms.target else {
            return None;
        };
        if row.terms.kind.about() != About::Class {
            return None;
        }
        let said = words::sentence(desk.lang, sheet, &row.terms);
        let dates = dates(desk, &row.terms)
            .map(|d| format!(" · {d}"))
            .unwrap_or_default();
        Some(format!("{}: {said}{dates}", grades(desk.lang, sheet, (from, to))))
    };
    sheet.rows.iter().filter_map(line).collect()
}
