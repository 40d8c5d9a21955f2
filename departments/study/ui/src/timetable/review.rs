//! The review of the whole version: what clashes, what lies nowhere, what bells and shifts do against the norms, and the
//! other remarks by their rule. From each line one gets to the card it is about.

use leptos::html;
use leptos::prelude::*;
use study_core::timetable::later::{Later, later};
use study_core::timetable::words;
use timetable::unmet::Sort;
use timetable::{CardIx, Level, LimitKind, Problem, Reason};

use super::desk::Desk;
use super::keys::focus_card;
use super::layout::View;
use super::standing::{Why, windows};
use crate::t;

/// How many lines of one rule are listed.
const LISTED: usize = 60;

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The dialog. It is opened by `showModal` on its node.
#[component]
pub fn ReviewDialog(desk: Desk, node: NodeRef<html::Dialog>, open: RwSignal<bool>) -> impl IntoView {
    let lang = desk.lang;
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    // drawn only while it is open: a board has hundreds of remarks
    view! {
        <dialog class="sheet tt-review" node_ref=node aria-labelledby="tt-review"
            on:close=move |_| open.set(false)>
            <div class="sheet-head">
                <h2 id="tt-review">{t::review_title(lang)}</h2>
                <button class="btn btn-icon btn-quiet" type="button" aria-label=t::action_cancel(lang) on:click=close><kit::Icon name="cross"/></button>
            </div>
            <div class="sheet-body stack">{move || open.get().then(|| sections(desk, node))}</div>
        </dialog>
    }
}

fn sections(desk: Desk, node: NodeRef<html::Dialog>) -> AnyView {
    let lang = desk.lang;
    let problems = desk.problems.get();
    let clashes: Vec<&Problem> = problems.iter().filter(|p| p.level == Level::Clash).collect();
    let waiting = waiting(desk);
    let groups = groups(&problems);
    let counts = desk.counts();
    let listed = |list: &[&Problem]| {
        list.iter()
            .take(LISTED)
            .map(|p| line(desk, node, p))
            .collect_view()
    };
    view! {
        {if counts.is_clean() {
            view! { <div class="banner banner-ok"><p>{t::publish_clean(lang)}</p></div> }.into_any()
        } else {
            view! { <p class="muted tt-counts">{super::bar::words(lang, counts)}</p> }.into_any()
        }}
        {(!clashes.is_empty()).then(|| view! {
            <section class="stack"><h3>{t::review_clashes(lang)}<span class="count">{clashes.len()}</span></h3>
                <ul class="tt-lines">{listed(&clashes)}</ul>{more(desk, clashes.len())}</section>
        })}
        {(!waiting.is_empty()).then(|| view! {
            <section class="stack"><h3>{t::review_unplaced(lang)}<span class="count">{desk.unplaced}</span></h3>
                <ul class="tt-lines">{waiting.iter().take(LISTED).map(|(card, n)| waiting_line(desk, node, *card, *n)).collect_view()}</ul>
                {more(desk, waiting.len())}</section>
        })}
        {regime(desk)}
        {later_on(desk, node)}
        {desk.may_edit().then(|| windows(desk, LISTED))}
        {groups.into_iter().map(|(title, list)| {
            let norm = list.first().and_then(|p| desk.data.with_value(|d| words::norm_of(d, &p.reason).map(|n| words::clause(lang, n))));
            view! {
                <details class="stack">
                    <summary>{title(lang)}<span class="count">{list.len()}</span></summary>
                    {norm.map(|n| view! { <p class="norm"><cite>{n}</cite></p> })}
                    <ul class="tt-lines">{listed(&list)}</ul>
                    {more(desk, list.len())}
                </details>
            }
        }).collect_view()}
    }
    .into_any()
}

fn more(desk: Desk, all: usize) -> Option<impl IntoView> {
    let rest = all.checked_sub(LISTED).filter(|n| *n > 0)?;
    Some(view! { <p class="muted small">{t::review_more(desk.lang, count(rest))}</p> })
}

/// What comes up on later days of the version: a ban or a limit that begins then.
fn later_on(desk: Desk, node: NodeRef<html::Dialog>) -> Vec<AnyView> {
    let lang = desk.lang;
    let outlook = desk.data.with_value(|d| desk.ask(|b| later(d, b)));
    let section = |of: &Later| {
        let lines = of.problems.iter().take(LISTED).map(|p| {
            let (words, card) = (desk.data.with_value(|d| words::problem(lang, d, p)), p.card);
            let key = if p.level == Level::Clash { "clash" } else { "poor" };
            view! { <li data-verdict=key><button type="button" on:click=move |_| go(desk, node, card, None)>{words}</button></li> }
        });
        // of bells and shifts: no card leads there
        let remarks = of.remarks.iter().map(|r| {
            let words = desk.data.with_value(|d| words::remark(lang, d, r));
            view! { <li data-verdict="poor">{words}</li> }
        });
        let found = of.problems.len() + of.remarks.len();
        view! {
            <details class="stack">
                <summary>{t::review_later(lang, kit::date::full(of.day, lang))}<span class="count">{found}</span></summary>
                <p class="muted small">{t::review_later_hint(lang)}</p>
                <ul class="tt-lines">{lines.collect_view()}{remarks.collect_view()}</ul>
                {more(desk, of.problems.len())}
            </details>
        }
        .into_any()
    };
    let cut = outlook.unjudged.map(|day| {
        let words = t::review_later_cut(lang, kit::date::full(day, lang));
        view! { <p class="banner banner-warn">{words}</p> }.into_any()
    });
    outlook.days.iter().map(section).chain(cut).collect()
}

/// What bells and shifts do against the norms: nothing that a card could mend.
pub fn regime(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let lines: Vec<(String, Option<String>)> = desk.remarks.with(|list| {
        desk.data.with_value(|d| {
            let one = |r: &study_core::timetable::regime::Remark| {
                let norm = words::norm_of_remark(d, r).map(|n| words::clause(lang, n));
                (words::remark(lang, d, r), norm)
            };
            list.iter().map(one).collect()
        })
    });
    if lines.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack tt-regime">
            <h3>{t::review_regime(lang)}<span class="count">{lines.len()}</span></h3>
            <p class="muted small">{t::review_regime_hint(lang)}
                {desk.plans().then(|| view! { " "<a href="/timetable/bells">{t::bells_mend(lang)}</a> })}</p>
            <ul class="tt-lines">
                {lines.into_iter().map(|(words, norm)| view! {
                    <li data-verdict="poor">{words}{norm.map(|n| view! { <small><cite>{n}</cite></small> })}</li>
                }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// Cards without a place, one of each load, and how many there are.
fn waiting(desk: Desk) -> Vec<(CardIx, usize)> {
    desk.tick.track();
    let data = desk.data();
    let mut piles: Vec<(u32, CardIx, usize)> = vec![];
    for card in desk.ask(timetable::Board::unplaced) {
        let Some(load) = data.cards.get(card.ix()).map(|c| c.load) else {
            continue;
        };
        match piles.iter_mut().find(|p| p.0 == load) {
            Some(pile) => pile.2 += 1,
            None => piles.push((load, card, 1)),
        }
    }
    piles.into_iter().map(|(_, card, n)| (card, n)).collect()
}

fn waiting_line(desk: Desk, node: NodeRef<html::Dialog>, card: CardIx, n: usize) -> AnyView {
    let words = format!("{} · {}", desk.lesson(card), t::tray_left(desk.lang, count(n)));
    view! { <li data-verdict="poor"><button type="button" on:click=move |_| go(desk, node, Some(card), None)>{words}</button></li> }.into_any()
}

fn line(desk: Desk, node: NodeRef<html::Dialog>, problem: &Problem) -> AnyView {
    let key = if problem.level == Level::Clash {
        "clash"
    } else {
        "poor"
    };
    let words = desk.data.with_value(|d| words::problem(desk.lang, d, problem));
    let card = problem.card;
    let view = match problem.reason {
        Reason::Limit { class, .. } | Reason::ClassWindow { class, .. } => Some(View::Class(class)),
        Reason::TeacherLimit { teacher, .. } | Reason::TeacherWindow { teacher, .. } => {
            Some(View::Teacher(teacher))
        }
        _ => None,
    };
    let remark = problem.clone();
    // clashes are no wishes: they say themselves what is in the way
    let why = (problem.level == Level::Poor && desk.may_edit()).then(|| view! { <Why desk remark/> });
    view! { <li data-verdict=key><button type="button" on:click=move |_| go(desk, node, card, view)>{words}</button>{why}</li> }.into_any()
}

/// Closes the review and shows what the line is about.
fn go(desk: Desk, node: NodeRef<html::Dialog>, card: Option<CardIx>, view: Option<View>) {
    if let Some(dialog) = node.get_untracked() {
        dialog.close();
    }
    match (card, view) {
        (Some(card), _) => {
            desk.show(card);
            // after the week of its class has been drawn
            set_timeout(move || focus_card(card), std::time::Duration::ZERO);
        }
        (None, Some(view)) => desk.view.set(view),
        (None, None) => {}
    }
}

/// A rule in words.
pub(crate) type Title = fn(base::Lang) -> &'static str;

/// The remarks that are no clashes, by rule, the most frequent first.
fn groups(problems: &[Problem]) -> Vec<(Title, Vec<&Problem>)> {
    let mut groups: Vec<(Sort, Vec<&Problem>)> = vec![];
    for problem in problems.iter().filter(|p| p.level == Level::Poor) {
        let sort = Sort::of(problem);
        match groups.iter_mut().find(|g| g.0 == sort) {
            Some(group) => group.1.push(problem),
            None => groups.push((sort, vec![problem])),
        }
    }
    groups.sort_by_key(|g| std::cmp::Reverse(g.1.len()));
    groups
        .into_iter()
        .map(|(sort, list)| (title(sort), list))
        .collect()
}

/// What a rule is called.
pub(crate) fn title(sort: Sort) -> Title {
    match sort {
        Sort::Clash => t::review_clashes,
        Sort::Limit(kind) => match kind {
            LimitKind::LessonsPerDay | LimitKind::LessonsPerDayWithPe => t::rule_per_day,
            LimitKind::LessonsPerWeek => t::rule_per_week,
            LimitKind::EarliestSlot | LimitKind::LatestSlot => t::rule_hours,
            LimitKind::SubjectPerDay => t::rule_subject_again,
            LimitKind::WindowsPerDay => t::rule_windows,
            LimitKind::PointsPerDay => t::rule_points,
            LimitKind::HardAtEdge => t::rule_hard_edge,
            LimitKind::HardInRow => t::rule_hard_row,
            LimitKind::PeakDay => t::rule_peak,
            LimitKind::LightDay => t::rule_light_day,
            LimitKind::EdgeDay => t::rule_edge_day,
            LimitKind::HomeworkPerDay => t::rule_homework,
            LimitKind::LateStart => t::rule_late_start,
            LimitKind::LeastPerDay => t::rule_least,
            LimitKind::LessonsInRow => t::rule_in_row,
            LimitKind::DaysPerWeek => t::rule_days,
            LimitKind::LeastDays => t::rule_days_least,
            LimitKind::WindowsPerWeek => t::rule_windows_week,
            LimitKind::MovesPerDay => t::rule_moves,
        },
        Sort::Way => t::rule_way,
        Sort::Near => t::rule_near,
        Sort::Close => t::rule_too_close,
        Sort::Tied => t::rule_tied,
        Sort::NoRoom => t::rule_no_room,
        Sort::Room => t::rule_room,
        Sort::Rooming => t::rule_rooming,
        Sort::Unwanted => t::rule_unwanted,
        Sort::Windows => t::rule_teacher_windows,
        Sort::Other => t::rule_other,
    }
}
