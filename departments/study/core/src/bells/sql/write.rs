//! Changing: a schedule with its lessons and uses is one thing, written as a whole.

use base::sql::{Ctx, Done, Event};
use base::{AppError, BellsId, VersionId, YearId};
use chrono::NaiveTime;
use serde_json::json;

use super::ENTITY;
use super::read::{grades, placed, schedules};
use crate::bells::loss::{Lost, Rung, lost};
use crate::bells::sheet::{Answer, Schedule, Taken, taken};
use crate::bells::terms::{Terms, Uses};
use crate::requirement::sql::{must_edit, stale};
use crate::t;
use crate::timetable::sql::year_now;

/// Writes a schedule: a new one, or in place of what was seen. `others`: what the person knows it takes from other schedules; `known`: the
/// lessons that they know will lose their bell. Where there are others of these, nothing is written and they are asked about.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign schedule or grade; invalid for what [`Terms::fault`]
/// finds, for a title that another schedule has and before there is an academic year; conflict if it, or what it takes from others,
/// is no longer what was seen.
pub async fn save(
    ctx: &mut Ctx,
    at: Option<(BellsId, Terms)>,
    terms: Terms,
    others: &[Taken],
    known: &[Lost],
) -> Done<Answer> {
    must_edit(ctx)?;
    let lang = ctx.lang();
    let terms = terms.settled();
    if let Some((field, words)) = terms.fault(lang) {
        return Err(AppError::invalid(field, words).into());
    }
    let year = held_year(ctx).await?;
    let all = schedules(ctx, Some(year)).await?;
    let before = match &at {
        None => None,
        Some((id, seen)) => {
            let before = all.iter().find(|s| s.id == *id).ok_or(AppError::NotFound)?;
            if before.terms != *seen {
                return Err(stale(ctx, ENTITY, &id.to_string()).await?.into());
            }
            Some(before)
        }
    };
    let own = before.map(|s| s.id);
    let same =
        |s: &&Schedule| Some(s.id) != own && s.terms.title.to_lowercase() == terms.title.to_lowercase();
    if let Some(other) = all.iter().find(same) {
        let words = t::bells_same_title(lang, &other.terms.title);
        return Err(AppError::invalid("title", words).into());
    }
    let parallels = grades(ctx, year).await?;
    let foreign = |(grade, _): &(i16, i16)| !parallels.iter().any(|p| p.grade == *grade);
    let kept = before.map(|s| &s.terms.uses);
    if terms
        .uses
        .iter()
        .any(|of| foreign(of) && kept.is_none_or(|k| !k.contains(of)))
    {
        return Err(AppError::NotFound.into());
    }
    let gives = taken(&all, own, &terms.uses);
    if gives != others {
        let of = gives.iter().find(|t| !others.contains(t)).or(gives.first());
        let key = of.map(|t| t.from).or(own).map(|id| id.to_string());
        return Err(stale(ctx, ENTITY, &key.unwrap_or_default()).await?.into());
    }
    if let Some(before) = before.filter(|s| s.terms == terms) {
        return Ok(Answer::Saved(before.id));
    }
    let after = changed(&all, own, &terms);
    let (lessons, titles) = placed(ctx, year).await?;
    let lost = lost(&rung(all.iter().map(|s| &s.terms)), &rung(after.iter()), &lessons);
    if !lost.is_empty() && lost != known {
        let named =
            |(id, title): (VersionId, String)| lost.iter().any(|l| l.version == id).then_some((id, title));
        let titles = titles.into_iter().filter_map(named).collect();
        return Ok(Answer::Asks { lost, titles });
    }
    let id = write(ctx, own, &terms).await?;
    write_uses(ctx, year, id, &terms.uses).await?;
    told(ctx, (id, before, &terms), (&all, &gives), &lost).await?;
    Ok(Answer::Saved(id))
}

/// Takes a schedule away that rings for nobody, in no year.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign schedule; invalid while it rings for somebody; conflict if
/// it is no longer what was seen.
pub async fn remove(ctx: &mut Ctx, id: BellsId, seen: Terms) -> Done<()> {
    must_edit(ctx)?;
    let lang = ctx.lang();
    let year = held_year(ctx).await?;
    let all = schedules(ctx, Some(year)).await?;
    let before = all.iter().find(|s| s.id == id).ok_or(AppError::NotFound)?;
    if before.terms != seen {
        return Err(stale(ctx, ENTITY, &id.to_string()).await?.into());
    }
    if before.other_years || !before.terms.uses.is_empty() {
        return Err(AppError::invalid("", t::bells_in_use(lang)).into());
    }
    let school = ctx.school();
    // its lessons go with it
    sqlx::query!(
        "delete from bell_schedule where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "bells.removed",
        entity: ENTITY,
        key: id.to_string(),
        old: Some(json!(seen)),
        new: None,
        op: None,
    })
    .await
}

/// The year of today, held for the rest of the transaction: one change of a school's bells at a time.
async fn held_year(ctx: &mut Ctx) -> Done<YearId> {
    let lang = ctx.lang();
    let Some((year, _)) = year_now(ctx).await? else {
        return Err(AppError::invalid("", t::bells_no_year(lang)).into());
    };
    let school = ctx.school();
    sqlx::query!(
        "select id from academic_year where school_id = $1 and id = $2 for no key update",
        school.0,
        year.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(year)
}

/// The school's schedules as they will be.
fn changed(all: &[Schedule], own: Option<BellsId>, terms: &Terms) -> Vec<Terms> {
    let others = all.iter().filter(|s| Some(s.id) != own);
    let mut after: Vec<Terms> = others
        .map(|s| {
            let mut left = s.terms.clone();
            left.uses.retain(|of| !terms.uses.contains(of));
            left
        })
        .collect();
    after.push(terms.clone());
    after
}

/// What rings by schedules.
fn rung<'a>(schedules: impl Iterator<Item = &'a Terms>) -> Rung {
    let mut rung = Rung::default();
    for terms in schedules {
        for of in &terms.uses {
            rung.add(*of, terms.lessons.iter().map(|l| l.number));
        }
    }
    rung
}

/// The schedule and its lessons.
async fn write(ctx: &mut Ctx, own: Option<BellsId>, terms: &Terms) -> Done<BellsId> {
    let school = ctx.school();
    let id = match own {
        None => {
            sqlx::query_scalar!(
                "insert into bell_schedule (school_id, title, shift) values ($1, $2, $3) returning id",
                school.0,
                terms.title,
                terms.shift,
            )
            .fetch_one(ctx.db())
            .await?
        }
        Some(id) => {
            sqlx::query!(
                "update bell_schedule set title = $3, shift = $4 where school_id = $1 and id = $2",
                school.0,
                id.0,
                terms.title,
                terms.shift,
            )
            .execute(ctx.db())
            .await?;
            id.0
        }
    };
    let numbers: Vec<i16> = terms.lessons.iter().map(|l| l.number).collect();
    let starts: Vec<NaiveTime> = terms.lessons.iter().filter_map(|l| l.starts).collect();
    let ends: Vec<NaiveTime> = terms.lessons.iter().filter_map(|l| l.ends).collect();
    sqlx::query!(
        "delete from bell where school_id = $1 and schedule_id = $2 and number <> all ($3)",
        school.0,
        id,
        &numbers,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into bell (school_id, schedule_id, number, starts_at, ends_at)
         select $1, $2, * from unnest($3::smallint[], $4::time[], $5::time[])
         on conflict (school_id, schedule_id, number) do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at",
        school.0,
        id,
        &numbers,
        &starts,
        &ends,
    )
    .execute(ctx.db())
    .await?;
    Ok(BellsId(id))
}

/// For whom it rings; whoever rang by another schedule rings by this one now.
async fn write_uses(ctx: &mut Ctx, year: YearId, id: BellsId, uses: &Uses) -> Done<()> {
    let school = ctx.school();
    let (grades, weekdays): (Vec<i16>, Vec<i16>) = uses.iter().copied().unzip();
    sqlx::query!(
        "delete from bell_use u where u.school_id = $1 and u.year_id = $2 and u.schedule_id = $3
            and not exists (select from unnest($4::smallint[], $5::smallint[]) w (grade, weekday)
                where w.grade = u.grade and w.weekday = u.weekday)",
        school.0,
        year.0,
        id.0,
        &grades,
        &weekdays,
    )
    .execute(ctx.db())
    .await?;
    sqlx::query!(
        "insert into bell_use (school_id, year_id, grade, weekday, schedule_id)
         select $1, $2, w.grade, w.weekday, $3 from unnest($4::smallint[], $5::smallint[]) w (grade, weekday)
         on conflict (school_id, year_id, grade, weekday) do update set schedule_id = excluded.schedule_id",
        school.0,
        year.0,
        id.0,
        &grades,
        &weekdays,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// An event of the schedule, and one of each that gave something away.
async fn told(
    ctx: &mut Ctx,
    (id, before, terms): (BellsId, Option<&Schedule>, &Terms),
    (all, gives): (&[Schedule], &[Taken]),
    lost: &[Lost],
) -> Done<()> {
    let mut events = vec![Event {
        action: "bells.saved",
        entity: ENTITY,
        key: id.to_string(),
        old: before.map(|s| json!(s.terms)),
        new: Some(json!({ "terms": terms, "without_bell": lost })),
        op: None,
    }];
    for other in all.iter().filter(|s| gives.iter().any(|t| t.from == s.id)) {
        let left: Uses = other.terms.uses.difference(&terms.uses).copied().collect();
        events.push(Event {
            action: "bells.taken",
            entity: ENTITY,
            key: other.id.to_string(),
            old: Some(json!({ "uses": other.terms.uses })),
            new: Some(json!({ "uses": left, "by": id })),
            op: None,
        });
    }
    ctx.audit_all(&events).await
}
