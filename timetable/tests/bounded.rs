//! Most hours and days of lessons and persons: what the board says is what the definition says, slowly; the search counts the same.
#![cfg(all(feature = "engine", feature = "fet"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod composed;

use std::collections::BTreeSet;

use composed::{clashes, search};
use proptest::prelude::*;
use timetable::compose::{Composition, Demand, places};
use timetable::draft::DraftBoundOf;
use timetable::problem::evaluate;
use timetable::*;

const DAYS: u16 = 3;
const SLOTS: u16 = 5;

/// Teacher, audience (0 and 1: classes, 2 and 3: halves of the first), duration, weeks.
type Facts = (u32, u32, u16, u8);

fn facts() -> impl Strategy<Value = Facts> {
    (0u32..2, 0u32..4, 1u16..3, 0u8..4)
}

fn audience(n: u32) -> Audience {
    match n {
        0 | 1 => Audience::Class(ClassIx(n)),
        _ => Audience::Group(GroupIx(n - 2)),
    }
}

/// Whose, what, figure, hours that are left out.
type Asked = (u8, u8, u16, Vec<(u16, u16)>);

fn asked() -> impl Strategy<Value = Asked> {
    let out = prop::collection::vec((0..DAYS, 0..SLOTS), 0..7);
    (0u8..7, 0u8..6, 0u16..5, out)
}

fn bound(cards: usize, (whose, what, figure, out): &Asked) -> BoundSpec {
    let mut times = TimeSet::daily(DAYS, 0, SLOTS);
    out.iter().for_each(|(day, slot)| times.remove(*day, *slot));
    BoundSpec {
        of: match whose {
            0 | 1 => BoundOf::Teacher(TeacherIx((*whose).into())),
            2..=5 => BoundOf::Pupils(audience(u32::from(*whose) - 2)),
            _ => BoundOf::Cards((0..cards).step_by(2).map(CardIx::at).collect()),
        },
        what: match what {
            0 => Bounded::Hours,
            1 => Bounded::HoursADay,
            2 => Bounded::HoursInARow,
            3 => Bounded::Days,
            4 => Bounded::Rest { around: false },
            _ => Bounded::Rest { around: true },
        },
        times,
        figure: *figure,
    }
}

fn school(cards: &[Facts], bounds: &[Asked]) -> BoardSpec {
    let class = ClassSpec {
        bells: TimeSet::daily(DAYS, 0, SLOTS),
        ..ClassSpec::default()
    };
    let group = GroupSpec {
        class: ClassIx(0),
        split: 1,
        pupils: 0,
        away: TimeSet::new(),
        atoms: vec![],
    };
    let card = |(teacher, of, duration, weeks): &Facts| CardSpec {
        duration: *duration,
        weeks: [Weeks::Every, Weeks::Every, Weeks::Odd, Weeks::Even][usize::from(*weeks)],
        ..CardSpec::lesson(SubjectIx(0), TeacherIx(*teacher), audience(*of))
    };
    BoardSpec {
        days: DAYS,
        slots: SLOTS,
        teachers: vec![TeacherSpec::default(); 2],
        classes: vec![class; 2],
        groups: vec![group; 2],
        cards: cards.iter().map(card).collect(),
        bounds: bounds.iter().map(|asked| bound(cards.len(), asked)).collect(),
        wishes: Wishes {
            teacher_window: 0,
            class_window: 0,
            other_room: 0,
            no_room: 0,
        },
        ..BoardSpec::default()
    }
}

/// The cards of each whom a bound is about: of pupils each kind of them.
fn lists(spec: &BoardSpec, of: &BoundOf) -> Vec<Vec<CardIx>> {
    let cards = |is: &dyn Fn(&CardSpec) -> bool| {
        let all = spec.cards.iter().enumerate().filter(|(_, card)| is(card));
        all.map(|(n, _)| CardIx::at(n)).collect::<Vec<_>>()
    };
    let pupils = |sits: &[Audience]| cards(&|card| card.audience.iter().any(|of| sits.contains(of)));
    match of {
        BoundOf::Cards(list) => vec![list.clone()],
        BoundOf::Teacher(teacher) => vec![cards(&|card| card.teachers.contains(teacher))],
        BoundOf::Pupils(Audience::Class(ClassIx(1))) => vec![pupils(&[audience(1)])],
        BoundOf::Pupils(Audience::Class(_)) => {
            [2, 3].map(|half| pupils(&[audience(0), audience(half)])).to_vec()
        }
        BoundOf::Pupils(half) => vec![pupils(&[audience(0), *half])],
    }
}

/// By how much a bound is broken, by its words.
fn over(spec: &BoardSpec, bound: &BoundSpec) -> usize {
    let figure = usize::from(bound.figure);
    let more = |n: usize| n.saturating_sub(figure);
    let mut sum = 0;
    for list in lists(spec, &bound.of) {
        for week in 0..2 {
            let mut taken = BTreeSet::new();
            for card in list.iter().map(|card| &spec.cards[card.ix()]) {
                if let Some(at) = card.placement.filter(|_| card.weeks.parities().contains(&week)) {
                    taken.extend((at.slot..at.slot + card.duration).map(|slot| (at.day, slot)));
                }
            }
            taken.retain(|(day, slot)| bound.times.contains(*day, *slot));
            // of each day the hours that the bound is about, one after the other, and whether they are taken
            let days: Vec<Vec<(u16, bool)>> = (0..DAYS)
                .map(|day| {
                    let hours = (0..SLOTS).filter(|slot| bound.times.contains(day, *slot));
                    hours.map(|slot| (slot, taken.contains(&(day, slot)))).collect()
                })
                .collect();
            let busy = |day: &Vec<(u16, bool)>| day.iter().filter(|(_, is)| *is).count();
            sum += match bound.what {
                Bounded::Hours => more(taken.len()),
                Bounded::HoursADay => days.iter().map(|day| more(busy(day))).sum(),
                Bounded::Days => more(days.iter().filter(|day| busy(day) > 0).count()),
                Bounded::HoursInARow => days
                    .iter()
                    .flat_map(|day| day.windows(figure + 1))
                    .filter(|run| run.iter().all(|(_, is)| *is))
                    .filter(|run| usize::from(run[figure].0 - run[0].0) == figure)
                    .count(),
                Bounded::Rest { around } => {
                    let nights = (0..days.len()).map(|day| (day, (day + 1) % days.len()));
                    let nights = nights.filter(|(_, next)| *next > 0 || around);
                    nights
                        .map(|(day, next)| {
                            let Some(begins) = days[next].iter().position(|(_, is)| *is) else {
                                return 0;
                            };
                            let ends = days[day].iter().rev().enumerate().filter(|(_, (_, is))| *is);
                            ends.filter(|(left, _)| left + begins < figure).count()
                        })
                        .sum()
                }
            };
        }
    }
    sum
}

fn told(reasons: &[Reason]) -> Vec<(u32, usize)> {
    let bound = |reason: &Reason| match reason {
        Reason::Bound { bound, over } => Some((*bound, usize::from(*over))),
        _ => None,
    };
    reasons.iter().filter_map(bound).collect()
}

/// Whether a card meets another one, by its people.
fn meets(board: &Board, card: CardIx, (day, slot): (u16, u16)) -> bool {
    let verdict = board.judge(card, day, slot, None);
    let busy = |r: &Reason| {
        matches!(
            r,
            Reason::TeacherBusy { .. } | Reason::AudienceBusy { .. } | Reason::OffBoard { .. }
        )
    };
    verdict.reasons.iter().any(busy)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_judge_and_the_review_say_what_the_words_say(
        cards in prop::collection::vec(facts(), 1..9),
        bounds in prop::collection::vec(asked(), 1..4),
        moves in prop::collection::vec((0usize..9, 0..=DAYS, 0..SLOTS), 0..20),
    ) {
        let mut board = Board::new(school(&cards, &bounds)).unwrap();
        for (n, day, slot) in moves {
            let card = CardIx::at(n % cards.len());
            if day == DAYS {
                board.unplace(card);
            } else {
                let _ = board.place(card, day, slot, None);
            }
        }
        for card in board.card_indices() {
            let mut without = board.clone();
            without.unplace(card);
            for (day, slot) in (0..DAYS).flat_map(|day| (0..SLOTS).map(move |slot| (day, slot))) {
                if meets(&board, card, (day, slot)) {
                    continue;
                }
                let mut there = without.clone();
                there.place(card, day, slot, None).unwrap();
                let more = |n: &u32| {
                    let bound = &board.spec().bounds[usize::try_from(*n).unwrap()];
                    (*n, over(there.spec(), bound) - over(without.spec(), bound))
                };
                let all = 0..u32::try_from(bounds.len()).unwrap();
                let expected: Vec<_> = all.map(|n| more(&n)).filter(|(_, more)| *more > 0).collect();
                let verdict = board.judge(card, day, slot, None);
                prop_assert_eq!(told(&verdict.reasons), expected.clone(), "{:?} {} {}", card, day, slot);
                prop_assert_eq!(verdict.level == Level::Clash, !expected.is_empty());
            }
        }
        let reasons: Vec<Reason> = board.conflicts().iter().map(|p| p.reason).collect();
        let all = (0u32..).zip(&board.spec().bounds).map(|(n, bound)| (n, over(board.spec(), bound)));
        prop_assert_eq!(told(&reasons), all.filter(|(_, over)| *over > 0).collect::<Vec<_>>());
    }

    #[test]
    fn a_whole_timetable_clashes_where_the_search_counts_a_breach(
        cards in prop::collection::vec((facts(), 0..DAYS, 0..SLOTS - 1), 1..9),
        bounds in prop::collection::vec(asked(), 1..4),
    ) {
        let facts: Vec<Facts> = cards.iter().map(|(facts, ..)| *facts).collect();
        let mut board = Board::new(school(&facts, &bounds)).unwrap();
        for (n, (_, day, slot)) in cards.iter().enumerate() {
            board.place(CardIx::at(n), *day, *slot, None).unwrap();
        }
        let composition = Composition::new(&board, &[]);
        let solution = composition.solution(&places(&board));
        let cost = evaluate(composition.problem(), &solution);
        prop_assert_eq!(cost.hard > 0, !clashes(&board).is_empty(), "{:?} {:?}", cost, board.conflicts());
    }

    #[test]
    fn what_a_search_meets_clashes_nowhere(
        cards in prop::collection::vec(facts(), 1..9),
        bounds in prop::collection::vec(asked(), 1..4),
        seed in 0u64..100,
    ) {
        let board = Board::new(school(&cards, &bounds)).unwrap();
        let composition = Composition::new(&board, &[]);
        let (cost, solution) = search(&composition, seed, 3000, None);
        if cost.hard == 0 {
            prop_assert_eq!(clashes(&composition.settle(&solution)), vec![]);
        }
        // what is proved to collide is met by no search
        let found = composition.contradictions(3, 200_000);
        prop_assert!(cost.hard > 0 || !found.iter().any(|c| c.proved), "{:?}", found);
    }
}

/// Three lessons of a class that may lie in the first hour only, of which the file allows two: proved, with the bound among what to loosen.
/// Lessons of a list may be held at once, so of them a proof counts nothing.
#[test]
fn bounds_collide_with_hours() {
    let mut spec = school(&[(0, 0, 1, 0); 3], &[]);
    for card in &mut spec.cards {
        card.away = TimeSet::daily(DAYS, 1, SLOTS);
    }
    for (of, what) in [
        (BoundOf::Teacher(TeacherIx(0)), Bounded::Hours),
        (BoundOf::Teacher(TeacherIx(0)), Bounded::Days),
        (BoundOf::Pupils(audience(0)), Bounded::Days),
    ] {
        spec.bounds = vec![BoundSpec {
            of,
            what,
            times: TimeSet::daily(DAYS, 0, SLOTS),
            figure: 2,
        }];
        let composition = Composition::new(&Board::new(spec.clone()).unwrap(), &[]);
        let found = composition.contradictions(5, 1_000_000);
        let named = |of: &[Demand]| of.contains(&Demand::Bound(0));
        assert!(
            found
                .iter()
                .any(|c| c.proved && named(&c.demands) && named(&c.loosen)),
            "{what:?}: {found:?}"
        );
    }
}

fn said(kind: &str, weight: &str, fields: &str) -> String {
    format!(
        "<{kind}><Weight_Percentage>{weight}</Weight_Percentage>{fields}<Active>true</Active><Comments></Comments></{kind}>\n"
    )
}

/// Two classes, the first in two halves; of each lesson one has the tag.
fn file(mode: &str, rules: &str) -> String {
    let activity = |id: u32, teacher: &str, students: &str, tag: &str| {
        format!(
            "<Activity><Teacher>{teacher}</Teacher><Subject>S</Subject><Students>{students}</Students>{tag}<Duration>1</Duration>\
             <Total_Duration>1</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>\n"
        )
    };
    let lab = "<Activity_Tag>Lab</Activity_Tag>";
    let activities = [
        activity(1, "A", "5A", lab),
        activity(2, "A", "5A", ""),
        activity(3, "B", "5A x", lab),
        activity(4, "B", "5A y", lab),
        activity(5, "B", "5B", ""),
    ];
    let named = |element: &str, names: &[&str]| -> String {
        names
            .iter()
            .map(|name| format!("<{element}><Name>{name}</Name></{element}>"))
            .collect()
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.8.5\"><Mode>{mode}</Mode><Institution_Name>S</Institution_Name><Comments></Comments>\
         <Days_List><Number_of_Days>2</Number_of_Days>{}</Days_List><Hours_List><Number_of_Hours>4</Number_of_Hours>{}</Hours_List>\
         <Subjects_List>{}</Subjects_List><Activity_Tags_List>{}</Activity_Tags_List><Teachers_List>{}</Teachers_List>\
         <Students_List><Year><Name>5A</Name><Group><Name>5A x</Name></Group><Group><Name>5A y</Name></Group></Year><Year><Name>5B</Name></Year></Students_List>\
         <Activities_List>\n{}</Activities_List><Buildings_List></Buildings_List><Rooms_List></Rooms_List>\
         <Time_Constraints_List>\n{}{rules}</Time_Constraints_List><Space_Constraints_List>\n{}</Space_Constraints_List></fet>",
        named("Day", &["Mo", "Tu"]),
        named("Hour", &["1", "2", "3", "4"]),
        named("Subject", &["S"]),
        named("Activity_Tag", &["Lab"]),
        named("Teacher", &["A", "B"]),
        activities.concat(),
        said("ConstraintBasicCompulsoryTime", "100", ""),
        said("ConstraintBasicCompulsorySpace", "100", ""),
    )
}

fn rules() -> String {
    let ids = "<Number_of_Activities>2</Number_of_Activities><Activity_Id>2</Activity_Id><Activity_Id>5</Activity_Id>";
    let slot = "<Selected_Time_Slot><Selected_Day>Tu</Selected_Day><Selected_Hour>2</Selected_Hour></Selected_Time_Slot>";
    let interval = "<Interval_Start_Hour>2</Interval_Start_Hour><Interval_End_Hour>4</Interval_End_Hour><Max_Days_Per_Week>1</Max_Days_Per_Week>";
    let to_the_end = "<Interval_Start_Hour>3</Interval_Start_Hour><Interval_End_Hour></Interval_End_Hour><Max_Days_Per_Week>0</Max_Days_Per_Week>";
    let rest = |around: bool| {
        format!("<Minimum_Resting_Hours>3</Minimum_Resting_Hours><Circular>{around}</Circular>")
    };
    [
        said(
            "ConstraintActivitiesOccupyMaxTimeSlotsFromSelection",
            "100",
            &format!(
                "{ids}<Number_of_Selected_Time_Slots>1</Number_of_Selected_Time_Slots>{slot}\
                 <Max_Number_of_Occupied_Time_Slots>1</Max_Number_of_Occupied_Time_Slots>"
            ),
        ),
        said("ConstraintTeacherIntervalMaxDaysPerWeek", "100", &format!("<Teacher>B</Teacher>{interval}")),
        said("ConstraintStudentsIntervalMaxDaysPerWeek", "90", to_the_end),
        said("ConstraintTeachersMinRestingHours", "100", &rest(true)),
        said("ConstraintStudentsSetMinRestingHours", "100", &format!("<Students>5A y</Students>{}", rest(false))),
        said(
            "ConstraintStudentsSetActivityTagMaxHoursDaily",
            "100",
            "<Maximum_Hours_Daily>1</Maximum_Hours_Daily><Students>5A</Students><Activity_Tag>Lab</Activity_Tag>",
        ),
        said(
            "ConstraintTeachersActivityTagMaxHoursContinuously",
            "100",
            "<Activity_Tag_Name>Lab</Activity_Tag_Name><Maximum_Hours_Continuously>1</Maximum_Hours_Continuously>",
        ),
    ]
    .concat()
}

#[test]
fn a_file_says_bounds_of_lessons_and_of_persons() {
    let draft = fet::import(file("Official", &rules()).as_bytes()).unwrap();
    let kept: Vec<&str> = draft
        .ignored
        .iter()
        .map(|i| i.kind.as_str())
        .filter(|kind| kind.starts_with("Constraint"))
        .collect();
    assert_eq!(kept, Vec::<&str>::new());
    let card = |id: u32| {
        let mut all = draft.card_list();
        all.find(|(_, _, card)| card.source_id == id).unwrap().0
    };
    let cards = |ids: &[u32]| {
        let mut all: Vec<CardIx> = ids.iter().map(|id| card(*id)).collect();
        all.sort_unstable();
        all
    };
    let lists = |all: &[&[u32]]| {
        let mut all: Vec<_> = all.iter().map(|ids| cards(ids)).collect();
        all.sort();
        DraftBoundOf::Lists(all)
    };
    let mut one = TimeSet::new();
    one.insert(1, 1);
    let all = || TimeSet::daily(2, 0, 4);
    let half = draft.groups.iter().position(|g| g.name.contains('y')).unwrap();
    let classes = (0..draft.classes.len()).map(|n| Audience::Class(ClassIx::at(n)));
    let expected = [
        (lists(&[&[2, 5]]), Bounded::Hours, one, 1, 100_000),
        (
            DraftBoundOf::Teachers(vec![TeacherIx(1)]),
            Bounded::Days,
            TimeSet::daily(2, 1, 3),
            1,
            100_000,
        ),
        (
            DraftBoundOf::Pupils(classes.collect()),
            Bounded::Days,
            TimeSet::daily(2, 2, 4),
            0,
            90_000,
        ),
        (
            DraftBoundOf::Teachers(vec![TeacherIx(0), TeacherIx(1)]),
            Bounded::Rest { around: true },
            all(),
            3,
            100_000,
        ),
        (
            DraftBoundOf::Pupils(vec![Audience::Group(GroupIx::at(half))]),
            Bounded::Rest { around: false },
            all(),
            3,
            100_000,
        ),
        // of each half what it has
        (lists(&[&[1, 3], &[1, 4]]), Bounded::HoursADay, all(), 1, 100_000),
        (lists(&[&[1], &[3, 4]]), Bounded::HoursInARow, all(), 1, 100_000),
    ];
    let mut found: Vec<_> = draft
        .bounds
        .iter()
        .map(|b| {
            let mut of = b.of.clone();
            if let DraftBoundOf::Lists(lists) = &mut of {
                lists.iter_mut().for_each(|list| list.sort_unstable());
                lists.sort();
            }
            (of, b.what, b.times.clone(), b.figure, b.weight)
        })
        .collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.drain(..).zip(expected) {
        assert_eq!(found, expected);
    }
    // mornings and afternoons are other days: there they stay unread, and are told
    let other = fet::import(file("Mornings_Afternoons", &rules()).as_bytes()).unwrap();
    let told = other.ignored.iter().filter(|i| i.kind.starts_with("Constraint"));
    assert_eq!((other.bounds.len(), told.map(|i| i.count).sum::<u32>()), (0, 7));
}
