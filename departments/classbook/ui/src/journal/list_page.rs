//! `/journal`: one's journals, today's lessons first.

use base::{AppError, Lang};
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
    let mut today: Vec<(i16, Journal)> = data
        .journals
        .iter()
        .flat_map(|j| {
            let mine = j.today.iter().filter(|l| j.own || l.stands_in);
            mine.map(|l| (l.number, j.clone()))
        })
        .collect();
    today.sort_by_key(|(number, _)| *number);
    let writes = |j: &Journal| j.own || j.today.iter().any(|l| l.stands_in);
    let mine = data.journals.iter().any(writes).then(|| data.whose.clone());
    if mine.is_some() {
        let today = || today.iter().map(|(_, j)| address(j));
        let pages: Vec<String> = std::iter::once("/journal".to_owned())
            .chain(today())
            .chain(today().map(|journal| format!("{journal}/plan")))
            .collect();
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
            {(!today.is_empty()).then(|| section(t::journal_today(lang), today.into_iter().map(|(n, j)| (Some(n), j)).collect(), lang))}
            {(!own.is_empty()).then(|| section(t::journal_mine(lang), own.into_iter().map(|j| (None, j)).collect(), lang))}
            {(!instead.is_empty()).then(|| section(t::journal_standing_in(lang), instead.into_iter().map(|j| (None, j)).collect(), lang))}
            {(!others.is_empty()).then(|| others::section(t::journal_others(lang), others, lang))}
        </div>
    }
    .into_any()
}

fn address(j: &Journal) -> String {
    format!("/journal/{}", j.load)
}

fn section(title: &'static str, journals: Vec<(Option<i16>, Journal)>, lang: Lang) -> AnyView {
    let rows = journals
        .into_iter()
        .map(|(number, j)| view! { <li>{row(number, &j, lang)}</li> })
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
pub(super) fn row(number: Option<i16>, j: &Journal, lang: Lang) -> impl IntoView + use<> {
    let lesson = number.and_then(|n| j.today.iter().find(|l| l.number == n));
    let when = number.map(|n| {
        let clock = lesson
            .and_then(|l| l.starts_at)
            .map(|at| format!(", {}", date::clock(at)))
            .unwrap_or_default();
        // whose lesson somebody else gives sees who
        let instead = match lesson {
            Some(l) if l.stands_in => format!(" · {}", t::journal_instead(lang)),
            Some(TodayLesson {
                substitute: Some(name),
                ..
            }) => format!(" · {}", t::journal_instead_by(lang, name)),
            _ => String::new(),
        };
        format!("{}{clock}{instead}", t::journal_lesson_number(lang, n))
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
