//! Requirements as facts of the board. What is not asked stays as the law and the usual weights have it.

use base::{ClassId, Lang, LoadId, SubjectId};
use timetable::{Limit, Limits, NormId, RoomNeed, TeacherSpec, Tie, TimeSet, Unwanted, Wishes};

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
mod tests {
    use super::*;
    use crate::timetable::board::Series;
    use crate::timetable::norms::tests::row;
    use crate::timetable::samples::{class, data, placed};
    use base::{EmployeeId, RequirementId, RoomId};
    use proptest::prelude::*;
    use timetable::{CardIx, Level, RoomIx, TeacherIx};

    fn asked(terms: Vec<Terms>) -> Vec<Requirement> {
        let rows = (1..).zip(terms);
        rows.map(|(id, terms)| Requirement {
            id: RequirementId(id),
            revision: 0,
            terms,
        })
        .collect()
    }

    /// 7А with two lessons of algebra of one teacher, and two rooms.
    fn school(terms: Vec<Terms>) -> BoardData {
        let mut data = data(vec![class("7А", 7)]);
        placed(&mut data, 0, Some(2));
        placed(&mut data, 0, None);
        data.cards[1].load = 0;
        data.teachers = vec![TeacherRow {
            id: EmployeeId(5),
            name: "Волкова Е. А.".into(),
            away: TimeSet::new(),
            unwanted: vec![],
        }];
        data.loads[0].teachers = vec![TeacherIx(0)];
        data.room_kinds = vec!["ordinary".into(), "lab".into()];
        data.rooms = [("12", 0), ("14", 1)]
            .map(|(name, kind)| crate::timetable::RoomRow {
                id: RoomId(name.parse().unwrap()),
                name: name.into(),
                kind: timetable::RoomKind(kind),
                capacity: None,
                away: TimeSet::new(),
                building: None,
                floor: None,
            })
            .to_vec();
        data.requirements = asked(terms);
        data
    }

    fn teacher(kind: Kind, value: i32, weight: Weight) -> Terms {
        Terms {
            weight,
            ..Terms::new(kind, Target::Teacher(EmployeeId(5)), Some(value))
        }
    }

    #[test]
    fn a_school_that_asks_nothing_is_judged_as_ever() {
        let spec = school(vec![]).spec();
        assert_eq!(spec.wishes, Wishes::default());
        assert_eq!(spec.teachers, [TeacherSpec::default()]);
        assert_eq!(
            (spec.cards[0].room.hard, spec.cards[0].room.penalty),
            (false, None)
        );
        assert!(spec.gaps.is_empty());
    }

    #[test]
    fn a_word_decides_whether_a_day_is_forbidden_or_dear() {
        let judged = |weight| {
            let board = school(vec![teacher(Kind::TeacherFreeDay, 1, weight)])
                .board()
                .unwrap();
            let verdict = board.judge(CardIx(1), 1, 0, None);
            (verdict.level, verdict.penalty)
        };
        assert_eq!(judged(Weight::Must).0, Level::Clash);
        assert_eq!(judged(Weight::Very), (Level::Poor, 20));
        assert_eq!(judged(Weight::Maybe), (Level::Poor, 2));
        let other = school(vec![teacher(Kind::TeacherFreeDay, 3, Weight::Must)]);
        assert_eq!(
            other.board().unwrap().judge(CardIx(1), 1, 0, None).level,
            Level::Good
        );
    }

    #[test]
    fn lessons_and_windows_of_a_teacher_are_limits() {
        let spec = school(vec![
            teacher(Kind::TeacherLessons, 1, Weight::Must),
            teacher(Kind::TeacherWindows, 0, Weight::Rather),
        ])
        .spec();
        let lessons = spec.teachers[0].per_day.unwrap();
        assert_eq!((lessons.value, lessons.hard, lessons.norm), (1, true, OWN));
        let windows = spec.teachers[0].windows_per_day.unwrap();
        assert_eq!((windows.value, windows.hard, windows.penalty), (0, false, 12));
    }

    #[test]
    fn rooms_of_a_load_go_before_those_of_its_subject() {
        let rooms = |target, rooms: &[i64], weight| Terms {
            rooms: rooms.iter().copied().map(RoomId).collect(),
            weight,
            ..Terms::new(Kind::Rooms, target, None)
        };
        let (subject, load) = (Target::Subject(SubjectId(1)), Target::Load(LoadId(1)));
        let need = |terms| school(terms).spec().cards[0].room.clone();
        let of_subject = need(vec![rooms(subject, &[14, 12], Weight::Must)]);
        assert_eq!(
            (of_subject.hard, &of_subject.allowed),
            (true, &vec![RoomIx(1), RoomIx(0)])
        );
        let both = need(vec![
            rooms(subject, &[14], Weight::Must),
            rooms(load, &[12], Weight::Maybe),
        ]);
        assert_eq!(
            (both.hard, both.penalty, &both.allowed),
            (false, Some(3), &vec![RoomIx(0)])
        );
        let kind = Terms {
            room_kind: Some("gym".into()),
            ..rooms(subject, &[], Weight::Must)
        };
        let board = school(vec![kind]).board().unwrap();
        assert!(
            board.judge(CardIx(1), 0, 0, None).level == Level::Clash,
            "no room is a gym"
        );
    }

    #[test]
    fn a_spread_subject_is_a_gap_of_each_load() {
        let spread = Terms::new(Kind::Spread, Target::Subject(SubjectId(1)), Some(2));
        let spec = school(vec![spread]).spec();
        let gap = &spec.gaps[0];
        assert_eq!(
            (gap.cards.len(), gap.days, gap.penalty, gap.hard),
            (2, 2, 6, false)
        );
        let must = Terms {
            weight: Weight::Must,
            ..Terms::new(Kind::Spread, Target::Subject(SubjectId(1)), Some(2))
        };
        assert!(school(vec![must]).spec().gaps[0].hard);
    }

    /// A series weighs what its file says; the school's word counts where the file says none, and where it is of all.
    #[test]
    fn a_series_has_a_weight_of_its_own() {
        use Weight::{Must, Off, Rather, Very};
        let gaps = |own: Option<Weight>, word: Option<Weight>| {
            let row = |weight| Terms {
                weight,
                ..Terms::new(Kind::Series, Target::School, None)
            };
            let mut data = school(word.map(row).into_iter().collect());
            for card in &mut data.cards {
                card.series = Some(Series {
                    number: 1,
                    days: 1,
                    weight: own,
                });
            }
            let spec = data.spec();
            spec.gaps.first().map(|gap| (gap.hard, gap.penalty))
        };
        assert_eq!(gaps(Some(Must), None), Some((true, 18)));
        assert_eq!(gaps(Some(Very), None), Some((false, 18)));
        assert_eq!(gaps(None, None), Some((false, 6)), "as before there were weights");
        assert_eq!(gaps(Some(Must), Some(Rather)), Some((true, 18)));
        assert_eq!(gaps(Some(Must), Some(Off)), None);
        assert_eq!(gaps(Some(Rather), Some(Must)), Some((true, 18)));
        assert_eq!(gaps(None, Some(Very)), Some((false, 18)));
    }

    #[test]
    fn a_class_is_never_asked_for_more_than_the_law_lets() {
        let lessons = |n| Terms::new(Kind::ClassLessons, Target::Class(ClassId(1)), Some(n));
        let per_day = |terms| {
            let mut data = school(terms);
            data.norms = vec![row("lessons_a_day", 7, 11, None, 7)];
            data.spec().classes[0].limits.per_day.map(|l| l.value)
        };
        assert_eq!(per_day(vec![]), Some(7));
        assert_eq!(per_day(vec![lessons(5)]), Some(5));
        assert_eq!(per_day(vec![lessons(9)]), Some(7));
    }

    proptest! {
        /// Whatever the school sets: the figure that counts is never milder than the law's.
        #[test]
        fn own_norms_only_tighten(law in 1i32..10, own in 0i32..12, first in 1i16..9, length in 0i16..4, grade in 1i16..12) {
            let kinds = [("lessons_a_day", Kind::LessonsADay), ("break_minutes", Kind::BreakMinutes)];
            for (key, kind) in kinds {
                let rows = vec![row(key, 1, 11, None, law)];
                let terms = Terms::new(kind, Target::Grades(first, first + length), Some(own));
                let all = with_own(rows, &asked(vec![terms]), Lang::Ru);
                let (_, found) = crate::timetable::norms::find_of(&all, key, grade, 5).unwrap();
                let here = (first..=first + length).contains(&grade);
                let expected = match (kind.figure(), here) {
                    (_, false) => law,
                    (Figure::LawLess, true) => law.min(own),
                    (_, true) => law.max(own),
                };
                prop_assert_eq!(found.value, expected);
            }
        }
    }
}
