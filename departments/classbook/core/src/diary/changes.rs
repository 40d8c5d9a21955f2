//! What has changed since the last visit beside marks that stand: homework, lessons that fell out, absences, marks that were taken away, the
//! weight of a work, a new timetable. What the family was told of (`crate::notice`) is what has changed: a slip that was mended within a
//! minute is nothing here, too.

use base::LessonId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::notice::Notice;

/// What has changed, for the strip above a week, and what of the days shown is to be flagged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The newest first, one of a thing.
    pub told: Vec<Notice>,
    /// Lessons that something has changed of: they fall out or take place after all, an absence was written.
    pub lessons: Vec<LessonId>,
    /// Homework of the class that is new or another one, by its number.
    pub homework: Vec<i64>,
    /// Homework of this pupil, by its number.
    pub individual: Vec<i64>,
    /// A timetable was published, in force from this day.
    pub timetable: Option<NaiveDate>,
}

impl Changes {
    /// Nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.told.is_empty() && self.timetable.is_none()
    }

    /// How many there are to tell of.
    #[must_use]
    pub fn count(&self) -> usize {
        self.told.len() + usize::from(self.timetable.is_some())
    }
}

/// So many are told at most.
#[cfg(any(feature = "sql", test))]
const MOST: usize = 20;

/// Lays what was told beside the days that are shown.
#[cfg(any(feature = "sql", test))]
pub(crate) fn changes(
    pupil: base::PupilId,
    told: Vec<super::plan::ToldRow>,
    timetable: Option<NaiveDate>,
    (homework, individual): (&[super::plan::HomeworkRow], &[super::plan::HomeworkRow]),
) -> Changes {
    use crate::notice::Kind;
    let mut out = Changes {
        timetable,
        ..Changes::default()
    };
    let mut seen = std::collections::BTreeSet::new();
    for row in told {
        // what a newer server tells of is left out by an older one
        let Some(kind) = Kind::from_key(&row.kind) else {
            continue;
        };
        if let Some(lesson) = row.lesson {
            let of = |all: &[super::plan::HomeworkRow]| -> Vec<i64> {
                all.iter()
                    .filter(|h| h.lesson_id == lesson)
                    .map(|h| h.id)
                    .collect()
            };
            if kind == Kind::Homework {
                out.homework.extend(of(homework));
                out.individual.extend(of(individual));
            } else {
                out.lessons.push(lesson);
            }
        }
        // of a thing that has changed twice the last word counts
        let thing = (
            row.kind.clone(),
            row.lesson,
            row.assignment,
            row.lesson.is_none().then_some(row.id),
        );
        if !seen.insert(thing) || out.told.len() >= MOST {
            continue;
        }
        out.told.push(Notice {
            id: base::NoticeId(row.id),
            pupil: Some(pupil),
            child: String::new(),
            about: None,
            kind,
            at: row.at,
            subject: row.subject,
            date: row.date,
            until: row.until,
            assignment: row.assignment,
            lesson: None,
            period_mark: row.period_mark,
            load: None,
            class: None,
            old: row.old,
            new: row.new,
            change: row.change,
            unread: false,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::plan::{HomeworkRow, ToldRow};
    use super::*;
    use crate::notice::Kind;
    use base::PupilId;
    use chrono::DateTime;

    fn told(id: i64, kind: &str, lesson: i64, new: &str) -> ToldRow {
        ToldRow {
            id,
            kind: kind.to_owned(),
            at: DateTime::UNIX_EPOCH,
            subject: Some("Алгебра".to_owned()),
            date: None,
            lesson: Some(LessonId(lesson)),
            assignment: None,
            old: None,
            new: Some(new.to_owned()),
            change: None,
            until: None,
            period_mark: None,
        }
    }

    fn homework(id: i64, lesson: i64, individual: bool) -> HomeworkRow {
        serde_json::from_value(serde_json::json!({
            "id": id, "load_id": 500, "lesson_id": lesson, "due_on": null, "text": "№ 5", "minutes": null, "links": [],
            "held_on": "2026-11-16", "slot": 0, "individual": individual, "files": [],
        }))
        .unwrap()
    }

    #[test]
    fn the_last_word_of_each_thing_is_told_and_its_place_flagged() {
        let all = vec![
            told(9, "homework", 700, "№ 6"),
            told(8, "homework", 700, "№ 5"),
            told(7, "absence", 701, "болел"),
            told(6, "mark_removed", 702, ""),
            told(5, "of a newer server", 703, ""),
        ];
        let class = [homework(1, 700, false), homework(2, 699, false)];
        let own = [homework(3, 700, true)];
        let found = changes(PupilId(1001), all, None, (&class, &own));
        let kinds: Vec<Kind> = found.told.iter().map(|n| n.kind).collect();
        assert_eq!(kinds, [Kind::Homework, Kind::Absence, Kind::MarkRemoved]);
        assert_eq!(found.told[0].new.as_deref(), Some("№ 6"));
        assert!(found.homework.contains(&1) && !found.homework.contains(&2));
        assert!(found.individual.contains(&3));
        assert_eq!(found.lessons, [LessonId(701), LessonId(702)]);
        assert_eq!(found.count(), 3);
        assert!(changes(PupilId(1001), vec![], None, (&class, &own)).is_empty());
    }
}
