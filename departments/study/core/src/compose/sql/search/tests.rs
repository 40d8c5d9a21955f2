//! A stop is heard between any two steps of a search, at the size of a school and of the largest ones: counted, not timed.

use base::{CardId, ClassId, EmployeeId, RoomId};
use timetable::{
    Audience, BoardSpec, CardSpec, ClassIx, ClassSpec, Placement, RoomIx, RoomSpec, SubjectIx, TeacherIx,
    TeacherSpec, TimeSet,
};

use super::*;

/// Counts looks at the flag; at a certain one somebody stops the search, at another one it breaks off.
#[derive(Default)]
pub(super) struct Looks {
    so_far: AtomicU64,
    /// 0: never.
    stop_at: AtomicU64,
    break_at: AtomicU64,
}

impl Looks {
    pub(super) fn count(&self, stop: &AtomicBool) {
        let now = self.so_far.fetch_add(1, Ordering::Relaxed) + 1;
        if now == self.stop_at.load(Ordering::Relaxed) {
            stop.store(true, Ordering::Relaxed);
        }
        assert_ne!(now, self.break_at.load(Ordering::Relaxed), "it breaks off here");
    }
}

fn ids<T>(many: usize, id: impl Fn(i64) -> T) -> Vec<T> {
    (1..).take(many).map(id).collect()
}

/// So many classes of 34 lessons a week, none of which has a place.
fn question(classes: u32) -> Question {
    let mut spec = BoardSpec {
        days: 6,
        slots: 7,
        teachers: (0..classes.div_ceil(4) * 17)
            .map(|_| TeacherSpec::default())
            .collect(),
        classes: (0..classes)
            .map(|_| ClassSpec {
                bells: TimeSet::daily(6, 0, 7),
                ..ClassSpec::default()
            })
            .collect(),
        rooms: (0..classes).map(|_| RoomSpec::default()).collect(),
        ..BoardSpec::default()
    };
    for class in 0..classes {
        for lesson in 0..34 {
            let teacher = TeacherIx(class / 4 * 17 + lesson / 2);
            let mut card = CardSpec::lesson(SubjectIx(lesson / 2), teacher, Audience::Class(ClassIx(class)));
            card.room.needed = true;
            card.room.allowed = vec![RoomIx(class)];
            spec.cards.push(card);
        }
    }
    Question {
        keep: vec![],
        cards: ids(spec.cards.len(), CardId),
        rooms: ids(spec.rooms.len(), RoomId),
        teachers: ids(spec.teachers.len(), EmployeeId),
        classes: ids(spec.classes.len(), ClassId),
        spec,
    }
}

fn task(question: Question) -> Task {
    Task {
        question,
        seed: 1,
        left: Duration::from_secs(3600),
        best: None,
    }
}

fn looked(shared: &Shared) -> u64 {
    shared.looks.so_far.load(Ordering::Relaxed)
}

/// Also while the problem is made out of the school, and while it is prepared: the larger the school, the oftener it is looked.
#[test]
fn a_stop_is_heard_between_any_two_steps() {
    for (classes, cards, stops) in [
        (33, 1_100, &[1, 2, 9, 30, 60, 120, 1_000, 2_000][..]),
        (109, 3_700, &[1, 50, 100, 200, 400, 3_000][..]),
    ] {
        let task = task(question(classes));
        assert!(task.question.cards.len() >= cards);
        let mut early = 0;
        for stop_at in stops {
            let shared = Shared::default();
            shared.looks.stop_at.store(*stop_at, Ordering::Relaxed);
            let threads = 2;
            assert_eq!(search(&task, threads, &shared), Ok(()));
            // whoever was between two looks has one more, and nobody begins anything after it
            let most = stop_at + u64::from(threads) - 1;
            assert!(
                (*stop_at..=most).contains(&looked(&shared)),
                "{} looks, stopped at {stop_at}",
                looked(&shared)
            );
            let Some(best) = shared.now().best else {
                early += 1;
                continue;
            };
            assert_eq!(best.places.len(), task.question.cards.len());
            assert_eq!(best.figures.clashes, 0);
        }
        // of these stops some come before there is anything to be told, and the last do not
        assert!((3..stops.len()).contains(&early), "{early} of {}", stops.len());
    }
}

/// Nothing worse comes out than the draft as it was: what is told first is that, with a place for what lay nowhere.
#[test]
fn the_draft_as_it_was_is_the_first_best() {
    let mut asked = question(4);
    let place = |slot: u16| Placement {
        day: slot / 7,
        slot: slot % 7,
        room: Some(RoomIx(0)),
    };
    for (slot, card) in (0..).zip(asked.spec.cards.iter_mut().take(20)) {
        card.placement = Some(place(slot));
    }
    let task = task(asked);
    let first = (1..10_000).find_map(|stop_at| {
        let shared = Shared::default();
        shared.looks.stop_at.store(stop_at, Ordering::Relaxed);
        assert_eq!(search(&task, 1, &shared), Ok(()));
        shared.now().best
    });
    let first = first.expect("it is told before the search begins");
    for (slot, at) in (0..20).zip(&first.places) {
        assert_eq!(*at, Some(place(slot)));
    }
    assert_eq!((first.figures.unplaced, first.moved), (0, 4 * 34 - 20));
}

/// Nobody's best is lost when a search breaks off: the others end, and it is told as a fault of ours.
#[test]
fn a_search_that_breaks_off_is_a_fault_and_its_best_is_told() {
    let task = task(question(4));
    let prepared = (1..).find(|stop_at| {
        let before = Shared::default();
        before.looks.stop_at.store(*stop_at, Ordering::Relaxed);
        assert_eq!(search(&task, 2, &before), Ok(()));
        before.now().best.is_some()
    });
    let prepared = prepared.unwrap();
    let before = Shared::default();
    before.looks.stop_at.store(prepared, Ordering::Relaxed);
    assert_eq!(search(&task, 2, &before), Ok(()));
    let first = before.now().best.unwrap().cost;
    let shared = Shared::default();
    shared.looks.break_at.store(prepared + 400, Ordering::Relaxed);
    assert_eq!(search(&task, 2, &shared), Err(Failure::Fault));
    let best = shared.now().best.unwrap();
    assert!(best.cost <= first);
    assert_eq!((best.figures.clashes, best.figures.unplaced), (0, 0));
    // the only one takes the thread with it; what was told is there
    let alone = Shared::default();
    alone.looks.break_at.store(prepared + 100, Ordering::Relaxed);
    let fell = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| search(&task, 1, &alone)));
    assert!(fell.is_err());
    assert!(alone.now().best.is_some());
}
