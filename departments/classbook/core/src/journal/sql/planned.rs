//! Works of the approved schedule, on the lessons that will carry them.

use base::sql::{Ctx, Done};
use base::{LessonId, LoadId, WorkTypeId};
use chrono::NaiveDate;

use crate::journal::planned::Scheduled;

/// Those of some days of a journal: on the planned lesson of the day, else on its first one that takes place.
pub(super) async fn scheduled(
    ctx: &mut Ctx,
    load: LoadId,
    from: NaiveDate,
    to: NaiveDate,
) -> Done<Vec<Scheduled>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select a.work_type_id, a.title, l.id
         from assessment a
         cross join lateral (select n.id from lesson n
            where n.school_id = $1 and n.load_id = $2 and n.held_on = a.held_on and takes_place(n)
            order by n.slot <> a.slot, n.slot limit 1) l
         where a.school_id = $1 and a.load_id = $2 and a.state = 'approved' and a.held_on between $3 and $4
         order by a.held_on, a.id",
        school.0,
        load.0,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    let work = rows.into_iter().map(|r| Scheduled {
        lesson: LessonId(r.id),
        kind: WorkTypeId(r.work_type_id),
        title: r.title,
    });
    Ok(work.collect())
}
