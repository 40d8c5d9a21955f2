//! What the editor loaded, as facts for the judge.

use std::collections::BTreeMap;

use base::{BuildingId, LoadId};
use timetable::{
    Audience, Board, BoardError, BoardSpec, BoundSpec, BuildingIx, CardIx, CardSpec, ClassIx, ClassSpec,
    GapSpec, GroupSpec, RoomSpec, Rooming, RoomingSpec, Site, SubjectIx, TeacherIx, Tie, TieSpec, TimeSet,
    Walk,
};

use super::board::{BoardData, CardRow, ClassRow, LoadRow};
use super::norms;
use crate::requirement::Kind;
use crate::requirement::facts::{Asked, unwanted};
use crate::requirement::kind::Cost;

/// The key of physical education in `subject.template`.
pub const PE: &str = "физкультура";

impl BoardData {
    /// The facts for the judge.
    #[must_use]
    pub fn spec(&self) -> BoardSpec {
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let asked = self.asked();
        let days = (self.days.len(), self.days_a_week());
        let class = |c: &ClassRow| ClassSpec {
            bells: c.bells.clone(),
            away: c.away.clone(),
            unwanted: unwanted(&c.unwanted),
            pupils: c.pupils,
            home_room: c.home_room,
            limits: norms::limits(&self.norms, asked, c),
            atoms: vec![],
            clock: self.bells_of(c),
        };
        BoardSpec {
            days: short(self.days.len()),
            week: short(self.days_a_week()),
            slots: short(self.slots.len()),
            teachers: self
                .teachers
                .iter()
                .map(|t| asked.teacher(t, days, self.slots.len()))
                .collect(),
            classes: self.classes.iter().map(class).collect(),
            groups: self
                .groups
                .iter()
                .map(|g| GroupSpec {
                    class: g.class,
                    split: g.split,
                    pupils: g.pupils,
                    away: g.away.clone(),
                    atoms: vec![],
                })
                .collect(),
            disjoint: self.apart.clone(),
            rooms: self
                .rooms
                .iter()
                .map(|r| RoomSpec {
                    capacity: r.capacity,
                    kind: Some(r.kind),
                    away: r.away.clone(),
                    shared_by: r.shared_by,
                    building: r.building.map(BuildingIx),
                    floor: r.floor,
                })
                .collect(),
            cards: self.card_specs(),
            gaps: self.gaps(),
            ties: self.ties(),
            bounds: self.bounds(),
            roomings: self.roomings(),
            wishes: asked.wishes(),
            site: self.site(),
        }
    }

    /// Ways between buildings, and what is asked of them; the bells of most classes for those that have none of their own.
    fn site(&self) -> Site {
        let asked = self.asked();
        let number = |id: BuildingId| {
            let found = self.buildings.iter().position(|b| b.id == id);
            found.map(BuildingIx::at)
        };
        let walks = self.walks.iter().filter_map(|w| {
            Some(Walk {
                one: number(w.one)?,
                other: number(w.other)?,
                minutes: u16::try_from(w.minutes).ok()?,
            })
        });
        Site {
            clock: (0..self.slots.len()).map(|slot| self.usual_bell(slot)).collect(),
            walks: walks.collect(),
            walk: asked.ways(Kind::Walk),
            near: asked.ways(Kind::RoomsNear),
        }
    }

    /// What the school asks.
    fn asked(&self) -> Asked<'_> {
        Asked(&self.requirements)
    }

    fn load_row(&self, card: &CardRow) -> Option<&LoadRow> {
        self.loads.get(usize::try_from(card.load).ok()?)
    }

    /// The cards that should be spread: those of a load of which the school says so, else those of a series; a card may belong to several.
    fn gaps(&self) -> Vec<GapSpec> {
        let asked = self.asked();
        let mut gaps: BTreeMap<(bool, i64), GapSpec> = BTreeMap::new();
        for (n, card) in self.cards.iter().enumerate() {
            let own = self.load_row(card).and_then(|load| {
                let subject = self.subjects.get(load.subject.ix()).map(|s| s.id);
                let (days, cost) = asked.spread_of(load.id, subject)?;
                Some(((true, load.id.0), days, cost))
            });
            let mut add = |(key, days, cost): ((bool, i64), u16, Cost)| {
                let gap = gaps.entry(key).or_default();
                gap.cards.push(CardIx::at(n));
                gap.days = gap.days.max(days);
                gap.penalty = cost.penalty;
                gap.hard = cost.hard;
            };
            match own {
                Some(own) => add(own),
                None => card
                    .all_series()
                    .map(|of| ((false, of.number.into()), of.days, asked.series(of.weight)))
                    .for_each(add),
            }
        }
        let counts = |gap: &GapSpec| gap.cards.len() > 1 && gap.counts();
        gaps.into_values().filter(counts).collect()
    }

    /// Lessons of two loads that the school wants at once, one after the other or apart, those that are to end the day, and what a file has
    /// said of single ones.
    fn ties(&self) -> Vec<TieSpec> {
        let cards = |load: LoadId| {
            let of = |(n, card): (usize, &CardRow)| {
                let mine = self.load_row(card).is_some_and(|row| row.id == load);
                mine.then(|| CardIx::at(n))
            };
            self.cards.iter().enumerate().filter_map(of).collect::<Vec<_>>()
        };
        let tie = |(one, other, tie, cost): (_, _, _, Cost)| TieSpec {
            first: cards(one),
            second: cards(other),
            tie,
            penalty: cost.penalty,
            hard: cost.hard,
        };
        let pairs = self.asked().pairs().map(tie);
        let pairs = pairs.filter(|tie| !tie.first.is_empty() && !tie.second.is_empty());
        let ends = self.loads.iter().filter_map(|load| {
            let subject = self.subjects.get(load.subject.ix()).map(|s| s.id);
            let cost = self.asked().ends_day(load.id, subject)?;
            // all other lessons of their pupils, which the board knows
            Some(tie((load.id, load.id, Tie::EndsDay, cost)))
        });
        let ends = ends.map(|tie| TieSpec { first: vec![], ..tie });
        let rows = pairs.chain(ends.filter(|tie| !tie.second.is_empty()));
        let single = self.asked().single_lessons().then(|| self.single.ties());
        rows.chain(single.into_iter().flatten()).collect()
    }

    /// Most hours and days that a file has said of lessons and persons.
    fn bounds(&self) -> Vec<BoundSpec> {
        let single = self.asked().single_lessons().then(|| self.single.bounds());
        single.into_iter().flatten().collect()
    }

    /// What is asked of rooms that lessons take together: of the lessons of a load, and of those that a file names. The judge's
    /// [`Reason`](timetable::Reason) names one by its position here.
    #[must_use]
    pub fn roomings(&self) -> Vec<RoomingSpec> {
        let asked = self.asked();
        let mut of_load: Vec<Vec<CardIx>> = vec![vec![]; self.loads.len()];
        for (n, card) in self.cards.iter().enumerate() {
            let cards = usize::try_from(card.load).ok().and_then(|at| of_load.get_mut(at));
            if let Some(cards) = cards {
                cards.push(CardIx::at(n));
            }
        }
        let spec = |cards: &[CardIx], (what, cost): (Rooming, Cost)| RoomingSpec {
            cards: cards.to_vec(),
            what,
            penalty: cost.penalty,
            hard: cost.hard,
        };
        let mut all = vec![];
        for (load, cards) in self.loads.iter().zip(&of_load) {
            let subject = self.subjects.get(load.subject.ix()).map(|s| s.id);
            let rows = [Kind::RoomsAtMost, Kind::SameRoom].map(|kind| asked.rooming(kind, load.id, subject));
            all.extend(rows.into_iter().flatten().map(|row| spec(cards, row)));
        }
        for (list, what, cost) in asked.listed() {
            let named = self.lists.iter().find(|of| of.id == list);
            all.extend(named.map(|of| spec(&of.cards, (what, cost))));
        }
        all.retain(|of| of.cards.len() > 1);
        all
    }

    fn card_specs(&self) -> Vec<CardSpec> {
        let mut cards: Vec<CardSpec> = self.cards.iter().map(|c| self.card_spec(c)).collect();
        if self.asked().single_lessons() {
            self.single.close(&mut cards);
        }
        cards
    }

    fn card_spec(&self, card: &CardRow) -> CardSpec {
        let Some(load) = self.load_row(card) else {
            // a card of no load cannot be in the database; it would meet nobody
            return CardSpec {
                teachers: vec![],
                audience: vec![],
                placement: card.place,
                ..CardSpec::lesson(SubjectIx(0), TeacherIx(0), Audience::Class(ClassIx(0)))
            };
        };
        let pe = self
            .subjects
            .get(load.subject.ix())
            .is_some_and(|s| s.template.as_deref() == Some(PE));
        let subject = self.subjects.get(load.subject.ix()).map(|s| s.id);
        let beside = self.asked().extracurricular(load.id, subject);
        let mut times = self.asked().subject_times(self, load);
        times.away.union(&load.away);
        times.unwanted.extend(unwanted(&load.unwanted));
        CardSpec {
            away: times.away,
            no_start: TimeSet::new(),
            unwanted: times.unwanted,
            subject: load.subject,
            teachers: load.teachers.clone(),
            audience: load.audience.clone(),
            duration: card.duration,
            room: self.asked().room_need(self, load),
            weeks: card.weeks,
            difficulty: if beside { 0 } else { load.difficulty },
            is_pe: pe,
            homework: self.asked().much_homework(load.id, subject),
            beside,
            locked: card.locked,
            placement: card.place,
        }
    }

    /// The judge's board.
    ///
    /// # Errors
    /// [`BoardError`] when the version has more days or slots than the judge handles.
    pub fn board(&self) -> Result<Board, BoardError> {
        Board::new(self.spec())
    }
}
