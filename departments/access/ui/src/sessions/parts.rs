//! Parts of the shell and of the account's page. Plain forms that load the page anew: language, theme and person
//! change everything that is drawn.

use access_core::positions::Me;
use leptos::prelude::*;

use crate::t;

/// Language and theme, also before signing in.
#[component]
pub fn Preferences() -> impl IntoView {
    let lang = kit::lang();
    let language = [("ru", "Русский"), ("en", "English")].map(|(code, name)| {
        view! {
            <button class="btn btn-quiet btn-small" type="submit" name="lang" value=code lang=code
                aria-pressed=(lang.code() == code).to_string()>{name}</button>
        }
    });
    let chosen = theme_now();
    let theme = [
        ("light", t::theme_light(lang)),
        ("dark", t::theme_dark(lang)),
        ("system", t::theme_system(lang)),
    ];
    let theme = theme.map(|(code, name)| {
        view! {
            <button class="btn btn-quiet btn-small" type="submit" name="theme" value=code
                aria-pressed=(chosen == code).to_string()>{name}</button>
        }
    });
    view! {
        <form method="post" action="/api/access/set_language">
            <div class="cluster" role="group" aria-label=t::language_label(lang)>{language.into_iter().collect_view()}</div>
        </form>
        <form method="post" action="/api/access/set_theme">
            <div class="cluster" role="group" aria-label=t::theme_label(lang)>{theme.into_iter().collect_view()}</div>
        </form>
    }
}

/// The theme of the page, alike on both sides: the server's visit, the browser's `<html data-theme>`.
fn theme_now() -> String {
    #[cfg(feature = "ssr")]
    let theme = kit::server::visit().and_then(|v| v.theme);
    #[cfg(not(feature = "ssr"))]
    let theme = web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.document_element())
        .and_then(|e| e.get_attribute("data-theme"));
    theme.unwrap_or_else(|| "system".to_owned())
}

/// The way out: first this browser forgets, then the server. `public/boot.js` does the first, also where no wasm is loaded;
/// its question, when something typed is unsent, comes from here in the forms that the language has.
#[component]
pub fn SignOutForm(
    /// The button's classes.
    #[prop(default = "btn")]
    class: &'static str,
) -> impl IntoView {
    let lang = kit::lang();
    view! {
        <form method="post" action="/api/access/sign_out" data-sign-out=""
            data-one=t::sign_out_unsent(lang, 1) data-few=t::sign_out_unsent(lang, 2) data-many=t::sign_out_unsent(lang, 5)>
            <button class=class type="submit"><kit::Icon name="sign-out"/>{t::sign_out(lang)}</button>
        </form>
    }
}

/// The person at the end of the shell's head: account, language, theme, the way out.
#[component]
pub fn PersonMenu(
    /// Who I am.
    me: Me,
) -> impl IntoView {
    let lang = kit::lang();
    view! {
        <button class="btn btn-quiet person" type="button" popovertarget="person-menu">
            <span class="avatar" aria-hidden="true">{me.initials}</span><span class="person-name" aria-hidden="true">{me.short_name}</span>
            // on a phone the initials are all that is seen of it
            <span class="visually-hidden">{me.name.clone()}</span>
        </button>
        <div class="menu" id="person-menu" popover="auto">
            <p class="menu-title">{me.name}</p>
            <a href="/account"><kit::Icon name="account"/>{t::account_title(lang)}</a>
            <hr/>
            <Preferences/>
            <hr/>
            <SignOutForm class="btn btn-quiet btn-wide"/>
        </div>
    }
}
