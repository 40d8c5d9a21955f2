//! The grid of a week. Rows and cells are drawn once a view; a pick changes attributes and one line of words only.

use leptos::prelude::*;
use timetable::{Audience, CardIx, Weeks};

use super::advice::price_words;
use super::desk::Desk;
use super::layout::{CellAt, Group, Layout, View, Whom};
use crate::t;

/// Names of slots longer than this get a wider head.
const LONG_SLOT: usize = 5;

/// The grid of the present view.
#[component]
pub fn Grid(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    // a view's rows depend on the cards only where a card lies behind the last bell
    let layout = Memo::new(move |_| {
        let view = desk.view.get();
        desk.tick.track();
        let data = desk.data();
        let sides = desk.sides();
        desk.ask(|b| view.layout(&data, &sides, b))
    });
    let narrow_columns = move || matches!(desk.view.get(), View::Parallel(_));
    // names such as «14:35 – 15:20» need a wider head
    let long = desk
        .data
        .with_value(|d| d.slots.iter().any(|s| s.chars().count() > LONG_SLOT));
    view! {
        <div class="tt" role="grid" aria-label=t::grid_label(lang)
            data-long=long.then_some("")
            data-holding=move || desk.held_card.get().map(|_| "")
            data-view=move || if narrow_columns() { "classes" } else { "days" }>
            {move || layout.with(|l| whole(desk, l))}
        </div>
    }
}

fn whole(desk: Desk, layout: &Layout) -> AnyView {
    let lang = desk.lang;
    let heads = layout
        .columns
        .iter()
        .map(|name| {
            view! { <div class="tt-col" role="columnheader" title=name.clone() data-name=name.clone()><span>{name.clone()}</span></div> }
        })
        .collect_view();
    let mut row = 0usize;
    let groups = layout
        .groups
        .iter()
        .map(|g| {
            let first = row;
            row += g.rows.len();
            group(desk, g, first)
        })
        .collect_view();
    view! {
        <div class="tt-head" role="row">
            <div class="tt-corner" role="columnheader">{t::grid_lesson(lang)}</div>
            {heads}
        </div>
        {groups}
    }
    .into_any()
}

fn group(desk: Desk, group: &Group, first: usize) -> AnyView {
    let title = group.title.clone().unwrap_or_default();
    let rows = group
        .rows
        .iter()
        .enumerate()
        .map(|(n, (slot, cells))| row(desk, &title, *slot, cells, first + n))
        .collect_view();
    view! {
        <div class="tt-group" role="rowgroup">
            <div class="tt-day" aria-hidden="true" title=title.clone() data-name=title.clone()><span>{title.clone()}</span></div>
            <div class="tt-rows" role="presentation">{rows}</div>
        </div>
    }
    .into_any()
}

fn row(desk: Desk, title: &str, slot: u16, cells: &[CellAt], number: usize) -> AnyView {
    let data = desk.data();
    let name = data.slots.get(usize::from(slot)).cloned().unwrap_or_default();
    let starts = match cells.first().map(|c| c.whom) {
        Some(Whom::Class(class)) => data
            .classes
            .get(class.ix())
            .and_then(|c| c.starts.get(usize::from(slot)).copied().flatten()),
        _ => data.usual_start(slot),
    };
    let starts = starts
        .map(kit::date::clock)
        // a slot that is called by its time needs it no second time
        .filter(|_| !name.contains(':'));
    let cells = cells
        .iter()
        .enumerate()
        .map(|(column, at)| cell(desk, *at, number, column))
        .collect_view();
    view! {
        <div class="tt-row" role="row">
            <div class="tt-slot" role="rowheader" title=name.clone() data-name=name.clone()>
                <b>{name.clone()}</b>
                {starts.map(|time| view! { <small>{time}</small> })}
                <span class="visually-hidden">{title.to_owned()}</span>
            </div>
            {cells}
        </div>
    }
    .into_any()
}

fn cell(desk: Desk, at: CellAt, row: usize, column: usize) -> AnyView {
    // with what a card's drawing depends on, so that a change of room or lock is seen too
    let cards = Memo::new(move |_| {
        desk.tick.track();
        desk.ask(|b| {
            let drawn = |c: CardIx| (c, b.placement(c), b.card(c).is_some_and(|c| c.locked));
            at.cards(b).into_iter().map(drawn).collect::<Vec<_>>()
        })
    });
    let look = Memo::new(move |_| desk.look(at));
    // closed for the class whatever is held: no bell, or away
    let off = desk.data.with_value(|d| match at.whom {
        Whom::Class(c) => d
            .classes
            .get(c.ix())
            .is_some_and(|c| !c.bells.contains(at.day, at.slot) || c.away.contains(at.day, at.slot)),
        Whom::Teacher(t) => d
            .teachers
            .get(t.ix())
            .is_some_and(|t| t.away.contains(at.day, at.slot)),
        Whom::Room(r) => d
            .rooms
            .get(r.ix())
            .is_some_and(|r| r.away.contains(at.day, at.slot)),
    });
    let whom = match at.whom {
        Whom::Class(n) => format!("c{}", n.0),
        Whom::Teacher(n) => format!("t{}", n.0),
        Whom::Room(n) => format!("r{}", n.0),
    };
    view! {
        <div class="tt-cell" role="gridcell" tabindex=if row == 0 && column == 0 { "0" } else { "-1" }
            data-row=row.to_string() data-column=column.to_string()
            data-at=format!("{}-{}-{whom}", at.day, at.slot)
            data-off=off.then_some("")
            data-verdict=move || look.with(|l| l.as_ref().map(|l| l.key))
            data-many=move || cards.with(|c| (c.len() > 2).then_some(""))>
            {move || cards.with(|c| {
                let several = c.len() > 1;
                // four find room; of more, three and a number: the panel lists them all
                let shown = if c.len() > 4 { 3 } else { c.len() };
                let rest = c.len() - shown;
                let drawn = c.iter().take(shown).enumerate();
                view! {
                    {drawn.map(|(n, (card, _, _))| card_view(desk, *card, at, several.then_some(n))).collect_view()}
                    {(rest > 0).then(|| view! { <span class="tt-more">{t::grid_more(desk.lang, i64::try_from(rest).unwrap_or(0))}</span> })}
                }
            })}
            {move || look.with(|l| l.as_ref().filter(|l| !l.why.is_empty()).map(|l| {
                let price = l.price.filter(|price| *price != 0).map(|price| {
                    let words = price_words(desk.lang, price.into());
                    view! { <span class="tt-price nums" title=words>{signed(price)}</span> }
                });
                view! { <p class="tt-why">{l.why.clone()}</p>{price} }
            }))}
        </div>
    }
    .into_any()
}

/// «+4», «−4».
fn signed(price: i32) -> String {
    if price < 0 {
        format!("\u{2212}{}", price.unsigned_abs())
    } else {
        format!("+{price}")
    }
}

/// The cell that a `data-at` names.
pub fn cell_at(text: &str) -> Option<CellAt> {
    let mut parts = text.splitn(3, '-');
    let (day, slot) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let whom = parts.next()?;
    let number = || whom.get(1..)?.parse().ok();
    let whom = match whom.get(..1)? {
        "c" => Whom::Class(timetable::ClassIx(number()?)),
        "t" => Whom::Teacher(timetable::TeacherIx(number()?)),
        _ => Whom::Room(timetable::RoomIx(number()?)),
    };
    Some(CellAt { day, slot, whom })
}

/// The subject's hue.
pub fn hue(desk: Desk, card: CardIx) -> String {
    let subject = desk
        .data
        .with_value(|d| d.load_of(card).map_or(0, |l| l.subject.0));
    (subject % 12).to_string()
}

/// A room as a card has place for it: of a long name the number that ends it («Каб. математики 115» → «115»), else its beginning (the
/// card's style cuts it off).
fn room_in_short(name: &str) -> &str {
    let number = || {
        name.split_whitespace()
            .last()
            .filter(|w| w.contains(|c: char| c.is_ascii_digit()))
    };
    match name.chars().count() {
        ..=8 => name,
        _ => number().unwrap_or(name),
    }
}

/// One card in a cell: what matters beside the view's own name.
fn card_view(desk: Desk, card: CardIx, at: CellAt, place: Option<usize>) -> AnyView {
    let data = desk.data();
    let (spec_locked, placement, group, weeks) = desk.ask(|b| {
        let card_spec = b.card(card);
        let groups = card_spec.is_some_and(|c| c.audience.iter().all(|a| matches!(a, Audience::Group(_))));
        (
            card_spec.is_some_and(|c| c.locked),
            b.placement(card),
            groups,
            card_spec.map(|c| c.weeks),
        )
    });
    let room = placement
        .and_then(|p| p.room)
        .and_then(|r| data.rooms.get(r.ix()))
        .map(|r| r.name.clone());
    let who = match at.whom {
        Whom::Class(_) => data.teachers_of(card),
        Whom::Teacher(_) | Whom::Room(_) => data.audience_of(card),
    };
    let subject = data.subject_of(card);
    let long = subject.map(|s| s.name.clone()).unwrap_or_default();
    // two halves in a cell have little room
    let title = subject.map(|s| {
        if place.is_some() {
            s.short_name.clone()
        } else {
            s.name.clone()
        }
    });
    let week = match weeks {
        Some(Weeks::Odd) => Some("odd"),
        Some(Weeks::Even) => Some("even"),
        _ => None,
    };
    let half = place
        .filter(|_| group && week.is_none())
        .map(|n| if n % 2 == 0 { "1" } else { "2" });
    let clash = Memo::new(move |_| desk.clashing.with(|cards| cards.contains(&card)));
    let moved = Memo::new(move |_| desk.marked.with(|cards| cards.contains(&card)));
    let no_room = room.is_none() && !data.rooms.is_empty();
    let words = week.map(|w| {
        if w == "odd" {
            t::card_odd(desk.lang)
        } else {
            t::card_even(desk.lang)
        }
    });
    view! {
        <button class="tt-card" type="button" tabindex="-1" title=desk.lesson(card) data-card=card.0.to_string() data-hue=hue(desk, card)
            data-half=half data-week=week
            data-locked=spec_locked.then_some("")
            data-noroom=no_room.then_some("")
            data-clash=move || clash.get().then_some("")
            data-moved=move || moved.get().then_some("")
            data-held=move || (desk.held_card.get() == Some(card)).then_some("")>
            <b>{title.unwrap_or(long)}</b>
            <span>{who}</span>
            {room.map(|r| view! { <small title=r.clone()>{room_in_short(&r).to_owned()}</small> })}
            {spec_locked.then(|| view! { <span class="visually-hidden">{t::card_locked(desk.lang)}</span> })}
            {words.map(|w| view! { <span class="visually-hidden">{w}</span> })}
            {move || moved.get().then(|| view! { <span class="visually-hidden">{t::repair_mark(desk.lang)}</span> })}
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::room_in_short;

    #[test]
    fn a_long_room_is_told_by_its_number_and_a_short_one_whole() {
        for (whole, short) in [
            ("115", "115"),
            ("каб. 12", "каб. 12"),
            ("Каб. математики 115", "115"),
            ("Мастерская 2а", "2а"),
            ("Малый спортзал", "Малый спортзал"),
            ("", ""),
        ] {
            assert_eq!(room_in_short(whole), short);
        }
    }
}
