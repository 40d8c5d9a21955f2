//! Coursework without its mark when its period is over.

use base::sql::{Ctx, Done};
use base::{ClassId, EmployeeId, LoadId, PeriodId};

use super::gaps::Year;
use crate::deadline::board::Debt;
use crate::deadline::rule::Kind;
use crate::grading::Stage;

/// A student who was given a topic is owed its mark by the last day of the period, until the period or the year is closed. Nobody is owed
/// one without a topic, nor who has left before that day.
pub(super) async fn of_coursework(ctx: &mut Ctx, year: Year, of: Option<EmployeeId>) -> Done<Vec<Debt>> {
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let found = sqlx::query!(
        r#"with heard as (
            select u.load_id, array_agg(distinct c.id) as classes,
                string_agg(c.name || coalesce(' (' || g.name || ')', ''), ', ' order by c.grade, c.name, g.name) as audience
            from load_audience u
            join class c on c.school_id = u.school_id and c.id = u.class_id and c.year_id = $2
            left join subgroup g on g.school_id = u.school_id and g.id = u.subgroup_id
            where u.school_id = $1 group by u.load_id
         )
         select m.load_id, m.period_id as "period_id!", d.ends_on, s.name as subject, a.audience as "audience!", a.classes as "classes!",
            t.employee_id as "teacher?", count(*) as "pupils!",
            coalesce(short_name(h.last_name, h.first_name, h.middle_name), '') as "teacher_name!"
         from period_mark m
         join period d on d.school_id = $1 and d.id = m.period_id and d.ends_on <= $3 and (d.locked_at is null or d.locked_at > $4)
         join academic_year y on y.school_id = $1 and y.id = m.year_id and (y.closed_at is null or y.closed_at > $4)
         join heard a on a.load_id = m.load_id
         join subject s on s.school_id = $1 and s.id = m.subject_id
         left join lateral (select min(lt.employee_id) as employee_id from load_teacher lt
            where lt.school_id = $1 and lt.load_id = m.load_id and ($5::bigint is null or lt.employee_id = $5)) t on true
         left join employee e on e.school_id = $1 and e.id = t.employee_id
         left join person h on h.id = e.person_id
         where m.school_id = $1 and m.year_id = $2 and m.stage = 'coursework' and m.topic is not null and m.code is null
           and ($5::bigint is null or t.employee_id = $5)
           and exists (select from organisation o where o.id = $1 and o.kind = 'college')
           and exists (select from enrolment i where i.school_id = $1 and i.pupil_id = m.pupil_id and i.class_id = any (a.classes)
                and d.ends_on between i.starts_on and coalesce(i.ends_on, 'infinity'))
         group by m.load_id, m.period_id, d.ends_on, s.name, a.audience, a.classes, t.employee_id, h.last_name, h.first_name, h.middle_name"#,
        school.0,
        year.id,
        today,
        now,
        of.map(|e| e.0),
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(found
        .into_iter()
        .map(|r| Debt {
            lesson: None,
            load: Some(LoadId(r.load_id)),
            period: Some(PeriodId(r.period_id)),
            stage: Some(Stage::Coursework(PeriodId(r.period_id))),
            date: r.ends_on,
            number: 0,
            pupils: r.pupils,
            subject: r.subject,
            audience: r.audience,
            classes: r.classes.into_iter().map(ClassId).collect(),
            teacher: r.teacher.map(EmployeeId),
            teacher_name: r.teacher_name,
            kind: Kind::Totals,
            due: r.ends_on,
        })
        .collect())
}
