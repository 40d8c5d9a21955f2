//! `/calendar/:pupil`: the addresses, a new one.

use base::{AppError, Lang, PupilId};
use classbook_core::feed::{Feed, Feeds, Made};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{MakeFeed, RevokeFeed, feeds};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy)]
struct Loaded {
    data: Resource<Result<Feeds, AppError>>,
    make: ServerAction<MakeFeed>,
    revoke: ServerAction<RevokeFeed>,
}

impl Loaded {
    fn ask() -> Self {
        let params = use_params_map();
        let (make, revoke) = (ServerAction::<MakeFeed>::new(), ServerAction::<RevokeFeed>::new());
        let (made, revoked) = (make.version(), revoke.version());
        let asked = move || {
            let pupil = params.read().get("pupil").and_then(|p| p.parse::<PupilId>().ok());
            (pupil, made.get(), revoked.get())
        };
        let data = Resource::new_blocking(asked, |(pupil, _, _)| async move {
            match pupil {
                Some(pupil) => feeds(pupil).await,
                None => crate::diary::mark_not_found(),
            }
        });
        Self { data, make, revoke }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    view! {
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match this.data.await {
                    Ok(feeds) => page(this, feeds, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(this: Loaded, all: Feeds, lang: Lang) -> AnyView {
    let pupil = all.child.pupil;
    let name = all.child.first_name.clone();
    let made = this.make.value();
    let error = Signal::derive(move || {
        made.get()
            .and_then(Result::err)
            .or_else(|| this.revoke.value().get().and_then(Result::err))
    });
    // the address just made stands there until another is made or it is revoked
    let fresh = Memo::new(move |_| made.get().and_then(Result::ok));
    let living: Vec<_> = all.feeds.iter().map(|f| f.id).collect();
    let offset = all.utc_offset;
    let rows = all
        .feeds
        .into_iter()
        .map(|feed| row(this, feed, offset, lang))
        .collect_view();
    let list = if living.is_empty() {
        view! { <p class="muted">{t::feed_none(lang)}</p> }.into_any()
    } else {
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    view! {
        <Title text=t::feed_title(lang, &name)/>
        <div class="page page-narrow stack">
            <div class="page-head">
                <h1>{t::feed_heading(lang)}</h1>
                <p class="page-note">{t::feed_note(lang, &name)}</p>
            </div>
            <p><a href=format!("/diary/{pupil}") rel="external">{t::feed_back(lang)}</a></p>
            <section class="card"><div class="stack stack-s">
                <p>{t::feed_how(lang)}</p>
                <p class="muted">{t::feed_secret(lang)}</p>
                <kit::ErrorBanner error/>
                <ActionForm action=this.make>
                    <input type="hidden" name="pupil" value=pupil.to_string()/>
                    <button class="btn btn-primary" type="submit" disabled=move || this.make.pending().get()>
                        {move || if this.make.pending().get() { t::feed_making(lang) } else { t::feed_make(lang) }}
                    </button>
                </ActionForm>
                {move || fresh.get().filter(|made| living.contains(&made.id)).map(|made| address(made, lang))}
            </div></section>
            <section class="card" aria-labelledby="feeds"><div class="stack stack-s">
                <h2 id="feeds">{t::feed_list(lang)}</h2>
                {list}
            </div></section>
        </div>
    }
    .into_any()
}

/// «https://parta.example». The server draws no address: it has none to show.
fn origin() -> String {
    #[cfg(feature = "ssr")]
    return String::new();
    #[cfg(not(feature = "ssr"))]
    web_sys::window()
        .and_then(|w| w.location().origin().ok())
        .unwrap_or_default()
}

/// The address itself, whole: only the browser knows by what name it reaches us.
fn address(made: Made, lang: Lang) -> AnyView {
    let whole = format!("{}{}", origin(), made.path);
    let webcal = whole
        .split_once("://")
        .map(|(_, rest)| format!("webcal://{rest}"))
        .unwrap_or_default();
    let field = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(false);
    let text = whole.clone();
    let copy = move |_| {
        if let Some(field) = field.get_untracked() {
            field.select();
        }
        if let Some(window) = web_sys::window() {
            // where the clipboard is closed to us the selected text is one key away
            let _ = window.navigator().clipboard().write_text(&text);
            copied.set(true);
        }
    };
    view! {
        <div class="banner banner-ok" role="status"><p>{t::feed_made(lang)}</p></div>
        <div class="field">
            <label for="feed-address">{t::feed_address(lang)}</label>
            <div class="input-join">
                <input id="feed-address" node_ref=field readonly=true autocomplete="off" spellcheck="false" value=whole/>
                <button class="btn" type="button" on:click=copy>
                    {move || if copied.get() { t::feed_copied(lang) } else { t::feed_copy(lang) }}
                </button>
            </div>
        </div>
        <p><a class="btn" href=webcal rel="external">{t::feed_subscribe(lang)}</a></p>
    }
    .into_any()
}

fn row(this: Loaded, feed: Feed, offset: i32, lang: Lang) -> impl IntoView {
    let made = kit::date::moment(feed.made_at, offset, lang);
    let used = feed.last_used_at.map_or_else(
        || t::feed_never(lang).to_owned(),
        |at| t::feed_used(lang, kit::date::moment(at, offset, lang)),
    );
    let label = t::feed_revoke_label(lang, &made);
    view! {
        <li class="cluster">
            <kit::Icon name="timetable"/>
            <span><b>{t::feed_made_at(lang, &made)}</b><br/><small class="muted">{used}</small></span>
            <span class="spacer"></span>
            <ActionForm action=this.revoke>
                <input type="hidden" name="feed" value=feed.id.to_string()/>
                <button class="btn btn-small" type="submit" aria-label=label>{t::feed_revoke(lang)}</button>
            </ActionForm>
        </li>
    }
}
