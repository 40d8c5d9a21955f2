//! What came of it, beside what was.

use base::{AppError, Lang, VersionId};
use leptos::prelude::*;
use study_core::compose::compare::Difference;
use study_core::compose::{Figures, Run, RunState};
use study_core::timetable::{Seat, words};

use super::api::compare;
use super::dialog::Watch;
use crate::t;

/// How many impossible cards are listed.
const LISTED: usize = 20;

/// How many lessons that lie elsewhere are listed.
const COMPARED: usize = 300;

/// How it ended, in a sentence.
pub(super) fn words(lang: Lang, run: &Run) -> String {
    match (run.state, run.result) {
        (RunState::Done, _) => t::compose_done(lang).to_owned(),
        (RunState::Stopped, Some(_)) => t::compose_stopped(lang).to_owned(),
        (RunState::Stopped, None) => t::compose_stopped_early(lang).to_owned(),
        _ => t::compose_failed(lang).to_owned(),
    }
}

/// A figure of two timetables.
fn row(name: &'static str, before: u32, after: u32, lang: Lang) -> impl IntoView {
    let tone = match after.cmp(&before) {
        std::cmp::Ordering::Less => Some(("ok", t::compose_better(lang))),
        std::cmp::Ordering::Greater => Some(("warn", t::compose_worse(lang))),
        std::cmp::Ordering::Equal => None,
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="num">{before}</td>
            <td class="num">{after}{tone.map(|(tone, words)| view! { " "<span class="badge" data-tone=tone>{words}</span> })}</td>
        </tr>
    }
}

/// Two timetables side by side.
pub(crate) fn comparison(lang: Lang, before: Figures, after: Figures) -> AnyView {
    let rows = vec![
        (t::repair_clashes(lang), before.clashes, after.clashes),
        (t::compose_unplaced(lang), before.unplaced, after.unplaced),
        (
            t::compose_teacher_windows(lang),
            before.teacher_windows,
            after.teacher_windows,
        ),
        (
            t::compose_class_windows(lang),
            before.class_windows,
            after.class_windows,
        ),
        (t::compose_remarks(lang), before.remarks, after.remarks),
    ];
    figures(lang, rows)
}

/// Figures of two timetables: what each is called, before and after. Less is better.
fn figures(lang: Lang, rows: Vec<(&'static str, u32, u32)>) -> AnyView {
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t::compose_compare(lang)>
            <table class="table">
                <thead><tr>
                    <th scope="col"><span class="visually-hidden">{t::compose_figure(lang)}</span></th>
                    <th scope="col" class="num">{t::compose_was(lang)}</th>
                    <th scope="col" class="num">{t::compose_now(lang)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|(name, before, after)| row(name, before, after, lang)).collect_view()}</tbody>
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
        (_, None) if this.found.with_untracked(Option::is_none) => "banner banner-warn",
        _ => "banner banner-ok",
    };
    let waits = move || this.found.with(Option::is_some);
    // found on this device, and on its way to the server
    let there = run.result.is_some() || waits();
    let ended = match run.state {
        RunState::Stopped if there => t::compose_stopped(lang).to_owned(),
        _ => words(lang, &run),
    };
    let moved = run.moved.filter(|_| there);
    let moved = moved.map(|n| t::compose_moved(lang, i64::from(n)));
    let compared = run.best.filter(|_| there);
    let compared = compared.map(|best| comparison(lang, run.before, best));
    let stuck: Vec<String> = this.data.with_value(|d| {
        let cards = run.impossible.iter().filter_map(|id| d.card_ix(*id));
        cards.map(|card| words::lesson(d, card)).collect()
    });
    let more = stuck.len().checked_sub(LISTED).filter(|n| *n > 0);
    view! {
        <div class="stack">
            <div class=tone><p>{ended}</p></div>
            {compared}
            {moved.map(|words| view! { <p>{words}</p> })}
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
            {(!stuck.is_empty()).then(|| view! {
                <p>{t::compose_impossible(lang)}</p>
                <ul class="tt-problems">
                    {stuck.into_iter().take(LISTED).map(|name| view! { <li>{name}</li> }).collect_view()}
                    {more.map(|n| view! { <li>{t::compose_impossible_more(lang, i64::try_from(n).unwrap_or(i64::MAX))}</li> })}
                </ul>
            })}
        </div>
        <div class="dialog-actions">
            <button class="btn" type="button" on:click=move |_| close.run(())>{t::action_cancel(lang)}</button>
            <button class="btn" type="button" on:click=move |_| { this.is_here.set(false); this.anew.set(true); }>{t::compose_again(lang)}</button>
            {run.result.map(|version| view! {
                <a class="btn btn-primary" href=format!("/timetable/{version}") rel="external">{t::compose_open(lang)}</a>
            })}
        </div>
    }
    .into_any()
}
