//! What the outcome leaves in the tray: each card with the requirements that collide or what closes its cells, what loosening would
//! help most, and the moves that would make room. What closes the cells the judge says at once; then the page's engine looks for moves, card
//! by card, and last for what cannot be met together, which takes longest. It can be stopped, and what is known stays. The first cards are
//! asked about unasked; in a large school the rest waits for a click, each by itself.

use base::{AppError, CardId, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::words::stays_by;
use study_core::compose::{Keep, Run};
use study_core::timetable::{BoardData, Seat, bars, words};
use timetable::compose::{Demand, Step, Way};
use timetable::{CardIx, Placement};

use super::api::compare;
use super::dialog::Watch;
use super::looking::{Line, Looked, Looking, Tray, Work};
use super::unmet::lesson;
use crate::engine::talk::Told;
use crate::t;
use crate::timetable::advice::price_words;

/// So many are named.
const NAMED: usize = 300;

/// The list; nothing where every card has a place.
#[component]
pub(super) fn Unplaced(watch: Watch, run: Run) -> impl IntoView {
    let lang = watch.lang;
    let this = Looking::new(watch);
    let error = RwSignal::new(None::<AppError>);
    let unplaced = run.best.map_or(0, |best| best.unplaced);
    let result = run.result;
    let (asked, keep) = (run.clone(), StoredValue::new(run.keep));
    // found here and brought since: the same places
    let here = watch
        .found
        .with_untracked(|found| found.as_ref().map(|f| f.places.clone()));
    if unplaced > 0 && (result.is_some() || here.is_some()) {
        spawn_local(async move {
            let seats = match (here, result) {
                (Some(places), _) => Ok(places),
                (None, Some(result)) => there(watch, result).await,
                (None, None) => return,
            };
            match seats {
                Ok(seats) => {
                    if let Some(first) = Tray::of(watch, &asked, &seats)
                        && this.tray.try_set(Some(first)).is_none()
                    {
                        this.explain().await;
                    }
                }
                Err(why) => {
                    let _ = error.try_set(Some(why));
                }
            }
        });
    }
    (unplaced > 0).then(|| view! {
        <section class="stack stack-s">
            <h3>{t::compose_stuck(lang)}<span class="count">{unplaced}</span></h3>
            <kit::ErrorBanner error/>
            {progress(this)}
            {move || this.tray.with(|now| match now {
                None => view! { <p class="muted small" aria-busy="true">{t::compose_stuck_looking(lang)}</p> }.into_any(),
                Some(now) => list(this, now, (result, keep)),
            })}
        </section>
    })
}

/// How far it is, for how long it has been going on, and the button that ends it; drawn anew only when it begins or ends.
fn progress(this: Looking) -> AnyView {
    let lang = this.watch.lang;
    let phase = Memo::new(move |_| match this.work.get() {
        Work::Looking(..) => None,
        other => Some(other),
    });
    let how_far = move || match this.work.get() {
        Work::Looking(Looked::All, done, all) => t::compose_stuck_proving(lang, all, done),
        Work::Looking(_, done, all) => t::compose_stuck_moving(lang, all, done),
        _ => String::new(),
    };
    let again = move |_| spawn_local(this.explain());
    let on = move || {
        match phase.get() {
        None => view! {
            <kit::Working words=t::compose_stuck_working(lang)/>
            <p class="small">{how_far}</p>
            <div><button class="btn btn-small" type="button" on:click=move |_| this.stop()>{t::compose_stuck_stop(lang)}</button></div>
        }
        .into_any(),
        Some(Work::Stopped) => view! {
            <p class="small muted" role="status">{t::compose_stuck_stopped(lang)}</p>
            <div><button class="btn btn-small" type="button" on:click=again>{t::compose_stuck_go_on(lang)}</button></div>
        }
        .into_any(),
        Some(Work::NoEngine) => view! { <p class="small muted" role="status">{t::compose_stuck_no_engine(lang)}</p> }.into_any(),
        Some(_) => ().into_any(),
    }
    };
    on.into_any()
}

/// Where the result's cards lie, by the source's cards.
async fn there(watch: Watch, result: VersionId) -> Result<Vec<(CardId, Option<Seat>)>, AppError> {
    let version = watch.data.with_value(|d| d.version.id);
    let moved = compare(version, result).await?;
    Ok(moved.into_iter().map(|d| (d.card, d.to)).collect())
}

fn list(this: Looking, tray: &Tray, (result, keep): (Option<VersionId>, StoredValue<Keep>)) -> AnyView {
    let watch = this.watch;
    let lang = watch.lang;
    let rest: usize = tray.lines.iter().skip(NAMED).map(|line| line.count).sum();
    let line = |line: &Line| {
        let name = lesson(lang, &tray.data, line.card);
        let name = match line.count {
            1 => name,
            count => format!("{name} × {count}"),
        };
        let link = result.zip(line.load).map(|(version, load)| {
            view! { <a href=format!("/timetable/{version}?load={load}") rel="external">{t::compose_stuck_open(lang)}</a> }
        });
        let card = line.card;
        let told = match &line.told {
            None if !line.asked => view! {
                <button class="btn btn-quiet btn-small" type="button" aria-label=t::compose_stuck_why_of(lang, &name)
                    on:click=move |_| this.ask_one(card)>{t::compose_stuck_why(lang)}</button>
            }
            .into_any(),
            None => view! { <small aria-busy="true">{t::compose_stuck_asking(lang)}</small> }.into_any(),
            Some(told) => keep.with_value(|keep| reasons(watch, tray, keep, told)),
        };
        // what else there is to find, while somebody looks for it
        let (card_asked, looked) = (line.asked && line.told.is_some(), line.looked);
        let more = move || {
            let looking = matches!(this.work.get(), Work::Looking(..));
            (card_asked && looking && looked < Looked::All)
                .then(|| view! { <small class="muted">{t::compose_stuck_asking(lang)}</small> })
        };
        view! { <li><b>{name}</b>{told}{more}{link}</li> }
    };
    view! {
        <ul class="tt-problems tt-stuck" tabindex="0" aria-label=t::compose_stuck(lang)>
            {tray.lines.iter().take(NAMED).map(line).collect_view()}
            {(rest > 0).then(|| view! { <li>{t::compose_impossible_more(lang, i64::try_from(rest).unwrap_or(i64::MAX))}</li> })}
        </ul>
    }
    .into_any()
}

/// Why, what would help, and what could be moved.
fn reasons(watch: Watch, tray: &Tray, keep: &Keep, told: &Told) -> AnyView {
    let (lang, data) = (watch.lang, &tray.data);
    let let_go = let_go(watch, tray, keep, told);
    let told = &told.stuck;
    let collides = told.collides.as_ref();
    let collides = collides
        .map(|c| view! { <div class="tt-collide">{super::collide::lines(lang, data, keep, c)}</div> });
    let why = match (&told.collides, &told.why) {
        (Some(_), _) => None,
        (None, Some(why)) => {
            let bars = why.bars.iter().map(|closed| bars::closed(lang, data, closed.bar));
            Some(t::compose_stuck_now(lang, bars.collect::<Vec<_>>().join("; ")))
        }
        (None, None) => Some(t::compose_stuck_free(lang).to_owned()),
    };
    let loosen = match (&told.collides, &told.why) {
        (None, Some(why)) => why.loosen.map(|closed| {
            t::advice_loosen(
                lang,
                i64::from(closed.opens),
                bars::closed(lang, data, closed.bar),
            )
        }),
        _ => None,
    };
    let ways = told
        .ways
        .first()
        .map(|way| view! { <small>{chain(watch, data, way)}</small> });
    view! {
        {collides}
        {why.map(|words| view! { <small>{words}</small> })}
        {loosen.map(|words| view! { <small>{words}</small> })}
        {let_go.map(|words| view! { <small>{words}</small> })}
        {ways}
    }
    .into_any()
}

/// «Или отпустите то, что велено оставить: день Вт. Тогда освободит место: …»: what was only asked to stay and is in the way.
fn let_go(watch: Watch, tray: &Tray, keep: &Keep, told: &Told) -> Option<String> {
    let (lang, data) = (watch.lang, &tray.data);
    let collides = told.stuck.collides.iter().flat_map(|c| &c.demands);
    let named = collides.filter_map(|demand| match demand {
        Demand::Kept(card) => Some(*card),
        _ => None,
    });
    // others of that way may move anyhow
    let asked = |card: &CardIx| tray.keep.get(card.ix()).copied().unwrap_or(false);
    let moved = told
        .released
        .iter()
        .flat_map(|way| &way.steps)
        .map(|step| step.card);
    let cards: Vec<CardIx> = named.chain(moved.filter(asked)).collect();
    let reasons = stays_by(lang, data, keep, &cards);
    if reasons.is_empty() {
        return None;
    }
    let words = t::compose_stuck_let_go(lang, reasons.join("; "));
    Some(match &told.released {
        Some(way) => format!("{words} {}", chain(watch, data, way)),
        None => words,
    })
}

/// «Освободит место: поставить Вт, 3 урок; Химия, 7А — Вт, 3 урок → Чт, 5 урок (хуже на 4)».
fn chain(watch: Watch, data: &BoardData, way: &Way) -> String {
    let lang = watch.lang;
    let place = |at: Placement| words::place(lang, data, at.day, at.slot);
    let from = |card: CardIx| {
        let at = data.cards.get(card.ix()).and_then(|c| c.place);
        at.map_or_else(|| t::advice_tray(lang).to_owned(), place)
    };
    let moved = |step: &Step| {
        t::advice_moves(
            lang,
            from(step.card),
            words::lesson(data, step.card),
            place(step.to),
        )
    };
    let Some((first, others)) = way.steps.split_first() else {
        return String::new();
    };
    let mut parts = vec![t::advice_do(lang, place(first.to))];
    parts.extend(others.iter().map(moved));
    t::compose_stuck_chain(lang, price_words(lang, way.price), parts.join("; "))
}
