//! What is missing in a period before it is closed.

use std::collections::BTreeMap;

use base::number::Hundredths;
use base::sql::{Ctx, Done};
use base::{AppError, LoadId, PeriodId};

use super::{all, must_set};
use crate::grading::periods::Unmarked;
use crate::grading::rules::terms_on;
use crate::scale::sql::Counted;

/// The journals in which marks of a period are missing, or rest on fewer marks than the rule of marking asks for by its last day: by grade, audience
/// and subject. Who is exempt from the subject on that day, and who has been given a mark without a value («н/а», «осв»), lacks none.
///
/// # Errors
/// Forbidden and not found as the rights say.
pub async fn unmarked(ctx: &mut Ctx, period: PeriodId) -> Done<Vec<Unmarked>> {
    must_set(ctx)?;
    let school = ctx.school();
    let span = sqlx::query!(
        "select starts_on, ends_on from period where school_id = $1 and id = $2",
        school.0,
        period.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let rules = all(ctx).await?;
    let counted = Counted::of(&crate::scale::sql::book(ctx).await?);
    // of each journal: how many of its pupils have so many marks that count, and how many of these lack the mark of the period
    let rows = sqlx::query!(
        r#"with counted as materialized (
            select * from unnest($5::bigint[], $6::bigint[], $7::text[]) c (results, scale, code)
         ), had as materialized (
            -- in whatever journals of the subject: who has changed class or subgroup brings theirs along
            select m.pupil_id, k.subject_id, count(*) as marks
            from lesson l
            join teaching_load k on k.school_id = $1 and k.id = l.load_id
            left join unnest($8::bigint[], $9::bigint[]) own (subject, id) on own.subject = k.subject_id
            join assignment a on a.school_id = $1 and a.lesson_id = l.id and a.weight > 0
            join mark m on m.school_id = $1 and m.assignment_id = a.id and m.code is not null
            join counted c on c.results = coalesce(own.id, $10) and c.scale = m.scale_id and c.code = m.code
            where l.school_id = $1 and l.held_on between $3 and $4
            group by m.pupil_id, k.subject_id
         ), owed as materialized (
            select o.load_id, o.subject_id, o.grade, o.audience, (o.week_hours * 100)::bigint as week_hours,
                coalesce(h.marks, 0) as marks, p.code is null as missing, p.code is not null and i.value is null as settled
            from period_owes o
            left join had h on h.pupil_id = o.pupil_id and h.subject_id = o.subject_id
            left join period_mark p on p.school_id = $1 and p.pupil_id = o.pupil_id and p.subject_id = o.subject_id and p.year_id = o.year_id
                and p.stage = 'period' and p.period_id = o.period_id
            left join mark_scale_item i on i.school_id = $1 and i.scale_id = p.scale_id and i.code = p.code
            where o.school_id = $1 and o.period_id = $2
              and not exists (select from exemption x where x.school_id = $1 and x.pupil_id = o.pupil_id and x.subject_id = o.subject_id
                and x.withdrawn_at is null and not x.attends and $4 between x.starts_on and x.ends_on)
         )
         select o.load_id as "load_id!", s.name as subject, o.grade as "grade!", o.audience as "audience!", o.week_hours as "week_hours!",
            t.teacher_name as "teacher!", o.marks as "marks!", count(*) filter (where not o.settled) as "pupils!",
            count(*) filter (where o.missing) as "missing!"
         from owed o
         join subject s on s.school_id = $1 and s.id = o.subject_id
         cross join lateral teacher_asked($1, o.load_id, null) t
         group by o.load_id, s.name, o.grade, o.audience, o.week_hours, t.teacher_name, o.marks"#,
        school.0,
        period.0,
        span.starts_on,
        span.ends_on,
        &counted.results,
        &counted.scales,
        &counted.codes,
        &counted.subjects,
        &counted.subject_scales,
        counted.school,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut found: BTreeMap<(i16, String, String, i64), Unmarked> = BTreeMap::new();
    for r in rows {
        let minimum = terms_on(&rules, r.grade, span.ends_on).minimum(Hundredths(r.week_hours));
        let few = if r.marks < i64::from(minimum) { r.pupils } else { 0 };
        let key = (r.grade, r.audience.clone(), r.subject.clone(), r.load_id);
        let journal = found.entry(key).or_insert_with(|| Unmarked {
            load: LoadId(r.load_id),
            subject: r.subject,
            audience: r.audience,
            teacher: r.teacher,
            missing: 0,
            few: 0,
        });
        journal.missing += r.missing;
        journal.few += few;
    }
    Ok(found
        .into_values()
        .filter(|j| j.missing > 0 || j.few > 0)
        .collect())
}
