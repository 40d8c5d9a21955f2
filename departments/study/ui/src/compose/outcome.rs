//! What came of it, beside what was.

use base::{AppError, Lang, VersionId};
use leptos::prelude::*;
use study_core::compose::compare::Difference;
use study_core::compose::{Failure, Figures, Run, RunState};
use study_core::timetable::{Seat, words};

use super::api::compare;
use super::change::{self, Row};
use super::dialog::Watch;
use super::stuck::Unplaced;
use super::wishes;
use crate::t;

/// How many lessons that lie elsewhere are listed.
const COMPARED: usize = 300;

/// How it ended, in a sentence.
pub(super) fn words(lang: Lang, run: &Run) -> String {
    match (run.state, run.result) {
        (RunState::Done, _) => t::compose_done(lang).to_owned(),
        (RunState::Stopped, Some(_)) => match run.failure {
            None => t::compose_stopped(lang).to_owned(),
            // nobody stopped it: it ended early, and what was found until then is kept
            Some(Failure::Interrupted) => t::compose_cut_interrupted(lang).to_owned(),
            Some(_) => t::compose_cut(lang).to_owned(),
        },
        (RunState::Stopped, None) => t::compose_stopped_early(lang).to_owned(),
        _ => failed(lang, run.failure).to_owned(),
    }
}

/// Why it came to nothing, and what to do.
fn failed(lang: Lang, why: Option<Failure>) -> &'static str {
    match why {
        Some(Failure::Interrupted) => t::compose_failed_interrupted(lang),
        Some(Failure::TooLarge) => t::compose_failed_large(lang),
        Some(Failure::Unreadable) => t::compose_failed_unreadable(lang),
        Some(Failure::Changed) => t::compose_failed_changed(lang),
        Some(Failure::Refused) => t::compose_failed_refused(lang),
        Some(Failure::Nothing) => t::compose_failed_nothing(lang),
        Some(Failure::Fault) | None => t::compose_failed(lang),
    }
}

/// A figure of two timetables; what is not known yet keeps its place.
fn row(row: Row, lang: Lang) -> impl IntoView {
    let Row {
        name,
        note,
        before,
        after,
    } = row;
    let tone = before
        .zip(after)
        .and_then(|(before, after)| match after.cmp(&before) {
            std::cmp::Ordering::Less => Some(("ok", t::compose_better(lang))),
            std::cmp::Ordering::Greater => Some(("warn", t::compose_worse(lang))),
            std::cmp::Ordering::Equal => None,
        });
    let figure = |n: Option<u32>| n.map_or_else(|| "…".to_owned(), |n| n.to_string());
    view! {
        <tr>
            <th scope="row">{name}{note.map(|note| view! { <small>{note}</small> })}</th>
            <td class="num">{figure(before)}</td>
            <td class="num">{figure(after)}{tone.map(|(tone, words)| view! { " "<span class="badge" data-tone=tone>{words}</span> })}</td>
        </tr>
    }
}

/// Two timetables side by side.
pub(crate) fn comparison(lang: Lang, before: Figures, after: Figures) -> AnyView {
    comparing(lang, Some(before), Some(after))
}

/// The same while they are not known yet: the table has its size from the first moment.
pub(super) fn comparing(lang: Lang, before: Option<Figures>, after: Option<Figures>) -> AnyView {
    let row_of = |name: &str, figure: fn(Figures) -> u32| Row {
        name: name.to_owned(),
        note: None,
        before: before.map(figure),
        after: after.map(figure),
    };
    let rows = vec![
        row_of(t::repair_clashes(lang), |f| f.clashes),
        row_of(t::compose_unplaced(lang), |f| f.unplaced),
        row_of(t::compose_teacher_windows(lang), |f| f.teacher_windows),
        row_of(t::compose_class_windows(lang), |f| f.class_windows),
        row_of(t::compose_remarks(lang), |f| f.remarks),
    ];
    figures(lang, t::compose_compare(lang), rows)
}

/// Figures of two timetables: what each is called, before and after. Less is better.
pub(super) fn figures(lang: Lang, label: &'static str, rows: Vec<Row>) -> AnyView {
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=label>
            <table class="table tt-figures">
                <thead><tr>
                    <th scope="col"><span class="visually-hidden">{t::compose_figure(lang)}</span></th>
                    <th scope="col" class="num">{t::compose_was(lang)}</th>
                    <th scope="col" class="num">{t::compose_now(lang)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|of| row(of, lang)).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Which lessons lie elsewhere in the result; fetched when it is opened.
#[component]
fn Moved(watch: Watch, result: VersionId) -> impl IntoView {
    let lang = watch.lang;
    let list = RwSignal::new(None::<Result<Vec<Difference>, AppError>>);
    let fetch = move |_| {
        if list.with_untracked(|list| matches!(list, Some(Ok(_)))) {
            return;
        }
        let version = watch.data.with_value(|d| d.version.id);
        leptos::task::spawn_local(async move {
            let answer = compare(version, result).await;
            let _ = list.try_set(Some(answer));
        });
    };
    let line = move |difference: &Difference| {
        watch.data.with_value(|d| {
            let place = |seat: Option<Seat>| {
                let Some(seat) = seat else {
                    return t::advice_tray(lang).to_owned();
                };
                let (day, slot) = (u16::try_from(seat.day), u16::try_from(seat.slot));
                let words = words::place(lang, d, day.unwrap_or(0), slot.unwrap_or(0));
                let room = seat.room.and_then(|room| d.rooms.get(d.room_ix(room)?.ix()));
                match room {
                    Some(room) => format!("{words}, {}", t::panel_room(lang, &room.name)),
                    None => words,
                }
            };
            let lesson = d.card_ix(difference.card).map(|card| words::lesson(d, card));
            t::advice_moves(
                lang,
                place(difference.from),
                lesson.unwrap_or_default(),
                place(difference.to),
            )
        })
    };
    view! {
        <details class="fold" on:toggle=fetch>
            <summary>{t::compose_which_moved(lang)}</summary>
            {move || list.with(|list| match list {
                None => view! { <p class="muted" aria-busy="true">{t::loading(lang)}</p> }.into_any(),
                Some(Err(error)) => view! { <p role="alert">{error.message(lang)}</p> }.into_any(),
                Some(Ok(all)) => {
                    let rest = all.len().checked_sub(COMPARED).filter(|n| *n > 0);
                    view! {
                        <ul class="tt-problems" tabindex="0" aria-label=t::compose_which_moved(lang)>
                            {all.iter().take(COMPARED).map(|d| view! { <li>{line(d)}</li> }).collect_view()}
                            {rest.map(|n| view! { <li>{t::compose_impossible_more(lang, i64::try_from(n).unwrap_or(i64::MAX))}</li> })}
                        </ul>
                    }
                    .into_any()
                }
            })}
        </details>
    }
}

/// The end of the dialog.
pub(super) fn over(this: Watch, close: Callback<()>) -> AnyView {
    let lang = this.lang;
    let Some(run) = this.run.get() else {
        return ().into_any();
    };
    let tone = match (run.state, run.result) {
        (RunState::Failed, _) => "banner banner-error",
        (_, Some(_)) if run.failure.is_some() => "banner banner-warn",
        (_, None) if this.found.with_untracked(Option::is_none) => "banner banner-warn",
        _ => "banner banner-ok",
    };
    let waits = move || this.found.with(Option::is_some);
    // found on this device, and on its way to the server
    let there = run.result.is_some() || waits();
    // somebody has deleted the new draft since: what it came to can still be read
    let gone = (run.state == RunState::Done && !there).then(|| t::compose_result_gone(lang));
    let ended = match run.state {
        RunState::Stopped if there && run.failure.is_none() => t::compose_stopped(lang).to_owned(),
        _ => words(lang, &run),
    };
    let moved = run.moved.filter(|_| there);
    let moved = moved.map(|n| t::compose_moved(lang, i64::from(n)));
    let known = there || gone.is_some();
    let compared = run.best.filter(|_| known);
    let compared = compared.map(|best| comparison(lang, run.before, best));
    let change = run.change.as_ref().filter(|_| known);
    let change = change.map(|change| this.data.with_value(|d| change::of_board(lang, change, d)));
    let title = (!run.title.is_empty()).then(|| run.title.clone());
    view! {
        <div class="stack">
            <div class=tone><p>{ended}</p>{gone.map(|words| view! { <p>{words}</p> })}</div>
            {title.map(|title| view! { <p class="small muted">{title}</p> })}
            {wishes::told(lang, &run.wishes)}
            {compared}
            {change}
            {moved.map(|words| view! { <p>{words}</p> })}
            <Unplaced watch=this run=run.clone()/>
            {run.result.map(|result| view! { <Moved watch=this result/> })}
            {move || waits().then(|| view! {
                <kit::ErrorBanner error=this.error/>
                <p>{t::compose_here_waits(lang)}</p>
                <div class="cluster">
                    <button class="btn" type="button" aria-busy=move || this.busy.get().to_string() disabled=move || this.busy.get()
                        on:click=move |_| leptos::task::spawn_local(this.keep_here())>{t::compose_here_keep(lang)}</button>
                    <button class="btn btn-quiet" type="button" disabled=move || this.busy.get()
                        on:click=move |_| this.forget_here()>{t::compose_here_forget(lang)}</button>
                </div>
            })}
        </div>
        <div class="dialog-actions">
            <button class="btn" type="button" on:click=move |_| close.run(())>{t::action_cancel(lang)}</button>
            <button class="btn" type="button" on:click=move |_| this.once_more()>{t::compose_again(lang)}</button>
            {run.result.map(|version| view! {
                <a class="btn btn-primary" href=format!("/timetable/{version}") rel="external">{t::compose_open(lang)}</a>
            })}
        </div>
    }
    .into_any()
}
