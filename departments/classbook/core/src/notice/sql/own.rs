//! What a family reads and chooses. Staff are told nothing of children here.

use base::sql::{Ctx, Done};
use base::{AppError, NoticeId, PupilId};
use chrono::Duration;

use super::row::Row;
use crate::notice::{Channel, Choice, KEPT_DAYS, Kind, Notices, OfChild, SHOWN};

/// The actor's own children, or oneself.
pub(super) fn family(ctx: &Ctx) -> Result<Vec<PupilId>, AppError> {
    match ctx.actor().role.family() {
        Some(own) if !own.is_empty() => Ok(own.to_vec()),
        _ => Err(AppError::NotFound),
    }
}

/// What the actor is told in the application, the newest first.
///
/// # Errors
/// [`AppError::NotFound`] for someone who is no family.
pub async fn notices(ctx: &mut Ctx) -> Done<Notices> {
    let own = family(ctx)?;
    let ids: Vec<i64> = own.iter().map(|p| p.0).collect();
    let (school, person) = (ctx.school(), ctx.person());
    let since = ctx.now() - Duration::days(KEPT_DAYS);
    let rows = sqlx::query_as!(
        Row,
        r#"select n.id, n.pupil_id, h.first_name, n.kind, n.at, n.assignment_id, n.old, n.new,
            (select s.name from subject s where s.school_id = $1 and s.id = n.subject_id) as subject,
            (select l.held_on from lesson l where l.school_id = $1 and l.id = n.lesson_id) as date,
            n.id > coalesce((select r.upto from notice_read r where r.school_id = $1 and r.person_id = $2), 0) as "unread!"
           from notice n
           join pupil p on p.school_id = $1 and p.id = n.pupil_id
           join person h on h.id = p.person_id
           left join notice_choice c on c.school_id = $1 and c.person_id = $2 and c.pupil_id = n.pupil_id and c.kind = n.kind
           where n.school_id = $1 and n.pupil_id = any ($3) and n.at > $4 and coalesce(c.in_app, true)
           order by n.id desc limit $5"#,
        school.0,
        person.0,
        &ids,
        since,
        SHOWN,
    )
    .fetch_all(ctx.db())
    .await?;
    let notices = rows.into_iter().filter_map(Row::notice).collect();
    Ok(Notices {
        several: own.len() > 1,
        utc_offset: ctx.actor().utc_offset,
        notices,
    })
}

/// How many the actor has not read.
///
/// # Errors
/// [`AppError::NotFound`] for someone who is no family.
pub async fn unread(ctx: &mut Ctx) -> Done<i64> {
    let ids: Vec<i64> = family(ctx)?.iter().map(|p| p.0).collect();
    let (school, person) = (ctx.school(), ctx.person());
    let since = ctx.now() - Duration::days(KEPT_DAYS);
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from (
            select from notice n
            left join notice_choice c on c.school_id = $1 and c.person_id = $2 and c.pupil_id = n.pupil_id and c.kind = n.kind
            where n.school_id = $1 and n.pupil_id = any ($3) and n.at > $4 and coalesce(c.in_app, true)
              and n.id > coalesce((select r.upto from notice_read r where r.school_id = $1 and r.person_id = $2), 0)
            limit $5) n"#,
        school.0,
        person.0,
        &ids,
        since,
        SHOWN,
    )
    .fetch_one(ctx.db())
    .await?)
}

/// The actor has read up to this one; never back. One that there is not yet counts as the latest.
///
/// # Errors
/// [`AppError::NotFound`] for someone who is no family.
pub async fn seen(ctx: &mut Ctx, upto: NoticeId) -> Done<()> {
    let ids: Vec<i64> = family(ctx)?.iter().map(|p| p.0).collect();
    let (school, person) = (ctx.school(), ctx.person());
    sqlx::query!(
        "insert into notice_read (school_id, person_id, upto)
         select $1, $2, least($3, coalesce((select max(n.id) from notice n where n.school_id = $1 and n.pupil_id = any ($4)), 0))
         on conflict (school_id, person_id) do update set upto = greatest(notice_read.upto, excluded.upto)",
        school.0,
        person.0,
        upto.0,
        &ids,
    )
    .execute(ctx.db())
    .await?;
    // what one has read on one device wakes no other
    sqlx::query!(
        "update push_device set upto = least(news, $3) where school_id = $1 and person_id = $2 and upto < least(news, $3)",
        school.0,
        person.0,
        upto.0,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// What the actor wants to be told, child by child.
///
/// # Errors
/// [`AppError::NotFound`] for someone who is no family.
pub async fn choices(ctx: &mut Ctx) -> Done<Vec<OfChild>> {
    let own = family(ctx)?;
    let ids: Vec<i64> = own.iter().map(|p| p.0).collect();
    let (school, person) = (ctx.school(), ctx.person());
    let names = sqlx::query!(
        "select p.id, h.first_name from pupil p join person h on h.id = p.person_id where p.school_id = $1 and p.id = any ($2)",
        school.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let rows = sqlx::query!(
        "select pupil_id, kind, in_app, by_email, by_push from notice_choice
         where school_id = $1 and person_id = $2 and pupil_id = any ($3)",
        school.0,
        person.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let choice = |pupil: PupilId, kind: Kind| {
        let row = rows
            .iter()
            .find(|r| r.pupil_id == pupil.0 && r.kind == kind.key());
        row.map_or_else(
            || Choice::default_of(kind),
            |r| Choice {
                kind,
                in_app: r.in_app,
                by_email: r.by_email,
                by_push: r.by_push,
            },
        )
    };
    Ok(own
        .iter()
        .filter_map(|pupil| {
            let name = names.iter().find(|n| n.id == pupil.0)?.first_name.clone();
            Some(OfChild {
                pupil: *pupil,
                name,
                choices: Kind::ALL.iter().map(|kind| choice(*pupil, *kind)).collect(),
            })
        })
        .collect())
}

/// Opens or closes one channel for one kind about one child.
///
/// # Errors
/// [`AppError::NotFound`] for a child that is not the actor's own.
pub async fn choose(ctx: &mut Ctx, pupil: PupilId, kind: Kind, channel: Channel, on: bool) -> Done<()> {
    if !family(ctx)?.contains(&pupil) {
        return Err(AppError::NotFound.into());
    }
    let (school, person) = (ctx.school(), ctx.person());
    let new = Choice::default_of(kind).with(channel, on);
    let set = |which| (channel == which).then_some(on);
    sqlx::query!(
        "insert into notice_choice (school_id, person_id, pupil_id, kind, in_app, by_email, by_push)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (school_id, person_id, pupil_id, kind) do update set
            in_app = coalesce($8, notice_choice.in_app), by_email = coalesce($9, notice_choice.by_email),
            by_push = coalesce($10, notice_choice.by_push)",
        school.0,
        person.0,
        pupil.0,
        kind.key(),
        new.in_app,
        new.by_email,
        new.by_push,
        set(Channel::App),
        set(Channel::Email),
        set(Channel::Push),
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}
