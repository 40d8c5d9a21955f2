//! `/sheets/:pupil`: a pupil's report of a period and табель of the year.

use base::{Lang, PupilId};
use classbook_core::sheet::{At, Kind, Opened, Sheet, When, pupil};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::parts::take;
use super::{api, draw, opened};
use crate::t;

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    pupil: PupilId,
    kind: Kind,
    when: Option<When>,
    at: Option<At>,
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let pupil = params.read().get("pupil").and_then(|p| p.parse().ok())?;
        query.with(|q| {
            Some(Asked {
                pupil,
                kind: match q.get("kind").as_deref() {
                    Some("card") => Kind::Card,
                    _ => Kind::Report,
                },
                when: q.get("when").and_then(|when| when.parse().ok()),
                at: q.get("at").and_then(|at| at.parse().ok()),
            })
        })
    };
    let data = Resource::new_blocking(asked, |asked: Option<Asked>| async move {
        match asked {
            Some(asked) => {
                let sheet = api::show(asked.kind, asked.pupil.0, asked.when).await?;
                let opened = match asked.at {
                    Some(at) => {
                        let behind =
                            api::behind(asked.kind, asked.pupil.0, Some(sheet.when), at.clone()).await?;
                        Some((at, behind))
                    }
                    None => None,
                };
                Ok((asked.pupil, asked.kind, sheet, opened))
            }
            None => crate::diary::mark_not_found(),
        }
    });
    let lang = kit::lang();
    view! {
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((pupil, kind, sheet, opened)) => page(pupil, kind, &sheet, opened, lang),
                    Err(error) => view! { <Title text=t::sheet_title(lang)/><kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(pupil: PupilId, kind: Kind, sheet: &Sheet, behind: Option<(At, Opened)>, lang: Lang) -> AnyView {
    let address = pupil::href(pupil, kind, sheet.when);
    let card = behind.map(|(at, behind)| opened::card(behind, &address, &at, lang));
    let title = sheet.paper.title.clone();
    let current = |is: bool| is.then_some("page");
    // a month of a card is the running period of a report
    let when = sheet.when;
    let periods = (kind == Kind::Report && sheet.terms.len() > 1).then(|| {
        let links = sheet
            .terms
            .iter()
            .map(|(term, name)| {
                let href = pupil::href(pupil, kind, *term);
                view! { <a href=href aria-current=current(*term == when)>{name.clone()}</a> }
            })
            .collect_view();
        view! { <nav class="segmented no-print" aria-label=t::sheet_when(lang)>{links}</nav> }
    });
    view! {
        <Title text=title.clone()/>
        <div class="page page-wide stack">
            {path(pupil, sheet, &title, lang)}
            <div class="page-head"><h1>{t::sheet_title(lang)}</h1></div>
            <nav class="tabs no-print" aria-label=t::sheet_kinds(lang)>
                <a href=pupil::href(pupil, Kind::Report, when) aria-current=current(kind == Kind::Report)>{t::sheet_tab_report(lang)}</a>
                <a href=pupil::href(pupil, Kind::Card, When::Year) aria-current=current(kind == Kind::Card)>{t::sheet_tab_card(lang)}</a>
            </nav>
            {periods}
            {take(kind, pupil.0, sheet, lang)}
            {card}
            {draw::draw(&sheet.paper, &address)}
            {neighbours(pupil, kind, sheet, lang)}
        </div>
    }
    .into_any()
}

/// A family comes from the subjects, staff from the sheets of the class.
fn path(pupil: PupilId, sheet: &Sheet, title: &str, lang: Lang) -> AnyView {
    let here = title.to_owned();
    let back = if sheet.family {
        view! { <a href=format!("/diary/{pupil}/subjects") rel="external">{t::sheet_back_diary(lang)}</a> }
            .into_any()
    } else {
        let class = sheet.class.map(|c| format!("&id={c}")).unwrap_or_default();
        view! { <a href=format!("/sheets?kind=report{class}")>{t::sheet_title(lang)}</a> }.into_any()
    };
    view! { <nav class="crumbs" aria-label=t::sheet_path(lang)>{back}<span>{here}</span></nav> }.into_any()
}

/// The pupils before and after in the class, for who prints one after the other.
fn neighbours(pupil: PupilId, kind: Kind, sheet: &Sheet, lang: Lang) -> Option<AnyView> {
    let at = sheet.pupils.iter().position(|(id, _)| *id == pupil)?;
    let before = at.checked_sub(1).and_then(|n| sheet.pupils.get(n));
    let after = sheet.pupils.get(at + 1);
    let link = |(id, name): &(PupilId, String), icon: &'static str, words: fn(Lang, String) -> String| {
        let href = pupil::href(*id, kind, sheet.when);
        view! { <a class="btn btn-quiet" href=href><kit::Icon name=icon/>{words(lang, name.clone())}</a> }
    };
    Some(
        view! {
            <nav class="cluster no-print" aria-label=t::sheet_neighbours(lang)>
                {before.map(|p| link(p, "previous", t::sheet_previous))}
                {after.map(|p| link(p, "next", t::sheet_next))}
            </nav>
        }
        .into_any(),
    )
}
