//! Plans of lessons (КТП) for the journals of the seventh grade: the topics that the lessons have had, and those to come.

use super::rows::{Maybe, Rows, Table};
use super::school::Institution;
use super::topics;

/// Teaching weeks of a year.
const WEEKS: usize = 34;
/// Lessons of a chapter.
const CHAPTER: usize = 12;

/// Writes the plan of a load whose week has so many lessons.
pub fn write(of: &Institution<'_>, load: usize, grade: i16, a_week: usize, rows: &mut Rows) {
    let facts = &of.layout.loads[load];
    let subject = &of.layout.subjects[facts.subject];
    let (school, id) = (of.seat.id, of.id(load));
    let by = of.people.staff[facts.teacher].person.id;
    let hours = a_week * WEEKS;
    let written = format!("{} 09:00Z", of.calendar.year.from);
    rows.add(Table::LessonPlan, &[&school, &id, &1, &hours, &by, &written]);
    for n in 0..hours {
        let (text, minutes) = topics::homework(subject.name, grade, n).unzip();
        // К, as the journals have it
        let work = (n % 10 == 9 && subject.points > 3).then(|| of.id(2));
        let section = format!("Глава {}", n / CHAPTER + 1);
        rows.add(
            Table::LessonPlanRow,
            &[
                &school,
                &id,
                &(n + 1),
                &n,
                &section,
                &topics::topic(subject.name, grade, n),
                &1,
                &Maybe(text),
                &Maybe(minutes),
                &Maybe(work),
            ],
        );
    }
}
