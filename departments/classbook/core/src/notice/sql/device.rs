//! One's own devices: turned on, listed, turned off; and what a device asks once it was woken.

use base::AppError;
use base::sql::{Ctx, Done, Event};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

use super::own::told;
use super::row::Row;
use crate::notice::device::{AT_MOST, Device, Devices, News, Quiet, Subscription};
use crate::notice::push::{Pusher, Target};
use crate::notice::{Channel, HomeworkChange, KEPT_DAYS, Kind, Notice, said};
use crate::t;

/// So many notices are looked through for what a device shows.
const LOOKED: i64 = 20;

/// Where a device was turned on.
#[derive(Clone, Debug)]
pub struct Place {
    /// «Chrome, Android».
    pub name: String,
    /// The session.
    pub session: Option<Uuid>,
    /// Somebody else's computer.
    pub shared: bool,
}

/// What the settings show.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here.
pub async fn devices(ctx: &mut Ctx, pusher: &Pusher, shared: bool) -> Done<Devices> {
    told(ctx)?;
    let (school, person) = (ctx.school(), ctx.person());
    let devices = sqlx::query_as!(
        Device,
        r#"select id, left(encode(endpoint_hash, 'hex'), 16) as "tag!", name, made_at as since, told_at, detailed
           from push_device where school_id = $1 and person_id = $2 order by made_at desc, id limit $3"#,
        school.0,
        person.0,
        AT_MOST,
    )
    .fetch_all(ctx.db())
    .await?;
    let quiet = sqlx::query_as!(
        Quiet,
        r#"select from_hour as "from", to_hour as "to" from push_quiet where school_id = $1 and person_id = $2"#,
        school.0,
        person.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(Devices {
        key: pusher.public_key(),
        shared,
        quiet: quiet.unwrap_or_default(),
        utc_offset: ctx.actor().utc_offset,
        devices,
    })
}

/// Turns a device on, or keeps it on with another address. What happened before is not told to it.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here and where nothing is pushed, [`AppError::Invalid`] on somebody else's
/// computer, for what is no device of a public push service, and for the eleventh.
pub async fn subscribe(ctx: &mut Ctx, pusher: &Pusher, new: &Subscription, place: &Place) -> Done<Uuid> {
    let told = told(ctx)?;
    if !pusher.works() {
        return Err(AppError::NotFound.into());
    }
    let (school, person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    if place.shared {
        return Err(AppError::invalid("", t::notice_push_shared(lang)).into());
    }
    let no_device = || AppError::invalid("endpoint", t::notice_push_no_device(lang));
    let p256dh = bytes(&new.p256dh).ok_or_else(no_device)?;
    let auth = bytes(&new.auth).ok_or_else(no_device)?;
    let endpoint = pusher.endpoint(&new.endpoint).ok_or_else(no_device)?;
    // an uncompressed point of the curve: others are refused by browsers too
    if p256dh.len() != 65 || Target::new(endpoint, &p256dh, &auth).is_none() {
        return Err(no_device().into());
    }
    let hash: [u8; 32] = Sha256::digest(new.endpoint.as_bytes()).into();
    let expires = new.expires.and_then(DateTime::<Utc>::from_timestamp_millis);
    let before = match new.replaces {
        Some(id) => taken_away(ctx, id).await?,
        None => None,
    };
    let id = sqlx::query_scalar!(
        "insert into push_device (school_id, id, person_id, session_id, endpoint, endpoint_hash, p256dh, auth, name, detailed,
            made_at, expires_at, news, upto)
         select $1, $2, $3, $4, $5, $6, $7, $8, left($9, 200), $10, $11, $12, n.latest, n.latest
         from (select coalesce(max(o.id), 0) as latest from notice o
               where o.school_id = $1 and (o.pupil_id = any ($13) or o.person_id = $15)) n
         where (select count(*) from push_device d
                where d.school_id = $1 and d.person_id = $3 and d.endpoint_hash <> $6) < $14
         on conflict (school_id, person_id, endpoint_hash) do update set
            session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth, name = excluded.name,
            expires_at = excluded.expires_at, failures = 0, retry_at = null
         returning id",
        school.0,
        Uuid::new_v4(),
        person.0,
        place.session,
        new.endpoint,
        hash.as_slice(),
        p256dh,
        auth,
        place.name,
        before.unwrap_or_default(),
        now,
        expires,
        &told.ids(),
        AT_MOST,
        told.own(),
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| AppError::invalid("", t::notice_push_too_many(lang, AT_MOST)))?;
    audit(ctx, "push.on", id, &place.name).await?;
    Ok(id)
}

/// Takes one of the actor's devices away, if it is there; whether it was one that shows what happened.
async fn taken_away(ctx: &mut Ctx, id: Uuid) -> Done<Option<bool>> {
    let (school, person) = (ctx.school(), ctx.person());
    Ok(sqlx::query_scalar!(
        "delete from push_device where school_id = $1 and id = $2 and person_id = $3 returning detailed",
        school.0,
        id,
        person.0,
    )
    .fetch_optional(ctx.db())
    .await?)
}

/// Turns a device off.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not the actor's own.
pub async fn unsubscribe(ctx: &mut Ctx, device: Uuid) -> Done<()> {
    told(ctx)?;
    taken_away(ctx, device).await?.ok_or(AppError::NotFound)?;
    audit(ctx, "push.off", device, "").await
}

/// Whether a device shows what happened.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not the actor's own.
pub async fn show(ctx: &mut Ctx, device: Uuid, detailed: bool) -> Done<()> {
    told(ctx)?;
    let (school, person) = (ctx.school(), ctx.person());
    let done = sqlx::query!(
        "update push_device set detailed = $4 where school_id = $1 and id = $2 and person_id = $3",
        school.0,
        device,
        person.0,
        detailed,
    )
    .execute(ctx.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(AppError::NotFound.into());
    }
    Ok(())
}

/// Sets the quiet hours.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here, [`AppError::Invalid`] for what is no hour.
pub async fn set_quiet(ctx: &mut Ctx, quiet: Quiet) -> Done<()> {
    told(ctx)?;
    if !quiet.is_plausible() {
        return Err(AppError::invalid("from", t::notice_hour_wrong(ctx.lang())).into());
    }
    let (school, person) = (ctx.school(), ctx.person());
    sqlx::query!(
        "insert into push_quiet (school_id, person_id, from_hour, to_hour) values ($1, $2, $3, $4)
         on conflict (school_id, person_id) do update set from_hour = excluded.from_hour, to_hour = excluded.to_hour",
        school.0,
        person.0,
        quiet.from,
        quiet.to,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// What a device of the actor's was woken for: where a tap leads, and the words, if its owner wants to see them.
///
/// # Errors
/// [`AppError::NotFound`] for a device that is not the actor's own.
pub async fn news(ctx: &mut Ctx, device: Uuid) -> Done<News> {
    let told = told(ctx)?;
    let (school, person, lang) = (ctx.school(), ctx.person(), ctx.lang());
    let detailed = sqlx::query_scalar!(
        "select detailed from push_device where school_id = $1 and id = $2 and person_id = $3",
        school.0,
        device,
        person.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let by_default: Vec<String> = Kind::by_default_in(Channel::Push);
    let since = ctx.now() - Duration::days(KEPT_DAYS);
    let rows = sqlx::query_as!(
        Row,
        r#"select n.id as "id!", n.pupil_id, n.first_name, n.kind as "kind!", n.at as "at!", n.assignment_id, n.load_id, n.lesson_id,
            n.old, n.new, n.change as "change: Json<HomeworkChange>", n.subject, n.date, n.until, n.about_pupil_id, n.class_id, n.period_mark_id, true as "unread!"
           from told_notice n
           left join notice_choice c on c.school_id = $1 and c.person_id = $2 and c.pupil_id is not distinct from n.pupil_id and c.kind = n.kind
           where n.school_id = $1 and (n.pupil_id = any ($3) or n.person_id = $7) and n.at > $4
             and coalesce(c.by_push, n.kind = any ($5::text[]))
             and n.id > coalesce((select case when n.pupil_id is null then r.own_upto else r.upto end
                    from notice_read r where r.school_id = $1 and r.person_id = $2), 0)
           order by n.id desc limit $6"#,
        school.0,
        person.0,
        &told.ids(),
        since,
        &by_default,
        LOOKED,
        told.own(),
    )
    .fetch_all(ctx.db())
    .await?;
    let notices: Vec<Notice> = rows.into_iter().filter_map(Row::notice).collect();
    Ok(News::of(&notices, told.several(), detailed, lang))
}

impl News {
    /// Of notices, the newest first: one child's lead to its diary, several children's to the list.
    fn of(notices: &[Notice], several: bool, detailed: bool, lang: base::Lang) -> Self {
        let Some(latest) = notices.first() else {
            return Self {
                href: "/notices".to_owned(),
                text: None,
            };
        };
        let of_one = notices.iter().all(|n| n.pupil == latest.pupil);
        let href = if of_one {
            latest.href()
        } else {
            "/notices".to_owned()
        };
        let text = detailed.then(|| {
            let mut text = String::new();
            if several {
                text.push_str(&format!("{}. ", latest.child));
            }
            if let Some(subject) = &latest.subject {
                text.push_str(&format!("{subject}: "));
            }
            text.push_str(&said(latest, lang).replace('\n', " "));
            let more = i64::try_from(notices.len()).unwrap_or(i64::MAX) - 1;
            if more > 0 {
                text.push('\n');
                text.push_str(&t::notice_push_more(lang, more));
            }
            text
        });
        Self { href, text }
    }
}

async fn audit(ctx: &mut Ctx, action: &'static str, id: Uuid, name: &str) -> Done<()> {
    ctx.audit(Event {
        action,
        entity: "push_device",
        key: id.to_string(),
        old: None,
        new: (!name.is_empty()).then(|| json!({ "device": name })),
        op: None,
    })
    .await
}

/// Base64url, with or without its end.
fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.len() > 128 {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Lang, NoticeId, PupilId};

    fn notice(id: i64, pupil: i64, kind: Kind) -> Notice {
        Notice {
            id: NoticeId(id),
            pupil: Some(PupilId(pupil)),
            child: if pupil == 1 { "Артём" } else { "Полина" }.into(),
            about: None,
            kind,
            at: DateTime::UNIX_EPOCH,
            subject: Some("Алгебра".into()),
            date: "2026-11-16".parse().ok(),
            until: None,
            assignment: None,
            lesson: None,
            period_mark: None,
            load: None,
            class: None,
            old: Some("3".into()),
            new: Some("4".into()),
            change: None,
            unread: true,
        }
    }

    #[test]
    fn a_tap_leads_to_the_right_child() {
        let one = [notice(2, 1, Kind::MarkChanged), notice(1, 1, Kind::Homework)];
        let news = News::of(&one, true, true, Lang::Ru);
        assert_eq!(news.href, "/diary/1/2026-11-16");
        assert_eq!(
            news.text.as_deref(),
            Some("Артём. Алгебра: Отметка исправлена: 3 → 4\nИ ещё 1 новость")
        );
        let two = [notice(2, 1, Kind::MarkChanged), notice(1, 2, Kind::MarkChanged)];
        let news = News::of(&two, true, false, Lang::Ru);
        assert_eq!(
            (news.href.as_str(), news.text),
            ("/notices", None),
            "who shows nothing is told nothing"
        );
        assert_eq!(News::of(&[], true, true, Lang::Ru).href, "/notices");
    }
}
