//! Homework for some pupils only.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event, Failure};
use base::{AppError, IndividualHomeworkId, LessonId, PupilId, SchoolId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Owner, remove_files, to_change};
use crate::homework::{IndividualEdit, link};
use crate::journal::cell::{Edit, Meanwhile, Outcome};
use crate::journal::sql::facts::{LessonFacts, of_lesson};
use crate::journal::sql::{done_before, local};
use crate::t;

const ENTITY: &str = "individual_homework";
/// Most of them on one lesson.
const MOST: i64 = 20;

/// Adds a homework for some pupils or changes one.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for a lesson that is not the actor's, [`AppError::Conflict`] on top of a newer
/// one, [`AppError::Invalid`] for what is wrong in it.
pub async fn save_individual(ctx: &mut Ctx, edit: IndividualEdit) -> Done<IndividualHomeworkId> {
    Ok(save(ctx, edit, None).await?.0)
}

/// Saves one that comes through the journal's queue: a repeated send finds what it has done, what is wrong in it and what somebody else
/// made of it meanwhile is an outcome.
pub(crate) async fn save_queued(ctx: &mut Ctx, act: &Edit, wanted: &IndividualEdit) -> Done<Outcome> {
    let facts = of_lesson(ctx, wanted.lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    let key = wanted.id.map(|id| id.to_string());
    if let Some(outcome) = done_before(ctx, act.op_id, ENTITY, key.as_deref()).await? {
        return Ok(outcome);
    }
    let edit = IndividualEdit {
        expected: act.expected,
        ..wanted.clone()
    };
    match save(ctx, edit, Some(act.op_id)).await {
        Ok((_, version)) => Ok(Outcome::Saved { version }),
        Err(Failure::App(AppError::Conflict { .. })) => match wanted.id {
            Some(id) => meanwhile(ctx, id).await,
            None => Err(AppError::NotFound.into()),
        },
        Err(Failure::App(error @ AppError::Invalid { .. })) => Ok(Outcome::refused(&error, ctx.lang())),
        // somebody took it away: what was typed is not dropped without a word
        Err(Failure::App(AppError::NotFound)) if wanted.id.is_some() => Ok(Outcome::Refused {
            message: t::homework_individual_gone(ctx.lang()).to_owned(),
        }),
        Err(failure) => Err(failure),
    }
}

/// What it is now, and who made it so.
async fn meanwhile(ctx: &mut Ctx, id: IndividualHomeworkId) -> Done<Outcome> {
    let SchoolId(school) = ctx.school();
    let now = sqlx::query!(
        r#"select i.text, i.version, i.changed_at, full_name(p.last_name, p.first_name, p.middle_name) as "by!"
           from individual_homework i left join person p on p.id = i.changed_by where i.school_id = $1 and i.id = $2"#,
        school,
        id.0,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Outcome::Conflict(Meanwhile {
        owed: None,
        value: Some(now.text),
        comment: None,
        version: now.version,
        by: now.by,
        at: local(ctx, now.changed_at),
    }))
}

/// Its number, and the version that it is now.
async fn save(ctx: &mut Ctx, edit: IndividualEdit, op: Option<Uuid>) -> Done<(IndividualHomeworkId, i32)> {
    let facts = to_change(ctx, edit.lesson).await?;
    let edit = checked(ctx, &facts, edit).await?;
    let (id, old) = match edit.id {
        Some(id) => (id, Some(change(ctx, id, &edit).await?)),
        None => (add(ctx, &facts, &edit).await?, None),
    };
    let version = edit.id.map_or(1, |_| edit.expected + 1);
    let SchoolId(school) = ctx.school();
    let pupils: Vec<i64> = edit.pupils.iter().map(|p| p.0).collect();
    sqlx::query!(
        "with gone as (delete from individual_homework_pupil where school_id = $1 and homework_id = $2 and pupil_id <> all ($3))
         insert into individual_homework_pupil (school_id, homework_id, pupil_id)
         select $1, $2, p from unnest($3::bigint[]) p on conflict do nothing",
        school,
        id.0,
        &pupils,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: if edit.id.is_some() {
            "homework.individual_changed"
        } else {
            "homework.individual_given"
        },
        entity: ENTITY,
        key: id.to_string(),
        old,
        new: Some(json!({
            "lesson": edit.lesson, "pupils": edit.pupils, "text": edit.text,
            "due_on": edit.due_on, "minutes": edit.minutes, "links": edit.links, "version": version,
        })),
        op,
    })
    .await?;
    Ok((id, version))
}

/// The edit as it is to be kept.
async fn checked(ctx: &mut Ctx, facts: &LessonFacts, edit: IndividualEdit) -> Done<IndividualEdit> {
    let (SchoolId(school), lang) = (ctx.school(), ctx.lang());
    let refuse = |field: &str, text: &str| Err(AppError::invalid(field, text).into());
    let text = edit.text.trim().to_owned();
    if text.is_empty() {
        return refuse("text", t::homework_text_missing(lang));
    }
    if text.chars().count() > 4000 {
        return refuse("text", t::journal_text_too_long(lang));
    }
    if edit.minutes.is_some_and(|m| !(0..=600).contains(&m)) {
        return refuse("minutes", t::journal_minutes_wrong(lang));
    }
    if edit.due_on.is_some_and(|d| d < facts.held_on) {
        return refuse("due_on", t::journal_due_before_lesson(lang));
    }
    let links = links(ctx, &edit.links)?;
    let mut pupils = edit.pupils.clone();
    pupils.sort_unstable();
    pupils.dedup();
    if pupils.is_empty() || pupils.len() > 100 {
        return refuse("pupils", t::homework_pupils_missing(lang));
    }
    let asked: Vec<i64> = pupils.iter().map(|p| p.0).collect();
    let known = sqlx::query_scalar!(
        r#"select count(distinct e.pupil_id) as "known!" from load_audience u
           join enrolment e on e.school_id = $1 and e.class_id = u.class_id
               and e.starts_on <= $3 and coalesce(e.ends_on, 'infinity') >= $3
           where u.school_id = $1 and u.load_id = $2 and e.pupil_id = any ($4)
             and (u.subgroup_id is null or exists (select from subgroup_member m
                  where m.school_id = $1 and m.subgroup_id = u.subgroup_id and m.pupil_id = e.pupil_id
                    and m.starts_on <= $3 and coalesce(m.ends_on, 'infinity') >= $3))"#,
        school,
        facts.load.0,
        facts.held_on,
        &asked,
    )
    .fetch_one(ctx.db())
    .await?;
    if usize::try_from(known) != Ok(asked.len()) {
        return refuse("pupils", t::homework_pupils_strange(lang));
    }
    Ok(IndividualEdit {
        text,
        links,
        pupils,
        ..edit
    })
}

/// Addresses as they are kept.
pub(crate) fn links(ctx: &Ctx, given: &[String]) -> Result<Vec<String>, AppError> {
    let lang = ctx.lang();
    let mut links: Vec<String> = Vec::new();
    for address in given {
        let address =
            link::check(address).map_err(|_| AppError::invalid("links", t::homework_link_wrong(lang)))?;
        if !links.contains(&address) {
            links.push(address);
        }
    }
    if links.len() > link::MOST {
        return Err(AppError::invalid("links", t::homework_links_many(lang)));
    }
    Ok(links)
}

async fn add(ctx: &mut Ctx, facts: &LessonFacts, edit: &IndividualEdit) -> Done<IndividualHomeworkId> {
    let (SchoolId(school), person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    let id = sqlx::query_scalar!(
        "insert into individual_homework (school_id, load_id, lesson_id, due_on, text, minutes, links, changed_by, changed_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9
         where (select count(*) from individual_homework where school_id = $1 and lesson_id = $3) < $10
         returning id",
        school,
        facts.load.0,
        edit.lesson.0,
        edit.due_on,
        edit.text,
        edit.minutes,
        &edit.links,
        person.0,
        now,
        MOST,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| AppError::invalid("", t::homework_individual_many(lang)))?;
    Ok(IndividualHomeworkId(id))
}

/// What it was before, for the event.
async fn change(ctx: &mut Ctx, id: IndividualHomeworkId, edit: &IndividualEdit) -> Done<Value> {
    let (SchoolId(school), person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    // the lesson is held, so nobody changes it in between
    let old = sqlx::query!(
        r#"select i.version, i.text, i.due_on, i.minutes, i.links,
            array(select p.pupil_id from individual_homework_pupil p
                  where p.school_id = $1 and p.homework_id = $2 order by p.pupil_id) as "pupils!"
           from individual_homework i where i.school_id = $1 and i.id = $2 and i.lesson_id = $3"#,
        school,
        id.0,
        edit.lesson.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if old.version != edit.expected {
        return Err(AppError::Conflict {
            message: t::homework_changed_meanwhile(lang).to_owned(),
        }
        .into());
    }
    sqlx::query!(
        "update individual_homework set due_on = $3, text = $4, minutes = $5, links = $6, version = version + 1,
            changed_by = $7, changed_at = $8
         where school_id = $1 and id = $2",
        school,
        id.0,
        edit.due_on,
        edit.text,
        edit.minutes,
        &edit.links,
        person.0,
        now,
    )
    .execute(ctx.db())
    .await?;
    Ok(json!({
        "lesson": edit.lesson, "pupils": old.pupils, "text": old.text,
        "due_on": old.due_on, "minutes": old.minutes, "links": old.links,
    }))
}

/// Takes a homework for some pupils away, its files with it.
///
/// # Errors
/// As [`save_individual`].
pub async fn remove_individual(ctx: &mut Ctx, id: IndividualHomeworkId) -> Done<LessonId> {
    let SchoolId(school) = ctx.school();
    let lesson = sqlx::query_scalar!(
        "select lesson_id from individual_homework where school_id = $1 and id = $2",
        school,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .map(LessonId)
    .ok_or(AppError::NotFound)?;
    to_change(ctx, lesson).await?;
    remove_files(ctx, lesson, Owner::Some(id.0)).await?;
    let gone = sqlx::query!(
        r#"delete from individual_homework i where i.school_id = $1 and i.id = $2
           returning i.text, i.due_on, i.minutes,
            coalesce((select array_agg(p.pupil_id) from individual_homework_pupil p
                      where p.school_id = $1 and p.homework_id = $2), '{}') as "pupils!""#,
        school,
        id.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let pupils: Vec<PupilId> = gone.pupils.into_iter().map(PupilId).collect();
    ctx.audit(Event {
        action: "homework.individual_removed",
        entity: ENTITY,
        key: id.to_string(),
        old: Some(json!({
            "lesson": lesson, "pupils": pupils, "text": gone.text, "due_on": gone.due_on, "minutes": gone.minutes,
        })),
        new: None,
        op: None,
    })
    .await?;
    Ok(lesson)
}
