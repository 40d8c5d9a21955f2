//! What stands beside the homework of a lesson, in one answer.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{HomeworkFileId, IndividualHomeworkId, LessonId, PupilId, SchoolId};
use chrono::{Days, NaiveDate};

use super::days::{self, Given};
use crate::homework::{Attached, Desk, FileKind, Individual};
use crate::journal::sql::facts::of_lesson;

/// So many coming lessons are offered as the day by which it is due.
const COMING: i64 = 6;
/// Within so many days.
const AHEAD: Days = Days::new(42);

/// The files of a lesson, those for some pupils, the group, and the coming lessons with what is due by then.
///
/// # Errors
/// [`base::AppError::NotFound`] for a lesson whose journal the actor may not see.
pub async fn desk(ctx: &mut Ctx, lesson: LessonId) -> Done<Desk> {
    let given = days::given(ctx, lesson).await?;
    let facts = of_lesson(ctx, lesson).await?;
    let may_edit =
        ctx.may(Action::Edit, &facts.whose.resource(ctx, Kind::Journal)) && !facts.locked && !facts.cancelled;
    let coming = coming(ctx, given).await?;
    let coming = days::days(ctx, given, &coming).await?;
    let homework = homework(ctx, lesson).await?;
    let mut files = files(ctx, lesson).await?;
    let individual = individual(ctx, lesson, &mut files).await?;
    let pupils = pupils(ctx, given).await?;
    Ok(Desk {
        lesson,
        may_edit,
        given: homework,
        files: files.into_iter().filter(|f| f.0.is_none()).map(|f| f.1).collect(),
        individual,
        pupils,
        coming,
    })
}

async fn homework(ctx: &mut Ctx, lesson: LessonId) -> Done<bool> {
    let SchoolId(school) = ctx.school();
    Ok(sqlx::query_scalar!(
        r#"select exists (select from homework where school_id = $1 and lesson_id = $2) as "given!""#,
        school,
        lesson.0,
    )
    .fetch_one(ctx.db())
    .await?)
}

/// The dates of the coming lessons of the group, in order, each once.
async fn coming(ctx: &mut Ctx, given: Given) -> Done<Vec<NaiveDate>> {
    let SchoolId(school) = ctx.school();
    let until = given.held_on.checked_add_days(AHEAD).unwrap_or(given.held_on);
    Ok(sqlx::query_scalar!(
        "select distinct n.held_on from lesson l
         join lesson n on n.school_id = $1 and n.load_id = l.load_id and (n.held_on, n.slot) > (l.held_on, l.slot)
            and n.held_on <= $3 and takes_place(n)
         where l.school_id = $1 and l.id = $2
         order by n.held_on limit $4",
        school,
        given.lesson.0,
        until,
        COMING,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// All files of a lesson, each with the homework for some pupils that it belongs to.
async fn files(ctx: &mut Ctx, lesson: LessonId) -> Done<Vec<(Option<i64>, Attached)>> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query!(
        "select f.id, f.individual_id, f.name, f.kind, f.bytes from homework_file f
         left join homework h on h.school_id = $1 and h.id = f.homework_id
         left join individual_homework i on i.school_id = $1 and i.id = f.individual_id
         where f.school_id = $1 and coalesce(h.lesson_id, i.lesson_id) = $2
         order by f.id",
        school,
        lesson.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| {
            let file = Attached {
                id: HomeworkFileId(r.id),
                name: r.name,
                kind: FileKind::from_key(&r.kind)?,
                bytes: r.bytes,
            };
            Some((r.individual_id, file))
        })
        .collect())
}

async fn individual(
    ctx: &mut Ctx,
    lesson: LessonId,
    files: &mut Vec<(Option<i64>, Attached)>,
) -> Done<Vec<Individual>> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query!(
        r#"select i.id, i.text, i.due_on, i.minutes, i.links, i.version,
            coalesce((select array_agg(p.pupil_id order by p.pupil_id) from individual_homework_pupil p
                      where p.school_id = $1 and p.homework_id = i.id), '{}') as "pupils!"
           from individual_homework i where i.school_id = $1 and i.lesson_id = $2 order by i.id"#,
        school,
        lesson.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Individual {
            id: IndividualHomeworkId(r.id),
            pupils: r.pupils.into_iter().map(PupilId).collect(),
            text: r.text,
            due_on: r.due_on,
            minutes: r.minutes,
            links: r.links,
            files: files.extract_if(.., |f| f.0 == Some(r.id)).map(|f| f.1).collect(),
            version: r.version,
        })
        .collect())
}

/// Who was in the group on the day of the lesson.
async fn pupils(ctx: &mut Ctx, given: Given) -> Done<Vec<(PupilId, String)>> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query!(
        r#"select distinct p.id, concat_ws(' ', n.last_name, n.first_name) as "name!" from load_audience u
           join enrolment e on e.school_id = $1 and e.class_id = u.class_id
               and e.starts_on <= $3 and coalesce(e.ends_on, 'infinity') >= $3
           join pupil p on p.school_id = $1 and p.id = e.pupil_id
           join person n on n.id = p.person_id
           where u.school_id = $1 and u.load_id = $2
             and (u.subgroup_id is null or exists (select from subgroup_member m
                  where m.school_id = $1 and m.subgroup_id = u.subgroup_id and m.pupil_id = e.pupil_id
                    and m.starts_on <= $3 and coalesce(m.ends_on, 'infinity') >= $3))
           order by 2, 1"#,
        school,
        given.load.0,
        given.held_on,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (PupilId(r.id), r.name)).collect())
}
