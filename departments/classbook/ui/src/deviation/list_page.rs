//! `/deviations`: figures by teacher; each opens the marks behind it, each of those the journal where it was given.

use base::{AppError, EmployeeId, Lang};
use classbook_core::deviation::{Deviation, Deviations, Line, Way};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api;
use crate::grading::totals_page::stage_name;
use crate::t;

/// What the address asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Asked {
    teacher: Option<EmployeeId>,
    way: Option<Way>,
}

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    data: Resource<Result<Deviations, AppError>>,
}

impl Loaded {
    fn ask(asked: impl Fn() -> Asked + Send + Sync + 'static) -> Self {
        Self {
            data: Resource::new_blocking(asked, |a| api::deviations(a.teacher, a.way)),
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let query = use_query_map();
    let asked = move || {
        query.with(|q| Asked {
            teacher: q.get("teacher").and_then(|id| id.parse().ok()),
            way: q.get("way").and_then(|key| Way::from_key(&key)),
        })
    };
    let this = Loaded::ask(asked);
    let lang = kit::lang();
    let data = this.data;
    view! {
        <Title text=t::deviation_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(all) => page(&all, asked(), lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(all: &Deviations, asked: Asked, lang: Lang) -> AnyView {
    let body = if all.lines.is_empty() {
        view! { <kit::Empty title=t::deviation_none(lang) icon="check" text=t::deviation_none_text(lang)/> }
            .into_any()
    } else {
        table(&all.lines, asked, lang)
    };
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)><a href="/deadlines">{t::deadline_title(lang)}</a><span>{t::deviation_title(lang)}</span></nav>
            <div class="page-head"><h1>{t::deviation_title(lang)}</h1></div>
            <p class="muted">{t::deviation_about(lang)}</p>
            {body}
            {behind(all, asked, lang)}
        </div>
    }
    .into_any()
}

fn words(way: Way, lang: Lang) -> (&'static str, &'static str) {
    match way {
        Way::Up => (t::deviation_up(lang), t::deviation_up_title(lang)),
        Way::Down => (t::deviation_down(lang), t::deviation_down_title(lang)),
        Way::Aside => (t::deviation_aside(lang), t::deviation_aside_title(lang)),
    }
}

fn name_of(line: &Line, lang: Lang) -> String {
    if line.teacher.is_some() {
        line.name.clone()
    } else {
        t::deviation_nobody(lang).to_owned()
    }
}

fn table(lines: &[Line], asked: Asked, lang: Lang) -> AnyView {
    let heads = Way::ALL
        .into_iter()
        .map(|way| {
            let (short, long) = words(way, lang);
            view! { <th scope="col" class="num"><abbr title=long>{short}</abbr></th> }
        })
        .collect_view();
    let rows = lines.iter().map(|line| row(line, asked, lang)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t::deviation_figures(lang)>
            <table class="table">
                <thead><tr><th scope="col">{t::deviation_teacher(lang)}</th><th scope="col" class="num">{t::deviation_given(lang)}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(line: &Line, asked: Asked, lang: Lang) -> AnyView {
    let id = line.teacher.unwrap_or(EmployeeId(0));
    let name = name_of(line, lang);
    let here = asked.teacher == Some(id);
    let current = |on: bool| on.then_some("true");
    let cells = Way::ALL
        .into_iter()
        .zip(line.apart)
        .map(|(way, n)| {
            if n == 0 {
                return view! { <td class="num"><span class="muted">"0"</span></td> }.into_any();
            }
            let href = format!("/deviations?teacher={id}&way={}#behind", way.key());
            let label = t::deviation_opens(lang, n, &name, words(way, lang).1);
            let open = current(here && asked.way == Some(way));
            view! { <td class="num"><a href=href aria-label=label aria-current=open>{n}</a></td> }.into_any()
        })
        .collect_view();
    let all = format!("/deviations?teacher={id}#behind");
    let open = current(here && asked.way.is_none());
    view! {
        <tr><th scope="row"><a href=all aria-current=open>{name}</a></th><td class="num">{line.given}</td>{cells}</tr>
    }
    .into_any()
}

/// The marks behind the figure that is open.
fn behind(all: &Deviations, asked: Asked, lang: Lang) -> Option<AnyView> {
    let teacher = asked.teacher?;
    let line = all
        .lines
        .iter()
        .find(|l| l.teacher.unwrap_or(EmployeeId(0)) == teacher)?;
    let which = asked
        .way
        .map(|way| format!(" · {}", words(way, lang).1))
        .unwrap_or_default();
    let rows = all.behind.iter().map(|mark| mark_row(mark, lang)).collect_view();
    let shown = i64::try_from(all.behind.len()).unwrap_or(i64::MAX);
    let more = all
        .more
        .then(|| view! { <p class="muted">{t::deviation_more(lang, shown)}</p> });
    Some(
        view! {
            <section class="stack" id="behind" aria-labelledby="deviation-behind">
                <h2 id="deviation-behind">{name_of(line, lang)}{which}</h2>
                <div class="table-wrap" tabindex="0" role="region" aria-labelledby="deviation-behind">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">{t::deviation_pupil(lang)}</th><th scope="col">{t::deviation_subject(lang)}</th>
                            <th scope="col">{t::deviation_period(lang)}</th><th scope="col" class="num">{t::deviation_was(lang)}</th>
                            <th scope="col" class="num">{t::deviation_became(lang)}</th><th scope="col">{t::deviation_reason(lang)}</th>
                            <th scope="col">{t::deviation_date(lang)}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {more}
            </section>
        }
        .into_any(),
    )
}

fn mark_row(mark: &Deviation, lang: Lang) -> AnyView {
    // the journal opens at the figure where it can: that of a period
    let at = mark
        .stage
        .period()
        .map(|p| format!("?pupil={}&period={p}", mark.pupil));
    let href = format!("/journal/{}/totals{}", mark.load, at.unwrap_or_default());
    let who = if mark.class.is_empty() {
        mark.name.clone()
    } else {
        format!("{}, {}", mark.name, mark.class)
    };
    let reason = match &mark.reason {
        Some(reason) => view! { {reason.clone()} }.into_any(),
        None => view! { <span class="muted">{t::deviation_no_reason(lang)}</span> }.into_any(),
    };
    let proposed = mark
        .proposed
        .clone()
        .unwrap_or_else(|| t::deviation_no_proposal(lang).to_owned());
    view! {
        <tr>
            <th scope="row"><a href=href>{who}</a></th><td>{mark.subject.clone()}</td>
            <td>{stage_name(mark.stage, &mark.kind, mark.number, lang)}</td><td class="num">{proposed}</td>
            <td class="num"><b>{mark.code.clone()}</b></td><td>{reason}</td><td>{kit::date::day_month(mark.given_on, lang)}</td>
        </tr>
    }
    .into_any()
}
