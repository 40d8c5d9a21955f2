//! Subjects and the rows of the difficulty tables by which their lessons weigh.

use base::sql::{Ctx, Done, Event};
use base::{AppError, SubjectId, YearId};
use chrono::NaiveDate;
use serde_json::json;

use super::read::law_of;
use super::{must_edit, stale};
use crate::requirement::sheet::SubjectItem;
use crate::t;
use crate::timetable::sql::year_now;

/// The thing of an event.
const ENTITY: &str = "subject_template";

/// The subjects of the year's loads, with their rows and the grades that get no points. The tables are those of a day, for a kind of organisation.
pub(super) async fn subjects(
    ctx: &mut Ctx,
    year: YearId,
    (on, org): (NaiveDate, &str),
) -> Done<Vec<SubjectItem>> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        SubjectItem,
        r#"select s.id as "id: SubjectId", s.name, s.template,
            array(select distinct c.grade from teaching_load l
                join load_audience a on a.school_id = l.school_id and a.load_id = l.id
                join class c on c.school_id = a.school_id and c.id = a.class_id
                where l.school_id = s.school_id and l.subject_id = s.id and l.year_id = $2
                    and not exists (select from norm_difficulty d where d.org_kind = $4 and d.subject = s.template
                        and d.grade = c.grade and d.valid_from <= $3 and coalesce(d.valid_to, $3) >= $3)
                order by c.grade) as "pointless!"
         from subject s where s.school_id = $1
         and exists (select from teaching_load l where l.school_id = s.school_id and l.subject_id = s.id and l.year_id = $2)
         order by s.name, s.id"#,
        school.0,
        year.0,
        on,
        org,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// The rows that there are on a day.
pub(super) async fn scale(ctx: &mut Ctx, (on, org): (NaiveDate, &str)) -> Done<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "select distinct subject from norm_difficulty
         where org_kind = $2 and valid_from <= $1 and coalesce(valid_to, $1) >= $1 order by subject",
        on,
        org,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// Says by which row of the difficulty tables the lessons of a subject weigh; `None`: by none.
///
/// # Errors
/// Forbidden without the right to change the timetable; not found for a foreign subject; invalid for a row that there is not; conflict if it
/// is no longer the one that was seen.
pub async fn save_template(
    ctx: &mut Ctx,
    subject: SubjectId,
    seen: Option<String>,
    template: Option<String>,
) -> Done<()> {
    must_edit(ctx)?;
    let school = ctx.school();
    let before = sqlx::query_scalar!(
        "select template from subject where school_id = $1 and id = $2 for update",
        school.0,
        subject.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let key = subject.to_string();
    if before != seen {
        return Err(stale(ctx, ENTITY, &key).await?.into());
    }
    if before == template {
        return Ok(());
    }
    if let Some(row) = &template {
        let known = match year_now(ctx).await? {
            Some((year, _)) => {
                let (on, org) = law_of(ctx, year).await?;
                scale(ctx, (on, org.as_str())).await?
            }
            None => vec![],
        };
        if !known.contains(row) {
            return Err(AppError::invalid("template", t::requirement_wrong_template(ctx.lang())).into());
        }
    }
    sqlx::query!(
        "update subject set template = $3 where school_id = $1 and id = $2",
        school.0,
        subject.0,
        template,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "requirement.template_saved",
        entity: ENTITY,
        key,
        old: Some(json!(before)),
        new: Some(json!(template)),
        op: None,
    })
    .await
}
