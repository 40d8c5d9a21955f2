//! The lessons of the form: a line each with its two times, the breaks between, remarks while one types; and moving them by minutes.

use chrono::NaiveTime;
use leptos::prelude::*;
use study_core::bells::notes::Spot;
use study_core::bells::terms::{LESSONS, NUMBERS};
use study_core::bells::{Lesson, Terms};

use super::desk::Desk;
use super::schedule::{Remark, beside, minutes, remarks};
use crate::t;

/// The farthest that lessons are moved at once.
const FARTHEST: i32 = 600;

/// Draws the lessons.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    // fields are drawn anew only when a button has filled them: a time that is half typed must not be written over
    let lines = move || {
        let filled = desk.filled.get();
        let count = desk.read(|t| t.lessons.len()).unwrap_or(0);
        (0..count).map(|n| (filled, n)).collect::<Vec<_>>()
    };
    let told = Memo::new(move |_| {
        let terms = desk.read(Terms::clone);
        terms.map_or_else(Vec::new, |terms| desk.sheet.with(|s| remarks(lang, s, &terms)))
    });
    let add = move |_| desk.fill(Terms::add);
    let drop_last = move |_| {
        desk.fill(|t| {
            t.lessons.pop();
        });
    };
    let count = move || desk.read(|t| t.lessons.len()).unwrap_or(0);
    let last = move || {
        desk.read(|t| t.lessons.last().map(|l| l.number))
            .flatten()
            .unwrap_or(0)
    };
    view! {
        {move || told.with(|told| beside(told, Spot::Whole))}
        <ul class="bl-day">
            <For each=lines key=|line| *line let:line>{row(desk, line.1, told)}</For>
        </ul>
        <div class="cluster">
            <button class="btn btn-small" type="button" disabled=move || { count() >= LESSONS } on:click=add><kit::Icon name="plus"/>{t::bells_add(lang)}</button>
            <button class="btn btn-small btn-quiet" type="button" disabled=move || { count() < 2 } on:click=drop_last>{move || t::bells_drop(lang, last())}</button>
        </div>
        {moving(desk)}
        {numbering(desk)}
    }
    .into_any()
}

fn lesson(desk: Desk, n: usize) -> Option<Lesson> {
    desk.read(|t| t.lessons.get(n).copied()).flatten()
}

fn row(desk: Desk, n: usize, told: Memo<Vec<Remark>>) -> AnyView {
    let lang = desk.lang;
    let Some(now) = untrack(move || lesson(desk, n)) else {
        return ().into_any();
    };
    let number = now.number;
    let field = move |of: fn(&mut Lesson) -> &mut Option<NaiveTime>| {
        move |event: leptos::ev::Event| {
            let time = parse(&event_target_value(&event));
            desk.write(|t| {
                if let Some(lesson) = t.lessons.get_mut(n) {
                    *of(lesson) = time;
                }
            });
        }
    };
    let pause = move || desk.read(|t| t.breaks().get(n).copied().flatten()).flatten();
    let after = move || {
        pause().map(|pause| {
            let words = if pause < 0 {
                t::bells_overlaps(lang).to_owned()
            } else {
                t::bells_break(lang, i64::from(pause))
            };
            view! {
                <div class="bl-line bl-break"><span class="muted small">{words}</span>
                    {told.with(|told| beside(told, Spot::After(number)))}</div>
            }
        })
    };
    view! {
        <li>
            <div class="bl-line">
                <span class="bl-number">{t::bells_lesson(lang, number)}</span>
                <span class="bl-times">
                    <input class="input bl-time" type="time" aria-label=t::bells_starts(lang, number) prop:value=text(now.starts)
                        on:input=field(|l| &mut l.starts)/>
                    <span aria-hidden="true">"–"</span>
                    <input class="input bl-time" type="time" aria-label=t::bells_ends(lang, number) prop:value=text(now.ends)
                        on:input=field(|l| &mut l.ends)/>
                </span>
                <span class="muted small">{move || lesson(desk, n).and_then(|l| minutes(lang, &l))}</span>
                {move || told.with(|told| beside(told, Spot::Lesson(number)))}
            </div>
            {after}
        </li>
    }
    .into_any()
}

/// A time as a field has it.
fn text(time: Option<NaiveTime>) -> String {
    time.map(kit::date::clock).unwrap_or_default()
}

/// Some browsers say seconds too.
fn parse(text: &str) -> Option<NaiveTime> {
    let short = text.get(..5)?;
    NaiveTime::parse_from_str(short, "%H:%M").ok()
}

/// «Сдвинуть с 3-го урока на 5 минут».
fn moving(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let from = RwSignal::new(0_i16);
    let by = RwSignal::new("5".to_owned());
    let shift = move |sign: i32| {
        let minutes = by.get_untracked().trim().parse::<i32>().ok();
        let Some(minutes) = minutes.filter(|m| (1..=FARTHEST).contains(m)) else {
            desk.error.set(Some(base::AppError::invalid(
                "by",
                t::bells_wrong_minutes(lang, FARTHEST),
            )));
            return;
        };
        let moved = untrack(move || {
            desk.read(|t| {
                // a lesson that is no longer there is not chosen either
                let from = from.get_untracked();
                let from = if t.lessons.iter().any(|l| l.number == from) {
                    from
                } else {
                    0
                };
                t.moved(from, sign * minutes)
            })
        });
        let moved = moved.flatten();
        match moved {
            Some(moved) => desk.fill(|t| *t = moved),
            None => desk
                .error
                .set(Some(base::AppError::invalid("by", t::bells_beyond(lang)))),
        }
    };
    let numbers = move || {
        desk.read(|t| t.lessons.iter().map(|l| l.number).collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let options = move || {
        let option = |n: i16| view! { <option value=n.to_string() selected=from.get_untracked() == n>{t::bells_from_lesson(lang, n)}</option> };
        let rest: Vec<i16> = numbers().into_iter().skip(1).collect();
        rest.into_iter().map(option).collect_view()
    };
    let choose = move |event| from.set(event_target_value(&event).parse().unwrap_or(0));
    view! {
        <fieldset class="bl-move">
            <legend>{t::bells_move(lang)}</legend>
            <label class="rq-field"><span class="small muted">{t::bells_move_what(lang)}</span>
                <select class="select" on:change=choose><option value="0">{t::bells_move_all(lang)}</option>{options}</select></label>
            <label class="rq-field"><span class="small muted">{t::bells_move_by(lang)}</span>
                <input class="input bd-number" type="number" inputmode="numeric" min="1" max=FARTHEST.to_string() prop:value=by
                    on:input=move |event| by.set(event_target_value(&event))/></label>
            <span class="rq-actions">
                <button class="btn btn-small" type="button" on:click=move |_| shift(-1)>{t::bells_earlier(lang)}</button>
                <button class="btn btn-small" type="button" on:click=move |_| shift(1)>{t::bells_later(lang)}</button>
            </span>
        </fieldset>
    }
    .into_any()
}

/// From which number the lessons count: a second shift may go on after the first.
fn numbering(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let first = untrack(move || desk.read(|t| t.lessons.first().map(|l| l.number))).flatten();
    let change = move |event: leptos::ev::Event| {
        let field = event_target::<web_sys::HtmlInputElement>(&event);
        // out of bounds: the browser has said so
        if let Some(first) = field
            .value()
            .trim()
            .parse()
            .ok()
            .filter(|_| field.report_validity())
        {
            desk.fill(|t| t.count_from(first));
        }
    };
    let most = NUMBERS.end() - i16::try_from(LESSONS).unwrap_or(0) + 1;
    view! {
        <label class="rq-field"><span class="small muted">{t::bells_first(lang)}</span>
            <input class="input bd-number" type="number" inputmode="numeric" min=NUMBERS.start().to_string() max=most.to_string()
                prop:value=first.unwrap_or(1).to_string() on:change=change/></label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_says_a_time_or_nothing() {
        assert_eq!(text(parse("08:30")), "08:30");
        assert_eq!(text(parse("08:30:00")), "08:30");
        for nothing in ["", "8:3", "25:00", "ab:cd", "08:ё0"] {
            assert_eq!(parse(nothing), None, "{nothing}");
        }
    }
}
