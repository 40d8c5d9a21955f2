//! `/password`: change it, because it was issued or of one's own free will.

use access_core::auth::local_path;
use access_core::positions::Me;
use base::Lang;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::ChangePassword;
use super::parts::{PasswordField, go_on};
use super::told;
use crate::positions::{MeResource, signed_in, use_me};
use crate::t;

/// The page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    me: MeResource,
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded { me: use_me() };
    let lang = kit::lang();
    view! {
        <Title text=t::password_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match signed_in(this.me.await) {
                    Ok(me) => form(&me, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn form(me: &Me, lang: Lang) -> AnyView {
    let query = use_query_map().get_untracked();
    let wanted = query
        .get("return_to")
        .unwrap_or_else(|| "/account?changed=1".to_owned());
    let return_to = local_path(&wanted).to_owned();
    let issued = me.must_change_password;
    let (note, old) = if issued {
        (t::password_issued_note(lang), t::password_issued_old(lang))
    } else {
        (t::password_note(lang), t::password_old(lang))
    };
    let action = ServerAction::<ChangePassword>::new();
    let (value, version) = (action.value(), action.version());
    let error = told::of_form(
        move || version.get(),
        move || value.get(),
        query.get("problem"),
        lang,
    );
    let of = move |name: &'static str| Signal::derive(move || told::field(error.get(), name));
    go_on(move || value.get());
    let login = me.login.clone();
    view! {
        <div class="auth">
            <div class="auth-card">
                <h1>{t::password_title(lang)}</h1>
                <p class="auth-note">{note}</p>
                <kit::ErrorBanner error=Signal::derive(move || told::banner(error.get(), &["old", "new"]))/>
                <ActionForm action=action attr:class="stack" attr:novalidate="">
                    <input type="hidden" name="return_to" value=return_to/>
                    // for the browser's password keeper
                    <input type="text" name="username" value=login autocomplete="username" hidden readonly/>
                    <PasswordField name="old" label=old autocomplete="current-password" error=of("old")/>
                    <PasswordField name="new" label=t::password_new(lang) autocomplete="new-password"
                        hint=t::password_rules(lang) error=of("new")/>
                    {(!issued).then(|| view! {
                        <label class="check">
                            <input type="checkbox" name="others" value="1" checked/>
                            <span>{t::password_others(lang)}</span>
                        </label>
                    })}
                    <button class="btn btn-primary btn-wide" type="submit"
                        aria-busy=move || action.pending().get().to_string()>{t::password_button(lang)}</button>
                </ActionForm>
            </div>
        </div>
    }
    .into_any()
}
