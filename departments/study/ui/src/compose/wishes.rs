//! The school's wishes, as one search is to weigh them: a fold with what the school has, to be chosen otherwise.

use base::Lang;
use leptos::prelude::*;
use study_core::compose::{Wish, Wishes};
use study_core::requirement::kind::Figure;
use study_core::requirement::{Weight, words};

use crate::t;

/// «Окно учителя — очень важно»; of those with a figure «…: 2 — желательно».
pub(super) fn sentence(lang: Lang, wish: &Wish) -> String {
    let title = words::title(lang, wish.kind);
    let weight = wish.weight.map_or_else(
        || t::compose_wish_none(lang),
        |weight| words::weight(lang, weight),
    );
    match wish.value {
        Some(value) => t::compose_wish_value(lang, title, value, weight),
        None => t::compose_wish(lang, title, weight),
    }
}

/// Wishes of a search that differ from the school's; nothing where none does.
pub(super) fn told(lang: Lang, wishes: &Wishes) -> AnyView {
    if wishes.is_empty() {
        return ().into_any();
    }
    let list: Vec<String> = wishes.0.iter().map(|wish| sentence(lang, wish)).collect();
    view! { <p class="small">{t::compose_wished(lang, list.join("; "))}</p> }.into_any()
}

/// The fold. `other`: what differs from the school's.
#[component]
pub(super) fn Fold(
    lang: Lang,
    school: Vec<Wish>,
    wished: RwSignal<Vec<Wish>>,
    other: Memo<Wishes>,
) -> impl IntoView {
    let preset = StoredValue::new(school.clone());
    let count = move || i64::try_from(other.with(|other| other.0.len())).unwrap_or(i64::MAX);
    let rows = (0..)
        .zip(school)
        .map(|(at, wish)| row(lang, at, wish, wished))
        .collect_view();
    view! {
        <details class="fold">
            <summary>{t::compose_wish_fold(lang)}
                {move || (count() > 0).then(|| view! { " "<span class="badge" data-tone="accent">{t::compose_wish_other(lang, count())}</span> })}</summary>
            <div class="stack stack-s">
                <p class="field-hint">{t::compose_wish_hint(lang)}</p>
                <div class="tt-wishes">{rows}</div>
                <p><button class="btn btn-small" type="button" disabled=move || count() == 0
                    on:click=move |_| wished.set(preset.get_value())>{t::compose_wish_reset(lang)}</button></p>
            </div>
        </details>
    }
}

/// One wish: how much it weighs, and its figure where it has one.
fn row(lang: Lang, at: usize, school: Wish, wished: RwSignal<Vec<Wish>>) -> AnyView {
    let title = words::title(lang, school.kind);
    let now = Memo::new(move |_| wished.with(|all| all.get(at).copied()).unwrap_or(school));
    let change = move |to: Wish| {
        wished.update(|all| {
            if let Some(wish) = all.get_mut(at) {
                *wish = to;
            }
        });
    };
    let bounds = match school.kind.figure() {
        Figure::Number(from, to) => Some((from, to)),
        _ => None,
    };
    let weigh = move |event| {
        let weight = Weight::from_key(&event_target_value(&event));
        let before = now.get_untracked();
        // what is asked has a figure, what is not has none
        let value = match (weight, bounds) {
            (Some(_), Some((from, _))) => Some(before.value.or(school.value).unwrap_or(from)),
            _ => None,
        };
        change(Wish {
            weight,
            value,
            ..before
        });
    };
    let none = bounds.map(|_| view! {
        <option value="" prop:selected=move || now.get().weight.is_none()>{t::compose_wish_none(lang)}</option>
    });
    let weights: Vec<Weight> = school.kind.weights().collect();
    let weights = weights.into_iter().map(|weight| view! {
        <option value=weight.key() prop:selected=move || now.get().weight == Some(weight)>{words::weight(lang, weight)}</option>
    });
    let weights = weights.collect_view();
    let figure = bounds.map(|(from, to)| {
        let choose = move |event| {
            let value = event_target_value(&event).parse().ok();
            change(Wish { value, ..now.get_untracked() });
        };
        let figures = (from..=to).map(|n| view! {
            <option value=n prop:selected=move || now.get().value == Some(n)>{n}</option>
        });
        let label = t::compose_wish_figure(lang, title);
        view! {
            <select class="select tt-wish-figure" aria-label=label disabled=move || now.get().weight.is_none() on:change=choose>
                {figures.collect_view()}
            </select>
        }
    });
    let differs = move || {
        (now.get() != school).then(|| view! { <small class="muted">{t::compose_wish_school(lang, school_words(lang, &school))}</small> })
    };
    view! {
        <div class="tt-wish">
            <span><span>{title}</span>{differs}</span>
            {figure}
            <select class="select" aria-label=title on:change=weigh>{none}{weights}</select>
        </div>
    }
    .into_any()
}

/// «желательно», «2, желательно»: what the school has.
fn school_words(lang: Lang, wish: &Wish) -> String {
    let weight = wish.weight.map_or_else(
        || t::compose_wish_none(lang),
        |weight| words::weight(lang, weight),
    );
    match wish.value {
        Some(value) => format!("{value}, {weight}"),
        None => weight.to_owned(),
    }
}
