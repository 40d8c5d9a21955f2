//! Who stands in at which lessons of a journal.

use base::sql::{Ctx, Done};
use base::{LessonId, LoadId};
use chrono::NaiveDate;

use super::facts::employee;

/// The lessons of these days at which somebody stands in, with who, and those at which it is the actor.
pub(super) async fn of_load(
    ctx: &mut Ctx,
    load: LoadId,
    from: NaiveDate,
    to: NaiveDate,
) -> Done<(Vec<(LessonId, String)>, Vec<LessonId>)> {
    let (school, me) = (ctx.school(), employee(ctx));
    let rows = sqlx::query!(
        r#"select l.id, short_name(p.last_name, p.first_name, p.middle_name) as "name!", l.substitute_id = $5 as "me!"
           from lesson l
           join employee e on e.school_id = $1 and e.id = l.substitute_id
           join person p on p.id = e.person_id
           where l.school_id = $1 and l.load_id = $2 and l.held_on between $3 and $4 and l.substitute_id is not null
           order by l.held_on, l.slot, l.id"#,
        school.0,
        load.0,
        from,
        to,
        me,
    )
    .fetch_all(ctx.db())
    .await?;
    let mine = rows.iter().filter(|r| r.me).map(|r| LessonId(r.id)).collect();
    let all = rows.into_iter().map(|r| (LessonId(r.id), r.name)).collect();
    Ok((all, mine))
}
