//! What the browser asks of acknowledgements.

use base::{AppError, ClassId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};
use classbook_core::acknowledgement::ClassWeeks;
#[cfg(feature = "ssr")]
use classbook_core::acknowledgement::sql;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// I have seen a week of my child as it was at the moment `shown`. A plain form: it is sent back to the week, where the answer stands.
#[server(name = SignWeek, prefix = "/api", endpoint = "acknowledgement/sign")]
pub async fn sign_week(pupil: PupilId, monday: NaiveDate, shown: DateTime<Utc>) -> Result<(), AppError> {
    let outcome = match kit::server::ctx().await {
        Ok(mut ctx) => {
            let out = sql::sign(&mut ctx, pupil, monday, shown).await;
            kit::server::close(ctx, out).await
        }
        Err(error) => Err(error),
    };
    kit::server::after_form(&outcome, &format!("/diary/{pupil}/{monday}#signed"));
    outcome
}

/// Who has acknowledged which week of a class.
#[server(name = AcknowledgementsOf, prefix = "/api", endpoint = "acknowledgement/class", input = GetUrl)]
pub async fn class_weeks(class: ClassId) -> Result<ClassWeeks, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::class_weeks(&mut ctx, class).await;
    kit::server::close(ctx, out).await
}
