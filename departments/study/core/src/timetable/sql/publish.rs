//! Putting a draft in force from a date.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, FieldError, Lang, VersionId};
use chrono::{Days, NaiveDate};
use serde_json::json;
use timetable::{Board, Level, Problem};

use super::beside::beside;
use super::board;
use super::lessons::lay;
use crate::t;
use crate::timetable::board::{BoardData, VersionState};
use crate::timetable::later::later;
use crate::timetable::moves::{LATER, Published};
use crate::timetable::words;

/// How many clashes are told by name.
const TOLD: usize = 30;

/// Publishes a draft from a date: the version in force ends the day before, one that begins the same day is replaced,
/// a later one takes over when its day comes. Lessons are laid out on the dates that follow. `anyway`: clashes that begin while the
/// version is in force are known, and it is published all the same.
///
/// # Errors
/// Invalid for a date outside the year, for clashes (each named; those that begin later as fields called [`LATER`]), for a version that is
/// no draft; not found.
pub async fn publish(
    ctx: &mut Ctx,
    version: VersionId,
    valid_from: NaiveDate,
    anyway: bool,
) -> Done<Published> {
    let school = ctx.school();
    let lang = ctx.lang();
    ctx.must(Action::Publish, &Resource::of_school(Kind::Timetable, school))?;
    // nobody moves a card, and nobody publishes another version, while this one is judged
    sqlx::query!(
        "select id from timetable_version where school_id = $1 and (id = $2 or state = 'published') order by id for update",
        school.0,
        version.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let data = board(ctx, version).await?;
    if data.version.state != VersionState::Draft {
        return Err(AppError::invalid("", t::publish_not_draft(lang)).into());
    }
    let (from, to) = (data.version.year_from, data.version.year_to);
    if !(from..=to).contains(&valid_from) {
        let words = t::publish_outside_year(lang, from.format("%d.%m.%Y"), to.format("%d.%m.%Y"));
        return Err(AppError::invalid("valid_from", words).into());
    }
    if data.days_a_week() > 7 {
        return Err(AppError::invalid("", t::publish_too_many_days(lang)).into());
    }
    // judged by the day on which it begins: a ban of that day is no ban of today
    let mut then = super::board::board_on(ctx, version, Some(valid_from.max(ctx.today()))).await?;
    let board = no_clashes(ctx, &then)?;
    then.version.valid_from = Some(valid_from);
    then.version.valid_to = next_begins(ctx, version, valid_from)
        .await?
        .and_then(|day| day.pred_opt());
    let known = begins_later(ctx, &then, &board, anyway)?;
    let closed = take_over(ctx, &data, valid_from).await?;
    let (lessons, touched) = lay(ctx, valid_from, to).await?;
    let (list, beside_count) = beside(ctx, &touched).await?;
    ctx.audit(Event {
        action: "timetable.published",
        entity: "timetable_version",
        key: version.to_string(),
        old: Some(json!({ "state": "draft" })),
        new: Some(
            json!({
                "state": "published", "valid_from": valid_from, "closed": closed, "lessons": lessons, "later_clashes": known,
                "kept": touched.kept, "moved": touched.moved,
            }),
        ),
        op: None,
    })
    .await?;
    Ok(Published {
        closed,
        lessons,
        beside: list,
        beside_count,
    })
}

/// The server judges with the same code as the browser.
fn no_clashes(ctx: &Ctx, data: &BoardData) -> Result<Board, AppError> {
    let lang = ctx.lang();
    let board = data
        .board()
        .map_err(|_| AppError::invalid("", t::publish_too_large(lang)))?;
    let problems = board.conflicts();
    let clashes = problems.iter().filter(|p| p.level == Level::Clash);
    let clashes: Vec<String> = clashes.map(|p| words::problem(lang, data, p)).collect();
    if clashes.is_empty() {
        return Ok(board);
    }
    Err(refusal(lang, "clash", t::publish_clash(lang), &clashes))
}

/// What is in the way, the first of it by name.
fn refusal(lang: Lang, field: &str, head: &str, clashes: &[String]) -> AppError {
    let field = |message: String| FieldError {
        field: field.to_owned(),
        message,
    };
    let mut fields = vec![field(head.to_owned())];
    fields.extend(clashes.iter().take(TOLD).cloned().map(field));
    if let Some(more) = clashes.len().checked_sub(TOLD).filter(|n| *n > 0) {
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        fields.push(field(t::publish_more_clashes(lang, more)));
    }
    AppError::Invalid { fields }
}

/// Clashes that a requirement brings while the version is in force. By that day the cards can be moved, so who knows of them may publish;
/// gives how many they are.
fn begins_later(ctx: &Ctx, data: &BoardData, board: &Board, anyway: bool) -> Result<usize, AppError> {
    let lang = ctx.lang();
    let outlook = later(data, board);
    let date = |day: NaiveDate| day.format("%d.%m.%Y").to_string();
    let line = |(day, problem): (NaiveDate, &Problem)| {
        t::publish_later_line(lang, date(day), words::problem(lang, data, problem))
    };
    let mut lines: Vec<String> = outlook.clashes().map(line).collect();
    let known = lines.len();
    if let Some(day) = outlook.unjudged {
        lines.insert(0, t::publish_unjudged(lang, date(day)));
    }
    if lines.is_empty() || anyway {
        return Ok(known);
    }
    Err(refusal(lang, LATER, t::publish_later(lang), &lines))
}

/// When the next published version of the year begins, if there is one.
async fn next_begins(ctx: &mut Ctx, version: VersionId, after: NaiveDate) -> Done<Option<NaiveDate>> {
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        "select min(n.valid_from) from timetable_version v
         join timetable_version n on n.school_id = v.school_id and n.year_id = v.year_id and n.state = 'published'
         where v.school_id = $1 and v.id = $2 and n.valid_from > $3",
        school.0,
        version.0,
        after,
    )
    .fetch_one(ctx.db())
    .await?)
}

async fn take_over(ctx: &mut Ctx, data: &BoardData, valid_from: NaiveDate) -> Done<Option<String>> {
    let (school, person, now, version) = (ctx.school(), ctx.person(), ctx.now(), data.version.id);
    let day_before = valid_from.checked_sub_days(Days::new(1)).unwrap_or(valid_from);
    let year = sqlx::query_scalar!(
        "select year_id from timetable_version where school_id = $1 and id = $2",
        school.0,
        version.0
    )
    .fetch_one(ctx.db())
    .await?;
    // one that was to begin on the same day never comes into force
    sqlx::query!(
        "update timetable_version set state = 'archived', changed_by = $4, changed_at = $5
         where school_id = $1 and year_id = $2 and state = 'published' and valid_from = $3",
        school.0,
        year,
        valid_from,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    let closed = sqlx::query_scalar!(
        "update timetable_version set valid_to = $4
         where school_id = $1 and year_id = $2 and state = 'published'
            and valid_from < $3 and coalesce(valid_to, $3) >= $3
         returning title",
        school.0,
        year,
        valid_from,
        day_before,
    )
    .fetch_optional(ctx.db())
    .await?;
    sqlx::query!(
        "update timetable_version v set state = 'published', valid_from = $3, published_at = $5, changed_by = $4, changed_at = $5,
            valid_to = (select min(n.valid_from) - 1 from timetable_version n
                where n.school_id = $1 and n.year_id = v.year_id and n.state = 'published' and n.valid_from > $3)
         where v.school_id = $1 and v.id = $2",
        school.0,
        version.0,
        valid_from,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    Ok(closed)
}
