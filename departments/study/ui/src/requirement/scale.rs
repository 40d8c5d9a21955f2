//! By which row of the difficulty tables a subject weighs, and which subjects weigh nothing.

use base::SubjectId;
use leptos::prelude::*;
use study_core::requirement::sheet::SubjectItem;
use study_core::timetable::norms::scale::title;

use super::api;
use super::desk::{Desk, Subject};
use crate::t;

fn has_scale(desk: Desk) -> bool {
    desk.sheet.with_untracked(|s| !s.scale.is_empty())
}

/// «5–7, 9»
fn grades(list: &[i16]) -> String {
    let mut spans: Vec<(i16, i16)> = vec![];
    for grade in list {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *grade => *last = *grade,
            _ => spans.push((*grade, *grade)),
        }
    }
    let span = |(first, last): &(i16, i16)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        }
    };
    spans.iter().map(span).collect::<Vec<_>>().join(", ")
}

/// The row of a subject, for whoever may choose it. Nothing where the law knows no difficulty.
pub(super) fn draw(desk: Desk, subject: SubjectId) -> Option<AnyView> {
    if !has_scale(desk) {
        return None;
    }
    let lang = desk.lang;
    let now = Memo::new(move |_| {
        desk.sheet
            .with(|s| s.subjects.iter().find(|i| i.id == subject).cloned())
    });
    let template = move || now.with(|i| i.as_ref().and_then(|i| i.template.clone()));
    let without = move || {
        let list = now.with(|i| i.as_ref().map(|i| i.pointless.clone()).unwrap_or_default());
        // without a row there are no points at all: the choice says so
        (template().is_some() && !list.is_empty())
            .then(|| view! { <p class="muted small">{t::requirement_scale_not_in(lang, grades(&list))}</p> })
    };
    let none = t::requirement_scale_none(lang);
    if !desk.may_edit() {
        let said = move || template().map_or_else(|| none.to_owned(), |key| title(lang, &key));
        return Some(view! { <p>{t::requirement_scale(lang)} ": " {said}</p> {without} }.into_any());
    }
    let change = move |event| {
        let chosen = event_target_value(&event);
        let chosen = (!chosen.is_empty()).then_some(chosen);
        let act = api::save_template(subject, untrack(template), chosen);
        desk.act(Subject::Template(subject), act, || ());
    };
    let mut rows: Vec<(String, String)> = desk.sheet.with_untracked(|s| {
        s.scale
            .iter()
            .map(|key| (title(lang, key), key.clone()))
            .collect()
    });
    rows.sort();
    let options = rows.into_iter().map(|(name, key)| {
        let mine = key.clone();
        view! { <option value=key.clone() selected=untrack(template).as_ref() == Some(&key) prop:selected=move || template().as_ref() == Some(&mine)>{name}</option> }
    });
    let view = view! {
        <div class="field"><label for="rq-scale">{t::requirement_scale(lang)}</label>
            <select class="select" id="rq-scale" aria-describedby="rq-scale-hint" disabled=move || desk.busy.get() on:change=change>
                <option value="" selected=untrack(template).is_none() prop:selected=move || template().is_none()>{none}</option>
                {options.collect_view()}
            </select>
            <p class="field-hint" id="rq-scale-hint">{t::requirement_scale_hint(lang)}</p>
            {without}
        </div>
        <kit::ErrorBanner error=desk.error_of(Subject::Template(subject))/>
    };
    Some(view.into_any())
}

/// The subjects that have no points, in all grades or in some.
pub(super) fn pointless(desk: Desk) -> Option<AnyView> {
    if !has_scale(desk) {
        return None;
    }
    let lang = desk.lang;
    let all = Memo::new(move |_| {
        let none = |i: &&SubjectItem| !i.pointless.is_empty();
        desk.sheet
            .with(|s| s.subjects.iter().filter(none).cloned().collect::<Vec<_>>())
    });
    let line = move |item: &SubjectItem| {
        let words = t::requirement_scale_grades(lang, grades(&item.pointless));
        view! { <li><a href=format!("/timetable/requirements?part=subjects&of={}", item.id) rel="external">{item.name.clone()}</a> " " <span class="muted">{words}</span></li> }
    };
    let list = move || {
        all.with(|all| {
            (!all.is_empty()).then(|| {
                view! {
                    <details class="card stack">
                        <summary>{t::requirement_scale_without(lang)} " " <span class="count">{all.len()}</span></summary>
                        <p class="muted small">{t::requirement_scale_without_note(lang)}</p>
                        <ul class="tt-problems">{all.iter().map(line).collect_view()}</ul>
                    </details>
                }
            })
        })
    };
    Some(list.into_any())
}

#[cfg(test)]
mod tests {
    use super::grades;

    #[test]
    fn grades_are_said_in_spans() {
        for (list, said) in [
            (&[5][..], "5"),
            (&[5, 6, 7, 9], "5–7, 9"),
            (&[1, 3, 4], "1, 3–4"),
            (&[], ""),
        ] {
            assert_eq!(grades(list), said);
        }
    }
}
