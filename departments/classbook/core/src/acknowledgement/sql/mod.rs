//! The word of a guardian, and the weeks of a class.

use std::collections::BTreeMap;

use base::rights::{Action, Kind, Resource, Role};
use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId, PersonId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{ClassWeeks, OfWeek, PupilWeeks, Signed, may_sign, weeks};
use crate::attendance::sql::facts::of_class;
use crate::t;

/// A guardian has seen a week as it was at the moment `shown`. Saying it again changes nothing, unless a mark or an absence
/// has changed since.
///
/// # Errors
/// [`AppError::NotFound`] for a child whose diary is not for the actor to see, [`AppError::Forbidden`] for a pupil and for staff,
/// [`AppError::Invalid`] for a week that has not begun or lies outside every year.
pub async fn sign(ctx: &mut Ctx, pupil: PupilId, monday: NaiveDate, shown: DateTime<Utc>) -> Done<()> {
    let resource = |ctx: &Ctx, leads| Resource {
        kind: Kind::Diary,
        school: ctx.school(),
        own: ctx.actor().role.family().is_some_and(|own| own.contains(&pupil)),
        own_class: leads,
    };
    if !matches!(ctx.actor().role, Role::Guardian { .. }) {
        let leads = crate::diary::sql::leads(ctx, pupil).await?;
        ctx.must(Action::View, &resource(ctx, leads))?;
        return Err(AppError::Forbidden.into());
    }
    ctx.must(Action::View, &resource(ctx, false))?;
    let (school, person, now, today, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.today(), ctx.lang());
    let inside = sqlx::query_scalar!(
        r#"select exists (select from academic_year y
            where y.school_id = $1 and y.starts_on <= $2::date + 6 and y.ends_on >= $2) as "inside!""#,
        school.0,
        monday,
    )
    .fetch_one(ctx.db())
    .await?;
    if !may_sign(monday, today) || !inside {
        return Err(AppError::invalid("monday", t::acknowledgement_no_week(lang)).into());
    }
    let said = sqlx::query_scalar!(
        "insert into week_acknowledgement (school_id, pupil_id, monday, person_id, at, shown_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (school_id, pupil_id, monday, person_id) do update set at = excluded.at, shown_at = excluded.shown_at
            where week_changed($1, $2, $3, week_acknowledgement.shown_at)
         returning at",
        school.0,
        pupil.0,
        monday,
        person.0,
        now,
        shown.min(now),
    )
    .fetch_optional(ctx.db())
    .await?;
    if said.is_none() {
        return Ok(());
    }
    ctx.audit(Event {
        action: "week.acknowledged",
        entity: "week_acknowledgement",
        key: format!("{pupil}:{monday}:{person}"),
        old: None,
        new: Some(json!({ "shown_at": shown.min(now) })),
        op: None,
    })
    .await
}

/// Who has acknowledged which of the last weeks, for the class teacher and whoever sees all diaries.
///
/// # Errors
/// [`AppError::NotFound`] for a class that is not for the actor to see.
pub async fn class_weeks(ctx: &mut Ctx, class: ClassId) -> Done<ClassWeeks> {
    let facts = of_class(ctx, class).await?;
    let (school, today) = (ctx.school(), ctx.today());
    let weeks = weeks(today, (facts.starts_on, facts.ends_on));
    let pupils = sqlx::query!(
        r#"select e.pupil_id, concat_ws(' ', n.last_name, n.first_name) as "name!"
           from enrolment e
           join pupil p on p.school_id = $1 and p.id = e.pupil_id
           join person n on n.id = p.person_id
           where e.school_id = $1 and e.class_id = $2 and e.starts_on <= $3 and coalesce(e.ends_on, 'infinity') >= $3
           order by n.last_name, n.first_name, n.middle_name, e.pupil_id"#,
        school.0,
        class.0,
        today.min(facts.ends_on),
    )
    .fetch_all(ctx.db())
    .await?;
    let ids: Vec<i64> = pupils.iter().map(|p| p.pupil_id).collect();
    let rows = sqlx::query!(
        r#"select w.pupil_id, w.monday, w.person_id, w.at,
            coalesce((select short_name(h.last_name, h.first_name, h.middle_name)
                from person h where h.id = w.person_id), '') as "name!",
            week_changed($1, w.pupil_id, w.monday, w.shown_at) as "changed!"
           from week_acknowledgement w
           where w.school_id = $1 and w.pupil_id = any ($2::bigint[]) and w.monday = any ($3::date[])
           order by w.pupil_id, w.monday desc, w.at"#,
        school.0,
        &ids,
        &weeks,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut signed: BTreeMap<i64, Vec<OfWeek>> = BTreeMap::new();
    for r in rows {
        signed.entry(r.pupil_id).or_default().push(OfWeek {
            monday: r.monday,
            signed: Signed {
                person: PersonId(r.person_id),
                name: r.name,
                at: r.at,
                changed: r.changed,
            },
        });
    }
    Ok(ClassWeeks {
        class,
        name: facts.name,
        utc_offset: ctx.actor().utc_offset,
        weeks,
        pupils: pupils
            .into_iter()
            .map(|p| PupilWeeks {
                pupil: PupilId(p.pupil_id),
                name: p.name,
                signed: signed.remove(&p.pupil_id).unwrap_or_default(),
            })
            .collect(),
    })
}
