//! Server functions. Every change says what the person saw; on top of somebody's newer one it is refused.

use base::{AppError, BuildingId, RoomId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use study_core::building::{BuildingTerms, RoomUse, Spot};

/// A building: a new one, or in place of what was seen.
#[server(name = SaveBuilding, prefix = "/api", endpoint = "building/save", input = Json)]
pub async fn save(
    at: Option<(BuildingId, BuildingTerms)>,
    terms: BuildingTerms,
) -> Result<BuildingId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::building::sql::save(&mut ctx, at, terms).await;
    kit::server::close(ctx, out).await
}

/// A building goes away, if it still is what was seen.
#[server(name = RemoveBuilding, prefix = "/api", endpoint = "building/remove", input = Json)]
pub async fn remove(id: BuildingId, seen: BuildingTerms) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::building::sql::remove(&mut ctx, id, seen).await;
    kit::server::close(ctx, out).await
}

/// How many minutes one walks between two buildings.
#[server(name = SaveWalk, prefix = "/api", endpoint = "building/save_walk", input = Json)]
pub async fn save_walk(
    between: (BuildingId, BuildingId),
    seen: Option<i16>,
    minutes: Option<i16>,
) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::building::sql::save_walk(&mut ctx, between, seen, minutes).await;
    kit::server::close(ctx, out).await
}

/// Where a room lies.
#[server(name = SaveSpot, prefix = "/api", endpoint = "building/save_room", input = Json)]
pub async fn save_room(room: RoomId, seen: Spot, spot: Spot) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::building::sql::save_room(&mut ctx, room, seen, spot).await;
    kit::server::close(ctx, out).await
}

/// What a room is for: kind, seats, lessons at once.
#[server(name = SaveUse, prefix = "/api", endpoint = "building/save_use", input = Json)]
pub async fn save_use(room: RoomId, seen: RoomUse, of: RoomUse) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::building::sql::save_use(&mut ctx, room, seen, of).await;
    kit::server::close(ctx, out).await
}
