//! The figure of a requirement: one choice from a short list.

use leptos::prelude::*;
use study_core::requirement::kind::Figure;
use study_core::requirement::{Kind, Sheet, words};

use super::form::Form;
use crate::t;

/// What may be chosen; of a norm only what is stricter than the law.
fn choices(sheet: &Sheet, kind: Kind, law: Option<i32>) -> Vec<i32> {
    let step = |from: i32, to: i32, by: usize| (from..=to).step_by(by).collect();
    match (kind.figure(), kind, law) {
        // nobody counts points one by one
        (Figure::Number(from, to), Kind::PointsADay, _) => step(from, to, 5),
        (Figure::Number(from, to), _, _) => step(from, to, 1),
        (Figure::Weekday, _, _) => step(0, i32::from(sheet.week) - 1, 1),
        (_, Kind::LessonMinutes, Some(law)) => step(law - 15, law - 1, 5),
        (_, Kind::LastBell, Some(law)) => step(law - 360, law - 10, 10),
        (_, Kind::FirstBell, Some(law)) => step(law + 10, law + 180, 10),
        (Figure::LawMore, _, Some(law)) => step(law + 5, law + 30, 5),
        (Figure::LawLess, _, Some(law)) => step((law - 12).max(1), law - 1, 1),
        _ => vec![],
    }
}

/// Draws the choice.
pub(super) fn control(this: Form, law: Option<i32>) -> AnyView {
    let lang = this.desk.lang;
    let first = this.value.get_untracked();
    let (mut list, names) = this.desk.sheet.with_untracked(|sheet| {
        let list = choices(sheet, this.kind, law);
        (list, sheet.clone())
    });
    // what was once saved may be chosen again
    if let Some(value) = first.filter(|v| !list.contains(v)) {
        list.push(value);
        list.sort_unstable();
    }
    let none = match (this.kind.figure(), law) {
        (Figure::LawLess | Figure::LawMore, Some(law)) => {
            t::requirement_as_law(lang, words::figure(lang, &names, this.kind, law))
        }
        _ => t::requirement_not_set(lang).to_owned(),
    };
    let options = list.into_iter().map(|value| {
        let name = words::figure(lang, &names, this.kind, value);
        view! { <option value=value.to_string() selected=first == Some(value)>{name}</option> }
    });
    let options = options.collect_view();
    let change = move |event| this.value.set(event_target_value(&event).parse().ok());
    let required = matches!(this.kind.figure(), Figure::Number(..)) && law.is_some();
    view! {
        <label class="rq-field"><span class="small muted">{t::requirement_figure(lang)}</span>
            <select class="select" on:change=change>
                {(!required).then(|| view! { <option value="" selected=first.is_none()>{none}</option> })}
                {options}
            </select></label>
    }
    .into_any()
}
