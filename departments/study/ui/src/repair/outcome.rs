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

/// Cards at another time, or in the tray. What comes from the tray has been nowhere: nobody has to get used to its other place.
fn moved(mended: &Mended) -> usize {
    let moved = |shift: &&Shift| !shift.is_of_room() && shift.from.is_some();
    mended.shifts.iter().filter(moved).count()
}

/// Cards that come from the tray.
fn placed(mended: &Mended) -> usize {
    mended.shifts.iter().filter(|shift| shift.from.is_none()).count()
}

/// Cards that had a room and are left without any.
fn roomless(mended: &Mended) -> usize {
    mended.shifts.iter().filter(|shift| shift.loses_room()).count()
}

/// How it ended, in a sentence.
pub(super) fn words(lang: Lang, mended: &Mended) -> String {
    let of = i64::from(mended.cards);
    let moves = moved(mended);
    let roomless = roomless(mended);
    let into_another = |shift: &&Shift| shift.is_of_room() && !shift.loses_room();
    let rooms = mended.shifts.iter().filter(into_another).count();
    let mut all = vec![];
    if mended.shifts.is_empty() {
        all.push(t::repair_nothing(lang).to_owned());
    }
    if moves > 0 {
        all.push(t::repair_moved(lang, count(moves), of));
    }
    if placed(mended) > 0 {
        all.push(t::repair_placed(lang, count(placed(mended))));
    }
    if rooms > 0 && !all.is_empty() {
        all.push(t::repair_rooms(lang, count(rooms)));
    } else if rooms > 0 {
        all.push(t::repair_rooms_only(lang, count(rooms)));
    }
    if roomless > 0 {
        all.push(t::repair_roomless(lang, count(roomless)));
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
    let clean = mended.stuck.is_empty() && mended.after.clashes == 0 && roomless(&mended) == 0;
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
            {worse(this, &mended)}
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

/// What the moves make worse: whoever takes them over shall know it before.
fn worse(this: Mend, mended: &Mended) -> Option<AnyView> {
    let lang = this.lang;
    let lines = this.about.with_value(|about| {
        let lies = about.as_ref()?;
        Some(
            this.data
                .with_value(|d| repair::worse(lang, d, lies, &mended.shifts)),
        )
    })?;
    if lines.is_empty() {
        return None;
    }
    let (all, rest) = (lines.len(), lines.len().checked_sub(LISTED).filter(|n| *n > 0));
    let shown = lines.into_iter().take(LISTED);
    Some(
        view! {
            <section class="stack stack-s">
                <h3>{t::repair_worse(lang)}<span class="count">{all}</span></h3>
                <ul class="tt-problems" tabindex="0" aria-label=t::repair_worse(lang)>
                    {shown.map(|words| view! { <li>{words}</li> }).collect_view()}
                    {rest.map(|n| view! { <li>{t::compose_impossible_more(lang, count(n))}</li> })}
                </ul>
            </section>
        }
        .into_any(),
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use timetable::compose::Score;
    use timetable::{CardIx, Placement, RoomIx};

    /// A lesson that is left without a room has gone to no other one, and this is told.
    #[test]
    fn who_is_left_without_a_room_has_none() {
        let at = |room: Option<u32>| {
            Some(Placement {
                day: 0,
                slot: 1,
                room: room.map(RoomIx),
            })
        };
        let told = |rooms: &[Option<u32>]| {
            let one = |(n, room): (u32, &Option<u32>)| Shift {
                card: CardIx(n),
                from: at(Some(9)),
                to: at(*room),
            };
            let mended = Mended {
                shifts: (0..).zip(rooms).map(one).collect(),
                stuck: vec![],
                hit: 0,
                released: vec![],
                cards: 20,
                before: Score::default(),
                after: Score::default(),
            };
            words(Lang::Ru, &mended)
        };
        let from_tray = Mended {
            shifts: vec![Shift {
                card: CardIx(0),
                from: None,
                to: at(Some(1)),
            }],
            stuck: vec![],
            hit: 0,
            released: vec![],
            cards: 20,
            before: Score::default(),
            after: Score::default(),
        };
        assert_eq!(
            words(Lang::Ru, &from_tray),
            "Из лотка будет поставлена 1 карточка."
        );
        assert_eq!(
            told(&[None, None]),
            "2 урока остаются без кабинета: подходящего свободного не нашлось."
        );
        assert_eq!(
            told(&[Some(1), None]),
            "1 урок переходит в другой кабинет, время прежнее. \
             1 урок остаётся без кабинета: подходящего свободного не нашлось."
        );
    }
}
