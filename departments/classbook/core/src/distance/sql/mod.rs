//! The format of lessons: asked, set for one lesson, set for a class and some days.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId, DistanceSpanId, LessonId, SchoolId};
use chrono::NaiveDate;
use serde_json::json;

use super::{Format, Meeting, OfLesson, Span, Spans};
use crate::homework::link;
use crate::journal::sql::facts::of_lesson;
use crate::t;

/// The format of a lesson, its own and its class's.
///
/// # Errors
/// [`AppError::NotFound`] for a lesson whose journal the actor may not see.
pub async fn lesson(ctx: &mut Ctx, lesson: LessonId) -> Done<OfLesson> {
    let facts = of_lesson(ctx, lesson).await?;
    let resource = facts.whose.resource(ctx, Kind::Journal);
    ctx.must(Action::View, &facts.whose.to_read(ctx))?;
    let may_edit = ctx.may(Action::Edit, &resource) && !facts.locked && !facts.cancelled;
    Ok(OfLesson {
        lesson,
        own: own(ctx, lesson).await?,
        class: of_class(ctx, facts.load.0, facts.held_on).await?,
        may_edit,
    })
}

async fn own(ctx: &mut Ctx, lesson: LessonId) -> Done<Option<Meeting>> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        "select format, platform, starts_at, link from lesson_format where school_id = $1 and lesson_id = $2",
        school,
        lesson.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.and_then(|r| {
        Some(Meeting {
            format: Format::from_key(&r.format)?,
            platform: r.platform,
            starts_at: r.starts_at,
            link: r.link,
        })
    }))
}

async fn of_class(ctx: &mut Ctx, load: i64, day: NaiveDate) -> Done<Option<Meeting>> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        "select d.format, d.platform, d.link from load_audience u
         join distance_span d on d.school_id = $1 and d.class_id = u.class_id and $3 between d.starts_on and d.ends_on
         where u.school_id = $1 and u.load_id = $2 order by d.id limit 1",
        school,
        load,
        day,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.and_then(|r| {
        Some(Meeting {
            format: Format::from_key(&r.format)?,
            platform: r.platform,
            starts_at: None,
            link: r.link,
        })
    }))
}

/// What is written, as it is kept.
fn checked(ctx: &Ctx, meeting: Meeting) -> Result<Meeting, AppError> {
    let lang = ctx.lang();
    let text = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let platform = text(meeting.platform);
    if platform.as_ref().is_some_and(|p| p.chars().count() > 80) {
        return Err(AppError::invalid("platform", t::distance_platform_long(lang)));
    }
    let link = text(meeting.link)
        .map(|l| link::check(&l).map_err(|_| AppError::invalid("link", t::homework_link_wrong(lang))))
        .transpose()?;
    Ok(Meeting {
        platform,
        link,
        ..meeting
    })
}

/// Sets how a lesson is held; `None`: as its class.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for a lesson that is not the actor's, [`AppError::Invalid`] for a closed period and
/// for what is wrong in it.
pub async fn set_lesson(ctx: &mut Ctx, lesson: LessonId, meeting: Option<Meeting>) -> Done<()> {
    let facts = of_lesson(ctx, lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    let lang = ctx.lang();
    if facts.locked {
        return Err(AppError::invalid("", t::journal_locked(lang)).into());
    }
    let meeting = meeting.map(|m| checked(ctx, m)).transpose()?;
    let old = own(ctx, lesson).await?;
    if old == meeting {
        return Ok(());
    }
    let (SchoolId(school), person, now) = (ctx.school(), ctx.person(), ctx.now());
    match &meeting {
        Some(m) => {
            sqlx::query!(
                "insert into lesson_format (school_id, load_id, lesson_id, format, platform, starts_at, link, changed_by, changed_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 on conflict (school_id, lesson_id) do update set format = excluded.format, platform = excluded.platform,
                    starts_at = excluded.starts_at, link = excluded.link, changed_by = excluded.changed_by, changed_at = excluded.changed_at",
                school,
                facts.load.0,
                lesson.0,
                m.format.key(),
                m.platform,
                m.starts_at,
                m.link,
                person.0,
                now,
            )
            .execute(ctx.db())
            .await?;
        }
        None => {
            sqlx::query!(
                "delete from lesson_format where school_id = $1 and lesson_id = $2",
                school,
                lesson.0
            )
            .execute(ctx.db())
            .await?;
        }
    }
    ctx.audit(Event {
        action: "lesson.format_set",
        entity: "lesson_format",
        key: lesson.to_string(),
        old: old.map(|m| json!(m)),
        new: meeting.map(|m| json!(m)),
        op: None,
    })
    .await?;
    Ok(())
}

/// Who sets it for classes: those who close and open journals.
fn decides(ctx: &Ctx) -> Result<(), AppError> {
    ctx.must(Action::Lock, &Resource::of_school(Kind::Journal, ctx.school()))
}

/// The spans that are not over.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for who does not set them.
pub async fn spans(ctx: &mut Ctx) -> Done<Spans> {
    decides(ctx)?;
    let (SchoolId(school), today) = (ctx.school(), ctx.today());
    let classes = sqlx::query!(
        "select c.id, c.name from class c
         join academic_year y on y.school_id = $1 and y.id = c.year_id and $2 between y.starts_on and y.ends_on
         where c.school_id = $1 order by c.grade, c.name",
        school,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let rows = sqlx::query!(
        "select id, class_id, starts_on, ends_on, format, platform, link, reason from distance_span
         where school_id = $1 and ends_on >= $2 order by starts_on, id limit 500",
        school,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(Spans {
        today,
        classes: classes.into_iter().map(|c| (ClassId(c.id), c.name)).collect(),
        spans: rows
            .into_iter()
            .map(|r| Span {
                id: Some(DistanceSpanId(r.id)),
                class: ClassId(r.class_id),
                starts_on: r.starts_on,
                ends_on: r.ends_on,
                meeting: Meeting {
                    format: Format::from_key(&r.format).unwrap_or(Format::Distance),
                    platform: r.platform,
                    starts_at: None,
                    link: r.link,
                },
                reason: r.reason,
            })
            .collect(),
    })
}

/// A span, as the journal of changes tells it; families are told by it what has changed (`notice`).
fn told(
    class: ClassId,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    meeting: &Meeting,
    reason: Option<&str>,
) -> serde_json::Value {
    json!({ "class": class, "starts_on": starts_on, "ends_on": ends_on, "meeting": meeting, "reason": reason })
}

/// What a span says now, locked against others until the end of the transaction.
async fn held(ctx: &mut Ctx, id: DistanceSpanId) -> Done<serde_json::Value> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        "select class_id, starts_on, ends_on, format, platform, link, reason from distance_span
         where school_id = $1 and id = $2 for update",
        school,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let meeting = Meeting {
        format: Format::from_key(&row.format).unwrap_or(Format::Distance),
        platform: row.platform,
        starts_at: None,
        link: row.link,
    };
    Ok(told(
        ClassId(row.class_id),
        row.starts_on,
        row.ends_on,
        &meeting,
        row.reason.as_deref(),
    ))
}

/// Adds a span or changes one.
///
/// # Errors
/// As [`spans`]; [`AppError::Invalid`] for what is wrong in it, and for days that another span of the class has.
pub async fn save_span(ctx: &mut Ctx, span: Span) -> Done<DistanceSpanId> {
    decides(ctx)?;
    let (SchoolId(school), lang) = (ctx.school(), ctx.lang());
    let class = sqlx::query_scalar!(
        "select y.ends_on from class c join academic_year y on y.school_id = $1 and y.id = c.year_id
         where c.school_id = $1 and c.id = $2 and $3 >= y.starts_on",
        school,
        span.class.0,
        span.starts_on,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let days = span.ends_on.signed_duration_since(span.starts_on).num_days();
    if !(0..=120).contains(&days) || span.ends_on > class {
        return Err(AppError::invalid("ends_on", t::distance_days_wrong(lang)).into());
    }
    if span.meeting.format == Format::InPerson {
        return Err(AppError::invalid("format", t::distance_format_wrong(lang)).into());
    }
    let meeting = checked(ctx, span.meeting)?;
    let reason = span.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    if reason.is_some_and(|r| r.chars().count() > 200) {
        return Err(AppError::invalid("reason", t::journal_text_too_long(lang)).into());
    }
    let (person, now) = (ctx.person(), ctx.now());
    let before = match span.id {
        Some(id) => Some(held(ctx, id).await?),
        None => None,
    };
    let id = match span.id {
        Some(id) => sqlx::query_scalar!(
            "update distance_span set class_id = $3, starts_on = $4, ends_on = $5, format = $6, platform = $7, link = $8, reason = $9,
                changed_by = $10, changed_at = $11
             where school_id = $1 and id = $2 returning id",
            school,
            id.0,
            span.class.0,
            span.starts_on,
            span.ends_on,
            meeting.format.key(),
            meeting.platform,
            meeting.link,
            reason,
            person.0,
            now,
        )
        .fetch_optional(ctx.db())
        .await?
        .ok_or(AppError::NotFound)?,
        None => {
            sqlx::query_scalar!(
                "insert into distance_span (school_id, class_id, starts_on, ends_on, format, platform, link, reason, changed_by, changed_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id",
                school,
                span.class.0,
                span.starts_on,
                span.ends_on,
                meeting.format.key(),
                meeting.platform,
                meeting.link,
                reason,
                person.0,
                now,
            )
            .fetch_one(ctx.db())
            .await?
        }
    };
    ctx.audit(Event {
        action: if span.id.is_some() {
            "distance.changed"
        } else {
            "distance.set"
        },
        entity: "distance_span",
        key: id.to_string(),
        old: before,
        new: Some(told(span.class, span.starts_on, span.ends_on, &meeting, reason)),
        op: None,
    })
    .await?;
    Ok(DistanceSpanId(id))
}

/// Takes a span away.
///
/// # Errors
/// As [`spans`].
pub async fn remove_span(ctx: &mut Ctx, id: DistanceSpanId) -> Done<()> {
    decides(ctx)?;
    let SchoolId(school) = ctx.school();
    let before = held(ctx, id).await?;
    sqlx::query!(
        "delete from distance_span where school_id = $1 and id = $2",
        school,
        id.0
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "distance.removed",
        entity: "distance_span",
        key: id.to_string(),
        old: Some(before),
        new: None,
        op: None,
    })
    .await?;
    Ok(())
}
