//! What the periods and the year came to for the pupils of a class together, for its cards.

use std::collections::BTreeMap;

use base::sql::{Ctx, Done};
use base::{PupilId, SubjectId};
use chrono::NaiveDate;
use sqlx::types::Json;

use super::subjects::ResultRow;
use crate::diary::Subject;

/// The subjects of each of these pupils between two days of a year, by name, with the marks of periods and of the year alone. Asked without
/// looking at rights: the caller has.
pub(crate) async fn class_results(
    ctx: &mut Ctx,
    pupils: &[i64],
    year: i64,
    (from, until): (NaiveDate, NaiveDate),
) -> Done<BTreeMap<PupilId, Vec<Subject>>> {
    let school = ctx.school();
    let book = crate::scale::sql::book(ctx).await?;
    let rows = sqlx::query!(
        r#"with
        span as materialized (
            select e.pupil_id, e.class_id from enrolment e
            where e.school_id = $1 and e.pupil_id = any($2) and e.starts_on <= $4 and (e.ends_on is null or e.ends_on >= $3)
        ),
        taught as materialized (
            select s.pupil_id, a.load_id
            from span s join load_audience a on a.school_id = $1 and a.class_id = s.class_id and a.subgroup_id is null
            union
            select m.pupil_id, a.load_id
            from subgroup_member m
            join load_audience a on a.school_id = $1 and a.subgroup_id = m.subgroup_id
            join span s on s.pupil_id = m.pupil_id and s.class_id = a.class_id
            where m.school_id = $1 and m.pupil_id = any($2) and m.starts_on <= $4 and (m.ends_on is null or m.ends_on >= $3)
        ),
        learnt as materialized (
            select distinct t.pupil_id, l.subject_id from taught t join teaching_load l on l.school_id = $1 and l.id = t.load_id
        )
        select t.pupil_id as "pupil!", s.id as "subject!", s.name as "name!", coalesce((select json_agg(x) from (
                select r.id, r.stage, y.kind, q.number, coalesce(r.code, '') as code, r.scale_id as scale, coalesce(i.title, '') as words,
                    case r.stage when 'coursework' then r.topic when 'interim' then (select tl.interim_form from teaching_load tl where tl.school_id = $1 and tl.id = r.load_id) end as note
                from period_mark r
                left join mark_scale_item i on i.school_id = $1 and i.scale_id = r.scale_id and i.code = r.code
                left join period q on q.school_id = $1 and q.id = r.period_id
                left join period_system y on y.school_id = $1 and y.id = q.system_id
                where r.school_id = $1 and r.pupil_id = t.pupil_id and r.subject_id = s.id and r.year_id = $5
                    and (r.code is not null or r.topic is not null)
                order by array_position(array['period', 'coursework', 'half_1', 'half_2', 'interim', 'year', 'exam', 'final'], r.stage), q.starts_on) x), '[]'
            ) as "results!: Json<Vec<ResultRow>>"
        from learnt t
        join subject s on s.school_id = $1 and s.id = t.subject_id
        order by t.pupil_id, s.name"#,
        school.0,
        pupils,
        from,
        until,
        year,
    )
    .fetch_all(ctx.db())
    .await?;
    let mut all: BTreeMap<PupilId, Vec<Subject>> = BTreeMap::new();
    for row in rows {
        let id = SubjectId(row.subject);
        let results = row.results.0;
        let subject = Subject::of_results(id, row.name, ResultRow::outcomes(results, id, &book));
        all.entry(PupilId(row.pupil)).or_default().push(subject);
    }
    Ok(all)
}
