//! What a person reads and chooses: a family of its children, staff of their work: of children only what waits for an answer of theirs.

use base::rights::{self, Action, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, NoticeId, PupilId};
use chrono::Duration;
use sqlx::types::Json;

use super::row::Row;
use crate::diary::sql::{Shown, remember};
use crate::journal::sql::facts::Reach;
use crate::notice::{Channel, Choice, HomeworkChange, KEPT_DAYS, Kind, Notices, OfChild, SHOWN};

/// Of whom an actor is told: of their own children (or of themselves as a pupil), or of their lessons.
pub(super) struct Told {
    pupils: Vec<PupilId>,
    /// The person, where they are told of their own work.
    own: Option<i64>,
    /// They close and open periods, so they are told who asks for that.
    decides: bool,
}

impl Told {
    /// The keys of the children.
    pub(super) fn ids(&self) -> Vec<i64> {
        self.pupils.iter().map(|p| p.0).collect()
    }

    /// The key of the person, where they are told of their own work.
    pub(super) fn own(&self) -> Option<i64> {
        self.own
    }

    /// So many children that a notice says whose it is.
    pub(super) fn several(&self) -> bool {
        self.pupils.len() > 1
    }

    /// Is the actor told of this one: a child, or, without one, their own work?
    fn holds(&self, pupil: Option<PupilId>) -> bool {
        pupil.map_or(self.own.is_some(), |pupil| self.pupils.contains(&pupil))
    }
}

/// Of whom the actor is told; [`AppError::NotFound`] for who has neither children nor journals here.
pub(super) fn told(ctx: &Ctx) -> Result<Told, AppError> {
    match ctx.actor().role.family() {
        Some(own) if !own.is_empty() => Ok(Told {
            pupils: own.to_vec(),
            own: None,
            decides: false,
        }),
        None if Reach::of(ctx, Action::View).any() => Ok(Told {
            pupils: vec![],
            own: Some(ctx.person().0),
            decides: ctx.may(
                Action::Lock,
                &Resource::of_school(rights::Kind::Journal, ctx.school()),
            ),
        }),
        _ => Err(AppError::NotFound),
    }
}

/// What the actor is told in the application, the newest first.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here.
pub async fn notices(ctx: &mut Ctx) -> Done<Notices> {
    let told = told(ctx)?;
    let (school, person) = (ctx.school(), ctx.person());
    let since = ctx.now() - Duration::days(KEPT_DAYS);
    let rows = sqlx::query_as!(
        Row,
        r#"select n.id as "id!", n.pupil_id, n.first_name, n.kind as "kind!", n.at as "at!", n.assignment_id, n.load_id, n.lesson_id,
            n.old, n.new, n.change as "change: Json<HomeworkChange>", n.subject, n.date, n.until, n.about_pupil_id, n.class_id, n.period_mark_id,
            n.id > coalesce((select case when n.pupil_id is null then r.own_upto else r.upto end
                from notice_read r where r.school_id = $1 and r.person_id = $2), 0) as "unread!"
           from told_notice n
           left join notice_choice c on c.school_id = $1 and c.person_id = $2 and c.pupil_id is not distinct from n.pupil_id and c.kind = n.kind
           where n.school_id = $1 and (n.pupil_id = any ($3) or n.person_id = $6) and n.at > $4 and coalesce(c.in_app, true)
           order by n.id desc limit $5"#,
        school.0,
        person.0,
        &told.ids(),
        since,
        SHOWN,
        told.own(),
    )
    .fetch_all(ctx.db())
    .await?;
    let notices = rows.into_iter().filter_map(Row::notice).collect();
    Ok(Notices {
        several: told.several(),
        own: told.own.is_some(),
        utc_offset: ctx.actor().utc_offset,
        notices,
    })
}

/// How many the actor has not read.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here.
pub async fn unread(ctx: &mut Ctx) -> Done<i64> {
    let told = told(ctx)?;
    let (school, person) = (ctx.school(), ctx.person());
    let since = ctx.now() - Duration::days(KEPT_DAYS);
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from (
            select from notice n
            left join notice_choice c on c.school_id = $1 and c.person_id = $2 and c.pupil_id is not distinct from n.pupil_id
                and c.kind = n.kind
            where n.school_id = $1 and (n.pupil_id = any ($3) or n.person_id = $6) and n.at > $4 and coalesce(c.in_app, true)
              and n.id > coalesce((select case when n.pupil_id is null then r.own_upto else r.upto end
                    from notice_read r where r.school_id = $1 and r.person_id = $2), 0)
            limit $5) n"#,
        school.0,
        person.0,
        &told.ids(),
        since,
        SHOWN,
        told.own(),
    )
    .fetch_one(ctx.db())
    .await?)
}

/// The actor has read up to this one; never back. One that there is not yet counts as the latest.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here.
pub async fn seen(ctx: &mut Ctx, upto: NoticeId) -> Done<()> {
    let told = told(ctx)?;
    let (school, person) = (ctx.school(), ctx.person());
    sqlx::query!(
        "insert into notice_read (school_id, person_id, upto, own_upto)
         select $1, $2, case when $5::bigint is null then l.latest else 0 end, case when $5::bigint is null then 0 else l.latest end
         from (select least($3, coalesce(max(n.id), 0)) as latest from notice n
               where n.school_id = $1 and (n.pupil_id = any ($4) or n.person_id = $5)) l
         on conflict (school_id, person_id) do update set
            upto = greatest(notice_read.upto, excluded.upto), own_upto = greatest(notice_read.own_upto, excluded.own_upto)",
        school.0,
        person.0,
        upto.0,
        &told.ids(),
        told.own(),
    )
    .execute(ctx.db())
    .await?;
    // the marks that it told of have been seen
    let (ids, now) = (told.ids(), ctx.now());
    if !ids.is_empty() {
        remember(ctx, &ids, Shown::Notices(upto), now).await?;
    }
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

/// What the actor wants to be told, child by child; staff: of their own work.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here.
pub async fn choices(ctx: &mut Ctx) -> Done<Vec<OfChild>> {
    let told = told(ctx)?;
    let ids = told.ids();
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
         where school_id = $1 and person_id = $2 and (pupil_id = any ($3) or pupil_id is null)",
        school.0,
        person.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let choice = |pupil: Option<PupilId>, kind: Kind| {
        let row = rows
            .iter()
            .find(|r| r.pupil_id == pupil.map(|p| p.0) && r.kind == kind.key());
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
    let of_child = told.pupils.iter().filter_map(|pupil| {
        let name = names.iter().find(|n| n.id == pupil.0)?.first_name.clone();
        Some(OfChild {
            pupil: Some(*pupil),
            name,
            choices: Kind::ALL
                .iter()
                .filter(|kind| kind.is_for_families())
                .map(|kind| choice(Some(*pupil), *kind))
                .collect(),
        })
    });
    let own = told.own.map(|_| OfChild {
        pupil: None,
        name: String::new(),
        choices: Kind::ALL
            .iter()
            .filter(|kind| kind.is_for_staff(told.decides))
            .map(|kind| choice(None, *kind))
            .collect(),
    });
    Ok(of_child.chain(own).collect())
}

/// Opens or closes one channel for one kind about one child, or about one's own work.
///
/// # Errors
/// [`AppError::NotFound`] for a child that is not the actor's own, and for a kind that is told of children alone, or of none.
pub async fn choose(
    ctx: &mut Ctx,
    pupil: Option<PupilId>,
    kind: Kind,
    channel: Channel,
    on: bool,
) -> Done<()> {
    let told = told(ctx)?;
    if !told.holds(pupil) || !pupil.map_or(kind.is_for_staff(told.decides), |_| kind.is_for_families()) {
        return Err(AppError::NotFound.into());
    }
    let (school, person) = (ctx.school(), ctx.person());
    let new = Choice::default_of(kind).with(channel, on);
    let set = |which| (channel == which).then_some(on);
    sqlx::query!(
        "insert into notice_choice (school_id, person_id, pupil_id, kind, in_app, by_email, by_push)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint notice_choice_place_key do update set
            in_app = coalesce($8, notice_choice.in_app), by_email = coalesce($9, notice_choice.by_email),
            by_push = coalesce($10, notice_choice.by_push)",
        school.0,
        person.0,
        pupil.map(|p| p.0),
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
