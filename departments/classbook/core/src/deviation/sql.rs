//! Reads the marks that stand apart from what was proposed when they were given.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, EmployeeId, LoadId, PeriodId, PupilId};
use chrono::{FixedOffset, Offset as _, Utc};

use super::{Deviation, Deviations, Line, Way};
use crate::grading::Stage;

/// Most marks that are told one by one.
const MOST: i64 = 300;

/// The present year's marks of periods and years that stand apart: figures by teacher, and the marks behind one of them. `teacher` 0 is who has none.
///
/// # Errors
/// [`AppError::NotFound`] for who does not see every journal, and for a foreign teacher.
pub async fn deviations(ctx: &mut Ctx, teacher: Option<EmployeeId>, way: Option<Way>) -> Done<Deviations> {
    ctx.must(Action::View, &Resource::of_school(Kind::Journal, ctx.school()))?;
    if let Some(teacher) = teacher.filter(|t| t.0 != 0) {
        known(ctx, teacher).await?;
    }
    let lines = lines(ctx).await?;
    let (behind, more) = match teacher {
        Some(teacher) => marks(ctx, teacher, way).await?,
        None => (vec![], false),
    };
    Ok(Deviations { lines, behind, more })
}

async fn known(ctx: &mut Ctx, teacher: EmployeeId) -> Done<()> {
    let school = ctx.school();
    let known = sqlx::query_scalar!(
        r#"select exists (select from employee e where e.school_id = $1 and e.id = $2) as "known!""#,
        school.0,
        teacher.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if known {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

async fn lines(ctx: &mut Ctx) -> Done<Vec<Line>> {
    let (school, today) = (ctx.school(), ctx.today());
    let found = sqlx::query!(
        r#"with year as (
            select id from academic_year where school_id = $1 and starts_on <= $2 order by starts_on desc limit 1
         ), marks as (
            select t.employee_id, m.proposed is distinct from m.code as apart, g.value as given, p.value as proposed
            from period_mark m
            join year y on y.id = m.year_id
            join mark_scale_item g on g.school_id = $1 and g.scale_id = m.scale_id and g.code = m.code
            left join mark_scale_item p on p.school_id = $1 and p.scale_id = m.scale_id and p.code = m.proposed
            left join lateral (select min(lt.employee_id) as employee_id from load_teacher lt
                where lt.school_id = $1 and lt.load_id = m.load_id) t on true
            -- what nothing is proposed for, an exam, stands apart from nothing
            where m.school_id = $1 and (m.proposed is not null or m.reason is not null)
         )
         select m.employee_id, coalesce(short_name(h.last_name, h.first_name, h.middle_name), '') as "name!", count(*) as "given!",
            count(*) filter (where m.apart and m.given > m.proposed) as "up!",
            count(*) filter (where m.apart and m.given < m.proposed) as "down!",
            count(*) filter (where m.apart and (m.given is null or m.proposed is null or m.given = m.proposed)) as "aside!"
         from marks m
         left join employee e on e.school_id = $1 and e.id = m.employee_id
         left join person h on h.id = e.person_id
         group by m.employee_id, h.last_name, h.first_name, h.middle_name
         having count(*) filter (where m.apart) > 0
         order by count(*) filter (where m.apart)::numeric / count(*) desc, h.last_name, h.first_name, m.employee_id"#,
        school.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(found
        .into_iter()
        .map(|r| Line {
            teacher: r.employee_id.map(EmployeeId),
            name: r.name,
            given: r.given,
            apart: [r.up, r.down, r.aside],
        })
        .collect())
}

async fn marks(ctx: &mut Ctx, teacher: EmployeeId, way: Option<Way>) -> Done<(Vec<Deviation>, bool)> {
    let (school, today) = (ctx.school(), ctx.today());
    let offset = FixedOffset::east_opt(ctx.actor().utc_offset).unwrap_or(Utc.fix());
    let found = sqlx::query!(
        r#"with year as (
            select id from academic_year where school_id = $1 and starts_on <= $2 order by starts_on desc limit 1
         ), marks as (
            select m.load_id, m.pupil_id, m.subject_id, m.year_id, m.stage, m.period_id, m.proposed, m.code, m.reason, m.changed_at,
                case when g.value > p.value then 'up' when g.value < p.value then 'down' else 'aside' end as way
            from period_mark m
            join year y on y.id = m.year_id
            join mark_scale_item g on g.school_id = $1 and g.scale_id = m.scale_id and g.code = m.code
            left join mark_scale_item p on p.school_id = $1 and p.scale_id = m.scale_id and p.code = m.proposed
            left join lateral (select min(lt.employee_id) as employee_id from load_teacher lt
                where lt.school_id = $1 and lt.load_id = m.load_id) t on true
            where m.school_id = $1 and (m.proposed is not null or m.reason is not null) and m.proposed is distinct from m.code
              and coalesce(t.employee_id, 0) = $3
         )
         select m.load_id, m.pupil_id, m.stage, m.period_id, m.proposed, m.code as "code!", m.reason, m.changed_at, m.way as "way!",
            h.last_name || ' ' || h.first_name as "name!", s.name as subject, coalesce(c.name, '') as "class!",
            coalesce(d.number, 0::smallint) as "number!", coalesce(x.kind, '') as "kind!"
         from marks m
         join pupil u on u.school_id = $1 and u.id = m.pupil_id
         join person h on h.id = u.person_id
         join subject s on s.school_id = $1 and s.id = m.subject_id
         left join period d on d.school_id = $1 and d.id = m.period_id
         left join period_system x on x.school_id = $1 and x.id = d.system_id
         left join lateral (select k.name from enrolment i join class k on k.school_id = $1 and k.id = i.class_id and k.year_id = m.year_id
            where i.school_id = $1 and i.pupil_id = m.pupil_id order by i.starts_on desc limit 1) c on true
         where $4::text is null or m.way = $4
         order by m.changed_at desc, h.last_name, h.first_name, m.pupil_id limit $5"#,
        school.0,
        today,
        teacher.0,
        way.map(Way::key),
        MOST + 1,
    )
    .fetch_all(ctx.db())
    .await?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = found.len() > most;
    let marks = found.into_iter().take(most).filter_map(|r| {
        Some(Deviation {
            load: LoadId(r.load_id),
            pupil: PupilId(r.pupil_id),
            name: r.name,
            class: r.class,
            subject: r.subject,
            stage: Stage::from_key(&r.stage, r.period_id.map(PeriodId))?,
            kind: r.kind,
            number: r.number,
            proposed: r.proposed,
            code: r.code,
            reason: r.reason,
            way: Way::from_key(&r.way)?,
            given_on: r.changed_at.with_timezone(&offset).date_naive(),
        })
    });
    Ok((marks.collect(), more))
}
