//! What the best so far leaves unmet, while a search goes on: cards without a place and broken rules, by name. Its box has one
//! size from the first moment, so that nothing jumps while news come.

use base::Lang;
use leptos::prelude::*;
use study_core::compose::{Broken, Unmet as Said};
use study_core::timetable::{BoardData, words};

use super::dialog::Watch;
use crate::t;
use crate::timetable::review::title;

/// So many lines are seen at once, the others are folded.
const SEEN: usize = 5;

/// «Физика, 7А — Волкова Е. А.»; alike ones are one line with their number.
fn cards(lang: Lang, data: &BoardData, said: &Said) -> Vec<String> {
    let mut lines: Vec<(String, usize)> = vec![];
    for card in said.unplaced.iter().filter_map(|id| data.card_ix(*id)) {
        let line = lesson(lang, data, card);
        match lines.iter_mut().find(|(other, _)| *other == line) {
            Some((_, count)) => *count += 1,
            None => lines.push((line, 1)),
        }
    }
    let line = |(line, count)| match count {
        1 => line,
        count => format!("{line} × {count}"),
    };
    lines.into_iter().map(line).collect()
}

/// A lesson with its teacher.
pub(super) fn lesson(lang: Lang, data: &BoardData, card: timetable::CardIx) -> String {
    let teachers = data.teachers_of(card);
    let lesson = words::lesson(data, card);
    if teachers.is_empty() {
        lesson
    } else {
        t::compose_unmet_card(lang, lesson, teachers)
    }
}

/// «Окна учителей — 12: Волкова Е. А. × 3, Орлов П. С.».
fn rules(lang: Lang, data: &BoardData, said: &Said) -> Vec<String> {
    let line = |broken: &Broken| {
        let title = title(broken.sort)(lang);
        let who: Vec<String> = broken
            .most
            .iter()
            .filter_map(|(who, count)| {
                let name = who.name(data)?;
                Some(if *count > 1 {
                    format!("{name} × {count}")
                } else {
                    name.to_owned()
                })
            })
            .collect();
        if who.is_empty() {
            t::compose_unmet_rule(lang, broken.count, title)
        } else {
            t::compose_unmet_rule_of(lang, broken.count, title, who.join(", "))
        }
    };
    said.broken.iter().map(line).collect()
}

/// The box.
#[component]
pub(super) fn Unmet(watch: Watch) -> impl IntoView {
    let lang = watch.lang;
    let said = Memo::new(move |_| watch.run.with(|run| run.as_ref()?.unmet.clone()));
    let lines_of = move |words: fn(Lang, &BoardData, &Said) -> Vec<String>| {
        said.with(|said| {
            let said = said.as_ref();
            watch
                .data
                .with_value(|d| said.map_or_else(Vec::new, |said| words(lang, d, said)))
        })
    };
    let (tray, broken) = (
        Memo::new(move |_| lines_of(cards)),
        Memo::new(move |_| lines_of(rules)),
    );
    let unplaced = move || watch.run.with(|run| run.as_ref()?.best).map(|best| best.unplaced);
    let head = move || match (said.with(Option::is_some), unplaced()) {
        (false, _) => t::compose_unmet_waiting(lang).to_owned(),
        (true, Some(n @ 1..)) => t::compose_unmet_cards(lang, i64::from(n)),
        (true, _) if broken.with(Vec::is_empty) => t::compose_unmet_none(lang).to_owned(),
        (true, _) => t::compose_unmet_placed(lang).to_owned(),
    };
    view! {
        <section class="tt-unmet" tabindex="0" role="region" aria-label=t::compose_unmet(lang)>
            <h3>{t::compose_unmet(lang)}</h3>
            <p class="small">{head}</p>
            {lines(lang, tray)}
            <p class="small" hidden=move || broken.with(Vec::is_empty)>{t::compose_unmet_rules(lang)}</p>
            {lines(lang, broken)}
        </section>
    }
}

/// The first lines, and the others in a fold that stays as it is when news come.
fn lines(lang: Lang, all: Memo<Vec<String>>) -> impl IntoView {
    let items = move |part: fn(&[String]) -> &[String]| {
        all.with(|all| {
            part(all)
                .iter()
                .map(|line| view! { <li>{line.clone()}</li> })
                .collect_view()
        })
    };
    let rest = move || all.with(|all| all.len().saturating_sub(SEEN));
    view! {
        <ul class="tt-unmet-lines" hidden=move || all.with(Vec::is_empty)>{move || items(|all| all.get(..SEEN).unwrap_or(all))}</ul>
        <details hidden=move || rest() == 0>
            <summary class="nums">{move || t::compose_unmet_more(lang, i64::try_from(rest()).unwrap_or(i64::MAX))}</summary>
            <ul class="tt-unmet-lines">{move || items(|all| all.get(SEEN..).unwrap_or(&[]))}</ul>
        </details>
    }
}
