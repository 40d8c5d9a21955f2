//! What came of it, beside what was.

use base::Lang;
use leptos::prelude::*;
use study_core::compose::{Figures, Run, RunState};
use study_core::timetable::words;

use super::dialog::Watch;
use crate::t;

/// How many impossible cards are listed.
const LISTED: usize = 20;

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
pub(super) fn comparison(lang: Lang, before: Figures, after: Figures) -> AnyView {
    let rows = [
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

/// The end of the dialog.
pub(super) fn over(this: Watch, close: Callback<()>) -> AnyView {
    let lang = this.lang;
    let Some(run) = this.run.get() else {
        return ().into_any();
    };
    let tone = match (run.state, run.result) {
        (RunState::Failed, _) => "banner banner-error",
        (_, None) => "banner banner-warn",
        _ => "banner banner-ok",
    };
    let moved = run.moved.filter(|_| run.result.is_some());
    let moved = moved.map(|n| t::compose_moved(lang, i64::from(n)));
    let compared = run.best.filter(|_| run.result.is_some());
    let compared = compared.map(|best| comparison(lang, run.before, best));
    let stuck: Vec<String> = this.data.with_value(|d| {
        let cards = run.impossible.iter().filter_map(|id| d.card_ix(*id));
        cards.map(|card| words::lesson(d, card)).collect()
    });
    let more = stuck.len().checked_sub(LISTED).filter(|n| *n > 0);
    view! {
        <div class="stack">
            <div class=tone><p>{words(lang, &run)}</p></div>
            {compared}
            {moved.map(|words| view! { <p>{words}</p> })}
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
            <button class="btn" type="button" on:click=move |_| this.anew.set(true)>{t::compose_again(lang)}</button>
            {run.result.map(|version| view! {
                <a class="btn btn-primary" href=format!("/timetable/{version}") rel="external">{t::compose_open(lang)}</a>
            })}
        </div>
    }
    .into_any()
}
