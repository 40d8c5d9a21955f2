//! Writing the reference data. Everything is idempotent: what the school already has stays as it is.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::rights::{Action, Kind, POSITIONS, Resource, template};
use base::sql::{Ctx, Done, Event};
use base::{AppError, YearId};
use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use super::{ASSESSMENTS, ATTENDANCE, BELLS, Cut, MARKS, WORK_TYPES};
use crate::t;

/// The year in which the academic year of a date begins: from June on it is the coming one.
#[must_use]
pub fn first_year(today: NaiveDate) -> i32 {
    if today.month() >= 6 {
        today.year()
    } else {
        today.year() - 1
    }
}

/// Fills the school with the standard reference data and returns its academic year.
///
/// # Errors
/// Forbidden for those who may not edit the school's data; the database's.
pub async fn open_school(ctx: &mut Ctx, first_year: i32) -> Done<YearId> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::SchoolData, ctx.school()))?;
    positions(ctx).await?;
    journal(ctx).await?;
    bells(ctx).await?;
    year(ctx, first_year).await
}

/// The positions of the templates that the school does not have yet, each written down with the rights it came with.
pub(crate) async fn positions(ctx: &mut Ctx) -> Done<()> {
    let school = ctx.school();
    let templates = POSITIONS.iter().filter(|p| p.key != "operator");
    let (keys, titles): (Vec<String>, Vec<String>) = templates
        .clone()
        .map(|p| (p.key.to_owned(), p.title.to_owned()))
        .unzip();
    let mut grants: [Vec<String>; 4] = Default::default();
    for position in templates {
        for grant in position.grants {
            for (list, word) in grants.iter_mut().zip([
                position.key,
                grant.kind.key(),
                grant.action.key(),
                grant.reach.key(),
            ]) {
                list.push(word.to_owned());
            }
        }
    }
    let [of, resource, action, reach] = &grants;
    let made = sqlx::query!(
        r#"with made as (
            insert into position (school_id, template, title)
            select $1, p.template, p.title from unnest($2::text[], $3::text[]) p (template, title)
            where not exists (select from position q where q.school_id = $1 and q.template = p.template)
            on conflict do nothing
            returning id, template, title
         ), granted as (
            insert into position_permission (school_id, position_id, resource, action, reach)
            select $1, m.id, g.resource, g.action, g.reach
            from unnest($4::text[], $5::text[], $6::text[], $7::text[]) g (template, resource, action, reach)
            join made m on m.template = g.template
         )
         select id as "id!", template as "template!", title as "title!" from made order by id"#,
        school.0,
        &keys,
        &titles,
        of,
        resource,
        action,
        reach,
    )
    .fetch_all(ctx.db())
    .await?;
    let events: Vec<Event<'_>> = made
        .into_iter()
        .map(|p| Event {
            action: "position.created",
            entity: "position",
            key: p.id.to_string(),
            old: None,
            new: Some(json!({
                "template": p.template,
                "title": p.title,
                "grants": template(&p.template).map(|t| t.grants),
            })),
            op: None,
        })
        .collect();
    ctx.audit_all(&events).await
}

async fn journal(ctx: &mut Ctx) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
    let codes = words(&MARKS.iter().map(|m| m.0).collect::<Vec<_>>());
    let values: Vec<Option<i32>> = MARKS.iter().map(|m| m.1).collect();
    let titles = words(&MARKS.iter().map(|m| m.2).collect::<Vec<_>>());
    sqlx::query!(
        "with scale as (
            insert into mark_scale (school_id, title)
            select $1, $2 where not exists (select from mark_scale where school_id = $1) returning id
         )
         insert into mark_scale_item (school_id, scale_id, code, value, title, position)
         select $1, scale.id, m.code, m.value / 100.0, m.title, m.n
         from scale, unnest($3::text[], $4::integer[], $5::text[]) with ordinality m (code, value, title, n)",
        school.0,
        t::opening_scale(lang),
        &codes,
        &values as &[Option<i32>],
        &titles,
    )
    .execute(ctx.db())
    .await?;
    let codes = words(&WORK_TYPES.iter().map(|w| w.0).collect::<Vec<_>>());
    let titles = words(&WORK_TYPES.iter().map(|w| w.1).collect::<Vec<_>>());
    let weights: Vec<i32> = WORK_TYPES.iter().map(|w| w.2).collect();
    sqlx::query!(
        "insert into work_type (school_id, code, title, weight, assessment, position)
         select $1, w.code, w.title, w.weight, w.code = any ($5::text[]), w.n
         from unnest($2::text[], $3::text[], $4::integer[]) with ordinality w (code, title, weight, n)
         where not exists (select from work_type where school_id = $1)",
        school.0,
        &codes,
        &titles,
        &weights,
        &words(ASSESSMENTS),
    )
    .execute(ctx.db())
    .await?;
    let codes = words(&ATTENDANCE.iter().map(|a| a.0).collect::<Vec<_>>());
    let titles = words(&ATTENDANCE.iter().map(|a| a.1).collect::<Vec<_>>());
    let absent: Vec<bool> = ATTENDANCE.iter().map(|a| a.2).collect();
    sqlx::query!(
        "insert into attendance_code (school_id, code, title, absent, position)
         select $1, a.code, a.title, a.absent, a.n
         from unnest($2::text[], $3::text[], $4::boolean[]) with ordinality a (code, title, absent, n)
         where not exists (select from attendance_code where school_id = $1)",
        school.0,
        &codes,
        &titles,
        &absent,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

async fn bells(ctx: &mut Ctx) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let (from, to): (Vec<i32>, Vec<i32>) = BELLS.iter().copied().unzip();
    sqlx::query!(
        "with made as (
            insert into bell_schedule (school_id, title)
            select $1, $2 where not exists (select from bell_schedule where school_id = $1) returning id
         )
         insert into bell (school_id, schedule_id, number, starts_at, ends_at)
         select $1, made.id, b.n, time '00:00' + b.a * interval '1 minute', time '00:00' + b.z * interval '1 minute'
         from made, unnest($3::integer[], $4::integer[]) with ordinality b (a, z, n)",
        school.0,
        t::opening_bells(lang),
        &from,
        &to,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// What this organisation cuts its years into.
pub(crate) async fn cut(ctx: &mut Ctx) -> Done<Cut> {
    let school = ctx.school();
    let kind = sqlx::query_scalar!("select kind from organisation where id = $1", school.0)
        .fetch_one(ctx.db())
        .await?;
    Ok(Cut::of(&kind))
}

/// A year with its periods and holidays: quarters and half-years of a school, semesters of a college (between which lies its one break), none of
/// a kindergarten, which has no breaks either. The dates follow the ministry's usual recommendation, moved to this
/// year's weekdays; the titles say that they are a template.
async fn year(ctx: &mut Ctx, first: i32) -> Done<YearId> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let day = |year, month, day| {
        NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| AppError::invalid("year", ""))
    };
    let next = first + 1;
    let title = format!("{first}/{:02}", next.rem_euclid(100));
    let (starts, ends) = (day(first, 9, 1)?, day(next, 8, 31)?);
    let known = sqlx::query_scalar!(
        "select id from academic_year where school_id = $1 and starts_on <= $3 and ends_on >= $2 order by id limit 1",
        school.0,
        starts,
        ends,
    )
    .fetch_optional(ctx.db())
    .await?;
    if let Some(id) = known {
        return Ok(YearId(id));
    }
    let id = sqlx::query_scalar!(
        "insert into academic_year (school_id, title, starts_on, ends_on) values ($1, $2, $3, $4) returning id",
        school.0,
        title,
        starts,
        ends,
    )
    .fetch_one(ctx.db())
    .await?;
    // breaks: the last week of October, New Year, the last week of March
    let autumn = (monday(day(first, 10, 26)?), 6);
    let winter = (day(first, 12, 31)?, 10);
    let spring = (monday(day(next, 3, 28)?), 6);
    let february = (monday(day(next, 2, 18)?), 6);
    let end = |(from, days): (NaiveDate, u64)| from.checked_add_days(chrono::Days::new(days)).unwrap_or(from);
    let before = |date: NaiveDate| date.pred_opt().unwrap_or(date);
    let after = |span: (NaiveDate, u64)| end(span).succ_opt().unwrap_or(span.0);
    let cut = cut(ctx).await?;
    let last = if cut == Cut::Semesters {
        // its second half ends with practice and examinations
        day(next, 6, 30)?
    } else {
        day(next, 5, 26)?
    };
    let quarters = [
        (starts, before(autumn.0)),
        (after(autumn), before(winter.0)),
        (after(winter), before(spring.0)),
        (after(spring), last),
    ];
    let halves = [(starts, before(winter.0)), (after(winter), last)];
    let systems = match cut {
        Cut::Quarters => vec![
            ("quarter", t::opening_quarters(lang), quarters.as_slice()),
            ("half_year", t::opening_half_years(lang), halves.as_slice()),
        ],
        Cut::Semesters => vec![("semester", t::opening_semesters(lang), halves.as_slice())],
        Cut::Whole => vec![],
    };
    for (kind, words, spans) in systems {
        periods(ctx, id, kind, words, spans).await?;
    }
    let one = |date: NaiveDate| (date, date);
    let span = |s: (NaiveDate, u64)| (s.0, end(s));
    let mut holidays = vec![
        (t::opening_unity(lang), one(day(first, 11, 4)?), None),
        (t::opening_defender(lang), one(day(next, 2, 23)?), None),
        (t::opening_women(lang), one(day(next, 3, 8)?), None),
        (t::opening_labour(lang), one(day(next, 5, 1)?), None),
        (t::opening_victory(lang), one(day(next, 5, 9)?), None),
    ];
    let new_year = (day(next, 1, 1)?, day(next, 1, 8)?);
    holidays.extend(match cut {
        Cut::Quarters => vec![
            (t::opening_autumn(lang), span(autumn), None),
            (t::opening_winter(lang), span(winter), None),
            (t::opening_february(lang), span(february), Some(1i16)),
            (t::opening_spring(lang), span(spring), None),
        ],
        Cut::Semesters => vec![(t::opening_winter(lang), span(winter), None)],
        Cut::Whole => vec![(t::opening_new_year(lang), new_year, None)],
    });
    let titles: Vec<String> = holidays.iter().map(|h| h.0.to_owned()).collect();
    let from: Vec<NaiveDate> = holidays.iter().map(|h| h.1.0).collect();
    let to: Vec<NaiveDate> = holidays.iter().map(|h| h.1.1).collect();
    let grades: Vec<Option<i16>> = holidays.iter().map(|h| h.2).collect();
    sqlx::query!(
        "insert into holiday (school_id, year_id, title, starts_on, ends_on, grade)
         select $1, $2, h.title, h.a, h.z, h.grade
         from unnest($3::text[], $4::date[], $5::date[], $6::smallint[]) h (title, a, z, grade)",
        school.0,
        id,
        &titles,
        &from,
        &to,
        &grades as &[Option<i16>],
    )
    .execute(ctx.db())
    .await?;
    Ok(YearId(id))
}

async fn periods(
    ctx: &mut Ctx,
    year: i64,
    kind: &str,
    title: &str,
    spans: &[(NaiveDate, NaiveDate)],
) -> Done<()> {
    let school = ctx.school();
    let (from, to): (Vec<NaiveDate>, Vec<NaiveDate>) = spans.iter().copied().unzip();
    sqlx::query!(
        "with made as (
            insert into period_system (school_id, year_id, kind, title) values ($1, $2, $3, $4) returning id
         )
         insert into period (school_id, system_id, number, starts_on, ends_on)
         select $1, made.id, p.n, p.a, p.z from made, unnest($5::date[], $6::date[]) with ordinality p (a, z, n)",
        school.0,
        year,
        kind,
        title,
        &from,
        &to,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// The Monday of a date's week.
fn monday(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(chrono::Days::new(u64::from(
        date.weekday().num_days_from_monday(),
    )))
    .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_with_the_coming_september_from_june_on() {
        let d = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        assert_eq!(first_year(d(5, 31)), 2025);
        assert_eq!(first_year(d(6, 1)), 2026);
        assert_eq!(first_year(d(11, 21)), 2026);
        assert_eq!(monday(d(11, 21)), d(11, 16));
    }
}
