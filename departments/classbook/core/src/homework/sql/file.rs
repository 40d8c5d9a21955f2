//! The rows of files: who may bring one, who may open one.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, HomeworkFileId, IndividualHomeworkId, LessonId, LoadId, SchoolId};
use serde_json::json;

use super::to_change;
use crate::homework::files::Hash;
use crate::homework::{Attached, FileKind, MOST_FILES, MOST_LESSON_BYTES};
use crate::journal::sql::facts::of_load;
use crate::t;

/// Most bytes of all files of a school: a term of a large one has some gigabytes.
const MOST_SCHOOL_BYTES: i64 = 50 * 1024 * 1024 * 1024;

/// A file whose content has been looked at and kept.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Its name, made safe.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size.
    pub bytes: i32,
    /// Where its content is.
    pub hash: Hash,
}

/// A file to hand out.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size.
    pub bytes: i32,
    /// Where its content is.
    pub hash: Hash,
}

/// The homework that a file is for, by its number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    /// Of the class.
    Class(i64),
    /// For some pupils.
    Some(i64),
}

impl Owner {
    fn class(self) -> Option<i64> {
        match self {
            Self::Class(id) => Some(id),
            Self::Some(_) => None,
        }
    }

    fn individual(self) -> Option<i64> {
        match self {
            Self::Class(_) => None,
            Self::Some(id) => Some(id),
        }
    }
}

/// May the actor bring a file, and is there room for another? Asked before a byte of it is read.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Forbidden`] for a lesson that is not the actor's; [`AppError::Invalid`] where there is no
/// room, or the journal is closed.
pub async fn may_attach(
    ctx: &mut Ctx,
    lesson: LessonId,
    individual: Option<IndividualHomeworkId>,
    bytes: i64,
) -> Done<()> {
    to_change(ctx, lesson).await?;
    owner(ctx, lesson, individual).await?;
    room(ctx, lesson, bytes).await
}

/// Writes down a file. The same content for the same homework once more is the file that is there.
///
/// # Errors
/// As [`may_attach`].
pub async fn attach(
    ctx: &mut Ctx,
    lesson: LessonId,
    individual: Option<IndividualHomeworkId>,
    arrived: Arrived,
) -> Done<Attached> {
    let facts = to_change(ctx, lesson).await?;
    let owner = match owner(ctx, lesson, individual).await? {
        Some(owner) => owner,
        None => begin(ctx, lesson, facts.load).await?,
    };
    if let Some(there) = same(ctx, owner, arrived.hash).await? {
        return Ok(there);
    }
    room(ctx, lesson, i64::from(arrived.bytes)).await?;
    let (SchoolId(school), person, now) = (ctx.school(), ctx.person(), ctx.now());
    let id = sqlx::query_scalar!(
        "insert into homework_file (school_id, homework_id, individual_id, name, kind, bytes, sha256, uploaded_by, uploaded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        school,
        owner.class(),
        owner.individual(),
        arrived.name,
        arrived.kind.key(),
        arrived.bytes,
        &arrived.hash.0[..],
        person.0,
        now,
    )
    .fetch_one(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "homework.file_added",
        entity: "homework_file",
        key: id.to_string(),
        old: None,
        new: Some(json!({
            "lesson": lesson, "individual": owner.individual(), "name": arrived.name, "kind": arrived.kind,
            "bytes": arrived.bytes, "sha256": arrived.hash.to_string(),
        })),
        op: None,
    })
    .await?;
    Ok(Attached {
        id: HomeworkFileId(id),
        name: arrived.name,
        kind: arrived.kind,
        bytes: arrived.bytes,
    })
}

/// The homework of the lesson, where it has one, or the one for some pupils.
async fn owner(
    ctx: &mut Ctx,
    lesson: LessonId,
    individual: Option<IndividualHomeworkId>,
) -> Done<Option<Owner>> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        r#"select (select h.id from homework h where h.school_id = $1 and h.lesson_id = $2) as "homework?",
            (select i.id from individual_homework i where i.school_id = $1 and i.lesson_id = $2 and i.id = $3) as "individual?""#,
        school,
        lesson.0,
        individual.map(|i| i.0),
    )
    .fetch_one(ctx.db())
    .await?;
    match (individual, row.individual) {
        (Some(_), Some(id)) => Ok(Some(Owner::Some(id))),
        (Some(_), None) => Err(AppError::NotFound.into()),
        (None, _) => Ok(row.homework.map(Owner::Class)),
    }
}

/// A homework that is its file, until somebody writes words to it. It is given by the next lesson.
async fn begin(ctx: &mut Ctx, lesson: LessonId, load: LoadId) -> Done<Owner> {
    let SchoolId(school) = ctx.school();
    let id = sqlx::query_scalar!(
        // somebody may have written words in the same instant: then it is theirs
        "insert into homework (school_id, load_id, lesson_id, text) values ($1, $2, $3, '')
         on conflict (school_id, lesson_id) do update set text = homework.text returning id",
        school,
        load.0,
        lesson.0,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Owner::Class(id))
}

async fn room(ctx: &mut Ctx, lesson: LessonId, bytes: i64) -> Done<()> {
    let (SchoolId(school), lang) = (ctx.school(), ctx.lang());
    let row = sqlx::query!(
        r#"select count(*) as "files!", coalesce(sum(f.bytes), 0)::bigint as "bytes!",
            (select coalesce(sum(a.bytes), 0)::bigint from homework_file a where a.school_id = $1) as "school!"
           from homework_file f
           left join homework h on h.school_id = $1 and h.id = f.homework_id
           left join individual_homework i on i.school_id = $1 and i.id = f.individual_id
           where f.school_id = $1 and coalesce(h.lesson_id, i.lesson_id) = $2"#,
        school,
        lesson.0,
    )
    .fetch_one(ctx.db())
    .await?;
    let text = if row.files >= MOST_FILES {
        t::homework_files_many(lang, MOST_FILES)
    } else if row.bytes.saturating_add(bytes) > MOST_LESSON_BYTES {
        t::homework_files_heavy(lang, MOST_LESSON_BYTES / 1024 / 1024)
    } else if row.school.saturating_add(bytes) > MOST_SCHOOL_BYTES {
        t::homework_school_full(lang).to_owned()
    } else {
        return Ok(());
    };
    Err(AppError::invalid("file", text).into())
}

async fn same(ctx: &mut Ctx, owner: Owner, hash: Hash) -> Done<Option<Attached>> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        "select id, name, kind, bytes from homework_file
         where school_id = $1 and sha256 = $2 and homework_id is not distinct from $3 and individual_id is not distinct from $4
         limit 1",
        school,
        &hash.0[..],
        owner.class(),
        owner.individual(),
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(row.and_then(|r| {
        Some(Attached {
            id: HomeworkFileId(r.id),
            name: r.name,
            kind: FileKind::from_key(&r.kind)?,
            bytes: r.bytes,
        })
    }))
}

/// Takes a file away; a homework that was nothing else goes with it.
///
/// # Errors
/// As [`may_attach`].
pub async fn remove_file(ctx: &mut Ctx, file: HomeworkFileId) -> Done<LessonId> {
    let SchoolId(school) = ctx.school();
    let row = sqlx::query!(
        r#"select coalesce(h.lesson_id, i.lesson_id) as "lesson!", f.homework_id, f.individual_id, f.name, f.kind, f.bytes, f.sha256
           from homework_file f
           left join homework h on h.school_id = $1 and h.id = f.homework_id
           left join individual_homework i on i.school_id = $1 and i.id = f.individual_id
           where f.school_id = $1 and f.id = $2"#,
        school,
        file.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let lesson = LessonId(row.lesson);
    to_change(ctx, lesson).await?;
    sqlx::query!(
        "delete from homework_file where school_id = $1 and id = $2",
        school,
        file.0
    )
    .execute(ctx.db())
    .await?;
    let gone = Gone {
        id: file.0,
        name: row.name,
        kind: row.kind,
        bytes: row.bytes,
        sha256: row.sha256,
    };
    ctx.audit(gone.event(lesson, row.individual_id)).await?;
    sqlx::query!(
        "delete from homework h where h.school_id = $1 and h.id = $2 and h.text = '' and h.links = '{}'
           and not exists (select from homework_file f where f.school_id = $1 and f.homework_id = h.id)",
        school,
        row.homework_id,
    )
    .execute(ctx.db())
    .await?;
    Ok(lesson)
}

/// Takes all files of a homework away, each with its event. The caller has asked whether the actor may.
pub(crate) async fn remove_files(ctx: &mut Ctx, lesson: LessonId, owner: Owner) -> Done<()> {
    let SchoolId(school) = ctx.school();
    let mut gone = sqlx::query_as!(
        Gone,
        "delete from homework_file where school_id = $1 and (homework_id = $2 or individual_id = $3)
         returning id, name, kind, bytes, sha256",
        school,
        owner.class(),
        owner.individual(),
    )
    .fetch_all(ctx.db())
    .await?;
    gone.sort_by_key(|file| file.id);
    let events: Vec<Event<'_>> = gone
        .iter()
        .map(|file| file.event(lesson, owner.individual()))
        .collect();
    ctx.audit_all(&events).await
}

/// A file that was taken away.
#[derive(Debug)]
struct Gone {
    id: i64,
    name: String,
    kind: String,
    bytes: i32,
    sha256: Vec<u8>,
}

impl Gone {
    fn event(&self, lesson: LessonId, individual: Option<i64>) -> Event<'static> {
        let hash = <[u8; 32]>::try_from(self.sha256.as_slice()).map(Hash);
        Event {
            action: "homework.file_removed",
            entity: "homework_file",
            key: self.id.to_string(),
            old: Some(json!({
                "lesson": lesson, "individual": individual, "name": self.name, "kind": self.kind, "bytes": self.bytes,
                "sha256": hash.map(|h| h.to_string()).unwrap_or_default(),
            })),
            new: None,
            op: None,
        }
    }
}

/// A file to open: for staff who may see the journal, for the family of a pupil who was given it.
///
/// # Errors
/// [`AppError::NotFound`] for everybody else.
pub async fn file(ctx: &mut Ctx, file: HomeworkFileId) -> Done<Opened> {
    let (SchoolId(school), today) = (ctx.school(), ctx.today());
    let family: Option<Vec<i64>> = ctx
        .actor()
        .role
        .family()
        .map(|own| own.iter().map(|p| p.0).collect());
    let row = sqlx::query!(
        r#"select f.name, f.kind, f.bytes, f.sha256, l.load_id,
            case when f.individual_id is not null then exists (
                select from individual_homework_pupil p
                where p.school_id = $1 and p.homework_id = f.individual_id and p.pupil_id = any ($3))
            else exists ( -- taught then, or since
                select from load_audience u
                join enrolment e on e.school_id = $1 and e.class_id = u.class_id and e.pupil_id = any ($3)
                    and e.starts_on <= greatest(l.held_on, $4) and coalesce(e.ends_on, 'infinity') >= l.held_on
                where u.school_id = $1 and u.load_id = l.load_id
                  and (u.subgroup_id is null or exists (select from subgroup_member m
                       where m.school_id = $1 and m.subgroup_id = u.subgroup_id and m.pupil_id = e.pupil_id
                         and m.starts_on <= greatest(l.held_on, $4) and coalesce(m.ends_on, 'infinity') >= l.held_on)))
            end as "given!"
           from homework_file f
           left join homework h on h.school_id = $1 and h.id = f.homework_id
           left join individual_homework i on i.school_id = $1 and i.id = f.individual_id
           join lesson l on l.school_id = $1 and l.id = coalesce(h.lesson_id, i.lesson_id)
           where f.school_id = $1 and f.id = $2"#,
        school,
        file.0,
        family.as_deref().unwrap_or_default(),
        today,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let resource = if family.is_some() {
        Resource {
            kind: Kind::Diary,
            school: ctx.school(),
            own: row.given,
            own_class: false,
        }
    } else {
        of_load(ctx, LoadId(row.load_id)).await?.to_read(ctx)
    };
    ctx.must(Action::View, &resource)?;
    let hash = <[u8; 32]>::try_from(row.sha256.as_slice()).map_err(|_| AppError::NotFound)?;
    Ok(Opened {
        name: row.name,
        kind: FileKind::from_key(&row.kind).ok_or(AppError::NotFound)?,
        bytes: row.bytes,
        hash: Hash(hash),
    })
}
