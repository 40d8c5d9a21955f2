//! `/sign-in`: login or phone number, password.

use access_core::auth::local_path;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::SignIn;
use super::parts::{PasswordField, go_on};
use super::told;
use crate::sessions::Preferences;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let query = use_query_map().get_untracked();
    let return_to = local_path(&query.get("return_to").unwrap_or_default()).to_owned();
    already_in(&return_to);
    let action = ServerAction::<SignIn>::new();
    let (value, version) = (action.value(), action.version());
    let error = told::of_form(
        move || version.get(),
        move || value.get(),
        query.get("problem"),
        lang,
    );
    go_on(move || value.get());
    view! {
        <Title text=t::sign_in_title(lang)/>
        <div class="auth">
            <div class="auth-card">
                <span class="brand"><img class="brand-mark" src="/logo.svg" alt="" width="30" height="30"/><span class="brand-name">{t::brand(lang)}</span></span>
                <h1>{t::sign_in_title(lang)}</h1>
                <p class="auth-note">{t::sign_in_note(lang)}</p>
                <kit::ErrorBanner error=Signal::derive(move || told::banner(error.get(), &["login", "password"]))/>
                <ActionForm action=action attr:class="stack" attr:novalidate="">
                    <input type="hidden" name="return_to" value=return_to/>
                    {fields(error, lang)}
                    <button class="btn btn-primary btn-wide" type="submit"
                        aria-busy=move || action.pending().get().to_string()>{t::sign_in_button(lang)}</button>
                </ActionForm>
            </div>
            <div class="auth-foot"><Preferences/></div>
        </div>
    }
    .into_any()
}

fn fields(error: Signal<Option<base::AppError>>, lang: base::Lang) -> impl IntoView {
    let login = Signal::derive(move || told::field(error.get(), "login"));
    let password = Signal::derive(move || told::field(error.get(), "password"));
    view! {
        <div class="field">
            <label for="login">{t::sign_in_login(lang)}</label>
            <input id="login" name="login" required autocomplete="username" autocapitalize="none" spellcheck="false"
                maxlength="100" aria-describedby="login-hint login-error"
                aria-invalid=move || login.get().map(|_| "true")/>
            <p class="field-hint" id="login-hint">{t::sign_in_login_hint(lang)}</p>
            <p class="field-error" id="login-error">{move || login.get()}</p>
        </div>
        <PasswordField name="password" label=t::sign_in_password(lang) autocomplete="current-password" error=password/>
        <label class="check">
            <input type="checkbox" name="shared" value="1"/>
            <span>{t::sign_in_shared(lang)}<small class="muted">{format!(" {}", t::sign_in_shared_hint(lang))}</small></span>
        </label>
    }
    .into_any()
}

/// Who is in already goes on.
fn already_in(return_to: &str) {
    #[cfg(feature = "ssr")]
    if crate::door::entrance().is_ok_and(|e| e.who.is_some()) {
        leptos_axum::redirect(return_to);
    }
    let _ = return_to;
}
