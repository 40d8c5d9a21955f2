use base::{LessonId, PupilId};
use uuid::Uuid;

use super::*;

const SCHOOL: SchoolId = SchoolId(10);
const LOAD: LoadId = LoadId(500);

fn lesson(id: i64) -> Topic {
    Topic::Lesson(SCHOOL, LessonId(id))
}

/// Is there something to hear, without waiting?
async fn hears(listener: &Listener) -> bool {
    tokio::time::timeout(Duration::from_millis(20), listener.heard())
        .await
        .is_ok()
}

#[tokio::test]
async fn only_who_listens_for_it_hears_it_and_not_after_it_is_dropped() {
    let live = Live::default();
    let (first, second) = (live.listen([lesson(1)]), live.listen([lesson(2)]));
    live.tell([lesson(1), Topic::Pupil(SCHOOL, PupilId(1))]);
    assert!(hears(&first).await);
    assert!(!hears(&first).await, "once is once");
    assert!(!hears(&second).await);
    drop(first);
    assert!(
        live.with(|s| !s.listeners.contains_key(&lesson(1))),
        "nothing is left of it"
    );
    live.end();
    assert!(hears(&second).await);
    assert!(live.has_ended());
}

#[tokio::test]
async fn what_happened_while_one_was_busy_is_heard_afterwards() {
    let live = Live::default();
    let listener = live.listen([lesson(1)]);
    live.tell([lesson(1)]);
    live.tell([lesson(1)]);
    assert!(hears(&listener).await);
    assert!(!hears(&listener).await, "two things before a look are one look");
}

#[tokio::test]
async fn a_person_with_two_windows_is_there_until_both_are_closed() {
    let live = Live::default();
    let watcher = live.listen([Topic::Present(SCHOOL, LOAD)]);
    let mut windows = vec![];
    for _ in 0..2 {
        let mut window = live.listen([]);
        window.sit_down(SCHOOL, LOAD, PersonId(1));
        windows.push(window);
    }
    assert!(hears(&watcher).await);
    assert_eq!(live.present(SCHOOL, LOAD), BTreeSet::from([PersonId(1)]));
    windows.pop();
    assert_eq!(live.present(SCHOOL, LOAD), BTreeSet::from([PersonId(1)]));
    windows.pop();
    assert_eq!(live.present(SCHOOL, LOAD), BTreeSet::new());
    assert!(hears(&watcher).await);
}

#[tokio::test]
async fn what_another_process_says_is_heard_and_its_people_are_forgotten_when_it_falls_silent() {
    let live = Live::new(Uuid::from_u128(1));
    let there = Uuid::from_u128(2);
    let listener = live.listen([lesson(1), Topic::Present(SCHOOL, LOAD)]);
    let say = |all: &[Said], at: Instant| {
        for line in write(there, all) {
            live.heard(&line, at);
        }
    };
    let now = Instant::now();
    say(&[Said::Of(lesson(1))], now);
    assert!(hears(&listener).await);
    say(&[Said::Here(SCHOOL, LOAD, vec![PersonId(7)])], now);
    assert!(hears(&listener).await);
    assert_eq!(live.present(SCHOOL, LOAD), BTreeSet::from([PersonId(7)]));
    // said again every while: no news
    say(&[Said::Here(SCHOOL, LOAD, vec![PersonId(7)])], now);
    assert!(!hears(&listener).await);
    say(&[Said::Here(SCHOOL, LOAD, vec![])], now);
    assert!(hears(&listener).await);
    assert_eq!(live.present(SCHOOL, LOAD), BTreeSet::new());
    let long_ago = now.checked_sub(FORGET).unwrap();
    say(&[Said::Here(SCHOOL, LOAD, vec![PersonId(7)])], long_ago);
    assert_eq!(live.present(SCHOOL, LOAD), BTreeSet::new());
    // its own words come back to a process too: it has heard them already
    for line in write(Uuid::from_u128(1), &[Said::Of(lesson(1))]) {
        live.heard(&line, now);
    }
    let _ = hears(&listener).await;
    assert!(!hears(&listener).await);
}

#[test]
fn what_is_to_be_said_is_said_once() {
    let live = Live::default();
    live.tell([lesson(1), lesson(1), lesson(2)]);
    let mut window = live.listen([]);
    window.sit_down(SCHOOL, LOAD, PersonId(3));
    let all = live.with(State::take_words);
    assert_eq!(
        all,
        [
            Said::Of(lesson(1)),
            Said::Of(lesson(2)),
            Said::Here(SCHOOL, LOAD, vec![PersonId(3)])
        ]
    );
    assert_eq!(live.with(State::take_words), []);
}
