//! `/account`: what I sign in with, my devices, language, theme.

use access_core::positions::Me;
use access_core::sessions::{Device, device};
use base::{AppError, Lang};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{RevokeDevice, RevokeOthers, SetPhone, devices, phone};
use super::parts::{Preferences, SignOutForm};
use super::phone as number;
use crate::positions::{MeResource, signed_in, use_me};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy)]
struct Loaded {
    me: MeResource,
    devices: Resource<Result<Vec<Device>, AppError>>,
    phone: Resource<Result<Option<String>, AppError>>,
    set_phone: ServerAction<SetPhone>,
    revoke: ServerAction<RevokeDevice>,
    others: ServerAction<RevokeOthers>,
}

impl Loaded {
    fn ask() -> Self {
        let (revoke, others) = (
            ServerAction::<RevokeDevice>::new(),
            ServerAction::<RevokeOthers>::new(),
        );
        let (one, rest) = (revoke.version(), others.version());
        let devices = Resource::new_blocking(move || (one.get(), rest.get()), |_| devices());
        Self {
            me: use_me(),
            devices,
            phone: Resource::new_blocking(|| (), |()| phone()),
            set_phone: ServerAction::new(),
            revoke,
            others,
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    view! {
        <Title text=t::account_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match (signed_in(this.me.await), this.devices.await, this.phone.await) {
                    (Ok(me), Ok(devices), Ok(phone)) => page(this, &me, devices, phone.as_deref(), lang),
                    (Err(error), _, _) | (_, Err(error), _) | (_, _, Err(error)) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(this: Loaded, me: &Me, devices: Vec<Device>, phone: Option<&str>, lang: Lang) -> AnyView {
    let query = use_query_map().get_untracked();
    let changed = query.get("changed").is_some();
    let saved = query.get("phone").is_some();
    view! {
        <div class="page page-narrow stack">
            <div class="page-head">
                <h1>{t::account_title(lang)}</h1>
                <p class="page-note">{me.name.clone()}</p>
                <div class="page-actions"><SignOutForm/></div>
            </div>
            {changed.then(|| view! {
                <div class="banner banner-ok" role="status"><p>{t::password_changed(lang)}</p></div>
            })}
            {saved.then(|| number::saved(phone, lang))}
            {number::section(me, phone, this.set_phone, lang)}
            {device_list(this, devices, me.utc_offset, lang)}
            <section class="card" aria-labelledby="looks"><div class="stack stack-s">
                <h2 id="looks">{t::account_looks(lang)}</h2>
                <Preferences/>
            </div></section>
        </div>
    }
    .into_any()
}

fn device_list(this: Loaded, devices: Vec<Device>, offset: i32, lang: Lang) -> AnyView {
    let several = devices.len() > 1;
    let (revoked, gone) = (this.revoke.value(), this.others.value());
    let error = Signal::derive(move || {
        revoked
            .get()
            .and_then(Result::err)
            .or_else(|| gone.get().and_then(Result::err))
    });
    view! {
        <section class="card" aria-labelledby="devices"><div class="stack stack-s">
            <h2 id="devices">{t::devices_title(lang)}</h2>
            <p class="muted">{t::devices_note(lang)}</p>
            <kit::ErrorBanner error=error/>
            <ul class="list">
                {devices.into_iter().map(|d| device_row(this, d, offset, lang)).collect_view()}
            </ul>
            {several.then(|| view! {
                <ActionForm action=this.others>
                    <button class="btn btn-danger btn-wide" type="submit">{t::devices_revoke_others(lang)}</button>
                </ActionForm>
            })}
        </div></section>
    }
    .into_any()
}

fn device_row(this: Loaded, one: Device, offset: i32, lang: Lang) -> impl IntoView {
    let name = if one.name == device::UNKNOWN {
        t::devices_unknown(lang).to_owned()
    } else {
        one.name
    };
    let seen = t::devices_seen(lang, kit::date::moment(one.last_seen, offset, lang));
    let since = t::devices_since(lang, kit::date::moment(one.since, offset, lang));
    let label = t::devices_revoke_label(lang, &name);
    view! {
        // on the smallest phones the badge goes below
        <li class="cluster">
            <kit::Icon name="device"/>
            <span><b>{name}</b><br/><small class="muted">{if one.current { since } else { seen }}</small></span>
            <span class="spacer"></span>
            {if one.current {
                view! { <span class="badge" data-tone="ok">{t::devices_this(lang)}</span> }.into_any()
            } else {
                view! {
                    <ActionForm action=this.revoke>
                        <input type="hidden" name="session" value=one.id.to_string()/>
                        <button class="btn btn-small" type="submit" aria-label=label>{t::devices_revoke(lang)}</button>
                    </ActionForm>
                }
                .into_any()
            }}
        </li>
    }
}
