//! What the outcome leaves in the tray: each card with the requirements that collide or what closes its cells, what loosening would
//! help most, and the moves that would make room. The page's engine finds it, card by card; without one the judge alone says why.

use base::{AppError, CardId, LoadId, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::{Keep, Run};
use study_core::timetable::{BoardData, Seat, bars, words};
use timetable::compose::{Step, Stuck, Way};
use timetable::{Board, BoardSpec, CardIx, Placement};

use super::api::compare;
use super::dialog::Watch;
use super::here::as_it_lies;
use super::unmet::lesson;
use crate::engine::talk::{Answer, Ask};
use crate::t;
use crate::timetable::advice::price_words;

/// So many lessons are explained; each takes a second at most.
const EXPLAINED: usize = 12;

/// A lesson without a place, and how many of it there are.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    card: CardIx,
    load: Option<LoadId>,
    count: usize,
    /// `None`: looked for.
    told: Option<Stuck>,
}

/// The result's board, and its cards without a place.
#[derive(Clone, Debug)]
struct Tray {
    data: BoardData,
    lines: Vec<Line>,
}

impl Tray {
    /// The board with the places of the result.
    fn of(watch: Watch, seats: &[(CardId, Option<Seat>)]) -> Option<(Self, BoardSpec)> {
        let mut spec = watch.spec.run(());
        watch.data.with_value(|d| {
            for (id, seat) in seats {
                let Some(card) = d.card_ix(*id).and_then(|card| spec.cards.get_mut(card.ix())) else {
                    continue;
                };
                card.placement = seat.and_then(|seat| {
                    Some(Placement {
                        day: u16::try_from(seat.day).ok()?,
                        slot: u16::try_from(seat.slot).ok()?,
                        room: seat.room.and_then(|room| d.room_ix(room)),
                    })
                });
            }
        });
        let data = watch.data.with_value(|d| as_it_lies(d, &spec));
        let board = Board::new(spec.clone()).ok()?;
        let mut lines: Vec<Line> = vec![];
        for card in board.unplaced() {
            let load = data.load_of(card).map(|load| load.id);
            match lines.iter_mut().find(|line| line.load == load) {
                Some(line) => line.count += 1,
                None => lines.push(Line {
                    card,
                    load,
                    count: 1,
                    told: None,
                }),
            }
        }
        Some((Self { data, lines }, spec))
    }
}

/// The list; nothing where every card has a place.
#[component]
pub(super) fn Unplaced(watch: Watch, run: Run) -> impl IntoView {
    let lang = watch.lang;
    let tray = RwSignal::new(None::<Tray>);
    let error = RwSignal::new(None::<AppError>);
    let unplaced = run.best.map_or(0, |best| best.unplaced);
    let result = run.result;
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
                Ok(seats) => explain(watch, tray, &seats).await,
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
            {move || tray.with(|tray| match tray {
                None => view! { <p class="muted small" aria-busy="true">{t::compose_stuck_looking(lang)}</p> }.into_any(),
                Some(tray) => list(watch, tray, result),
            })}
        </section>
    })
}

/// Where the result's cards lie, by the source's cards.
async fn there(watch: Watch, result: VersionId) -> Result<Vec<(CardId, Option<Seat>)>, AppError> {
    let version = watch.data.with_value(|d| d.version.id);
    let moved = compare(version, result).await?;
    Ok(moved.into_iter().map(|d| (d.card, d.to)).collect())
}

/// Asks about one lesson after the other and shows each answer as it comes.
async fn explain(watch: Watch, tray: RwSignal<Option<Tray>>, seats: &[(CardId, Option<Seat>)]) {
    let Some((first, spec)) = Tray::of(watch, seats) else {
        return;
    };
    let cards: Vec<CardIx> = first.lines.iter().take(EXPLAINED).map(|line| line.card).collect();
    if tray.try_set(Some(first)).is_some() {
        return;
    }
    let board = Board::new(spec.clone()).ok();
    let mut engine = watch.engine.ask(&Ask::Board(Box::new(spec))).await.is_some();
    for card in cards {
        let answer = if engine {
            watch.engine.ask(&Ask::Stuck { card }).await
        } else {
            None
        };
        let told = match answer {
            Some(Answer::Stuck(told)) => *told,
            // no engine here: the judge says what closes its cells
            _ => {
                engine = false;
                Stuck {
                    card,
                    collides: None,
                    why: board.as_ref().and_then(|board| board.why_nowhere(card)),
                    ways: vec![],
                }
            }
        };
        let shown = tray.try_update(|tray| {
            let lines = tray.iter_mut().flat_map(|tray| &mut tray.lines);
            lines
                .filter(|line| line.card == card)
                .for_each(|line| line.told = Some(told.clone()));
        });
        if shown.is_none() {
            return;
        }
    }
}

fn list(watch: Watch, tray: &Tray, result: Option<VersionId>) -> AnyView {
    let lang = watch.lang;
    let rest: usize = tray.lines.iter().skip(EXPLAINED).map(|line| line.count).sum();
    let line = |line: &Line| {
        let name = lesson(lang, &tray.data, line.card);
        let name = match line.count {
            1 => name,
            count => format!("{name} × {count}"),
        };
        let link = result.zip(line.load).map(|(version, load)| {
            view! { <a href=format!("/timetable/{version}?load={load}") rel="external">{t::compose_stuck_open(lang)}</a> }
        });
        let told = match &line.told {
            None => view! { <small aria-busy="true">{t::compose_stuck_asking(lang)}</small> }.into_any(),
            Some(told) => reasons(watch, &tray.data, told),
        };
        view! { <li><b>{name}</b>{told}{link}</li> }
    };
    view! {
        <ul class="tt-problems tt-stuck" tabindex="0" aria-label=t::compose_stuck(lang)>
            {tray.lines.iter().take(EXPLAINED).map(line).collect_view()}
            {(rest > 0).then(|| view! { <li>{t::compose_impossible_more(lang, i64::try_from(rest).unwrap_or(i64::MAX))}</li> })}
        </ul>
    }
    .into_any()
}

/// Why, what would help, and what could be moved.
fn reasons(watch: Watch, data: &BoardData, told: &Stuck) -> AnyView {
    let lang = watch.lang;
    let collides = told.collides.as_ref();
    let collides = collides.map(
        |c| view! { <div class="tt-collide">{super::collide::lines(lang, data, &Keep::default(), c)}</div> },
    );
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
        {ways}
    }
    .into_any()
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
