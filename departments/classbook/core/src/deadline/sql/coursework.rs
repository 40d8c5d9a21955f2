//! Coursework without its mark when its period is over.

use base::EmployeeId;
use base::sql::{Ctx, Done};

use super::gaps::Year;
use super::missing::Missing;
use crate::deadline::board::Debt;

/// A student who was given a topic is owed its mark by the last day of the period, until the period or the year is closed. Nobody is owed
/// one without a topic, nor who has left before that day.
pub(super) async fn of_coursework(ctx: &mut Ctx, year: Year, of: Option<EmployeeId>) -> Done<Vec<Debt>> {
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let found = sqlx::query_as!(
        Missing,
        r#"select m.load_id, m.period_id, m.stage, d.ends_on, s.name as subject, a.audience as "audience!", a.classes as "classes!",
            t.employee_id as "teacher?", t.teacher_name as "teacher_name!", count(*) as "pupils!"
         from period_mark m
         join period d on d.school_id = $1 and d.id = m.period_id and d.ends_on <= $3 and (d.locked_at is null or d.locked_at > $4)
         join academic_year y on y.school_id = $1 and y.id = m.year_id and (y.closed_at is null or y.closed_at > $4)
         join load_heard a on a.school_id = $1 and a.year_id = $2 and a.load_id = m.load_id
         join subject s on s.school_id = $1 and s.id = m.subject_id
         cross join lateral teacher_asked($1, m.load_id, $5) t
         where m.school_id = $1 and m.year_id = $2 and m.stage = 'coursework' and m.topic is not null and m.code is null
           and ($5::bigint is null or t.employee_id = $5)
           and exists (select from organisation o where o.id = $1 and o.kind = 'college')
           and exists (select from enrolment i where i.school_id = $1 and i.pupil_id = m.pupil_id and i.class_id = any (a.classes)
                and d.ends_on between i.starts_on and coalesce(i.ends_on, 'infinity'))
         group by m.load_id, m.period_id, m.stage, d.ends_on, s.name, a.audience, a.classes, t.employee_id, t.teacher_name"#,
        school.0,
        year.id,
        today,
        now,
        of.map(|e| e.0),
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(found.into_iter().map(Debt::from).collect())
}
