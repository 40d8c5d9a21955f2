//! `/diary/:pupil/subjects`: marks and averages of a period, subject by subject.

use base::number::Hundredths;
use base::{AppError, Lang, PeriodId, PupilId, SubjectId};
use chrono::NaiveDate;
use classbook_core::diary::{KindWeight, Outcome, Period, Subject, Subjects};
use classbook_core::dispute;
use classbook_core::grading::{Terms, propose};
use classbook_core::owed::Work;
use classbook_core::sheet::{self, At, Kind, When};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::api::subjects;
use super::freshness::freshness;
use super::head::{Tab, head};
use super::mark::{self, About, fixed, tone_by};
use super::topics::topics;
use super::what_if::what_if;
use crate::grading::explain;
use crate::sheet::opened;
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    data: Resource<Result<Subjects, AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let address = move || -> Result<(PupilId, Option<PeriodId>), ()> {
            let pupil = params
                .read()
                .get("pupil")
                .and_then(|p| p.parse().ok())
                .ok_or(())?;
            let period = query
                .read()
                .get("period")
                .map(|p| p.parse())
                .transpose()
                .map_err(drop)?;
            Ok((pupil, period))
        };
        let data = Resource::new_blocking(address, |address| async move {
            match address {
                Ok((pupil, period)) => subjects(Some(pupil), period).await,
                Err(()) => super::mark_not_found(),
            }
        });
        Self { data }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let data = this.data;
    view! {
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(subjects) => page(subjects, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(all: Subjects, lang: Lang) -> AnyView {
    let pupil = all.child.pupil;
    let list = if all.subjects.is_empty() {
        view! { <kit::Empty title=t::diary_no_subjects_title(lang) text=t::diary_no_subjects_text(lang) icon="subjects"/> }
            .into_any()
    } else {
        let (offset, today, terms, period) = (all.utc_offset, all.today, all.terms, all.period);
        let until = all.laid_until;
        let asks = all.family.then_some(pupil);
        let items = all
            .subjects
            .into_iter()
            .map(|s| {
                let about = period.map(|period| topics(pupil, s.id, period, lang));
                subject(
                    s,
                    (&terms, &all.weights),
                    (offset, today, asks),
                    (about, until),
                    (pupil, &all.periods, period),
                    lang,
                )
            })
            .collect_view();
        view! { <ul class="subject-avg">{items}</ul> }.into_any()
    };
    view! {
        <div class="page page-narrow">
            {head(&all.child, &all.children, all.family, Tab::Subjects, lang)}
            // whoever looks is known to have seen these marks: see `public/diary.js`
            <div class="diary" data-person=all.family.then(|| all.viewer.to_string()) data-seen=all.period.filter(|_| all.family).map(|_| pupil.to_string())
                data-period=all.period.map(|p| p.to_string())>
                {freshness(all.as_of, all.utc_offset, lang)}
                {periods(pupil, &all.periods, all.period, lang)}
                {list}
                {report(pupil, all.period, lang)}
            </div>
        </div>
    }
    .into_any()
}

/// The same as a sheet to print, and the табель.
fn report(pupil: PupilId, period: Option<PeriodId>, lang: Lang) -> AnyView {
    let when = period.map(|p| format!("?when={p}")).unwrap_or_default();
    view! {
        <p><a class="btn btn-quiet" href=format!("/sheets/{pupil}{when}")><kit::Icon name="print"/>{t::sheet_of_pupil(lang)}</a></p>
    }
    .into_any()
}

fn periods(pupil: PupilId, all: &[Period], chosen: Option<PeriodId>, lang: Lang) -> Option<AnyView> {
    if all.len() < 2 {
        return None;
    }
    let links = all
        .iter()
        .map(|p| {
            let name = period_name(&p.kind, p.number, lang);
            let current = (Some(p.id) == chosen).then_some("page");
            view! { <a href=Subjects::href(pupil, p.id) rel="external" aria-current=current>{name}</a> }
        })
        .collect_view();
    Some(view! { <nav class="segmented" aria-label=t::diary_period(lang)>{links}</nav> }.into_any())
}

fn period_name(kind: &str, number: i16, lang: Lang) -> String {
    match kind {
        "quarter" => t::diary_period_quarter(lang, number),
        "trimester" => t::diary_period_trimester(lang, number),
        "half_year" => t::diary_period_half_year(lang, number),
        "semester" => t::diary_period_semester(lang, number),
        "module" => t::diary_period_module(lang, number),
        _ => t::diary_period_year(lang).to_owned(),
    }
}

/// «1 четверть», «Курсовая, 1 семестр», «Год»: of which stage a result is.
pub(crate) fn stage_name(stage: &str, kind: Option<&str>, number: Option<i16>, lang: Lang) -> String {
    match (stage, kind, number) {
        ("coursework", Some(kind), Some(number)) => {
            t::totals_coursework_of(lang, period_name(kind, number, lang))
        }
        ("half_1", ..) => period_name("half_year", 1, lang),
        ("half_2", ..) => period_name("half_year", 2, lang),
        ("interim", ..) => t::totals_interim(lang).to_owned(),
        ("year", ..) => t::totals_year(lang).to_owned(),
        ("exam", ..) => t::totals_exam(lang).to_owned(),
        ("final", ..) => t::totals_final(lang).to_owned(),
        (_, Some(kind), Some(number)) => period_name(kind, number, lang),
        _ => String::new(),
    }
}

/// The marks of periods and of the year, as far as they have been given; each opens the card that says how it came about, and a family asks
/// about each.
fn results(
    all: &[Outcome],
    (pupil, subject): (PupilId, SubjectId),
    asks: Option<PupilId>,
    periods: &[Period],
    lang: Lang,
) -> Option<AnyView> {
    if all.is_empty() {
        return None;
    }
    let one = |r: &Outcome| {
        let behind = behind(pupil, subject, r, periods);
        let name = stage_name(&r.stage, r.kind.as_deref(), r.number, lang);
        let note = r.note.as_ref().map(|note| format!(" ({note})"));
        let mark = (!r.code.is_empty()).then(|| {
            let mark = view! { <b class="avg" data-tone=r.standing.tone() title=r.words.clone()>{r.code.clone()}</b> };
            match behind {
                Some(href) => {
                    let label = t::diary_result_opens(lang, &r.code, &name);
                    view! { <a href=href rel="external" aria-label=label>{mark}</a> }.into_any()
                }
                None => mark.into_any(),
            }
        });
        let ask = asks.zip(r.id).map(|(pupil, id)| {
            let label = t::dispute_link_of(lang, &name);
            view! {
                <a class="btn btn-quiet btn-small btn-icon" href=dispute::About::Period(id).href(pupil) aria-label=label.clone() title=label>
                    <kit::Icon name="comment"/>
                </a>
            }
        });
        view! { <li><span>{name}{note}</span>" "{mark}{ask}</li> }
    };
    Some(view! { <ul class="subject-results" aria-label=t::diary_results(lang)>{all.iter().map(one).collect_view()}</ul> }.into_any())
}

/// Where it is read how a mark of a period or of the year came about: the pupil's report or табель, with that figure open.
fn behind(pupil: PupilId, subject: SubjectId, mark: &Outcome, periods: &[Period]) -> Option<String> {
    let row = format!("s{subject}");
    match mark.stage.as_str() {
        "period" => {
            let of = |p: &&Period| mark.kind.as_ref() == Some(&p.kind) && mark.number == Some(p.number);
            let period = periods.iter().find(of)?;
            let page = sheet::pupil::href(pupil, Kind::Report, When::Period(period.id));
            Some(opened::href(&page, &At::new(row, "mark")))
        }
        "half_1" | "half_2" | "interim" | "year" | "exam" | "final" => {
            let page = sheet::pupil::href(pupil, Kind::Card, When::Year);
            Some(opened::href(&page, &At::new(row, mark.stage.clone())))
        }
        _ => None,
    }
}

/// How many lessons were missed, opening their days; without a period there is no report to open.
fn missed(subject: &Subject, pupil: PupilId, period: Option<PeriodId>, lang: Lang) -> Option<AnyView> {
    if subject.missed == 0 {
        return None;
    }
    let words = t::diary_missed(lang, subject.missed);
    let Some(period) = period else {
        return Some(view! { <p class="muted small">{words}</p> }.into_any());
    };
    let page = sheet::pupil::href(pupil, Kind::Report, When::Period(period));
    let href = opened::href(&page, &At::new(format!("s{}", subject.id), "missed"));
    Some(view! { <p class="small"><a href=href rel="external">{words}</a></p> }.into_any())
}

/// How the average is counted: formula, borders, act.
fn counted_how(subject: &Subject, terms: &Terms, lang: Lang) -> Option<AnyView> {
    let marks: Vec<_> = subject
        .marks
        .iter()
        .map(|m| (m.mark.value, m.mark.weight))
        .collect();
    let made = propose(&marks, terms, Hundredths(0), &[]);
    let formula = explain::formula(&made, lang);
    let class = subject.class_average.zip(subject.class_pupils);
    if formula.is_none() && class.is_none() {
        return None;
    }
    let formula = formula.map(|formula| view! { <dt>{explain::kind(terms, lang)}</dt><dd>{formula}</dd> });
    let class = class.map(|(average, pupils)| {
        let how = t::diary_class_average_how(lang, pupils, fixed(average, lang));
        view! { <dt>{t::diary_class_average_name(lang)}</dt><dd>{how}</dd> }
    });
    Some(
        view! {
            <details class="what-if">
                <summary>{t::diary_how(lang)}</summary>
                <dl class="facts">
                    {formula}
                    {class}
                    <dt>{t::grading_thresholds(lang)}</dt><dd>{explain::borders(terms, &subject.scale, lang)}</dd>
                    <dt>{t::grading_act(lang)}</dt><dd>{explain::act(terms, lang)}</dd>
                </dl>
            </details>
        }
        .into_any(),
    )
}

/// `about`: what its lessons are about; `until`: up to which day there are lessons, if not to the end of the period; then whose it is and of
/// which period, for what opens.
fn subject(
    subject: Subject,
    (terms, weights): (&Terms, &[KindWeight]),
    (offset, today, asks): (i32, NaiveDate, Option<PupilId>),
    (about, until): (Option<AnyView>, Option<NaiveDate>),
    (pupil, periods, period): (PupilId, &[Period], Option<PeriodId>),
    lang: Lang,
) -> AnyView {
    let marks = subject
        .marks
        .iter()
        .map(|m| {
            mark::mark(
                &m.mark,
                About {
                    subject: &subject.name,
                    date: m.date,
                    offset,
                    lang,
                    place: "s",
                    asks,
                    share: subject.share(&m.mark, terms),
                },
            )
        })
        .collect_view();
    let counted: Vec<_> = subject
        .marks
        .iter()
        .map(|m| (m.mark.value, m.mark.weight))
        .collect();
    let counts = if terms.weighted {
        subject.weighted
    } else {
        subject.plain
    };
    let average = match counts {
        Some(a) => {
            let words = if terms.weighted {
                t::diary_average_label(lang, fixed(a, lang))
            } else {
                t::diary_average_plain_label(lang, fixed(a, lang))
            };
            view! { <span class="avg" data-tone=tone_by(counts, terms, &subject.scale)><span class="visually-hidden">{words}</span><span aria-hidden="true">{fixed(a, lang)}</span></span> }
                .into_any()
        }
        None => view! { <span class="muted small">{t::diary_average_none(lang)}</span> }.into_any(),
    };
    let mut notes = Vec::new();
    if terms.weighted && subject.plain != subject.weighted {
        notes.extend(
            subject
                .plain
                .map(|p| t::diary_average_plain(lang, fixed(p, lang))),
        );
    }
    notes.extend(
        subject
            .class_average
            .map(|c| t::diary_class_average(lang, fixed(c, lang))),
    );
    if let Some(until) = subject.exempt_until {
        notes.push(t::diary_exempt_until(lang, kit::date::day_month(until, lang)));
    }
    if subject.held + subject.left > 0 {
        notes.push(match until {
            Some(until) => {
                let until = kit::date::day_month(until, lang);
                t::diary_lessons_until(lang, subject.held, subject.left, until)
            }
            None => t::diary_lessons(lang, subject.held, subject.left),
        });
    }
    let notes = (!notes.is_empty()).then(|| view! { <p class="muted small">{notes.join(" · ")}</p> });
    let row = (!subject.marks.is_empty()).then(|| view! { <div class="mark-row">{marks}</div> });
    let how = counted_how(&subject, terms, lang);
    let results = results(&subject.results, (pupil, subject.id), asks, periods, lang);
    let missed = missed(&subject, pupil, period, lang);
    let more = subject
        .weighted
        .is_some()
        .then(|| what_if(counted, (terms, weights), &subject.scale, lang));
    view! {
        <li>
            <div><h2>{subject.name}</h2>{average}{row}</div>
            <div class="subject-more">{results}{notes}{missed}{owed(&subject.owed, today, lang)}{how}{more}{about}</div>
        </li>
    }
    .into_any()
}

/// What is still to be handed in, and what was.
fn owed(all: &[Work], today: NaiveDate, lang: Lang) -> Option<AnyView> {
    let (open, paid): (Vec<&Work>, Vec<&Work>) = all.iter().partition(|w| w.owed.is_open());
    let open = (!open.is_empty()).then(|| {
        let list = crate::owed::works(open.into_iter(), today, false, lang);
        view! { <div class="owed"><b>{t::owed_diary(lang)}</b>{list}</div> }
    });
    let paid = (!paid.is_empty()).then(|| {
        let list = crate::owed::works(paid.into_iter(), today, false, lang);
        view! { <div class="owed-paid"><b>{t::owed_diary_paid(lang)}</b>{list}</div> }
    });
    (open.is_some() || paid.is_some()).then(|| view! { {open}{paid} }.into_any())
}
