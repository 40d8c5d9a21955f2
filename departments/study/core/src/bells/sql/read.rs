//! Reading: the schedules of the school with those for whom they ring, and the page.

use std::collections::BTreeMap;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{BellsId, CardId, VersionId, YearId};

use crate::bells::loss::Placed;
use crate::bells::sheet::{Grade, Schedule, Sheet};
use crate::bells::terms::{Lesson, Terms};
use crate::timetable::OrgKind;
use crate::timetable::sql::{norms, sight, year_now};

/// Days of the week that a grid shows at least.
const LEAST_DAYS: i16 = 5;

/// The page. Whoever may see the timetable may see when its lessons ring; what breaks a norm is for those who plan.
///
/// # Errors
/// Not found for those who may not see the timetable of the school; the database's.
pub async fn sheet(ctx: &mut Ctx) -> Done<Sheet> {
    sight(ctx)?;
    let school = ctx.school();
    let may_edit = ctx.may(Action::Edit, &Resource::of_school(Kind::Timetable, school));
    let year = year_now(ctx).await?;
    let at = year.as_ref().map(|(id, _)| *id);
    let mut sheet = Sheet {
        year: year.map(|(_, title)| title),
        org: OrgKind::Other,
        days: LEAST_DAYS,
        grades: vec![],
        schedules: schedules(ctx, at).await?,
        norms: vec![],
        may_edit,
    };
    let Some(year) = at else {
        return Ok(sheet);
    };
    sheet.grades = grades(ctx, year).await?;
    let weeks = sheet.grades.iter().map(|g| g.week_days);
    let used = sheet
        .schedules
        .iter()
        .flat_map(|s| &s.terms.uses)
        .map(|(_, day)| *day);
    sheet.days = weeks.chain(used).max().unwrap_or(LEAST_DAYS).clamp(LEAST_DAYS, 7);
    let (on, org) = crate::requirement::sql::law_of(ctx, year).await?;
    sheet.org = OrgKind::from_key(&org);
    if may_edit {
        sheet.norms = norms(ctx, on, &org).await?;
        // of the rest of the law nothing is said here
        let here = |kind: &str| {
            crate::timetable::regime::KINDS.contains(&kind)
                || matches!(kind, "first_shift_only" | "shifts_at_most")
        };
        sheet.norms.retain(|row| here(&row.kind));
    }
    Ok(sheet)
}

/// All schedules of the school, by shift and title, with their uses in a year.
pub(super) async fn schedules(ctx: &mut Ctx, year: Option<YearId>) -> Done<Vec<Schedule>> {
    let school = ctx.school();
    let year = year.map(|y| y.0);
    let rows = sqlx::query!(
        r#"select s.id, s.title, s.shift, b.number as "number?", b.starts_at as "starts_at?", b.ends_at as "ends_at?",
            exists (select from bell_use u where u.school_id = s.school_id and u.schedule_id = s.id
                and u.year_id is distinct from $2) as "other_years!"
         from bell_schedule s left join bell b on b.school_id = s.school_id and b.schedule_id = s.id
         where s.school_id = $1 order by s.shift, s.title, s.id, b.number"#,
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut all: Vec<Schedule> = vec![];
    for r in rows {
        let lesson = r.number.map(|number| Lesson {
            number,
            starts: r.starts_at,
            ends: r.ends_at,
        });
        match all.last_mut() {
            Some(last) if last.id.0 == r.id => last.terms.lessons.extend(lesson),
            _ => all.push(Schedule {
                id: BellsId(r.id),
                terms: Terms {
                    title: r.title,
                    shift: r.shift,
                    lessons: lesson.into_iter().collect(),
                    uses: crate::bells::Uses::new(),
                },
                other_years: r.other_years,
            }),
        }
    }
    let uses = sqlx::query!(
        "select schedule_id, grade, weekday from bell_use where school_id = $1 and year_id = $2",
        school.0,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let places: BTreeMap<i64, usize> = all.iter().enumerate().map(|(n, s)| (s.id.0, n)).collect();
    for r in uses {
        let schedule = places.get(&r.schedule_id).and_then(|n| all.get_mut(*n));
        if let Some(schedule) = schedule {
            schedule.terms.uses.insert((r.grade, r.weekday));
        }
    }
    Ok(all)
}

/// The grades of a year, the unknown one last, each with its last lesson in the version in force.
pub(super) async fn grades(ctx: &mut Ctx, year: YearId) -> Done<Vec<Grade>> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query_as!(
        Grade,
        r#"select p.grade, p.week_days, (
                select max(c.slot + c.duration)::smallint from timetable_version v
                join card c on c.school_id = v.school_id and c.version_id = v.id
                join load_audience a on a.school_id = c.school_id and a.load_id = c.load_id
                join class k on k.school_id = a.school_id and k.id = a.class_id
                where v.school_id = $1 and v.year_id = $2 and v.state = 'published'
                    and v.valid_from <= $3 and coalesce(v.valid_to, $3) >= $3 and k.grade = p.grade
            ) as last
         from parallel p where p.school_id = $1 and p.year_id = $2 order by p.grade = 0, p.grade"#,
        school.0,
        year.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows)
}

/// The lessons of published versions that are in force or will be, with their titles.
pub(super) async fn placed(ctx: &mut Ctx, year: YearId) -> Done<(Vec<Placed>, BTreeMap<VersionId, String>)> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        r#"select distinct v.id, v.title, c.id as card, k.grade,
            (c.day % greatest(cardinality(v.day_names) / v.cycle_weeks, 1) + 1)::smallint as "weekday!",
            (c.slot + n + 1)::smallint as "number!"
         from timetable_version v
         join card c on c.school_id = v.school_id and c.version_id = v.id and c.day is not null
         join load_audience a on a.school_id = c.school_id and a.load_id = c.load_id
         join class k on k.school_id = a.school_id and k.id = a.class_id
         cross join lateral generate_series(0, c.duration - 1) n
         where v.school_id = $1 and v.year_id = $2 and v.state = 'published' and coalesce(v.valid_to, $3) >= $3"#,
        school.0,
        year.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut titles = BTreeMap::new();
    let placed = rows.into_iter().map(|r| {
        let version = VersionId(r.id);
        titles.entry(version).or_insert(r.title);
        Placed {
            version,
            card: CardId(r.card),
            grade: r.grade,
            weekday: r.weekday,
            number: r.number,
        }
    });
    Ok((placed.collect(), titles))
}
