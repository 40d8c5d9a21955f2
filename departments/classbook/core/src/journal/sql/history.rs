//! Who changed a place, when, from what to what: read from the events of the audit. What was changed of a work belongs to its lesson, and
//! to the figures that its marks are in.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{AppError, LessonId, PupilId};
use chrono::NaiveDate;

use super::facts::of_load;
use super::save::local;
use crate::journal::cell::{Past, Place};
use crate::owed::Owed;
use crate::t;

/// The history of a place, the latest first; at most 50 entries.
///
/// # Errors
/// [`AppError::NotFound`] for a place whose journal is not the actor's to see, [`AppError::Forbidden`] without the right to
/// read histories.
pub async fn history(ctx: &mut Ctx, place: Place) -> Done<Vec<Past>> {
    let school = ctx.school();
    let LessonId(lesson) = place.lesson();
    let load = sqlx::query_scalar!(
        "select load_id from lesson where school_id = $1 and id = $2",
        school.0,
        lesson
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let whose = of_load(ctx, base::LoadId(load)).await?;
    ctx.must(Action::View, &whose.to_read(ctx))?;
    if !ctx.may(Action::View, &whose.resource(ctx, Kind::Audit)) {
        return Err(AppError::Forbidden.into());
    }
    let (entity, key) = match place {
        Place::Mark {
            assignment: Some(assignment),
            pupil,
            ..
        } => {
            // the key names no lesson: the assignment must be of this one
            let here = sqlx::query_scalar!(
                r#"select exists (select from assignment where school_id = $1 and id = $2 and lesson_id = $3) as "here!""#,
                school.0,
                assignment.0,
                lesson,
            )
            .fetch_one(ctx.db())
            .await?;
            if !here {
                return Err(AppError::NotFound.into());
            }
            ("mark", format!("{assignment}:{pupil}"))
        }
        Place::Mark { assignment: None, .. } => return Ok(vec![]),
        Place::Attendance { lesson, pupil } => ("attendance", format!("{lesson}:{pupil}")),
        Place::Lesson { lesson } => ("lesson", lesson.to_string()),
        // told beside the homework itself
        Place::Individual { .. } => return Ok(vec![]),
    };
    let rows = sqlx::query!(
        r#"select e.at, e.action, full_name(p.last_name, p.first_name, p.middle_name) as "by!",
            coalesce(e.old ->> 'code', e.old ->> 'topic') as old, coalesce(e.new ->> 'code', e.new ->> 'topic') as new,
            e.old ->> 'code' is null and coalesce((e.old ->> 'owed')::boolean, false) as "old_dot!", (e.old ->> 'until')::date as old_until,
            e.new ->> 'code' is null and coalesce((e.new ->> 'owed')::boolean, false) as "new_dot!", (e.new ->> 'until')::date as new_until,
            case when e.old ->> 'comment' is distinct from e.new ->> 'comment' then coalesce(e.new ->> 'comment', '')
                 when e.old -> 'homework' is distinct from e.new -> 'homework' then coalesce(
                    nullif(e.new -> 'homework' ->> 'text', ''), (select string_agg(x, ' ') from jsonb_array_elements_text(e.new -> 'homework' -> 'links') x), '')
                 when e.action in ('lesson.cancelled', 'lesson.substituted') then e.new ->> 'reason'
            end as comment,
            (select short_name(h.last_name, h.first_name, h.middle_name) from employee s join person h on h.id = s.person_id
             where s.school_id = $1 and s.id = (e.old ->> 'substitute')::bigint) as stood_in,
            (select short_name(h.last_name, h.first_name, h.middle_name) from employee s join person h on h.id = s.person_id
             where s.school_id = $1 and s.id = (e.new ->> 'substitute')::bigint) as stands_in
           from audit_event e left join person p on p.id = e.actor_id
           where e.school_id = $1 and e.entity = $2 and e.entity_key = $3
           order by e.id desc limit 50"#,
        school.0,
        entity,
        key,
    )
    .fetch_all(ctx.db())
    .await?;
    let of_works = match place {
        Place::Lesson { .. } => of_lesson(ctx, lesson).await?,
        _ => vec![],
    };
    let dot = |there: bool, until| {
        let owed = Owed {
            until,
            handed_in: None,
        };
        there.then(|| owed.text())
    };
    let cancelled = || Some(t::journal_history_cancelled(ctx.lang()).to_owned());
    let lang = ctx.lang();
    let substitute = |name: Option<String>| name.map(|name| t::journal_history_substitute(lang, name));
    let mut all: Vec<Past> = rows
        .into_iter()
        .map(|r| Past {
            by: r.by,
            at: local(ctx, r.at),
            old: if r.action == "lesson.restored" {
                cancelled()
            } else {
                r.old
                    .or_else(|| dot(r.old_dot, r.old_until))
                    .or_else(|| substitute(r.stood_in))
            },
            new: if r.action == "lesson.cancelled" {
                cancelled()
            } else {
                r.new
                    .or_else(|| dot(r.new_dot, r.new_until))
                    .or_else(|| substitute(r.stands_in))
            },
            comment: r.comment,
        })
        .collect();
    all.extend(of_works);
    all.sort_by_key(|past| std::cmp::Reverse(past.at));
    all.truncate(50);
    Ok(all)
}

/// How the works of a lesson were added, changed and removed.
async fn of_lesson(ctx: &mut Ctx, lesson: i64) -> Done<Vec<Past>> {
    let school = ctx.school();
    let keys = sqlx::query_scalar!(
        r#"select id::text as "key!" from assignment where school_id = $1 and lesson_id = $2
           union all
           select entity_key from audit_event where school_id = $1 and action = 'assignment.removed' and old ->> 'lesson' = $2::bigint::text"#,
        school.0,
        lesson,
    )
    .fetch_all(ctx.db())
    .await?;
    works(ctx, &keys, true).await
}

/// How the works were changed for which a pupil has marks in a subject (year and subject) between two days, and which of those that held a mark
/// of theirs were removed: weight, type and title move an average as a mark does.
pub(crate) async fn changed_works(
    ctx: &mut Ctx,
    pupil: PupilId,
    (year, subject): (i64, i64),
    (from, to): (NaiveDate, NaiveDate),
) -> Done<Vec<Past>> {
    let school = ctx.school();
    let keys = sqlx::query_scalar!(
        r#"select a.id::text as "key!" from mark m
           join assignment a on a.school_id = $1 and a.id = m.assignment_id
           join lesson l on l.school_id = $1 and l.id = a.lesson_id and l.held_on between $5 and $6
           join teaching_load t on t.school_id = $1 and t.id = l.load_id and t.year_id = $3 and t.subject_id = $4
           where m.school_id = $1 and m.pupil_id = $2 and m.code is not null
           union all
           select e.entity_key from teaching_load t
           join lesson l on l.school_id = $1 and l.load_id = t.id and l.held_on between $5 and $6
           join audit_event e on e.school_id = $1 and e.action = 'assignment.removed' and e.old ->> 'lesson' = l.id::text
           where t.school_id = $1 and t.year_id = $3 and t.subject_id = $4
             and t.id in (select u.load_id from enrolment i
                join load_audience u on u.school_id = $1 and u.class_id = i.class_id where i.school_id = $1 and i.pupil_id = $2)
             and exists (select from audit_event x
                where x.school_id = $1 and x.entity = 'mark' and x.entity_key = e.entity_key || ':' || $2::bigint::text)"#,
        school.0,
        pupil.0,
        year,
        subject,
        from,
        to,
    )
    .fetch_all(ctx.db())
    .await?;
    works(ctx, &keys, false).await
}

/// The changes of works, the latest first: what has changed of each («вес 3» → «1»), and beside it which work it is and why; which were removed
/// with how many marks that had been cleared; and, if asked, which were added.
async fn works(ctx: &mut Ctx, keys: &[String], added: bool) -> Done<Vec<Past>> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let rows = sqlx::query!(
        r#"select e.at, e.action, concat_ws(' ', p.last_name, p.first_name, p.middle_name) as "by!",
            concat_ws(': ', o.title, b.old ->> 'title') as "old_name!", concat_ws(': ', n.title, e.new ->> 'title') as "new_name!",
            b.old ->> 'weight' as old_weight, e.new ->> 'weight' as new_weight, e.new ->> 'reason' as reason,
            coalesce((e.old ->> 'marks')::bigint, 0) as "marks!"
           from audit_event e
           -- events of before say nothing of the work but its lesson: what it was is told by the event before
           cross join lateral (select case when e.action <> 'assignment.removed' or e.old ->> 'work_type' is not null then e.old else (
                select x.new from audit_event x
                where x.school_id = $1 and x.entity = 'assignment' and x.entity_key = e.entity_key and x.id < e.id and x.new is not null
                order by x.id desc limit 1) end as old) b
           left join person p on p.id = e.actor_id
           left join work_type o on o.school_id = $1 and o.id = notice_key(b.old ->> 'work_type', 1)
           left join work_type n on n.school_id = $1 and n.id = notice_key(e.new ->> 'work_type', 1)
           where e.school_id = $1 and e.entity = 'assignment' and e.entity_key = any ($2)
             and (e.action = 'assignment.removed' or ($3 and e.action = 'assignment.added')
                or (e.action = 'assignment.changed' and (e.old ->> 'weight' is distinct from e.new ->> 'weight'
                    or e.old ->> 'title' is distinct from e.new ->> 'title' or e.old ->> 'work_type' is distinct from e.new ->> 'work_type')))
           order by e.id desc limit 50"#,
        school.0,
        keys,
        added,
    )
    .fetch_all(ctx.db())
    .await?;
    let whole = |name: &str, weight: Option<&String>| {
        let name = if name.is_empty() {
            t::journal_history_work(lang)
        } else {
            name
        };
        match weight {
            Some(w) => format!("{name}, {}", t::journal_history_weight(lang, lang.decimal(w))),
            None => name.to_owned(),
        }
    };
    let past = rows.into_iter().map(|r| {
        let (by, at) = (r.by, local(ctx, r.at));
        // that it came or went is the whole of it: nothing stands on the other side
        let once = |words: String| Past {
            by: by.clone(),
            at,
            old: Some(words.clone()),
            new: Some(words),
            comment: None,
        };
        match r.action.as_str() {
            "assignment.added" => {
                return once(t::journal_history_work_added(
                    lang,
                    whole(&r.new_name, r.new_weight.as_ref()),
                ));
            }
            "assignment.removed" => {
                let work = whole(&r.old_name, r.old_weight.as_ref());
                return once(if r.marks > 0 {
                    t::journal_history_work_removed_with(lang, r.marks, work)
                } else {
                    t::journal_history_work_removed(lang, work)
                });
            }
            _ => {}
        }
        let renamed = r.old_name != r.new_name;
        let weighed = r.old_weight != r.new_weight;
        let said = |name: &str, weight: &Option<String>, short: bool| {
            let name = renamed.then(|| name.to_owned());
            let weight = weight.as_ref().filter(|_| weighed).map(|w| {
                if short {
                    lang.decimal(w)
                } else {
                    t::journal_history_weight(lang, lang.decimal(w))
                }
            });
            Some(
                [name, weight]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", "),
            )
        };
        let (old, new) = (
            said(&r.old_name, &r.old_weight, false),
            said(&r.new_name, &r.new_weight, !renamed),
        );
        let beside = [(!renamed).then_some(r.new_name), r.reason];
        let beside: Vec<String> = beside.into_iter().flatten().collect();
        Past {
            by,
            at,
            old,
            new,
            comment: (!beside.is_empty()).then(|| beside.join(" — ")),
        }
    });
    Ok(past.collect())
}
