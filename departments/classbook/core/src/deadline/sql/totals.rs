//! Marks of periods that are missing when the period ends.

use base::EmployeeId;
use base::sql::{Ctx, Done};

use super::gaps::Year;
use super::missing::Missing;
use crate::deadline::board::Debt;

/// How many days before the last day of a period its marks are asked for.
const ASKED_BEFORE: i32 = 7;

/// Periods at their end, still open, with pupils whose mark of the subject is missing. The first grade of a school has none, and a load
/// without a lesson in the period owes none (`period_owes`).
pub(super) async fn of_periods(ctx: &mut Ctx, year: Year, of: Option<EmployeeId>) -> Done<Vec<Debt>> {
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let found = sqlx::query_as!(
        Missing,
        r#"select o.load_id as "load_id!", o.period_id as "period_id?", 'period' as "stage!", o.ends_on as "ends_on!", s.name as subject,
            o.audience as "audience!", o.classes as "classes!", t.employee_id as "teacher?", t.teacher_name as "teacher_name!", count(*) as "pupils!"
         from period_owes o
         join subject s on s.school_id = $1 and s.id = o.subject_id
         cross join lateral teacher_asked($1, o.load_id, $6) t
         where o.school_id = $1 and o.year_id = $2 and o.ends_on - $5::int <= $3 and (o.locked_at is null or o.locked_at > $4)
           and ($6::bigint is null or t.employee_id = $6)
           and not exists (select from period_mark p where p.school_id = $1 and p.pupil_id = o.pupil_id and p.subject_id = o.subject_id
                and p.year_id = $2 and p.stage = 'period' and p.period_id = o.period_id and p.code is not null)
         group by o.load_id, o.period_id, o.ends_on, s.name, o.audience, o.classes, t.employee_id, t.teacher_name"#,
        school.0,
        year.id,
        today,
        now,
        ASKED_BEFORE,
        of.map(|e| e.0),
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(found.into_iter().map(Debt::from).collect())
}
