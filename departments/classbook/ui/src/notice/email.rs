//! The letter of the day in the settings: an address, its confirmation by the digits that were sent there, the hour.

use base::AppError;
use leptos::form::ActionForm;
use leptos::prelude::*;

use super::api::{ConfirmEmail, ForgetEmail, SetEmail, email};
use super::push::hours;
use crate::t;

/// The section; nothing where the server sends no letters.
#[component]
pub fn EmailSection() -> impl IntoView {
    let lang = kit::lang();
    let set = ServerAction::<SetEmail>::new();
    let confirm = ServerAction::<ConfirmEmail>::new();
    let forget = ServerAction::<ForgetEmail>::new();
    let (one, two, three) = (set.version(), confirm.version(), forget.version());
    let data = Resource::new_blocking(move || (one.get(), two.get(), three.get()), |_| email());
    let error = Signal::derive(move || -> Option<AppError> {
        let set = set.value().get().and_then(Result::err);
        let confirm = confirm.value().get().and_then(Result::err);
        set.or(confirm)
            .or_else(|| forget.value().get().and_then(Result::err))
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let email = data.await.ok().filter(|email| email.available)?;
                let state = match (&email.address, email.confirmed) {
                    (Some(address), true) => t::notice_email_on(lang, address, email.hour),
                    (Some(address), false) => t::notice_email_sent(lang, address),
                    (None, _) => t::notice_email_off(lang).to_owned(),
                };
                let waits = email.address.is_some() && !email.confirmed;
                let on = email.confirmed;
                Some(view! {
                    <section class="card" aria-labelledby="email"><div class="stack stack-s">
                        <h2 id="email">{t::notice_email_title(lang)}</h2>
                        <p class="muted" role="status">{state}</p>
                        <kit::ErrorBanner error/>
                        {waits.then(|| view! {
                            <ActionForm action=confirm>
                                <div class="cluster">
                                    <div class="field">
                                        <label for="code">{t::notice_email_code(lang)}</label>
                                        <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="6" pattern="[0-9]{6}"/>
                                    </div>
                                    <button class="btn btn-primary" type="submit">{t::notice_email_confirm(lang)}</button>
                                </div>
                            </ActionForm>
                        })}
                        <ActionForm action=set>
                            <div class="cluster">
                                <div class="field">
                                    <label for="address">{t::notice_email_address(lang)}</label>
                                    <input id="address" name="address" type="email" autocomplete="email" required maxlength="254" value=email.address.clone() prop:value=email.address.clone().unwrap_or_default()/>
                                </div>
                                <div class="field">
                                    <label for="hour">{t::notice_email_hour(lang)}</label>
                                    <select class="select" id="hour" name="hour">{hours(email.hour)}</select>
                                </div>
                                <button class="btn" type="submit">{if on { t::notice_email_change(lang) } else { t::notice_email_set(lang) }}</button>
                            </div>
                        </ActionForm>
                        {on.then(|| view! {
                            <ActionForm action=forget>
                                <button class="btn btn-quiet" type="submit">{t::notice_email_forget(lang)}</button>
                            </ActionForm>
                        })}
                    </div></section>
                })
            })}
        </Transition>
    }
}
