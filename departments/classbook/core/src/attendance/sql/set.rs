//! A reason for a span of days: what it would change, setting it, setting it once more for what came since, taking it back.

use base::sql::{Ctx, Done as Tried, Event};
use base::{AbsenceNoteId, AbsenceReasonId, AppError, LessonId, PupilId};
use chrono::NaiveDate;
use serde_json::json;

use super::ask::closed;
use super::facts::{may_set, of_pupil};
use super::read::codes;
use crate::attendance::reason::{Paper, PaperWrong, Reason};
use crate::attendance::sheet::{Ask, Fate, Preview, PreviewLine, SPAN, SpanWrong};
use crate::journal::sql::facts::employee;
use crate::t;

/// What an act has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The reason.
    pub id: AbsenceReasonId,
    /// Whose absences.
    pub pupil: PupilId,
    /// The lessons that it changed.
    pub lessons: Vec<LessonId>,
    /// Lessons that it left alone: their period is closed, or somebody has the last word there.
    pub kept: i64,
}

/// What a reason would change.
///
/// # Errors
/// [`AppError::NotFound`] for a pupil who is not for the actor to see, [`AppError::Forbidden`] for who neither leads the class nor looks
/// after all journals, [`AppError::Invalid`] for the span and the code.
pub async fn preview(ctx: &mut Ctx, ask: &Ask) -> Tried<Preview> {
    must(ctx, ask).await?;
    let preview = looked(ctx, ask).await?;
    let closed = closed(ctx, ask).await?;
    Ok(Preview { closed, ..preview })
}

/// Sets a reason for the recorded absences of a span. `seen`: so many changes were shown.
///
/// # Errors
/// As [`preview`]; [`AppError::Invalid`] for the paper, for a span with nothing to change and for a reason that was set already,
/// [`AppError::NotFound`] for a note that is not of this pupil, [`AppError::Conflict`] where the journal has changed since it was shown.
pub async fn set(
    ctx: &mut Ctx,
    ask: &Ask,
    paper: Paper,
    note: Option<AbsenceNoteId>,
    seen: i64,
) -> Tried<Done> {
    must(ctx, ask).await?;
    let (school, person, now, today, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.today(), ctx.lang());
    let paper = checked(paper, today, lang)?;
    if let Some(note) = note {
        of_note(ctx, ask.pupil, note).await?;
    }
    let preview = looked(ctx, ask).await?;
    if preview.changes() != seen {
        return Err(changed(ctx));
    }
    if seen == 0 && !preview.ahead {
        return Err(AppError::invalid("starts_on", t::attendance_nothing(lang)).into());
    }
    let id = sqlx::query_scalar!(
        "insert into absence_reason (school_id, pupil_id, starts_on, ends_on, code, document_kind, document_number, document_on, note_id,
            made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (school_id, pupil_id, starts_on, ends_on, code) where withdrawn_at is null do nothing returning id",
        school.0,
        ask.pupil.0,
        ask.starts_on,
        ask.ends_on,
        ask.code,
        paper.kind.key(),
        paper.number(),
        paper.on,
        note.map(|n| n.0),
        person.0,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| AppError::invalid("", t::attendance_set_already(lang)))?;
    let done = write(ctx, AbsenceReasonId(id), ask, &preview).await?;
    // neither the code nor the paper: it is often about health, and stands in the row
    let new =
        json!({ "pupil": ask.pupil, "starts_on": ask.starts_on, "ends_on": ask.ends_on, "lessons": seen });
    audit(ctx, "absence_reason.set", done.id, new).await?;
    Ok(done)
}

/// Sets a reason once more, for absences that were recorded since.
///
/// # Errors
/// As [`set`]; [`AppError::NotFound`] for a reason that was taken back.
pub async fn apply(ctx: &mut Ctx, id: AbsenceReasonId) -> Tried<Done> {
    let ask = held(ctx, id).await?;
    must(ctx, &ask).await?;
    let preview = looked(ctx, &ask).await?;
    if preview.changes() == 0 {
        return Err(AppError::invalid("", t::attendance_nothing(ctx.lang())).into());
    }
    let done = write(ctx, id, &ask, &preview).await?;
    let new = json!({ "lessons": preview.changes() });
    audit(ctx, "absence_reason.applied", id, new).await?;
    Ok(done)
}

/// Takes a reason back: what it changed is as it was before, but for what somebody has changed since.
///
/// # Errors
/// [`AppError::NotFound`] for a reason that is not for the actor to see or was taken back, [`AppError::Forbidden`] as for [`set`].
pub async fn withdraw(ctx: &mut Ctx, id: AbsenceReasonId) -> Tried<Done> {
    let ask = held(ctx, id).await?;
    must_lead(ctx, &ask).await?;
    let (school, person, now, employee) = (ctx.school(), ctx.person(), ctx.now(), employee(ctx));
    let rows = sqlx::query!(
        r#"select r.lesson_id, r.was, r.version,
            a.version = r.version and l.state <> 'cancelled' and not c.locked as "back!"
           from absence_reason_lesson r
           join lesson l on l.school_id = $1 and l.id = r.lesson_id
           cross join lateral reasons_closed($1, l.load_id, l.held_on, r.pupil_id, $4, $3) c
           join attendance a on a.school_id = $1 and a.lesson_id = r.lesson_id and a.pupil_id = r.pupil_id
           where r.school_id = $1 and r.reason_id = $2 order by r.lesson_id"#,
        school.0,
        id.0,
        now,
        employee,
    )
    .fetch_all(ctx.db())
    .await?;
    let all = rows.len();
    let (mut lessons, mut versions, mut codes) = (vec![], vec![], vec![]);
    for r in rows.into_iter().filter(|r| r.back) {
        lessons.push(r.lesson_id);
        versions.push(r.version);
        codes.push(r.was);
    }
    let moved = sqlx::query_scalar!(
        r#"with wanted as (
            select * from unnest($3::bigint[], $4::integer[], $5::text[]) w (lesson_id, version, code)
         ), saved as (
            update attendance a set code = w.code, version = a.version + 1, changed_by = $6, changed_at = $7
            from wanted w
            where a.school_id = $1 and a.pupil_id = $2 and a.lesson_id = w.lesson_id and a.version = w.version
            returning a.lesson_id, a.version, w.code
         ), event as (
            insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new)
            select $1, $7, $6, 'attendance.set', 'attendance', s.lesson_id::text || ':' || $2::bigint::text,
                jsonb_build_object('code', $8::text, 'version', s.version - 1), jsonb_build_object('code', s.code, 'version', s.version)
            from saved s
         )
         select count(*) as "n!" from saved"#,
        school.0,
        ask.pupil.0,
        &lessons,
        &versions,
        &codes,
        person.0,
        now,
        ask.code,
    )
    .fetch_one(ctx.db())
    .await?;
    if usize::try_from(moved).ok() != Some(lessons.len()) {
        return Err(changed(ctx));
    }
    sqlx::query!(
        "update absence_reason set withdrawn_at = $3, withdrawn_by = $4 where school_id = $1 and id = $2",
        school.0,
        id.0,
        now,
        person.0,
    )
    .execute(ctx.db())
    .await?;
    let kept = i64::try_from(all).unwrap_or(i64::MAX) - moved;
    audit(
        ctx,
        "absence_reason.withdrawn",
        id,
        json!({ "lessons": moved, "kept": kept }),
    )
    .await?;
    Ok(Done {
        id,
        pupil: ask.pupil,
        lessons: lessons.into_iter().map(LessonId).collect(),
        kept,
    })
}

/// A reason that stands, held against others until the end.
async fn held(ctx: &mut Ctx, id: AbsenceReasonId) -> Tried<Ask> {
    let school = ctx.school();
    let row = sqlx::query!(
        "select pupil_id, starts_on, ends_on, code from absence_reason
         where school_id = $1 and id = $2 and withdrawn_at is null for update",
        school.0,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok(Ask {
        pupil: PupilId(row.pupil_id),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        code: row.code,
        all: false,
    })
}

async fn must_lead(ctx: &mut Ctx, ask: &Ask) -> Tried<()> {
    let leads = of_pupil(ctx, ask.pupil, ask.starts_on, ask.ends_on).await?;
    if may_set(ctx, leads) {
        Ok(())
    } else {
        Err(AppError::Forbidden.into())
    }
}

/// Rights, the span, and that the code says why somebody was absent.
async fn must(ctx: &mut Ctx, ask: &Ask) -> Tried<()> {
    must_lead(ctx, ask).await?;
    let lang = ctx.lang();
    match ask.check(ctx.today()) {
        Ok(()) => {}
        Err(SpanWrong::Order) => return Err(AppError::invalid("ends_on", t::absence_order(lang)).into()),
        Err(SpanWrong::Far) => {
            return Err(AppError::invalid("starts_on", t::attendance_far(lang, SPAN)).into());
        }
    }
    let known = codes(ctx).await?;
    let says_why = known
        .iter()
        .any(|c| c.code == ask.code && c.reason.is_absent() && c.reason != Reason::Unknown);
    if says_why {
        Ok(())
    } else {
        Err(AppError::invalid("code", t::attendance_no_reason(lang)).into())
    }
}

/// A paper that can be one, with its words where it cannot.
pub(crate) fn checked(paper: Paper, today: NaiveDate, lang: base::Lang) -> Result<Paper, AppError> {
    paper.checked(today).map_err(|wrong| match wrong {
        PaperWrong::Number => AppError::invalid("number", t::attendance_number_wrong(lang)),
        PaperWrong::Date => AppError::invalid("on", t::attendance_date_wrong(lang)),
        PaperWrong::Nothing => AppError::invalid("kind", t::attendance_paper_wrong(lang)),
    })
}

async fn of_note(ctx: &mut Ctx, pupil: PupilId, note: AbsenceNoteId) -> Tried<()> {
    let school = ctx.school();
    let known = sqlx::query_scalar!(
        r#"select exists (select from absence_note
            where school_id = $1 and id = $2 and pupil_id = $3 and withdrawn_at is null) as "known!""#,
        school.0,
        note.0,
        pupil.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if known {
        Ok(())
    } else {
        Err(AppError::NotFound.into())
    }
}

fn changed(ctx: &Ctx) -> base::sql::Failure {
    AppError::Conflict {
        message: t::attendance_changed(ctx.lang()).to_owned(),
    }
    .into()
}

/// The recorded absences of a span, and what becomes of each. A lesson that was cancelled has none.
async fn looked(ctx: &mut Ctx, ask: &Ask) -> Tried<Preview> {
    let (school, now, today, employee) = (ctx.school(), ctx.now(), ctx.today(), employee(ctx));
    let rows = sqlx::query!(
        r#"select l.id, l.held_on, l.slot, s.name as subject, a.code as "was!", a.version, coalesce(k.reason = 'unknown', false) as "open!",
            c.locked as "locked!"
           from attendance a
           join attendance_code k on k.school_id = $1 and k.code = a.code and k.absent
           join lesson l on l.school_id = $1 and l.id = a.lesson_id and l.held_on between $3 and $4 and l.state <> 'cancelled'
           cross join lateral reasons_closed($1, l.load_id, l.held_on, a.pupil_id, $6, $5) c
           join teaching_load t on t.school_id = $1 and t.id = l.load_id
           join subject s on s.school_id = $1 and s.id = t.subject_id
           where a.school_id = $1 and a.pupil_id = $2
           order by l.held_on, l.slot, s.name, l.id"#,
        school.0,
        ask.pupil.0,
        ask.starts_on,
        ask.ends_on,
        now,
        employee,
    )
    .fetch_all(ctx.db())
    .await?;
    let lines = rows.into_iter().map(|r| PreviewLine {
        lesson: LessonId(r.id),
        date: r.held_on,
        number: r.slot + 1,
        subject: r.subject,
        fate: if r.was == ask.code {
            Fate::Same
        } else if r.locked {
            Fate::Locked
        } else if r.open || ask.all {
            Fate::Change
        } else {
            Fate::Other
        },
        was: r.was,
        version: r.version,
    });
    Ok(Preview {
        lines: lines.collect(),
        ahead: ask.ends_on > today,
        closed: vec![],
    })
}

/// Writes the reason into each absence that it changes, with an event each, in one statement. Of these only the versions that were
/// looked at: another's word is not overwritten.
async fn write(ctx: &mut Ctx, id: AbsenceReasonId, ask: &Ask, preview: &Preview) -> Tried<Done> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let (mut lessons, mut versions, mut was) = (vec![], vec![], vec![]);
    for line in preview.lines.iter().filter(|l| l.fate == Fate::Change) {
        lessons.push(line.lesson.0);
        versions.push(line.version);
        was.push(line.was.clone());
    }
    let written = sqlx::query_scalar!(
        r#"with wanted as (
            select * from unnest($3::bigint[], $4::integer[], $5::text[]) w (lesson_id, version, was)
         ), saved as (
            update attendance a set code = $6, version = a.version + 1, changed_by = $7, changed_at = $8
            from wanted w
            where a.school_id = $1 and a.pupil_id = $2 and a.lesson_id = w.lesson_id and a.version = w.version
            returning a.lesson_id, a.version, w.was
         ), kept as (
            insert into absence_reason_lesson (school_id, reason_id, lesson_id, pupil_id, was, version)
            select $1, $9, s.lesson_id, $2, s.was, s.version from saved s
            on conflict (school_id, reason_id, lesson_id) do update set was = excluded.was, version = excluded.version
         ), event as (
            insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new)
            select $1, $8, $7, 'attendance.set', 'attendance', s.lesson_id::text || ':' || $2::bigint::text,
                jsonb_build_object('code', s.was, 'version', s.version - 1), jsonb_build_object('code', $6::text, 'version', s.version)
            from saved s
         )
         select count(*) as "n!" from saved"#,
        school.0,
        ask.pupil.0,
        &lessons,
        &versions,
        &was,
        ask.code,
        person.0,
        now,
        id.0,
    )
    .fetch_one(ctx.db())
    .await?;
    if usize::try_from(written).ok() != Some(lessons.len()) {
        return Err(changed(ctx));
    }
    let kept = preview.lines.iter().filter(|l| l.fate == Fate::Locked).count();
    Ok(Done {
        id,
        pupil: ask.pupil,
        lessons: lessons.into_iter().map(LessonId).collect(),
        kept: i64::try_from(kept).unwrap_or(i64::MAX),
    })
}

async fn audit(
    ctx: &mut Ctx,
    action: &'static str,
    id: AbsenceReasonId,
    new: serde_json::Value,
) -> Tried<()> {
    ctx.audit(Event {
        action,
        entity: "absence_reason",
        key: id.to_string(),
        old: None,
        new: Some(new),
        op: None,
    })
    .await
}
