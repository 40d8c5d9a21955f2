//! `/diary`, `/diary/:pupil`, `/diary/:pupil/:monday`: a week, today and tomorrow first. Drawn by the server alone.

mod lesson;
mod signing;

use base::{Lang, PupilId};
use chrono::{Datelike as _, NaiveDate};
use classbook_core::diary::{Assessment, Changes, Day, News, Place, Week};
use classbook_core::journal::names_its_type;
use classbook_core::owed::Work;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos_router::hooks::use_params_map;

use super::api::week;
use super::freshness::freshness;
use super::head::{Tab, head};
use super::mark::{self, About};
use super::more::more;
use crate::t;
use lesson::{Frame, day};
use signing::signing;

/// The parts of the address; what is no number or date is no page.
type Address = Result<(Option<PupilId>, Option<NaiveDate>), ()>;

fn address() -> Address {
    let params = use_params_map().get_untracked();
    let part = |name: &str| params.get(name).filter(|text| !text.is_empty());
    let pupil = part("pupil").map(|p| p.parse()).transpose().map_err(drop)?;
    let monday = part("monday").map(|m| m.parse()).transpose().map_err(drop)?;
    Ok((pupil, monday))
}

/// Draws the page. No resource: nothing of it goes to the browser but what is seen.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let asked = address();
    let drawn = ScopedFuture::new_untracked(async move {
        let week = match asked {
            Ok((pupil, date)) => week(pupil, date).await,
            Err(()) => super::mark_not_found(),
        };
        match week {
            Ok(week) => page(week, lang),
            Err(error) => view! { <kit::LoadError error/> }.into_any(),
        }
    });
    view! { <Suspense fallback=|| view! { <kit::Busy/> }>{Suspend::new(drawn)}</Suspense> }.into_any()
}

fn page(week: Week, lang: Lang) -> AnyView {
    let (pupil, as_of) = (week.child.pupil, week.as_of);
    let frame = Frame {
        pupil,
        viewer: week.viewer,
        family: week.family,
        today: week.today,
        as_of,
        offset: week.utc_offset,
        lang,
        fresh: StoredValue::new(week.changes.clone()),
    };
    let signing = signing(&week, lang);
    let body = match week.place {
        Place::Outside { nearest } => outside(pupil, nearest, lang),
        Place::Inside => days(week.days, week.ahead, frame),
    };
    view! {
        <div class="page">
            {head(&week.child, &week.children, week.family, Tab::Week, lang)}
            <div class="diary diary-wide" data-person=week.family.then(|| week.viewer.to_string()) data-week=format!("/diary/{pupil}/{}", week.monday) data-swipe="" data-watch=pupil.to_string() data-seen=week.family.then(|| pupil.to_string())>
                {freshness(as_of, week.utc_offset, lang)}
                {strip(&week.news, &week.changes, frame)}
                {owed(&week.owed, week.today, lang)}
                {coming(&week.assessments, lang)}
                {week_nav(pupil, week.monday, week.today, lang)}
                {body}
                {signing}
                {week.family.then(|| more(pupil, lang))}
            </div>
        </div>
    }
    .into_any()
}

/// New marks since the last visit, and what else has changed since.
fn strip(news: &[News], changes: &Changes, frame: Frame) -> Option<AnyView> {
    if news.is_empty() && changes.is_empty() {
        return None;
    }
    let many = news.len() + changes.count();
    let lang = frame.lang;
    let items = news
        .iter()
        .map(|n| {
            let about = About {
                subject: &n.subject,
                date: n.date,
                offset: frame.offset,
                lang,
                place: "n",
                asks: frame.family.then_some(frame.pupil),
                share: None,
            };
            view! { <li>{mark::news(&n.mark, about)}</li> }
        })
        .collect_view();
    let timetable = changes.timetable.map(|from| {
        let from = kit::date::day_month(from, lang);
        view! { <li><a href=format!("/diary/{}", frame.pupil)><span>{t::diary_news_timetable(lang)}<small>{t::diary_news_timetable_from(lang, from)}</small></span></a></li> }
    });
    let told = changes.told.iter().map(|n| {
        let words = classbook_core::notice::said(n, lang);
        let day = match (n.date, n.until) {
            (Some(from), Some(until)) if until > from => Some(kit::date::span(from, until, lang)),
            (Some(day), _) => Some(kit::date::day_month_short(day, lang)),
            (None, _) => None,
        };
        let about: Vec<String> = n.subject.clone().into_iter().chain(day).collect();
        let about = about.join(", ");
        view! { <li data-kind=n.kind.key()><a href=n.href()><span>{about}<small>{words}</small></span></a></li> }
    });
    let told = told.collect_view();
    Some(
        view! {
            <section class="news" aria-labelledby="news">
                <h2 id="news">{t::diary_news(lang)}<span class="count">{many}</span></h2>
                <p class="visually-hidden">{t::diary_news_since(lang)}</p>
                <ul>{items}{timetable}{told}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What is still to be handed in, of whatever week.
fn owed(works: &[Work], today: NaiveDate, lang: Lang) -> Option<AnyView> {
    if works.is_empty() {
        return None;
    }
    Some(
        view! {
            <section class="coming-works owed" aria-labelledby="owed">
                <h2 id="owed">{t::owed_diary(lang)}</h2>
                {crate::owed::works(works.iter(), today, true, lang)}
            </section>
        }
        .into_any(),
    )
}

/// Assessment works ahead: one prepares for them.
fn coming(works: &[Assessment], lang: Lang) -> Option<AnyView> {
    if works.is_empty() {
        return None;
    }
    let items = works.iter().map(|a| {
        let what = if names_its_type(&a.kind, &a.title) {
            t::owed_line(lang, &a.subject, &a.title)
        } else {
            t::diary_assessment(lang, &a.kind, &a.subject, &a.title)
        };
        view! { <li><b>{kit::date::day_month(a.date, lang)}</b>" — "{what}</li> }
    });
    Some(
        view! {
            <section class="coming-works" aria-labelledby="coming-works">
                <h2 id="coming-works">{t::diary_assessments(lang)}</h2>
                <ul>{items.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

/// Real links: they work without wasm, by keyboard, and are what a swipe presses.
fn week_nav(pupil: PupilId, monday: NaiveDate, today: NaiveDate, lang: Lang) -> impl IntoView {
    let to = |days| format!("/diary/{pupil}/{}", kit::date::plus_days(monday, days));
    let elsewhere = kit::date::monday(today) != monday;
    let sunday = kit::date::plus_days(monday, 6);
    // the year only where it is not this one
    let year = (sunday.year() != today.year()).then(|| format!(" {}", sunday.year()));
    let span = format!(
        "{}{}",
        kit::date::span(monday, sunday, lang),
        year.unwrap_or_default()
    );
    view! {
        <nav class="week-nav" aria-label=t::diary_week_nav(lang)>
            <a class="btn btn-icon" rel="prev" href=to(-7) aria-label=t::diary_previous_week(lang)><kit::Icon name="previous"/></a>
            <b>{span}{elsewhere.then(|| view! { <a class="week-now" href=format!("/diary/{pupil}")>{t::diary_this_week(lang)}</a> })}</b>
            <a class="btn btn-icon" rel="next" href=to(7) aria-label=t::diary_next_week(lang)><kit::Icon name="next"/></a>
        </nav>
    }
}

/// Today, the next school day, what is to come; then what was.
fn days(week: Vec<Day>, ahead: Option<Day>, frame: Frame) -> AnyView {
    let lang = frame.lang;
    if week.iter().all(|d| d.lessons.is_empty() && d.homework.is_empty()) && ahead.is_none() {
        let holiday = week.iter().find_map(|d| d.holiday.clone());
        let text = if holiday.is_some() {
            t::diary_holiday_text(lang)
        } else {
            t::diary_empty_text(lang)
        };
        let title = holiday.unwrap_or_else(|| t::diary_empty_title(lang).to_owned());
        return view! { <kit::Empty title=title text=text icon="diary"/> }.into_any();
    }
    let current = week.iter().any(|d| d.date == frame.today);
    let (past, coming): (Vec<Day>, Vec<Day>) =
        week.into_iter().partition(|d| current && d.date < frame.today);
    let coming = coming
        .into_iter()
        .map(|d| (d, false))
        .chain(ahead.map(|d| (d, true)))
        .map(|(d, next)| day(d, frame, next))
        .collect_view();
    let earlier = (!past.is_empty()).then(|| {
        let past = past.into_iter().map(|d| day(d, frame, false)).collect_view();
        view! { <p class="diary-earlier">{t::diary_earlier(lang)}</p><div class="week">{past}</div> }
    });
    view! { <div class="week">{coming}</div>{earlier} }.into_any()
}

fn outside(pupil: PupilId, nearest: Option<NaiveDate>, lang: Lang) -> AnyView {
    let title = t::diary_outside_title(lang);
    match nearest {
        Some(monday) => {
            let span = kit::date::span(monday, kit::date::plus_days(monday, 6), lang);
            view! {
                <kit::Empty title=title text=t::diary_outside_text(lang, span) icon="diary">
                    <a class="btn btn-primary" href=format!("/diary/{pupil}/{monday}")>{t::diary_outside_go(lang)}</a>
                </kit::Empty>
            }
            .into_any()
        }
        None => view! { <kit::Empty title=title text=t::diary_outside_none(lang) icon="diary"/> }.into_any(),
    }
}
