//! «Почему?» at a remark of the review: what it collides with, or which moves would mend it and what that does to the rest. The
//! page's engine finds it; it can be stopped.

use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::Keep;
use timetable::compose::{Shift, Standing, Step};
use timetable::unmet::Sort;
use timetable::{Level, Problem, Reason, TeacherIx};

use super::desk::Desk;
use crate::compose::{comparison, contradiction, costs};
use crate::engine::talk::{Answer, Ask};
use crate::t;

/// How far the answer is.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    Looking,
    /// With the state of the board that it is about.
    Told(Box<Standing>, u32),
    /// The engine does not count this remark.
    Nothing,
    /// There is no engine here, or it was stopped.
    NoEngine,
    Stopped,
}

/// The button, and the answer below it.
#[component]
pub fn Why(desk: Desk, remark: Problem) -> impl IntoView {
    let lang = desk.lang;
    let remark = StoredValue::new(remark);
    let known = RwSignal::new(None::<Known>);
    // an answer to an older question is none
    let asked = StoredValue::new(0u32);
    let ask = move |_| {
        known.set(Some(Known::Looking));
        asked.update_value(|n| *n = n.wrapping_add(1));
        let this = asked.get_value();
        spawn_local(async move {
            let tick = desk.tick.try_get_untracked();
            let Some(remark) = remark.try_get_value() else {
                return;
            };
            let answer = desk.consult(&Ask::Standing { remark }).await;
            // it was stopped meanwhile, or the review was closed
            if asked.try_get_value() != Some(this) {
                return;
            }
            let told = match (answer, tick) {
                (Some(Answer::Standing(Some(told))), Some(tick)) => Known::Told(told, tick),
                (Some(Answer::Standing(None)), _) => Known::Nothing,
                _ => Known::NoEngine,
            };
            known.set(Some(told));
        });
    };
    let stop = move |_| {
        asked.update_value(|n| *n = n.wrapping_add(1));
        known.set(Some(Known::Stopped));
        desk.advice.stop();
    };
    let looking = move || known.with(|known| *known == Some(Known::Looking));
    view! {
        <div class="tt-why">
            {move || if looking() {
                view! { <button class="btn btn-small" type="button" on:click=stop>{t::standing_stop(lang)}</button> }.into_any()
            } else {
                view! { <button class="btn btn-small" type="button" on:click=ask>{t::standing_ask(lang)}</button> }.into_any()
            }}
            <div role="status">{move || known.with(|known| known.as_ref().map(|known| remark.with_value(|remark| answer(desk, remark, known))))}</div>
        </div>
    }
}

fn answer(desk: Desk, remark: &Problem, known: &Known) -> AnyView {
    let lang = desk.lang;
    let note = |words: &'static str| view! { <p class="small muted">{words}</p> }.into_any();
    match known {
        Known::Looking => {
            view! { <p class="small muted" aria-busy="true">{t::standing_looking(lang)}</p> }.into_any()
        }
        Known::Nothing => note(t::standing_nothing(lang)),
        Known::NoEngine => note(t::standing_no_engine(lang)),
        Known::Stopped => note(t::standing_stopped(lang)),
        Known::Told(told, tick) => told_words(desk, remark, told, *tick),
    }
}

fn told_words(desk: Desk, remark: &Problem, told: &Standing, tick: u32) -> AnyView {
    let lang = desk.lang;
    let collides = |by: &timetable::compose::Contradiction| {
        let lines = desk
            .data
            .with_value(|d| contradiction(lang, d, &Keep::default(), by));
        view! { <div class="tt-collide">{lines}</div> }
    };
    match told {
        Standing::Certain { least, by } => {
            let counts = matches!(
                Sort::of(remark),
                Sort::Windows
                    | Sort::Limit(
                        timetable::LimitKind::WindowsPerDay
                            | timetable::LimitKind::WindowsPerWeek
                            | timetable::LimitKind::DaysPerWeek
                    )
            );
            let head = if counts && *least > 1 {
                t::standing_least(lang, *least)
            } else {
                t::standing_certain(lang).to_owned()
            };
            view! { <p class="small">{head}</p>{collides(by)} }.into_any()
        }
        Standing::Colliding(by) => {
            view! { <p class="small">{t::standing_colliding(lang)}</p>{collides(by)} }.into_any()
        }
        Standing::Open => view! { <p class="small">{t::standing_open(lang)}</p> }.into_any(),
        Standing::Mendable {
            steps,
            left,
            before,
            after,
        } => {
            let head = if *left == 0 {
                t::standing_mendable(lang, count(steps.len()))
            } else {
                t::standing_lessened(lang, count(steps.len()))
            };
            let lines = steps
                .iter()
                .map(|step| view! { <li>{moved(desk, step)}</li> })
                .collect_view();
            // the way out may be worse than what it mends
            let costs = costs(lang, (*before).into(), (*after).into());
            let steps = steps.clone();
            let stale = RwSignal::new(false);
            let take = move |_| {
                // somebody's newer moves have come in between
                if desk.tick.get_untracked() == tick {
                    take(desk, &steps);
                } else {
                    stale.set(true);
                }
            };
            view! {
                <p class="small">{head}</p>
                <ul class="tt-problems">{lines}</ul>
                {costs.map(|words| view! { <p class="small"><b>{words}</b></p> })}
                <p class="small">{t::standing_price(lang)}</p>
                {comparison(lang, (*before).into(), (*after).into())}
                <button class="btn btn-small" type="button" on:click=take>{t::repair_take(lang)}</button>
                {move || stale.get().then(|| view! { <p class="small" role="alert">{t::repair_stale(lang)}</p> })}
            }
            .into_any()
        }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn moved(desk: Desk, step: &Step) -> String {
    let from = desk.ask(|b| b.placement(step.card));
    let from = from.map_or_else(
        || t::advice_tray(desk.lang).to_owned(),
        |at| desk.place_words(at.day, at.slot),
    );
    t::advice_moves(
        desk.lang,
        from,
        desk.lesson(step.card),
        desk.place_words(step.to.day, step.to.slot),
    )
}

/// Carries the moves out: one act, undone as one; what has moved is marked.
fn take(desk: Desk, steps: &[Step]) {
    let shifts: Vec<Shift> = steps
        .iter()
        .map(|step| Shift {
            card: step.card,
            from: desk.ask(|b| b.placement(step.card)),
            to: Some(step.to),
        })
        .collect();
    desk.take_repair(&shifts);
}

/// Teachers with windows, the most first, each with the question why: windows are no remarks of the review, but wished few.
pub fn windows(desk: Desk, listed: usize) -> Option<AnyView> {
    let lang = desk.lang;
    desk.tick.track();
    let data = desk.data();
    let mut of: Vec<(TeacherIx, u32)> = (0..data.teachers.len())
        .map(TeacherIx::at)
        .map(|teacher| {
            let days = desk.ask(|b| b.teacher_days(teacher));
            (teacher, days.iter().map(|day| u32::from(day.windows)).sum())
        })
        .filter(|(_, windows)| *windows > 0)
        .collect();
    if of.is_empty() {
        return None;
    }
    of.sort_by_key(|(teacher, windows)| (std::cmp::Reverse(*windows), *teacher));
    let all: u32 = of.iter().map(|(_, windows)| windows).sum();
    let line = |(teacher, windows): &(TeacherIx, u32)| {
        let remark = Problem {
            level: Level::Poor,
            day: None,
            card: None,
            reason: Reason::TeacherWindow {
                teacher: *teacher,
                windows: u16::try_from(*windows).unwrap_or(u16::MAX),
            },
        };
        let name = data.teachers.get(teacher.ix()).map_or("—", |t| t.name.as_str());
        let sentence = t::standing_windows(lang, i64::from(*windows), name);
        view! { <li data-verdict="poor">{sentence}<Why desk remark/></li> }
    };
    let rest = of.len().checked_sub(listed).filter(|n| *n > 0);
    Some(
        view! {
            <details class="stack">
                <summary>{t::rule_teacher_windows(lang)}<span class="count">{all}</span></summary>
                <ul class="tt-lines">{of.iter().take(listed).map(line).collect_view()}</ul>
                {rest.map(|n| view! { <p class="muted small">{t::review_more(lang, count(n))}</p> })}
            </details>
        }
        .into_any(),
    )
}
