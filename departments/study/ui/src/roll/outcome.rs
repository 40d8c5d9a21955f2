//! What a list will do, or did, in words and numbers.

use base::Lang;
use leptos::prelude::*;
use study_core::roll::{BadRow, ClassCount, Preview, column_title};

use crate::t;

/// Before: what it would bring.
pub(super) fn told(told: &Preview, lang: Lang) -> AnyView {
    if !told.missing.is_empty() {
        let names: Vec<&str> = told.missing.iter().map(|c| column_title(*c, lang)).collect();
        return view! {
            <div class="banner banner-warn" role="alert"><p>{t::roll_missing(lang, names.join(", "))}</p></div>
        }
        .into_any();
    }
    view! {
        <p>{t::roll_rows(lang, i64::from(told.rows))}</p>
        {numbers(told, lang)}
        {(!told.classes.is_empty()).then(|| view! {
            <p class="cluster"><span class="muted">{t::roll_into(lang)}</span>
                {told.classes.iter().map(|c| view! { <span class="badge">{count(c)}</span> }).collect_view()}</p>
        })}
        {unmatched(&told.unmatched, lang)}
        {bad(&told.bad, told.bad_rows, lang)}
    }
    .into_any()
}

/// After: what it brought, and where to go on.
pub(super) fn done(done: &Preview, lang: Lang) -> AnyView {
    view! {
        <section class="card stack" aria-labelledby="roll-done">
            <h2 id="roll-done">{t::roll_done(lang)}</h2>
            {numbers(done, lang)}
            {(done.bad_rows > 0).then(|| view! { <p>{t::roll_left_out(lang, i64::from(done.bad_rows))}</p> })}
            <p class="cluster"><a class="btn btn-primary" href="/classes">{t::roll_to_classes(lang)}</a></p>
        </section>
    }
    .into_any()
}

fn numbers(told: &Preview, lang: Lang) -> AnyView {
    let c = told.counts;
    let rows = [
        (t::roll_n_new(lang), c.new_pupils, true),
        (t::roll_n_known(lang), c.known_pupils, true),
        (t::roll_n_families(lang), c.families, true),
        (t::roll_n_guardians(lang), c.new_guardians, true),
        (
            t::roll_n_known_guardians(lang),
            c.known_guardians,
            c.known_guardians > 0,
        ),
        (t::roll_n_enrolled(lang), c.enrolled, true),
        (t::roll_n_seats(lang), c.seats, c.seats > 0),
        (t::roll_n_facts(lang), c.facts, c.facts > 0),
    ];
    let rows = rows.into_iter().filter(|(_, _, shown)| *shown);
    view! {
        <dl class="facts">
            {rows.map(|(name, n, _)| view! { <dt>{name}</dt><dd>{n}</dd> }).collect_view()}
            <dt>{t::roll_from(lang)}</dt><dd>{kit::date::full(told.since, lang)}</dd>
        </dl>
    }
    .into_any()
}

fn count(class: &ClassCount) -> String {
    format!("{} — {}", class.name, class.rows)
}

fn unmatched(classes: &[ClassCount], lang: Lang) -> Option<AnyView> {
    (!classes.is_empty()).then(|| {
        view! {
            <div class="banner banner-warn"><div class="stack stack-s"><p>{t::roll_unmatched(lang)}</p>
                <p class="cluster">{classes.iter().map(|c| view! { <span class="badge" data-tone="warn">{count(c)}</span> }).collect_view()}</p></div></div>
        }
        .into_any()
    })
}

fn bad(rows: &[BadRow], all: u32, lang: Lang) -> Option<AnyView> {
    let more = usize::try_from(all)
        .unwrap_or(usize::MAX)
        .saturating_sub(rows.len());
    (!rows.is_empty()).then(|| {
        view! {
            <details open=rows.len() <= 20><summary>{t::roll_bad(lang, i64::from(all))}</summary>
                <div class="table-wrap" tabindex="0" role="region" aria-label=t::roll_bad(lang, i64::from(all))>
                    <table class="table">
                        <thead><tr><th scope="col" class="num">{t::roll_row(lang)}</th><th scope="col">{t::roll_reason(lang)}</th></tr></thead>
                        <tbody>{rows.iter().map(|b| view! { <tr><th scope="row" class="num">{b.row}</th><td>{b.reason.clone()}</td></tr> }).collect_view()}</tbody>
                    </table>
                </div>
                {(more > 0).then(|| view! { <p class="muted">{t::roll_bad_more(lang, more)}</p> })}
            </details>
        }
        .into_any()
    })
}
