//! Has the family seen a mark? Told by their last look at a week of the diary (`diary_visit`), which shows what is new wherever it lies, and by
//! looks at the mark itself on pages that show a part (`mark_look`, `crate::diary::sql::looked`): whoever looked after the mark was given has
//! seen it.

use base::rights::Action;
use base::sql::{Ctx, Done};
use base::{AppError, AssignmentId, PupilId};

use super::facts::of_load;
use super::save::local;
use crate::journal::cell::Looked;

/// Who of the family has looked into the diary, and whether the mark stood there. Guardians first.
///
/// # Errors
/// [`AppError::NotFound`] for a work whose journal is not for the actor to see.
pub async fn looked(ctx: &mut Ctx, assignment: AssignmentId, pupil: PupilId) -> Done<Vec<Looked>> {
    let school = ctx.school();
    let mark = sqlx::query!(
        r#"select l.load_id, m.changed_at as "changed_at?" from assignment a
           join lesson l on l.school_id = a.school_id and l.id = a.lesson_id
           left join mark m on m.school_id = a.school_id and m.assignment_id = a.id and m.pupil_id = $3 and m.code is not null
           where a.school_id = $1 and a.id = $2"#,
        school.0,
        assignment.0,
        pupil.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let whose = of_load(ctx, base::LoadId(mark.load_id)).await?;
    ctx.must(Action::View, &whose.to_read(ctx))?;
    // a mark that is still on its way: nobody has seen it
    let Some(given_at) = mark.changed_at else {
        return Ok(vec![]);
    };
    let rows = sqlx::query!(
        r#"select v.seen_at as "seen_at!", concat_ws(' ', n.last_name, n.first_name) as "name!", p.person_id = v.person_id as "pupil!"
           from (select x.person_id, max(x.seen_at) as seen_at from (
                    select d.person_id, d.seen_at from diary_visit d where d.school_id = $1 and d.pupil_id = $2
                    union all
                    select k.person_id, k.seen_at from mark_look k where k.school_id = $1 and k.assignment_id = $3 and k.pupil_id = $2) x
                group by x.person_id) v
           join pupil p on p.school_id = $1 and p.id = $2
           join person n on n.id = v.person_id
           order by p.person_id = v.person_id, v.seen_at desc limit 20"#,
        school.0,
        pupil.0,
        assignment.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Looked {
            name: r.name,
            pupil: r.pupil,
            at: local(ctx, r.seen_at),
            seen: r.seen_at >= given_at,
        })
        .collect())
}
