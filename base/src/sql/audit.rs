//! The audit journal: who, when, old → new, in the transaction of the change (ID-9).
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use serde_json::Value;
use uuid::Uuid;

use super::{Ctx, Done};

/// One change to keep.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// What was done: «mark.set», «timetable.published».
    pub action: &'a str,
    /// To what: «mark», «lesson».
    pub entity: &'a str,
    /// Its key inside the school.
    pub key: String,
    /// Before; `None` for a new thing.
    pub old: Option<Value>,
    /// After; `None` for a removed one.
    pub new: Option<Value>,
    /// The client's id of the act, where it has one.
    pub op: Option<Uuid>,
}

impl Ctx {
    /// Who is written down: nobody for the operator at the terminal, who is no person of the school.
    fn writer(&self) -> Option<i64> {
        Some(self.person().0).filter(|id| *id > 0)
    }

    /// Writes an event.
    ///
    /// # Errors
    /// The database's.
    pub async fn audit(&mut self, event: Event<'_>) -> Done<()> {
        let (school, person, now) = (self.school(), self.writer(), self.now());
        sqlx::query!(
            "insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new, op_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            school.0,
            now,
            person,
            event.action,
            event.entity,
            event.key,
            event.old,
            event.new,
            event.op,
        )
        .execute(self.db())
        .await?;
        Ok(())
    }

    /// Writes the events of one act on many things, in their order and in one statement. Acts of this kind have no id of
    /// the client's, so `op` is not kept.
    ///
    /// # Errors
    /// The database's.
    pub async fn audit_all(&mut self, events: &[Event<'_>]) -> Done<()> {
        if events.is_empty() {
            return Ok(());
        }
        let (school, person, now) = (self.school(), self.writer(), self.now());
        let words = |of: fn(&Event<'_>) -> String| events.iter().map(of).collect::<Vec<_>>();
        let actions = words(|e| e.action.to_owned());
        let entities = words(|e| e.entity.to_owned());
        let keys = words(|e| e.key.clone());
        let old: Vec<Option<Value>> = events.iter().map(|e| e.old.clone()).collect();
        let new: Vec<Option<Value>> = events.iter().map(|e| e.new.clone()).collect();
        sqlx::query!(
            "insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new)
             select $1, $2, $3, e.action, e.entity, e.key, e.old, e.new
             from unnest($4::text[], $5::text[], $6::text[], $7::jsonb[], $8::jsonb[])
                with ordinality e (action, entity, key, old, new, n) order by e.n",
            school.0,
            now,
            person,
            &actions,
            &entities,
            &keys,
            &old as &[Option<Value>],
            &new as &[Option<Value>],
        )
        .execute(self.db())
        .await?;
        Ok(())
    }
}
