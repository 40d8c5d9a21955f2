//! The regime of the day: shifts, bells, breaks and the length of lessons against the sanitary norms. These are faults of
//! the bell schedule, not of a card: moving cards does not mend them, so they are told of the version as a whole.
//!
//! The next rule of bells: a `kind` of norm, a variant of [`Fault`], a line in [`remarks`], its words in `words`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveTime, Timelike as _};
use timetable::{Board, CardIx, ClassIx, NormId};

use super::board::{BoardData, RingRow, RingTime};
use super::norms::{NormRow, find_of};

/// One thing that the bells or the shift do against a norm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The row of the law, a position in [`BoardData::norms`].
    pub norm: NormId,
    /// Its figure.
    pub limit: i32,
    /// What.
    pub fault: Fault,
}

/// What is wrong, and with which grades or class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A class learns in a later shift than its grade may.
    Shift {
        /// Which class.
        class: ClassIx,
        /// Its shift.
        shift: i16,
    },
    /// A class has lessons on more days of the week than its grade may.
    Week {
        /// Which class.
        class: ClassIx,
        /// How many days.
        days: i32,
    },
    /// Lessons begin before the norm.
    Early(Bells),
    /// Lessons end after the norm.
    Late(Bells),
    /// Lessons are longer than the norm; [`Bells::found`] are minutes.
    Long(Bells),
    /// Breaks are shorter than the norm; told with the lesson that they follow.
    ShortBreak(Bells),
    /// No break after the second or third lesson is long enough, and there are no two long ones.
    NoLongBreak(Bells),
}

/// A bell schedule, for whom it rings, and where it is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bells {
    /// Position in [`BoardData::rings`].
    pub ring: usize,
    /// Grades that it rings for and that the norm is for.
    pub grades: Vec<i16>,
    /// Number of the lesson, and the figure found: minutes, or minutes after midnight.
    pub found: Vec<(i16, i32)>,
}

/// Minutes after midnight.
fn minute(time: NaiveTime) -> i32 {
    i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(0)
}

/// Everything that the regime of a version does against the norms in force. Only classes with cards in the version count,
/// and only bells up to the last lesson that they have.
#[must_use]
pub fn remarks(data: &BoardData, board: &Board) -> Vec<Remark> {
    let used = used(data, board);
    let mut found = shifts(data, &used);
    found.extend(weeks(data, &used));
    for (n, ring) in data.rings.iter().enumerate() {
        let of_ring: BTreeMap<i16, i16> = used
            .grades
            .iter()
            .filter(|(grade, _)| ring.uses.iter().any(|(g, _)| g == *grade))
            .map(|(grade, last)| (*grade, *last))
            .collect();
        bells(data, n, ring, &of_ring, &mut found);
    }
    found
}

/// Who has cards in the version.
struct Used {
    classes: BTreeSet<usize>,
    /// Class and day of the week, from 0, on which it has a lesson of the plan.
    days: BTreeSet<(usize, usize)>,
    /// Grade, and the number of its last lesson of a day.
    grades: BTreeMap<i16, i16>,
}

fn used(data: &BoardData, board: &Board) -> Used {
    let mut used = Used {
        classes: BTreeSet::new(),
        days: BTreeSet::new(),
        grades: BTreeMap::new(),
    };
    let any_placed = board.card_indices().any(|c| board.placement(c).is_some());
    let whole_day = i16::try_from(data.slots.len()).unwrap_or(i16::MAX);
    let week = data.days_a_week().max(1);
    for (n, card) in data.cards.iter().enumerate() {
        let load = usize::try_from(card.load).ok().and_then(|n| data.loads.get(n));
        let day = board
            .placement(CardIx::at(n))
            .map(|at| usize::from(at.day) % week);
        // a club on a Saturday is no day of lessons
        let day = day.filter(|_| !board.spec().cards.get(n).is_some_and(|c| c.beside));
        let last = match board.placement(CardIx::at(n)) {
            Some(at) => i16::try_from(at.slot + card.duration).unwrap_or(i16::MAX),
            None if any_placed => 0,
            None => whole_day,
        };
        for audience in load.iter().flat_map(|l| &l.audience) {
            let class = match audience {
                timetable::Audience::Class(class) => *class,
                timetable::Audience::Group(group) => match data.groups.get(group.ix()) {
                    Some(group) => group.class,
                    None => continue,
                },
            };
            if let Some(row) = data.classes.get(class.ix()) {
                used.classes.insert(class.ix());
                used.days.extend(day.map(|day| (class.ix(), day)));
                let known = used.grades.entry(row.grade).or_default();
                *known = last.max(*known);
            }
        }
    }
    used
}

fn shifts(data: &BoardData, used: &Used) -> Vec<Remark> {
    let later = |kind: &str, n: usize| {
        let class = data.classes.get(n)?;
        let ring = data
            .rings
            .iter()
            .filter(|r| r.uses.iter().any(|(g, _)| *g == class.grade));
        let shift = ring.map(|r| r.shift).max().unwrap_or(1).max(class.shift);
        let (norm, row) = find_of(&data.norms, kind, class.grade, class.week_days)?;
        (i32::from(shift) > row.value).then_some(Remark {
            norm,
            limit: row.value,
            fault: Fault::Shift {
                class: ClassIx::at(n),
                shift,
            },
        })
    };
    let one = |n: &usize| later("first_shift_only", *n).or_else(|| later("shifts_at_most", *n));
    used.classes.iter().filter_map(one).collect()
}

/// Classes that learn on more days than the norm has, which moving one card does not mend.
fn weeks(data: &BoardData, used: &Used) -> Vec<Remark> {
    let one = |n: &usize| {
        let class = data.classes.get(*n)?;
        let (norm, row) = find_of(&data.norms, "week_days_at_most", class.grade, class.week_days)?;
        let days = i32::try_from(used.days.range((*n, 0)..(n + 1, 0)).count()).unwrap_or(i32::MAX);
        (days > row.value).then_some(Remark {
            norm,
            limit: row.value,
            fault: Fault::Week {
                class: ClassIx::at(*n),
                days,
            },
        })
    };
    used.classes.iter().filter_map(one).collect()
}

/// Lessons of a schedule that offend one row of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offence {
    /// The row, a position in the list.
    pub norm: NormId,
    /// Which rule, one of [`KINDS`].
    pub kind: &'static str,
    /// Its figure.
    pub limit: i32,
    /// Grades that the schedule rings for and that the norm is for.
    pub grades: Vec<i16>,
    /// Number of the lesson, and the figure found: minutes, or minutes after midnight.
    pub found: Vec<(i16, i32)>,
}

/// Of a row and a rule: the figure, grades, lessons.
type Offences = BTreeMap<(u32, &'static str), (i32, Vec<i16>, BTreeMap<i16, i32>)>;

/// What the times of a schedule do against the norms, for grades with the number of their last lesson; `week_of`: days of a grade's week.
pub(crate) fn offences(
    norms: &[NormRow],
    times: &[RingTime],
    grades: &BTreeMap<i16, i16>,
    week_of: impl Fn(i16) -> i16,
) -> Vec<Offence> {
    let mut offences = Offences::new();
    for (grade, last) in grades {
        let week_days = week_of(*grade);
        let times: Vec<_> = times.iter().filter(|t| t.number <= *last).collect();
        for kind in KINDS.iter().copied() {
            let Some((norm, row)) = find_of(norms, kind, *grade, week_days) else {
                continue;
            };
            let limit = row.value;
            let wrong: Vec<(i16, i32)> = match kind {
                "first_bell_not_before" => times
                    .iter()
                    .map(|t| (t.number, minute(t.starts)))
                    .filter(|(_, at)| *at < limit)
                    .collect(),
                "last_bell_not_after" => times
                    .iter()
                    .map(|t| (t.number, minute(t.ends)))
                    .filter(|(_, at)| *at > limit)
                    .collect(),
                "lesson_minutes" => times
                    .iter()
                    .map(|t| (t.number, minute(t.ends) - minute(t.starts)))
                    .filter(|(_, length)| *length > limit)
                    .collect(),
                "break_minutes" => breaks(&times).into_iter().filter(|(_, b)| *b < limit).collect(),
                _ => no_long_break(&breaks(&times), limit),
            };
            if !wrong.is_empty() {
                let (_, of, lessons) = offences
                    .entry((norm.0, kind))
                    .or_insert_with(|| (limit, vec![], BTreeMap::new()));
                of.push(*grade);
                lessons.extend(wrong);
            }
        }
    }
    offences
        .into_iter()
        .map(|((norm, kind), (limit, grades, lessons))| Offence {
            norm: NormId(norm),
            kind,
            limit,
            grades,
            found: lessons.into_iter().collect(),
        })
        .collect()
}

fn bells(data: &BoardData, n: usize, ring: &RingRow, grades: &BTreeMap<i16, i16>, out: &mut Vec<Remark>) {
    let week_of = |grade| {
        let class = data.classes.iter().find(|c| c.grade == grade);
        class.map_or(5, |c| c.week_days)
    };
    for found in offences(&data.norms, &ring.times, grades, week_of) {
        let bells = Bells {
            ring: n,
            grades: found.grades,
            found: found.found,
        };
        let fault = match found.kind {
            "first_bell_not_before" => Fault::Early(bells),
            "last_bell_not_after" => Fault::Late(bells),
            "lesson_minutes" => Fault::Long(bells),
            "break_minutes" => Fault::ShortBreak(bells),
            _ => Fault::NoLongBreak(bells),
        };
        out.push(Remark {
            norm: found.norm,
            limit: found.limit,
            fault,
        });
    }
}

/// Kinds of norm about bells.
pub(crate) const KINDS: &[&str] = &[
    "first_bell_not_before",
    "last_bell_not_after",
    "lesson_minutes",
    "break_minutes",
    "big_break_minutes",
];

/// Breaks in minutes, by the number of the lesson that they follow.
fn breaks(times: &[&RingTime]) -> Vec<(i16, i32)> {
    times
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((a.number, minute(b.starts) - minute(a.ends))),
            _ => None,
        })
        .collect()
}

/// The longest break, where none is long enough. A day of three lessons and less needs no long break.
fn no_long_break(breaks: &[(i16, i32)], limit: i32) -> Vec<(i16, i32)> {
    let long = breaks.iter().filter(|(_, b)| *b >= limit);
    let early = long.clone().any(|(after, _)| (2..=3).contains(after));
    if breaks.len() < 3 || early || long.count() >= 2 {
        return vec![];
    }
    breaks
        .iter()
        .max_by_key(|(_, b)| *b)
        .copied()
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::norms::tests::row;
    use super::super::samples::{class, data, placed};
    use super::*;

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    /// A school of two grades on one schedule.
    fn school(bells: &[(&str, &str)]) -> BoardData {
        let mut data = data(vec![class("1А", 1), class("9А", 9)]);
        data.norms = vec![
            row("first_bell_not_before", 0, 12, None, 480),
            row("last_bell_not_after", 0, 12, None, 1140),
            row("lesson_minutes", 1, 1, None, 35),
            row("lesson_minutes", 2, 12, None, 45),
            row("break_minutes", 1, 12, None, 10),
            row("big_break_minutes", 1, 12, None, 20),
            row("first_shift_only", 9, 11, None, 1),
            row("shifts_at_most", 0, 12, None, 2),
        ];
        data.rings = vec![RingRow {
            title: "Обычные".into(),
            shift: 1,
            times: (1..)
                .zip(bells)
                .map(|(number, (starts, ends))| RingTime {
                    number,
                    starts: time(starts),
                    ends: time(ends),
                })
                .collect(),
            uses: vec![(1, 1), (9, 1)],
        }];
        // both classes have lessons up to the fifth
        placed(&mut data, 0, Some(4));
        placed(&mut data, 1, Some(4));
        data
    }

    fn judged(data: &BoardData) -> Vec<Remark> {
        remarks(data, &data.board().unwrap())
    }

    const GOOD: [(&str, &str); 6] = [
        ("08:00", "08:35"),
        ("08:45", "09:20"),
        ("09:40", "10:15"),
        ("10:25", "11:00"),
        ("11:10", "11:45"),
        ("18:55", "19:45"),
    ];

    #[test]
    fn a_regime_within_the_norms_gets_no_remark_and_unused_bells_do_not_count() {
        // the sixth bell is late and long, but nobody learns then
        assert!(judged(&school(&GOOD)).is_empty());
    }

    #[test]
    fn each_norm_of_bells_is_judged_for_the_grades_it_is_for() {
        let mut bells = GOOD;
        bells[0] = ("07:45", "08:35");
        bells[2] = ("09:25", "10:08");
        let found = judged(&school(&bells));
        let of = |norm: u32| found.iter().find(|r| r.norm == NormId(norm)).map(|r| &r.fault);
        let bells = |grades: &[i16], found: &[(i16, i32)]| Bells {
            ring: 0,
            grades: grades.to_vec(),
            found: found.to_vec(),
        };
        assert_eq!(of(0), Some(&Fault::Early(bells(&[1, 9], &[(1, 465)]))));
        assert_eq!(of(1), None);
        assert_eq!(
            of(2),
            Some(&Fault::Long(bells(&[1], &[(1, 50), (3, 43)]))),
            "the first grade"
        );
        assert_eq!(of(3), Some(&Fault::Long(bells(&[9], &[(1, 50)]))), "the others");
        assert_eq!(of(4), Some(&Fault::ShortBreak(bells(&[1, 9], &[(2, 5)]))));
        assert_eq!(of(5), Some(&Fault::NoLongBreak(bells(&[1, 9], &[(3, 17)]))));
        assert_eq!(found.len(), 5, "{found:?}");
    }

    #[test]
    fn a_late_lesson_is_told_only_to_those_who_have_it() {
        let mut data = school(&GOOD);
        placed(&mut data, 1, Some(5));
        let found = judged(&data);
        let late = found.iter().find(|r| matches!(r.fault, Fault::Late(_))).unwrap();
        let Fault::Late(bells) = &late.fault else { panic!() };
        assert_eq!(
            (bells.grades.as_slice(), bells.found.as_slice()),
            (&[9i16][..], &[(6i16, 1185)][..])
        );
    }

    #[test]
    fn grades_that_the_law_names_learn_in_the_first_shift_and_nobody_in_a_third() {
        let mut data = school(&GOOD);
        data.classes[0].shift = 2;
        assert!(judged(&data).is_empty(), "the first grade has no such row here");
        data.classes[1].shift = 2;
        let told = |data: &BoardData| {
            judged(data)
                .into_iter()
                .map(|r| (r.norm.0, r.fault))
                .collect::<Vec<_>>()
        };
        let shift = |n, shift| Fault::Shift {
            class: ClassIx(n),
            shift,
        };
        assert_eq!(told(&data), [(6, shift(1, 2))]);
        data.classes[0].shift = 3;
        assert_eq!(told(&data), [(7, shift(0, 3)), (6, shift(1, 2))]);
        // a class without cards in this version is not its business
        data.cards.clear();
        assert!(told(&data).is_empty());
        data.classes[1].shift = 1;
        placed(&mut data, 1, Some(0));
        data.rings[0].shift = 2;
        assert_eq!(told(&data), [(6, shift(1, 2))], "bells of the second shift");
    }
}
