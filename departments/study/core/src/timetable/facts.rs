//! What the editor loaded, as facts for the judge.

use std::collections::BTreeMap;

use timetable::{
    Audience, Board, BoardError, BoardSpec, CardIx, CardSpec, ClassIx, ClassSpec, GapSpec, GroupSpec,
    RoomNeed, RoomSpec, SubjectIx, TeacherIx, TeacherSpec, Wishes,
};

use super::board::{BoardData, CardRow, ClassRow};
use super::norms;

/// The key of physical education in `subject.template`.
pub const PE: &str = "физкультура";

/// What a day too few between two lessons of a series costs.
const GAP_PENALTY: u16 = 6;

impl BoardData {
    /// The facts for the judge.
    #[must_use]
    pub fn spec(&self) -> BoardSpec {
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let class = |c: &ClassRow| ClassSpec {
            bells: c.bells.clone(),
            away: c.away.clone(),
            pupils: c.pupils,
            home_room: c.home_room,
            limits: norms::limits(&self.norms, c),
            atoms: vec![],
        };
        BoardSpec {
            days: short(self.days.len()),
            slots: short(self.slots.len()),
            teachers: self
                .teachers
                .iter()
                .map(|t| TeacherSpec {
                    away: t.away.clone(),
                    ..TeacherSpec::default()
                })
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
                    shared_by: 1,
                })
                .collect(),
            cards: self.cards.iter().map(|c| self.card_spec(c)).collect(),
            gaps: self.gaps(),
            wishes: Wishes::default(),
        }
    }

    /// The series of cards that should be spread.
    fn gaps(&self) -> Vec<GapSpec> {
        let mut series: BTreeMap<i32, GapSpec> = BTreeMap::new();
        for (n, card) in self.cards.iter().enumerate() {
            let Some((number, days)) = card.series else {
                continue;
            };
            let gap = series.entry(number).or_default();
            gap.cards.push(CardIx::at(n));
            gap.days = gap.days.max(days);
            gap.penalty = GAP_PENALTY;
        }
        series.into_values().filter(|gap| gap.cards.len() > 1).collect()
    }

    fn card_spec(&self, card: &CardRow) -> CardSpec {
        let load = usize::try_from(card.load).ok().and_then(|n| self.loads.get(n));
        let Some(load) = load else {
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
        CardSpec {
            subject: load.subject,
            teachers: load.teachers.clone(),
            audience: load.audience.clone(),
            duration: card.duration,
            room: RoomNeed {
                // a school that names no rooms at all is not reminded of them
                needed: !self.rooms.is_empty() && !load.audience.is_empty(),
                kind: load.room_kind,
                allowed: load.rooms.clone(),
                hard: false,
            },
            weeks: card.weeks,
            difficulty: load.difficulty,
            is_pe: pe,
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
