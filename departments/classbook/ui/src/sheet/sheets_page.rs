//! `/sheets`: which sheet, of what, for when; and the sheet.

use base::{AppError, Lang};
use classbook_core::sheet::{At, Choices, Class, Kind, Opened, Sheet, When, pupil};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::parts::{choice, take};
use super::{api, draw, opened};
use crate::t;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    kind: Option<Kind>,
    id: Option<i64>,
    when: Option<When>,
    at: Option<At>,
}

/// Everything that the page shows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Shown {
    choices: Choices,
    kind: Kind,
    /// Of what, and its sheet; none where there is nothing to ask for. Of a pupil's sheet the class is shown, to choose from.
    of: Option<(i64, Sheet)>,
    /// The figure that is open.
    opened: Option<(At, Opened)>,
}

/// The kinds that the page has, a pupil's as one.
const TABS: [Kind; 4] = [Kind::Marks, Kind::Attendance, Kind::Journal, Kind::Report];

/// The class to begin with: one's own, else the first that is of no first grade, where no marks are given.
fn with_marks(classes: &[Class]) -> Option<&Class> {
    let first_grade = |c: &Class| {
        let digits = c.name.chars().take_while(char::is_ascii_digit);
        digits.eq(['1'])
    };
    let own = classes.first().filter(|c| c.own);
    own.or_else(|| classes.iter().find(|c| !first_grade(c)))
        .or(classes.first())
}

async fn shown(asked: Asked) -> Result<Shown, AppError> {
    let choices = api::choices().await?;
    let usual = if choices.classes.is_empty() {
        Kind::Journal
    } else {
        Kind::Marks
    };
    let kind = match asked.kind.unwrap_or(usual) {
        Kind::Card => Kind::Report,
        kind => kind,
    };
    let first = match kind {
        Kind::Journal => choices.journals.first().map(|j| j.id.0),
        Kind::Attendance => choices.classes.first().map(|c| c.id.0),
        _ => with_marks(&choices.classes).map(|c| c.id.0),
    };
    let of = match asked.id.or(first) {
        Some(id) => {
            let made = if kind.is_of_pupil() { Kind::Marks } else { kind };
            Some((id, api::show(made, id, asked.when).await?))
        }
        None => None,
    };
    let opened = match (asked.at, &of) {
        (Some(at), Some((id, sheet))) if !kind.is_of_pupil() => {
            let opened = api::behind(kind, *id, Some(sheet.when), at.clone()).await?;
            Some((at, opened))
        }
        _ => None,
    };
    Ok(Shown {
        choices,
        kind,
        of,
        opened,
    })
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let query = use_query_map();
    let asked = move || {
        query.with(|q| Asked {
            kind: q.get("kind").and_then(|key| Kind::from_key(&key)),
            id: q.get("id").and_then(|id| id.parse().ok()),
            when: q.get("when").and_then(|when| when.parse().ok()),
            at: q.get("at").and_then(|at| at.parse().ok()),
        })
    };
    let data = Resource::new_blocking(asked, shown);
    let lang = kit::lang();
    view! {
        <Title text=t::sheet_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(shown) => page(&shown, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(shown: &Shown, lang: Lang) -> AnyView {
    let nothing = shown.of.is_none().then(|| {
        view! { <kit::Empty title=t::sheet_nothing(lang) text=t::sheet_nothing_text(lang)/> }
    });
    let body = shown.of.as_ref().map(|(id, sheet)| {
        if shown.kind.is_of_pupil() {
            pupils(sheet, lang)
        } else {
            let page = format!("/sheets?kind={}&id={id}&when={}", shown.kind.key(), sheet.when);
            let card = shown.opened.clone();
            let card = card.map(|(at, behind)| opened::card(behind, &page, &at, lang));
            view! { {take(shown.kind, *id, sheet, lang)}{card}{draw::draw(&sheet.paper, &page)} }.into_any()
        }
    });
    view! {
        <div class="page page-wide stack">
            <nav class="crumbs" aria-label=t::sheet_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::sheet_title(lang)}</span></nav>
            <div class="page-head"><h1>{t::sheet_title(lang)}</h1></div>
            {tabs(shown, lang)}
            {form(shown, lang)}
            {nothing}
            {body}
        </div>
    }
    .into_any()
}

fn tabs(shown: &Shown, lang: Lang) -> AnyView {
    let id = shown.of.as_ref().map(|(id, _)| *id);
    let links = TABS
        .into_iter()
        // who leads no class has no sheets of classes
        .filter(|kind| *kind == Kind::Journal || !shown.choices.classes.is_empty())
        .map(|kind| {
            let name = match kind {
                Kind::Marks => t::sheet_tab_marks(lang),
                Kind::Attendance => t::sheet_tab_attendance(lang),
                Kind::Journal => t::sheet_tab_journal(lang),
                Kind::Report | Kind::Card => t::sheet_tab_pupils(lang),
            };
            // the class goes along from sheet to sheet
            let same = (kind == Kind::Journal) == (shown.kind == Kind::Journal);
            let of = id
                .filter(|_| same)
                .map(|id| format!("&id={id}"))
                .unwrap_or_default();
            let href = format!("/sheets?kind={}{of}", kind.key());
            view! { <a href=href aria-current=(kind == shown.kind).then_some("page")>{name}</a> }
        })
        .collect_view();
    view! { <nav class="tabs no-print" aria-label=t::sheet_kinds(lang)>{links}</nav> }.into_any()
}

fn form(shown: &Shown, lang: Lang) -> Option<AnyView> {
    let (id, sheet) = shown.of.as_ref()?;
    let (label, of): (&'static str, Vec<(String, String)>) = match shown.kind {
        Kind::Journal => (
            t::sheet_journal(lang),
            shown
                .choices
                .journals
                .iter()
                .map(|j| (j.id.to_string(), j.name.clone()))
                .collect(),
        ),
        _ => (
            t::sheet_class(lang),
            shown
                .choices
                .classes
                .iter()
                .map(|c| (c.id.to_string(), c.name.clone()))
                .collect(),
        ),
    };
    let when: Vec<(String, String)> = sheet
        .terms
        .iter()
        .map(|(when, name)| (when.to_string(), name.clone()))
        .collect();
    let when = (!shown.kind.is_of_pupil())
        .then(|| choice("when", t::sheet_when(lang), when, &sheet.when.to_string()));
    Some(
        view! {
            <form class="sheet-form no-print" method="get" action="/sheets">
                <input type="hidden" name="kind" value=shown.kind.key()/>
                {choice("id", label, of, &id.to_string())}
                {when}
                <button class="btn btn-primary" type="submit">{t::sheet_show(lang)}</button>
            </form>
        }
        .into_any(),
    )
}

fn pupils(sheet: &Sheet, lang: Lang) -> AnyView {
    let rows = sheet
        .pupils
        .iter()
        .map(|(id, name)| {
            let (report, card) = (
                pupil::href(*id, Kind::Report, sheet.when),
                pupil::href(*id, Kind::Card, When::Year),
            );
            view! {
                <li>
                    <b>{name.clone()}</b><span class="spacer"></span>
                    <a class="btn btn-small" href=report aria-label=t::sheet_report_of(lang, name)>{t::sheet_tab_report(lang)}</a>
                    <a class="btn btn-small" href=card aria-label=t::sheet_card_of(lang, name)>{t::sheet_tab_card(lang)}</a>
                </li>
            }
        })
        .collect_view();
    // at the end of a quarter all of them are handed out
    let all = sheet.class.filter(|_| sheet.pdf && !sheet.pupils.is_empty()).map(|class| {
        let href = format!("/api/sheet/cards?class={class}");
        view! { <p class="no-print"><a class="btn" rel="external" download="" href=href><kit::Icon name="import"/>{t::sheet_cards_all(lang)}</a></p> }
    });
    view! {
        <p class="muted">{t::sheet_pupils_note(lang)}</p>
        {all}
        <ul class="list card card-flush sheet-pupils">{rows}</ul>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_grade_has_no_marks_to_begin_with() {
        let class = |id, name: &str, own| Class {
            id: base::ClassId(id),
            name: name.to_owned(),
            own,
        };
        let begins = |all: &[Class]| with_marks(all).map(|c| c.id.0);
        assert_eq!(
            begins(&[
                class(1, "1А", false),
                class(2, "1Б", false),
                class(3, "2А", false)
            ]),
            Some(3)
        );
        assert_eq!(begins(&[class(1, "10А", false), class(2, "2А", false)]), Some(1));
        assert_eq!(
            begins(&[class(1, "1А", true), class(3, "2А", false)]),
            Some(1),
            "one's own class"
        );
        assert_eq!(begins(&[class(1, "1А", false)]), Some(1), "a school of beginners");
        assert_eq!(begins(&[]), None);
    }
}
