//! The audit journal: who, when, old → new, in the transaction of the change (ID-9).

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
    /// Writes an event.
    ///
    /// # Errors
    /// The database's.
    pub async fn audit(&mut self, event: Event<'_>) -> Done<()> {
        let (school, person, now) = (self.school(), self.person(), self.now());
        sqlx::query!(
            "insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new, op_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            school.0,
            now,
            person.0,
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
}
