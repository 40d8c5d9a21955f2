//! By which system of periods a grade goes, and a class that goes by another one than its grade.

use base::sql::{Ctx, Done, Event};
use base::{AppError, ClassId};
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::fallen::{known, lost};
use super::holidays::keep_held;
use super::must_set;
use super::periods::{Year, held, open_year, stale};
use crate::grading::periods::{Assignment, ClassSystem, Fallen, System, SystemId};
use crate::t;

/// The classes of a year, by grade and name.
pub(super) async fn classes(ctx: &mut Ctx, year: i64) -> Done<Vec<ClassSystem>> {
    let school = ctx.school();
    let rows = sqlx::query!(
        "select id, name, grade, period_system_id from class where school_id = $1 and year_id = $2 order by grade, name, id",
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let class = rows.into_iter().map(|r| ClassSystem {
        id: ClassId(r.id),
        name: r.name,
        grade: r.grade,
        own: r.period_system_id.map(SystemId),
    });
    Ok(class.collect())
}

/// Whose system changes.
#[derive(Clone, Copy)]
enum Whose {
    /// All classes of a grade that have no system of their own.
    Grade(i16),
    /// One class.
    Class(ClassId),
}

/// Classes that get another system: the one they go by, and the one they would.
pub(super) struct Move {
    classes: Vec<i64>,
    before: System,
    after: System,
}

impl Move {
    /// What a wish comes to; `None` where the system is the one that it is already.
    ///
    /// # Errors
    /// Not found for what is not of the year; invalid where something would be lost.
    pub async fn find(ctx: &mut Ctx, year: &Year, wish: Assignment) -> Done<Option<Self>> {
        let (whose, now, system) = match wish {
            Assignment::Grade(grade, system) => {
                (Whose::Grade(grade), of_grade(ctx, year, grade).await?, system)
            }
            Assignment::Class(class, system) => {
                let class_now = of_class(ctx, year, class).await?;
                let system = system.unwrap_or(class_now.of_grade);
                (Whose::Class(class), class_now.system(), system)
            }
        };
        Self::between(ctx, year, whose, now, system).await
    }

    async fn between(
        ctx: &mut Ctx,
        year: &Year,
        whose: Whose,
        now: SystemId,
        system: SystemId,
    ) -> Done<Option<Self>> {
        let after = held(ctx, year.id, system).await?;
        if now == system {
            return Ok(None);
        }
        let before = held(ctx, year.id, now).await?;
        nothing_is_lost(ctx, year, &before, whose).await?;
        let classes = match whose {
            Whose::Class(class) => vec![class.0],
            Whose::Grade(grade) => {
                let all = classes(ctx, year.id).await?.into_iter();
                let of = all.filter(|c| c.grade == grade && c.own.is_none());
                of.map(|c| c.id.0).collect()
            }
        };
        Ok(Some(Self {
            classes,
            before,
            after,
        }))
    }

    /// The lessons with marks, absences or topics that would lie in no period.
    pub async fn fallen(&self, ctx: &mut Ctx) -> Done<Vec<Fallen>> {
        lost(
            ctx,
            &self.classes,
            &self.before.terms().spans,
            &self.after.terms().spans,
        )
        .await
    }
}

/// The system of a grade, held until the end of the transaction.
async fn of_grade(ctx: &mut Ctx, year: &Year, grade: i16) -> Done<SystemId> {
    let school = ctx.school();
    let now = sqlx::query_scalar!(
        "select period_system_id from parallel where school_id = $1 and year_id = $2 and grade = $3 for update",
        school.0,
        year.id,
        grade,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(SystemId(now.ok_or(AppError::NotFound)?))
}

/// A class and by what it goes.
struct Class {
    name: String,
    own: Option<SystemId>,
    of_grade: SystemId,
}

impl Class {
    fn system(&self) -> SystemId {
        self.own.unwrap_or(self.of_grade)
    }
}

async fn of_class(ctx: &mut Ctx, year: &Year, class: ClassId) -> Done<Class> {
    let school = ctx.school();
    let row = sqlx::query!(
        "select c.name, c.period_system_id as own, p.period_system_id as of_grade
         from class c join parallel p on p.school_id = c.school_id and p.year_id = c.year_id and p.grade = c.grade
         where c.school_id = $1 and c.year_id = $2 and c.id = $3 for update of c",
        school.0,
        year.id,
        class.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    Ok(Class {
        name: row.name,
        own: row.own.map(SystemId),
        of_grade: SystemId(row.of_grade),
    })
}

/// What an audit event says, with the lessons that were taken out of every period if there were any.
fn told(mut new: Value, lost: &[Fallen]) -> Value {
    if let (false, Some(new)) = (lost.is_empty(), new.as_object_mut()) {
        new.insert("outside".to_owned(), json!(lost));
    }
    new
}

/// Gives a grade another system; a class that has its own keeps it. Not while the one it has holds closed periods or marks of its pupils, and
/// not before whoever gives it has said of how many lessons with marks they know that these will lie in no period (`accepted`).
///
/// # Errors
/// Forbidden and not found as the rights say; invalid where something would be lost, and for lessons that would fall out and were not
/// accepted; conflict if it is no longer what was seen.
pub async fn assign_grade(
    ctx: &mut Ctx,
    grade: i16,
    seen: SystemId,
    system: SystemId,
    accepted: Option<i64>,
) -> Done<()> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let (school, lang) = (ctx.school(), ctx.lang());
    let now = of_grade(ctx, &year, grade).await?;
    // what is not of this school is not here, whatever else is wrong
    held(ctx, year.id, system).await?;
    if now != seen {
        return Err(stale(ctx).into());
    }
    let Some(moves) = Move::between(ctx, &year, Whose::Grade(grade), now, system).await? else {
        return Ok(());
    };
    let lost = moves.fallen(ctx).await?;
    known(&lost, accepted, lang)?;
    sqlx::query!(
        "update parallel set period_system_id = $4 where school_id = $1 and year_id = $2 and grade = $3",
        school.0,
        year.id,
        grade,
        system.0,
    )
    .execute(ctx.db())
    .await?;
    keep_held(ctx, year.span).await?;
    // the system alone, as events of before have it, unless there is more to tell
    let new = if lost.is_empty() {
        json!(system)
    } else {
        told(json!({ "system": system }), &lost)
    };
    ctx.audit(Event {
        action: "parallel.system_saved",
        entity: "parallel",
        key: format!("{}:{grade}", year.id),
        old: Some(json!(seen)),
        new: Some(new),
        op: None,
    })
    .await
}

/// Gives a class a system of its own, as a profile in trimesters has beside a parallel in half-years; `None`: it goes by its grade's again.
///
/// # Errors
/// As [`assign_grade`]; of closed periods those hold it in which it has had lessons.
pub async fn assign_class(
    ctx: &mut Ctx,
    class: ClassId,
    seen: Option<SystemId>,
    system: Option<SystemId>,
    accepted: Option<i64>,
) -> Done<()> {
    must_set(ctx)?;
    let year = open_year(ctx).await?;
    let (school, lang) = (ctx.school(), ctx.lang());
    let now = of_class(ctx, &year, class).await?;
    if let Some(system) = system {
        held(ctx, year.id, system).await?;
    }
    if now.own != seen {
        return Err(stale(ctx).into());
    }
    if seen == system {
        return Ok(());
    }
    // a class that takes for its own what it has already loses nothing
    let after = system.unwrap_or(now.of_grade);
    let moves = Move::between(ctx, &year, Whose::Class(class), now.system(), after).await?;
    let lost = match moves {
        Some(moves) => moves.fallen(ctx).await?,
        None => vec![],
    };
    known(&lost, accepted, lang)?;
    sqlx::query!(
        "update class set period_system_id = $3 where school_id = $1 and id = $2",
        school.0,
        class.0,
        system.map(|s| s.0),
    )
    .execute(ctx.db())
    .await?;
    keep_held(ctx, year.span).await?;
    ctx.audit(Event {
        action: "class.system_saved",
        entity: "class",
        key: class.to_string(),
        old: Some(json!({ "class": &now.name, "system": seen })),
        new: Some(told(json!({ "class": &now.name, "system": system }), &lost)),
        op: None,
    })
    .await
}

/// Closed periods and marks of periods stay where they are: with another system nobody would find them. A grade is held by whatever of its
/// system is closed; one class by what is its own: a closed period in which it has had lessons, as another system would open these days again,
/// and marks of the year once these are closed. So a class that was newly made, or has learnt nothing yet, may go its own way after the first quarter.
async fn nothing_is_lost(ctx: &mut Ctx, year: &Year, before: &System, whose: Whose) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let (grade, class) = match whose {
        Whose::Grade(grade) => (Some(grade), None),
        Whose::Class(class) => (None, Some(class.0)),
    };
    let marked = sqlx::query_scalar!(
        r#"select exists (select from period_mark m join period d on d.school_id = m.school_id and d.id = m.period_id
            join load_audience u on u.school_id = m.school_id and u.load_id = m.load_id
            join class c on c.school_id = u.school_id and c.id = u.class_id
            where m.school_id = $1 and d.system_id = $2 and c.year_id = $3 and m.code is not null
              and (c.grade = $4 and c.period_system_id is null or c.id = $5)) as "marked!""#,
        school.0,
        before.id.0,
        year.id,
        grade,
        class,
    )
    .fetch_one(ctx.db())
    .await?;
    let (closed, words) = match whose {
        Whose::Grade(_) => (
            before.year_locked.is_some() || before.parts.iter().any(|p| p.locked.is_some()),
            t::periods_grade_keeps(lang),
        ),
        Whose::Class(class) => (depends(ctx, before, class).await?, t::periods_class_keeps(lang)),
    };
    if marked || closed {
        return Err(AppError::invalid("system", words).into());
    }
    Ok(())
}

/// Does anything of a class lie in what is closed of a system?
async fn depends(ctx: &mut Ctx, before: &System, class: ClassId) -> Done<bool> {
    let closed = before.parts.iter().filter(|p| p.locked.is_some());
    let (from, to): (Vec<NaiveDate>, Vec<NaiveDate>) = closed.map(|p| (p.span.from, p.span.to)).unzip();
    let (school, year_locked) = (ctx.school(), before.year_locked.is_some());
    Ok(sqlx::query_scalar!(
        r#"select exists (select from load_audience u
                join lesson l on l.school_id = u.school_id and l.load_id = u.load_id
                join unnest($3::date[], $4::date[]) d (starts_on, ends_on) on l.held_on between d.starts_on and d.ends_on
                where u.school_id = $1 and u.class_id = $2 and l.state <> 'cancelled'
                  and (l.state = 'held' or l.topic is not null
                    or exists (select from attendance a where a.school_id = $1 and a.lesson_id = l.id and a.code is not null)
                    or exists (select from assignment w join mark m on m.school_id = $1 and m.assignment_id = w.id
                        where w.school_id = $1 and w.lesson_id = l.id and (m.code is not null or m.owed))))
            or ($5 and exists (select from load_audience u
                join period_mark m on m.school_id = u.school_id and m.load_id = u.load_id
                where u.school_id = $1 and u.class_id = $2 and m.stage <> 'period' and m.code is not null)) as "depends!""#,
        school.0,
        class.0,
        &from,
        &to,
        year_locked,
    )
    .fetch_one(ctx.db())
    .await?)
}
