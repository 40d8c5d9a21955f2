//! The week as it hangs on the wall: one sheet, landscape, of the class, teacher, room or parallel that is looked at.
//! It is drawn for the time of printing only, by the button or by the browser's own command.

use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use study_core::timetable::{BoardData, VersionState};
use timetable::{Audience, Board, CardIx, ClassIx, Weeks};

use super::desk::Desk;
use super::layout::{CellAt, View, Whom};
use crate::t;

/// True while the browser prints.
pub fn watch() -> RwSignal<bool> {
    let printing = RwSignal::new(false);
    let before = window_event_listener_untyped("beforeprint", move |_| printing.set(true));
    let after = window_event_listener_untyped("afterprint", move |_| printing.set(false));
    on_cleanup(move || {
        before.remove();
        after.remove();
    });
    printing
}

/// Opens the browser's dialog, with the sheet drawn already.
pub fn now(printing: RwSignal<bool>) {
    printing.set(true);
    set_timeout(
        || {
            if let Some(window) = web_sys::window() {
                let _ = window.print();
            }
        },
        std::time::Duration::from_millis(50),
    );
}

/// What stands in a cell: a lesson, and beside it who or where.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    what: String,
    who: String,
}

/// A row: the day where it begins, the lesson's number and time, the cells.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    day: Option<(String, usize)>,
    slot: String,
    time: Option<String>,
    cells: Vec<Vec<Entry>>,
}

/// One table; a timetable of two weeks has two.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Table {
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// Points of the sheet inside its margins (A4 landscape, 8 mm), less the heading.
const WIDTH: usize = 790;
const HEIGHT: usize = 490;
/// Sizes of letters that are tried, in half points.
const SIZES: [usize; 13] = [24, 22, 20, 18, 16, 15, 14, 13, 12, 11, 10, 9, 8];

/// The largest letters with which the tables fit the sheet: lines are counted as they would wrap.
fn fitting(tables: &[Table]) -> usize {
    let fits = |half_points: &usize| {
        let height: usize = tables.iter().map(|t| height(t, *half_points)).sum();
        height <= HEIGHT
    };
    SIZES.iter().copied().find(fits).unwrap_or(8)
}

/// About how high a table is, in points.
fn height(table: &Table, half_points: usize) -> usize {
    let columns = table.columns.len().max(1);
    // the heads of the rows take about seven letters, a day's name two more
    let heads = half_points * 9 / 2;
    let column = WIDTH.saturating_sub(heads) / columns;
    // a letter is a little wider than half its height; a cell has a margin
    let letters = (column.saturating_sub(6) * 100 / (half_points * 29)).max(1);
    let lines = |text: &str| text.chars().count().div_ceil(letters);
    let of_cell = |cell: &Vec<Entry>| {
        let of = |e: &Entry| lines(&format!("{} {}", e.what, e.who)).max(1);
        cell.iter().map(of).sum::<usize>()
    };
    let of_row = |row: &Row| {
        let cells = row.cells.iter().map(of_cell).max().unwrap_or(0);
        cells.max(1 + usize::from(row.time.is_some() && table.columns.len() < 9))
    };
    let rows: usize = table.rows.iter().map(of_row).sum();
    let head = table.columns.iter().map(|c| lines(c)).max().unwrap_or(1);
    // lines are 1.15 of a letter, a row has a margin of 3 points
    (rows + head) * half_points * 115 / 200 + (table.rows.len() + 1) * 3
}

/// The sheet of the present view.
pub fn sheet(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let data = desk.data();
    let view = desk.view.get_untracked();
    let tables = desk.ask(|b| tables(desk, &data, b, view));
    let size = fitting(&tables);
    let title = match view {
        View::Parallel(parallel) => {
            let sides = desk.sides();
            sides
                .iter()
                .find(|s| s.parallel == parallel)
                .map(|s| s.title(lang, &data))
        }
        View::Class(c) => data.classes.get(c.ix()).map(|c| c.name.clone()),
        View::Teacher(n) => data.teachers.get(n.ix()).map(|t| t.name.clone()),
        View::Room(r) => data.rooms.get(r.ix()).map(|r| t::panel_room(lang, &r.name)),
    };
    let version = &data.version;
    let state = match (version.state, version.valid_from) {
        (VersionState::Published, Some(day)) => t::state_from(lang, kit::date::full(day, lang)),
        (VersionState::Published, None) => t::state_published(lang).to_owned(),
        _ => format!("{}: {}", t::state_draft(lang), version.title),
    };
    let tables = tables.into_iter().map(|table| drawn(table, lang)).collect_view();
    view! {
        <section class="tt-sheet" data-size=size.to_string() aria-label=t::action_print(lang)>
            <header><h2>{title.unwrap_or_default()}</h2><p>{data.org_name.clone()}" · "{t::versions_title(lang)}" · "{state}</p></header>
            {tables}
        </section>
    }
    .into_any()
}

fn drawn(table: Table, lang: base::Lang) -> AnyView {
    let days = table.rows.iter().any(|r| r.day.is_some());
    let rows = table.rows.into_iter().map(|row| {
        let begins = row.day.is_some().then_some("");
        let day = row.day.map(|(name, rows)| {
            view! { <th scope="rowgroup" class="tt-sheet-day" rowspan=rows.to_string()><span>{name}</span></th> }
        });
        let cells = row
            .cells
            .into_iter()
            .map(|cell| {
                let entries = cell.into_iter().map(|e| {
                    let who = (!e.who.is_empty()).then(|| view! { " "<small>{e.who}</small> });
                    view! { <div><b>{e.what}</b>{who}</div> }
                });
                view! { <td>{entries.collect_view()}</td> }
            })
            .collect_view();
        view! {
            <tr data-day=begins>
                {day}
                <th scope="row">{row.slot}{row.time.map(|at| view! { <small>{at}</small> })}</th>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let columns = table
        .columns
        .into_iter()
        .map(|c| view! { <th scope="col">{c}</th> })
        .collect_view();
    view! {
        <table>
            <thead><tr>{days.then(|| view! { <th></th> })}<th scope="col">{t::grid_lesson(lang)}</th>{columns}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn tables(desk: Desk, data: &BoardData, board: &Board, view: View) -> Vec<Table> {
    let days = u16::try_from(data.days.len()).unwrap_or(0);
    let whom: Vec<Whom> = match view {
        View::Parallel(parallel) => {
            let sides = desk.sides();
            let side = sides.iter().find(|s| s.parallel == parallel);
            side.iter()
                .flat_map(|s| &s.classes)
                .map(|c| Whom::Class(*c))
                .collect()
        }
        View::Class(c) => vec![Whom::Class(c)],
        View::Teacher(n) => vec![Whom::Teacher(n)],
        View::Room(r) => vec![Whom::Room(r)],
    };
    let day_name = |day: u16| data.days.get(usize::from(day)).cloned().unwrap_or_default();
    if matches!(view, View::Parallel(_)) {
        let columns = whom.iter().filter_map(|w| match w {
            Whom::Class(c) => data.classes.get(c.ix()).map(|c| c.name.clone()),
            _ => None,
        });
        let mut rows = vec![];
        for day in 0..days {
            let of_day = of_days(data, board, &whom, &[day], true);
            let count = of_day.len();
            rows.extend(of_day.into_iter().enumerate().map(|(n, row)| Row {
                day: (n == 0).then(|| (day_name(day), count)),
                ..row
            }));
        }
        return vec![Table {
            columns: columns.collect(),
            rows,
        }];
    }
    let week = u16::try_from(data.days_a_week()).unwrap_or(days).max(1);
    let all: Vec<u16> = (0..days).collect();
    all.chunks(usize::from(week))
        .map(|days| Table {
            columns: days.iter().map(|d| day_name(*d)).collect(),
            rows: of_days(data, board, &whom, days, false),
        })
        .collect()
}

/// The rows of some days, from the first to the last lesson that there is; at least one. With `short` the cells are those
/// of many classes side by side: no teachers.
fn of_days(data: &BoardData, board: &Board, whom: &[Whom], days: &[u16], short: bool) -> Vec<Row> {
    let slots = u16::try_from(data.slots.len()).unwrap_or(0);
    let cells = |slot: u16| -> Vec<Vec<Entry>> {
        let places = days.iter().flat_map(|day| whom.iter().map(move |w| (*day, *w)));
        places
            .map(|(day, whom)| {
                let at = CellAt { day, slot, whom };
                at.cards(board)
                    .into_iter()
                    .map(|c| entry(data, board, c, whom, short))
                    .collect()
            })
            .collect()
    };
    let rows: Vec<(u16, Vec<Vec<Entry>>)> = (0..slots).map(|slot| (slot, cells(slot))).collect();
    let taken = |(_, cells): &(u16, Vec<Vec<Entry>>)| cells.iter().any(|c| !c.is_empty());
    let first = rows.iter().position(taken).unwrap_or(0);
    let last = rows.iter().rposition(taken).unwrap_or(0);
    rows.into_iter()
        .skip(first)
        .take(last + 1 - first)
        .map(|(slot, cells)| Row {
            day: None,
            slot: data.slots.get(usize::from(slot)).cloned().unwrap_or_default(),
            time: (!short).then(|| time(data, whom, slot)).flatten(),
            cells,
        })
        .collect()
}

/// When the lesson begins, where the slot's name does not say so.
fn time(data: &BoardData, whom: &[Whom], slot: u16) -> Option<String> {
    let name = data.slots.get(usize::from(slot))?;
    let at = match whom.first() {
        Some(Whom::Class(class)) => data
            .classes
            .get(class.ix())?
            .starts
            .get(usize::from(slot))
            .copied()
            .flatten()?,
        _ => data.usual_start(slot)?,
    };
    (!name.contains(':')).then(|| kit::date::clock(at))
}

/// The names of a card's subgroups, when all are of the class.
fn own_groups(data: &BoardData, card: CardIx, class: ClassIx) -> Option<String> {
    let name = data.classes.get(class.ix())?.name.as_str();
    let one = |audience: &Audience| match audience {
        Audience::Group(group) => {
            let group = data.groups.get(group.ix()).filter(|g| g.class == class)?;
            Some(
                group
                    .name
                    .strip_prefix(name)
                    .unwrap_or(&group.name)
                    .trim()
                    .to_owned(),
            )
        }
        Audience::Class(_) => None,
    };
    let names: Option<Vec<String>> = data.load_of(card)?.audience.iter().map(one).collect();
    names.map(|n| n.join(", "))
}

fn entry(data: &BoardData, board: &Board, card: CardIx, whom: Whom, short: bool) -> Entry {
    let lang = kit::lang();
    let subject = data.subject_of(card);
    let room = board
        .placement(card)
        .and_then(|p| p.room)
        .and_then(|r| data.rooms.get(r.ix()))
        .map(|r| r.name.clone());
    let spec = board.card(card);
    let groups = spec.is_some_and(|c| c.audience.iter().all(|a| matches!(a, Audience::Group(_))));
    let audience = data.audience_of(card);
    let week = match spec.map(|c| c.weeks) {
        Some(Weeks::Odd) => Some(t::card_odd(lang).to_owned()),
        Some(Weeks::Even) => Some(t::card_even(lang).to_owned()),
        _ => None,
    };
    // on a class's own sheet a subgroup needs no name of the class before it
    let group = (groups && !audience.is_empty()).then(|| match whom {
        Whom::Class(class) => own_groups(data, card, class).unwrap_or_else(|| audience.clone()),
        _ => audience.clone(),
    });
    let parts = match whom {
        Whom::Class(_) if short => [group, room, week, None],
        Whom::Class(_) => [group, Some(data.teachers_of(card)), room, week],
        Whom::Teacher(_) => [Some(audience), room, week, None],
        Whom::Room(_) => [Some(audience), Some(data.teachers_of(card)), week, None],
    };
    let who: Vec<String> = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect();
    Entry {
        what: subject
            .map(|s| {
                if short {
                    s.short_name.clone()
                } else {
                    s.name.clone()
                }
            })
            .unwrap_or_default(),
        who: who.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: usize, rows: usize, text: &str) -> Table {
        let row = Row {
            day: None,
            slot: "1".into(),
            time: None,
            cells: vec![
                vec![Entry {
                    what: text.into(),
                    who: String::new()
                }];
                columns
            ],
        };
        Table {
            columns: vec!["Пн".into(); columns],
            rows: vec![row; rows],
        }
    }

    #[test]
    fn the_more_there_is_the_smaller_the_letters_but_never_unreadable() {
        assert_eq!(
            fitting(&[table(5, 7, "Алгебра")]),
            24,
            "a week of a class: 12 points"
        );
        let parallel = fitting(&[table(4, 36, "Алгебра")]);
        assert!((12..24).contains(&parallel), "{parallel}");
        let crowded = fitting(&[table(12, 60, "Основы безопасности и защиты Родины")]);
        assert_eq!(crowded, 8);
        let two_weeks = fitting(&[table(6, 8, "Анатомия"), table(6, 8, "Анатомия")]);
        assert!((16..=24).contains(&two_weeks), "{two_weeks}");
    }
}
