//! Lessons that a new timetable could not simply lay anew, told to who publishes it.

use std::collections::HashMap;

use base::LessonId;
use base::sql::{Ctx, Done};

use super::lessons::Touched;
use crate::timetable::moves::{Beside, Why};

/// So many are told one by one.
const TOLD: usize = 60;

/// What became of them: first those that have a double, then by day. And how many there are.
pub(super) async fn beside(ctx: &mut Ctx, touched: &Touched) -> Done<(Vec<Beside>, i64)> {
    let ids: Vec<i64> = touched
        .kept
        .iter()
        .chain(touched.moved.iter().map(|(id, _)| id))
        .map(|l| l.0)
        .collect();
    if ids.is_empty() {
        return Ok((vec![], 0));
    }
    let was: HashMap<i64, i16> = touched.moved.iter().map(|(id, slot)| (id.0, *slot)).collect();
    let kept: Vec<i64> = touched.kept.iter().map(|l| l.0).collect();
    let school = ctx.school();
    let rows = sqlx::query!(
        r#"select l.id, l.held_on, l.slot, s.name as subject, coalesce(a.audience, '') as "audience!",
            l.substitute_id is not null as "substituted!",
            d.slot as also
           from lesson l
           join teaching_load k on k.school_id = $1 and k.id = l.load_id
           join subject s on s.school_id = $1 and s.id = k.subject_id
           cross join lateral audience_of($1, l.load_id) a
           -- the lesson of the timetable on the same day
           cross join lateral (select min(o.slot) as slot from lesson o
                where o.school_id = $1 and o.load_id = l.load_id and o.held_on = l.held_on and o.state <> 'cancelled'
                    and l.id = any ($3::bigint[]) and not o.id = any ($3::bigint[])) d
           where l.school_id = $1 and l.id = any ($2::bigint[])
           order by d.slot is null, l.held_on, l.slot, a.grade, a.audience, s.name, l.id"#,
        school.0,
        &ids,
        &kept,
    )
    .fetch_all(ctx.db())
    .await?;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let told = rows.into_iter().take(TOLD).map(|r| Beside {
        lesson: LessonId(r.id),
        date: r.held_on,
        number: r.slot + 1,
        was: was.get(&r.id).map(|slot| slot + 1),
        audience: r.audience,
        subject: r.subject,
        why: if r.substituted {
            Why::Substitute
        } else {
            Why::Written
        },
        also: r.also.map(|slot| slot + 1),
    });
    Ok((told.collect(), count))
}
