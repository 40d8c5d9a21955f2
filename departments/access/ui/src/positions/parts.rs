//! What the shell of the application draws of it.

use access_core::positions::{Active, Me, Position, PositionKey};
use base::AppError;
use leptos::prelude::*;

use super::api::me;
use crate::t;

/// Who I am, as a page and the shell share it.
pub type MeResource = Resource<Result<Option<Me>, AppError>>;

/// Asks once for the whole application; called at its root.
pub fn provide_me() -> MeResource {
    let resource: MeResource = Resource::new_blocking(|| (), |()| me());
    provide_context(resource);
    resource
}

/// Who I am: from the root, or asked for here.
#[must_use]
pub fn use_me() -> MeResource {
    use_context::<MeResource>().unwrap_or_else(provide_me)
}

/// For a page that nobody sees without signing in: on the server it leads to the sign-in page and back.
///
/// # Errors
/// [`AppError::SignIn`] for nobody.
pub fn signed_in(me: Result<Option<Me>, AppError>) -> Result<Me, AppError> {
    let me = me.and_then(|me| me.ok_or(AppError::SignIn));
    #[cfg(feature = "ssr")]
    return kit::server::status(me);
    #[cfg(not(feature = "ssr"))]
    me
}

/// One tap between positions and between children of different schools. Draws nothing for a person with one position.
/// A plain form: the whole application is loaded anew, as whoever one acts now.
#[component]
pub fn PositionSwitcher(
    /// Who I am.
    me: Me,
) -> impl IntoView {
    let lang = kit::lang();
    let active = me.active;
    (me.positions.len() > 1).then(|| {
        let chips = me.positions.into_iter().map(|p| chip(p, active)).collect_view();
        view! {
            <form class="switcher" method="post" action="/api/access/switch_position"
                aria-label=t::positions_label(lang)>{chips}</form>
        }
    })
}

fn chip(position: Position, active: Option<PositionKey>) -> impl IntoView {
    let chosen = active == Some(position.key);
    let child = position
        .children
        .first()
        .map(|c| c.pupil)
        .filter(|_| matches!(position.key, PositionKey::Guardian(_)));
    let value = Active {
        key: position.key,
        child,
    }
    .to_string();
    let names: Vec<&str> = position.children.iter().map(|c| c.name.as_str()).collect();
    let (title, detail) = match position.key {
        // a parent thinks of children, not of being a parent
        PositionKey::Guardian(_) => (
            names.join(", "),
            format!("{} · {}", position.title, position.school),
        ),
        _ => (position.title.clone(), position.school.clone()),
    };
    let hue = position.key.school().0.rem_euclid(12).to_string();
    let letters: String = title
        .chars()
        .take(1)
        .chain(position.school.chars().last())
        .collect();
    view! {
        <button type="submit" name="position" value=value aria-pressed=chosen.to_string()>
            <span class="avatar" data-hue=hue aria-hidden="true">{letters}</span>
            <span><b>{title}</b><small>{detail}</small></span>
        </button>
    }
}
