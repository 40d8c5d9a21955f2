//! The plan of a load, read in a fixed number of statements.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{LessonId, LoadId, WorkTypeId};
use chrono::NaiveDate;

use super::lessons;
use crate::journal::sql::facts::{Reach, employee, of_load};
use crate::plan::offer::{self, Offer};
use crate::plan::row::{Book, Parallel, Plan, Row, RowId, Terms, Undo, WorkKind};

/// What a load is.
#[derive(Debug)]
pub struct Head {
    /// The subject.
    pub subject: String,
    /// Which.
    pub subject_id: i64,
    /// To whom.
    pub audience: String,
    /// The lowest grade of the audience.
    pub grade: i16,
    /// The year.
    pub year: i64,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// Nothing of it changes any more.
    pub closed: bool,
}

/// The plan of a load with its lessons.
///
/// # Errors
/// [`base::AppError::NotFound`] for a journal that is not there for this actor.
pub async fn book(ctx: &mut Ctx, load: LoadId) -> Done<Book> {
    let whose = of_load(ctx, load).await?;
    let journal = whose.resource(ctx, Kind::Journal);
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let head = head(ctx, load).await?;
    let may_edit = ctx.may(Action::Edit, &journal) && !head.closed;
    let lessons = lessons::lessons(ctx, load, &head).await?;
    let revision = revision(ctx, load).await?;
    let plan = plan(ctx, load).await?;
    let parallels = if may_edit {
        parallels(ctx, load, &head).await?
    } else {
        vec![]
    };
    Ok(Book {
        load,
        today: ctx.today(),
        plan,
        revision,
        lessons,
        may_edit,
        undo: if may_edit {
            last_act(ctx, load).await?
        } else {
            None
        },
        works: works(ctx).await?,
        parallels,
        whose: (may_edit || whose.teaches()).then(|| format!("{}@{}", ctx.person(), ctx.school())),
        subject: head.subject,
        audience: head.audience,
    })
}

/// What the plan of a load offers for its lessons; for whoever sees the journal, which the caller has asked.
///
/// # Errors
/// The database's.
pub async fn offers(ctx: &mut Ctx, load: LoadId) -> Done<Vec<Offer>> {
    let plan = plan(ctx, load).await?;
    if plan.rows.is_empty() {
        return Ok(vec![]);
    }
    let head = head(ctx, load).await?;
    let lessons = lessons::laid_out(ctx, load, &head).await?;
    Ok(offer::offers(&plan, &lessons))
}

pub(super) async fn head(ctx: &mut Ctx, load: LoadId) -> Done<Head> {
    let (school, now) = (ctx.school(), ctx.now());
    Ok(sqlx::query_as!(
        Head,
        r#"select s.name as subject, l.subject_id, y.id as year, y.starts_on, y.ends_on, coalesce(y.closed_at <= $3, false) as "closed!",
            coalesce(a.audience, '') as "audience!", coalesce(a.grade, 0::smallint) as "grade!"
           from teaching_load l
           join subject s on s.school_id = l.school_id and s.id = l.subject_id
           join academic_year y on y.school_id = l.school_id and y.id = l.year_id
           cross join lateral audience_of($1, l.id) a
           where l.school_id = $1 and l.id = $2"#,
        school.0,
        load.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?)
}

async fn revision(ctx: &mut Ctx, load: LoadId) -> Done<i32> {
    let school = ctx.school();
    let revision = sqlx::query_scalar!(
        "select revision from lesson_plan where school_id = $1 and load_id = $2",
        school.0,
        load.0
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(revision.unwrap_or(0))
}

/// The plan of a load; an empty one where there is none.
pub(super) async fn plan(ctx: &mut Ctx, load: LoadId) -> Done<Plan> {
    let school = ctx.school();
    let last_row = sqlx::query_scalar!(
        "select last_row from lesson_plan where school_id = $1 and load_id = $2",
        school.0,
        load.0
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(last_row) = last_row else {
        return Ok(Plan::default());
    };
    let rows = sqlx::query!(
        "select number, section, topic, hours, homework, minutes, work_type_id from lesson_plan_row
         where school_id = $1 and load_id = $2 order by position",
        school.0,
        load.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let skipped = sqlx::query_scalar!(
        "select lesson_id from lesson_plan_skip where school_id = $1 and load_id = $2 order by lesson_id",
        school.0,
        load.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(Plan {
        rows: rows
            .into_iter()
            .map(|r| Row {
                id: RowId(r.number),
                terms: Terms {
                    section: r.section,
                    topic: r.topic,
                    hours: r.hours,
                    homework: r.homework,
                    minutes: r.minutes,
                    work: r.work_type_id.map(WorkTypeId),
                },
            })
            .collect(),
        skipped: skipped.into_iter().map(LessonId).collect(),
        last_row,
    })
}

async fn last_act(ctx: &mut Ctx, load: LoadId) -> Done<Option<Undo>> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        Undo,
        r#"select a.kind, short_name(p.last_name, p.first_name, p.middle_name) as "by!"
           from lesson_plan_act a left join person p on p.id = a.acted_by
           where a.school_id = $1 and a.load_id = $2 order by a.revision desc limit 1"#,
        school.0,
        load.0,
    )
    .fetch_optional(ctx.db())
    .await?)
}

/// The kinds of work of the school.
pub(super) async fn works(ctx: &mut Ctx) -> Done<Vec<WorkKind>> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        WorkKind,
        r#"select id as "id: WorkTypeId", code, title from work_type where school_id = $1 order by position, id"#,
        school.0,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// Other loads of the subject in the grade and year whose plan the actor may change.
async fn parallels(ctx: &mut Ctx, load: LoadId, head: &Head) -> Done<Vec<Parallel>> {
    let reach = Reach::of(ctx, Action::Edit);
    let (school, employee) = (ctx.school(), employee(ctx));
    Ok(sqlx::query_as!(
        Parallel,
        r#"select l.id as "load: LoadId", a.audience as "audience!", coalesce(p.revision, 0) as "revision!",
            (select count(*) from lesson_plan_row r where r.school_id = $1 and r.load_id = l.id) as "rows!"
           from teaching_load l
           join lateral audience_of($1, l.id) a on a.grade = $5
           cross join lateral whose_load($1, l.id, $6) w
           left join lesson_plan p on p.school_id = l.school_id and p.load_id = l.id
           where l.school_id = $1 and l.subject_id = $3 and l.year_id = $4 and l.id <> $2
             and ($7 or ($8 and w.own) or ($9 and w.own_class))
           order by a.audience"#,
        school.0,
        load.0,
        head.subject_id,
        head.year,
        head.grade,
        employee,
        reach.all,
        reach.own,
        reach.class,
    )
    .fetch_all(ctx.db())
    .await?)
}
