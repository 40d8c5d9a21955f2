//! What a file asks of the days and hours of teachers and classes, as requirements of the school.

use std::collections::{BTreeMap, BTreeSet};

use timetable::draft::{DraftLimit, Ignored, Limited, LimitedOf};
use timetable::ids::span;
use timetable::{ClassIx, SchoolDraft};

use super::names::cycle_weeks;
use crate::requirement::kind::Figure;
use crate::requirement::{Kind, Weight};

/// A weight of the file that means "must", in thousandths of a percent.
pub const MUST: u32 = 100_000;

/// Of whom, as a position in the draft's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    /// A teacher.
    Teacher(usize),
    /// A class.
    Class(usize),
    /// The whole school.
    School,
    /// Two loads, see [`pairs`](super::pairs).
    Pair(usize, usize),
    /// A subject, see [`rooms`](super::rooms).
    Subject(usize),
    /// A load.
    Load(usize),
}

/// One requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What.
    pub kind: Kind,
    /// Of whom.
    pub whom: Whom,
    /// The figure, where the kind has one.
    pub value: Option<i32>,
    /// How much it weighs.
    pub weight: Weight,
    /// The file says that it must be.
    pub must: bool,
}

/// The limits of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// As requirements: of a kind one for each.
    pub asked: Vec<Asked>,
    /// Those that no requirement says.
    pub lost: Vec<Ignored>,
}

/// What becomes of one limit.
enum Fate {
    /// It can never be broken in this file's week, or weighs nothing.
    Idle,
    /// No requirement says it.
    Lost,
    /// A requirement of this kind, figure and weight.
    Asked(Kind, Option<i32>, Weight),
}

/// Requirements of the limits. Where a file says one thing of one person twice, the heavier counts, of equally heavy ones the
/// stricter; a lighter one that is stricter is lost.
#[must_use]
pub fn limits(draft: &SchoolDraft) -> Limits {
    let mut best: BTreeMap<(Kind, Whom), (Weight, Option<i32>, bool)> = BTreeMap::new();
    let mut fates = vec![];
    let said = together(draft).flat_map(|limit| plain(&limit, draft));
    let said: Vec<DraftLimit> = said.collect();
    for limit in &said {
        let fate = fate(limit, draft);
        if let Fate::Asked(kind, value, weight) = fate {
            for whom in whom(limit, kind) {
                let must = limit.weight >= MUST;
                let held = best.entry((kind, whom)).or_insert((weight, value, must));
                if weight > held.0 || (weight == held.0 && stricter(kind, value, held.1)) {
                    *held = (weight, value, must);
                }
            }
        }
        fates.push((limit, fate));
    }
    let mut lost: BTreeMap<&str, Ignored> = BTreeMap::new();
    for (limit, fate) in fates {
        let is_lost = match fate {
            Fate::Idle => false,
            Fate::Lost => true,
            Fate::Asked(kind, value, _) => whom(limit, kind).into_iter().any(|whom| {
                best.get(&(kind, whom))
                    .is_some_and(|held| stricter(kind, value, held.1))
            }),
        };
        if is_lost {
            let told = lost.entry(&limit.kind);
            let new = || Ignored::of(&limit.kind, limit.line);
            told.or_insert_with(new).add(limit.line);
        }
    }
    let asked = best
        .into_iter()
        .map(|((kind, whom), (weight, value, must))| Asked {
            kind,
            whom,
            value,
            weight,
            must,
        });
    Limits {
        asked: asked.collect(),
        lost: lost.into_values().collect(),
    }
}

/// All limits; days that begin with the first hour, asked of each class by itself with one weight (so our own files have it), as one limit of all.
fn together(draft: &SchoolDraft) -> impl Iterator<Item = DraftLimit> {
    let first = |limit: &&DraftLimit| limit.what == Limited::LateStartsAWeek && limit.value == 0;
    let of = |limit: &DraftLimit| match &limit.of {
        LimitedOf::Classes(all) => all.clone(),
        LimitedOf::Teachers(_) => vec![],
    };
    let mut asked: BTreeMap<u32, BTreeSet<ClassIx>> = BTreeMap::new();
    for limit in draft.limits.iter().filter(first) {
        asked.entry(limit.weight).or_default().extend(of(limit));
    }
    asked.retain(|_, classes| classes.len() == draft.classes.len());
    let mut told = BTreeSet::new();
    draft.limits.iter().filter_map(move |limit| {
        let all = asked.get(&limit.weight).filter(|_| first(&limit));
        let Some(all) = all else {
            return Some(limit.clone());
        };
        told.insert(limit.weight).then(|| DraftLimit {
            of: LimitedOf::Classes(all.iter().copied().collect()),
            ..limit.clone()
        })
    })
}

/// A day of so many hours that may not be empty is two things: so many hours, and lessons on all days that a class has.
fn plain(limit: &DraftLimit, draft: &SchoolDraft) -> Vec<DraftLimit> {
    let (Limited::LeastHoursEveryDay, LimitedOf::Classes(all)) = (limit.what, &limit.of) else {
        return vec![limit.clone()];
    };
    let mut by_days: BTreeMap<u32, Vec<ClassIx>> = BTreeMap::new();
    for class in all {
        by_days.entry(open_days(draft, *class)).or_default().push(*class);
    }
    let days = by_days.into_iter().map(|(days, classes)| DraftLimit {
        what: Limited::LeastDaysAWeek,
        of: LimitedOf::Classes(classes),
        value: days,
        ..limit.clone()
    });
    let hours = DraftLimit {
        what: Limited::LeastHoursADay,
        ..limit.clone()
    };
    std::iter::once(hours).chain(days).collect()
}

/// Days on which a class can have lessons.
fn open_days(draft: &SchoolDraft, class: ClassIx) -> u32 {
    let Some(class) = draft.classes.get(class.ix()) else {
        return 0;
    };
    let slots = u16::try_from(draft.slots.len()).unwrap_or(u16::MAX);
    let open = |day: &u16| {
        let closed = class.away.day(*day) | draft.breaks.day(*day);
        span(0, slots) & !closed != 0
    };
    let days = (0u16..).take(draft.days.len()).filter(open).count();
    u32::try_from(days).unwrap_or(u32::MAX)
}

fn stricter(kind: Kind, value: Option<i32>, than: Option<i32>) -> bool {
    match kind {
        Kind::TeacherLeast | Kind::ClassLeast | Kind::TeacherDaysLeast | Kind::ClassDaysLeast => value > than,
        _ => value < than,
    }
}

fn whom(limit: &DraftLimit, kind: Kind) -> Vec<Whom> {
    match &limit.of {
        _ if kind == Kind::LateStart => vec![Whom::School],
        LimitedOf::Teachers(all) => all.iter().map(|t| Whom::Teacher(t.ix())).collect(),
        LimitedOf::Classes(all) => all.iter().map(|c| Whom::Class(c.ix())).collect(),
    }
}

fn fate(limit: &DraftLimit, draft: &SchoolDraft) -> Fate {
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (days, slots) = (size(draft.days.len()), size(draft.slots.len()));
    let gaps = slots.saturating_sub(2);
    let value = limit.value;
    let idle = match limit.what {
        Limited::DaysAWeek | Limited::LateStartsAWeek => value >= days,
        Limited::GapsAWeek => value >= days.saturating_mul(gaps),
        Limited::GapsADay => value >= gaps,
        Limited::HoursADay | Limited::HoursInARow => value >= slots,
        Limited::LeastHoursADay | Limited::LeastHoursEveryDay => value <= 1,
        // who comes at all comes on a day
        Limited::LeastDaysAWeek => value <= 1 && matches!(limit.of, LimitedOf::Teachers(_)) || value == 0,
        // a file without buildings asks nothing
        Limited::MovesADay => value >= slots || draft.buildings.len() < 2,
    };
    if idle || limit.weight == 0 {
        return Fate::Idle;
    }
    // what the file counts over a fortnight the school would count by week; none at all is none in both
    let fortnight = cycle_weeks(draft.days.len()) > 1;
    let all_classes = matches!(&limit.of, LimitedOf::Classes(all) if all.len() == draft.classes.len());
    let kind = match (limit.what, &limit.of) {
        (Limited::DaysAWeek, LimitedOf::Teachers(_)) if !fortnight => Kind::TeacherDays,
        (Limited::GapsAWeek, LimitedOf::Teachers(_)) if !fortnight || value == 0 => Kind::TeacherWindowsWeek,
        (Limited::GapsADay, LimitedOf::Teachers(_)) => Kind::TeacherWindows,
        (Limited::HoursADay, LimitedOf::Teachers(_)) => Kind::TeacherLessons,
        (Limited::LeastHoursADay, LimitedOf::Teachers(_)) => Kind::TeacherLeast,
        (Limited::LeastHoursADay, LimitedOf::Classes(_)) => Kind::ClassLeast,
        (Limited::LeastDaysAWeek, LimitedOf::Teachers(_)) if !fortnight => Kind::TeacherDaysLeast,
        (Limited::LeastDaysAWeek, LimitedOf::Classes(_)) if !fortnight => Kind::ClassDaysLeast,
        (Limited::HoursInARow, LimitedOf::Teachers(_)) => Kind::TeacherInRow,
        (Limited::GapsADay, LimitedOf::Classes(_)) => Kind::ClassWindows,
        // a week without a gap is days without one
        (Limited::GapsAWeek, LimitedOf::Classes(_)) if value == 0 => Kind::ClassWindows,
        (Limited::HoursADay, LimitedOf::Classes(_)) => Kind::ClassLessons,
        (Limited::MovesADay, LimitedOf::Teachers(_)) => Kind::TeacherMoves,
        (Limited::MovesADay, LimitedOf::Classes(_)) => Kind::ClassMoves,
        (Limited::LateStartsAWeek, _) if value == 0 && all_classes => Kind::LateStart,
        _ => return Fate::Lost,
    };
    let figure = match (kind.figure(), i32::try_from(value)) {
        (Figure::None, _) => None,
        (Figure::Number(from, to), Ok(n)) if (from..=to).contains(&n) => Some(n),
        _ => return Fate::Lost,
    };
    Fate::Asked(kind, figure, weight(kind, limit.weight))
}

/// The word for a weight in thousandths of a percent: what must be gets the heaviest that the kind may have; of wishes the one
/// whose price is nearest to that share of the dearest, of two equally near ones the heavier.
#[must_use]
pub fn weight(kind: Kind, thousandths: u32) -> Weight {
    let mut words = kind.weights().filter(|w| *w != Weight::Off);
    if thousandths >= MUST {
        return words.next().unwrap_or(kind.usual());
    }
    let price = |w: Weight| u64::from(kind.cost(w).penalty) * u64::from(MUST);
    let wanted = u64::from(kind.cost(Weight::Very).penalty) * u64::from(thousandths);
    let wishes = words.filter(|w| *w != Weight::Must);
    wishes
        .min_by_key(|w| price(*w).abs_diff(wanted))
        .unwrap_or(kind.usual())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use timetable::TeacherIx;
    use timetable::draft::{DraftClass, DraftTeacher};

    /// Two teachers and two classes, five days of seven hours.
    fn school(limits: Vec<DraftLimit>) -> SchoolDraft {
        SchoolDraft {
            days: vec![String::new(); 5],
            slots: vec![String::new(); 7],
            teachers: vec![DraftTeacher::default(); 2],
            classes: vec![DraftClass::default(); 2],
            limits,
            ..SchoolDraft::default()
        }
    }

    fn limit(what: Limited, of: LimitedOf, value: u32, weight: u32) -> DraftLimit {
        DraftLimit {
            what,
            of,
            value,
            weight,
            kind: format!("{what:?}"),
            line: 7,
        }
    }

    fn teachers(all: &[u32]) -> LimitedOf {
        LimitedOf::Teachers(all.iter().map(|n| TeacherIx(*n)).collect())
    }

    fn classes(all: &[u32]) -> LimitedOf {
        LimitedOf::Classes(all.iter().map(|n| ClassIx(*n)).collect())
    }

    #[test]
    fn of_two_limits_the_heavier_counts_and_a_stricter_wish_is_lost() {
        let found = limits(&school(vec![
            limit(Limited::HoursADay, teachers(&[0, 1]), 6, MUST),
            limit(Limited::HoursADay, teachers(&[1]), 4, MUST),
            limit(Limited::HoursADay, teachers(&[0]), 5, 50_000),
        ]));
        let asked: Vec<_> = found.asked.iter().map(|a| (a.whom, a.value, a.weight)).collect();
        assert_eq!(
            asked,
            [
                (Whom::Teacher(0), Some(6), Weight::Must),
                (Whom::Teacher(1), Some(4), Weight::Must)
            ]
        );
        assert_eq!(found.lost.len(), 1);
        assert_eq!((found.lost[0].count, found.lost[0].line), (1, 7));
    }

    #[test]
    fn pupils_without_gaps_in_a_week_have_none_on_a_day_and_other_figures_are_lost() {
        let found = limits(&school(vec![
            limit(Limited::GapsAWeek, classes(&[0, 1]), 0, MUST),
            limit(Limited::LateStartsAWeek, classes(&[0, 1]), 0, MUST),
            // of one class alone, with a weight of its own
            limit(Limited::LateStartsAWeek, classes(&[0]), 0, 60_000),
            limit(Limited::GapsAWeek, classes(&[1]), 2, MUST),
            limit(Limited::HoursInARow, classes(&[1]), 4, MUST),
        ]));
        let asked: Vec<_> = found.asked.iter().map(|a| (a.kind, a.whom, a.value)).collect();
        assert_eq!(
            asked,
            [
                (Kind::ClassWindows, Whom::Class(0), Some(0)),
                (Kind::ClassWindows, Whom::Class(1), Some(0)),
                (Kind::LateStart, Whom::School, None)
            ]
        );
        let lost: u32 = found.lost.iter().map(|l| l.count).sum();
        assert_eq!(lost, 3, "{found:?}");
    }

    #[test]
    fn first_hours_of_each_class_by_itself_are_those_of_the_school() {
        let early = |class| limit(Limited::LateStartsAWeek, classes(&[class]), 0, MUST);
        let found = limits(&school(vec![early(1), early(0), early(1)]));
        let asked: Vec<_> = found.asked.iter().map(|a| (a.kind, a.whom, a.weight)).collect();
        assert_eq!(asked, [(Kind::LateStart, Whom::School, Weight::Must)]);
        assert_eq!(found.lost, vec![]);
        let one = limits(&school(vec![early(1)]));
        assert_eq!((one.asked.len(), one.lost.len()), (0, 1), "{one:?}");
    }

    #[test]
    fn changes_of_building_are_asked_where_there_are_buildings() {
        let moves = |of| limit(Limited::MovesADay, of, 1, MUST);
        let mut draft = school(vec![moves(teachers(&[1])), moves(classes(&[0]))]);
        assert_eq!(limits(&draft), Limits::default(), "nobody changes anything");
        draft.buildings = vec!["A".into(), "B".into()];
        let found = limits(&draft);
        let asked: Vec<_> = found
            .asked
            .iter()
            .map(|a| (a.kind, a.whom, a.value, a.weight))
            .collect();
        assert_eq!(
            asked,
            [
                (Kind::TeacherMoves, Whom::Teacher(1), Some(1), Weight::Must),
                (Kind::ClassMoves, Whom::Class(0), Some(1), Weight::Must)
            ]
        );
        assert_eq!(found.lost, vec![]);
    }

    #[test]
    fn what_cannot_be_broken_is_neither_asked_nor_lost_and_a_fortnight_is_no_week() {
        let days = |value| limit(Limited::DaysAWeek, teachers(&[0]), value, MUST);
        assert_eq!(limits(&school(vec![days(5)])), Limits::default());
        let mut fortnight = school(vec![days(6)]);
        fortnight.days = vec![String::new(); 10];
        let found = limits(&fortnight);
        assert_eq!((found.asked.len(), found.lost.len()), (0, 1));
    }

    #[test]
    fn days_that_are_never_empty_are_two_requirements() {
        let mut draft = school(vec![
            limit(Limited::LeastHoursEveryDay, classes(&[0, 1]), 4, MUST),
            limit(Limited::LeastDaysAWeek, teachers(&[1]), 3, MUST),
            limit(Limited::LeastDaysAWeek, teachers(&[0]), 1, MUST),
        ]);
        // the second class is never there on Friday
        draft.classes[1].away.add(4, span(0, 7));
        let found = limits(&draft);
        let mut asked: Vec<_> = found
            .asked
            .iter()
            .map(|a| (a.whom, a.kind, a.value, a.weight))
            .collect();
        asked.sort_by_key(|a| (a.0, a.1));
        assert_eq!(
            asked,
            [
                (Whom::Teacher(1), Kind::TeacherDaysLeast, Some(3), Weight::Must),
                (Whom::Class(0), Kind::ClassLeast, Some(4), Weight::Must),
                (Whom::Class(0), Kind::ClassDaysLeast, Some(5), Weight::Must),
                (Whom::Class(1), Kind::ClassLeast, Some(4), Weight::Must),
                (Whom::Class(1), Kind::ClassDaysLeast, Some(4), Weight::Must),
            ]
        );
        assert_eq!(found.lost, []);
    }

    proptest! {
        /// Whatever a file says: the page would have taken every row, and nothing disappears untold but what is idle.
        #[test]
        fn every_row_is_one_that_the_page_takes(what in 0usize..8, value in 0u32..30, weight in 1u32..=MUST, of_classes: bool) {
            let all = [Limited::DaysAWeek, Limited::GapsAWeek, Limited::GapsADay, Limited::HoursADay,
                Limited::LeastHoursADay, Limited::HoursInARow, Limited::LateStartsAWeek, Limited::LeastDaysAWeek];
            let of = if of_classes { classes(&[0, 1]) } else { teachers(&[0, 1]) };
            let draft = school(vec![limit(all[what], of, value, weight)]);
            let found = limits(&draft);
            for row in &found.asked {
                prop_assert!(row.kind.may_weigh(row.weight) && row.weight != Weight::Off);
                match row.kind.figure() {
                    Figure::Number(from, to) => prop_assert!((from..=to).contains(&row.value.unwrap())),
                    _ => prop_assert_eq!(row.value, None),
                }
            }
            let idle = matches!(fate(&draft.limits[0], &draft), Fate::Idle);
            prop_assert_eq!(found.asked.is_empty() && found.lost.is_empty(), idle);
            prop_assert!(found.asked.is_empty() || found.lost.is_empty());
        }

        /// A heavier percentage is never a lighter word.
        #[test]
        fn words_grow_with_percentages(a in 1u32..=MUST, b in 1u32..=MUST) {
            for kind in [Kind::TeacherDays, Kind::TeacherLeast, Kind::ClassWindows, Kind::LateStart] {
                prop_assert!(weight(kind, a.min(b)) <= weight(kind, a.max(b)));
            }
        }
    }
}
