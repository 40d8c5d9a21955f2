//! One period of a journal, as it travels. Marks are many (40 × 150), so they travel as short rows that name pupils and
//! works by their place in the lists.

use base::number::Hundredths;
use base::{AssignmentId, LessonId, LoadId, PeriodId, PersonId, PupilId, ScaleId, SchoolId, WorkTypeId};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::cell::Homework;
use super::news::Pulse;
use super::planned::Scheduled;
use crate::attendance::Hint;
use crate::exemption::Spell;
use crate::grading::Standing;
use crate::grading::periods::Asked;
use crate::grading::rules::Terms;
use crate::owed::Owed;
use crate::plan::Offer;

/// A journal among one's journals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// The load.
    pub load: LoadId,
    /// The subject.
    pub subject: String,
    /// To whom: «7А», «7А (Англ 1)», «7А, 7Б».
    pub audience: String,
    /// The lowest grade of the audience, for order.
    pub grade: i16,
    /// Who teaches it: «Учителева А. И.».
    pub teachers: String,
    /// The asking person teaches it.
    pub own: bool,
    /// The asking person stands in at a lesson of it, lately or soon.
    #[serde(default)]
    pub stands_in: bool,
    /// Its lessons of today: the number of the lesson (from 1) and when it begins, where a bell is known.
    pub today: Vec<TodayLesson>,
    /// Its lessons of [`Journals::next_day`], likewise.
    #[serde(default)]
    pub next: Vec<TodayLesson>,
}

/// A lesson of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayLesson {
    /// The lesson.
    pub lesson: LessonId,
    /// From 1.
    pub number: i16,
    /// The bell.
    pub starts_at: Option<NaiveTime>,
    /// Who stands in at it: «Бритова Е.».
    #[serde(default)]
    pub substitute: Option<String>,
    /// It is the asking person who stands in.
    #[serde(default)]
    pub stands_in: bool,
}

/// Where a lesson is: of what was typed into it, where its journal is not open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonPlace {
    /// The lesson.
    pub lesson: LessonId,
    /// Its journal.
    pub load: LoadId,
    /// «7А, Алгебра».
    pub journal: String,
    /// Its day.
    pub date: NaiveDate,
}

/// The journals one may open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journals {
    /// Today, in the school.
    pub today: NaiveDate,
    /// The next day, within two weeks, on which the asking person gives a lesson: its pages are kept beside today's, for a morning without a
    /// network.
    #[serde(default)]
    pub next_day: Option<NaiveDate>,
    /// This person sets rules and periods, closes and opens.
    #[serde(default)]
    pub may_set: bool,
    /// So many questions for a change in a closed period wait for this person's answer.
    #[serde(default)]
    pub asked: i64,
    /// All of them, one's own first, by grade and subject.
    pub journals: Vec<Journal>,
    /// Whose, and in which school: «12@10». Under this name a browser keeps pages for a day without a network.
    #[serde(default)]
    pub whose: String,
}

/// In place of a period: the lessons that were held on days which lie in no period, because a border was moved over them. No period of the
/// database has this id.
pub const OUTSIDE: PeriodId = PeriodId(0);

/// A study period of the load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its id.
    pub id: PeriodId,
    /// «quarter», «half_year», …
    pub kind: String,
    /// From 1.
    pub number: i16,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Nothing of it changes any more.
    pub locked: bool,
}

/// A pupil of the audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pupil {
    /// The pupil.
    pub id: PupilId,
    /// «Абрамова Вера».
    pub name: String,
    /// When they belonged to the audience inside the period: first and last day, in order.
    pub spans: Vec<(NaiveDate, NaiveDate)>,
    /// They have left the audience.
    pub gone: bool,
}

impl Grid {
    /// Whose page this is, if it is one that the browser may keep: who teaches here may need it without a network.
    #[must_use]
    pub fn whose(&self) -> Option<String> {
        self.writes().then(|| format!("{}@{}", self.person, self.school))
    }

    /// Does the asking person write into some lesson of the page?
    #[must_use]
    pub fn writes(&self) -> bool {
        self.may_edit || !self.stands_in.is_empty()
    }

    /// May the asking person write into a lesson: as who teaches here, or standing in at it?
    #[must_use]
    pub fn writes_into(&self, lesson: LessonId) -> bool {
        self.may_edit || self.stands_in.contains(&lesson)
    }

    /// Who stands in at a lesson.
    #[must_use]
    pub fn substitute(&self, lesson: LessonId) -> Option<&str> {
        let found = self.substitutes.iter().find(|(id, _)| *id == lesson);
        found.map(|(_, name)| name.as_str())
    }
}

impl Grid {
    /// Is a pupil exempt from the subject on that day, and not at the lesson?
    #[must_use]
    pub fn is_exempt(&self, pupil: PupilId, day: NaiveDate) -> bool {
        self.exempt.iter().any(|s| !s.attends && s.on(pupil, day))
    }

    /// The reason that is known for a pupil's absence on that day.
    #[must_use]
    pub fn hint(&self, pupil: PupilId, day: NaiveDate) -> Option<&Hint> {
        self.hints
            .iter()
            .find(|h| h.pupil == pupil && h.from <= day && day <= h.to)
    }
}

impl Pupil {
    /// Did they belong to the audience on that day?
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> bool {
        self.spans.iter().any(|(from, to)| *from <= day && day <= *to)
    }

    /// Did they belong to it on some of these days?
    #[must_use]
    pub fn within(&self, (first, last): (NaiveDate, NaiveDate)) -> bool {
        self.spans.iter().any(|(from, to)| *from <= last && first <= *to)
    }

    /// Pupils of their stretches of belonging (whose, name, first and last day, over by today), which lie pupil by pupil: who came back has
    /// several, and is gone when all of them are over.
    #[must_use]
    pub fn gather(
        stretches: impl IntoIterator<Item = (PupilId, String, (NaiveDate, NaiveDate), bool)>,
    ) -> Vec<Self> {
        let mut pupils: Vec<Self> = vec![];
        for (id, name, span, gone) in stretches {
            match pupils.last_mut().filter(|p| p.id == id) {
                Some(pupil) => {
                    pupil.spans.push(span);
                    pupil.gone &= gone;
                }
                None => pupils.push(Self {
                    id,
                    name,
                    spans: vec![span],
                    gone,
                }),
            }
        }
        pupils
    }
}

/// A lesson of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its id.
    pub id: LessonId,
    /// The day.
    pub date: NaiveDate,
    /// The slot, from 0.
    pub slot: i16,
    /// What it is about.
    pub topic: Option<String>,
    /// What was set.
    pub homework: Option<Homework>,
    /// It does not take place: it was cancelled, or its day is off.
    pub cancelled: bool,
    /// Its period is locked.
    pub locked: bool,
    /// Of topic and homework.
    pub version: i32,
}

/// A work of a lesson, for which marks are given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// Of which lesson.
    pub lesson: LessonId,
    /// Its type.
    pub work_type: WorkTypeId,
    /// What may be given.
    pub scale: ScaleId,
    /// Its own title.
    pub title: Option<String>,
    /// Its weight.
    pub weight: Hundredths,
    /// Its version.
    pub version: i32,
}

/// A mark: pupil and work by their place in [`Grid::pupils`] and [`Grid::assignments`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRow(pub u16, pub u16, pub Option<String>, pub i32, pub Option<String>);

/// A dot, or one that the mark beside it has paid: pupil and work by their place, as in [`MarkRow`]. Apart from the marks, whose rows
/// a page reads that is older than the dots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedRow(pub u16, pub u16, pub Owed);

/// Attendance: pupil and lesson by their place in [`Grid::pupils`] and [`Grid::lessons`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceRow(pub u16, pub u16, pub Option<String>, pub i32);

/// A scale of marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// Its id.
    pub id: ScaleId,
    /// What may be given, best first.
    pub items: Vec<ScaleItem>,
}

/// A mark of a scale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleItem {
    /// What is typed and shown.
    pub code: String,
    /// Its value on its scale.
    pub value: Option<Hundredths>,
    /// «отлично».
    pub title: String,
    /// What it counts among the results of the journal; `None`: takes no part in averages.
    #[serde(default)]
    pub counts: Option<Hundredths>,
    /// Its level.
    #[serde(default)]
    pub standing: Standing,
}

impl ScaleItem {
    /// A mark of the results' own scale, as it is where the school has said nothing of it.
    #[must_use]
    pub fn usual(code: &str, value: Option<Hundredths>, best: Hundredths) -> Self {
        Self {
            code: code.to_owned(),
            value,
            title: String::new(),
            counts: value,
            standing: Standing::of(code, value, best),
        }
    }
}

/// A type of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkType {
    /// Its id.
    pub id: WorkTypeId,
    /// The letter in the head of a column.
    pub code: String,
    /// «Контрольная работа».
    pub title: String,
    /// The weight it starts with.
    pub weight: Hundredths,
    /// The limits of the schedule of assessment works hold for it.
    #[serde(default)]
    pub assessment: bool,
}

/// A code of attendance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceCode {
    /// «н».
    pub code: String,
    /// «не был».
    pub title: String,
    /// It counts as an absence.
    pub absent: bool,
}

/// One period of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Who asks: changes are queued under their name only.
    pub person: PersonId,
    /// The open school.
    pub school: SchoolId,
    /// The load.
    pub load: LoadId,
    /// The subject.
    pub subject: String,
    /// To whom.
    pub audience: String,
    /// Today, in the school.
    pub today: NaiveDate,
    /// The periods of the load.
    pub periods: Vec<Period>,
    /// Which of them this is; `None` when the load has none: the whole year.
    pub period: Option<PeriodId>,
    /// May the journal be changed? Who stands in at some of its lessons may not: those are in [`Grid::stands_in`].
    pub may_edit: bool,
    /// May the history be read?
    pub may_see_history: bool,
    /// The pupils, by name; those who have left at their place.
    pub pupils: Vec<Pupil>,
    /// The lessons, by date and slot.
    pub lessons: Vec<Lesson>,
    /// The works, by lesson and order.
    pub assignments: Vec<Assignment>,
    /// The marks.
    pub marks: Vec<MarkRow>,
    /// What is owed, and what a mark has paid.
    #[serde(default)]
    pub owed: Vec<OwedRow>,
    /// By when a work is owed that gets its dot today, by the school's setting.
    #[serde(default)]
    pub owed_until: Option<NaiveDate>,
    /// The attendance.
    pub attendance: Vec<AttendanceRow>,
    /// The scales in use, the one for new works first.
    pub scales: Vec<Scale>,
    /// The types of work, the default first.
    pub work_types: Vec<WorkType>,
    /// The codes of attendance.
    pub codes: Vec<AttendanceCode>,
    /// When the server read it; what others did since is asked for from here.
    #[serde(default)]
    pub read_at: Option<DateTime<Utc>>,
    /// How lessons and works stand.
    #[serde(default)]
    pub pulse: Pulse,
    /// What the plan has for the lessons of the period.
    #[serde(default)]
    pub plan: Vec<Offer>,
    /// Works that the approved schedule has for the lessons of the period.
    #[serde(default)]
    pub scheduled: Vec<Scheduled>,
    /// Who is exempt from the subject on which days.
    #[serde(default)]
    pub exempt: Vec<Spell>,
    /// Reasons of absences that are known for some days.
    #[serde(default)]
    pub hints: Vec<Hint>,
    /// All scales of the school by name, the one that a new work would get first.
    #[serde(default)]
    pub all_scales: Vec<(ScaleId, String)>,
    /// Why lessons do not take place.
    #[serde(default)]
    pub cancelled: Vec<(LessonId, String)>,
    /// Lessons on days that were declared off after they had been laid out, with what the days are called. They are cancelled, too.
    #[serde(default)]
    pub off: Vec<(LessonId, String)>,
    /// How one's own last questions about closed periods stand, one a period.
    #[serde(default)]
    pub asked: Vec<Asked>,
    /// This person may cancel lessons.
    #[serde(default)]
    pub may_cancel: bool,
    /// What the school's clock is ahead of Greenwich by, in seconds.
    #[serde(default)]
    pub utc_offset: i32,
    /// Lessons at which somebody stands in, with who.
    #[serde(default)]
    pub substitutes: Vec<(LessonId, String)>,
    /// Those of them at which it is the asking person.
    #[serde(default)]
    pub stands_in: Vec<LessonId>,
    /// What the period comes to; `None` where nothing is summed up: no period, or a grade without marks.
    #[serde(default)]
    pub results: Option<Results>,
    /// The audience gets no marks: a first grade, where the school has not said otherwise.
    #[serde(default)]
    pub markless: bool,
    /// Marks that were there before the ones which have been rewritten on a later day: pupil and work by their place, code.
    #[serde(default)]
    pub replaced: Vec<(u16, u16, String)>,
    /// How many lessons were held on days that lie in no period; [`OUTSIDE`] shows them.
    #[serde(default)]
    pub outside: i64,
    /// The last day that has lessons, where the period goes on after it and the timetable has not been laid out so far.
    #[serde(default)]
    pub laid_until: Option<NaiveDate>,
}

/// A mark of the period: pupil by their place in [`Grid::pupils`], code (`None`: taken back), why it stands a whole mark from what was
/// proposed, version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow(pub u16, pub Option<String>, pub Option<String>, pub i32);

/// What a period comes to («итог за период»): what its marks are summed up by, and what has been given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// The school's rule in force on the last day of the period.
    pub terms: Terms,
    /// Hours a week: how many marks are enough depends on them.
    pub week_hours: Hundredths,
    /// The marks of the period that were given, or taken back.
    pub given: Vec<ResultRow>,
    /// What pupils got for the subject in other journals of the period, as who has changed subgroup or class: pupil, value, weight.
    pub elsewhere: Vec<(u16, Option<Hundredths>, Hundredths)>,
}

/// A work to add (`id` is `None`) or to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentEdit {
    /// Which; `None`: a new one.
    pub id: Option<AssignmentId>,
    /// Of which lesson.
    pub lesson: LessonId,
    /// Its type.
    pub work_type: WorkTypeId,
    /// Its own title.
    pub title: Option<String>,
    /// Its weight.
    pub weight: Hundredths,
    /// The version the person saw; 0 for a new one.
    pub expected: i32,
    /// By which scale it is marked; `None`: as it is, a new one as the journal's last work.
    #[serde(default)]
    pub scale: Option<ScaleId>,
    /// Why weight or type change although the marks of the period that rest on them have been given. Kept in the history.
    #[serde(default)]
    pub reason: Option<String>,
}
