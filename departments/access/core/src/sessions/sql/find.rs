//! Finding out who asks: one statement.

use base::sql::{Store, Task};
use base::{AccountId, AppError, Lang, PersonId};
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Known, fault};
use crate::positions::{Facts, PupilFact, StaffFact};
use crate::sessions::Span;

/// Whose token is this? `None`: nobody's, ended, expired, its account disabled.
///
/// # Errors
/// [`AppError::Unavailable`] when the database does not answer.
pub async fn find(store: &Store, hash: [u8; 32], now: DateTime<Utc>) -> Result<Option<Known>, AppError> {
    let fault = fault(Lang::default());
    let mut tx = store.task(Task::Session, None).await?;
    // «today» is each school's own; a child is shown while enrolled and four months after, so that a summer between
    // two classes or a change of school hides nothing from the family
    let row = sqlx::query!(
        r#"select s.id, s.active_position, s.last_seen_at, s.expires_at, s.idle_seconds,
            a.id as account_id, a.person_id, a.login, a.must_change_password, a.language, a.theme,
            p.last_name, p.first_name, p.middle_name,
            (select coalesce(jsonb_agg(jsonb_build_object(
                'school', o.id, 'school_name', o.short_name,
                'utc_offset', extract(epoch from ($2::timestamptz at time zone o.time_zone) - ($2::timestamptz at time zone 'UTC'))::int,
                'appointment', t.id, 'employee', e.id, 'title', q.title, 'template', q.template,
                'grants', (select coalesce(jsonb_agg(jsonb_build_array(r.resource, r.action, r.reach)), '[]')
                           from position_permission r where r.school_id = t.school_id and r.position_id = t.position_id)
                ) order by t.school_id, t.id), '[]')
             from employee e
             join organisation o on o.id = e.school_id
             join appointment t on t.school_id = e.school_id and t.employee_id = e.id
             join position q on q.school_id = t.school_id and q.id = t.position_id
             where e.person_id = a.person_id
               and ($2 at time zone o.time_zone)::date between t.valid_from and coalesce(t.valid_to, 'infinity')
            ) as "staff!: Json<Vec<StaffFact>>",
            (select coalesce(jsonb_agg(f.fact order by f.born, f.pupil), '[]')
             from (
                select c.birth_date as born, u.id as pupil, jsonb_build_object(
                    'school', o.id, 'school_name', o.short_name,
                    'utc_offset', extract(epoch from ($2 at time zone o.time_zone) - ($2 at time zone 'UTC'))::int,
                    'pupil', u.id, 'first_name', c.first_name, 'last_name', c.last_name, 'class', n.class) as fact
                from guardianship g
                join person c on c.id = g.ward_id
                join pupil u on u.person_id = g.ward_id
                join organisation o on o.id = u.school_id
                left join lateral (
                    select k.name as class, m.ends_on from enrolment m
                    join class k on k.school_id = m.school_id and k.id = m.class_id
                    where m.school_id = u.school_id and m.pupil_id = u.id
                      and m.starts_on <= ($2 at time zone o.time_zone)::date
                    order by m.starts_on desc limit 1) n on true
                where g.guardian_id = a.person_id
                  and ($2 at time zone o.time_zone)::date between g.valid_from and coalesce(g.valid_to, 'infinity')
                  and coalesce(n.ends_on, 'infinity') > ($2 at time zone o.time_zone)::date - 120) f
            ) as "children!: Json<Vec<PupilFact>>",
            (select coalesce(jsonb_agg(f.fact order by f.pupil), '[]')
             from (
                select u.id as pupil, jsonb_build_object(
                    'school', o.id, 'school_name', o.short_name,
                    'utc_offset', extract(epoch from ($2 at time zone o.time_zone) - ($2 at time zone 'UTC'))::int,
                    'pupil', u.id, 'first_name', p.first_name, 'last_name', p.last_name, 'class', n.class) as fact
                from pupil u
                join organisation o on o.id = u.school_id
                left join lateral (
                    select k.name as class, m.ends_on from enrolment m
                    join class k on k.school_id = m.school_id and k.id = m.class_id
                    where m.school_id = u.school_id and m.pupil_id = u.id
                      and m.starts_on <= ($2 at time zone o.time_zone)::date
                    order by m.starts_on desc limit 1) n on true
                where u.person_id = a.person_id
                  and coalesce(n.ends_on, 'infinity') > ($2 at time zone o.time_zone)::date - 120) f
            ) as "pupils!: Json<Vec<PupilFact>>"
           from session s
           join account a on a.id = s.account_id
           join person p on p.id = a.person_id
           where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2 and a.disabled_at is null"#,
        &hash,
        now,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(&fault)?;
    tx.commit().await.map_err(&fault)?;
    Ok(row.and_then(|r| {
        let span = Span {
            last_seen: r.last_seen_at,
            expires: r.expires_at,
            idle: r.idle_seconds,
        };
        let facts = Facts {
            account: AccountId(r.account_id),
            person: PersonId(r.person_id),
            name: (r.last_name, r.first_name, r.middle_name),
            login: r.login,
            must_change_password: r.must_change_password,
            staff: r.staff.0,
            children: r.children.0,
            pupils: r.pupils.0,
        };
        let active = facts.active(r.active_position.as_deref());
        let lang = r.language.as_deref().and_then(Lang::from_code);
        span.alive(now).then_some(Known {
            session: r.id,
            span,
            facts,
            active,
            lang,
            theme: r.theme,
        })
    }))
}

/// Writes down that a session was used.
///
/// # Errors
/// [`AppError::Unavailable`] when the database does not answer.
pub async fn touch(store: &Store, session: Uuid, now: DateTime<Utc>) -> Result<(), AppError> {
    let fault = fault(Lang::default());
    let mut tx = store.task(Task::Session, None).await?;
    sqlx::query!(
        "update session set last_seen_at = $2 where id = $1 and last_seen_at < $2",
        session,
        now
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    tx.commit().await.map_err(&fault)
}
