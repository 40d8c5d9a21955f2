//! Works that are planned and have no column yet: offered over the grid from their day on, in the lesson's sheet at any time, and made
//! columns by one press.

use std::collections::BTreeMap;

use base::{AppError, LessonId, WorkTypeId};
use chrono::NaiveDate;
use classbook_core::journal::grid::Grid;
use classbook_core::journal::names_its_type;
use classbook_core::journal::planned::{PlannedWork, Source};
use kit::outbox::new_id;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::beside::refetch;
use super::desk::{DeskRef, Signals};
use crate::t;

/// The works to offer: those of one lesson, else those of the page that wait for their column today.
#[component]
pub fn Planned(
    /// The desk.
    desk: DeskRef,
    /// Its signals.
    signals: Signals,
    /// The grid as it came; what others did since is the desk's to know.
    grid: StoredValue<Grid>,
    /// Of one lesson.
    #[prop(optional)]
    lesson: Option<LessonId>,
) -> impl IntoView {
    let lang = kit::lang();
    let (load, period, today) = grid.with_value(|g| (g.load, g.period, g.today));
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    // a second press after a lost answer is the same act
    let acts: StoredValue<BTreeMap<(LessonId, WorkTypeId), String>> = StoredValue::new(BTreeMap::new());
    let works = Memo::new(move |_| {
        signals.changed.track();
        let all = desk.run(|d| d.sheet().grid().planned_works());
        let mut all = all.unwrap_or_else(|| grid.with_value(Grid::planned_works));
        all.retain(|w| {
            let here = lesson.map_or_else(|| w.is_due(today), |l| l == w.lesson);
            here && grid.with_value(|g| g.writes_into(w.lesson))
        });
        all
    });
    let take = move |work: &PlannedWork| {
        let key = (work.lesson, work.kind);
        let act = acts.with_value(|a| a.get(&key).cloned()).or_else(new_id);
        let Some((act, op)) = act.and_then(|a| Some((a.clone(), a.parse().ok()?))) else {
            return;
        };
        acts.update_value(|a| {
            a.insert(key, act);
        });
        let edit = work.column();
        busy.set(true);
        spawn_local(async move {
            let outcome = api::save_work(op, edit).await;
            busy.try_set(false);
            error.try_set(outcome.as_ref().err().cloned());
            if outcome.is_ok() {
                // removed and taken once more, it is another act
                acts.try_update_value(|a| a.remove(&key));
                signals.hint.try_set(t::journal_planned_added(lang).to_owned());
                refetch(desk, load, period);
                if lesson.is_none() {
                    // the marks of the work are typed next
                    desk.run(|d| d.focus());
                }
            }
        });
    };
    let line = move |work: PlannedWork| {
        let words = said(&work, today, lesson.is_none(), lang);
        let label = t::journal_planned_take_of(lang, &words);
        view! {
            <li class="cluster">
                <span>{words}</span>
                <button class="btn btn-small" type="button" aria-label=label disabled=busy on:click=move |_| take(&work)>{t::journal_planned_take(lang)}</button>
            </li>
        }
    };
    view! {
        <Show when=move || works.with(|w| !w.is_empty())>
            <section class="banner banner-info" aria-label=t::journal_planned(lang)>
                <ul class="stack stack-s">{move || works.get().into_iter().map(line).collect_view()}</ul>
                <kit::ErrorBanner error/>
            </section>
        </Show>
    }
}

/// «Сегодня по графику: контрольная работа, «Дроби»».
fn said(work: &PlannedWork, today: NaiveDate, with_day: bool, lang: base::Lang) -> String {
    let what = if names_its_type(&work.name, &work.title) {
        format!("«{}»", work.title)
    } else {
        t::journal_planned_what(lang, &work.name, &work.title)
    };
    let from = match work.source {
        Source::Schedule => t::journal_planned_schedule(lang),
        Source::Plan => t::journal_planned_plan(lang),
    };
    let when = match (with_day, work.date == today) {
        (false, _) => return t::journal_planned_here(lang, from, what),
        (true, true) => t::journal_planned_today(lang).to_owned(),
        (true, false) => kit::date::day_month(work.date, lang),
    };
    t::journal_planned_line(lang, from, what, when)
}
