//! What a family does with its addresses. Staff have none, not even of a class they lead: an address outlives a position.

use access_core::sessions::Token;
use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, PupilId};
use serde_json::json;
use uuid::Uuid;

use crate::diary::Child;
use crate::feed::{AT_MOST, Feed, Feeds, Made};
use crate::t;

/// A family's own child, or nothing at all.
fn own(ctx: &Ctx, pupil: PupilId) -> Result<(), AppError> {
    let own = ctx.actor().role.family().is_some_and(|own| own.contains(&pupil));
    ctx.must(
        Action::View,
        &Resource {
            kind: Kind::Diary,
            school: ctx.school(),
            own,
            own_class: false,
        },
    )?;
    if own { Ok(()) } else { Err(AppError::NotFound) }
}

/// The addresses that the actor has made for a child and that still work.
///
/// # Errors
/// [`AppError::NotFound`] for a child that is not the actor's own.
pub async fn feeds(ctx: &mut Ctx, pupil: PupilId) -> Done<Feeds> {
    own(ctx, pupil)?;
    let (school, person, today) = (ctx.school(), ctx.person(), ctx.today());
    let child = sqlx::query!(
        r#"select n.first_name, n.last_name,
            (select c.name from enrolment e join class c on c.school_id = $1 and c.id = e.class_id
             where e.school_id = $1 and e.pupil_id = p.id and e.starts_on <= $3 and (e.ends_on is null or e.ends_on >= $3)) as class
           from pupil p join person n on n.id = p.person_id where p.school_id = $1 and p.id = $2"#,
        school.0,
        pupil.0,
        today,
    )
    .fetch_one(ctx.db())
    .await?;
    let feeds = sqlx::query_as!(
        Feed,
        "select id, made_at, last_used_at from calendar_feed
         where school_id = $1 and pupil_id = $2 and person_id = $3 and revoked_at is null order by made_at desc, id",
        school.0,
        pupil.0,
        person.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(Feeds {
        viewer: person,
        child: Child {
            pupil,
            first_name: child.first_name,
            last_name: child.last_name,
            class: child.class,
        },
        children: ctx.actor().role.family().unwrap_or_default().to_vec(),
        utc_offset: ctx.actor().utc_offset,
        feeds,
    })
}

/// Makes an address of `secret`, 256 bits that nobody else knows.
///
/// # Errors
/// [`AppError::NotFound`] for a child that is not the actor's own, [`AppError::Invalid`] when there are too many already.
pub async fn make(ctx: &mut Ctx, pupil: PupilId, secret: [u8; 32]) -> Done<Made> {
    own(ctx, pupil)?;
    let (school, person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    let token = Token::new(secret);
    let id = Uuid::new_v4();
    let hash = token.hash();
    // one statement counts and writes; two at the same moment may pass the bound by one, which harms nobody
    let made = sqlx::query!(
        "insert into calendar_feed (school_id, id, pupil_id, person_id, token_hash, language, made_at)
         select $1, $2, $3, $4, $5, $6, $7
         where (select count(*) from calendar_feed f
                where f.school_id = $1 and f.pupil_id = $3 and f.person_id = $4 and f.revoked_at is null) < $8",
        school.0,
        id,
        pupil.0,
        person.0,
        hash.as_slice(),
        lang.code(),
        now,
        AT_MOST,
    )
    .execute(ctx.db())
    .await?;
    if made.rows_affected() == 0 {
        return Err(AppError::invalid("", t::feed_too_many(lang, AT_MOST)).into());
    }
    ctx.audit(Event {
        action: "feed.made",
        entity: "feed",
        key: id.to_string(),
        old: None,
        new: Some(json!({ "pupil": pupil })),
        op: None,
    })
    .await?;
    Ok(Made {
        id,
        path: format!("/feed/{}.ics", token.text()),
    })
}

/// Ends an address: whoever asks for it from now on finds nothing.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not the actor's own, or has ended.
pub async fn revoke(ctx: &mut Ctx, feed: Uuid) -> Done<()> {
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    // the family's wall lies around it as well: of another child nothing is found
    let pupil = sqlx::query_scalar!(
        "select pupil_id from calendar_feed
         where school_id = $1 and id = $2 and person_id = $3 and revoked_at is null for update",
        school.0,
        feed,
        person.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .map(PupilId)
    .ok_or(AppError::NotFound)?;
    own(ctx, pupil)?;
    sqlx::query!(
        "update calendar_feed set revoked_at = $3 where school_id = $1 and id = $2",
        school.0,
        feed,
        now,
    )
    .execute(ctx.db())
    .await?;
    ctx.audit(Event {
        action: "feed.revoked",
        entity: "feed",
        key: feed.to_string(),
        old: Some(json!({ "pupil": pupil })),
        new: None,
        op: None,
    })
    .await
}

/// What an address is made of.
///
/// # Errors
/// [`AppError::Unavailable`] when the system has no randomness.
pub fn secret() -> Result<[u8; 32], AppError> {
    access_core::random()
}
