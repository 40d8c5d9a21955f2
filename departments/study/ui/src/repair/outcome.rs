//! What the engine would move, in sentences; what found no place; what the timetable is like then.

use base::Lang;
use leptos::prelude::*;
use study_core::repair;
use timetable::compose::{Mended, Shift};

use super::dialog::Mend;
use crate::compose::comparison;
use crate::t;

/// How many moves are listed.
const LISTED: usize = 300;

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Cards at another time, or in the tray, or out of it.
fn moved(mended: &Mended) -> usize {
    mended.shifts.iter().filter(|shift| !shift.is_of_room()).count()
}

/// How it ended, in a sentence.
pub(super) fn words(lang: Lang, mended: &Mended) -> String {
    let of = i64::from(mended.cards);
    let moves = moved(mended);
    let rooms = mended.shifts.len() - moves;
    let mut all = match (moves, rooms) {
        (0, 0) => vec![t::repair_nothing(lang).to_owned()],
        (0, _) => vec![],
        _ => vec![t::repair_moved(lang, count(moves), of)],
    };
    if rooms > 0 {
        all.push(t::repair_rooms(lang, count(rooms)));
    }
    if !mended.stuck.is_empty() {
        all.push(t::repair_stuck(lang, count(mended.stuck.len())));
    }
    all.join(" ")
}

/// The end of the dialog.
pub(super) fn over(this: Mend, take: Callback<()>, close: Callback<()>) -> AnyView {
    let lang = this.lang;
    let Some(mended) = this.mended.get() else {
        return ().into_any();
    };
    let clean = mended.stuck.is_empty() && mended.after.clashes == 0;
    let tone = if clean {
        "banner banner-ok"
    } else {
        "banner banner-warn"
    };
    let facts = this
        .progress
        .with_untracked(|p| p.as_ref().map(|p| p.facts.clone()));
    let facts: Vec<String> = this.data.with_value(|d| {
        let all = facts.iter().flatten();
        all.map(|fact| repair::fact(lang, d, fact)).collect()
    });
    let nothing = mended.shifts.is_empty();
    view! {
        <div class="stack">
            <div class=tone><div class="stack stack-s">
                <p>{words(lang, &mended)}</p>
                {(!facts.is_empty()).then(|| view! {
                    <p class="small">{t::repair_for(lang)}</p>
                    <ul class="tt-facts small">{facts.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                })}
            </div></div>
            {move || this.error.get().map(|words| view! { <div class="banner banner-error" role="alert"><p>{words}</p></div> })}
            {stuck(this, &mended)}
            {(!nothing).then(|| shifts(this, &mended.shifts))}
            {released(this, &mended)}
            {comparison(lang, mended.before.into(), mended.after.into())}
            {(!nothing).then(|| view! { <p class="small muted">{t::repair_take_hint(lang)}</p> })}
        </div>
        <div class="dialog-actions">
            <button class="btn" type="button" on:click=move |_| close.run(())>{t::repair_leave(lang)}</button>
            <button class="btn" type="button" on:click=move |_| this.anew()>{t::repair_back(lang)}</button>
            <button class="btn" type="button" on:click=move |_| this.begin(true)>{t::repair_other(lang)}</button>
            {(!nothing).then(|| view! {
                <button class="btn btn-primary" type="button" on:click=move |_| take.run(())>{t::repair_take(lang)}</button>
            })}
        </div>
    }
    .into_any()
}

/// What found no place, and what closes every cell to it.
fn stuck(this: Mend, mended: &Mended) -> Option<AnyView> {
    if mended.stuck.is_empty() {
        return None;
    }
    let lang = this.lang;
    let lines: Vec<String> = this.data.with_value(|d| {
        let all = mended.stuck.iter().take(LISTED);
        all.map(|(card, why)| repair::stuck(lang, d, *card, why.as_ref()))
            .collect()
    });
    Some(
        view! {
            <section class="stack stack-s">
                <h3>{t::repair_stuck_title(lang)}<span class="count">{mended.stuck.len()}</span></h3>
                <ul class="tt-problems" tabindex="0" aria-label=t::repair_stuck_title(lang)>{lines.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What moves, in sentences.
fn shifts(this: Mend, all: &[Shift]) -> AnyView {
    let lang = this.lang;
    let lines: Vec<String> = this.data.with_value(|d| {
        all.iter()
            .take(LISTED)
            .map(|s| repair::shift(lang, d, s))
            .collect()
    });
    let rest = all.len().checked_sub(LISTED).filter(|n| *n > 0);
    view! {
        <section class="stack stack-s">
            <h3>{t::repair_shifts(lang)}<span class="count">{all.len()}</span></h3>
            <ul class="tt-problems tt-shifts" tabindex="0" aria-label=t::repair_shifts(lang)>
                {lines.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
                {rest.map(|n| view! { <li>{t::compose_impossible_more(lang, count(n))}</li> })}
            </ul>
        </section>
    }
    .into_any()
}

/// Locks that gave way.
fn released(this: Mend, mended: &Mended) -> Option<AnyView> {
    if mended.released.is_empty() {
        return None;
    }
    let lang = this.lang;
    let names: Vec<String> = this.data.with_value(|d| {
        let all = mended.released.iter();
        all.map(|card| study_core::timetable::words::lesson(d, *card))
            .collect()
    });
    Some(view! { <p class="small">{t::repair_released(lang, names.join("; "))}</p> }.into_any())
}
