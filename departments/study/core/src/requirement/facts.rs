//! Requirements as facts of the board. What is not asked stays as the law and the usual weights have it.

use base::{ClassId, Lang, LessonListId, LoadId, SubjectId};
use timetable::{Limit, Limits, NormId, RoomNeed, Rooming, TeacherSpec, Tie, TimeSet, Unwanted, Wishes};

use super::kind::{About, Cost, Figure, Kind};
use super::terms::{Requirement, Target, Terms};
use super::weight::Weight;
use crate::t;
use crate::timetable::board::{BoardData, LoadRow, TeacherRow};
use crate::timetable::norms::NormRow;

/// The number of no row of the law: the limit is the school's own.
pub const OWN: NormId = NormId(u32::MAX);

/// Requirements in force.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a>(pub &'a [Requirement]);

/// A limit of a figure, unless it weighs nothing.
pub(crate) fn limit(value: i32, norm: NormId, cost: Cost) -> Option<Limit> {
    (cost.hard || cost.penalty > 0).then(|| Limit {
        value: u16::try_from(value).unwrap_or(0),
        norm,
        penalty: cost.penalty,
        hard: cost.hard,
    })
}

impl<'a> Asked<'a> {
    pub(super) fn all(self, kind: Kind) -> impl Iterator<Item = &'a Terms> {
        self.0.iter().map(|r| &r.terms).filter(move |t| t.kind == kind)
    }

    pub(super) fn of(self, kind: Kind, target: Target) -> Option<&'a Terms> {
        self.all(kind).find(|t| t.target == target)
    }

    fn own_limit(self, kind: Kind, target: Target) -> Option<Limit> {
        let terms = self.of(kind, target)?;
        limit(terms.value?, OWN, kind.cost(terms.weight))
    }

    /// What a wish of the whole school costs.
    #[must_use]
    pub fn school(self, kind: Kind) -> Cost {
        let terms = self.of(kind, Target::School);
        kind.cost(terms.map_or(kind.usual(), |t| t.weight))
    }

    /// What a breach of a norm costs in a grade: of several rows the heaviest counts.
    #[must_use]
    pub fn norm(self, kind: Kind, grade: i16) -> Cost {
        let of_grade = self
            .all(kind)
            .filter(|t| matches!(t.target, Target::Grades(a, z) if (a..=z).contains(&grade)));
        kind.cost(of_grade.map(|t| t.weight).max().unwrap_or(kind.usual()))
    }

    /// The wishes of the whole school.
    #[must_use]
    pub fn wishes(self) -> Wishes {
        let price = |kind| self.school(kind).penalty;
        Wishes {
            teacher_window: price(Kind::TeacherWindow),
            class_window: price(Kind::ClassWindow),
            other_room: price(Kind::FirstRoom),
            no_room: price(Kind::NoRoom),
        }
    }

    /// A teacher: hours, a day without lessons, lessons and windows a day. `days`: of the board, and of one of its weeks.
    #[must_use]
    pub fn teacher(self, row: &TeacherRow, days: (usize, usize), slots: usize) -> TeacherSpec {
        let target = Target::Teacher(row.id);
        let limit = |kind| self.counting_limit(kind, target, None);
        let mut spec = TeacherSpec {
            away: row.away.clone(),
            unwanted: unwanted(&row.unwanted),
            per_day: limit(Kind::TeacherLessons),
            windows_per_day: limit(Kind::TeacherWindows),
            least_per_day: limit(Kind::TeacherLeast),
            in_a_row: limit(Kind::TeacherInRow),
            days_per_week: limit(Kind::TeacherDays),
            least_days: limit(Kind::TeacherDaysLeast),
            windows_per_week: limit(Kind::TeacherWindowsWeek),
            moves_per_day: self.moves(Kind::TeacherMoves, target, Kind::TeachersMoves),
        };
        if let Some(terms) = self.of(Kind::TeacherFreeDay, target) {
            let times = weekday(terms.value, days, slots);
            let cost = terms.kind.cost(terms.weight);
            if cost.hard {
                spec.away.union(&times);
            } else {
                spec.unwanted.push(Unwanted {
                    times,
                    penalty: cost.penalty,
                });
            }
        }
        spec
    }

    /// What is asked of one class, on top of the norms of its grade: of lessons only what is stricter.
    pub fn class(self, id: ClassId, grade: i16, limits: &mut Limits) {
        let target = Target::Class(id);
        let limit = |kind| self.counting_limit(kind, target, Some(grade));
        let stricter = |own: &Limit| limits.per_day.is_none_or(|law| own.value < law.value);
        if let Some(own) = limit(Kind::ClassLessons).filter(stricter) {
            limits.per_day = Some(own);
            limits.per_day_with_pe = None;
            limits.long_days = 0;
        }
        limits.windows_per_day = limit(Kind::ClassWindows).or_else(|| self.no_windows());
        limits.points_per_day = limit(Kind::PointsADay);
        limits.least_per_day = limit(Kind::ClassLeast);
        limits.least_days = limit(Kind::ClassDaysLeast);
        limits.moves_per_day = self.moves(Kind::ClassMoves, target, Kind::ClassesMoves);
    }

    /// Most changes of building a day: one's own, else those of all.
    fn moves(self, own: Kind, target: Target, of_all: Kind) -> Option<Limit> {
        self.own_limit(own, target)
            .or_else(|| self.own_limit(of_all, Target::School))
    }

    /// What a wish of the whole school about ways costs, where it costs anything.
    #[must_use]
    pub fn ways(self, kind: Kind) -> Option<Limit> {
        limit(0, OWN, self.school(kind))
    }

    /// Most hard lessons in a row, for every class.
    #[must_use]
    pub fn hard_in_row(self) -> Option<Limit> {
        self.own_limit(Kind::HardInRow, Target::School)
    }

    /// A day that begins late, for every class.
    #[must_use]
    pub fn late_start(self) -> Option<Limit> {
        limit(0, OWN, self.school(Kind::LateStart))
    }

    /// What a load, else its subject, asks of rooms.
    #[must_use]
    pub fn rooms_of(self, load: LoadId, subject: Option<SubjectId>) -> Option<&'a Terms> {
        self.nearest(Kind::Rooms, load, subject)
    }

    /// How far apart the lessons of a load should lie: days, and what a missing one does.
    #[must_use]
    pub fn spread_of(self, load: LoadId, subject: Option<SubjectId>) -> Option<(u16, Cost)> {
        let terms = self.nearest(Kind::Spread, load, subject)?;
        let days = u16::try_from(terms.value?).ok()?;
        Some((days, terms.kind.cost(terms.weight)))
    }

    /// What a missing day of a series does. Its own weight goes before what the school says, unless that is nothing or a must: so a deputy
    /// switches all series off, or makes all of them one, with one word.
    #[must_use]
    pub fn series(self, own: Option<Weight>) -> Cost {
        let terms = self.of(Kind::Series, Target::School);
        let school = terms.map_or(Kind::Series.usual(), |t| t.weight);
        let of_all = matches!(school, Weight::Off | Weight::Must);
        Kind::Series.cost(own.filter(|_| !of_all).unwrap_or(school))
    }

    /// Whether what a file requires of single lessons counts.
    #[must_use]
    pub fn single_lessons(self) -> bool {
        self.school(Kind::FileLessons).hard
    }

    /// What it costs where a lesson of a load is not the last of its pupils' day, if the school asks for that.
    #[must_use]
    pub fn ends_day(self, load: LoadId, subject: Option<SubjectId>) -> Option<Cost> {
        let terms = self.nearest(Kind::EndsDay, load, subject)?;
        Some(terms.kind.cost(terms.weight))
    }

    /// Whether a load, or its subject, is one with much homework.
    #[must_use]
    pub fn much_homework(self, load: LoadId, subject: Option<SubjectId>) -> bool {
        self.nearest(Kind::MuchHomework, load, subject).is_some()
    }

    /// Whether a load, or its subject, is held beside the lessons.
    #[must_use]
    pub fn extracurricular(self, load: LoadId, subject: Option<SubjectId>) -> bool {
        self.nearest(Kind::Extracurricular, load, subject).is_some()
    }

    /// Lessons of two loads that belong together in time, with what a pair costs that does not lie so.
    pub fn pairs(self) -> impl Iterator<Item = (LoadId, LoadId, Tie, Cost)> + 'a {
        let row = |terms: &'a Terms| {
            let tie = match terms.kind {
                Kind::Together => Tie::Together,
                Kind::InOrder => Tie::InOrder,
                Kind::RightAfter => Tie::RightAfter,
                Kind::NextTo => Tie::NextTo,
                Kind::Apart => Tie::Apart,
                _ => return None,
            };
            let Target::Pair(one, other) = terms.target else {
                return None;
            };
            Some((one, other, tie, terms.kind.cost(terms.weight)))
        };
        self.0.iter().filter_map(move |r| row(&r.terms))
    }

    /// What is asked of the rooms that lessons take together: of a load, its own before its subject's.
    #[must_use]
    pub fn rooming(self, kind: Kind, load: LoadId, subject: Option<SubjectId>) -> Option<(Rooming, Cost)> {
        rooming(self.nearest(kind, load, subject)?)
    }

    /// The same of lessons that a file names together.
    pub fn listed(self) -> impl Iterator<Item = (LessonListId, Rooming, Cost)> + 'a {
        let row = |terms: &'a Terms| {
            let Target::Lessons(list) = terms.target else {
                return None;
            };
            let (what, cost) = rooming(terms)?;
            Some((list, what, cost))
        };
        self.0.iter().filter_map(move |r| row(&r.terms))
    }

    pub(super) fn nearest(self, kind: Kind, load: LoadId, subject: Option<SubjectId>) -> Option<&'a Terms> {
        self.of(kind, Target::Load(load))
            .or_else(|| self.of(kind, Target::Subject(subject?)))
    }

    /// The rooms that a card of a load needs.
    #[must_use]
    pub fn room_need(self, data: &BoardData, load: &LoadRow) -> RoomNeed {
        let subject = data.subjects.get(load.subject.ix()).map(|s| s.id);
        let usual = RoomNeed {
            // a school that names no rooms at all is not reminded of them
            needed: !data.rooms.is_empty() && !load.audience.is_empty(),
            kind: load.room_kind,
            allowed: load.rooms.clone(),
            hard: false,
            penalty: None,
        };
        let Some(terms) = self.rooms_of(load.id, subject) else {
            return usual;
        };
        let allowed: Vec<_> = terms.rooms.iter().filter_map(|id| data.room_ix(*id)).collect();
        // a kind that no room is of any more is asked for all the same
        let kind = terms.room_kind.as_ref().map(|kind| {
            let known = data.room_kinds.iter().position(|k| k == kind);
            timetable::RoomKind::at(known.unwrap_or(data.room_kinds.len()))
        });
        if allowed.is_empty() && kind.is_none() {
            return usual;
        }
        let cost = terms.kind.cost(terms.weight);
        RoomNeed {
            kind,
            allowed,
            hard: cost.hard,
            penalty: Some(cost.penalty),
            ..usual
        }
    }
}

fn rooming(terms: &Terms) -> Option<(Rooming, Cost)> {
    let what = match terms.kind {
        Kind::RoomsAtMost => Rooming::AtMost(u16::try_from(terms.value?).ok()?),
        Kind::SameRoom => Rooming::InARow,
        _ => return None,
    };
    Some((what, terms.kind.cost(terms.weight)))
}

/// Hours that one would rather not have, with their prices.
#[must_use]
pub fn unwanted(hours: &[(Weight, TimeSet)]) -> Vec<Unwanted> {
    let wish = |(weight, times): &(Weight, TimeSet)| Unwanted {
        times: times.clone(),
        penalty: Kind::Hours.cost(*weight).penalty,
    };
    hours.iter().map(wish).collect()
}

/// A day of the week in every week of the board.
fn weekday(value: Option<i32>, (days, week): (usize, usize), slots: usize) -> TimeSet {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let mut times = TimeSet::new();
    let Some(wanted) = value.and_then(|n| usize::try_from(n).ok()) else {
        return times;
    };
    for day in (0..days).filter(|d| week > 0 && d % week == wanted) {
        times.add(short(day), timetable::ids::span(0, short(slots)));
    }
    times
}

/// The law with what the school sets stricter, each such row before the one that it tightens: so a limit, its clause and the
/// remarks on bells all come from one list. Nothing here ever makes a norm milder.
#[must_use]
pub fn with_own(law: Vec<NormRow>, own: &[Requirement], lang: Lang) -> Vec<NormRow> {
    let mut rows: Vec<NormRow> = vec![];
    for row in &law {
        let Some(kind) = Kind::of_norm(&row.kind).filter(|k| k.about() == About::Norm) else {
            continue;
        };
        for terms in Asked(own).all(kind) {
            let (Target::Grades(first, last), Some(value)) = (terms.target, terms.value) else {
                continue;
            };
            let (from, to) = (first.max(row.grade_from), last.min(row.grade_to));
            let counts = match kind.figure() {
                Figure::LawLess => value < row.value,
                Figure::LawMore => value > row.value,
                Figure::Number(..) => value != row.value,
                _ => false,
            };
            if from > to || !counts {
                continue;
            }
            let clause = if matches!(kind.figure(), Figure::Number(..)) {
                t::requirement_own_setting(lang).to_owned()
            } else {
                t::requirement_stricter_than(lang, row.place())
            };
            rows.push(NormRow {
                grade_from: from,
                grade_to: to,
                value,
                clause,
                valid_from: terms.valid_from.unwrap_or(row.valid_from),
                confirmed: true,
                ..row.clone()
            });
        }
    }
    rows.extend(law);
    rows
}

#[cfg(test)]
mod tests;
