//! The cards of a file, gathered by lesson.

use std::collections::{BTreeMap, HashMap};

use super::fault::{AscFault, AscReason, fault};
use super::week::{Week, bits};
use crate::ids::{narrow, wide};
use crate::markup::Element;

/// Most places of all cards: those of one period each may be joined to twenty thousand of several.
const MOST_PLACES: usize = 100_000;
/// Most rooms of a card.
const MOST_ROOMS: usize = 20;

/// Where a card of a lesson is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Card {
    /// Where it starts.
    pub start: u32,
    /// Patterns of its weeks and terms, as the file has them.
    pub weeks: String,
    pub terms: String,
    /// Identifiers of its rooms.
    pub rooms: Vec<String>,
    /// Whether it is locked.
    pub locked: bool,
}

/// What the table of cards says.
pub(super) struct Cards {
    /// Cards of each lesson, each of the lesson's length.
    pub of: HashMap<String, Vec<Card>>,
    /// Those of no lesson, or of no place in the week.
    pub strays: Vec<Element>,
    /// Whether a card of several periods is one element for each.
    pub by_period: bool,
}

/// Periods of a card, and cards a week if that is told, of each lesson.
pub(super) type Lengths = HashMap<String, (u32, Option<u32>)>;

impl Cards {
    /// Gathers them.
    ///
    /// # Errors
    /// [`AscReason::TooMany`]: a card may name seven days, and each is a card with all its rooms.
    pub fn of(root: &Element, week: &Week, lengths: &Lengths) -> Result<Self, AscFault> {
        let mut single: BTreeMap<&str, Vec<Card>> = BTreeMap::new();
        let mut strays = vec![];
        let mut count = 0;
        for element in root.list("cards") {
            let lesson = element.attribute("lessonid").unwrap_or_default();
            let places = places(element, week);
            if places.is_empty() || !lengths.contains_key(lesson) {
                strays.push(element.clone());
                continue;
            }
            let rooms = list(element, "classroomids");
            count += places.len();
            for (found, most, what) in [
                (rooms.len(), MOST_ROOMS, "rooms of a card"),
                (count, MOST_PLACES, "cards"),
            ] {
                if found > most {
                    let reason = AscReason::TooMany(what, narrow(found), narrow(most));
                    return Err(fault(element, reason));
                }
            }
            let text = |name: &str| element.attribute(name).unwrap_or_default().to_owned();
            for start in places {
                single.entry(lesson).or_default().push(Card {
                    start,
                    weeks: text("weeks"),
                    terms: text("terms"),
                    rooms: rooms.clone(),
                    locked: matches!(text("locked").as_str(), "1" | "true"),
                });
            }
        }
        let by_period = single.iter().any(|(lesson, cards)| {
            let (length, told) = lengths.get(*lesson).copied().unwrap_or((1, None));
            length > 1 && told.is_none_or(|n| wide(n) < cards.len()) && joined(cards, length, week).is_some()
        });
        let mut of = HashMap::new();
        for (lesson, cards) in single {
            let (length, _) = lengths.get(lesson).copied().unwrap_or((1, None));
            let whole = if by_period {
                joined(&cards, length, week)
            } else {
                None
            };
            of.insert(lesson.to_owned(), whole.unwrap_or(cards));
        }
        Ok(Self {
            of,
            strays,
            by_period,
        })
    }
}

/// The times that a card element names: one for each of its days.
fn places(element: &Element, week: &Week) -> Vec<u32> {
    let Some(period) = element.attribute("period") else {
        return vec![];
    };
    let days = match (element.attribute("days"), element.attribute("day")) {
        (Some(days), _) => bits(days.split(',').next().unwrap_or_default()),
        (None, Some(day)) => day.trim().parse().into_iter().collect(),
        (None, None) => vec![],
    };
    days.into_iter().filter_map(|d| week.time(d, period)).collect()
}

/// Cards of one period each, joined to cards of so many periods; `None` if they do not join without rest.
fn joined(cards: &[Card], length: u32, week: &Week) -> Option<Vec<Card>> {
    if length < 2 {
        return None;
    }
    let mut left: Vec<&Card> = cards.iter().collect();
    left.sort_by_key(|c| (c.weeks.clone(), c.terms.clone(), c.start));
    let mut whole = vec![];
    for run in left.chunks(wide(length)) {
        let first = run.first()?;
        let follows = (0..length)
            .zip(run)
            .all(|(by, c)| c.start == first.start + by && c.weeks == first.weeks && c.terms == first.terms);
        let last = first.start + length - 1;
        if narrow(run.len()) != length || !follows || last / week.height() != first.start / week.height() {
            return None;
        }
        whole.push((*first).clone());
    }
    Some(whole)
}

/// Identifiers in a list that commas separate.
pub(super) fn list(element: &Element, attribute: &str) -> Vec<String> {
    let text = element.attribute(attribute).unwrap_or_default();
    let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
    parts.map(str::to_owned).collect()
}
