//! Forming the subgroups of a split.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use std::collections::HashMap;

use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId, PupilId, YearId};
use chrono::NaiveDate;
use serde_json::json;

use super::{classes::day, must_edit};
use crate::roll::{Seat, Since};
use crate::t;

/// Most pupils of one call.
const MOST_SEATS: usize = 500;

/// Gives pupils of a class their subgroups of one split, from the first day of the year or from today. Says how many changed.
///
/// From the first day is for lists that come late: past lessons of the new subgroup show the pupil too. Where the old one
/// already has marks or absences of the pupil, only «from today» is possible, or they would be seen nowhere.
///
/// # Errors
/// Forbidden; [`AppError::NotFound`] for a class, split, subgroup or pupil that is not there; [`AppError::Conflict`] when somebody
/// else changed a place meanwhile; [`AppError::Invalid`] for a closed year and for marks in the way. Nothing is written then.
pub async fn save_split(
    ctx: &mut Ctx,
    class: ClassId,
    split: &str,
    seats: &[Seat],
    since: Since,
) -> Done<u32> {
    must_edit(ctx)?;
    let lang = ctx.lang();
    let mut pupils: Vec<i64> = seats.iter().map(|s| s.pupil.0).collect();
    pupils.sort_unstable();
    pupils.dedup();
    if pupils.len() != seats.len() || seats.len() > MOST_SEATS {
        return Err(AppError::invalid("seats", t::roll_seats_wrong(lang)).into());
    }
    let from = lock(ctx, class, since).await?;
    let groups = groups(ctx, class, split).await?;
    let known = |group: i64| groups.contains(&group);
    if groups.is_empty() || seats.iter().filter_map(|s| s.new).any(|g| !known(g.0)) {
        return Err(AppError::NotFound.into());
    }
    let here = here(ctx, class, &groups, &pupils).await?;
    let mut changes = vec![];
    for seat in seats {
        let now = here.get(&seat.pupil).ok_or(AppError::NotFound)?;
        if *now != seat.old.map(|g| g.0) {
            let message = t::roll_seat_conflict(lang).to_owned();
            return Err(AppError::Conflict { message }.into());
        }
        if seat.old != seat.new {
            changes.push(*seat);
        }
    }
    if since == Since::Year {
        marks_stand_in_the_way(ctx, &groups, &changes, from).await?;
    }
    write(ctx, class, &groups, &changes, from).await?;
    let events: Vec<Event<'_>> = changes
        .iter()
        .map(|seat| Event {
            action: "pupil.subgroup",
            entity: "pupil",
            key: seat.pupil.to_string(),
            old: Some(json!({ "subgroup": seat.old })),
            new: Some(json!({ "subgroup": seat.new, "since": from })),
            op: None,
        })
        .collect();
    ctx.audit_all(&events).await?;
    Ok(u32::try_from(changes.len()).unwrap_or(u32::MAX))
}

/// One at a time for a class; the day from which the change holds.
async fn lock(ctx: &mut Ctx, class: ClassId, since: Since) -> Done<NaiveDate> {
    let (school, today, lang) = (ctx.school(), ctx.today(), ctx.lang());
    let row = sqlx::query!(
        r#"select y.starts_on, y.ends_on, y.closed_at is not null as "closed!" from class c
           join academic_year y on y.school_id = c.school_id and y.id = c.year_id
           where c.school_id = $1 and c.id = $2 for no key update of c"#,
        school.0,
        class.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if row.closed || today > row.ends_on {
        return Err(AppError::invalid("since", t::roll_year_over(lang)).into());
    }
    Ok(match since {
        Since::Year => row.starts_on,
        Since::Today => today.max(row.starts_on),
    })
}

async fn groups(ctx: &mut Ctx, class: ClassId, split: &str) -> Done<Vec<i64>> {
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        "select id from subgroup where school_id = $1 and class_id = $2 and split = $3",
        school.0,
        class.0,
        split,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// Pupils of the class, each with the subgroup of now.
async fn here(
    ctx: &mut Ctx,
    class: ClassId,
    groups: &[i64],
    pupils: &[i64],
) -> Done<HashMap<PupilId, Option<i64>>> {
    let school = ctx.school();
    let year = sqlx::query_scalar!(
        "select year_id from class where school_id = $1 and id = $2",
        school.0,
        class.0
    )
    .fetch_one(ctx.db())
    .await?;
    let day = day(ctx, YearId(year)).await?;
    let rows = sqlx::query!(
        r#"select n.pupil_id, m.subgroup_id as "subgroup?" from enrolment n
           left join subgroup_member m on m.school_id = n.school_id and m.pupil_id = n.pupil_id
             and m.subgroup_id = any ($4) and $5 between m.starts_on and coalesce(m.ends_on, $5)
           where n.school_id = $1 and n.class_id = $2 and n.pupil_id = any ($3)
             and $5 between n.starts_on and coalesce(n.ends_on, $5)"#,
        school.0,
        class.0,
        pupils,
        groups,
        day,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (PupilId(r.pupil_id), r.subgroup))
        .collect())
}

async fn marks_stand_in_the_way(
    ctx: &mut Ctx,
    groups: &[i64],
    changes: &[Seat],
    from: NaiveDate,
) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let leaving: Vec<i64> = changes
        .iter()
        .filter(|s| s.old.is_some())
        .map(|s| s.pupil.0)
        .collect();
    let marked = sqlx::query_scalar!(
        r#"select count(distinct x.pupil_id) as "n!" from (
             select k.pupil_id, l.load_id from mark k
             join assignment a on a.school_id = k.school_id and a.id = k.assignment_id
             join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
             where k.school_id = $1 and k.pupil_id = any ($2) and l.held_on >= $4
             union all
             select k.pupil_id, l.load_id from attendance k
             join lesson l on l.school_id = k.school_id and l.id = k.lesson_id
             where k.school_id = $1 and k.pupil_id = any ($2) and l.held_on >= $4
           ) x join load_audience u on u.school_id = $1 and u.load_id = x.load_id
           join subgroup_member m on m.school_id = $1 and m.subgroup_id = u.subgroup_id and m.pupil_id = x.pupil_id
           where u.subgroup_id = any ($3)"#,
        school.0,
        &leaving,
        groups,
        from,
    )
    .fetch_one(ctx.db())
    .await?;
    match marked {
        0 => Ok(()),
        n => Err(AppError::invalid("since", t::roll_marks_in_the_way(lang, n)).into()),
    }
}

/// The old place ends the day before (or was never there), the new one begins.
async fn write(ctx: &mut Ctx, class: ClassId, groups: &[i64], changes: &[Seat], from: NaiveDate) -> Done<()> {
    let school = ctx.school();
    let pupil: Vec<i64> = changes.iter().map(|s| s.pupil.0).collect();
    let new: Vec<Option<i64>> = changes.iter().map(|s| s.new.map(|g| g.0)).collect();
    sqlx::query!(
        "delete from subgroup_member where school_id = $1 and subgroup_id = any ($2) and pupil_id = any ($3) and starts_on >= $4",
        school.0,
        groups,
        &pupil,
        from,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "update subgroup_member set ends_on = $4::date - 1
         where school_id = $1 and subgroup_id = any ($2) and pupil_id = any ($3) and coalesce(ends_on, $4) >= $4",
        school.0,
        groups,
        &pupil,
        from,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into subgroup_member (school_id, subgroup_id, pupil_id, starts_on)
         select $1, s.new, s.pupil, greatest($5, min(n.starts_on))
         from unnest($3::bigint[], $4::bigint[]) s (pupil, new)
         join enrolment n on n.school_id = $1 and n.class_id = $2 and n.pupil_id = s.pupil and coalesce(n.ends_on, $5) >= $5
         where s.new is not null group by s.new, s.pupil",
        school.0,
        class.0,
        &pupil,
        &new as &[Option<i64>],
        from,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}
