//! `/journal`: one's journals, today's lessons first.

use base::{AppError, Lang};
use chrono::NaiveDate;
use classbook_core::deadline::Mine;
use classbook_core::journal::grid::{Journal, Journals, TodayLesson};
use kit::date;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::journals;
use super::others;
use crate::t;

/// A copy of a journal that is younger than this, in milliseconds, is young enough for a cut network.
const FRESH: f64 = 10.0 * 60.0 * 1000.0;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    data: Resource<Result<(Journals, Option<Mine>), AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        Self {
            data: Resource::new_blocking(
                || (),
                |()| async {
                    let journals = journals().await?;
                    // the list goes on without what is due
                    Ok((journals, crate::deadline::mine().await.ok()))
                },
            ),
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let data = this.data;
    view! {
        <Title text=t::journal_journals(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((journals, due)) => page(journals, due.as_ref(), lang),
                    // a journal that was kept opens without a network, too
                    Err(AppError::Network) if kit::may_be_kept() => kit::load_document(),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(data: Journals, due: Option<&Mine>, lang: Lang) -> AnyView {
    let today = lessons(&data.journals, |j| &j.today);
    let next = lessons(&data.journals, |j| &j.next);
    let writes = |j: &Journal| j.own || j.today.iter().chain(&j.next).any(|l| l.stands_in);
    let mine = data.journals.iter().any(writes).then(|| data.whose.clone());
    if mine.is_some() {
        let pages = kept(&today, &next);
        // once the page stands
        Effect::new(move || kit::keep_pages(&pages, FRESH));
    }
    let (own, others): (Vec<Journal>, Vec<Journal>) = data.journals.into_iter().partition(|j| j.own);
    let (instead, others): (Vec<Journal>, Vec<Journal>) = others.into_iter().partition(|j| j.stands_in);
    let empty = own.is_empty() && instead.is_empty() && others.is_empty();
    let (sets, asked) = (data.may_set, data.asked);
    view! {
        <div class="page" data-person=mine>
            <div class="page-head">
                <h1>{t::journal_journals(lang)}</h1>
                <p class="page-note">{date::weekday(data.today, lang)} ", " {date::day_month(data.today, lang)}</p>
                <div class="page-actions">
                    {sets.then(|| view! {
                        <a class="btn" href="/assessments">{t::assessment_schedule(lang)}</a>
                        <a class="btn" href="/distance">{t::distance_page(lang)}</a>
                        <a class="btn" href="/cancellations">{t::cancellation_page(lang)}</a>
                        <a class="btn" href="/substitutions">{t::substitution_page(lang)}</a>
                        <a class="btn" href="/notices">{t::notice_title(lang)}</a>
                        <a class="btn" href="/journal/periods">{t::periods_title(lang)}</a>
                    })}
                    <a class="btn" href="/attendance">{t::attendance_title(lang)}</a>
                    <a class="btn" href="/owed">{t::owed_link(lang)}</a>
                    <a class="btn" href="/sheets">{t::sheet_title(lang)}</a>
                    <a class="btn" href="/journal/rules">{t::grading_title(lang)}</a>
                    {sets.then(|| view! { <a class="btn" href="/journal/scales">{t::scale_page(lang)}</a> })}
                </div>
            </div>
            <super::Unsent whose=data.whose/>
            <crate::dispute::WaitingBanner/>
            {(asked > 0).then(|| view! {
                <div class="banner banner-info" role="status">
                    <p><b>{t::periods_asked(lang, asked)}</b></p>
                    <a class="btn btn-small" href="/journal/periods">{t::periods_asked_open(lang)}</a>
                </div>
            })}
            <crate::absence::AheadSection/>
            {due.and_then(|due| crate::deadline::panel(due, lang))}
            {empty.then(|| view! { <kit::Empty title=t::journal_none(lang) text=t::journal_none_text(lang)/> })}
            {(!today.is_empty()).then(|| section(t::journal_today(lang), today.into_iter().map(|(l, j)| (Some(l), j)).collect(), lang))}
            {data.next_day.filter(|_| !next.is_empty()).map(|day| next_day(day, next, lang))}
            {(!own.is_empty()).then(|| section(t::journal_mine(lang), own.into_iter().map(|j| (None, j)).collect(), lang))}
            {(!instead.is_empty()).then(|| section(t::journal_standing_in(lang), instead.into_iter().map(|j| (None, j)).collect(), lang))}
            {(!others.is_empty()).then(|| others::section(t::journal_others(lang), others, lang))}
        </div>
    }
    .into_any()
}

/// The lessons of a day that the person gives, in their order, each with its journal.
fn lessons(journals: &[Journal], of: fn(&Journal) -> &Vec<TodayLesson>) -> Vec<(TodayLesson, Journal)> {
    let mut all: Vec<(TodayLesson, Journal)> = journals
        .iter()
        .flat_map(|j| {
            let mine = of(j).iter().filter(|l| j.own || l.stands_in);
            mine.map(|l| (l.clone(), j.clone()))
        })
        .collect();
    all.sort_by_key(|(lesson, _)| lesson.number);
    all
}

/// What a browser keeps for a day without a network: the list, the journals of today and of the next day, then the plans. Each once: the worker
/// counts them, and of what is beyond its number the plans of tomorrow may be missing sooner than a journal.
fn kept(today: &[(TodayLesson, Journal)], next: &[(TodayLesson, Journal)]) -> Vec<String> {
    let mut journals: Vec<String> = vec![];
    for journal in today.iter().chain(next).map(|(_, j)| address(j)) {
        if !journals.contains(&journal) {
            journals.push(journal);
        }
    }
    let plans: Vec<String> = journals.iter().map(|journal| format!("{journal}/plan")).collect();
    std::iter::once("/journal".to_owned())
        .chain(journals)
        .chain(plans)
        .collect()
}

/// The next day that one teaches on, folded: until it has come. Then this page is a copy of the day before, without a network, and it is what is
/// wanted of it.
fn next_day(day: NaiveDate, lessons: Vec<(TodayLesson, Journal)>, lang: Lang) -> AnyView {
    let come = RwSignal::new(false);
    Effect::new(move || come.set(device_day().is_some_and(|today| today >= day)));
    let words = format!("{}, {}", date::weekday(day, lang), date::day_month(day, lang));
    let rows = lessons
        .into_iter()
        .map(|(lesson, j)| view! { <li>{row(Some(&lesson), &j, lang)}</li> })
        .collect_view();
    view! {
        <details class="stack" data-next-day=day.to_string() prop:open=move || come.get()>
            <summary>{t::journal_next_day(lang, words)}</summary>
            <ul class="list card card-flush">{rows}</ul>
        </details>
    }
    .into_any()
}

/// The day by the device's clock: a copy of yesterday cannot ask the server's.
fn device_day() -> Option<NaiveDate> {
    let now = js_sys::Date::new_0();
    let year = i32::try_from(now.get_full_year()).ok()?;
    NaiveDate::from_ymd_opt(year, now.get_month() + 1, now.get_date())
}

fn address(j: &Journal) -> String {
    format!("/journal/{}", j.load)
}

fn section(title: &'static str, journals: Vec<(Option<TodayLesson>, Journal)>, lang: Lang) -> AnyView {
    let rows = journals
        .into_iter()
        .map(|(lesson, j)| view! { <li>{row(lesson.as_ref(), &j, lang)}</li> })
        .collect_view();
    view! {
        <section class="stack">
            <h2>{title}</h2>
            <ul class="list card card-flush">{rows}</ul>
        </section>
    }
    .into_any()
}

/// A journal in a list, without the list's own element.
pub(super) fn row(lesson: Option<&TodayLesson>, j: &Journal, lang: Lang) -> impl IntoView + use<> {
    let when = lesson.map(|lesson| {
        let clock = lesson
            .starts_at
            .map(|at| format!(", {}", date::clock(at)))
            .unwrap_or_default();
        // whose lesson somebody else gives sees who
        let instead = match &lesson.substitute {
            _ if lesson.stands_in => format!(" · {}", t::journal_instead(lang)),
            Some(name) => format!(" · {}", t::journal_instead_by(lang, name)),
            None => String::new(),
        };
        format!(
            "{}{clock}{instead}",
            t::journal_lesson_number(lang, lesson.number)
        )
    });
    view! {
        <a class="list-link" href=address(j)>
            <b class="nowrap">{j.audience.clone()}</b>
            <span>{j.subject.clone()}</span>
            <span class="spacer"></span>
            <span class="muted small">{when.unwrap_or_else(|| if j.own { String::new() } else { j.teachers.clone() })}</span>
        </a>
    }
}
