//! What a calendar program gets: found by the address's hash, drawn as the person who made it, counted.
//!
//! An address is dead when it was revoked, when its account was disabled, and when its maker is not the pupil or a guardian of theirs
//! any more; all three are «not found». It survives a change of the password: it opens nothing but these lessons.

use std::collections::BTreeMap;

use access_core::sessions::Token;
use base::rights::{Actor, Role};
use base::sql::{Ctx, Done, Store, Task, to_app};
use base::{AccountId, AppError, Lang, PersonId, PupilId, SchoolId};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::diary::sql::calendar_days;
use crate::diary::{Child, Day, Weeks};
use crate::feed::calendar::{self, Stamp};

/// Weeks before this one.
const BACK: u64 = 2;
/// Weeks after this one.
const AHEAD: u64 = 5;
/// So often an address may be asked for within [`WINDOW`].
pub const USES: i32 = 30;
/// The span in which uses are counted.
pub const WINDOW: Duration = Duration::minutes(10);
/// Changes with what a calendar is made like, so that no program keeps the look of an older server.
const FORM: u8 = 3;
/// So long is kept what an event was that is handed out no longer: it may come back.
const KEPT: Duration = Duration::days(90);

/// A calendar, or that the program has it already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its entity tag, with the quotes.
    pub etag: String,
    /// Since when it is so.
    pub since: DateTime<Utc>,
    /// The text; none when the program named this tag.
    pub text: Option<String>,
}

/// A living address.
struct Found {
    school: SchoolId,
    id: Uuid,
    pupil: PupilId,
    actor: Actor,
    lang: Lang,
    time_zone: String,
    monday: NaiveDate,
    today: NaiveDate,
    offsets: Vec<i32>,
    content: Option<(Vec<u8>, DateTime<Utc>)>,
    uses: i32,
    wait: i32,
}

/// The calendar of an address. `known`: an `If-None-Match` as the program sent it.
///
/// # Errors
/// [`AppError::NotFound`] for what is no living address, [`AppError::TooMany`] for one that is asked for without end.
pub async fn calendar(
    store: &Store,
    weeks: &Weeks,
    token: &str,
    known: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Answer, AppError> {
    let token = Token::parse(token).ok_or(AppError::NotFound)?;
    let found = find(store, &token.hash(), now).await?.ok_or(AppError::NotFound)?;
    if found.uses >= USES {
        return Err(AppError::TooMany {
            retry_after: u32::try_from(found.wait.max(1)).unwrap_or(1),
        });
    }
    let mut ctx = store.begin(found.actor.clone(), now, found.lang).await?;
    let until = found
        .monday
        .checked_add_days(Days::new(7 * (BACK + 1 + AHEAD) - 1));
    let span = (found.monday, until.unwrap_or(found.monday), found.today);
    let out = days_with_stamps(&mut ctx, weeks, &found, span, now).await;
    let (child, days, stamps) = ctx.close(out).await?;

    let hash = hash(&found, &child, &days);
    let since = match &found.content {
        Some((before, since)) if before.as_slice() == hash.as_slice() => *since,
        _ => now,
    };
    count(store, &found, &hash, since, now).await?;
    let etag = format!("\"{}\"", hex(hash.get(..16).unwrap_or_default()));
    let has_it = known.is_some_and(|known| matches(known, &etag));
    let text = (!has_it).then(|| {
        let frame = calendar::Frame {
            school: found.school,
            stamps: &stamps,
            child: &child,
            time_zone: &found.time_zone,
            offsets: &found.offsets,
            since,
            lang: found.lang,
        };
        calendar::text(&days, &frame)
    });
    Ok(Answer { etag, since, text })
}

/// The days, and since when each of their events is what it is.
async fn days_with_stamps(
    ctx: &mut Ctx,
    weeks: &Weeks,
    found: &Found,
    span: (NaiveDate, NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Done<(Child, Vec<Day>, BTreeMap<String, Stamp>)> {
    let (child, days) = calendar_days(ctx, weeks, found.pupil, span).await?;
    let days = calendar::told(days);
    let events = calendar::events(&days, &found.offsets, found.school, found.pupil);
    let (uids, hashes): (Vec<String>, Vec<Vec<u8>>) = events.into_iter().unzip();
    let rows = sqlx::query!(
        r#"with given as (
            select g.uid, g.hash from unnest($3::text[], $4::bytea[]) g (uid, hash)
        ),
        put as (
            insert into calendar_event as e (school_id, pupil_id, uid, content_hash, sequence, changed_at)
            select $1, $2, g.uid, g.hash, 0, $5 from given g
            on conflict (school_id, pupil_id, uid) do update set content_hash = excluded.content_hash, sequence = e.sequence + 1,
                changed_at = excluded.changed_at
                where e.content_hash <> excluded.content_hash
            returning e.uid, e.sequence, e.changed_at
        ),
        gone as (
            delete from calendar_event e where e.school_id = $1 and e.pupil_id = $2 and e.changed_at < $6 and e.uid <> all ($3)
        )
        select uid as "uid!", sequence as "sequence!", changed_at as "changed_at!" from put
        union all
        select e.uid, e.sequence, e.changed_at
        from calendar_event e join given g on g.uid = e.uid and g.hash = e.content_hash
        where e.school_id = $1 and e.pupil_id = $2"#,
        found.school.0,
        found.pupil.0,
        &uids,
        &hashes,
        now,
        now - KEPT,
    )
    .fetch_all(ctx.db())
    .await?;
    let stamps = rows.into_iter().map(|r| {
        let stamp = Stamp {
            sequence: r.sequence,
            at: r.changed_at,
        };
        (r.uid, stamp)
    });
    Ok((child, days, stamps.collect()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Does an `If-None-Match` name this tag? A weak comparison, as RFC 9110 asks of it.
fn matches(known: &str, etag: &str) -> bool {
    known.trim() == "*"
        || known
            .split(',')
            .any(|one| one.trim().trim_start_matches("W/") == etag)
}

fn hash(found: &Found, child: &Child, days: &[Day]) -> [u8; 32] {
    let all = (
        FORM,
        found.id,
        found.lang.code(),
        &found.time_zone,
        &found.offsets,
        child,
        days,
    );
    // what has been read from our own types can be written
    Sha256::digest(serde_json::to_vec(&all).unwrap_or_default()).into()
}

async fn find(store: &Store, hash: &[u8; 32], now: DateTime<Utc>) -> Result<Option<Found>, AppError> {
    let mut tx = store.task(Task::Session, None).await?;
    let days = i32::try_from(7 * (BACK + 1 + AHEAD) - 1).unwrap_or(0);
    let back = i32::try_from(7 * BACK).unwrap_or(0);
    let row = sqlx::query!(
        r#"select f.school_id, f.id, f.pupil_id, f.person_id, f.language, f.content_hash, f.content_at, a.id as account,
            u.person_id = f.person_id as "oneself!", o.time_zone, d.today as "today!", d.monday as "monday!",
            extract(epoch from ($2 at time zone o.time_zone) - ($2 at time zone 'UTC'))::int as "utc_offset!",
            case when f.window_at > $3 then f.window_uses else 0 end as "uses!",
            case when f.window_at > $3 then extract(epoch from f.window_at - $3)::int else 0 end as "wait!",
            (select array_agg(extract(epoch from (n at time zone 'UTC') - (n at time zone o.time_zone))::int order by n)
             from generate_series(d.monday + interval '12 hours', d.monday + interval '12 hours' + make_interval(days => $4),
                                  interval '1 day') n) as "offsets!: Vec<i32>"
           from calendar_feed f
           join organisation o on o.id = f.school_id
           join pupil u on u.school_id = f.school_id and u.id = f.pupil_id
           join account a on a.person_id = f.person_id and a.disabled_at is null
           cross join lateral (
                select t.today, (date_trunc('week', t.today)::date - $5::int) as monday
                from (select ($2 at time zone o.time_zone)::date as today) t) d
           where f.token_hash = $1 and f.revoked_at is null
             and (u.person_id = f.person_id or exists (
                select from guardianship g where g.guardian_id = f.person_id and g.ward_id = u.person_id
                    and d.today between g.valid_from and coalesce(g.valid_to, 'infinity')))"#,
        hash.as_slice(),
        now,
        now - WINDOW,
        days,
        back,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(row.map(|r| {
        let pupil = PupilId(r.pupil_id);
        let role = if r.oneself {
            Role::Pupil { pupil }
        } else {
            Role::Guardian { pupils: vec![pupil] }
        };
        let school = SchoolId(r.school_id);
        Found {
            school,
            id: r.id,
            pupil,
            actor: Actor {
                person: PersonId(r.person_id),
                account: AccountId(r.account),
                school,
                role,
                grants: Vec::new(),
                must_change_password: false,
                utc_offset: r.utc_offset,
            },
            lang: Lang::from_code(&r.language).unwrap_or_default(),
            time_zone: r.time_zone,
            monday: r.monday,
            today: r.today,
            offsets: r.offsets,
            content: r.content_hash.zip(r.content_at),
            uses: r.uses,
            wait: r.wait,
        }
    }))
}

/// Writes down that it was used, and what was handed out.
async fn count(
    store: &Store,
    found: &Found,
    hash: &[u8; 32],
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let mut tx = store.task(Task::Session, Some(found.school)).await?;
    sqlx::query!(
        "update calendar_feed set last_used_at = $3, content_hash = $4, content_at = $5,
            window_uses = case when window_at > $6 then window_uses + 1 else 1 end,
            window_at = case when window_at > $6 then window_at else $3 end
         where school_id = $1 and id = $2",
        found.school.0,
        found.id,
        now,
        hash.as_slice(),
        since,
        now - WINDOW,
    )
    .execute(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)
}

fn fault(error: sqlx::Error) -> AppError {
    to_app(error.into(), Lang::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_names_what_it_has() {
        let etag = "\"abc\"";
        for known in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
            assert!(matches(known, etag), "{known}");
        }
        for known in ["\"abd\"", "", "abc", "\"ab\",\"c\""] {
            assert!(!matches(known, etag), "{known}");
        }
    }
}
