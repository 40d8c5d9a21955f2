//! What a border that moves, or another system for a grade or class, takes along: lessons in which something is written and that would lie in no
//! period any more.

use base::sql::{Ctx, Done};
use base::{AppError, Lang};
use chrono::NaiveDate;

use super::assign::Move;
use super::must_set;
use super::periods::{held, open_year};
use crate::grading::periods::{Assignment, Fallen, Span, System, SystemId, SystemTerms};
use crate::t;

/// The lessons with marks, absences or topics that would fall out of every period if a system were written so: by journal. Nothing is
/// written.
///
/// # Errors
/// Forbidden and not found as the rights say; invalid for terms that could not be written.
pub async fn falls_out(ctx: &mut Ctx, id: SystemId, terms: &SystemTerms) -> Done<Vec<Fallen>> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let before = held(ctx, year.id, id).await?;
    terms.check(year.span, ctx.lang())?;
    fallen(ctx, &before, terms).await
}

/// As [`falls_out`], if a grade or a class were given another system.
///
/// # Errors
/// As [`super::assign_grade`] and [`super::assign_class`].
pub async fn assignment_falls_out(ctx: &mut Ctx, wish: Assignment) -> Done<Vec<Fallen>> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    match Move::find(ctx, &year, wish).await? {
        Some(moves) => moves.fallen(ctx).await,
        None => Ok(vec![]),
    }
}

/// Whoever accepts accepts as many as there are: another lesson that was marked meanwhile is asked about once more.
pub(super) fn known(lost: &[Fallen], accepted: Option<i64>, lang: Lang) -> Result<(), AppError> {
    match Fallen::all(lost) {
        Some((lessons, days)) if accepted != Some(lessons) => {
            let day = |d: NaiveDate| d.format("%d.%m.%Y").to_string();
            let words = t::periods_falls_out(lang, lessons, day(days.from), day(days.to));
            Err(AppError::invalid("outside", words))
        }
        _ => Ok(()),
    }
}

/// As [`falls_out`], of terms that were looked through.
pub(super) async fn fallen(ctx: &mut Ctx, before: &System, terms: &SystemTerms) -> Done<Vec<Fallen>> {
    let school = ctx.school();
    let classes = sqlx::query_scalar!(
        r#"select class_id as "id!" from class_system where school_id = $1 and system_id = $2"#,
        school.0,
        before.id.0,
    )
    .fetch_all(ctx.db())
    .await?;
    lost(ctx, &classes, &before.terms().spans, &terms.spans).await
}

/// What falls out if classes have periods of other days. A lesson does if its day lies in a period of these classes now, in none then, and in
/// none of the other classes of its audience: as the journal has a day that any class of the audience has. A topic that was written ahead proves
/// nothing (`keep_held`).
pub(super) async fn lost(
    ctx: &mut Ctx,
    classes: &[i64],
    before: &[Span],
    after: &[Span],
) -> Done<Vec<Fallen>> {
    if classes.is_empty() || before == after {
        return Ok(vec![]);
    }
    let (school, today) = (ctx.school(), ctx.today());
    let days =
        |spans: &[Span]| -> (Vec<NaiveDate>, Vec<NaiveDate>) { spans.iter().map(|s| (s.from, s.to)).unzip() };
    let ((was_from, was_to), (from, to)) = (days(before), days(after));
    let rows = sqlx::query!(
        r#"with spans as (select * from unnest($3::date[], $4::date[]) s (starts_on, ends_on)),
         was as (select * from unnest($6::date[], $7::date[]) s (starts_on, ends_on)),
         lost as materialized (
            select l.id, l.load_id, l.held_on, l.state, l.topic
            from was d
            join lesson l on l.school_id = $1 and l.held_on between d.starts_on and d.ends_on and l.state <> 'cancelled'
            where not exists (select from spans s where l.held_on between s.starts_on and s.ends_on)
              and exists (select from load_audience u where u.school_id = $1 and u.load_id = l.load_id and u.class_id = any ($2::bigint[]))
              and not exists (select from load_audience u
                join class_period o on o.school_id = u.school_id and o.class_id = u.class_id
                where u.school_id = $1 and u.load_id = l.load_id and u.class_id <> all ($2::bigint[]) and l.held_on between o.starts_on and o.ends_on)
         ), told as (
            select l.*,
                (select count(*) from assignment w join mark m on m.school_id = $1 and m.assignment_id = w.id and (m.code is not null or m.owed)
                    where w.school_id = $1 and w.lesson_id = l.id) as marks,
                (select count(*) from attendance a where a.school_id = $1 and a.lesson_id = l.id and a.code is not null) as absences
            from lost l
         )
         select s.name as subject, coalesce(a.audience, '') as "audience!", count(*) as "lessons!",
            sum(t.marks)::bigint as "marks!", sum(t.absences)::bigint as "absences!", min(t.held_on) as "from!", max(t.held_on) as "to!"
         from told t
         join teaching_load k on k.school_id = $1 and k.id = t.load_id
         join subject s on s.school_id = $1 and s.id = k.subject_id
         cross join lateral audience_of($1, t.load_id) a
         where t.state = 'held' or t.marks > 0 or t.absences > 0 or (t.topic is not null and t.held_on < $5)
         group by t.load_id, s.name, a.audience, a.grade order by a.grade, a.audience, s.name, t.load_id"#,
        school.0,
        classes,
        &from,
        &to,
        today,
        &was_from,
        &was_to,
    )
    .fetch_all(ctx.db())
    .await?;
    let fallen = rows.into_iter().map(|r| Fallen {
        subject: r.subject,
        audience: r.audience,
        lessons: r.lessons,
        marks: r.marks,
        absences: r.absences,
        from: r.from,
        to: r.to,
    });
    Ok(fallen.collect())
}
