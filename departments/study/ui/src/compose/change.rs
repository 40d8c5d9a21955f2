//! What got better and what worse: a row for each rule, and the teachers for whom most has changed.

use base::Lang;
use leptos::prelude::*;
use study_core::compose::{Change, RuleChange};
use study_core::timetable::BoardData;

use super::outcome::figures;
use crate::t;
use crate::timetable::review::title;

/// Both tables, in folds that are open. `name`: of the teacher at a place of the list.
pub(super) fn told(lang: Lang, change: &Change, name: impl Fn(usize) -> String) -> AnyView {
    let rules = change
        .rules
        .iter()
        .map(|r| row(title(r.sort)(lang).to_owned(), None, r.before, r.after));
    let rules: Vec<Row> = rules.collect();
    let teacher = |(n, t): (usize, &study_core::compose::TeacherChange)| {
        row(name(n), Some(reasons(lang, &t.rules)), t.before, t.after)
    };
    let teachers: Vec<Row> = change.teachers.iter().enumerate().map(teacher).collect();
    let none = |words: &'static str| view! { <p class="small muted">{words}</p> }.into_any();
    let by_rule = if rules.is_empty() {
        none(t::compose_change_clean(lang))
    } else {
        figures(lang, t::compose_change_rules(lang), rules)
    };
    let by_teacher = if teachers.is_empty() {
        none(t::compose_change_nobody(lang))
    } else {
        figures(lang, t::compose_change_teachers(lang), teachers)
    };
    view! {
        <details class="fold" open=true><summary>{t::compose_change_rules(lang)}</summary>{by_rule}</details>
        <details class="fold" open=true><summary>{t::compose_change_teachers(lang)}</summary>{by_teacher}</details>
    }
    .into_any()
}

/// The same with names of a loaded board.
pub(super) fn of_board(lang: Lang, change: &Change, data: &BoardData) -> AnyView {
    told(lang, change, |n| {
        let id = change.teachers.get(n).map(|t| t.teacher);
        let known = data.teachers.iter().find(|t| Some(t.id) == id);
        known.map_or_else(|| "—".to_owned(), |t| t.name.clone())
    })
}

/// A line of a table: what it is called, a note to it, before and after.
pub(super) struct Row {
    pub name: String,
    pub note: Option<String>,
    pub before: Option<u32>,
    pub after: Option<u32>,
}

fn row(name: String, note: Option<String>, before: u32, after: u32) -> Row {
    Row {
        name,
        note,
        before: Some(before),
        after: Some(after),
    }
}

/// «Окна у учителей: 5 → 2».
fn reasons(lang: Lang, rules: &[RuleChange]) -> String {
    let one = |r: &RuleChange| t::compose_change_line(lang, r.after, r.before, title(r.sort)(lang));
    rules.iter().map(one).collect::<Vec<_>>().join("; ")
}
