//! Notes of one child, what lies ahead in one's journals, and the acts.

use base::rights::{Action, Kind, Resource, Role};
use base::sql::{Ctx, Done, Event};
use base::{AbsenceNoteId, AppError, PupilId};
use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{AT_MOST, Ahead, Note, Notes, REASON, Wrong, check};
use crate::journal::sql::facts::{Reach, employee};
use crate::t;

/// So many days ahead the list of journals tells of.
const SOON: u64 = 7;

/// A pupil, and what the actor is to them.
struct Facts {
    name: String,
    family: bool,
    /// Leads the class the pupil is in now.
    leads: bool,
}

impl Facts {
    /// Writes down that a paper came: the class teacher, or who looks after all journals.
    fn documents(&self, ctx: &Ctx) -> bool {
        !self.family
            && (self.leads || ctx.may(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school())))
    }
}

/// A family its own child, staff whom they may look at in the diary: the class teacher, the deputies.
async fn facts(ctx: &mut Ctx, pupil: PupilId) -> Done<Facts> {
    let own = ctx.actor().role.family().map(|own| own.contains(&pupil));
    if let Some(own) = own {
        let resource = Resource {
            kind: Kind::Diary,
            school: ctx.school(),
            own,
            own_class: false,
        };
        ctx.must(Action::View, &resource)?;
    }
    let (school, employee, today) = (ctx.school(), employee(ctx), ctx.today());
    let row = sqlx::query!(
        r#"select concat_ws(' ', n.first_name, n.last_name) as "name!", k.leads as "leads!"
           from pupil p join person n on n.id = p.person_id
           cross join lateral leads_pupil($1, p.id, $3, $4, $4) k
           where p.school_id = $1 and p.id = $2"#,
        school.0,
        pupil.0,
        employee,
        today,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if own.is_none() {
        let resource = Resource {
            kind: Kind::Diary,
            school: ctx.school(),
            own: false,
            own_class: row.leads,
        };
        ctx.must(Action::View, &resource)?;
    }
    Ok(Facts {
        name: row.name,
        family: own.is_some(),
        leads: row.leads,
    })
}

/// The notes of a child: what lies ahead, and what was within two months.
///
/// # Errors
/// [`AppError::NotFound`] for a child whose diary is not for the actor to see.
pub async fn notes(ctx: &mut Ctx, pupil: PupilId) -> Done<Notes> {
    let facts = facts(ctx, pupil).await?;
    let (school, today) = (ctx.school(), ctx.today());
    let since = today.checked_sub_days(Days::new(60)).unwrap_or(today);
    let rows = sqlx::query!(
        r#"select a.id, a.starts_on, a.ends_on, a.reason, a.made_at, a.document_on,
            coalesce((select short_name(h.last_name, h.first_name, h.middle_name)
                      from person h where h.id = a.made_by), '') as "by!",
            -- null where the weeks around today have no lessons at all: then nothing is known of the days of the week
            (select bool_or(mod(extract(isodow from n.held_on)::int - extract(isodow from a.starts_on)::int + 7, 7) <= a.ends_on - a.starts_on)
             from enrolment e
             join load_audience u on u.school_id = $1 and u.class_id = e.class_id
             join lesson n on n.school_id = $1 and n.load_id = u.load_id and n.held_on between $4::date - 14 and $4::date + 14
             where e.school_id = $1 and e.pupil_id = a.pupil_id and $4 between e.starts_on and coalesce(e.ends_on, 'infinity')) as taught
           from absence_note a
           where a.school_id = $1 and a.pupil_id = $2 and a.withdrawn_at is null and a.ends_on >= $3
           order by a.starts_on desc, a.id desc limit 100"#,
        school.0,
        pupil.0,
        since,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(Notes {
        pupil,
        may_document: facts.documents(ctx),
        name: facts.name,
        today,
        utc_offset: ctx.actor().utc_offset,
        family: facts.family,
        may_tell: matches!(ctx.actor().role, Role::Guardian { .. }),
        notes: rows
            .into_iter()
            .map(|r| Note {
                id: AbsenceNoteId(r.id),
                starts_on: r.starts_on,
                ends_on: r.ends_on,
                reason: r.reason,
                by: r.by,
                made_at: r.made_at,
                document_on: r.document_on,
                free: r.taught == Some(false),
            })
            .collect(),
    })
}

/// Tells of an absence.
///
/// # Errors
/// [`AppError::NotFound`] for a child that is not the actor's own, [`AppError::Forbidden`] for a pupil and for staff,
/// [`AppError::Invalid`] for the span, the reason, and too many notes.
pub async fn tell(
    ctx: &mut Ctx,
    pupil: PupilId,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    reason: &str,
) -> Done<AbsenceNoteId> {
    facts(ctx, pupil).await?;
    if !matches!(ctx.actor().role, Role::Guardian { .. }) {
        return Err(AppError::Forbidden.into());
    }
    let (school, person, now, today, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.today(), ctx.lang());
    let words = match check(today, starts_on, ends_on) {
        Ok(()) => None,
        Err(Wrong::Past) => Some(("starts_on", t::absence_past(lang))),
        Err(Wrong::Order) => Some(("ends_on", t::absence_order(lang))),
        Err(Wrong::Far) => Some(("ends_on", t::absence_far(lang))),
    };
    if let Some((field, words)) = words {
        return Err(AppError::invalid(field, words).into());
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON || reason.contains('\0') {
        return Err(AppError::invalid("reason", t::absence_reason_wrong(lang)).into());
    }
    let id = sqlx::query_scalar!(
        "insert into absence_note (school_id, pupil_id, starts_on, ends_on, reason, made_by, made_at)
         select $1, $2, $3, $4, $5, $6, $7
         where (select count(*) from absence_note a
                where a.school_id = $1 and a.pupil_id = $2 and a.withdrawn_at is null and a.ends_on >= $8) < $9
         returning id",
        school.0,
        pupil.0,
        starts_on,
        ends_on,
        reason,
        person.0,
        now,
        today,
        AT_MOST,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| AppError::invalid("", t::absence_too_many(lang, AT_MOST)))?;
    // the reason is often about health: the journal of changes does without it
    let new = json!({ "pupil": pupil, "starts_on": starts_on, "ends_on": ends_on });
    audit(ctx, "absence.told", id, None, Some(new)).await?;
    Ok(AbsenceNoteId(id))
}

/// Takes a note back.
///
/// # Errors
/// [`AppError::NotFound`] for a note that is not of the actor's own child, [`AppError::Forbidden`] for a pupil and for staff.
pub async fn withdraw(ctx: &mut Ctx, note: AbsenceNoteId) -> Done<()> {
    of(ctx, note).await?;
    if !matches!(ctx.actor().role, Role::Guardian { .. }) {
        return Err(AppError::Forbidden.into());
    }
    let (school, now) = (ctx.school(), ctx.now());
    sqlx::query!(
        "update absence_note set withdrawn_at = $3 where school_id = $1 and id = $2",
        school.0,
        note.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    audit(ctx, "absence.withdrawn", note.0, None, None).await
}

/// The paper came today.
///
/// # Errors
/// [`AppError::NotFound`] for a note that is not for the actor to see, [`AppError::Forbidden`] for whoever is not the class teacher or
/// a deputy.
pub async fn document(ctx: &mut Ctx, note: AbsenceNoteId) -> Done<()> {
    let facts = of(ctx, note).await?;
    if !facts.documents(ctx) {
        return Err(AppError::Forbidden.into());
    }
    let (school, person, today) = (ctx.school(), ctx.person(), ctx.today());
    sqlx::query!(
        "update absence_note set document_on = $3, document_by = $4 where school_id = $1 and id = $2 and document_on is null",
        school.0,
        note.0,
        today,
        person.0,
    )
    .execute(ctx.db())
    .await?;
    let new = json!({ "document_on": today });
    audit(ctx, "absence.documented", note.0, None, Some(new)).await
}

/// Who will not come today and in the next days, of those whom the actor teaches or leads; a deputy sees all.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals.
pub async fn ahead(ctx: &mut Ctx) -> Done<Vec<Ahead>> {
    let reach = Reach::of(ctx, Action::View);
    if !reach.any() {
        return Err(AppError::NotFound.into());
    }
    let (school, employee, today) = (ctx.school(), employee(ctx), ctx.today());
    let soon = today.checked_add_days(Days::new(SOON)).unwrap_or(today);
    let rows = sqlx::query!(
        r#"select a.pupil_id, a.starts_on, a.ends_on, concat_ws(' ', n.last_name, n.first_name) as "name!", c.name as class,
            case when $4 or c.class_teacher_id = $2 then a.reason end as reason
           from absence_note a
           join pupil p on p.school_id = $1 and p.id = a.pupil_id
           join person n on n.id = p.person_id
           join enrolment e on e.school_id = $1 and e.pupil_id = a.pupil_id and e.starts_on <= $3 and (e.ends_on is null or e.ends_on >= $3)
           join class c on c.school_id = $1 and c.id = e.class_id
           where a.school_id = $1 and a.withdrawn_at is null and a.starts_on <= $5 and a.ends_on >= $3
             and ($4 or ($6 and c.class_teacher_id = $2)
                  or ($7 and exists (
                    select from load_teacher t join load_audience u on u.school_id = $1 and u.load_id = t.load_id
                    where t.school_id = $1 and t.employee_id = $2 and u.class_id = c.id
                      and (u.subgroup_id is null or exists (
                           select from subgroup_member s where s.school_id = $1 and s.subgroup_id = u.subgroup_id and s.pupil_id = a.pupil_id
                               and s.starts_on <= $3 and (s.ends_on is null or s.ends_on >= $3))))))
           order by a.starts_on, n.last_name, n.first_name limit 100"#,
        school.0,
        employee,
        today,
        reach.all,
        soon,
        reach.class,
        reach.own,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Ahead {
            pupil: PupilId(r.pupil_id),
            name: r.name,
            class: r.class,
            starts_on: r.starts_on,
            ends_on: r.ends_on,
            reason: r.reason,
        })
        .collect())
}

async fn of(ctx: &mut Ctx, note: AbsenceNoteId) -> Done<Facts> {
    let school = ctx.school();
    let pupil = sqlx::query_scalar!(
        "select pupil_id from absence_note where school_id = $1 and id = $2 and withdrawn_at is null for update",
        school.0,
        note.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    facts(ctx, PupilId(pupil)).await
}

async fn audit(
    ctx: &mut Ctx,
    action: &'static str,
    note: i64,
    old: Option<serde_json::Value>,
    new: Option<serde_json::Value>,
) -> Done<()> {
    ctx.audit(Event {
        action,
        entity: "absence_note",
        key: note.to_string(),
        old,
        new,
        op: None,
    })
    .await
}
