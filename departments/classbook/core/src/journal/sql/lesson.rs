//! Topic and homework of a lesson.

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done, Event};
use base::{AppError, LessonId};
use serde_json::json;

use super::facts::of_lesson;
use super::save::{done_before, local};
use crate::homework::sql::{Owner, links as links_of, remove_files};
use crate::journal::cell::{Edit, Homework, Meanwhile, Outcome};
use crate::t;

/// Saves topic and homework under the lesson's version.
pub async fn save(
    ctx: &mut Ctx,
    edit: &Edit,
    lesson: LessonId,
    topic: Option<&str>,
    (homework, files_go): (Option<&Homework>, Option<i64>),
) -> Done<Outcome> {
    let facts = of_lesson(ctx, lesson).await?;
    ctx.must(Action::Edit, &facts.whose.resource(ctx, Kind::Journal))?;
    if let Some(outcome) = done_before(ctx, edit.op_id, "lesson", Some(&lesson.to_string())).await? {
        return Ok(outcome);
    }
    let (school, lang) = (ctx.school(), ctx.lang());
    let refused = |message: &str| {
        Ok(Outcome::Refused {
            message: message.to_owned(),
        })
    };
    if facts.locked {
        return refused(t::journal_locked(lang));
    }
    if facts.cancelled {
        return refused(t::journal_topic_cancelled(lang));
    }
    let topic = topic.map(str::trim).filter(|t| !t.is_empty());
    if topic.is_some_and(|t| t.chars().count() > 1000)
        || homework.is_some_and(|h| h.text.chars().count() > 4000)
    {
        return refused(t::journal_text_too_long(lang));
    }
    if homework
        .and_then(|h| h.minutes)
        .is_some_and(|m| !(0..=600).contains(&m))
    {
        return refused(t::journal_minutes_wrong(lang));
    }
    if let Some(due) = homework.and_then(|h| h.due_on) {
        if due < facts.held_on {
            return refused(t::journal_due_before_lesson(lang));
        }
        if !in_year(ctx, facts.load.0, due).await? {
            return refused(t::journal_due_outside_year(lang));
        }
    }
    let old = sqlx::query!(
        r#"select l.topic, l.version, h.id as "homework?", h.text as "text?", h.due_on as "due_on?", h.minutes as "minutes?", h.links as "links?",
            (select count(*) from homework_file f where f.school_id = $1 and f.homework_id = h.id) as "files!"
           from lesson l left join homework h on h.school_id = l.school_id and h.lesson_id = l.id
           where l.school_id = $1 and l.id = $2"#,
        school.0,
        lesson.0,
    )
    .fetch_one(ctx.db())
    .await?;
    let before = old.text.map(|text| Homework {
        text,
        due_on: old.due_on,
        minutes: old.minutes,
        links: old.links,
    });
    let homework = match kept(ctx, homework, before.as_ref()) {
        Ok(homework) => homework,
        Err(error) => return Ok(Outcome::refused(&error, lang)),
    };
    let homework = match decided(ctx, homework, before.as_ref(), old.files, files_go) {
        Ok(homework) => homework,
        Err(message) => return refused(&message),
    };
    let homework = homework.as_ref();
    if old.topic.as_deref() == topic && before.as_ref() == homework {
        return Ok(Outcome::Saved { version: old.version });
    }
    if old.version != edit.expected {
        return meanwhile(ctx, lesson, old.topic, before, old.version).await;
    }
    if let (None, Some(id)) = (homework, old.homework) {
        remove_files(ctx, lesson, Owner::Class(id)).await?;
    }
    write(ctx, lesson, facts.load.0, topic, homework).await?;
    let version = old.version + 1;
    ctx.audit(Event {
        action: "lesson.described",
        entity: "lesson",
        key: lesson.to_string(),
        old: Some(json!({"topic": old.topic, "homework": before, "version": old.version})),
        new: Some(json!({"topic": topic, "homework": homework, "version": version})),
        op: Some(edit.op_id),
    })
    .await?;
    Ok(Outcome::Saved { version })
}

/// What is there then: a homework is what has words, an address or a file.
///
/// # Errors
/// Why it is not decided: nothing says what is to be done, or files hang on what is to be removed and that was not said.
fn decided(
    ctx: &Ctx,
    asked: Option<Homework>,
    before: Option<&Homework>,
    files: i64,
    files_go: Option<i64>,
) -> Result<Option<Homework>, String> {
    let lang = ctx.lang();
    match asked {
        Some(asked) if asked.says() || files > 0 => Ok(Some(asked)),
        // a day or minutes for nothing to do
        Some(asked) if before.is_none() && (asked.minutes.is_some() || asked.due_on.is_some()) => {
            Err(t::homework_nothing_to_do(lang).to_owned())
        }
        // a page that knew of no homework has none to remove: it came with its files meanwhile
        None if files > 0 && files_go.is_none() && before.is_some_and(|b| !b.says()) => Ok(before.cloned()),
        None if files > 0 && files_go != Some(files) => Err(t::homework_files_stay(lang, files)),
        _ => Ok(None),
    }
}

/// The homework as it is to be kept: its text without the space around it, its addresses as they are opened.
fn kept(
    ctx: &Ctx,
    asked: Option<&Homework>,
    before: Option<&Homework>,
) -> Result<Option<Homework>, AppError> {
    let Some(asked) = asked else {
        return Ok(None);
    };
    let links = match &asked.links {
        Some(links) => links_of(ctx, links)?,
        None => before.and_then(|b| b.links.clone()).unwrap_or_default(),
    };
    Ok(Some(Homework {
        text: asked.text.trim().to_owned(),
        due_on: asked.due_on,
        minutes: asked.minutes,
        links: Some(links),
    }))
}

async fn in_year(ctx: &mut Ctx, load: i64, day: chrono::NaiveDate) -> Done<bool> {
    let school = ctx.school();
    Ok(sqlx::query_scalar!(
        r#"select exists (select from teaching_load l
            join academic_year y on y.school_id = l.school_id and y.id = l.year_id
            where l.school_id = $1 and l.id = $2 and $3 between y.starts_on and y.ends_on) as "in_year!""#,
        school.0,
        load,
        day,
    )
    .fetch_one(ctx.db())
    .await?)
}

async fn write(
    ctx: &mut Ctx,
    lesson: LessonId,
    load: i64,
    topic: Option<&str>,
    homework: Option<&Homework>,
) -> Done<()> {
    let (school, today) = (ctx.school(), ctx.today());
    // a lesson with a topic has been held, once its day has come
    sqlx::query!(
        "update lesson set topic = $3, version = version + 1,
            state = case when state = 'planned' and $3::text is not null and held_on <= $4 then 'held' else state end
         where school_id = $1 and id = $2",
        school.0,
        lesson.0,
        topic,
        today,
    )
    .execute(ctx.db())
    .await?;
    match homework {
        Some(h) => {
            sqlx::query!(
                "insert into homework (school_id, load_id, lesson_id, due_on, text, minutes, links) values ($1, $2, $3, $4, $5, $6, $7)
                 on conflict (school_id, lesson_id) do update
                    set due_on = excluded.due_on, text = excluded.text, minutes = excluded.minutes, links = excluded.links,
                        version = homework.version + 1",
                school.0,
                load,
                lesson.0,
                h.due_on,
                h.text,
                h.minutes,
                h.links.as_deref().unwrap_or_default(),
            )
            .execute(ctx.db())
            .await?;
        }
        None => {
            sqlx::query!(
                "delete from homework where school_id = $1 and lesson_id = $2",
                school.0,
                lesson.0
            )
            .execute(ctx.db())
            .await?;
        }
    }
    Ok(())
}

/// Who changed the lesson last, from its events.
async fn meanwhile(
    ctx: &mut Ctx,
    lesson: LessonId,
    topic: Option<String>,
    homework: Option<Homework>,
    version: i32,
) -> Done<Outcome> {
    let school = ctx.school();
    let last = sqlx::query!(
        r#"select e.at, full_name(p.last_name, p.first_name, p.middle_name) as "by!"
           from audit_event e left join person p on p.id = e.actor_id
           where e.school_id = $1 and e.entity = 'lesson' and e.entity_key = $2::text
           order by e.id desc limit 1"#,
        school.0,
        lesson.to_string(),
    )
    .fetch_optional(ctx.db())
    .await?;
    let (by, at) = last.map(|l| (l.by, local(ctx, l.at))).unwrap_or_default();
    let lang = ctx.lang();
    Ok(Outcome::Conflict(Meanwhile {
        value: topic,
        comment: homework.map(|h| h.words(lang)),
        owed: None,
        version,
        by,
        at,
    }))
}
