//! Export out of the database. Nothing is written but that somebody has taken a file.

use std::collections::HashMap;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, Lang, VersionId};
use serde_json::json;
use timetable::BoardError;

use super::left::{Left, sentence};
use super::school::Source;
use super::{File, Format, Look, Offer, file_name};
use crate::readers::READERS;
use crate::t;
use crate::timetable::TeacherRow;

/// A version with the full names of its teachers.
///
/// # Errors
/// Not found for a version of another school and for who sees no timetable; forbidden for who sees it and may not change it.
pub async fn source(ctx: &mut Ctx, version: VersionId) -> Done<Source> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Timetable, ctx.school()))?;
    let mut data = Box::pin(crate::timetable::sql::board(ctx, version)).await?;
    // what other rules of the file call them by
    data.days = crate::timetable::sql::days_as_written(ctx, version).await?;
    let school = ctx.school();
    let ids: Vec<i64> = data.teachers.iter().map(|t| t.id.0).collect();
    let rows = sqlx::query!(
        r#"select e.id, full_name(p.last_name, p.first_name, p.middle_name) as "name!"
         from employee e join person p on p.id = e.person_id where e.school_id = $1 and e.id = any ($2)"#,
        school.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let full: HashMap<i64, String> = rows.into_iter().map(|r| (r.id, r.name)).collect();
    let kept = crate::import::sql::stored(ctx, version).await?;
    let name = |row: &TeacherRow| full.get(&row.id.0).unwrap_or(&row.name).clone();
    let teachers = data.teachers.iter().map(name).collect();
    let kept = super::keeping::kept(&data, kept);
    Ok(Source { data, teachers, kept })
}

/// The same for a file of a format that leaves the program: a timetable holds names of teachers, so it is written down who took it.
///
/// # Errors
/// As [`source`].
pub async fn taken(ctx: &mut Ctx, version: VersionId, format: Format) -> Done<Source> {
    let source = source(ctx, version).await?;
    ctx.audit(Event {
        action: "timetable.exported",
        entity: "timetable_version",
        key: version.to_string(),
        old: None,
        new: Some(json!({ "format": format })),
        op: None,
    })
    .await?;
    Ok(source)
}

fn too_large(lang: Lang, _: BoardError) -> AppError {
    AppError::invalid("", t::publish_too_large(lang))
}

/// What each format gives. To be called without a transaction open: it takes a moment of a processor.
///
/// # Errors
/// Invalid for a version larger than the judge handles; unavailable while too many files are made.
pub async fn look(lang: Lang, source: Source) -> Result<Look, AppError> {
    let made = READERS.read(move || {
        let placed = source.data.cards.iter().filter(|c| c.place.is_some()).count();
        let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let offer = |format| -> Result<Offer, BoardError> {
            let left = match format {
                Format::Fet => source.for_fet()?.left,
                Format::Asc => source.for_asc()?.left,
                Format::Xhstt => source.for_xhstt()?.1,
            };
            let left = left.iter().map(|left| sentence(lang, left)).collect();
            Ok(Offer { format, left })
        };
        let offers: Result<Vec<Offer>, BoardError> = Format::ALL.into_iter().map(offer).collect();
        Ok(Look {
            version: source.data.version.id,
            title: source.data.version.title.clone(),
            cards: size(source.data.cards.len()),
            placed: size(placed),
            offers: offers?,
        })
    });
    let made: Option<Result<Look, BoardError>> = made.await?;
    made.ok_or(AppError::Unavailable)?.map_err(|e| too_large(lang, e))
}

/// The file. To be called without a transaction open, as [`look`].
///
/// # Errors
/// As [`look`].
pub async fn file(lang: Lang, source: Source, format: Format) -> Result<File, AppError> {
    let made = READERS.read(move || {
        let told = |left: &[Left]| -> String {
            let lines: Vec<String> = left.iter().map(|left| sentence(lang, left)).collect();
            let head = t::export_comment(lang, &source.data.version.title);
            [vec![head], lines].concat().join("\n")
        };
        let text = match format {
            Format::Fet => {
                let mut school = source.for_fet()?;
                school.draft.comments = told(&school.left);
                timetable::fet::write_kept(&school.draft, &school.kept).0
            }
            Format::Asc => {
                let mut school = source.for_asc()?;
                school.draft.comments = told(&school.left);
                timetable::schools::asc::write(&school.draft)
            }
            Format::Xhstt => source.for_xhstt()?.0,
        };
        Ok(File {
            name: file_name(&source.data.version.title, format),
            text,
        })
    });
    let made: Option<Result<File, BoardError>> = made.await?;
    made.ok_or(AppError::Unavailable)?.map_err(|e| too_large(lang, e))
}
