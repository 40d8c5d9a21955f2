//! A schedule as it is read: for whom it rings, its lessons with the breaks between them, what breaks a norm beside its line.

use base::{BellsId, Lang};
use leptos::html;
use leptos::prelude::*;
use study_core::bells::notes::Spot;
use study_core::bells::terms::minute;
use study_core::bells::{Lesson, Schedule, Sheet, Terms, notes, words};

use super::desk::Desk;
use crate::t;

/// A remark of a line: what is broken, and where that stands.
pub(super) type Remark = (Spot, String, String);

/// What of a schedule breaks a norm, in words.
pub(super) fn remarks(lang: Lang, sheet: &Sheet, terms: &Terms) -> Vec<Remark> {
    let told = |n: &notes::Note<'_>| {
        (
            n.spot,
            words::note(lang, sheet, n),
            words::where_it_stands(lang, n),
        )
    };
    notes::notes(sheet, terms).iter().map(told).collect()
}

/// The remarks of one line.
pub(super) fn beside(remarks: &[Remark], spot: Spot) -> AnyView {
    let mine = remarks.iter().filter(|(at, ..)| *at == spot);
    let line = |(_, words, clause): &Remark| {
        view! { <p class="bl-remark"><kit::Icon name="warning"/><span>{words.clone()}" "<cite class="muted small">{clause.clone()}</cite></span></p> }
    };
    mine.map(line).collect_view().into_any()
}

/// Draws a schedule with what may be done with it.
pub(super) fn draw(desk: Desk, id: BellsId) -> AnyView {
    (move || {
        desk.schedule(id).map(|schedule| {
            let heading = format!("bells-{id}");
            let body = desk.sheet.with(|s| body(desk.lang, s, &schedule.terms));
            view! {
                <section class="card stack" aria-labelledby=heading.clone()>
                    <div class="card-head bl-head">
                        <h2 id=heading.clone()>{schedule.terms.title.clone()}</h2>
                        <span class="badge">{t::bells_shift_of(desk.lang, schedule.terms.shift)}</span>
                        {desk.may_edit().then(|| actions(desk, &schedule))}
                    </div>
                    {schedule.other_years.then(|| view! { <p class="muted small">{t::bells_other_years(desk.lang)}</p> })}
                    {body}
                </section>
            }
        })
    })
    .into_any()
}

/// For whom, and the lessons.
pub(super) fn body(lang: Lang, sheet: &Sheet, terms: &Terms) -> AnyView {
    let who = words::uses(lang, sheet.org, &terms.uses);
    let whom = if who.is_empty() {
        view! { <p class="muted">{t::bells_nobody(lang)}</p> }.into_any()
    } else {
        view! { <ul class="bl-who">{who.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }.into_any()
    };
    let remarks = remarks(lang, sheet, terms);
    let breaks = terms.breaks();
    let lines = terms.lessons.iter().enumerate().map(|(n, lesson)| {
        let pause = breaks.get(n).copied().flatten();
        view! {
            <li class="bl-line">
                <span class="bl-number">{t::bells_lesson(lang, lesson.number)}</span>
                <b class="nums">{from_to(lesson)}</b>
                <span class="muted small">{minutes(lang, lesson)}</span>
                {beside(&remarks, Spot::Lesson(lesson.number))}
            </li>
            {pause.map(|pause| view! {
                <li class="bl-line bl-break">
                    <span class="muted small">{t::bells_break(lang, i64::from(pause))}</span>
                    {beside(&remarks, Spot::After(lesson.number))}
                </li>
            })}
        }
    });
    view! {
        {whom}
        {beside(&remarks, Spot::Whole)}
        <ul class="bl-day">{lines.collect_view()}</ul>
    }
    .into_any()
}

/// «8:30–9:15»
fn from_to(lesson: &Lesson) -> String {
    let clock = |time: Option<chrono::NaiveTime>| time.map_or_else(|| "—".to_owned(), kit::date::clock);
    format!("{}–{}", clock(lesson.starts), clock(lesson.ends))
}

/// How long it is.
pub(super) fn minutes(lang: Lang, lesson: &Lesson) -> Option<String> {
    let length = lesson
        .starts
        .zip(lesson.ends)
        .map(|(a, z)| minute(z) - minute(a))?;
    (length > 0).then(|| t::bells_minutes(lang, i64::from(length)))
}

fn actions(desk: Desk, schedule: &Schedule) -> AnyView {
    let lang = desk.lang;
    let title = schedule.terms.title.clone();
    let held = StoredValue::new(schedule.clone());
    let off = move || desk.form.with(Option::is_some) || desk.busy.get();
    let edit = move |_| held.with_value(|s| desk.edit(s));
    let copy = move |_| held.with_value(|s| desk.copy(s));
    let remove = move |_| {
        let sure =
            web_sys::window().is_some_and(|w| w.confirm_with_message(t::bells_sure(lang)).unwrap_or(false));
        if sure {
            held.with_value(|s| desk.remove(s));
        }
    };
    let id = schedule.id;
    let node = NodeRef::<html::Button>::new();
    Effect::new(move || {
        if let Some(button) = node.get().filter(|_| desk.left.get() == Some(id)) {
            // after the button is no longer shut
            request_animation_frame(move || {
                let _ = button.focus();
                desk.left.set(None);
            });
        }
    });
    let unused = schedule.terms.uses.is_empty() && !schedule.other_years;
    view! {
        <span class="bl-actions">
            <button class="btn btn-small" type="button" node_ref=node aria-label=t::bells_edit_of(lang, &title) disabled=off on:click=edit>{t::bells_edit(lang)}</button>
            <button class="btn btn-small btn-quiet" type="button" aria-label=t::bells_copy_of(lang, &title) disabled=off on:click=copy>{t::bells_copy(lang)}</button>
            {unused.then(|| view! {
                <button class="btn btn-small btn-quiet" type="button" aria-label=t::bells_remove_of(lang, &title) disabled=off on:click=remove>{t::bells_remove(lang)}</button>
            })}
        </span>
    }
    .into_any()
}
