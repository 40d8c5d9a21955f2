//! For whom a schedule rings: a grid of grades and weekdays, ticked. Heads tick a whole row or column.

use leptos::prelude::*;
use study_core::bells::words;

use super::desk::Desk;
use crate::t;

/// Draws the grid, and what is taken from other schedules.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let (grades, days, org) = desk.sheet.with_untracked(|s| {
        (
            s.grades.iter().map(|g| g.grade).collect::<Vec<_>>(),
            s.days,
            s.org,
        )
    });
    if grades.is_empty() {
        return view! { <p class="muted">{t::bells_no_grades(lang)}</p> }.into_any();
    }
    let week: Vec<i16> = (1..=days).collect();
    let all = grades.clone();
    let columns = week.iter().map(|day| {
        let cells: Vec<(i16, i16)> = all.iter().map(|grade| (*grade, *day)).collect();
        let name = words::day(lang, *day);
        view! { <th scope="col"><button class="rq-head" type="button" aria-label=t::bells_all_of(lang, name) on:click=move |_| toggle(desk, &cells)>{name}</button></th> }
    });
    let columns = columns.collect_view();
    let rows = grades.into_iter().map(|grade| {
        let cells: Vec<(i16, i16)> = week.iter().map(|day| (grade, *day)).collect();
        let name = words::grade(lang, org, grade);
        let boxes = cells.iter().map(|of| tick(desk, *of, format!("{name}, {}", words::day(lang, of.1)))).collect_view();
        view! {
            <tr>
                <th scope="row"><button class="rq-head" type="button" aria-label=t::bells_all_of(lang, &name) on:click=move |_| toggle(desk, &cells)>{name.clone()}</button></th>
                {boxes}
            </tr>
        }
    });
    let taken = move || {
        let takes = desk.takes();
        let lines = desk.sheet.with(|s| words::taken(lang, s, &takes));
        (!lines.is_empty()).then(|| {
            let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
            view! { <ul class="bl-taken">{lines.collect_view()}</ul> }
        })
    };
    view! {
        <div class="table-wrap bl-grid-wrap" tabindex="0" role="region" aria-label=t::bells_whom(lang)>
            <table class="bl-grid">
                <thead><tr><td></td>{columns}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <div role="status" aria-live="polite">{taken}</div>
    }
    .into_any()
}

fn tick(desk: Desk, of: (i16, i16), label: String) -> AnyView {
    let is = move || desk.read(|t| t.uses.contains(&of)).unwrap_or(false);
    let change = move |event| {
        let on = event_target_checked(&event);
        desk.write(|t| {
            if on {
                t.uses.insert(of);
            } else {
                t.uses.remove(&of);
            }
        });
    };
    view! { <td><label class="bl-tick"><input type="checkbox" autocomplete="off" aria-label=label prop:checked=is on:change=change/></label></td> }
        .into_any()
}

/// All of them, or none where all are ticked.
fn toggle(desk: Desk, cells: &[(i16, i16)]) {
    desk.write(|t| {
        if cells.iter().all(|of| t.uses.contains(of)) {
            t.uses.retain(|of| !cells.contains(of));
        } else {
            t.uses.extend(cells.iter().copied());
        }
    });
}
