//! Absences whose reason is open, in runs of days with their terms.

use std::collections::{BTreeMap, BTreeSet};

use base::sql::{Ctx, Done};
use base::{AbsenceNoteId, AbsenceReasonId, ClassId, EmployeeId, PupilId};
use chrono::NaiveDate;

use crate::attendance::sheet::{Open, Told};
use crate::attendance::span::{left, runs, term};
use crate::deadline::rule::{Calendar, Term, terms_on};
use crate::deadline::sql::{Year, calendars};

/// In whose classes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    /// Every class of the year.
    All,
    /// One class.
    Class(ClassId),
    /// The classes that somebody leads.
    Teacher(EmployeeId),
}

/// The class of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OfClass {
    pub class: ClassId,
    pub name: String,
    pub teacher: Option<EmployeeId>,
    pub teacher_name: String,
}

/// The open days of a pupil: their name, missed lessons by day.
type Days = (String, BTreeMap<NaiveDate, i64>);

/// The open runs of the year up to today, the oldest term first.
pub(crate) async fn open(ctx: &mut Ctx, year: Year, terms: &[Term], of: Of) -> Done<Vec<(OfClass, Open)>> {
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let (class, teacher) = match of {
        Of::All => (None, None),
        Of::Class(class) => (Some(class.0), None),
        Of::Teacher(teacher) => (None, Some(teacher.0)),
    };
    let rows = sqlx::query!(
        r#"select a.pupil_id, c.id as class_id, c.name as class, c.class_teacher_id as "teacher?", l.held_on,
            concat_ws(' ', n.last_name, n.first_name) as "name!", count(*) as "lessons!",
            coalesce((select short_name(h.last_name, h.first_name, h.middle_name)
                from employee m join person h on h.id = m.person_id
                where m.school_id = $1 and m.id = c.class_teacher_id), '') as "teacher_name!"
           from attendance_code k
           join attendance a on a.school_id = $1 and a.code = k.code
           join lesson l on l.school_id = $1 and l.id = a.lesson_id and l.state <> 'cancelled' and l.held_on between $3 and $4
           join teaching_load t on t.school_id = $1 and t.id = l.load_id
           join enrolment e on e.school_id = $1 and e.pupil_id = a.pupil_id
                and l.held_on between e.starts_on and coalesce(e.ends_on, 'infinity')
           join class c on c.school_id = $1 and c.id = e.class_id and c.year_id = $2
           join pupil p on p.school_id = $1 and p.id = a.pupil_id
           join person n on n.id = p.person_id
           where k.school_id = $1 and k.reason = 'unknown'
             and ($5::bigint is null or c.id = $5) and ($6::bigint is null or c.class_teacher_id = $6)
             -- what is closed changes no more
             and not exists (select from class_period d where d.school_id = $1 and d.class_id = c.id and d.locked_at <= $7
                  and l.held_on between d.starts_on and d.ends_on)
             and not exists (select from exemption x where x.school_id = $1 and x.pupil_id = a.pupil_id and x.subject_id = t.subject_id
                and l.held_on between x.starts_on and x.ends_on and not x.attends and x.withdrawn_at is null)
           group by a.pupil_id, c.id, c.name, c.class_teacher_id, l.held_on, n.last_name, n.first_name"#,
        school.0,
        year.id,
        year.starts_on,
        today.min(year.ends_on),
        class,
        teacher,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    let calendars = calendars(ctx, year).await?;
    let none = Calendar::default();
    let mut by_pupil: BTreeMap<(OfClass, i64), Days> = BTreeMap::new();
    for r in rows {
        let of = OfClass {
            class: ClassId(r.class_id),
            name: r.class,
            teacher: r.teacher.map(EmployeeId),
            teacher_name: r.teacher_name,
        };
        let (_, days) = by_pupil
            .entry((of, r.pupil_id))
            .or_insert_with(|| (r.name, BTreeMap::new()));
        days.insert(r.held_on, r.lessons);
    }
    let pupils: Vec<i64> = by_pupil.keys().map(|(_, pupil)| *pupil).collect();
    let told = told(ctx, &pupils, year.starts_on).await?;
    let known = known(ctx, &pupils, year.starts_on).await?;
    let mut found = vec![];
    for ((of, pupil), (name, days)) in by_pupil {
        let calendar = calendars.get(&of.class).unwrap_or(&none);
        let dates: BTreeSet<NaiveDate> = days.keys().copied().collect();
        for (from, to) in runs(&dates, calendar) {
            let mut notes = told
                .iter()
                .filter(|n| n.pupil.0 == pupil && n.starts_on <= to && n.ends_on >= from);
            let paper = notes.clone().filter_map(|n| n.document_on).max();
            let due = term(to, paper, terms_on(terms, to).reason_days, calendar);
            let reason = known
                .iter()
                .find(|k| k.pupil == pupil && k.starts_on <= to && k.ends_on >= from);
            let open = Open {
                pupil: PupilId(pupil),
                name: name.clone(),
                from,
                to,
                lessons: days.range(from..=to).map(|(_, n)| *n).sum(),
                due,
                left: left(today, due, calendar),
                told: notes.next_back().cloned(),
                known: reason.map(|k| AbsenceReasonId(k.id)),
            };
            found.push((of.clone(), open));
        }
    }
    found.sort_by(|(_, a), (_, b)| (a.due, a.from, &a.name).cmp(&(b.due, b.from, &b.name)));
    Ok(found)
}

/// What the families of these pupils told of days since then.
async fn told(ctx: &mut Ctx, pupils: &[i64], since: NaiveDate) -> Done<Vec<Told>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, pupil_id, starts_on, ends_on, reason, made_at, document_on from absence_note
         where school_id = $1 and pupil_id = any ($2::bigint[]) and withdrawn_at is null and ends_on >= $3
         order by starts_on, id",
        school.0,
        pupils,
        since,
    )
    .fetch_all(ctx.db())
    .await?;
    let told = rows.into_iter().map(|r| Told {
        note: AbsenceNoteId(r.id),
        pupil: PupilId(r.pupil_id),
        starts_on: r.starts_on,
        ends_on: r.ends_on,
        reason: r.reason,
        made_at: r.made_at,
        document_on: r.document_on,
    });
    Ok(told.collect())
}

struct Known {
    id: i64,
    pupil: i64,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

/// The reasons that were set for these pupils, the latest first.
async fn known(ctx: &mut Ctx, pupils: &[i64], since: NaiveDate) -> Done<Vec<Known>> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        Known,
        "select id, pupil_id as pupil, starts_on, ends_on from absence_reason
         where school_id = $1 and pupil_id = any ($2::bigint[]) and withdrawn_at is null and ends_on >= $3
         order by id desc",
        school.0,
        pupils,
        since,
    )
    .fetch_all(ctx.db())
    .await?)
}
