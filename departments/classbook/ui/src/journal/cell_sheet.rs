//! What hangs on a cell: its pupil and lesson, the comment, who changed it.

use base::{AppError, Lang};
use chrono::NaiveDate;
use classbook_core::journal::cell::{Change, Past, Place};
use classbook_core::journal::grid::{Grid, OUTSIDE};
use classbook_core::owed::Owed;
use kit::date;
use kit::grid::Spot;
use kit::outbox::Standing;
use leptos::html;
use leptos::prelude::*;

use super::api;
use super::beside::{Draft, Outcome, Unsaved, Way, takes_keys};
use super::desk::{DeskRef, Open, Signals};
use super::dot;
use crate::t;

/// What the panel shows of a cell.
#[derive(Clone, Debug)]
struct About {
    pupil: String,
    lesson: String,
    mark: Option<Place>,
    attendance: Option<Place>,
    value: String,
    comment: String,
    code: Option<String>,
    owed: Option<Owed>,
    day: NaiveDate,
    today: NaiveDate,
    may_edit: bool,
    may_see_history: bool,
    /// The period is summed up: there is a panel for what it comes to.
    summed_up: bool,
    /// What is known of the pupil on that day, beside the journal.
    known: Vec<String>,
}

/// What papers say of a pupil on a day: a reason of absence, an exemption from the subject.
fn known(grid: &Grid, row: usize, day: NaiveDate, lang: Lang) -> Vec<String> {
    let Some(pupil) = grid.pupils.get(row) else {
        return vec![];
    };
    let mut said = vec![];
    if let Some(spell) = grid.exempt.iter().find(|s| s.on(pupil.id, day)) {
        let until = date::day_month(spell.to, lang);
        said.push(if spell.attends {
            t::journal_exempt_attends(lang, until)
        } else {
            t::journal_exempt_until(lang, until)
        });
    }
    if let Some(hint) = grid.hint(pupil.id, day) {
        let span = date::span(hint.from, hint.to, lang);
        said.push(if hint.told {
            t::journal_told_known(lang, span)
        } else {
            t::journal_reason_known(lang, &hint.code, span, &hint.title)
        });
    }
    said
}

/// The address of what lies behind the average of a pupil: the totals, opened at the period.
#[must_use]
pub fn origin(grid: &Grid, row: usize) -> Option<String> {
    // what lies in no period is summed up nowhere
    let period = grid.period.filter(|p| *p != OUTSIDE)?;
    let pupil = grid.pupils.get(row)?.id;
    Some(format!(
        "/journal/{}/totals?pupil={pupil}&period={period}",
        grid.load
    ))
}

fn about(desk: DeskRef, spot: Spot, lang: Lang) -> Option<About> {
    desk.run(|d| {
        let sheet = d.sheet();
        let grid = sheet.grid();
        let c = sheet.columns().get(spot.column)?;
        let lesson = grid.lessons.get(c.lesson)?;
        let mark = sheet.mark_place(spot.row, spot.column);
        let (code, comment) = mark.map(|p| sheet.now(p)).unwrap_or_default();
        Some(About {
            pupil: grid.pupils.get(spot.row)?.name.clone(),
            lesson: format!(
                "{}, {}",
                date::day_month(lesson.date, lang),
                date::weekday(lesson.date, lang)
            ),
            mark,
            attendance: sheet.attendance_place(spot.row, spot.column),
            value: sheet.text(spot.row, spot.column),
            comment: comment.unwrap_or_default(),
            code,
            owed: mark.and_then(|p| sheet.owed(p)),
            day: lesson.date,
            today: grid.today,
            may_edit: sheet.open(spot.row, spot.column).is_ok(),
            may_see_history: grid.may_see_history,
            summed_up: sheet.result(spot.row).is_some(),
            known: known(grid, spot.row, lesson.date, lang),
        })
    })
    .flatten()
}

/// The panel of a cell: from the side on wide screens, from below on phones.
#[component]
pub fn CellSheet(
    /// The desk.
    desk: DeskRef,
    /// Its signals.
    signals: Signals,
    /// How the outbox stands.
    standing: RwSignal<Standing>,
) -> impl IntoView {
    let lang = kit::lang();
    let dialog = NodeRef::<html::Dialog>::new();
    let spot = Memo::new(move |_| match signals.open.get() {
        Some(Open::Cell(spot)) => Some((spot.row, spot.column)),
        _ => None,
    });
    let draft = Draft::new();
    let open = Signal::derive(move || spot.get().is_some());
    let way = Way::new(dialog, open, draft, desk, signals);
    let find = move |(row, column)| {
        draft.done();
        let about = about(desk, Spot { row, column }, lang)?;
        if let Some(place) = about.mark {
            desk.run(|d| d.stand_on(place));
        }
        Some(about)
    };
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="cell-title" on:keydown=move |e| way.key(&e) on:cancel=move |e| way.cancel(&e) on:close=move |_| way.closed()>
            {move || spot.get().and_then(find).map(|about| {
                view! {
                    <div class="sheet-head">
                        <h2 id="cell-title">{about.pupil.clone()}</h2>
                        <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| way.leave()>
                            <kit::Icon name="cross"/>
                        </button>
                    </div>
                    <Body about desk signals way draft standing lang/>
                }
            })}
        </dialog>
    }
}

#[component]
fn Body(
    about: About,
    desk: DeskRef,
    signals: Signals,
    way: Way,
    draft: Draft,
    standing: RwSignal<Standing>,
    lang: Lang,
) -> impl IntoView {
    let text = RwSignal::new(about.comment.clone());
    let dot = dot::Fields::of(about.owed, about.code.is_some());
    let asked = match about.mark {
        Some(Place::Mark {
            assignment: Some(assignment),
            pupil,
            ..
        }) => Some((pupil, assignment)),
        _ => None,
    };
    let (mark, code) = (about.mark, about.code.clone());
    let given = code.is_some();
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        if let Some(Place::Mark {
            lesson,
            assignment,
            pupil,
        }) = mark
        {
            let change = Change::Mark {
                lesson,
                assignment,
                pupil,
                code: code.clone(),
                comment: Some(text.get().trim().to_owned()),
                owed: dot.wish(),
            };
            desk.run(|d| d.make_beside(change));
            draft.done();
        }
    };
    let result = move |_| {
        if draft.may_go() {
            signals.open.update(|open| {
                if let Some(Open::Cell(spot)) = *open {
                    *open = Some(Open::Result(spot.row));
                }
            });
        }
    };
    view! {
        <div class="sheet-body">
            <dl class="facts">
                <dt>{t::journal_lesson(lang)}</dt><dd>{about.lesson}</dd>
                <dt>{t::journal_value(lang)}</dt>
                <dd>{if about.value.is_empty() { t::journal_empty_cell(lang).to_owned() } else { about.value }}</dd>
            </dl>
            {about.known.into_iter().map(|said| view! { <p class="muted small">{said}</p> }).collect_view()}
            {about.summed_up.then(|| view! {
                <p><button class="btn btn-small" type="button" on:click=result>{t::journal_result_open(lang)}</button></p>
            })}
            {about.may_edit.then(|| view! {
                <form class="stack stack-s" on:submit=save>
                    {dot.view(about.day, about.today, draft, lang)}
                    <div class="field">
                        <label for="cell-comment">{t::journal_comment(lang)}</label>
                        <textarea id="cell-comment" rows="3" maxlength="1000" autofocus=takes_keys() prop:value=text
                            on:input=move |e| { text.set(event_target_value(&e)); draft.dirty.set(true); }></textarea>
                        <p class="field-hint">{t::journal_comment_hint(lang)}</p>
                    </div>
                    <button class="btn btn-primary" type="submit">{t::journal_save(lang)}</button>
                    <Unsaved draft way/>
                    <Outcome desk signals standing/>
                </form>
            })}
            {about.owed.filter(|_| !about.may_edit).map(|owed| view! { <p>{dot::said(owed, about.today, lang)}</p> })}
            {(!about.may_edit && !about.comment.is_empty()).then(|| view! { <p>{about.comment.clone()}</p> })}
            {asked.filter(|_| given).map(|(pupil, assignment)| view! { <super::looked::LookedAt pupil assignment/> })}
            {asked.map(|(pupil, assignment)| view! { <crate::dispute::BesideMark pupil assignment/> })}
            {about.may_see_history.then(|| view! { <History places=[about.mark, about.attendance].into_iter().flatten().collect() desk signals/> })}
        </div>
    }
}

/// Who changed what, the latest first.
#[component]
pub fn History(
    /// Of which places.
    places: Vec<Place>,
    /// The desk, and its signals: what the open sheet has saved stands there at once.
    desk: DeskRef,
    /// The signals of the desk.
    signals: Signals,
) -> impl IntoView {
    let lang = kit::lang();
    let saved = Memo::new(move |_| {
        signals.changed.track();
        desk.run(|d| d.saved_in_sheet()).unwrap_or_default()
    });
    let data = LocalResource::new(move || {
        // read and not only tracked: a memo that nobody reads never learns what it depends on
        let _ = saved.get();
        let places = places.clone();
        async move {
            let mut all: Vec<Past> = vec![];
            for place in places {
                all.extend(api::history(place).await?);
            }
            all.sort_by_key(|p| std::cmp::Reverse(p.at));
            Ok::<_, AppError>(all)
        }
    });
    view! {
        <section class="stack stack-s">
            <h3>{t::journal_history(lang)}</h3>
            <Suspense fallback=|| view! { <div class="skeleton skeleton-line"></div> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(past) if past.is_empty() => view! { <p class="muted">{t::journal_history_none(lang)}</p> }.into_any(),
                        Ok(past) => view! { <ul class="history">{past.iter().map(|p| entry(p, lang)).collect_view()}</ul> }.into_any(),
                        Err(error) => view! { <p class="muted">{error.message(lang)}</p> }.into_any(),
                    }
                })}
            </Suspense>
        </section>
    }
}

fn entry(p: &Past, lang: Lang) -> impl IntoView + use<> {
    let value = |v: &Option<String>| {
        v.clone()
            .unwrap_or_else(|| t::journal_empty_cell(lang).to_owned())
    };
    let change = if p.old == p.new {
        value(&p.new)
    } else {
        format!("{} → {}", value(&p.old), value(&p.new))
    };
    let comment = p.comment.as_ref().map(|c| {
        if c.is_empty() {
            t::journal_comment_gone(lang).to_owned()
        } else {
            format!("«{c}»")
        }
    });
    view! {
        <li>
            <b>{change}</b>
            <span>{p.by.clone()} <br/> <small>{date::day_month(p.at.date(), lang)} ", " {date::clock(p.at.time())}</small></span>
            {comment.map(|c| view! { <small class="muted">{c}</small> })}
        </li>
    }
}
