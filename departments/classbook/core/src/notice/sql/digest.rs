//! The letter of the day: to each confirmed address once a day, at its owner's hour by the school's clock, if anything happened that
//! they want by letter.
//!
//! The row is held while its letter is on the way, and what it told is written with it: a server that dies before the letter was taken
//! has told nothing, and the next one tells it. A letter that no server takes is tried again each quarter of an hour, eight times.

use base::sql::{Store, Task, to_app};
use base::{AppError, Lang, SchoolId};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::row::Row;
use crate::notice::letter::letter;
use crate::notice::mail::Mailer;
use crate::notice::{Channel, HomeworkChange, Kind, Notice};

/// Between two tries.
const AGAIN: Duration = Duration::minutes(15);
/// So often a day's letter is tried.
const TRIES: i16 = 8;
/// So many letters in one look.
const BATCH: i64 = 200;
/// So many notices in one letter.
const LINES: i64 = 100;
/// Nothing older is told by letter.
const FRESH: Duration = Duration::days(3);

/// Somebody whose hour has come.
struct Due {
    school: SchoolId,
    person: i64,
    today: NaiveDate,
}

/// Sends the letters whose hour has come. How many went out.
///
/// # Errors
/// The database's. A letter that was not taken is no error.
pub async fn send(store: &Store, mailer: &Mailer, now: DateTime<Utc>) -> Result<u32, AppError> {
    if !mailer.works() {
        return Ok(0);
    }
    let mut sent = 0;
    for due in due(store, now).await? {
        if one(store, mailer, &due, now).await? {
            sent += 1;
        }
    }
    Ok(sent)
}

async fn due(store: &Store, now: DateTime<Utc>) -> Result<Vec<Due>, AppError> {
    let mut tx = store.task(Task::Job, None).await?;
    let rows = sqlx::query!(
        r#"select e.school_id, e.person_id, ($1 at time zone o.time_zone)::date as "today!"
           from notice_email e join organisation o on o.id = e.school_id
           where e.confirmed_at is not null and extract(hour from $1 at time zone o.time_zone) >= e.hour
             and (e.sent_on is null or e.sent_on < ($1 at time zone o.time_zone)::date)
             and (e.retry_at is null or e.retry_at <= $1)
           order by e.hour, e.person_id limit $2"#,
        now,
        BATCH,
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(rows
        .into_iter()
        .map(|r| Due {
            school: SchoolId(r.school_id),
            person: r.person_id,
            today: r.today,
        })
        .collect())
}

/// The letter of one person; whether one went out.
async fn one(store: &Store, mailer: &Mailer, due: &Due, now: DateTime<Utc>) -> Result<bool, AppError> {
    let mut tx = store.task(Task::Job, Some(due.school)).await?;
    let row = sqlx::query!(
        "select address, language, upto, failures from notice_email
         where school_id = $1 and person_id = $2 and confirmed_at is not null and (sent_on is null or sent_on < $3)
         for update skip locked",
        due.school.0,
        due.person,
        due.today,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    // another server has it, or it was given up a moment ago
    let Some(row) = row else {
        return Ok(false);
    };
    let notices = notices(&mut tx, due, row.upto, now).await.map_err(fault)?;
    let lang = Lang::from_code(&row.language).unwrap_or_default();
    let upto = notices.iter().map(|n| n.id.0).max().unwrap_or(row.upto);
    let mut went = false;
    if !notices.is_empty() {
        let (subject, text) = letter(
            &notices,
            &mailer.link("/notices"),
            &mailer.link("/notices/settings"),
            lang,
        );
        went = mailer.send(&row.address, &subject, text).await.is_ok();
        if !went {
            let given_up = row.failures + 1 >= TRIES;
            sqlx::query!(
                "update notice_email set failures = case when $4 then 0 else failures + 1 end, retry_at = $3,
                    sent_on = case when $4 then $5 else sent_on end
                 where school_id = $1 and person_id = $2",
                due.school.0,
                due.person,
                now + AGAIN,
                given_up,
                due.today,
            )
            .execute(&mut *tx)
            .await
            .map_err(fault)?;
            tx.commit().await.map_err(fault)?;
            return Ok(false);
        }
    }
    sqlx::query!(
        "update notice_email set sent_on = $3, upto = $4, failures = 0, retry_at = null where school_id = $1 and person_id = $2",
        due.school.0,
        due.person,
        due.today,
        upto,
    )
    .execute(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(went)
}

/// What this person wants by letter, of the children that are theirs on this day, and of their own lessons.
async fn notices(
    db: &mut PgConnection,
    due: &Due,
    upto: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Notice>> {
    let by_default = Kind::by_default_in(Channel::Email);
    let rows = sqlx::query_as!(
        Row,
        r#"select n.id as "id!", n.pupil_id, n.first_name, n.kind as "kind!", n.at as "at!", n.assignment_id, n.load_id, n.lesson_id,
            n.old, n.new, n.change as "change: Json<HomeworkChange>", n.subject, n.date, n.until, n.about_pupil_id, n.class_id, n.period_mark_id, true as "unread!"
           from told_notice n
           left join pupil p on p.school_id = $1 and p.id = n.pupil_id
           left join notice_choice c on c.school_id = $1 and c.person_id = $2 and c.pupil_id is not distinct from n.pupil_id and c.kind = n.kind
           where n.school_id = $1 and n.id > $3 and n.at > $4 and coalesce(c.by_email, n.kind = any ($6::text[]))
             and exists (select from account a where a.person_id = $2 and a.disabled_at is null)
             and ($2 in (n.person_id, p.person_id) or exists (
                select from guardianship g where g.guardian_id = $2 and g.ward_id = p.person_id
                    and $5 between g.valid_from and coalesce(g.valid_to, 'infinity')))
           order by n.id limit $7"#,
        due.school.0,
        due.person,
        upto,
        now - FRESH,
        due.today,
        &by_default,
        LINES,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(Row::notice).collect())
}

fn fault(error: sqlx::Error) -> AppError {
    to_app(error.into(), Lang::default())
}
