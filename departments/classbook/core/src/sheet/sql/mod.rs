//! Who may see which sheet, and what it is made of. A class's sheets are for whoever may see all its journals: who leads it, the
//! deputies; a journal's page for whoever may see the journal; a pupil's for whoever may see the diary. That a file was taken is
//! written down.

mod cards;
mod class;
mod journal;
mod opened;
mod pupil;

use base::rights::Action;
use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId, LoadId, PupilId};
use serde_json::json;

pub use cards::cards;
pub use opened::opened;

use super::{Ask, Choices, Class, Format, Journal, Kind, Sheet};
use crate::journal::sql::facts::{Reach, employee};

/// Of what one may ask for sheets: classes and journals of the current year.
///
/// # Errors
/// [`AppError::NotFound`] for someone without any right to journals.
pub async fn choices(ctx: &mut Ctx) -> Done<Choices> {
    let reach = Reach::of(ctx, Action::View);
    if !reach.any() {
        return Err(AppError::NotFound.into());
    }
    let (school, employee, today) = (ctx.school(), employee(ctx), ctx.today());
    let classes = sqlx::query!(
        r#"select c.id, c.name, coalesce(c.class_teacher_id = $2, false) as "own!"
           from class c
           where c.school_id = $1 and c.year_id = (
                select id from academic_year where school_id = $1
                order by (starts_on <= $3) desc, case when starts_on <= $3 then $3 - starts_on else starts_on - $3 end limit 1)
             and ($4 or ($5 and c.class_teacher_id = $2))
           order by coalesce(c.class_teacher_id = $2, false) desc, c.grade, c.name"#,
        school.0,
        employee,
        today,
        reach.all,
        reach.class,
    )
    .fetch_all(ctx.db())
    .await?;
    let journals = crate::journal::sql::journals(ctx).await?.journals;
    Ok(Choices {
        today,
        classes: classes
            .into_iter()
            .map(|r| Class {
                id: ClassId(r.id),
                name: r.name,
                own: r.own,
            })
            .collect(),
        journals: journals
            .into_iter()
            .map(|j| Journal {
                id: j.load,
                name: format!("{}, {}", j.audience, j.subject),
            })
            .collect(),
    })
}

/// A sheet; for a time that is none of its, that of the period that runs ([`Sheet::when`] says which it is).
///
/// # Errors
/// [`AppError::NotFound`] for what is not there for this actor.
pub async fn sheet(ctx: &mut Ctx, ask: Ask) -> Done<Sheet> {
    match ask.kind {
        Kind::Marks => Box::pin(class::marks(ctx, ClassId(ask.id), ask.when)).await,
        Kind::Attendance => Box::pin(class::attendance(ctx, ClassId(ask.id), ask.when)).await,
        Kind::Journal => Box::pin(journal::page(ctx, LoadId(ask.id), ask.when)).await,
        Kind::Report => Box::pin(pupil::report(ctx, PupilId(ask.id), ask.when)).await,
        Kind::Card => Box::pin(pupil::card(ctx, PupilId(ask.id))).await,
    }
}

/// The same for a file that leaves the program: who took it is written down, and it is of the time that was asked for or none.
///
/// # Errors
/// As [`sheet`], [`AppError::NotFound`] for a time that is none of its, and [`AppError::Invalid`] for what is too large.
pub async fn taken(ctx: &mut Ctx, ask: Ask, format: Format) -> Done<Sheet> {
    let sheet = sheet(ctx, ask).await?;
    if ask.when.is_some_and(|asked| asked != sheet.when) {
        return Err(AppError::NotFound.into());
    }
    super::file::fits(&sheet.paper, format)?;
    let entity = match ask.kind {
        Kind::Marks | Kind::Attendance => "class",
        Kind::Journal => "teaching_load",
        Kind::Report | Kind::Card => "pupil",
    };
    ctx.audit(Event {
        action: "sheet.exported",
        entity,
        key: ask.id.to_string(),
        old: None,
        new: Some(json!({ "sheet": ask.kind, "format": format, "when": sheet.when })),
        op: None,
    })
    .await?;
    Ok(sheet)
}
