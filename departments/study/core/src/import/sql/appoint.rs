//! Appointments of those whom a file names as teachers.

use base::YearId;
use base::sql::{Ctx, Done, Event};
use serde_json::json;

/// Makes teachers of those of these employees who hold no position now, from the first day of the year or from today, whichever
/// is earlier, and writes down of each what they hold from when: it is the right to their journals.
pub(super) async fn as_teachers(ctx: &mut Ctx, employees: &[i64], year: YearId) -> Done<()> {
    let (school, today) = (ctx.school(), ctx.today());
    let made = sqlx::query!(
        r#"with made as (
            insert into appointment (school_id, employee_id, position_id, valid_from)
            select $1, e.id, p.id, least(y.starts_on, $4) from (select distinct unnest($2::bigint[]) as id) e
            cross join lateral (select id from position where school_id = $1 and template = 'teacher' order by id limit 1) p
            join academic_year y on y.school_id = $1 and y.id = $3
            where not exists (select from appointment a where a.school_id = $1 and a.employee_id = e.id
                              and coalesce(a.valid_to, $4) >= $4)
            returning id, employee_id, position_id, valid_from
         )
         select m.id as "id!", m.position_id as "position!", m.valid_from as "valid_from!", e.person_id as "person!"
         from made m join employee e on e.school_id = $1 and e.id = m.employee_id order by m.id"#,
        school.0,
        employees,
        year.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let events: Vec<Event<'_>> = made
        .into_iter()
        .map(|a| Event {
            action: "appointment.created",
            entity: "appointment",
            key: a.id.to_string(),
            old: None,
            new: Some(json!({ "person": a.person, "position": a.position, "valid_from": a.valid_from })),
            op: None,
        })
        .collect();
    ctx.audit_all(&events).await
}
