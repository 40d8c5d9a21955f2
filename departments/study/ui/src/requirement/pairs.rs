//! Lessons of one load and those of another: held at once, right after one another, side by side, the ones before the others, or never at once.

use base::LoadId;
use leptos::prelude::*;
use study_core::requirement::{Kind, Requirement, Sheet, Target, Terms, words};

use super::desk::Desk;
use super::form::slot;
use crate::t;

/// The pairs that a load stands in.
fn rows(sheet: &Sheet, load: LoadId) -> Vec<Requirement> {
    let mine = |r: &&Requirement| matches!(r.terms.target, Target::Pair(a, b) if a == load || b == load);
    sheet.rows.iter().filter(mine).cloned().collect()
}

/// Draws what is asked of a load and others, and the choice of another one.
pub(super) fn draw(desk: Desk, load: LoadId) -> AnyView {
    let lang = desk.lang;
    let other = RwSignal::new(None::<LoadId>);
    let known = move || {
        desk.sheet.with(|sheet| {
            let line = |r: &Requirement| view! { <li>{words::sentence(lang, sheet, &r.terms)}</li> };
            let rows = rows(sheet, load);
            (!rows.is_empty())
                .then(|| view! { <ul class="small">{rows.iter().map(line).collect_view()}</ul> })
        })
    };
    let mut others: Vec<(LoadId, String)> = desk.sheet.with_untracked(|sheet| {
        let all = sheet.loads.iter().filter(|l| l.id != load);
        all.map(|l| (l.id, sheet.load_name(l.id))).collect()
    });
    others.sort_by(|a, b| a.1.cmp(&b.1));
    let options = others
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{name}</option> })
        .collect_view();
    let change = move |event| other.set(event_target_value(&event).parse().ok());
    let forms = move || {
        let other = other.get()?;
        let of = |kind| {
            slot(
                desk,
                kind,
                Terms::new(kind, Target::Pair(load, other), None).settled().target,
                None,
            )
        };
        Some(
            view! { {of(Kind::Together)}{of(Kind::RightAfter)}{of(Kind::NextTo)}{of(Kind::InOrder)}{of(Kind::Apart)} },
        )
    };
    view! {
        <div class="rq-slot" role="group" aria-labelledby="rq-pairs">
            <p class="rq-title" id="rq-pairs"><b>{t::requirement_pairs(lang)}</b> <span class="muted small">{t::requirement_pairs_hint(lang)}</span></p>
            {known}
            {desk.may_edit().then(|| view! {
                <div class="field"><label for="rq-pair">{t::requirement_pair_with(lang)}</label>
                    <select class="select" id="rq-pair" on:change=change>
                        <option value="">{t::requirement_not_set(lang)}</option>
                        {options}
                    </select></div>
            })}
            {forms}
        </div>
    }
    .into_any()
}
