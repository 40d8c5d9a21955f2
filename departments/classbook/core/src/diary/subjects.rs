//! A pupil's subjects in a period, as they travel to the browser.

use base::number::Hundredths;
use base::{PeriodId, PeriodMarkId, PersonId, PupilId, SubjectId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Child, Mark};
use crate::grading::{Standing, Terms};
use crate::journal::grid::ScaleItem;
use crate::owed::Work;

/// Marks and averages of a period, subject by subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subjects {
    /// Who looks; see [`super::Week::viewer`].
    pub viewer: PersonId,
    /// The viewer is the pupil or a guardian.
    pub family: bool,
    /// Whose diary.
    pub child: Child,
    /// The viewer's own children in this school.
    pub children: Vec<Child>,
    /// The school's date at the moment of asking.
    pub today: NaiveDate,
    /// The moment of asking.
    pub as_of: DateTime<Utc>,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// The periods of the pupil's year, in order.
    pub periods: Vec<Period>,
    /// The one shown.
    pub period: Option<PeriodId>,
    /// The last day that has lessons, where the period goes on after it and the timetable has not been laid out so far: up to it lessons to
    /// come are counted.
    #[serde(default)]
    pub laid_until: Option<NaiveDate>,
    /// By what rule it is counted.
    pub terms: Terms,
    /// What kinds of work weigh at the school, the lightest first: a mark that is still to come may be for any of them. Nothing where all
    /// marks count alike.
    #[serde(default)]
    pub weights: Vec<KindWeight>,
    /// By name.
    pub subjects: Vec<Subject>,
}

/// How much a mark for a kind of work weighs, unless its teacher says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindWeight {
    /// «Контрольная работа».
    pub title: String,
    /// Never 0.
    pub weight: Hundredths,
}

/// A study period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The period.
    pub id: PeriodId,
    /// «quarter», «trimester», «half_year», «semester», «module», «year».
    pub kind: String,
    /// From 1.
    pub number: i16,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// A subject in the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The subject.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
    /// Marks, by date.
    pub marks: Vec<Dated>,
    /// The plain average; none without a mark that counts.
    pub plain: Option<Hundredths>,
    /// The weighted one.
    pub weighted: Option<Hundredths>,
    /// Works of the period that are owed, then those that a mark has paid.
    pub owed: Vec<Work>,
    /// Lessons of the period that are over.
    pub held: i64,
    /// Lessons of the period that are still to come, today's among them.
    pub left: i64,
    /// Lessons missed.
    pub missed: i64,
    /// Exempt from it today: the last day of the exemption.
    #[serde(default)]
    pub exempt_until: Option<NaiveDate>,
    /// The average of the class, where the school lets families see it and five pupils have marks.
    pub class_average: Option<Hundredths>,
    /// Of how many pupils' averages it is the mean.
    #[serde(default)]
    pub class_pupils: Option<i64>,
    /// The marks of periods, of the year, of the exam that have been given.
    pub results: Vec<Outcome>,
    /// The scale of the subject's results.
    #[serde(default)]
    pub scale: Vec<ScaleItem>,
}

impl Subject {
    /// What it came to, and nothing else of it: for a card.
    #[cfg(feature = "sql")]
    #[must_use]
    pub(crate) fn of_results(id: SubjectId, name: String, results: Vec<Outcome>) -> Self {
        Self {
            id,
            name,
            results,
            marks: vec![],
            plain: None,
            weighted: None,
            owed: vec![],
            held: 0,
            left: 0,
            missed: 0,
            exempt_until: None,
            class_average: None,
            class_pupils: None,
            scale: vec![],
        }
    }

    /// How much of the average a mark makes up, of one; none for one that does not count.
    #[must_use]
    pub fn share(&self, mark: &Mark, terms: &Terms) -> Option<Hundredths> {
        let weight = |m: &Mark| match (m.value, m.weight.0) {
            (Some(_), 1..) if terms.weighted => m.weight.0,
            (Some(_), 1..) => 1,
            _ => 0,
        };
        let all = self
            .marks
            .iter()
            .map(|m| i128::from(weight(&m.mark)))
            .sum::<i128>();
        let own = weight(mark);
        (own > 0)
            .then(|| Hundredths::ratio(i128::from(own), all))
            .flatten()
    }
}

/// A mark of a period, a year, an exam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which, to ask about it; none: from a server before this, or there is no mark yet.
    #[serde(default)]
    pub id: Option<PeriodMarkId>,
    /// «period», «coursework», «half_1», «half_2», «interim», «year», «exam», «final».
    pub stage: String,
    /// «quarter», …; of a period and its coursework.
    pub kind: Option<String>,
    /// From 1; of a period and its coursework.
    pub number: Option<i16>,
    /// The mark; "": coursework that has a topic so far.
    pub code: String,
    /// In words.
    pub words: String,
    /// What there is to say of it: the form of interim attestation, the topic of coursework.
    #[serde(default)]
    pub note: Option<String>,
    /// In numbers, if it has any.
    pub value: Option<Hundredths>,
    /// Its level, for its tint.
    #[serde(default)]
    pub standing: Standing,
}

/// A mark and the day of its lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// The day.
    pub date: NaiveDate,
    /// The mark.
    pub mark: Mark,
}

/// What a lesson is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// The day.
    pub date: NaiveDate,
    /// The topic.
    pub topic: String,
    /// The plan has it for a lesson to come; else it was written down.
    pub planned: bool,
}

impl Subjects {
    /// The address of another period of the same pupil.
    #[must_use]
    pub fn href(pupil: PupilId, period: PeriodId) -> String {
        format!("/diary/{pupil}/subjects?period={period}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::AssignmentId;

    fn mark(value: Option<i64>, weight: i64) -> Mark {
        Mark {
            assignment: AssignmentId(1),
            code: String::new(),
            words: String::new(),
            value: value.map(Hundredths::whole),
            standing: Standing::Other,
            weight: Hundredths::whole(weight),
            work: String::new(),
            title: None,
            comment: None,
            by: None,
            changed_at: DateTime::UNIX_EPOCH,
            corrected: false,
            replaced: None,
            new: false,
        }
    }

    #[test]
    fn shares_come_to_the_whole_and_what_does_not_count_has_none() {
        let marks = [
            mark(Some(5), 1),
            mark(Some(4), 3),
            mark(None, 2),
            mark(Some(3), 0),
        ];
        let subject = Subject {
            id: SubjectId(1),
            name: String::new(),
            marks: marks
                .iter()
                .map(|m| Dated {
                    date: NaiveDate::MIN,
                    mark: m.clone(),
                })
                .collect(),
            plain: None,
            weighted: None,
            owed: vec![],
            held: 0,
            left: 0,
            exempt_until: None,
            missed: 0,
            class_average: None,
            class_pupils: None,
            scale: vec![],
            results: vec![],
        };
        let weighted = Terms::usual(NaiveDate::MIN);
        let plain = Terms {
            weighted: false,
            ..weighted.clone()
        };
        let shares = |terms: &Terms| marks.each_ref().map(|m| subject.share(m, terms).map(|s| s.0));
        assert_eq!(shares(&weighted), [Some(25), Some(75), None, None]);
        assert_eq!(shares(&plain), [Some(50), Some(50), None, None]);
    }
}
