//! Lessons of pupils by day, with what stands in them.

use std::collections::HashMap;

use base::sql::{Ctx, Done};
use base::{ClassId, PupilId};
use chrono::NaiveDate;

use crate::sheet::missed::{Code, Day};

/// The school's codes of attendance, in its order.
pub(super) async fn codes(ctx: &mut Ctx) -> Done<Vec<Code>> {
    let school = ctx.school();
    Ok(sqlx::query_as!(
        Code,
        "select code, title, absent from attendance_code where school_id = $1 order by position, code",
        school.0,
    )
    .fetch_all(ctx.db())
    .await?)
}

/// The days of each pupil between two days, up to today: the lessons of their class and subgroups while they were in them, the
/// cancelled left out. With a class, only those in it.
pub(super) async fn days(
    ctx: &mut Ctx,
    pupils: &[i64],
    class: Option<ClassId>,
    (from, to): (NaiveDate, NaiveDate),
    codes: &[Code],
) -> Done<HashMap<PupilId, Vec<Day>>> {
    let school = ctx.school();
    let to = to.min(ctx.today());
    let class = class.map(|c| c.0);
    let rows = sqlx::query!(
        r#"with span as materialized (
            select e.pupil_id, e.class_id, greatest(e.starts_on, $3) as a, least(coalesce(e.ends_on, $4), $4) as b
            from enrolment e
            where e.school_id = $1 and e.pupil_id = any ($2::bigint[]) and ($5::bigint is null or e.class_id = $5)
              and e.starts_on <= $4 and coalesce(e.ends_on, 'infinity') >= $3
        ),
        taught as materialized (
            select s.pupil_id, u.load_id, s.a, s.b
            from span s join load_audience u on u.school_id = $1 and u.class_id = s.class_id and u.subgroup_id is null
            union
            select s.pupil_id, u.load_id, greatest(s.a, m.starts_on), least(s.b, coalesce(m.ends_on, s.b))
            from span s
            join subgroup_member m on m.school_id = $1 and m.pupil_id = s.pupil_id
            join load_audience u on u.school_id = $1 and u.subgroup_id = m.subgroup_id and u.class_id = s.class_id
        ),
        held as materialized (
            select distinct t.pupil_id, l.id, l.held_on
            from taught t
            join lesson l on l.school_id = $1 and l.load_id = t.load_id and l.held_on between t.a and t.b and l.state <> 'cancelled'
        )
        select h.pupil_id as "pupil_id!", h.held_on as "held_on!", count(*) as "lessons!",
            coalesce(array_agg(a.code) filter (where a.code is not null), '{}') as "codes!"
        from held h
        left join attendance a on a.school_id = $1 and a.lesson_id = h.id and a.pupil_id = h.pupil_id
        group by h.pupil_id, h.held_on
        order by h.pupil_id, h.held_on"#,
        school.0,
        pupils,
        from,
        to,
        class,
    )
    .fetch_all(ctx.db())
    .await?;
    let place: HashMap<&str, usize> = codes
        .iter()
        .enumerate()
        .map(|(n, c)| (c.code.as_str(), n))
        .collect();
    let mut out: HashMap<PupilId, Vec<Day>> = HashMap::new();
    for r in rows {
        out.entry(PupilId(r.pupil_id)).or_default().push(Day {
            date: r.held_on,
            lessons: r.lessons,
            codes: r
                .codes
                .iter()
                .filter_map(|code| place.get(code.as_str()).copied())
                .collect(),
        });
    }
    Ok(out)
}
