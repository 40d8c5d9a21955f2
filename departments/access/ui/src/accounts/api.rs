//! Server functions.

use access_core::accounts::{Group, GroupPage, Groups, Issued, Slip};
use base::{AppError, PersonId};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The staff and the classes, with how many people of each wait for a password.
#[server(name = GroupsOf, prefix = "/api", endpoint = "accounts/groups", input = GetUrl)]
pub async fn groups() -> Result<Groups, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = access_core::accounts::sql::groups(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// The people of «staff» or of a class's number.
#[server(name = GroupOf, prefix = "/api", endpoint = "accounts/group", input = GetUrl)]
pub async fn group(group: String) -> Result<GroupPage, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = match group.parse::<Group>() {
        Ok(group) => access_core::accounts::sql::group(&mut ctx, group).await,
        Err(_) => Err(AppError::NotFound.into()),
    };
    kit::server::close(ctx, out).await
}

/// Issues passwords to chosen people of a group, a dozen at most in one call; whoever works with a password of their own gets none.
/// No connection waits while passwords are hashed.
#[server(prefix = "/api", endpoint = "accounts/issue", input = Json)]
pub async fn issue(group: Group, people: Vec<PersonId>) -> Result<Vec<Slip>, AppError> {
    use access_core::accounts::sql;
    let mut ctx = kit::server::ctx().await?;
    let out = sql::due(&mut ctx, group, &people).await;
    let due = kit::server::close(ctx, out).await?;
    let hasher = crate::door::entrance()?.door.hasher;
    let given = kit::server::status(sql::passwords(&hasher, &due).await)?;
    let mut ctx = kit::server::ctx().await?;
    let out = sql::give(&mut ctx, group, given).await;
    kit::server::close(ctx, out).await
}

/// A new password for one person, whatever they have: the old one and all their devices are out. No connection waits while it is
/// hashed.
#[server(prefix = "/api", endpoint = "accounts/reissue", input = Json)]
pub async fn reissue(person: PersonId) -> Result<Issued, AppError> {
    use access_core::accounts::sql;
    let mut ctx = kit::server::ctx().await?;
    let out = sql::due_one(&mut ctx, person).await;
    let due = kit::server::close(ctx, out).await?;
    let door = crate::door::entrance()?.door;
    let given = kit::server::status(sql::password(&door.hasher, &due).await)?;
    let mut ctx = kit::server::ctx().await?;
    let out = sql::give_one(&mut ctx, given).await;
    let issued = kit::server::close(ctx, out).await?;
    door.sessions.forget(issued.account);
    Ok(issued)
}
