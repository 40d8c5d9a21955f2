//! What the outcome leaves in the tray: each card with the requirements that collide or what closes its cells, what loosening would
//! help most, and the moves that would make room. The page's engine finds it, card by card; without one the judge alone says why. The
//! first ones unasked; in a large school the rest waits for a click, each by itself.

use base::{AppError, CardId, LoadId, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::words::stays_by;
use study_core::compose::{Keep, Run};
use study_core::timetable::board::CardRow;
use study_core::timetable::{BoardData, Seat, bars, words};
use timetable::compose::{Demand, Step, Stuck, Way};
use timetable::{Board, BoardSpec, CardIx, Placement};

use super::api::compare;
use super::dialog::Watch;
use super::here::as_it_lies;
use super::unmet::lesson;
use crate::engine::talk::{Answer, Ask, Told};
use crate::t;
use crate::timetable::advice::price_words;

/// So many lessons are explained unasked; each takes a second at most.
const EXPLAINED: usize = 12;
/// So many are named.
const NAMED: usize = 300;

/// A lesson without a place, and how many of it there are.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    card: CardIx,
    load: Option<LoadId>,
    count: usize,
    /// It is looked for, or has been; the others wait for a click.
    asked: bool,
    /// `None`: not known yet.
    told: Option<Told>,
}

/// Cards without a place by their loads: the first ones are asked about.
fn lines(unplaced: impl Iterator<Item = (CardIx, Option<LoadId>)>) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![];
    for (card, load) in unplaced {
        match lines.iter_mut().find(|line| line.load == load) {
            Some(line) => line.count += 1,
            None => lines.push(Line {
                card,
                load,
                count: 1,
                asked: lines.len() < EXPLAINED,
                told: None,
            }),
        }
    }
    lines
}

/// The result's board, and its cards without a place.
#[derive(Clone, Debug)]
struct Tray {
    /// The result; its places are those of `spec`.
    data: BoardData,
    spec: BoardSpec,
    /// By card: it was asked to stay, and it does.
    keep: Vec<bool>,
    lines: Vec<Line>,
}

impl Tray {
    /// The board with the places of the result, judged as the search has judged it.
    fn of(watch: Watch, run: &Run, seats: &[(CardId, Option<Seat>)]) -> Option<Self> {
        let (source, mut spec) = watch.wished(&run.wishes);
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
        let data = as_it_lies(&source, &spec);
        let time = |card: &CardRow| card.place.map(|at| (at.day, at.slot));
        // what has come to lie on a day that was to stay was not asked to, and may leave it
        let places = source.cards.iter().zip(&data.cards);
        let keep = run.keep.of(&source).into_iter().zip(places);
        let keep = keep
            .map(|(keep, (was, is))| keep && time(was) == time(is))
            .collect();
        let board = Board::new(spec.clone()).ok()?;
        let unplaced = board.unplaced().into_iter();
        let lines = lines(unplaced.map(|card| (card, data.load_of(card).map(|load| load.id))));
        Some(Self {
            data,
            spec,
            keep,
            lines,
        })
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
                Ok(seats) => explain(watch, &asked, tray, &seats).await,
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
            {move || tray.with(|now| match now {
                None => view! { <p class="muted small" aria-busy="true">{t::compose_stuck_looking(lang)}</p> }.into_any(),
                Some(now) => list(watch, tray, now, (result, keep)),
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
async fn explain(watch: Watch, run: &Run, tray: RwSignal<Option<Tray>>, seats: &[(CardId, Option<Seat>)]) {
    let Some(first) = Tray::of(watch, run, seats) else {
        return;
    };
    let asked = first.lines.iter().filter(|line| line.asked);
    let cards: Vec<CardIx> = asked.map(|line| line.card).collect();
    let (spec, keep) = (first.spec.clone(), first.keep.clone());
    if tray.try_set(Some(first)).is_some() {
        return;
    }
    let mut engine = watch.engine.ask(&Ask::Board(Box::new(spec))).await.is_some();
    for card in cards {
        let answer = if engine {
            let keep = keep.clone();
            watch.engine.ask(&Ask::Stuck { card, keep }).await
        } else {
            None
        };
        engine = matches!(answer, Some(Answer::Stuck(_)));
        if !show(tray, card, answer) {
            return;
        }
    }
}

/// Asks about one more lesson, which nobody has asked about yet.
async fn explain_one(watch: Watch, tray: RwSignal<Option<Tray>>, card: CardIx) {
    let marked = tray.try_update(|tray| {
        let tray = tray.as_mut()?;
        let line = tray
            .lines
            .iter_mut()
            .find(|line| line.card == card && !line.asked)?;
        line.asked = true;
        Some((tray.spec.clone(), tray.keep.clone()))
    });
    let Some((spec, keep)) = marked.flatten() else {
        return;
    };
    let ask = Ask::Stuck { card, keep };
    let mut answer = watch.engine.ask(&ask).await;
    // an engine that was begun anew meanwhile does not know the board
    if matches!(answer, Some(Answer::Nothing))
        && watch.engine.ask(&Ask::Board(Box::new(spec))).await.is_some()
    {
        answer = watch.engine.ask(&ask).await;
    }
    show(tray, card, answer);
}

/// Shows what was answered about a lesson; without an engine the judge says what closes its cells. False: the page has gone.
fn show(tray: RwSignal<Option<Tray>>, card: CardIx, answer: Option<Answer>) -> bool {
    let shown = tray.try_update(|tray| {
        let Some(tray) = tray else { return };
        let told = match answer {
            Some(Answer::Stuck(told)) => *told,
            _ => Told {
                stuck: Stuck {
                    card,
                    collides: None,
                    why: Board::new(tray.spec.clone())
                        .ok()
                        .and_then(|board| board.why_nowhere(card)),
                    ways: vec![],
                },
                released: None,
            },
        };
        let mine = tray.lines.iter_mut().filter(|line| line.card == card);
        mine.for_each(|line| line.told = Some(told.clone()));
    });
    shown.is_some()
}

fn list(
    watch: Watch,
    all: RwSignal<Option<Tray>>,
    tray: &Tray,
    (result, keep): (Option<VersionId>, StoredValue<Keep>),
) -> AnyView {
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
                    on:click=move |_| spawn_local(explain_one(watch, all, card))>{t::compose_stuck_why(lang)}</button>
            }
            .into_any(),
            None => view! { <small aria-busy="true">{t::compose_stuck_asking(lang)}</small> }.into_any(),
            Some(told) => keep.with_value(|keep| reasons(watch, tray, keep, told)),
        };
        view! { <li><b>{name}</b>{told}{link}</li> }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The lessons of a load are one line; the first dozen is asked about, and each of the others is there to be.
    #[test]
    fn every_lesson_without_a_place_is_named_and_the_first_ones_are_asked_about() {
        let unplaced = (0..60u32).map(|n| (CardIx(n), Some(LoadId(i64::from(n) / 3))));
        let all = lines(unplaced);
        assert_eq!(all.len(), 20);
        assert!(all.iter().all(|line| line.count == 3 && line.told.is_none()));
        assert_eq!(all.iter().filter(|line| line.asked).count(), EXPLAINED);
        assert!(all.iter().take(EXPLAINED).all(|line| line.asked));
    }
}
