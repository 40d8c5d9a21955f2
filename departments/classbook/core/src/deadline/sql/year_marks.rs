//! Marks of half-years, of interim attestation, of the year and final ones that are missing when the half-year or the year of a class is over.

use base::EmployeeId;
use base::sql::{Ctx, Done};

use super::gaps::Year;
use super::missing::Missing;
use crate::deadline::board::Debt;

/// From the last day of a class's system on until its year is closed: who has no mark of the year; and no final one although all of which it is made
/// is there: an exam's mark, or after grade 11 that of the year. In grade 9 the final mark of some subjects waits for an exam whose result comes in
/// June, so nothing is owed before it is there. Nobody has written down who sits which exam: its marks are no debt. A college sums up its semesters
/// and has none of this. A half-year of quarters owes its marks from its last day on, where the school sums it up; interim
/// attestation with the year, where it is held and the journal says in what form, in a college as well.
pub(super) async fn of_year(ctx: &mut Ctx, year: Year, of: Option<EmployeeId>) -> Done<Vec<Debt>> {
    let (school, today, now) = (ctx.school(), ctx.today(), ctx.now());
    let found = sqlx::query_as!(
        Missing,
        r#"with ends as materialized (
            select k.class_id, k.grade, x.stage, max(d.ends_on) as ends_on, coalesce(bool_or(s.year_locked_at <= $4), false) as shut
            from class_system k
            join period_system s on s.school_id = $1 and s.id = k.system_id
            join period d on d.school_id = $1 and d.system_id = k.system_id
            cross join unnest(array['interim', 'year', 'final']) x (stage)
            where k.school_id = $1 and k.year_id = $2 group by k.class_id, k.grade, x.stage
            union all
            -- a half-year of quarters is over, and closed, with its later one
            select k.class_id, k.grade, x.stage, max(d.ends_on), coalesce(bool_or(d.number = x.last and d.locked_at <= $4), false)
            from class_system k
            join period_system s on s.school_id = $1 and s.id = k.system_id and s.kind = 'quarter'
            join period d on d.school_id = $1 and d.system_id = k.system_id
            join (values ('half_1', 1, 2), ('half_2', 3, 4)) x (stage, first, last) on d.number in (x.first, x.last)
            where k.school_id = $1 and k.year_id = $2 group by k.class_id, k.grade, x.stage
            having count(*) = 2 and half_years_given(k.grade, max(d.ends_on))
         ), heard as materialized (
            select h.load_id, h.grade, h.classes, h.audience from load_heard h where h.school_id = $1 and h.year_id = $2
         )
         select k.id as load_id, null::bigint as period_id, n.stage as "stage!", n.ends_on as "ends_on!", s.name as subject, a.audience as "audience!",
            a.classes as "classes!", t.employee_id as "teacher?", t.teacher_name as "teacher_name!", count(*) as "pupils!"
         from teaching_load k
         join heard a on a.load_id = k.id
         join academic_year y on y.school_id = $1 and y.id = k.year_id and (y.closed_at is null or y.closed_at > $4)
         join subject s on s.school_id = k.school_id and s.id = k.subject_id
         join load_audience u on u.school_id = k.school_id and u.load_id = k.id
         -- the pupils of each class by the end of its own year
         join ends n on n.class_id = u.class_id and n.ends_on <= $3
         cross join lateral teacher_asked($1, k.id, $5) t
         join enrolment i on i.school_id = u.school_id and i.class_id = u.class_id
            and n.ends_on between i.starts_on and coalesce(i.ends_on, 'infinity')
         where k.school_id = $1 and k.year_id = $2 and ($5::bigint is null or t.employee_id = $5)
           -- as the sheet of totals: closed for one class of the audience is closed
           and not exists (select from ends o where o.class_id = any (a.classes) and o.stage = n.stage and o.shut)
           -- and classes of two systems have no half-year in common
           and (n.stage not in ('half_1', 'half_2') or (select count(distinct o.system_id) from class_system o
                where o.school_id = $1 and o.class_id = any (a.classes)) = 1)
           and (u.subgroup_id is null or exists (select from subgroup_member m where m.school_id = $1 and m.subgroup_id = u.subgroup_id
                and m.pupil_id = i.pupil_id and n.ends_on between m.starts_on and coalesce(m.ends_on, 'infinity')))
           and (n.stage = 'interim' or exists (select from organisation o where o.id = $1 and o.kind = 'school'))
           and (n.stage <> 'interim' or k.interim_form is not null and interim_given(n.grade, n.ends_on))
           and (a.grade >= 2 or (a.grade = 1 and first_grade_marked(n.ends_on)))
           and exists (select from lesson l where l.school_id = $1 and l.load_id = k.id and l.state <> 'cancelled' and l.held_on <= n.ends_on)
           and case when n.stage <> 'final' then true
                else exists (select from period_mark p where p.school_id = $1 and p.pupil_id = i.pupil_id
                    and p.subject_id = k.subject_id and p.year_id = k.year_id and p.code is not null
                    and (p.stage = 'exam' or n.grade = 11 and p.stage = 'year')) end
           and not exists (select from period_mark p where p.school_id = $1 and p.pupil_id = i.pupil_id and p.subject_id = k.subject_id
                and p.year_id = k.year_id and p.stage = n.stage and p.code is not null)
         group by k.id, n.stage, n.ends_on, s.name, a.audience, a.classes, t.employee_id, t.teacher_name"#,
        school.0,
        year.id,
        today,
        now,
        of.map(|e| e.0),
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(found.into_iter().map(Debt::from).collect())
}
