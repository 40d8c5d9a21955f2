//! What the plan offers the journal for a lesson: taken by one press, and saved like anything that is typed there.

use base::{LessonId, WorkTypeId};
use serde::{Deserialize, Serialize};

use super::lay::{PlanLesson, lay};
use super::row::Plan;

/// What the plan has for a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Of which lesson.
    pub lesson: LessonId,
    /// The topic.
    pub topic: String,
    /// What is set for home.
    pub homework: Option<String>,
    /// How long that takes, minutes.
    pub minutes: Option<i16>,
    /// Which of the topic's lessons this is, from 1, and how many it has.
    pub hour: (i16, i16),
    /// The kind of work that the row has, on the last of its lessons.
    #[serde(default)]
    pub work: Option<WorkTypeId>,
}

/// The offers for all lessons that exist.
#[must_use]
pub fn offers(plan: &Plan, lessons: &[PlanLesson]) -> Vec<Offer> {
    let laid = lay(plan, lessons);
    lessons
        .iter()
        .zip(laid.seats)
        .filter_map(|(lesson, seat)| {
            let seat = seat?;
            let row = &plan.row(seat.row)?.terms;
            Some(Offer {
                lesson: lesson.id?,
                topic: row.topic.clone(),
                homework: row.homework.clone(),
                minutes: row.minutes,
                hour: (seat.hour, row.hours),
                work: row.work.filter(|_| seat.hour == row.hours),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::lay::tests::{lessons, plan};
    use super::*;

    #[test]
    fn a_lesson_is_offered_its_row_and_one_to_come_nothing() {
        let mut lessons = lessons(&[true, false, true, true]);
        lessons[3].id = None;
        let mut plan = plan(&[2, 1]);
        plan.rows[0].terms.homework = Some("§ 1".into());
        plan.rows[0].terms.work = Some(WorkTypeId(2));
        let offers = offers(&plan, &lessons);
        let told: Vec<_> = offers
            .iter()
            .map(|o| (o.lesson.0, o.hour, o.homework.as_deref()))
            .collect();
        assert_eq!(told, [(1, (1, 2), Some("§ 1")), (3, (2, 2), Some("§ 1"))]);
        let works: Vec<_> = offers.iter().map(|o| o.work).collect();
        assert_eq!(works, [None, Some(WorkTypeId(2))]);
    }
}
