//! «А если получить…»: a small calculator under a subject.

use base::Lang;
use base::number::Hundredths;
use classbook_core::diary::{Counted, how_many, what_if as after};
use leptos::prelude::*;

use super::mark::{fixed, number, tone};
use crate::t;

/// What is aimed at: the usual borders between marks.
const TARGETS: [Hundredths; 3] = [Hundredths(250), Hundredths(350), Hundredths(450)];

/// The calculator over the marks of one subject.
pub fn what_if(marks: Vec<Counted>, lang: Lang) -> AnyView {
    let mut weights: Vec<Hundredths> = marks.iter().map(|m| m.1).filter(|w| w.0 > 0).collect();
    weights.push(Hundredths::whole(1));
    weights.sort();
    weights.dedup();
    let marks = StoredValue::new(marks);
    let value = RwSignal::new(Hundredths::whole(5));
    let weight = RwSignal::new(Hundredths::whole(1));
    let average = move || marks.with_value(|m| after(m, value.get(), weight.get(), 1));
    let aim = move || {
        marks.with_value(|m| {
            let now = after(m, value.get(), weight.get(), 0)?;
            let target = TARGETS.into_iter().find(|t| *t > now)?;
            let words = fixed(target, lang);
            Some(match how_many(m, value.get(), weight.get(), target) {
                Some(n) => t::diary_what_if_target(lang, i64::from(n), words),
                None => t::diary_what_if_never(lang, words),
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
    let choose = |to: RwSignal<Hundredths>| {
        move |event| {
            if let Some(n) = Hundredths::parse(&event_target_value(&event)) {
                to.set(n);
            }
        }
    };
    let values = (2..=5)
        .rev()
        .map(|n| view! { <option value=n.to_string()>{n}</option> })
        .collect_view();
    let weights = weights
        .into_iter()
        .map(|w| view! { <option value=w.to_string() selected=w == Hundredths::whole(1)>{number(w, lang)}</option> })
        .collect_view();
    view! {
        <details class="what-if">
            <summary>{t::diary_what_if(lang)}</summary>
            <div class="cluster">
                <label>{t::diary_what_if_value(lang)}" "<select class="select" node_ref=values_at on:change=choose(value)>{values}</select></label>
                <label>{t::diary_what_if_weight(lang)}" "<select class="select" node_ref=weights_at on:change=choose(weight)>{weights}</select></label>
                <p role="status"><b class="avg" data-tone=move || tone(average())>{move || average().map(|a| t::diary_what_if_result(lang, fixed(a, lang)))}</b></p>
            </div>
            <p class="small">{aim}</p>
            <p class="small muted">{t::diary_what_if_note(lang)}</p>
        </details>
    }
    .into_any()
}
