//! What both pages show alike: a state, what stands against a work.

use base::{Lang, LessonId, LoadId, WorkTypeId};
use chrono::NaiveDate;
use classbook_core::assessment::{Fact, Remark, State, Work};
use leptos::prelude::*;

use crate::t;

/// «чт, 3 дек».
pub(super) fn day(date: NaiveDate, lang: Lang) -> String {
    format!(
        "{}, {}",
        kit::date::weekday_short(date, lang),
        kit::date::day_month(date, lang)
    )
}

/// «на рассмотрении».
pub(super) fn badge(state: State, lang: Lang) -> impl IntoView {
    let (tone, words) = match state {
        State::Planned => ("info", t::assessment_planned(lang)),
        State::Approved => ("ok", t::assessment_approved(lang)),
        State::Returned => ("warn", t::assessment_returned(lang)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

fn words(remark: &Remark, lang: Lang) -> String {
    match remark {
        Remark::Near {
            date,
            classes,
            days,
            need,
            ..
        } => t::assessment_near(lang, classes, kit::date::day_month(*date, lang), days, need),
        Remark::Share { count, most, .. } => t::assessment_share(lang, count, most),
        Remark::SameDay { subject, class, .. } => t::assessment_same_day(lang, class, subject),
        Remark::Edge { first: true, .. } => t::assessment_first(lang).to_owned(),
        Remark::Edge { first: false, .. } => t::assessment_last(lang).to_owned(),
        Remark::NoLesson => t::assessment_no_lesson_day(lang).to_owned(),
    }
}

/// Each remark with the row of the law behind it.
pub(super) fn remarks(remarks: &[Remark], lang: Lang) -> Option<AnyView> {
    if remarks.is_empty() {
        return None;
    }
    let lines = remarks.iter().map(|remark| {
        let clause = remark
            .basis()
            .map(|b| view! { <cite>{crate::homework::stands(b, lang)}</cite> });
        view! { <li><p class="norm" data-tone="warn"><b>{words(remark, lang)}</b>{clause}</p></li> }
    });
    Some(view! { <ul class="stack stack-s">{lines.collect_view()}</ul> }.into_any())
}

/// Plan against fact: what became of a work, where somebody should know.
pub(super) fn fact(work: &Work, lang: Lang) -> Option<AnyView> {
    let words = match work.fact? {
        Fact::Ahead => return None,
        Fact::Column => {
            return Some(view! { <p class="small muted">{t::assessment_has_column(lang)}</p> }.into_any());
        }
        Fact::Missing => t::assessment_missing(lang),
        Fact::Off => t::assessment_off(lang),
        Fact::NoLesson => t::assessment_lesson_gone(lang),
    };
    let way = (work.fact == Some(Fact::Missing)).then(|| {
        let href = format!("/journal/{}", work.load);
        view! { " "<a href=href>{t::assessment_to_journal(lang)}</a> }
    });
    Some(view! { <p class="norm" data-tone="warn"><b>{words}</b>{way}</p> }.into_any())
}

/// What stands against a column that is being added to the journal, as the schedule would say it; nothing for a kind that is no assessment.
#[component]
pub fn BesideColumn(
    /// The journal.
    load: LoadId,
    /// The lesson.
    lesson: LessonId,
    /// The kind that is chosen, where it is an assessment.
    #[prop(into)]
    kind: Signal<Option<WorkTypeId>>,
    /// What it is about, once that was typed.
    #[prop(into)]
    title: Signal<String>,
) -> impl IntoView {
    let lang = kit::lang();
    let data = LocalResource::new(move || {
        let (kind, title) = (kind.get(), title.get());
        async move {
            match kind {
                // no network: the schedule says it later
                Some(kind) => super::api::against(lesson, kind, title).await.ok(),
                None => None,
            }
        }
    });
    let said = move || {
        let against = data.get().flatten().filter(|_| kind.get().is_some())?;
        let href = format!("/assessments/{load}");
        let plan = (!against.planned).then(|| {
            view! { <p class="small">{t::assessment_not_planned(lang)}" "<a href=href>{t::assessment_title(lang)}</a></p> }
        });
        let may = (!against.remarks.is_empty())
            .then(|| view! { <p class="small muted">{t::assessment_column_may_be_saved(lang)}</p> });
        Some(view! { <div class="stack stack-s">{remarks(&against.remarks, lang)}{plan}{may}</div> })
    };
    // Stands there from the start, so that it is heard when it changes. It waits by itself: waited for by the page around, the whole page would
    // be taken out and put back, and a dialog that comes back so is none any more.
    view! { <div role="status"><Transition fallback=|| ()>{said}</Transition></div> }
}
