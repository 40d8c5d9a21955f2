//! «А если получить…»: a small calculator under a subject, by the school's own borders and weights.

use base::Lang;
use base::number::Hundredths;
use classbook_core::diary::{Counted, KindWeight, how_many, next_border, proposed, what_if as after};
use classbook_core::grading::Terms;
use classbook_core::journal::grid::ScaleItem;
use leptos::prelude::*;

use super::mark::{fixed, number, tone_by};
use crate::t;

/// The calculator over the marks of one subject.
pub fn what_if(
    marks: Vec<Counted>,
    (terms, kinds): (&Terms, &[KindWeight]),
    scale: &[ScaleItem],
    lang: Lang,
) -> AnyView {
    // what may be got: the marks of the scale by which the subject's results are given
    let valued: Vec<(Hundredths, String)> = scale
        .iter()
        .filter_map(|i| Some((i.value?, i.code.clone())))
        .collect();
    let Some(best) = valued.iter().map(|v| v.0).max() else {
        return ().into_any();
    };
    let scale = StoredValue::new(scale.to_vec());
    let (weighted, terms) = (terms.weighted, StoredValue::new(terms.clone()));
    // of the marks that are there and of the works that may come: the first контрольная is asked about before it is written
    let mut weights: Vec<Hundredths> = marks.iter().map(|m| m.1).filter(|w| w.0 > 0).collect();
    weights.extend(kinds.iter().map(|k| k.weight));
    weights.push(Hundredths::whole(1));
    weights.sort();
    weights.dedup();
    let marks = StoredValue::new(marks);
    let value = RwSignal::new(best);
    let weight = RwSignal::new(Hundredths::whole(1));
    let with = move |rule: &dyn Fn(&[Counted], &Terms) -> Option<String>| {
        marks.with_value(|m| terms.with_value(|t| rule(m, t)))
    };
    let average = move || {
        let (value, weight) = (value.get(), weight.get());
        marks.with_value(|m| terms.with_value(|t| after(m, t, value, weight, 1)))
    };
    let result = move || {
        average().map(|a| {
            let code = |t: &Terms| scale.with_value(|s| proposed(a, t, s).map(|i| i.code.clone()));
            let level = terms.with_value(code).unwrap_or_default();
            t::diary_what_if_result(lang, level, fixed(a, lang))
        })
    };
    // an average of one's own to aim at; while there is none, the next border of the school
    let goal = RwSignal::new(String::new());
    let border = with(&|marks, terms| {
        let now = after(marks, terms, best, Hundredths::whole(1), 0)?;
        scale.with_value(|s| next_border(now, terms, s).map(|(target, _)| fixed(target, lang)))
    });
    let aim = move || {
        let (value, weight) = (value.get(), weight.get());
        let own = goal.with(|g| Hundredths::parse(g.trim()));
        with(&|marks, terms| {
            if let Some(target) = own {
                let words = fixed(target, lang);
                return Some(match how_many(marks, terms, value, weight, target) {
                    Some(0) => t::diary_what_if_there(lang, words),
                    Some(n) => t::diary_what_if_goal_result(lang, i64::from(n), words),
                    None => t::diary_what_if_goal_never(lang, words),
                });
            }
            let now = after(marks, terms, value, weight, 0)?;
            let next =
                |s: &Vec<ScaleItem>| next_border(now, terms, s).map(|(from, item)| (from, item.code.clone()));
            let (target, level) = scale.with_value(next)?;
            let words = fixed(target, lang);
            Some(match how_many(marks, terms, value, weight, target) {
                Some(n) => t::diary_what_if_target(lang, i64::from(n), level, words),
                None => t::diary_what_if_never(lang, level, words),
            })
        })
    };
    // the page is read and touched before the wasm is here: what was chosen meanwhile counts
    let (values_at, weights_at) = (NodeRef::<leptos::html::Select>::new(), NodeRef::new());
    for (node, to) in [(values_at, value), (weights_at, weight)] {
        Effect::new(move || {
            if let Some(n) = node.get().and_then(|select| Hundredths::parse(&select.value())) {
                to.set(n);
            }
        });
    }
    let goal_at = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(input) = goal_at.get() {
            goal.set(input.value());
        }
    });
    let choose = |to: RwSignal<Hundredths>| {
        move |event| {
            if let Some(n) = Hundredths::parse(&event_target_value(&event)) {
                to.set(n);
            }
        }
    };
    let values = valued
        .into_iter()
        .map(|(n, code)| view! { <option value=n.to_string() selected=n == best>{code}</option> })
        .collect_view();
    let weights = weights
        .into_iter()
        .map(|w| view! { <option value=w.to_string() selected=w == Hundredths::whole(1)>{weighs(w, kinds, lang)}</option> })
        .collect_view();
    view! {
        <details class="what-if">
            <summary>{t::diary_what_if(lang)}</summary>
            <div class="cluster">
                <label>{t::diary_what_if_value(lang)}" "<select class="select" node_ref=values_at on:change=choose(value)>{values}</select></label>
                // where the school counts each mark alike there is nothing to choose
                {weighted.then(|| view! {
                    <label>{t::diary_what_if_weight(lang)}" "<select class="select" node_ref=weights_at on:change=choose(weight)>{weights}</select></label>
                })}
                <label>{t::diary_what_if_goal(lang)}" "
                    <input class="input" type="text" inputmode="decimal" size="4" maxlength="4" autocomplete="off" placeholder=border.unwrap_or_default()
                        node_ref=goal_at on:input=move |event| goal.set(event_target_value(&event))/>
                </label>
                <p role="status"><b class="avg" data-tone=move || terms.with_value(|t| scale.with_value(|s| tone_by(average(), t, s)))>{result}</b></p>
            </div>
            <p class="small" role="status">{aim}</p>
            <p class="small muted">{t::diary_what_if_note(lang)}</p>
        </details>
    }
    .into_any()
}

/// «3 — Контрольная работа…»: a weight says little without a work that has it; the dots stand for further ones.
fn weighs(weight: Hundredths, kinds: &[KindWeight], lang: Lang) -> String {
    let mut of = kinds.iter().filter(|k| k.weight == weight);
    let figure = number(weight, lang);
    match (of.next(), of.next()) {
        (Some(kind), None) => format!("{figure} — {}", kind.title),
        (Some(kind), Some(_)) => format!("{figure} — {}…", kind.title),
        (None, _) => figure,
    }
}
