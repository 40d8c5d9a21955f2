//! «Вход» on `/account`: login, password, and the number that one may sign in with as well.

use access_core::auth::phone_in_words;
use access_core::positions::Me;
use base::Lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::SetPhone;
use crate::auth::parts::{PasswordField, go_on};
use crate::auth::told;
use crate::t;

/// The section. `phone`: the number of now, digits with the country code.
pub(super) fn section(me: &Me, phone: Option<&str>, action: ServerAction<SetPhone>, lang: Lang) -> AnyView {
    let shown = phone.map(phone_in_words);
    let said = shown
        .clone()
        .unwrap_or_else(|| t::account_phone_none(lang).to_owned());
    // an issued password ties no number to the account: first one's own is chosen
    let form = (!me.must_change_password).then(|| form(&me.login, shown.unwrap_or_default(), action, lang));
    view! {
        <section class="card" aria-labelledby="entering"><div class="stack stack-s">
            <h2 id="entering">{t::account_entering(lang)}</h2>
            <dl class="facts">
                <dt>{t::account_login(lang)}</dt><dd>{me.login.clone()}</dd>
                <dt>{t::account_phone(lang)}</dt><dd>{said}</dd>
            </dl>
            <p><a class="btn" href="/password">{t::password_title(lang)}</a></p>
            {form}
        </div></section>
    }
    .into_any()
}

/// What is said above the page after the number was saved.
pub(super) fn saved(phone: Option<&str>, lang: Lang) -> AnyView {
    let text = phone.map_or_else(
        || t::account_phone_removed(lang).to_owned(),
        |digits| t::account_phone_saved(lang, phone_in_words(digits)),
    );
    view! { <div class="banner banner-ok" role="status"><p>{text}</p></div> }.into_any()
}

fn form(login: &str, number: String, action: ServerAction<SetPhone>, lang: Lang) -> AnyView {
    let query = use_query_map().get_untracked();
    let (value, version) = (action.value(), action.version());
    let error = told::of_form(
        move || version.get(),
        move || value.get(),
        query.get("problem"),
        lang,
    );
    let of = move |name: &'static str| Signal::derive(move || told::field(error.get(), name));
    let (phone, old) = (of("phone"), of("old"));
    go_on(move || value.get());
    let login = login.to_owned();
    view! {
        <h3>{t::account_phone_title(lang)}</h3>
        <kit::ErrorBanner error=Signal::derive(move || told::banner(error.get(), &["phone", "old"]))/>
        <ActionForm action=action attr:class="stack stack-s" attr:novalidate="">
            // for the browser's password keeper
            <input type="text" name="username" value=login autocomplete="username" hidden readonly/>
            <div class="field">
                <label for="phone">{t::account_phone(lang)}</label>
                <input id="phone" name="phone" type="tel" autocomplete="tel" maxlength="40" value=number
                    aria-describedby="phone-hint phone-error" aria-invalid=move || phone.get().map(|_| "true")/>
                <p class="field-hint" id="phone-hint">{t::account_phone_hint(lang)}</p>
                <p class="field-error" id="phone-error">{move || phone.get()}</p>
            </div>
            <PasswordField name="old" label=t::password_old(lang) autocomplete="current-password" error=old/>
            <button class="btn" type="submit" aria-busy=move || action.pending().get().to_string()>
                {t::account_phone_button(lang)}
            </button>
        </ActionForm>
    }
    .into_any()
}
