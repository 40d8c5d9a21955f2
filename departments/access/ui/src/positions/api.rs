//! Server functions.

use access_core::positions::Me;
use base::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Who asks; `None` for nobody.
#[server(name = MeOf, prefix = "/api", endpoint = "access/me", input = GetUrl)]
pub async fn me() -> Result<Option<Me>, AppError> {
    let entrance = crate::door::entrance()?;
    Ok(entrance
        .who
        .as_ref()
        .map(|who| who.facts.me(who.active, who.session, entrance.lang)))
}

/// Acts from now on as another of one's own positions («staff:10:5», «guardian:10/1001»).
#[server(prefix = "/api", endpoint = "access/switch_position")]
pub async fn switch_position(position: String) -> Result<(), AppError> {
    let entrance = crate::door::entrance()?;
    let switched = match position.parse() {
        Ok(wanted) => access_core::positions::sql::switch(&entrance, wanted).await,
        Err(_) => Err(AppError::NotFound),
    };
    // home knows the first page of the new position; what is not one's own changes nothing
    crate::door::go("/");
    kit::server::status(switched)
}
