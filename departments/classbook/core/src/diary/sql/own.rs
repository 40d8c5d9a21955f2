//! Whose week it is: the pupil, the viewer's own children, and what that pupil is taught.

use base::sql::{Ctx, Done};
use base::{PupilId, SchoolId};
use chrono::NaiveDate;
use sqlx::types::Json;

use crate::diary::plan::{Own, Span};

/// What the answer depends on, for a family.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OwnKey {
    pub school: SchoolId,
    pub pupil: PupilId,
    pub family: Vec<PupilId>,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub today: NaiveDate,
}

pub(super) async fn own(ctx: &mut Ctx, pupil: PupilId, span: Span) -> Done<Own> {
    let (school, employee) = (ctx.school(), ctx.employee().map(|e| e.0));
    let family: Vec<i64> = ctx
        .actor()
        .role
        .family()
        .map(|own| own.iter().map(|p| p.0).collect())
        .unwrap_or_default();
    let own = sqlx::query_scalar!(
        r#"with
        span as materialized ( -- the pupil's classes in these days
            select e.class_id, c.grade, c.year_id, c.system_id, e.starts_on, e.ends_on
            from enrolment e join class_system c on c.school_id = $1 and c.class_id = e.class_id
            where e.school_id = $1 and e.pupil_id = $2 and e.starts_on <= $4 and (e.ends_on is null or e.ends_on >= $3)
        ),
        taught as ( -- what is taught to the class, and to the pupil's subgroups
            select a.load_id as load, s.starts_on, s.ends_on
            from span s join load_audience a on a.school_id = $1 and a.class_id = s.class_id and a.subgroup_id is null
            union
            select a.load_id, greatest(s.starts_on, m.starts_on), least(s.ends_on, m.ends_on)
            from subgroup_member m
            join load_audience a on a.school_id = $1 and a.subgroup_id = m.subgroup_id
            join span s on s.class_id = a.class_id
            where m.school_id = $1 and m.pupil_id = $2 and m.starts_on <= $4 and (m.ends_on is null or m.ends_on >= $3)
        )
        select json_build_object(
            'people', coalesce((select json_agg(x) from ( -- whose diary, and the viewer's own children
                select p.id as pupil, n.first_name, n.last_name, c.name as class, coalesce(c.class_teacher_id = $5, false) as leads
                from pupil p
                join person n on n.id = p.person_id
                left join enrolment e on e.school_id = $1 and e.pupil_id = p.id and e.starts_on <= $7
                    and (e.ends_on is null or e.ends_on >= $7)
                left join class c on c.school_id = $1 and c.id = e.class_id
                where p.school_id = $1 and p.id = any(array_append($6, $2))) x), '[]'),
            'years', coalesce((select json_agg(x) from (
                select y.starts_on, y.ends_on from academic_year y where y.school_id = $1) x), '[]'),
            'spans', coalesce((select json_agg(x) from (select s.year_id as year, s.grade, s.system_id as system, s.starts_on, s.ends_on from span s) x), '[]'),
            'taught', coalesce((select json_agg(x) from (select t.load, t.starts_on, t.ends_on from taught t) x), '[]')
        ) as "own!: Json<Own>""#,
        school.0,
        pupil.0,
        span.from,
        span.until,
        employee,
        &family,
        span.today,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(own.0)
}
