//! What lies behind a figure of the totals: formula, rule and act, the marks with weights and who gave them, who changed the
//! mark of the column; for a column its counts.

use base::{AppError, Lang};
use classbook_core::grading::totals::{Behind, Column, Giver, Stage, Suggestion, Totals};
use classbook_core::grading::{Indicators, YearProposal};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desk::{Desk, Opened};
use super::topic_form::TopicForm;
use super::totals_page::{column_name, focus_later};
use super::{api, explain};
use crate::t;

/// Opens the panel once it is in the document: the router builds a page before it shows it, and a dialog that is nowhere yet
/// cannot open.
fn show_once_there(dialog: NodeRef<html::Dialog>, desk: Desk) {
    let wanted = desk.open.try_with_untracked(Option::is_some) == Some(true);
    // closed meanwhile, or the page has gone
    let Some(element) = dialog.try_get_untracked().flatten().filter(|_| wanted) else {
        return;
    };
    if element.is_connected() {
        if !element.open() {
            let _ = element.show_modal();
        }
    } else {
        request_animation_frame(move || show_once_there(dialog, desk));
    }
}

/// The panel: from the side on wide screens, from below on phones.
#[component]
pub fn FigureSheet(
    /// The sheet.
    desk: Desk,
) -> impl IntoView {
    let lang = desk.lang;
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let open = desk.open.with(Option::is_some);
        if let Some(element) = dialog.get() {
            if open && !element.open() {
                show_once_there(dialog, desk);
            } else if !open && element.open() {
                element.close();
            }
        }
    });
    let closed = move |_| {
        desk.open.set(None);
        focus_later(desk);
    };
    let body = move || {
        desk.open.get().and_then(|opened| {
            let (Opened::Figure(_, stage) | Opened::Column(stage)) = opened;
            let column = desk.totals.with_untracked(|t| t.columns.iter().find(|c| c.stage == stage).cloned())?;
            let name = column_name(&column, lang);
            let (title, body) = match opened {
                Opened::Figure(row, _) => {
                    let pupil = desk.totals.with_untracked(|t| t.pupils.get(row).map(|p| p.name.clone()))?;
                    (format!("{pupil}, {name}"), figure(desk.totals, row, column, lang))
                }
                Opened::Column(_) => (t::totals_indicators_of(lang, name), counts(desk, &column)),
            };
            Some(view! {
                <div class="sheet-head">
                    <h2 id="tm-sheet-title">{title}</h2>
                    <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| desk.open.set(None)>
                        <kit::Icon name="cross"/>
                    </button>
                </div>
                <div class="sheet-body stack">{body}</div>
            })
        })
    };
    view! { <dialog class="sheet" node_ref=dialog aria-labelledby="tm-sheet-title" on:close=closed>{body}</dialog> }
}

/// How a half-year or a year is counted from its periods.
fn of_year(made: &YearProposal, totals: &Totals, column: &Column, lang: Lang) -> Vec<String> {
    let terms = totals.terms(column);
    let mut said = vec![];
    match (made.average, &made.code) {
        (Some(average), Some(code)) => {
            said.push(t::totals_year_formula(
                lang,
                explain::fixed(average, lang),
                made.count,
                explain::number(made.sum, lang),
            ));
            said.push(t::totals_year_rounded(
                lang,
                code,
                explain::fixed(terms.year_up, lang),
            ));
        }
        _ => said.push(t::totals_year_nothing(lang).to_owned()),
    }
    if made.missing > 0 {
        said.push(t::totals_year_missing(lang, made.missing));
    }
    if made.valueless > 0 {
        said.push(t::totals_year_valueless(lang, made.valueless));
    }
    // what interim attestation is to the mark of the year
    let has_interim = totals.columns.iter().any(|c| c.stage == Stage::Interim);
    if column.stage == Stage::Year && has_interim {
        let says = explain::interim(terms.interim, lang);
        said.push(format!("{}: {says}", t::totals_interim(lang)));
    }
    said
}

/// What lies behind the mark of a column for the one pupil of these totals.
pub fn behind(totals: Totals, column: Column, lang: Lang) -> AnyView {
    figure(RwSignal::new(totals), 0, column, lang)
}

/// What lies behind the mark of a column for the pupil in a row of a sheet.
pub(super) fn figure(totals: RwSignal<Totals>, row: usize, column: Column, lang: Lang) -> AnyView {
    let stage = column.stage;
    let (load, pupil) = totals.with_untracked(|t| (t.load, t.pupils.get(row).map(|p| p.id)));
    let Some(pupil) = pupil else { return ().into_any() };
    let (terms, given, made) = totals.with_untracked(|t| {
        (
            t.terms(&column),
            t.given(pupil, stage).cloned(),
            t.suggest(row, &column),
        )
    });
    let said = totals.with_untracked(|t| match &made {
        Suggestion::Marks(p) => explain::proposal(p, &terms, lang),
        Suggestion::Totals(p) => of_year(p, t, &column, lang),
        Suggestion::Exempt(_) => vec![t::totals_is_exempt(lang).to_owned()],
        Suggestion::Nothing => vec![t::totals_no_proposal(lang).to_owned()],
    });
    let behind = RwSignal::new(None::<Result<Behind, AppError>>);
    Effect::new(move || {
        spawn_local(async move {
            let found = api::behind(load, pupil, stage).await;
            let _ = behind.try_set(Some(found));
        });
    });
    let mark = given.as_ref().and_then(|g| g.code.clone());
    let reason = given.and_then(|g| g.reason);
    let shown = (made.average(), made.code().map(str::to_owned));
    let of_marks = matches!(made, Suggestion::Marks(_));
    let borders = totals.with_untracked(|t| of_marks.then(|| explain::borders(&terms, &t.scale, lang)));
    let body = {
        let (terms, column) = (terms.clone(), column.clone());
        move || {
            match behind.get() {
            None => view! { <div aria-busy="true"><div class="skeleton skeleton-line" aria-hidden="true"></div></div> }.into_any(),
            Some(Err(error)) => view! { <div class="banner banner-error" role="alert"><p>{error.message(lang)}</p></div> }.into_any(),
            Some(Ok(found)) => {
                // marks given since the sheet was opened count here already
                let counted: Vec<_> = found.rows.iter().map(|r| (r.value, r.weight)).collect();
                let now = totals.with_untracked(|t| Some(t.attest(t.pupils.get(row)?, &column, &counted)));
                let now = now.filter(|now| of_marks && (now.average, now.code.clone()) != shown);
                let newer = now.map(|now| {
                    let lines = explain::proposal(&now, &terms, lang).join(". ");
                    view! { <div class="banner banner-info"><p>{t::totals_newer(lang, lines)}</p></div> }
                });
                let parts = totals.with_untracked(|t| parts(t, pupil, stage, &found.givers, lang));
                view! { {newer}{of_marks.then(|| rows(&found, lang))}{parts}{works(&found, lang)}{history(&found, lang)} }.into_any()
            }
        }
        }
    };
    view! {
        <dl class="facts">
            <dt>{t::totals_mark(lang)}</dt><dd>{mark.unwrap_or_else(|| t::journal_empty_cell(lang).to_owned())}</dd>
            {reason.map(|r| view! { <dt>{t::totals_reason(lang)}</dt><dd>{r}</dd> })}
            <dt>{t::totals_how(lang)}</dt><dd>{said.into_iter().map(|s| view! { <p>{s}</p> }).collect_view()}</dd>
            {borders.map(|borders| view! { <dt>{t::grading_thresholds(lang)}</dt><dd>{borders}</dd> })}
            <dt>{t::grading_act(lang)}</dt><dd>{explain::act(&terms, lang)}</dd>
        </dl>
        {matches!(stage, Stage::Coursework(_)).then(|| view! { <TopicForm totals pupil column=column.clone()/> })}
        {body}
    }
    .into_any()
}

fn rows(found: &Behind, lang: Lang) -> AnyView {
    if found.rows.is_empty() {
        return view! { <p class="muted">{t::grading_no_marks(lang)}</p> }.into_any();
    }
    let line = |r: &classbook_core::grading::totals::BehindRow| {
        let weight = if r.value.is_some() && r.weight.0 > 0 {
            explain::number(r.weight, lang)
        } else {
            t::diary_not_counted(lang).to_owned()
        };
        let who = format!(
            "{}, {}, {}",
            r.by,
            kit::date::day_month(r.at.date(), lang),
            kit::date::clock(r.at.time())
        );
        let changed = r.corrected.then(|| format!(" ({})", t::diary_corrected(lang)));
        view! {
            <tr><td class="nowrap">{kit::date::day_month_short(r.date, lang)}</td><td>{r.work.clone()}<br/><small class="muted">{who}{changed}</small></td>
                <td class="num"><b>{r.code.clone()}</b></td><td class="num">{weight}</td></tr>
        }
    };
    view! {
        <h3 id="tm-rows">{t::totals_rows(lang)}</h3>
        <div class="table-wrap" tabindex="0" role="region" aria-labelledby="tm-rows">
            <table class="table tm-rows"><thead><tr><th scope="col">{t::totals_row_day(lang)}</th><th scope="col">{t::totals_row_work(lang)}</th>
                <th scope="col" class="num">{t::totals_mark(lang)}</th><th scope="col" class="num">{t::diary_weight(lang)}</th></tr></thead>
                <tbody>{found.rows.iter().map(line).collect_view()}</tbody></table>
        </div>
    }
    .into_any()
}

/// A table of names, marks, and who gave them.
fn given_rows(
    id: &'static str,
    heading: &'static str,
    rows: Vec<(String, String, String)>,
    lang: Lang,
) -> AnyView {
    let line = |(name, code, who): (String, String, String)| {
        view! { <tr><th scope="row">{name}</th><td class="num"><b>{code}</b></td><td><small>{who}</small></td></tr> }
    };
    view! {
        <h3 id=id>{heading}</h3>
        <div class="table-wrap" tabindex="0" role="region" aria-labelledby=id>
            <table class="table"><thead><tr><th scope="col">{t::totals_row_name(lang)}</th><th scope="col">{t::totals_mark(lang)}</th>
                <th scope="col">{t::totals_row_who(lang)}</th></tr></thead>
                <tbody>{rows.into_iter().map(line).collect_view()}</tbody></table>
        </div>
    }
    .into_any()
}

fn who_gave(givers: &[Giver], pupil: base::PupilId, stage: Stage, lang: Lang) -> String {
    let found = givers.iter().find(|g| (g.pupil, g.stage) == (pupil, stage));
    let said = |g: &Giver| {
        let at = (
            kit::date::day_month(g.at.date(), lang),
            kit::date::clock(g.at.time()),
        );
        format!("{}, {}, {}", g.by, at.0, at.1)
    };
    found.map(said).unwrap_or_default()
}

/// The quarters of a year, the year and the exam of a final mark: each with its mark and who gave it.
fn parts(
    totals: &Totals,
    pupil: base::PupilId,
    stage: Stage,
    givers: &[Giver],
    lang: Lang,
) -> Option<AnyView> {
    let column = totals.columns.iter().find(|c| c.stage == stage)?;
    let pupil = totals.pupils.iter().find(|p| p.id == pupil)?;
    let rows: Vec<_> = totals
        .parts(pupil, column)
        .into_iter()
        .map(|(part, code)| {
            let code = code.unwrap_or(t::journal_empty_cell(lang)).to_owned();
            (
                column_name(part, lang),
                code,
                who_gave(givers, pupil.id, part.stage, lang),
            )
        })
        .collect();
    (!rows.is_empty()).then(|| given_rows("tm-parts", t::totals_rows(lang), rows, lang))
}

/// How the works were changed that the marks were given for.
fn works(found: &Behind, lang: Lang) -> AnyView {
    past(&found.works, t::totals_works(lang), lang)
}

fn history(found: &Behind, lang: Lang) -> AnyView {
    past(&found.history, t::totals_history(lang), lang)
}

fn past(all: &[classbook_core::journal::cell::Past], heading: &'static str, lang: Lang) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let line = |p: &classbook_core::journal::cell::Past| {
        let nothing = || t::journal_empty_cell(lang).to_owned();
        let now = p.new.clone().unwrap_or_else(nothing);
        // a work that came or went is told in one sentence
        let change = if p.old == p.new {
            now
        } else {
            format!("{} → {now}", p.old.clone().unwrap_or_else(nothing))
        };
        let who = format!(
            "{}, {}, {}",
            p.by,
            kit::date::day_month(p.at.date(), lang),
            kit::date::clock(p.at.time())
        );
        view! { <li><b>{change}</b>" "<small class="muted">{who}</small>{p.comment.clone().map(|c| view! { <p class="small">{c}</p> })}</li> }
    };
    view! {
        <h3>{heading}</h3>
        <ul class="stack stack-s">{all.iter().map(line).collect_view()}</ul>
    }
    .into_any()
}

/// The counts and formulas of a column.
fn counts(desk: Desk, column: &Column) -> AnyView {
    let lang = desk.lang;
    let i: Indicators = desk.totals.with_untracked(|t| t.indicators(column));
    let n = i.n();
    let line = |name: &'static str, formula: String, figure: Option<base::number::Hundredths>| {
        figure
            .map(|f| view! { <dt>{name}</dt><dd><p>{formula}" = "<b>{explain::fixed(f, lang)}</b></p></dd> })
    };
    let good = i.five + i.four;
    let passed = good + i.three;
    let sum = format!(
        "(100·{} + 64·{} + 36·{} + 16·{} + 7·{}) : {n}",
        i.five, i.four, i.three, i.two, i.not_attested
    );
    let exam_note = matches!(column.stage, Stage::Period(_))
        .then(|| view! { <p class="small muted">{t::totals_left_out(lang)}</p> });
    view! {
        <dl class="facts">
            {line(t::totals_progress(lang), format!("{passed} · 100 : {n}"), i.progress())}
            {line(t::totals_quality(lang), format!("{good} · 100 : {n}"), i.quality())}
            {line(t::totals_learnedness(lang), sum, i.learnedness())}
            <dt>"5"</dt><dd>{i.five}</dd><dt>"4"</dt><dd>{i.four}</dd><dt>"3"</dt><dd>{i.three}</dd><dt>"2"</dt><dd>{i.two}</dd>
            <dt>{t::totals_not_attested(lang)}</dt><dd>{i.not_attested}</dd>
            <dt>{t::totals_exempt(lang)}</dt><dd>{i.exempt}</dd>
            <dt>{t::totals_outside(lang)}</dt><dd>{i.outside}</dd>
            <dt>{t::totals_counted(lang)}</dt><dd>{n}</dd>
        </dl>
        <p class="small muted">{t::totals_definition(lang)}</p>
        {exam_note}
        {counted(desk, column)}
    }
    .into_any()
}

/// The pupils that the figures of a column count, each with the mark and who gave it; the rule of the column and its act.
fn counted(desk: Desk, column: &Column) -> AnyView {
    let lang = desk.lang;
    let (load, stage) = (desk.totals.with_untracked(|t| t.load), column.stage);
    let act = desk
        .totals
        .with_untracked(|t| explain::act(&t.terms(column), lang));
    let named: Vec<(base::PupilId, String, String)> = desk.totals.with_untracked(|t| {
        let all = t.counted_pupils(column).into_iter();
        all.map(|c| {
            let code = match c.code {
                Some(code) => code.to_owned(),
                None if c.exempt => t::totals_exempt_one(lang).to_owned(),
                None => t::journal_empty_cell(lang).to_owned(),
            };
            (c.pupil.id, c.pupil.name.clone(), code)
        })
        .collect()
    });
    let givers = RwSignal::new(Vec::<Giver>::new());
    let error = RwSignal::new(None::<AppError>);
    Effect::new(move || {
        spawn_local(async move {
            match api::givers(load, stage).await {
                Ok(found) => drop(givers.try_set(found)),
                Err(failed) => drop(error.try_set(Some(failed))),
            }
        });
    });
    let table = move || {
        let givers = givers.get();
        let rows = named
            .iter()
            .map(|(id, name, code)| (name.clone(), code.clone(), who_gave(&givers, *id, stage, lang)));
        given_rows("tm-named", t::totals_counted_pupils(lang), rows.collect(), lang)
    };
    view! {
        <dl class="facts"><dt>{t::grading_act(lang)}</dt><dd>{act}</dd></dl>
        <kit::ErrorBanner error/>
        {table}
    }
    .into_any()
}
