//! One period of a journal, read in a fixed number of statements, whatever its size.

use std::collections::{HashMap, HashSet};

use base::number::Hundredths;
use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{AssignmentId, LessonId, LoadId, PeriodId, PupilId, ScaleId, SubjectId, WorkTypeId};
use chrono::NaiveDate;

use super::facts::of_load;
use super::laid::{Of, laid_until};
use super::period::{View, choose, is_outside, outside, periods};
use crate::attendance::in_words;
use crate::grading::Rewritten;
use crate::journal::cell::Homework;
use crate::journal::grid::{
    Assignment, AttendanceCode, AttendanceRow, Grid, Lesson, MarkRow, OUTSIDE, OwedRow, Pupil, Scale,
    WorkType,
};
use crate::owed::Owed;
use crate::scale::Book;
use crate::t;

/// One period of a journal: the asked one, else today's, else the last that has begun. [`OUTSIDE`]: the lessons that were held on days which
/// lie in no period.
///
/// # Errors
/// [`base::AppError::NotFound`] for a journal or period that is not there for this actor.
pub async fn grid(ctx: &mut Ctx, load: LoadId, period: Option<PeriodId>) -> Done<Grid> {
    let whose = of_load(ctx, load).await?;
    let journal = whose.resource(ctx, Kind::Journal);
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let may_edit = ctx.may(Action::Edit, &journal);
    let may_see_history = ctx.may(Action::View, &whose.resource(ctx, Kind::Audit));
    let head = head(ctx, load).await?;
    let periods = periods(ctx, load).await?;
    let today = ctx.today();
    let view = choose(&periods, period, today)?;
    let chosen = match view {
        View::Of(period) => Some(period.clone()),
        View::Outside | View::Year => None,
    };
    let (from, to) = chosen
        .as_ref()
        .map_or((head.starts_on, head.ends_on), |p| (p.starts_on, p.ends_on));
    let locked = chosen.as_ref().is_some_and(|p| p.locked) || head.year_closed;
    // before what it speaks of: what happens in between is asked for once more
    let (pulse, _) = super::news::pulse(ctx, load, from, to).await?;
    let pupils = pupils(ctx, load, from, to).await?;
    let (mut lessons, off) = lessons(ctx, load, from, to, locked).await?;
    let mut assignments = assignments(ctx, load, from, to).await?;
    let lies_outside = view == View::Outside;
    if lies_outside {
        lessons.retain(|l| !l.cancelled && is_outside(&periods, l.date));
        assignments.retain(|a| lessons.iter().any(|l| l.id == a.lesson));
    }
    let outside = outside(ctx, load, &periods).await?;
    let laid_until = if lies_outside {
        None
    } else {
        laid_until(ctx, Of::Load(load), (from, to)).await?
    };
    let (marks, owed, attendance) = values(ctx, &pupils, &lessons, &assignments).await?;
    let owed_until = crate::owed::sql::by_the_school(ctx, load).await?;
    let mut plan = crate::plan::sql::offers(ctx, load).await?;
    let shown: HashSet<LessonId> = lessons.iter().map(|l| l.id).collect();
    plan.retain(|o| shown.contains(&o.lesson));
    let mut scheduled = super::planned::scheduled(ctx, load, from, to).await?;
    scheduled.retain(|w| shown.contains(&w.lesson));
    let book = crate::scale::sql::book(ctx).await?;
    let results = match &chosen {
        Some(period) => crate::grading::sql::results(ctx, load, period, &pupils, &book).await?,
        None => None,
    };
    let markless = markless(ctx, load, to).await?;
    let both = results
        .as_ref()
        .is_some_and(|r| r.terms.rewritten == Rewritten::Both);
    let replaced = if both {
        replaced(ctx, &pupils, &assignments).await?
    } else {
        vec![]
    };
    let scales = scales(ctx, load, head.subject_id, &book).await?;
    let ids: Vec<PupilId> = pupils.iter().map(|p| p.id).collect();
    let exempt = crate::exemption::sql::spells(ctx, head.subject_id, &ids, (from, to)).await?;
    let hints = crate::attendance::sql::hints(ctx, &ids, from, to).await?;
    let cancelled = cancelled(ctx, load, from, to).await?;
    let (substitutes, stands_in) = super::stand_in::of_load(ctx, load, from, to).await?;
    let (person, school) = (ctx.person(), ctx.school());
    Ok(Grid {
        person,
        school,
        load,
        subject: head.subject,
        audience: head.audience,
        today,
        periods,
        period: chosen.map(|p| p.id).or(lies_outside.then_some(OUTSIDE)),
        outside,
        laid_until,
        may_edit,
        may_see_history,
        pupils,
        lessons,
        assignments,
        marks,
        owed,
        owed_until,
        attendance,
        all_scales: all_scales(ctx, scales.first().map(|s| s.id)).await?,
        scales,
        work_types: work_types(ctx).await?,
        codes: codes(ctx).await?,
        read_at: Some(ctx.now()),
        utc_offset: ctx.actor().utc_offset,
        pulse,
        plan,
        scheduled,
        results,
        markless,
        replaced,
        exempt,
        hints,
        cancelled,
        off,
        asked: crate::grading::sql::asked(ctx, load).await?,
        may_cancel: crate::cancellation::sql::may(ctx),
        substitutes,
        stands_in,
    })
}

pub(super) struct Head {
    subject_id: SubjectId,
    subject: String,
    audience: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    year_closed: bool,
}

pub(super) async fn head(ctx: &mut Ctx, load: LoadId) -> Done<Head> {
    let (school, now) = (ctx.school(), ctx.now());
    Ok(sqlx::query_as!(
        Head,
        r#"select s.id as "subject_id: SubjectId", s.name as subject, y.starts_on, y.ends_on,
            coalesce(y.closed_at <= $3, false) as "year_closed!",
            coalesce(a.audience, '') as "audience!"
           from teaching_load l
           cross join lateral audience_of($1, l.id) a
           join subject s on s.school_id = l.school_id and s.id = l.subject_id
           join academic_year y on y.school_id = l.school_id and y.id = l.year_id
           where l.school_id = $1 and l.id = $2"#,
        school.0,
        load.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?)
}

pub(crate) async fn pupils(ctx: &mut Ctx, load: LoadId, from: NaiveDate, to: NaiveDate) -> Done<Vec<Pupil>> {
    let (school, today) = (ctx.school(), ctx.today());
    // a row for each stretch of belonging, cut to the period
    let rows = sqlx::query!(
        r#"select e.pupil_id, concat_ws(' ', p.last_name, p.first_name) as "name!",
            greatest(e.starts_on, coalesce(g.starts_on, e.starts_on), $3) as "from!",
            least(coalesce(e.ends_on, $4), coalesce(g.ends_on, $4), $4) as "to!",
            coalesce(least(e.ends_on, g.ends_on), 'infinity') < least($5, $4) as "gone!"
           from load_audience u
           join enrolment e on e.school_id = u.school_id and e.class_id = u.class_id
           left join subgroup_member g on g.school_id = u.school_id and g.subgroup_id = u.subgroup_id and g.pupil_id = e.pupil_id
           join pupil i on i.school_id = e.school_id and i.id = e.pupil_id
           join person p on p.id = i.person_id
           where u.school_id = $1 and u.load_id = $2 and (u.subgroup_id is null or g.pupil_id is not null)
             and greatest(e.starts_on, coalesce(g.starts_on, e.starts_on)) <= $4
             and least(coalesce(e.ends_on, 'infinity'), coalesce(g.ends_on, 'infinity')) >= $3
             and greatest(e.starts_on, coalesce(g.starts_on, e.starts_on))
                 <= least(coalesce(e.ends_on, 'infinity'), coalesce(g.ends_on, 'infinity'))
           order by p.last_name, p.first_name, p.middle_name, e.pupil_id, 3"#,
        school.0,
        load.0,
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

async fn lessons(
    ctx: &mut Ctx,
    load: LoadId,
    from: NaiveDate,
    to: NaiveDate,
    locked: bool,
) -> Done<(Vec<Lesson>, Vec<(LessonId, String)>)> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select l.id, l.held_on, l.slot, l.topic, not takes_place(l) as "cancelled!", l.version,
            case when l.state <> 'cancelled' and not takes_place(l) then coalesce((
                select o.title from class_holiday o join load_audience u on u.school_id = $1 and u.load_id = l.load_id and u.class_id = o.class_id
                where o.school_id = $1 and l.held_on between o.starts_on and o.ends_on order by o.starts_on, o.holiday_id limit 1), '') end as off,
            h.text as "text?", h.due_on as "due_on?", h.minutes as "minutes?", h.links as "links?"
           from lesson l left join homework h on h.school_id = l.school_id and h.load_id = l.load_id and h.lesson_id = l.id
           where l.school_id = $1 and l.load_id = $2 and l.held_on between $3 and $4
           order by l.held_on, l.slot"#,
        school.0,
        load.0,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    let lang = ctx.lang();
    let named = |title: String| {
        if title.is_empty() {
            t::journal_outside_periods(lang).to_owned()
        } else {
            title
        }
    };
    let off = rows
        .iter()
        .filter_map(|r| Some((LessonId(r.id), named(r.off.clone()?))));
    let off = off.collect();
    let lessons = rows
        .into_iter()
        .map(|r| Lesson {
            id: LessonId(r.id),
            date: r.held_on,
            slot: r.slot,
            topic: r.topic,
            homework: r.text.map(|text| Homework {
                text,
                due_on: r.due_on,
                minutes: r.minutes,
                links: r.links,
            }),
            cancelled: r.cancelled,
            locked,
            version: r.version,
        })
        .collect();
    Ok((lessons, off))
}

/// Why lessons of these days do not take place.
async fn cancelled(
    ctx: &mut Ctx,
    load: LoadId,
    from: NaiveDate,
    to: NaiveDate,
) -> Done<Vec<(LessonId, String)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select id, cancel_reason as "reason!" from lesson
           where school_id = $1 and load_id = $2 and held_on between $3 and $4 and cancel_reason is not null
           order by held_on, slot"#,
        school.0,
        load.0,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (LessonId(r.id), r.reason)).collect())
}

async fn assignments(ctx: &mut Ctx, load: LoadId, from: NaiveDate, to: NaiveDate) -> Done<Vec<Assignment>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select a.id, a.lesson_id, a.work_type_id, a.scale_id, a.title, (a.weight * 100)::bigint as "weight!", a.version
           from lesson l join assignment a on a.school_id = l.school_id and a.lesson_id = l.id
           where l.school_id = $1 and l.load_id = $2 and l.held_on between $3 and $4
           order by l.held_on, l.slot, a.position, a.id"#,
        school.0,
        load.0,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Assignment {
            id: AssignmentId(r.id),
            lesson: LessonId(r.lesson_id),
            work_type: WorkTypeId(r.work_type_id),
            scale: ScaleId(r.scale_id),
            title: r.title,
            weight: Hundredths(r.weight),
            version: r.version,
        })
        .collect())
}

/// Marks and attendance. The database gives them their places in the lists, so that thousands of rows need no search here.
async fn values(
    ctx: &mut Ctx,
    pupils: &[Pupil],
    lessons: &[Lesson],
    assignments: &[Assignment],
) -> Done<(Vec<MarkRow>, Vec<OwedRow>, Vec<AttendanceRow>)> {
    let school = ctx.school();
    let pupil_at: HashMap<i64, u16> = pupils.iter().map(|p| p.id.0).zip(0u16..).collect();
    let lesson_at: HashMap<i64, u16> = lessons.iter().map(|l| l.id.0).zip(0u16..).collect();
    let work_at: HashMap<i64, u16> = assignments.iter().map(|a| a.id.0).zip(0u16..).collect();
    let (works, days): (Vec<i64>, Vec<i64>) = (
        work_at.keys().copied().collect(),
        lesson_at.keys().copied().collect(),
    );
    let mut owed = vec![];
    let marks = sqlx::query!(
        "select assignment_id, pupil_id, code, version, comment, owed, owed_until, handed_in from mark
         where school_id = $1 and assignment_id = any ($2::bigint[])",
        school.0,
        &works,
    )
    .fetch_all(ctx.db())
    .await?
    .into_iter()
    .filter_map(|r| {
        let (pupil, work) = (*pupil_at.get(&r.pupil_id)?, *work_at.get(&r.assignment_id)?);
        if r.owed {
            let dot = Owed {
                until: r.owed_until,
                handed_in: r.handed_in,
            };
            owed.push(OwedRow(pupil, work, dot));
        }
        Some(MarkRow(pupil, work, r.code, r.version, r.comment))
    })
    .collect();
    let attendance = sqlx::query!(
        "select lesson_id, pupil_id, code, version from attendance where school_id = $1 and lesson_id = any ($2::bigint[])",
        school.0,
        &days,
    )
    .fetch_all(ctx.db())
    .await?
    .into_iter()
    .filter_map(|r| Some(AttendanceRow(*pupil_at.get(&r.pupil_id)?, *lesson_at.get(&r.lesson_id)?, r.code, r.version)))
    .collect();
    Ok((marks, owed, attendance))
}

/// Does the audience get no marks in the period that ends on a day?
async fn markless(ctx: &mut Ctx, load: LoadId, to: NaiveDate) -> Done<bool> {
    let given = sqlx::query_scalar!(
        r#"select coalesce(marks_given($1, $2), true) as "given!""#,
        load.0,
        to
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(!given)
}

/// The marks that were there before those which have been rewritten on a later day.
async fn replaced(
    ctx: &mut Ctx,
    pupils: &[Pupil],
    assignments: &[Assignment],
) -> Done<Vec<(u16, u16, String)>> {
    let school = ctx.school();
    let works: Vec<i64> = assignments.iter().map(|a| a.id.0).collect();
    let rows = sqlx::query!(
        r#"select assignment_id, pupil_id, replaced_code as "code!" from mark
           where school_id = $1 and assignment_id = any ($2::bigint[]) and replaced_code is not null and code is not null
           order by assignment_id, pupil_id"#,
        school.0,
        &works,
    )
    .fetch_all(ctx.db())
    .await?;
    let place = |r: (i64, i64, String)| {
        let row = pupils.iter().position(|p| p.id.0 == r.1)?;
        let work = works.iter().position(|id| *id == r.0)?;
        Some((u16::try_from(row).ok()?, u16::try_from(work).ok()?, r.2))
    };
    let found = rows.into_iter().map(|r| (r.assignment_id, r.pupil_id, r.code));
    Ok(found.filter_map(place).collect())
}

/// The scales in use in a journal; first the one by which its results are given, whatever works there are: a new work gets it.
async fn scales(ctx: &mut Ctx, load: LoadId, subject: SubjectId, book: &Book) -> Done<Vec<Scale>> {
    let Some(results) = book.results(subject) else {
        return Ok(vec![]);
    };
    let school = ctx.school();
    let used = sqlx::query_scalar!(
        "select distinct a.scale_id from lesson l
         join assignment a on a.school_id = l.school_id and a.lesson_id = l.id
         where l.school_id = $1 and l.load_id = $2 and a.scale_id <> $3 order by a.scale_id",
        school.0,
        load.0,
        results.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let scale = |id: ScaleId| Scale {
        id,
        items: book.items(results, id),
    };
    let others = used.into_iter().map(|id| scale(ScaleId(id)));
    Ok(std::iter::once(scale(results)).chain(others).collect())
}

/// The scales of the school by name, `first` before the others.
async fn all_scales(ctx: &mut Ctx, first: Option<ScaleId>) -> Done<Vec<(ScaleId, String)>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, title from mark_scale where school_id = $1 order by id <> $2, id",
        school.0,
        first.map_or(0, |s| s.0),
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (ScaleId(r.id), r.title)).collect())
}

async fn work_types(ctx: &mut Ctx) -> Done<Vec<WorkType>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select id, code, title, (weight * 100)::bigint as "weight!", assessment from work_type where school_id = $1 order by position, id"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| WorkType {
            id: WorkTypeId(r.id),
            code: r.code,
            title: r.title,
            weight: Hundredths(r.weight),
            assessment: r.assessment,
        })
        .collect())
}

pub(crate) async fn codes(ctx: &mut Ctx) -> Done<Vec<AttendanceCode>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let mut codes = sqlx::query_as!(
        AttendanceCode,
        "select code, title, absent from attendance_code where school_id = $1 order by position, code",
        school.0,
    )
    .fetch_all(ctx.db())
    .await?;
    for code in &mut codes {
        code.title = in_words(&code.title, lang);
    }
    Ok(codes)
}
