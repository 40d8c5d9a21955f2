//! What lies behind a figure of a sheet: by the right of the sheet itself, from the same data.

use base::sql::{Ctx, Done};
use base::{AppError, ClassId, LessonId, LoadId, PeriodId, PupilId, SubjectId};

use crate::attendance::in_words;
use crate::grading::Stage;
use crate::journal::grid::Pupil;
use crate::journal::sql::local;
use crate::sheet::marks::Who;
use crate::sheet::opened::{OfMark, Where, pupil_of};
use crate::sheet::{Ask, At, Kind, Line, Opened, When, attendance, marks, page, words};
use crate::t;

/// What lies behind the figure of a sheet.
///
/// # Errors
/// [`AppError::NotFound`] for a sheet that is not there for this actor, and for what is no figure of it.
pub async fn opened(ctx: &mut Ctx, ask: Ask, at: &At) -> Done<Opened> {
    match ask.kind {
        Kind::Marks => {
            let (data, when, _) = Box::pin(super::class::of_marks(ctx, ClassId(ask.id), ask.when)).await?;
            let who = who(ctx, ClassId(ask.id), when, &data.pupils).await?;
            let (opened, place) = marks::opened(&data, &who, at).ok_or(AppError::NotFound)?;
            match place {
                Some(place) => with_mark(ctx, opened, place).await,
                None => Ok(opened),
            }
        }
        Kind::Attendance => {
            let (data, ..) = Box::pin(super::class::of_attendance(ctx, ClassId(ask.id), ask.when)).await?;
            Ok(attendance::opened(&data, at).ok_or(AppError::NotFound)?)
        }
        Kind::Journal => Box::pin(journal(ctx, LoadId(ask.id), ask.when, at)).await,
        Kind::Report | Kind::Card => {
            Box::pin(super::pupil::opened(ctx, PupilId(ask.id), ask.kind, ask.when, at)).await
        }
    }
}

/// With the line of the totals that the mark belongs to.
async fn with_mark(ctx: &mut Ctx, opened: Opened, place: Where) -> Done<Opened> {
    let totals = Box::pin(crate::grading::sql::line(ctx, place.load, place.pupil)).await?;
    let of = OfMark {
        totals,
        stage: place.stage,
    };
    Ok(Opened {
        mark: Some(Box::new(of)),
        ..opened
    })
}

/// Who gave the marks of a sheet of a class.
async fn who(ctx: &mut Ctx, class: ClassId, when: When, pupils: &[Pupil]) -> Done<Vec<Who>> {
    let school = ctx.school();
    let ids: Vec<i64> = pupils.iter().map(|p| p.id.0).collect();
    let period = when.period().map(|p| p.0);
    let rows = sqlx::query!(
        r#"select m.pupil_id, m.subject_id, m.stage, m.period_id, m.load_id, m.changed_at,
            concat_ws(' ', p.last_name, p.first_name, p.middle_name) as "by!"
           from period_mark m
           left join person p on p.id = m.changed_by
           where m.school_id = $1 and m.year_id = (select year_id from class where school_id = $1 and id = $2)
             and m.pupil_id = any ($3::bigint[]) and m.code is not null
             and m.period_id is not distinct from $4::bigint"#,
        school.0,
        class.0,
        &ids,
        period,
    )
    .fetch_all(ctx.db())
    .await?;
    let who = rows.into_iter().filter_map(|r| {
        Some(Who {
            pupil: PupilId(r.pupil_id),
            subject: SubjectId(r.subject_id),
            stage: Stage::from_key(&r.stage, r.period_id.map(PeriodId))?,
            load: LoadId(r.load_id),
            by: r.by,
            at: local(ctx, r.changed_at),
        })
    });
    Ok(who.collect())
}

/// A cell of a page of the journal: the marks of a lesson, the average and the mark of the period.
async fn journal(ctx: &mut Ctx, load: LoadId, asked: Option<When>, at: &At) -> Done<Opened> {
    let (data, when) = super::journal::of_page(ctx, load, asked).await?;
    let pupil = pupil_of(&at.row).and_then(|id| data.grid.pupils.iter().find(|p| p.id == id));
    let pupil = pupil.ok_or(AppError::NotFound)?;
    let lang = ctx.lang();
    if let Some(lesson) = at.column.strip_prefix('l').and_then(|id| id.parse().ok()) {
        let lesson = data.grid.lessons.iter().find(|l| l.id == LessonId(lesson));
        let lesson = lesson.ok_or(AppError::NotFound)?;
        return Ok(Opened {
            title: format!("{}: {}", pupil.name, words::date(lesson.date)),
            how: lesson.topic.clone().into_iter().collect(),
            lines: lines(ctx, pupil.id, lesson.id).await?,
            ..Opened::default()
        });
    }
    let name = match at.column.as_str() {
        page::AVERAGE => t::sheet_average(lang),
        page::MARK => t::sheet_period_mark(lang),
        _ => return Err(AppError::NotFound.into()),
    };
    let When::Period(period) = when else {
        return Err(AppError::NotFound.into());
    };
    let opened = Opened {
        title: format!("{}: {name}", pupil.name),
        ..Opened::default()
    };
    let place = Where {
        load,
        pupil: pupil.id,
        stage: Stage::Period(period),
    };
    with_mark(ctx, opened, place).await
}

/// What stands for a pupil in a lesson, and who wrote it.
async fn lines(ctx: &mut Ctx, pupil: PupilId, lesson: LessonId) -> Done<Vec<Line>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let rows = sqlx::query!(
        r#"select x.name as "name!", x.code as "code!", x.weight, x.changed_at as "changed_at!",
            concat_ws(' ', p.last_name, p.first_name, p.middle_name) as "by!"
           from (
            select 0 as part, 0::smallint as position, 0::bigint as id, k.title as name, a.code, null::bigint as weight, a.changed_at, a.changed_by
            from attendance a join attendance_code k on k.school_id = $1 and k.code = a.code
            where a.school_id = $1 and a.lesson_id = $2 and a.pupil_id = $3
            union all
            select 1, w.position, w.id, concat_ws(': ', y.title, w.title), m.code, (w.weight * 100)::bigint, m.changed_at, m.changed_by
            from assignment w
            join work_type y on y.school_id = $1 and y.id = w.work_type_id
            join mark m on m.school_id = $1 and m.assignment_id = w.id and m.pupil_id = $3 and m.code is not null
            where w.school_id = $1 and w.lesson_id = $2) x
           left join person p on p.id = x.changed_by
           order by x.part, x.position, x.id"#,
        school.0,
        lesson.0,
        pupil.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let line = |name: String, code: String, weight: Option<i64>, by: String| Line {
        name: match weight {
            Some(_) => name,
            None => in_words(&name, lang),
        },
        says: code,
        by: match weight {
            Some(weight) => {
                let weight = lang.decimal(&base::number::Hundredths(weight).to_string());
                format!("{}; {by}", t::sheet_open_weight(lang, weight))
            }
            None => by,
        },
        at: None,
    };
    Ok(rows
        .into_iter()
        .map(|r| {
            let by = words::who(&r.by, local(ctx, r.changed_at));
            line(r.name, r.code, r.weight, by)
        })
        .collect())
}
