//! How many days the week of a grade has that comes with a file.

use base::YearId;
use base::sql::{Ctx, Done};
use timetable::{Audience, ClassIx, SchoolDraft};

/// The days of the week of each grade: those of the file, or fewer where the law has fewer (the first grade) and the file lays none of the
/// grade's lessons on a later day.
pub(super) async fn of_grades(
    ctx: &mut Ctx,
    year: YearId,
    draft: &SchoolDraft,
    (grades, week): (&[i16], i16),
) -> Done<Vec<i16>> {
    let school = ctx.school();
    let law = sqlx::query!(
        r#"select n.grade_from, n.grade_to, min(n.value)::smallint as "days!" from norm n
           join organisation o on o.id = $1 and o.kind = n.org_kind
           join academic_year y on y.school_id = $1 and y.id = $2
           where n.kind = 'week_days_at_most' and y.starts_on between n.valid_from and coalesce(n.valid_to, 'infinity')
           group by n.grade_from, n.grade_to"#,
        school.0,
        year.0,
    )
    .fetch_all(ctx.db())
    .await?;
    let of = |grade: &i16| {
        let may = law.iter().filter(|n| (n.grade_from..=n.grade_to).contains(grade));
        let may = may.map(|n| n.days).min().unwrap_or(week).clamp(1, week.max(1));
        may.max(last_day(draft, *grade, week))
    };
    Ok(grades.iter().map(of).collect())
}

/// The last day of the week, from 1, on which the file lays a lesson of a grade; 0: it lays none.
fn last_day(draft: &SchoolDraft, grade: i16, week: i16) -> i16 {
    let of_grade = |class: ClassIx| {
        draft
            .classes
            .get(class.ix())
            .is_some_and(|c| c.grade.map_or(0, i16::from) == grade)
    };
    let attends = |audience: &Audience| match audience {
        Audience::Class(class) => of_grade(*class),
        Audience::Group(group) => draft.groups.get(group.ix()).is_some_and(|g| of_grade(g.class)),
    };
    let loads = draft.loads.iter().filter(|l| l.audience.iter().any(attends));
    let days = loads.flat_map(|l| &l.cards).filter_map(|c| c.placement);
    days.map(|at| i16::try_from(at.day).unwrap_or(0) % week.max(1) + 1)
        .max()
        .unwrap_or(0)
}
