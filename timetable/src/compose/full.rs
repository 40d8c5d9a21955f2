//! Contradictions as a person reads them: who has more lessons than hours, and each trouble once.

use std::collections::{BTreeMap, BTreeSet};

use super::collide::{Cause, Contradiction, Demand};
use super::problem::{Composition, Lesson};
use crate::ids::{CardIx, TeacherIx, bits, narrow, span, wide};
use crate::unmet::Whose;

impl Composition {
    /// What a person would read twice is told once, with the first of them: the same trouble of the same lessons, whichever of these it was
    /// proved by. Cards that can lie nowhere are counted together.
    pub(super) fn each_once(
        &self,
        all: impl Iterator<Item = Contradiction>,
        most: usize,
    ) -> Vec<Contradiction> {
        let lesson = |card: &CardIx| {
            let spec = &self.board.spec.cards[card.ix()];
            (spec.subject, spec.teachers.clone(), spec.audience.clone())
        };
        let alike = |one: &Contradiction, other: &Contradiction| {
            match (&one.cause, &other.cause) {
                (Cause::Nowhere(one), Cause::Nowhere(other)) | (Cause::NoRoom(one), Cause::NoRoom(other)) => {
                    return lesson(one) == lesson(other);
                }
                (one, other) if one == other => {}
                _ => return false,
            }
            let mut theirs: Vec<CardIx> = other.cards.clone();
            one.cards.len() == theirs.len()
                && one.cards.iter().all(|card| {
                    let at = theirs.iter().position(|other| lesson(other) == lesson(card));
                    at.map(|at| theirs.swap_remove(at)).is_some()
                })
        };
        let mut told: Vec<Contradiction> = vec![];
        for one in all {
            match told.iter_mut().find(|other| alike(&one, other)) {
                Some(other) => {
                    if matches!(one.cause, Cause::Nowhere(_) | Cause::NoRoom(_)) {
                        other.lack += one.lack;
                        other.cards.extend(one.cards);
                    }
                }
                None => told.push(one),
            }
        }
        told.truncate(most);
        told
    }

    /// Teachers who are never there when their lessons of several kinds could be: one cause, however many lessons have no hour by it.
    pub(super) fn never_there(&self) -> Vec<Contradiction> {
        let mut of_teacher: BTreeMap<TeacherIx, Vec<CardIx>> = BTreeMap::new();
        for card in self.impossible() {
            let spec = &self.board.spec.cards[card.ix()];
            if let Some(teacher) = spec.teachers.iter().find(|t| self.is_never_there(**t, *card)) {
                of_teacher.entry(*teacher).or_default().push(*card);
            }
        }
        let told = |(teacher, cards): (TeacherIx, Vec<CardIx>)| {
            let spec = |card: &CardIx| &self.board.spec.cards[card.ix()];
            let first = cards.first().map(spec)?;
            let alike = |card: &CardIx| {
                let spec = spec(card);
                (spec.subject, &spec.audience) == (first.subject, &first.audience)
            };
            // lessons of one kind are named as what they are
            if cards.iter().all(alike) {
                return None;
            }
            Some(Contradiction {
                cause: Cause::Times {
                    whose: Some(Whose::Teacher(teacher)),
                    needed: cards.iter().map(|card| u32::from(spec(card).duration)).sum(),
                    available: 0,
                },
                demands: cards.iter().copied().map(Demand::Hours).collect(),
                lack: narrow(cards.len()),
                loosen: cards.first().copied().map(Demand::Hours).into_iter().collect(),
                cards,
                proved: true,
                minimal: true,
            })
        };
        of_teacher.into_iter().filter_map(told).collect()
    }

    /// Whether a teacher is away at every bell of a card's classes.
    fn is_never_there(&self, teacher: TeacherIx, card: CardIx) -> bool {
        let spec = &self.board.spec;
        (0..self.board.days()).all(|day| {
            let classes = self.board.classes_of(card).iter();
            let bells = classes.fold(span(0, self.board.slots()), |bells, class| {
                bells & spec.classes[class.ix()].bells.day(day)
            });
            bells & !spec.teachers[teacher.ix()].away.day(day) == 0
        })
    }

    /// Whoever has more lessons than hours at which any of them can be.
    pub(super) fn too_full(&self) -> Vec<Contradiction> {
        let mut of_resource: Vec<Vec<u32>> = vec![vec![]; self.problem.resources.len()];
        for (at, event) in (0..).zip(&self.problem.events) {
            for who in event.seats.iter().filter_map(|seat| seat.fixed) {
                of_resource[wide(who)].push(at);
            }
        }
        let mut found: Vec<Contradiction> = vec![];
        for (who, events) in (0..).zip(&of_resource) {
            let Some(whose) = self.whose(who) else { continue };
            let mut hours = BTreeSet::new();
            for event in events {
                let duration = self.problem.event(*event).duration;
                let kept = self.problem.event(*event).time;
                let starts = self.lessons[wide(*event)].starts.iter().copied().chain(kept);
                hours.extend(starts.flat_map(|start| start..start + duration));
            }
            let needed: u32 = events.iter().map(|e| self.problem.event(*e).duration).sum();
            let available = narrow(hours.len());
            // kept cards that clash are told as what they are
            let kept = events.iter().all(|e| self.lessons[wide(*e)].kept);
            if needed <= available || kept || found.iter().any(|f| f.cause.whose() == Some(whose)) {
                continue;
            }
            let lessons: Vec<&Lesson> = events.iter().map(|e| &self.lessons[wide(*e)]).collect();
            let demand = |lesson: &&Lesson| match lesson.kept {
                true => Demand::Kept(lesson.card),
                false => Demand::Hours(lesson.card),
            };
            let demands: Vec<Demand> = lessons.iter().map(demand).collect();
            // what stays where it is holds an hour and gives none: would its hours be enough?
            for lesson in lessons.iter().filter(|l| l.kept) {
                for day in 0..self.board.days() {
                    let open = bits(self.board.open(lesson.card, day)).filter(|s| *s < self.board.slots());
                    let slots = u32::from(self.board.slots());
                    hours.extend(open.map(|slot| u32::from(day) * slots + u32::from(slot)));
                }
            }
            let is_kept = |d: &&Demand| matches!(d, Demand::Kept(_));
            let helps = demands
                .iter()
                .find(|d| is_kept(d) == (needed <= narrow(hours.len())));
            found.push(Contradiction {
                cause: Cause::Times {
                    whose: Some(whose),
                    needed,
                    available,
                },
                cards: lessons.iter().map(|l| l.card).collect(),
                lack: needed - available,
                loosen: helps.copied().into_iter().collect(),
                demands,
                proved: true,
                minimal: true,
            });
        }
        found.sort_by_key(|f| std::cmp::Reverse(f.lack));
        // the classes of a teacher without hours lack hours through this teacher
        let mut told: Vec<Contradiction> = vec![];
        for one in found {
            let within = |f: &Contradiction| one.cards.iter().all(|card| f.cards.contains(card));
            if !told.iter().any(within) {
                told.push(one);
            }
        }
        told
    }
}
