//! A lesson and the plan: the lesson fell out, or went for something else, and what follows is shifted by one press; what that
//! changes is seen before.

use base::LessonId;
use classbook_core::plan::{Act, Book, Out, Plan, PlanLesson, lay, moved};
use leptos::html;
use leptos::prelude::*;

use super::desk::{Desk, Open};
use super::row_sheet::show;
use crate::t;

/// How many moved rows are listed.
const LISTED: usize = 12;

/// The sheet.
#[component]
pub fn LessonSheet(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let lang = desk.lang;
    let dialog = NodeRef::<html::Dialog>::new();
    let lesson = Memo::new(move |_| match desk.open.get() {
        Some(Open::Lesson(lesson)) => Some(lesson),
        _ => None,
    });
    Effect::new(move || show(dialog, lesson.get().is_some()));
    let found = move |id: LessonId| {
        desk.book
            .with(|b| b.lessons.iter().find(|l| l.id == Some(id)).cloned())
    };
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="plan-lesson-title" on:close=move |_| if lesson.get_untracked().is_some() { desk.close(None); }>
            {move || lesson.get().and_then(|id| found(id).map(|l| (id, l))).map(|(id, l)| {
                let title = format!("{}, {}", kit::date::day_month(l.date, lang), t::journal_lesson_number(lang, l.slot + 1));
                view! {
                    <div class="sheet-head">
                        <h2 id="plan-lesson-title">{title}</h2>
                        <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| desk.close(None)><kit::Icon name="cross"/></button>
                    </div>
                    <div class="sheet-body stack">{body(desk, id, &l)}</div>
                }
            })}
        </dialog>
    }
}

fn body(desk: Desk, id: LessonId, lesson: &PlanLesson) -> AnyView {
    let lang = desk.lang;
    let (planned, skipped) = desk.book.with(|b| {
        let laid = lay(&b.plan, &b.lessons);
        let at = b.lessons.iter().position(|l| l.id == Some(id));
        let seat = at.and_then(|n| laid.seats.get(n).copied().flatten());
        let planned = seat
            .and_then(|s| b.plan.row(s.row))
            .map(|r| r.terms.topic.clone());
        (planned, b.plan.skipped.contains(&id))
    });
    let passed = skipped || lesson.out.is_some();
    let tighten = RwSignal::new(lesson.out.is_some());
    let act = move || {
        if skipped && !tighten.get() {
            Act::TakeIn { lesson: id }
        } else {
            Act::FallOut {
                lesson: id,
                tighten: tighten.get(),
            }
        }
    };
    let state = match lesson.out {
        Some(Out::Cancelled) => Some(t::plan_lesson_cancelled(lang)),
        Some(Out::Holiday) => Some(t::plan_lesson_holiday(lang)),
        None => skipped.then(|| t::plan_lesson_skipped(lang)),
    };
    let (first, second) = match (lesson.out.is_some(), skipped) {
        (true, _) => (None, t::plan_tighten(lang)),
        (_, true) => (Some(t::plan_take_in(lang)), t::plan_tighten(lang)),
        _ => (Some(t::plan_shift(lang)), t::plan_shift_tighten(lang)),
    };
    view! {
        <dl class="facts">
            {planned.map(|topic| view! { <dt>{t::plan_by_plan(lang)}</dt><dd>{topic}</dd> })}
            {lesson.topic.clone().map(|topic| view! { <dt>{t::plan_by_journal(lang)}</dt><dd>{topic}</dd> })}
        </dl>
        {state.map(|words| view! { <p>{words}</p> })}
        <fieldset class="stack stack-s">
            <legend>{if passed { t::plan_what_now(lang) } else { t::plan_fell_out(lang) }}</legend>
            {first.map(|words| view! {
                <label class="check"><input type="radio" name="plan-way" prop:checked=move || !tighten.get() on:change=move |_| tighten.set(false)/><span>{words}</span></label>
            })}
            <label class="check"><input type="radio" name="plan-way" prop:checked=move || tighten.get() on:change=move |_| tighten.set(true)/><span>{second}</span></label>
        </fieldset>
        <section class="stack stack-s" aria-live="polite" aria-labelledby="plan-preview">
            <h3 id="plan-preview">{t::plan_preview(lang)}</h3>
            {move || desk.book.with(|b| preview(desk, b, act()))}
        </section>
        <kit::ErrorBanner error=desk.error/>
        <div class="cluster">
            <button class="btn btn-primary" type="button" disabled=move || desk.busy.get() aria-busy=move || desk.busy.get().to_string()
                on:click=move |_| { let act = untrack(act); desk.act(act, move || desk.close(None)); }>{t::plan_do_it(lang)}</button>
            <a class="btn" href=desk.book.with_untracked(|b| format!("/journal/{}", b.load))>{t::plan_to_journal(lang)}</a>
        </div>
    }
    .into_any()
}

/// What an act changes: what is another row now, which rows go to which days, what does not fit any more.
fn preview(desk: Desk, book: &Book, act: Act) -> AnyView {
    let lang = desk.lang;
    let after = match act.apply(&book.plan, &book.lessons) {
        Ok(after) => after,
        Err(fault) => return view! { <p>{fault.words(lang)}</p> }.into_any(),
    };
    let moves = moved(&book.plan, &after, &book.lessons);
    let days = |days: &[chrono::NaiveDate]| {
        let words: Vec<String> = days
            .iter()
            .map(|d| kit::date::day_month_short(*d, lang))
            .collect();
        if words.is_empty() {
            t::plan_no_day(lang).to_owned()
        } else {
            words.join(", ")
        }
    };
    let lines = moves
        .iter()
        .take(LISTED)
        .filter_map(|m| {
            let row = after.row(m.row)?;
            Some(view! { <li><b>{row.terms.topic.clone()}</b><br/><span class="nums">{days(&m.before)}" → "{days(&m.after)}</span></li> })
        })
        .collect_view();
    let rest = i64::try_from(moves.len().saturating_sub(LISTED)).unwrap_or(0);
    let changed = changed_rows(book, &after)
        .into_iter()
        .map(|words| view! { <li>{t::plan_becomes(lang, words)}</li> })
        .collect_view();
    let (before, now) = (
        lay(&book.plan, &book.lessons).over,
        lay(&after, &book.lessons).over,
    );
    let over = (now > 0)
        .then(|| view! { <li><span class="badge" data-tone="bad">{t::plan_over(lang, now)}</span></li> });
    let better = (now == 0 && before > 0)
        .then(|| view! { <li><span class="badge" data-tone="ok">{t::plan_fits(lang)}</span></li> });
    view! {
        {(moves.is_empty() && after == book.plan).then(|| view! { <p>{t::plan_nothing_moves(lang)}</p> })}
        <ul class="stack stack-s plan-preview">{over}{better}{changed}{lines}{(rest > 0).then(|| view! { <li class="muted">{t::plan_and_more(lang, rest)}</li> })}</ul>
    }
    .into_any()
}

/// Rows that say something else: «тема, 1 ч».
fn changed_rows(book: &Book, after: &Plan) -> Vec<String> {
    let changed = after
        .rows
        .iter()
        .filter(|r| book.plan.row(r.id).is_some_and(|old| old != *r));
    changed
        .map(|r| format!("{} · {}", r.terms.topic, r.terms.hours))
        .collect()
}
