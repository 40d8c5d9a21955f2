//! Sheets of a class: its pupils, subjects and marks.

use base::rights::{Action, Kind as Right, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, PeriodId, PupilId, ScaleId, SubjectId};
use chrono::NaiveDate;

use crate::attendance::sql::{days, notions};
use crate::grading::Stage;
use crate::journal::grid::Pupil;
use crate::journal::sql::facts::employee;
use crate::sheet::attendance::{self, Attendance};
use crate::sheet::head::Head;
use crate::sheet::marks::{self, Given, Marks, Subject};
use crate::sheet::when::{Fine, choices, chosen, days as days_of};
use crate::sheet::{Sheet, Term, When};

/// A class, its year and its periods.
pub(super) struct Facts {
    pub name: String,
    pub teacher: String,
    pub school: String,
    pub year_id: i64,
    pub year: String,
    /// From the first day of the year to the last of its last period.
    pub taught: (NaiveDate, NaiveDate),
    pub terms: Vec<Term>,
    leads: bool,
}

/// The facts of a class, whoever asks.
pub(super) async fn facts(ctx: &mut Ctx, class: ClassId) -> Done<Facts> {
    let (school, employee) = (ctx.school(), employee(ctx));
    let row = sqlx::query!(
        r#"select c.name, c.year_id, y.title as year, y.starts_on, y.ends_on, o.name as school,
            coalesce(c.class_teacher_id = $3, false) as "leads!", full_name(p.last_name, p.first_name, p.middle_name) as "teacher!"
           from class c
           join academic_year y on y.school_id = c.school_id and y.id = c.year_id
           join organisation o on o.id = c.school_id
           left join employee e on e.school_id = c.school_id and e.id = c.class_teacher_id
           left join person p on p.id = e.person_id
           where c.school_id = $1 and c.id = $2"#,
        school.0,
        class.0,
        employee,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let terms = terms(ctx, class).await?;
    let last = terms.iter().map(|t| t.ends_on).max().unwrap_or(row.ends_on);
    Ok(Facts {
        name: row.name,
        teacher: row.teacher,
        school: row.school,
        year_id: row.year_id,
        year: row.year,
        taught: (row.starts_on, last),
        terms,
        leads: row.leads,
    })
}

async fn terms(ctx: &mut Ctx, class: ClassId) -> Done<Vec<Term>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select d.period_id as "id!", s.kind, d.number as "number!", d.starts_on as "starts_on!", d.ends_on as "ends_on!"
         from class_period d
         join period_system s on s.school_id = d.school_id and s.id = d.system_id
         where d.school_id = $1 and d.class_id = $2
         order by d.starts_on, d.number"#,
        school.0,
        class.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let term = rows.into_iter().map(|r| Term {
        id: PeriodId(r.id),
        kind: r.kind,
        number: r.number,
        starts_on: r.starts_on,
        ends_on: r.ends_on,
    });
    Ok(term.collect())
}

/// The facts of a class, if its sheets are for the actor to see.
pub(super) async fn permitted(ctx: &mut Ctx, class: ClassId) -> Done<Facts> {
    let facts = facts(ctx, class).await?;
    let all_journals = Resource {
        kind: Right::Journal,
        school: ctx.school(),
        // who teaches one subject sees one journal
        own: false,
        own_class: facts.leads,
    };
    ctx.must(Action::View, &all_journals)?;
    Ok(facts)
}

/// When a sheet is for, and what it says above.
pub(super) struct Meant {
    pub when: When,
    pub terms: Vec<(When, String)>,
    pub head: Head,
}

/// Finds the time that is meant.
pub(super) fn meant(ctx: &Ctx, facts: &Facts, fine: Fine, asked: Option<When>) -> Result<Meant, AppError> {
    let (today, lang) = (ctx.today(), ctx.lang());
    let all = choices(&facts.terms, fine, lang);
    let when = chosen(&facts.terms, &all, asked, today).ok_or(AppError::NotFound)?;
    let span = days_of(when, &facts.terms, facts.taught).ok_or(AppError::NotFound)?;
    let name = all.iter().find(|(w, _)| *w == when).map(|(_, name)| name.clone());
    Ok(Meant {
        when,
        head: Head {
            lang,
            school: facts.school.clone(),
            class: facts.name.clone(),
            class_teacher: facts.teacher.clone(),
            year: facts.year.clone(),
            term: name.unwrap_or_default(),
            days: span,
            today,
        },
        terms: all,
    })
}

/// Сводная ведомость успеваемости.
pub(super) async fn marks(ctx: &mut Ctx, class: ClassId, asked: Option<When>) -> Done<Sheet> {
    let (data, when, terms) = of_marks(ctx, class, asked).await?;
    Ok(Sheet {
        paper: marks::paper(&data, when),
        when,
        terms,
        pupils: named(&data.pupils),
        class: Some(class),
        family: false,
        pdf: crate::sheet::file::PDF,
    })
}

/// What the sheet of marks is made of, if it is for the actor to see; for when it is, and could be.
pub(super) async fn of_marks(
    ctx: &mut Ctx,
    class: ClassId,
    asked: Option<When>,
) -> Done<(Marks, When, Vec<(When, String)>)> {
    let facts = permitted(ctx, class).await?;
    let fine = Fine {
        months: false,
        year: true,
    };
    let meant = meant(ctx, &facts, fine, asked)?;
    let pupils = pupils(ctx, class, meant.head.days).await?;
    let given = given(ctx, facts.year_id, meant.when, &pupils).await?;
    let subjects = subjects(ctx, class, &given).await?;
    let data = Marks {
        head: meant.head,
        subjects,
        pupils,
        given,
    };
    Ok((data, meant.when, meant.terms))
}

/// Сводная ведомость посещаемости.
pub(super) async fn attendance(ctx: &mut Ctx, class: ClassId, asked: Option<When>) -> Done<Sheet> {
    let (data, when, terms) = of_attendance(ctx, class, asked).await?;
    Ok(Sheet {
        paper: attendance::paper(&data, when),
        when,
        terms,
        pupils: named(&data.pupils),
        class: Some(class),
        family: false,
        pdf: crate::sheet::file::PDF,
    })
}

/// What the sheet of attendance is made of, if it is for the actor to see; for when it is, and could be.
pub(super) async fn of_attendance(
    ctx: &mut Ctx,
    class: ClassId,
    asked: Option<When>,
) -> Done<(Attendance, When, Vec<(When, String)>)> {
    let facts = permitted(ctx, class).await?;
    let fine = Fine {
        months: true,
        year: true,
    };
    let meant = meant(ctx, &facts, fine, asked)?;
    let pupils = pupils(ctx, class, meant.head.days).await?;
    let span = meant.head.days;
    let data = Attendance {
        notions: notions(ctx, span.1).await?,
        days: days(ctx, class, span).await?,
        head: meant.head,
        pupils,
    };
    Ok((data, meant.when, meant.terms))
}

pub(super) fn named(pupils: &[Pupil]) -> Vec<(PupilId, String)> {
    pupils.iter().map(|p| (p.id, p.name.clone())).collect()
}

/// The pupils of a class in some days, by name, with the days that they were there.
pub(super) async fn pupils(
    ctx: &mut Ctx,
    class: ClassId,
    (from, to): (NaiveDate, NaiveDate),
) -> Done<Vec<Pupil>> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        r#"select e.pupil_id, concat_ws(' ', p.last_name, p.first_name) as "name!",
            greatest(e.starts_on, $3) as "from!", least(coalesce(e.ends_on, $4), $4) as "to!",
            coalesce(e.ends_on, 'infinity') < least($5, $4) as "gone!"
           from enrolment e
           join pupil i on i.school_id = e.school_id and i.id = e.pupil_id
           join person p on p.id = i.person_id
           where e.school_id = $1 and e.class_id = $2 and e.starts_on <= $4 and coalesce(e.ends_on, 'infinity') >= $3
           order by p.last_name, p.first_name, p.middle_name, e.pupil_id, e.starts_on"#,
        school.0,
        class.0,
        from,
        to,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let stretches = rows.into_iter();
    Ok(Pupil::gather(
        stretches.map(|r| (PupilId(r.pupil_id), r.name, (r.from, r.to), r.gone)),
    ))
}

/// The marks of the pupils for the period with its coursework, or for the year with its exams and final marks, in whatever journal they were given.
async fn given(ctx: &mut Ctx, year: i64, when: When, pupils: &[Pupil]) -> Done<Vec<Given>> {
    let school = ctx.school();
    let ids: Vec<i64> = pupils.iter().map(|p| p.id.0).collect();
    let period = when.period().map(|p| p.0);
    let rows = sqlx::query!(
        r#"select m.pupil_id, m.subject_id, m.stage, m.period_id, m.code as "code!", m.scale_id
           from period_mark m
           where m.code is not null and m.school_id = $1 and m.year_id = $2 and m.pupil_id = any ($3::bigint[])
             and m.period_id is not distinct from $4::bigint"#,
        school.0,
        year,
        &ids,
        period,
    )
    .fetch_all(ctx.db())
    .await?;
    let book = crate::scale::sql::book(ctx).await?;
    let given = rows.into_iter().filter_map(|r| {
        let (subject, scale) = (SubjectId(r.subject_id), ScaleId(r.scale_id));
        let results = book.results(subject)?;
        Some(Given {
            pupil: PupilId(r.pupil_id),
            subject,
            stage: Stage::from_key(&r.stage, r.period_id.map(PeriodId))?,
            value: book.counts(results, scale, &r.code),
            standing: book.entry(scale, &r.code)?.counting.standing,
            code: r.code,
        })
    });
    Ok(given.collect())
}

/// What is taught to a class or a part of it, and what else its pupils have marks in.
async fn subjects(ctx: &mut Ctx, class: ClassId, given: &[Given]) -> Done<Vec<Subject>> {
    let school = ctx.school();
    let with_marks: Vec<i64> = given.iter().map(|g| g.subject.0).collect();
    let rows = sqlx::query!(
        "select s.id, s.name from subject s
         where s.school_id = $1 and (s.id = any ($3::bigint[]) or s.id in (
            select l.subject_id from load_audience u join teaching_load l on l.school_id = $1 and l.id = u.load_id
            where u.school_id = $1 and u.class_id = $2))
         order by s.name",
        school.0,
        class.0,
        &with_marks,
    )
    .fetch_all(ctx.db())
    .await?;
    let subject = rows.into_iter().map(|r| Subject {
        id: SubjectId(r.id),
        name: r.name,
    });
    Ok(subject.collect())
}
