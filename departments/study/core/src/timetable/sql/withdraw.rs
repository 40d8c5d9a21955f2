//! Taking a published version back: the one before it holds again.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, VersionId, YearId};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::Executor as _;
use timetable::Count;

use super::beside::beside;
use super::board::board_on;
use super::copy::copy;
use super::lessons::lay;
use crate::t;
use crate::timetable::moves::{Known, Withdrawal};

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 3..=500;
/// Characters of a title that are left for the title of another one.
const TITLE: usize = 80;

/// What [`withdraw`] would come to: it is carried out and taken back, so that nothing is told that is not so.
///
/// # Errors
/// As [`withdraw`], but for the reason and what has to be known.
pub async fn withdrawal(ctx: &mut Ctx, version: VersionId, from: NaiveDate) -> Done<Withdrawal> {
    ctx.must(
        Action::Publish,
        &Resource::of_school(Kind::Timetable, ctx.school()),
    )?;
    ctx.db().execute("savepoint withdrawal").await?;
    let (told, _) = take_back(ctx, version, from).await?;
    ctx.db().execute("rollback to savepoint withdrawal").await?;
    Ok(told)
}

/// Withdraws a published version from a day on, today or later. On its first day it has never been in force and is a draft again; later it
/// has held until the day before. The version whose days it took holds them again; where there was none, they have no lessons.
///
/// # Errors
/// Forbidden without the right to publish; not found for a foreign version; invalid for one that is not published, for a day that is past
/// or none of its days, for a reason that says nothing, and where more or less would happen to lessons than is known.
pub async fn withdraw(
    ctx: &mut Ctx,
    version: VersionId,
    from: NaiveDate,
    reason: &str,
    known: Known,
) -> Done<Withdrawal> {
    ctx.must(
        Action::Publish,
        &Resource::of_school(Kind::Timetable, ctx.school()),
    )?;
    let lang = ctx.lang();
    let reason = reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        return Err(AppError::invalid("reason", t::withdraw_reason(lang)).into());
    }
    let (done, old) = take_back(ctx, version, from).await?;
    let is = done.known();
    if is != known {
        return Err(AppError::invalid("known", t::withdraw_known(lang, is.classes, is.lessons)).into());
    }
    ctx.audit(Event {
        action: "timetable.withdrawn",
        entity: "timetable_version",
        key: version.to_string(),
        old: Some(json!({ "state": "published", "valid_from": old.since, "valid_to": old.until })),
        new: Some(json!({
            "state": if done.whole { "draft" } else { "published" }, "from": from, "reason": reason, "again": done.again,
            "without_lessons": done.bare, "lessons": done.lessons, "beside": done.beside_count,
        })),
        op: None,
    })
    .await?;
    Ok(done)
}

/// A published version.
struct Published {
    year: YearId,
    since: NaiveDate,
    until: Option<NaiveDate>,
    /// The last day on which it can hold.
    last: NaiveDate,
    at: Option<DateTime<Utc>>,
}

/// Who holds the days again.
struct Again {
    id: VersionId,
    title: String,
}

async fn take_back(ctx: &mut Ctx, version: VersionId, from: NaiveDate) -> Done<(Withdrawal, Published)> {
    let (lang, today) = (ctx.lang(), ctx.today());
    let of = published(ctx, version).await?;
    if of.last < today {
        return Err(AppError::invalid("", t::withdraw_past(lang)).into());
    }
    let first = of.since.max(today);
    if !(first..=of.last).contains(&from) {
        let date = |day: NaiveDate| day.format("%d.%m.%Y");
        let words = t::withdraw_outside(lang, date(first), date(of.last));
        return Err(AppError::invalid("from", words).into());
    }
    let whole = from == of.since;
    end(ctx, version, from, whole).await?;
    let again = again(ctx, version, &of, from, whole).await?;
    let (lessons, touched) = lay(ctx, from, of.last).await?;
    let (list, beside_count) = beside(ctx, &touched).await?;
    let clashes = match &again {
        Some(again) => clashes(ctx, again.id, from).await?,
        None => 0,
    };
    let told = Withdrawal {
        from,
        last: of.last,
        whole,
        clashes,
        bare: bare(ctx, version, again.as_ref().map(|a| a.id)).await?,
        again: again.map(|a| a.title),
        lessons,
        beside: list,
        beside_count,
    };
    Ok((told, of))
}

/// The version, held until the end together with every other one that is published: nobody publishes or withdraws beside this.
async fn published(ctx: &mut Ctx, version: VersionId) -> Done<Published> {
    let school = ctx.school();
    sqlx::query!(
        "select id from timetable_version where school_id = $1 and (id = $2 or state = 'published') order by id for update",
        school.0,
        version.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let row = sqlx::query!(
        r#"select v.year_id, v.state, v.valid_from, v.valid_to, v.published_at, least(v.valid_to, y.ends_on) as "last!"
         from timetable_version v join academic_year y on y.school_id = v.school_id and y.id = v.year_id
         where v.school_id = $1 and v.id = $2"#,
        school.0,
        version.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    match row.valid_from {
        Some(since) if row.state == "published" => Ok(Published {
            year: YearId(row.year_id),
            since,
            until: row.valid_to,
            last: row.last,
            at: row.published_at,
        }),
        _ => Err(AppError::invalid("", t::withdraw_not_published(ctx.lang())).into()),
    }
}

/// It holds no more from the day on. Who has it open as it was is refused what they would change.
async fn end(ctx: &mut Ctx, version: VersionId, from: NaiveDate, whole: bool) -> Done<()> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    sqlx::query!(
        "update timetable_version set state = case when $4 then 'draft' else state end,
            valid_from = case when $4 then null else valid_from end, valid_to = case when $4 then null else $3::date - 1 end,
            published_at = case when $4 then null else published_at end, again_from = case when $4 then null else again_from end,
            revision = revision + 1, changed_by = $5, changed_at = $6
         where school_id = $1 and id = $2",
        school.0,
        version.0,
        from,
        whole,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// Gives the days back: to the version that the withdrawn one replaced on its first day; else to the one that ended the day before it,
/// whose days go on where they ended, or, where other days lie between, as a copy.
async fn again(
    ctx: &mut Ctx,
    version: VersionId,
    of: &Published,
    from: NaiveDate,
    whole: bool,
) -> Done<Option<Again>> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let former = sqlx::query!(
        r#"select id, title, state = 'archived' as "replaced!" from timetable_version
         where school_id = $1 and year_id = $2 and id <> $3
            and (state = 'archived' and valid_from = $4 and changed_at = $5 or state = 'published' and valid_to = $4::date - 1)
         order by state, id desc limit 1"#,
        school.0,
        of.year.0,
        version.0,
        of.since,
        of.at,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(former) = former else { return Ok(None) };
    let mut again = Again {
        id: VersionId(former.id),
        title: former.title,
    };
    // days lie between only where somebody else has held since
    let anew = former.replaced || !whole;
    if anew && !former.replaced {
        let title: String = again.title.chars().take(TITLE).collect();
        again.title = t::withdraw_again(ctx.lang(), from.format("%d.%m"), title);
        let made = copy(ctx, again.id, &again.title, None).await?;
        again.id = made.ok_or(AppError::NotFound)?;
    }
    sqlx::query!(
        "update timetable_version set state = 'published', valid_from = case when $6 then $3 else valid_from end, valid_to = $4,
            published_at = $5, again_from = $3, changed_by = $7, changed_at = $5, revision = revision + 1
         where school_id = $1 and id = $2",
        school.0,
        again.id.0,
        from,
        of.until,
        now,
        anew,
        person.0,
    )
    .execute(ctx.db())
    .await?;
    Ok(Some(again))
}

/// It was published when other requirements held: what clashes now does not keep it away, but is told.
async fn clashes(ctx: &mut Ctx, version: VersionId, from: NaiveDate) -> Done<i64> {
    let data = Box::pin(board_on(ctx, version, Some(from))).await?;
    let board = data
        .board()
        .map_err(|_| AppError::invalid("", t::publish_too_large(ctx.lang())))?;
    Ok(Count::of(&board.conflicts()).clashes.into())
}

/// Classes with lessons in the one and none in the other.
async fn bare(ctx: &mut Ctx, version: VersionId, again: Option<VersionId>) -> Done<Vec<String>> {
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        "select c.name from class c
         where c.school_id = $1 and c.id in (
            select a.class_id from card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id
            where k.school_id = $1 and k.version_id = $2 and k.day is not null
            except
            select a.class_id from card k join load_audience a on a.school_id = k.school_id and a.load_id = k.load_id
            where k.school_id = $1 and k.version_id = $3 and k.day is not null)
         order by c.grade, c.name, c.id",
        school.0,
        version.0,
        again.map(|v| v.0),
    )
    .fetch_all(ctx.db())
    .await?)
}
