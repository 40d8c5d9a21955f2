//! Works, and what the rules count with.

use std::collections::HashMap;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, AssessmentId, ClassId, LoadId, SchoolId, SubjectId, WorkTypeId};
use chrono::NaiveDate;

use super::columns::columns;
use super::parts::parts;
use super::places::{of_load, of_works};
use crate::assessment::fact::{Fact, OnDay, fact};
use crate::assessment::part::Part;
use crate::assessment::rule::{HOUR, KINDS, Known, Planned, Remark, check};
use crate::assessment::schedule::{Desk, Schedule, State, Work};
use crate::assessment::table::csv;
use crate::homework::sql::norms;
use crate::journal::sql::facts::of_load as whose_load;

/// A load as the rules see it.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub load: LoadId,
    pub year: i64,
    pub subject: SubjectId,
    pub subject_name: String,
    pub week_hours: i64,
    pub grade: i16,
    pub classes: Vec<(ClassId, String)>,
    pub parts: Vec<Part>,
}

impl Group {
    /// Is a work of this group's own journal?
    pub(super) fn has(&self, work: &Planned) -> bool {
        work.subject == self.subject && work.classes == self.classes && work.parts == self.parts
    }
}

pub(super) async fn group(ctx: &mut Ctx, load: LoadId) -> Done<Group> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query!(
        r#"select l.year_id, l.subject_id, s.name as subject, (l.week_hours * 100)::bigint as "week_hours!", c.grade, c.id as class, c.name
           from teaching_load l
           join subject s on s.school_id = $1 and s.id = l.subject_id
           join load_audience u on u.school_id = $1 and u.load_id = l.id
           join class c on c.school_id = $1 and c.id = u.class_id
           where l.school_id = $1 and l.id = $2
           group by l.year_id, l.subject_id, s.name, l.week_hours, c.grade, c.id, c.name
           order by c.name, c.id"#,
        school,
        load.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let first = rows.first().ok_or(AppError::NotFound)?;
    let mut parts = parts(ctx, first.year_id).await?;
    Ok(Group {
        parts: parts.remove(&load).unwrap_or_default(),
        load,
        year: first.year_id,
        subject: SubjectId(first.subject_id),
        subject_name: first.subject.clone(),
        week_hours: first.week_hours,
        grade: rows.iter().map(|r| r.grade).min().unwrap_or(first.grade),
        classes: rows.iter().map(|r| (ClassId(r.class), r.name.clone())).collect(),
    })
}

/// What a work of this group is counted with.
pub(super) async fn known(ctx: &mut Ctx, group: &Group) -> Done<Known> {
    let today = ctx.today();
    let works = works(ctx, group.year).await?;
    let mine = |w: &&Work| {
        let p = &w.planned;
        let class = p
            .classes
            .iter()
            .any(|(c, _)| group.classes.iter().any(|(own, _)| own == c));
        w.state != State::Returned && (class || p.subject == group.subject && p.grade == group.grade)
    };
    Ok(Known {
        norms: norms(ctx, &KINDS, today).await?,
        others: works
            .iter()
            .filter(mine)
            .map(|w| w.planned.clone())
            .chain(columns(ctx, group.year, Some(group)).await?)
            .collect(),
        week_hours: group.week_hours,
        places: of_load(ctx, group.year, group.load).await?,
    })
}

/// What a teacher plans on, for one journal.
///
/// # Errors
/// [`AppError::NotFound`] for a journal that the actor may not see.
pub async fn desk(ctx: &mut Ctx, load: LoadId) -> Done<Desk> {
    let whose = whose_load(ctx, load).await?;
    let resource = whose.resource(ctx, Kind::Journal);
    ctx.must(Action::View, &whose.to_read(ctx))?;
    let may_plan = ctx.may(Action::Edit, &resource);
    let group = group(ctx, load).await?;
    let known = known(ctx, &group).await?;
    let kinds = kinds(ctx).await?;
    let mut works = works(ctx, group.year).await?;
    works.retain(|w| w.load == load);
    facts(ctx, &mut works).await?;
    for work in &mut works {
        work.remarks = remarks(&work.planned, &known);
        if work.fact.is_some_and(Fact::without_lesson) {
            // said already, with what is to be done
            work.remarks.retain(|r| !matches!(r, Remark::NoLesson));
        }
    }
    let today = ctx.today();
    let names: Vec<&str> = group.classes.iter().map(|(_, name)| name.as_str()).collect();
    let first = known.places.first();
    Ok(Desk {
        load,
        title: format!("{}, {}", group.subject_name, names.join(", ")),
        model: Planned {
            id: None,
            subject: group.subject,
            subject_name: group.subject_name,
            classes: group.classes,
            grade: group.grade,
            date: first.map_or(today, |p| p.date),
            slot: first.map_or(0, |p| p.slot),
            kind: kinds.first().map_or(WorkTypeId(0), |k| k.0),
            title: String::new(),
            minutes: HOUR,
            whole_class: true,
            parts: group.parts,
        },
        may_plan,
        today,
        kinds,
        known,
        works,
    })
}

/// What stands against a work as it lies; that its day has no lesson is said of days to come only.
pub(super) fn remarks(work: &Planned, known: &Known) -> Vec<Remark> {
    let first = known.places.first().map(|p| p.date);
    let mut remarks = check(work, known);
    if first.is_none_or(|first| work.date < first) {
        remarks.retain(|r| !matches!(r, Remark::NoLesson));
    }
    remarks
}

/// The schedule of the school, for who decides about it.
///
/// # Errors
/// [`AppError::NotFound`] for whoever looks after no journals but their own.
pub async fn schedule(ctx: &mut Ctx, grade: Option<i16>) -> Done<Schedule> {
    let all = Resource::of_school(Kind::Journal, ctx.school());
    ctx.must(Action::View, &all)?;
    let may_decide = ctx.may(Action::Lock, &all);
    let (SchoolId(school), today) = (ctx.school(), ctx.today());
    let years = sqlx::query!(
        r#"select y.id, coalesce((select array_agg(distinct c.grade order by c.grade) from class c
                where c.school_id = $1 and c.year_id = y.id), '{}') as "grades!"
           from academic_year y where y.school_id = $1 and $2 between y.starts_on and y.ends_on limit 1"#,
        school,
        today,
    )
    .fetch_optional(ctx.db())
    .await?;
    let Some(year) = years else {
        return Ok(Schedule {
            today,
            may_decide,
            grades: vec![],
            works: vec![],
        });
    };
    let all = works(ctx, year.id).await?;
    let norms = norms(ctx, &KINDS, today).await?;
    let hours = hours(ctx, year.id).await?;
    let standing: Vec<Planned> = all
        .iter()
        .filter(|w| w.state != State::Returned)
        .map(|w| w.planned.clone())
        .chain(columns(ctx, year.id, None).await?)
        .collect();
    let mut works = all;
    works.retain(|w| grade.is_none_or(|g| w.planned.grade == g));
    facts(ctx, &mut works).await?;
    let ahead = works.iter().filter(|w| w.planned.date >= today);
    let ahead: Vec<(LoadId, NaiveDate)> = ahead.map(|w| (w.load, w.planned.date)).collect();
    let places = of_works(ctx, year.id, &ahead).await?;
    let mut known = Known {
        norms,
        others: standing,
        week_hours: 0,
        places: vec![],
    };
    for work in &mut works {
        known.week_hours = hours.get(&work.load).copied().unwrap_or(0);
        known.places = if work.planned.date >= today {
            places.get(&work.load).cloned().unwrap_or_default()
        } else {
            vec![]
        };
        work.remarks = check(&work.planned, &known);
        // plan against fact says it, with what is to be done
        work.remarks.retain(|r| !matches!(r, Remark::NoLesson));
    }
    Ok(Schedule {
        today,
        may_decide,
        grades: year.grades,
        works,
    })
}

/// Plan against fact: what became of each work, by the lessons and the columns of its day.
async fn facts(ctx: &mut Ctx, works: &mut [Work]) -> Done<()> {
    let (SchoolId(school), today) = (ctx.school(), ctx.today());
    let ids: Vec<i64> = works.iter().map(|w| w.id.0).collect();
    let rows = sqlx::query!(
        r#"select a.id, lesson_on($1, a.load_id, a.held_on) as "lesson!",
            exists (select from lesson l join assignment w on w.school_id = $1 and w.lesson_id = l.id and w.work_type_id = a.work_type_id
                where l.school_id = $1 and l.load_id = a.load_id and l.held_on = a.held_on) as "column!"
           from assessment a where a.school_id = $1 and a.id = any ($2)"#,
        school,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let found: HashMap<i64, (OnDay, bool)> = rows
        .into_iter()
        .map(|r| (r.id, (OnDay::from_key(&r.lesson), r.column)))
        .collect();
    for work in works {
        let (on, column) = found.get(&work.id.0).copied().unwrap_or((OnDay::None, false));
        work.fact = fact(work.state, work.planned.date, today, on, column);
    }
    Ok(())
}

/// The public spreadsheet.
///
/// # Errors
/// As [`schedule`].
pub async fn public(ctx: &mut Ctx) -> Done<String> {
    let lang = ctx.lang();
    let schedule = schedule(ctx, None).await?;
    Ok(csv(&schedule.works, lang))
}

async fn kinds(ctx: &mut Ctx) -> Done<Vec<(WorkTypeId, String)>> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query!(
        "select id, title from work_type where school_id = $1 order by weight desc, position, id",
        school,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (WorkTypeId(r.id), r.title)).collect())
}

async fn hours(ctx: &mut Ctx, year: i64) -> Done<HashMap<LoadId, i64>> {
    let SchoolId(school) = ctx.school();
    let rows = sqlx::query!(
        r#"select l.id, (l.week_hours * 100)::bigint as "hours!" from teaching_load l
           where l.school_id = $1 and l.year_id = $2
             and exists (select from assessment a where a.school_id = $1 and a.load_id = l.id)"#,
        school,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (LoadId(r.id), r.hours)).collect())
}

/// The works of a year, by day.
pub(super) async fn works(ctx: &mut Ctx, year: i64) -> Done<Vec<Work>> {
    let SchoolId(school) = ctx.school();
    let parts = parts(ctx, year).await?;
    let rows = sqlx::query!(
        r#"select a.id, a.load_id, a.held_on, a.slot, a.work_type_id, w.title as kind, a.title, a.minutes, a.whole_class, a.state, a.note,
            a.version, l.subject_id, s.name as subject,
            coalesce((select short_name(h.last_name, h.first_name, h.middle_name)
                      from person h where h.id = a.planned_by), '') as "by!",
            u.classes as "classes!", u.names as "names!", u.grade as "grade!",
            (select string_agg(c.name || coalesce(' (' || g.name || ')', ''), ', ' order by c.name, c.id, g.name)
             from load_audience t
             join class c on c.school_id = $1 and c.id = t.class_id
             left join subgroup g on g.school_id = $1 and g.id = t.subgroup_id
             where t.school_id = $1 and t.load_id = a.load_id) as "audience!"
           from assessment a
           join teaching_load l on l.school_id = $1 and l.id = a.load_id and l.year_id = $2
           join subject s on s.school_id = $1 and s.id = l.subject_id
           join work_type w on w.school_id = $1 and w.id = a.work_type_id
           join lateral (
               select array_agg(c.id order by c.name, c.id) as classes, array_agg(c.name order by c.name, c.id) as names, min(c.grade) as grade
               from class c where c.school_id = $1
                 and c.id in (select t.class_id from load_audience t where t.school_id = $1 and t.load_id = a.load_id)) u on u.grade is not null
           where a.school_id = $1
           order by a.held_on, a.slot, a.id"#,
        school,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut works: Vec<Work> = Vec::with_capacity(rows.len());
    for r in rows {
        let classes = r.classes.into_iter().map(ClassId).zip(r.names);
        works.push(Work {
            id: AssessmentId(r.id),
            load: LoadId(r.load_id),
            planned: Planned {
                id: Some(AssessmentId(r.id)),
                subject: SubjectId(r.subject_id),
                subject_name: r.subject,
                classes: classes.collect(),
                grade: r.grade,
                date: r.held_on,
                slot: r.slot,
                kind: WorkTypeId(r.work_type_id),
                title: r.title,
                minutes: r.minutes,
                whole_class: r.whole_class,
                parts: parts.get(&LoadId(r.load_id)).cloned().unwrap_or_default(),
            },
            audience: r.audience,
            kind: r.kind,
            state: State::from_key(&r.state),
            note: r.note,
            by: r.by,
            version: r.version,
            remarks: vec![],
            fact: None,
        });
    }
    Ok(works)
}
