//! Cards cut from the loads of a year.

use base::sql::{Ctx, Done};
use base::{AppError, Lang, VersionId, YearId};
use timetable::Weeks;

use super::frame::{Frame, by_bells};
use super::year_now;
use crate::t;
use crate::timetable::board::Drafted;
use crate::timetable::halves::{Cut, Pieces, pieces};

/// A draft with all cards of the year's loads in the tray, and what of them does not come out even.
pub(super) async fn from_loads(ctx: &mut Ctx, title: &str) -> Done<Drafted> {
    let lang = ctx.lang();
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let Some((year, _)) = year_now(ctx).await? else {
        return Err(AppError::invalid("", t::draft_no_year(lang)).into());
    };
    let loads = loads(ctx, year).await?;
    let cuts: Vec<Cut> = loads.iter().map(|l| l.cut.clone()).collect();
    let pieces = pieces(&cuts);
    let rows: Vec<(i64, i16, Weeks)> = loads
        .iter()
        .zip(&pieces)
        .flat_map(|(load, p)| cards(p).map(move |(duration, weeks)| (load.id, duration, weeks)))
        .collect();
    if rows.is_empty() {
        return Err(AppError::invalid("", t::draft_no_loads(lang)).into());
    }
    let Frame { days, slots, .. } = by_bells(ctx, year).await?;
    let id = sqlx::query_scalar!(
        "insert into timetable_version (school_id, year_id, title, state, day_names, slot_names, changed_by, changed_at)
         values ($1, $2, $3, 'draft', $4, $5, $6, $7) returning id",
        school.0,
        year.0,
        title,
        &days,
        &slots,
        person.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?;
    let load: Vec<i64> = rows.iter().map(|r| r.0).collect();
    let duration: Vec<i16> = rows.iter().map(|r| r.1).collect();
    let weeks: Vec<String> = rows.iter().map(|r| word(r.2).to_owned()).collect();
    sqlx::query!(
        "insert into card (school_id, version_id, load_id, duration, weeks)
         select $1, $2, c.load, c.duration, c.weeks
         from unnest($3::bigint[], $4::smallint[], $5::text[]) with ordinality c (load, duration, weeks, n) order by c.n",
        school.0,
        id,
        &load,
        &duration,
        &weeks,
    )
    .execute(ctx.db())
    .await?;
    let uneven = loads.iter().zip(&pieces).filter(|(load, _)| load.cut.is_uneven());
    Ok(Drafted {
        version: VersionId(id),
        uneven: uneven.map(|(load, p)| told(lang, load, p)).collect(),
    })
}

/// Duration and weeks of each card: first the double lessons.
fn cards(of: &Pieces) -> impl Iterator<Item = (i16, Weeks)> {
    let doubles = (0..of.doubles).map(|_| (2, Weeks::Every));
    let singles = (0..of.singles).map(|_| (1, Weeks::Every));
    doubles.chain(singles).chain(of.half.map(|weeks| (1, weeks)))
}

/// The database's word.
pub(crate) const fn word(weeks: Weeks) -> &'static str {
    match weeks {
        Weeks::Every => "every",
        Weeks::Odd => "odd",
        Weeks::Even => "even",
    }
}

/// What its hours are, and what was made of them.
fn told(lang: Lang, load: &Load, of: &Pieces) -> String {
    let point = if lang == Lang::Ru { ',' } else { '.' };
    let figure = |hundredths: u32| {
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        match (rest, rest % 10) {
            (0, _) => whole.to_string(),
            (_, 0) => format!("{whole}{point}{}", rest / 10),
            _ => format!("{whole}{point}{rest:02}"),
        }
    };
    let made = 200 * of.doubles + 100 * of.singles + if of.half.is_some() { 50 } else { 0 };
    t::draft_uneven(
        lang,
        &load.audience,
        figure(load.cut.hours),
        figure(made),
        &load.subject,
    )
}

struct Load {
    id: i64,
    subject: String,
    audience: String,
    cut: Cut,
}

async fn loads(ctx: &mut Ctx, year: YearId) -> Done<Vec<Load>> {
    let (school, today) = (ctx.school(), ctx.today());
    let rows = sqlx::query!(
        r#"select l.id, s.name as subject, coalesce(a.audience, '') as "audience!",
            (l.week_hours * 100)::integer as "hours!",
            coalesce((select r.value from requirement r
                where r.school_id = l.school_id and r.kind = 'double_lessons' and (r.load_id = l.id or r.subject_id = l.subject_id)
                    and daterange(r.valid_from, r.valid_to, '[]') @> $3::date
                order by r.load_id is null limit 1), 0) as "doubles!",
            array(select u.class_id from load_audience u where u.school_id = l.school_id and u.load_id = l.id
                order by u.id) as "classes!",
            array(select coalesce(u.subgroup_id, 0) from load_audience u where u.school_id = l.school_id
                and u.load_id = l.id order by u.id) as "groups!",
            array(select t.employee_id from load_teacher t where t.school_id = l.school_id and t.load_id = l.id
                order by t.employee_id) as "teachers!"
         from teaching_load l
         join subject s on s.school_id = l.school_id and s.id = l.subject_id
         cross join lateral audience_of($1, l.id) a
         where l.school_id = $1 and l.year_id = $2 order by l.id"#,
        school.0,
        year.0,
        today,
    )
    .fetch_all(ctx.db())
    .await?;
    let row = rows.into_iter().map(|r| Load {
        id: r.id,
        subject: r.subject,
        audience: r.audience,
        cut: Cut {
            hours: u32::try_from(r.hours).unwrap_or(0),
            doubles: u32::try_from(r.doubles).unwrap_or(0),
            pupils: r
                .classes
                .iter()
                .zip(&r.groups)
                .map(|(class, group)| (*class, Some(*group).filter(|g| *g != 0)))
                .collect(),
            teachers: r.teachers,
        },
    });
    Ok(row.collect())
}
