//! Server functions. Every change says what the person saw; on top of somebody's newer one it is refused.

use base::{AppError, ClassId, RequirementId, RoomId, SubjectId};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use study_core::requirement::{Hours, Requirement, Sheet, Terms, Who};

/// Everything that the page shows.
#[server(name = SheetOf, prefix = "/api", endpoint = "requirement/sheet", input = GetUrl)]
pub async fn sheet() -> Result<Sheet, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::requirement::sql::sheet(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// Somebody's hours, in place of those that were seen.
#[server(name = SaveHours, prefix = "/api", endpoint = "requirement/save_hours", input = Json)]
pub async fn save_hours(who: Who, seen: Hours, hours: Hours) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::requirement::sql::save_hours(&mut ctx, who, &seen, &hours).await;
    kit::server::close(ctx, out).await
}

/// A requirement: a new one, or in place of the revision that was seen.
#[server(name = SaveRequirement, prefix = "/api", endpoint = "requirement/save", input = Json)]
pub async fn save(at: Option<(RequirementId, i32)>, terms: Terms) -> Result<Requirement, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::requirement::sql::save(&mut ctx, at, terms).await;
    kit::server::close(ctx, out).await
}

/// A requirement goes away, if it still is of the revision that was seen.
#[server(name = RemoveRequirement, prefix = "/api", endpoint = "requirement/remove", input = Json)]
pub async fn remove(id: RequirementId, revision: i32) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::requirement::sql::remove(&mut ctx, id, revision).await;
    kit::server::close(ctx, out).await
}

/// The home room of a class.
#[server(name = SaveHomeRoom, prefix = "/api", endpoint = "requirement/save_home_room", input = Json)]
pub async fn save_home_room(
    class: ClassId,
    seen: Option<RoomId>,
    room: Option<RoomId>,
) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::requirement::sql::save_home_room(&mut ctx, class, seen, room).await;
    kit::server::close(ctx, out).await
}

/// The row of the difficulty tables of a subject.
#[server(name = SaveTemplate, prefix = "/api", endpoint = "requirement/save_template", input = Json)]
pub async fn save_template(
    subject: SubjectId,
    seen: Option<String>,
    template: Option<String>,
) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::requirement::sql::save_template(&mut ctx, subject, seen, template).await;
    kit::server::close(ctx, out).await
}
