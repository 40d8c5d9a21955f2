//! Marks of a period, subject by subject.

use base::number::Hundredths;
use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AppError, ClassId, PeriodId, PeriodMarkId, PupilId, ScaleId, SubjectId};
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::types::Json;

use super::{family_first, resource, whose};
use crate::diary::plan::MarkRow;
use crate::diary::{Child, Dated, KindWeight, Mark, Outcome, Period, Subject, Subjects};
use crate::grading::rules::terms_on;
use crate::grading::{Rewritten, Terms};
use crate::journal::average;
use crate::journal::sql::{Of, laid_until};
use crate::owed::{Work, list};
use crate::scale::Book;
use crate::scale::sql::Counted;

pub(super) struct Head {
    child: Child,
    children: Vec<Child>,
    pub(super) leads: bool,
    pub(super) periods: Vec<Period>,
    class: Option<ClassId>,
    grade: i16,
    year: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct SubjectRow {
    id: SubjectId,
    name: String,
    held: i64,
    left: i64,
    missed: i64,
    exempt_until: Option<NaiveDate>,
    marks: Vec<MarkRow>,
    owed: Vec<Work>,
    class_average: Option<i64>,
    class_pupils: Option<i64>,
    results: Vec<ResultRow>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ResultRow {
    id: PeriodMarkId,
    stage: String,
    kind: Option<String>,
    number: Option<i16>,
    code: String,
    words: String,
    note: Option<String>,
    scale: ScaleId,
}

/// Marks of the period: the given one, else today's, else the last begun.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil whose diary is not for the actor to see, or a period that is not theirs.
pub async fn subjects(ctx: &mut Ctx, pupil: Option<PupilId>, period: Option<PeriodId>) -> Done<Subjects> {
    let pupil = whose(ctx, pupil)?;
    let head = permitted(ctx, pupil).await?;
    let today = ctx.today();
    let chosen = match period {
        Some(id) => Some(
            head.periods
                .iter()
                .find(|p| p.id == id)
                .ok_or(AppError::NotFound)?,
        ),
        None => head
            .periods
            .iter()
            .rev()
            .find(|p| p.starts_on <= today)
            .or(head.periods.first()),
    };
    let rules = crate::grading::sql::all(ctx).await?;
    let terms = terms_on(&rules, head.grade, chosen.map_or(today, |p| p.ends_on));
    let subjects = match chosen {
        Some(p) => of_period(ctx, pupil, (p.starts_on, p.ends_on), head.year, &terms).await?,
        None => Vec::new(),
    };
    let until = match (chosen, head.class) {
        (Some(p), Some(class)) => laid_until(ctx, Of::Class(class), (p.starts_on, p.ends_on)).await?,
        _ => None,
    };
    let period = chosen.map(|p| p.id);
    let weights = if terms.weighted {
        weights(ctx).await?
    } else {
        vec![]
    };
    Ok(Subjects {
        laid_until: until,
        weights,
        ..laid(ctx, head, period, terms, subjects)
    })
}

/// The subjects of all periods of the pupil's year together, for a sheet; without averages of the class.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil whose diary is not for the actor to see.
pub(crate) async fn of_year(ctx: &mut Ctx, pupil: PupilId) -> Done<Subjects> {
    let head = permitted(ctx, pupil).await?;
    let rules = crate::grading::sql::all(ctx).await?;
    let terms = Terms {
        class_average: false,
        ..terms_on(&rules, head.grade, ctx.today())
    };
    let first = head.periods.iter().map(|p| p.starts_on).min();
    let last = head.periods.iter().map(|p| p.ends_on).max();
    let subjects = match first.zip(last) {
        Some(days) => of_period(ctx, pupil, days, head.year, &terms).await?,
        None => Vec::new(),
    };
    Ok(laid(ctx, head, None, terms, subjects))
}

/// Whose page it is, if it is for the actor to see.
async fn permitted(ctx: &mut Ctx, pupil: PupilId) -> Done<Head> {
    family_first(ctx, pupil)?;
    let head = head(ctx, pupil).await?;
    ctx.must(Action::View, &resource(ctx, pupil, head.leads))?;
    Ok(head)
}

fn laid(ctx: &Ctx, head: Head, period: Option<PeriodId>, terms: Terms, subjects: Vec<Subject>) -> Subjects {
    Subjects {
        viewer: ctx.person(),
        family: ctx.actor().role.family().is_some(),
        period,
        terms,
        child: head.child,
        children: head.children,
        today: ctx.today(),
        as_of: ctx.now(),
        utc_offset: ctx.actor().utc_offset,
        periods: head.periods,
        laid_until: None,
        weights: vec![],
        subjects,
    }
}

async fn weights(ctx: &mut Ctx) -> Done<Vec<KindWeight>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select title, (weight * 100)::bigint as "weight!" from work_type where school_id = $1 and weight > 0 order by weight, position, id"#,
        school.0
    )
    .fetch_all(ctx.db())
    .await?;
    let kinds = rows.into_iter().map(|r| KindWeight {
        title: r.title,
        weight: Hundredths(r.weight),
    });
    Ok(kinds.collect())
}

/// Whose page it is, and the periods of their class this year.
pub(super) async fn head(ctx: &mut Ctx, pupil: PupilId) -> Done<Head> {
    let (school, today, employee) = (ctx.school(), ctx.today(), ctx.employee().map(|e| e.0));
    let family: Vec<i64> = ctx
        .actor()
        .role
        .family()
        .map(|own| own.iter().map(|p| p.0).collect())
        .unwrap_or_default();
    let row = sqlx::query!(
        r#"select n.first_name, n.last_name, c.name as "class?", c.id as "class_id?", coalesce(c.class_teacher_id = $3, false) as "leads!",
            coalesce(c.grade, 0::smallint) as "grade!", c.year_id as "year?",
            coalesce((select json_agg(x) from (
                select o.id as pupil, i.first_name, i.last_name, k.name as class
                from pupil o
                join person i on i.id = o.person_id
                left join lateral (
                    select e.class_id from enrolment e where e.school_id = $1 and e.pupil_id = o.id and e.starts_on <= $4
                        and (e.ends_on is null or e.ends_on >= $4) limit 1) e on true
                left join class k on k.school_id = $1 and k.id = e.class_id
                where o.school_id = $1 and o.id = any($5) order by array_position($5, o.id)) x), '[]') as "children!: Json<Vec<Child>>",
            coalesce((select json_agg(x) from (
                select q.period_id as id, s.kind, q.number, q.starts_on, q.ends_on
                from class_period q join period_system s on s.school_id = $1 and s.id = q.system_id
                where q.school_id = $1 and q.class_id = c.id
                order by q.starts_on) x), '[]') as "periods!: Json<Vec<Period>>"
        from pupil p
        join person n on n.id = p.person_id
        left join lateral (
            select e.class_id from enrolment e where e.school_id = $1 and e.pupil_id = p.id and e.starts_on <= $4
                and (e.ends_on is null or e.ends_on >= $4) limit 1) e on true
        left join class c on c.school_id = $1 and c.id = e.class_id
        where p.school_id = $1 and p.id = $2"#,
        school.0,
        pupil.0,
        employee,
        today,
        &family,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Head {
        child: Child {
            pupil,
            first_name: row.first_name,
            last_name: row.last_name,
            class: row.class,
        },
        children: row.children.0,
        leads: row.leads,
        periods: row.periods.0,
        class: row.class_id.map(ClassId),
        grade: row.grade,
        year: row.year,
    })
}

/// Subjects taught to the pupil between two days, with marks, missed lessons and what is owed or was.
async fn of_period(
    ctx: &mut Ctx,
    pupil: PupilId,
    (from, until): (NaiveDate, NaiveDate),
    year: Option<i64>,
    terms: &Terms,
) -> Done<Vec<Subject>> {
    let (school, today) = (ctx.school(), ctx.today());
    let both = terms.rewritten == Rewritten::Both;
    let book = crate::scale::sql::book(ctx).await?;
    let table = Counted::of(&book);
    let rows = sqlx::query!(
        r#"with
        span as materialized (
            select e.class_id, e.starts_on, e.ends_on from enrolment e
            where e.school_id = $1 and e.pupil_id = $2 and e.starts_on <= $4 and (e.ends_on is null or e.ends_on >= $3)
        ),
        taught as materialized (
            select a.load_id, s.class_id, s.starts_on, s.ends_on
            from span s join load_audience a on a.school_id = $1 and a.class_id = s.class_id and a.subgroup_id is null
            union
            select a.load_id, s.class_id, greatest(s.starts_on, m.starts_on), least(s.ends_on, m.ends_on)
            from subgroup_member m
            join load_audience a on a.school_id = $1 and a.subgroup_id = m.subgroup_id
            join span s on s.class_id = a.class_id
            where m.school_id = $1 and m.pupil_id = $2 and m.starts_on <= $4 and (m.ends_on is null or m.ends_on >= $3)
        ),
        held as materialized (
            select distinct l.id, l.held_on, takes_place_for(l, t.class_id) as there, tl.subject_id
            from taught t
            join teaching_load tl on tl.school_id = $1 and tl.id = t.load_id
            join lesson l on l.school_id = $1 and l.load_id = t.load_id
                and l.held_on between $3 and $4 and l.held_on >= t.starts_on and (t.ends_on is null or l.held_on <= t.ends_on)
        ),
        work as materialized (
            select a.id, a.lesson_id, wt.title as work, a.title, a.weight, l.held_on, l.subject_id, l.there,
                m.code, m.scale_id, m.comment, m.changed_at, m.changed_by, m.version, m.replaced_code, m.owed, m.owed_until, m.handed_in
            from held l
            join assignment a on a.school_id = $1 and a.lesson_id = l.id
            join work_type wt on wt.school_id = $1 and wt.id = a.work_type_id
            left join mark m on m.school_id = $1 and m.assignment_id = a.id and m.pupil_id = $2
        ),
        spared as materialized ( -- days on which the pupil is exempt from a subject
            select x.subject_id, x.starts_on, x.ends_on, x.attends from exemption x
            where x.school_id = $1 and x.pupil_id = $2 and x.withdrawn_at is null and x.starts_on <= $4 and x.ends_on >= $3
        ),
        missing as materialized (
            select l.id as lesson_id, l.subject_id, k.title, k.absent
            from held l
            join attendance a on a.school_id = $1 and a.lesson_id = l.id and a.pupil_id = $2
            join attendance_code k on k.school_id = $1 and k.code = a.code
            where l.there
              and not exists (select from spared x where x.subject_id = l.subject_id and not x.attends
                and l.held_on between x.starts_on and x.ends_on)
        ),
        counted as materialized ( -- what each mark counts among the results of a scale
            select * from unnest($13::bigint[], $14::bigint[], $15::text[], $16::bigint[]) c (results, scale, code, value)
        )
        select json_build_object(
            'id', s.id, 'name', s.name,
            'held', (select count(*) from held l where l.subject_id = s.id and l.there and l.held_on < $5),
            'left', (select count(*) from held l where l.subject_id = s.id and l.there and l.held_on >= $5),
            'missed', (select count(*) from missing x where x.subject_id = s.id and x.absent),
            'marks', coalesce((select json_agg(x) from (
                select w.lesson_id, w.id as assignment_id, w.code, i.title as words, (i.value * 100)::bigint as value,
                    (w.weight * 100)::bigint as weight, w.work, w.title, w.comment,
                    short_name(h.last_name, h.first_name, h.middle_name) as by,
                    w.changed_at, w.version, w.held_on, '' as subject, false as new, case when $9 then w.replaced_code end as replaced,
                    w.scale_id as scale
                from work w
                join mark_scale_item i on i.school_id = $1 and i.scale_id = w.scale_id and i.code = w.code
                left join person h on h.id = w.changed_by
                where w.subject_id = s.id order by w.held_on, w.id) x), '[]'),
            'owed', coalesce((select json_agg(x) from (
                select w.id as assignment, w.lesson_id as lesson, w.held_on as date, s.name as subject, w.work, w.title, w.comment, w.code,
                    w.owed_until as until, w.handed_in,
                    (select y.title from missing y where y.lesson_id = w.lesson_id and y.absent) as absence
                from work w
                where w.subject_id = s.id and w.owed and w.there) x), '[]'),
            'exempt_until', (select max(x.ends_on) from spared x where x.subject_id = s.id and $5 between x.starts_on and x.ends_on),
            'class_average', case when $6 then class_average(
                (select array_agg(distinct t.load_id) from taught t
                 join teaching_load tl on tl.school_id = $1 and tl.id = t.load_id and tl.subject_id = s.id), $3, $4, $7,
                array(select c.scale from counted c where c.results = r.id), array(select c.code from counted c where c.results = r.id),
                array(select c.value from counted c where c.results = r.id)) end,
            'class_pupils', case when $6 then class_average_pupils(
                (select array_agg(distinct t.load_id) from taught t
                 join teaching_load tl on tl.school_id = $1 and tl.id = t.load_id and tl.subject_id = s.id), $3, $4,
                array(select c.scale from counted c where c.results = r.id), array(select c.code from counted c where c.results = r.id),
                array(select c.value from counted c where c.results = r.id)) end,
            'results', coalesce((select json_agg(x) from (
                select r.id, r.stage, y.kind, q.number, coalesce(r.code, '') as code, r.scale_id as scale, coalesce(i.title, '') as words,
                    case r.stage when 'coursework' then r.topic when 'interim' then (select tl.interim_form from teaching_load tl where tl.school_id = $1 and tl.id = r.load_id) end as note
                from period_mark r
                left join mark_scale_item i on i.school_id = $1 and i.scale_id = r.scale_id and i.code = r.code
                left join period q on q.school_id = $1 and q.id = r.period_id
                left join period_system y on y.school_id = $1 and y.id = q.system_id
                where r.school_id = $1 and r.pupil_id = $2 and r.subject_id = s.id and r.year_id = $8
                    and (r.code is not null or r.topic is not null)
                order by array_position(array['period', 'coursework', 'half_1', 'half_2', 'interim', 'year', 'exam', 'final'], r.stage), q.starts_on) x), '[]')
            ) as "row!: Json<SubjectRow>"
        from subject s
        left join unnest($10::bigint[], $11::bigint[]) own (subject, id) on own.subject = s.id
        cross join lateral (select coalesce(own.id, $12::bigint) as id) r
        where s.school_id = $1 and s.id in (
            select tl.subject_id from taught t join teaching_load tl on tl.school_id = $1 and tl.id = t.load_id)
        order by s.name"#,
        school.0,
        pupil.0,
        from,
        until,
        today,
        terms.class_average,
        terms.weighted,
        year,
        both,
        &table.subjects,
        &table.subject_scales,
        table.school,
        &table.results,
        &table.scales,
        &table.codes,
        &table.values,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| r.row.0.subject(&book)).collect())
}

impl SubjectRow {
    fn subject(self, book: &Book) -> Subject {
        let results = book.results(self.id).unwrap_or(ScaleId(0));
        let marks: Vec<Dated> = self
            .marks
            .into_iter()
            .map(|row| {
                let scale = ScaleId(row.scale.unwrap_or_default());
                let (date, counts) = (row.held_on, book.counts(results, scale, &row.code));
                let standing = book.entry(scale, &row.code).map(|e| e.counting.standing);
                let mark = Mark {
                    value: counts,
                    standing: standing.unwrap_or_default(),
                    ..row.mark()
                };
                Dated { date, mark }
            })
            .collect();
        let average = average(marks.iter().map(|m| (m.mark.value, m.mark.weight)));
        let mut owed = self.owed;
        list::sort(&mut owed);
        Subject {
            id: self.id,
            name: self.name,
            marks,
            plain: average.plain,
            weighted: average.weighted,
            owed,
            held: self.held,
            left: self.left,
            missed: self.missed,
            exempt_until: self.exempt_until,
            class_average: self.class_average.map(Hundredths),
            class_pupils: self.class_pupils,
            results: ResultRow::outcomes(self.results, self.id, book),
            scale: book.items(results, results),
        }
    }
}

impl ResultRow {
    /// What a subject came to, by the scale of its results.
    pub(super) fn outcomes(rows: Vec<Self>, subject: SubjectId, book: &Book) -> Vec<Outcome> {
        let results = book.results(subject).unwrap_or(ScaleId(0));
        rows.into_iter().map(|r| r.outcome(book, results)).collect()
    }

    fn outcome(self, book: &Book, results: ScaleId) -> Outcome {
        let entry = book.entry(self.scale, &self.code);
        Outcome {
            value: book.counts(results, self.scale, &self.code),
            standing: entry.map(|e| e.counting.standing).unwrap_or_default(),
            id: (!self.code.is_empty()).then_some(self.id),
            stage: self.stage,
            kind: self.kind,
            number: self.number,
            code: self.code,
            words: self.words,
            note: self.note,
        }
    }
}
