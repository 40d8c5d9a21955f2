//! What came of it, beside what was.

use base::{AppError, Lang, RunId, VersionId};
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
    // cards without a place are said in the same breath: what lacks lessons is no timetable yet
    let left = run.best.map_or(0, |best| best.unplaced);
    let whole = |words: &str| match left {
        0 => words.to_owned(),
        n => format!("{words} {}", t::compose_left(lang, i64::from(n))),
    };
    match (run.state, is_found(run)) {
        (RunState::Done, _) if left > 0 => whole(t::compose_done_partly(lang)),
        (RunState::Done, _) => t::compose_done(lang).to_owned(),
        (RunState::Stopped, true) => whole(match run.failure {
            None => t::compose_stopped(lang),
            // nobody stopped it: it ended early, and what was found until then is kept
            Some(Failure::Interrupted) => t::compose_cut_interrupted(lang),
            Some(_) => t::compose_cut(lang),
        }),
        (RunState::Stopped, false) => t::compose_stopped_early(lang).to_owned(),
        _ => failed(lang, run.failure).to_owned(),
    }
}

/// Whether something was found: it is another draft, or it was found on this device and is not on the server yet.
fn is_found(run: &Run) -> bool {
    run.result.is_some() || run.id == RunId(0) && run.best.is_some()
}

/// Whether what was found is all that was wanted.
fn is_whole(run: &Run) -> bool {
    run.state == RunState::Done && run.failure.is_none() && run.best.is_none_or(|best| best.unplaced == 0)
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

/// Whether a draft was as good as empty: to be compared with it, every timetable is worse.
pub(super) fn is_first(before: Figures, cards: usize) -> bool {
    let cards = u32::try_from(cards).unwrap_or(u32::MAX);
    cards > 0 && before.unplaced >= cards - cards / 10
}

/// What a first timetable is like, compared with nothing: how much is placed, and what it has.
pub(super) fn first(lang: Lang, best: Option<Figures>, cards: usize) -> AnyView {
    let figure = |n: Option<u32>| n.map_or_else(|| "…".to_owned(), |n| n.to_string());
    let row = |name: &'static str, of: fn(Figures) -> u32| {
        view! { <tr><th scope="row">{name}</th><td class="num">{figure(best.map(of))}</td></tr> }
    };
    let all = u32::try_from(cards).unwrap_or(u32::MAX);
    let placed = best.map(|best| t::compose_placed(lang, all.saturating_sub(best.unplaced), all));
    view! {
        {placed.map(|words| view! { <p>{words}</p> })}
        <div class="table-wrap" tabindex="0" role="region" aria-label=t::compose_came_out(lang)>
            <table class="table tt-figures">
                <caption class="visually-hidden">{t::compose_came_out(lang)}</caption>
                <tbody>
                    {row(t::repair_clashes(lang), |f| f.clashes)}
                    {row(t::compose_unplaced(lang), |f| f.unplaced)}
                    {row(t::compose_teacher_windows(lang), |f| f.teacher_windows)}
                    {row(t::compose_class_windows(lang), |f| f.class_windows)}
                    {row(t::compose_remarks(lang), |f| f.remarks)}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What is worse afterwards: «Окон у учителей: 34 → 38». `None`: nothing is.
pub(crate) fn costs(lang: Lang, before: Figures, after: Figures) -> Option<String> {
    let all = [
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
    let worse = all.iter().filter(|(_, was, is)| is > was);
    let words: Vec<String> = worse
        .map(|(name, was, is)| format!("{name}: {was} → {is}"))
        .collect();
    (!words.is_empty()).then(|| t::standing_costs(lang, words.join("; ")))
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
        _ if !is_whole(&run) => "banner banner-warn",
        _ => "banner banner-ok",
    };
    let waits = move || this.found.with(Option::is_some);
    // found on this device, and on its way to the server
    let there = run.result.is_some() || waits();
    // somebody has deleted the new draft since: what it came to can still be read
    let gone = (run.state == RunState::Done && !there).then(|| t::compose_result_gone(lang));
    let ended = words(lang, &run);
    // the first timetable of a draft has nothing to be compared with, and what was placed has not moved
    let cards = this.data.with_value(|d| d.cards.len());
    let is_first = is_first(run.before, cards);
    let moved = run.moved.filter(|_| there && !is_first);
    let moved = moved.map(|n| t::compose_moved(lang, i64::from(n)));
    let known = there || gone.is_some();
    let compared = run.best.filter(|_| known);
    let compared = compared.map(|best| match is_first {
        true => first(lang, Some(best), cards),
        false => comparison(lang, run.before, best),
    });
    let change = run.change.as_ref().filter(|_| known && !is_first);
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
            {run.result.filter(|_| !is_first).map(|result| view! { <Moved watch=this result/> })}
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

#[cfg(test)]
mod tests {
    use study_core::compose::{Keep, Wishes};

    use super::*;

    fn run(state: RunState, unplaced: Option<u32>) -> Run {
        let best = |unplaced| Figures {
            unplaced,
            ..Figures::default()
        };
        Run {
            id: RunId(0),
            state,
            stopping: false,
            seconds: 60,
            spent_ms: 1300,
            ahead: None,
            failure: None,
            movable: 900,
            before: best(900),
            best: unplaced.map(best),
            unmet: None,
            change: None,
            keep: Keep::default(),
            wishes: Wishes::default(),
            moved: None,
            impossible: vec![],
            result: None,
            title: String::new(),
        }
    }

    /// Whoever has stopped a search is not told that all is composed, nor of a find on this device that nothing was found.
    #[test]
    fn how_a_search_ended_is_told_as_it_was() {
        let told = |run: &Run| (words(Lang::Ru, run), is_whole(run));
        let stopped = "Поиск остановлен, лучшее из найденного сохранено.";
        let left = "Без места осталось 192 карточки.".replace("осталось", "остались");
        assert_eq!(
            told(&run(RunState::Stopped, Some(192))),
            (format!("{stopped} {left}"), false)
        );
        assert_eq!(
            told(&run(RunState::Done, Some(192))),
            (format!("Поиск закончен. {left}"), false)
        );
        assert_eq!(
            told(&run(RunState::Done, Some(0))),
            ("Расписание составлено.".to_owned(), true)
        );
        assert_eq!(words(Lang::Ru, &run(RunState::Stopped, Some(0))), stopped);
        let nothing = words(Lang::Ru, &run(RunState::Stopped, None));
        assert!(nothing.contains("раньше, чем что-то нашлось"), "{nothing}");
        // of the server, whose draft has been deleted since
        let gone = Run {
            id: RunId(7),
            ..run(RunState::Stopped, Some(3))
        };
        assert_eq!(words(Lang::Ru, &gone), nothing);
    }

    #[test]
    fn a_draft_with_nearly_nothing_in_it_is_the_first() {
        let before = |unplaced| Figures {
            unplaced,
            ..Figures::default()
        };
        let first = |unplaced, cards| is_first(before(unplaced), cards);
        assert!(first(1081, 1111) && first(3, 3) && first(900, 1000));
        assert!(!first(899, 1000) && !first(0, 0) && !first(0, 5) && !first(2, 3));
    }

    /// What a way out costs elsewhere is said, and what it does not is not.
    #[test]
    fn what_gets_worse_is_said() {
        let figures = |teacher_windows, remarks| Figures {
            teacher_windows,
            remarks,
            ..Figures::default()
        };
        assert_eq!(costs(Lang::Ru, figures(34, 158), figures(34, 157)), None);
        let told = costs(Lang::Ru, figures(34, 158), figures(38, 157)).unwrap();
        assert!(told.contains("34 → 38") && !told.contains("157"), "{told}");
    }
}
