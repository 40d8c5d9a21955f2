//! Ticks on homework: whose they are, and which stand.

use std::collections::HashSet;

use base::sql::{Ctx, Done};
use base::{AppError, PupilId};
use chrono::{DateTime, Utc};

use crate::diary::tick::{MOST, Tick, latest};
use crate::diary::{Day, Homework};

/// Keeps the ticks of whoever asks, each for their own child or for themselves. A repeated or an older act changes nothing; of homework that is
/// no more, or not this pupil's, nothing is kept. Returns the moment: a page of before it does not know them yet. No event of the audit: it is a
/// note to oneself, and nobody else reads it.
///
/// # Errors
/// [`AppError::NotFound`] for another's child and for staff, who have no diary of their own; [`AppError::TooLarge`] for too many at once.
pub async fn tick(ctx: &mut Ctx, ticks: Vec<Tick>) -> Done<DateTime<Utc>> {
    if ticks.len() > MOST {
        return Err(AppError::TooLarge.into());
    }
    let family = ctx.actor().role.family().ok_or(AppError::NotFound)?;
    if ticks.iter().any(|t| !family.contains(&t.pupil)) {
        return Err(AppError::NotFound.into());
    }
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let ticks = latest(ticks);
    let pupils: Vec<i64> = ticks.iter().map(|t| t.pupil.0).collect();
    let works: Vec<i64> = ticks.iter().map(|t| t.work).collect();
    let individual: Vec<bool> = ticks.iter().map(|t| t.individual).collect();
    let done: Vec<bool> = ticks.iter().map(|t| t.done).collect();
    // a clock that runs ahead does not win for ever
    let at = |t: &Tick| t.at.max(DateTime::UNIX_EPOCH).min(now);
    let at: Vec<DateTime<Utc>> = ticks.iter().map(at).collect();
    sqlx::query!(
        "insert into homework_tick (school_id, pupil_id, person_id, homework_id, individual_id, done, ticked_at)
         select $1, t.pupil, $2, h.id, i.homework_id, t.done, t.at
         from unnest($3::bigint[], $4::bigint[], $5::boolean[], $6::boolean[], $7::timestamptz[]) t (pupil, work, individual, done, at)
         left join homework h on not t.individual and h.school_id = $1 and h.id = t.work and exists (
            select from load_audience u join enrolment e on e.school_id = $1 and e.class_id = u.class_id and e.pupil_id = t.pupil
            where u.school_id = $1 and u.load_id = h.load_id)
         left join individual_homework_pupil i on t.individual and i.school_id = $1 and i.homework_id = t.work and i.pupil_id = t.pupil
         where h.id is not null or i.homework_id is not null
         on conflict on constraint homework_tick_place_key do update set done = excluded.done, ticked_at = excluded.ticked_at
            where homework_tick.ticked_at < excluded.ticked_at",
        school.0,
        person.0,
        &pupils,
        &works,
        &individual,
        &done,
        &at,
    )
    .execute(ctx.db())
    .await?;
    Ok(now)
}

/// Puts the ticks of whoever looks at the homework of these days.
pub(super) async fn put(ctx: &mut Ctx, pupil: PupilId, days: &mut [&mut Day]) -> Done<()> {
    let mut shown: Vec<&mut Homework> = days
        .iter_mut()
        .flat_map(|day| {
            let of_lessons = day.lessons.iter_mut().flat_map(|l| l.homework.iter_mut());
            of_lessons.chain(day.homework.iter_mut())
        })
        .collect();
    if shown.is_empty() {
        return Ok(());
    }
    let ids = |individual: bool| -> Vec<i64> {
        let of = shown.iter().filter(|h| h.individual == individual);
        of.map(|h| h.id).collect()
    };
    let (of_class, own) = (ids(false), ids(true));
    let (school, person) = (ctx.school(), ctx.person());
    let rows = sqlx::query!(
        r#"select coalesce(t.homework_id, t.individual_id) as "work!", t.individual_id is not null as "individual!" from homework_tick t
           where t.school_id = $1 and t.pupil_id = $2 and t.person_id = $3 and t.done
             and (t.homework_id = any ($4) or t.individual_id = any ($5))"#,
        school.0,
        pupil.0,
        person.0,
        &of_class,
        &own,
    )
    .fetch_all(ctx.db())
    .await?;
    let done: HashSet<(bool, i64)> = rows.into_iter().map(|r| (r.individual, r.work)).collect();
    for homework in &mut shown {
        homework.done = done.contains(&(homework.individual, homework.id));
    }
    Ok(())
}
