//! Pushes in the settings: this device on or off by the press of a button, my devices, quiet hours. What the browser says of itself is
//! asked by `public/push.js`, which writes it on the document as `data-push`: `none`, `denied`, `off`, `failed`, `on:` and the tag.

use base::{AppError, Lang};
use classbook_core::notice::device::{Device, Devices, Quiet};
use leptos::prelude::*;
use uuid::Uuid;

use super::api::{devices, set_quiet, show, unsubscribe};
use crate::t;

type Outcome = RwSignal<Option<Result<(), AppError>>>;

/// How this browser stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Here {
    /// Not yet known: on the server, and for a moment.
    #[default]
    Looking,
    /// It cannot.
    None,
    /// Its owner, or it by itself, said no.
    Denied,
    /// It can, and is not asked.
    Off,
    /// It tried and could not.
    Failed,
    /// It is on, by this tag.
    On(String),
}

impl Here {
    fn read(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "denied" => Self::Denied,
            "off" => Self::Off,
            "failed" => Self::Failed,
            other => other
                .strip_prefix("on:")
                .map_or(Self::Looking, |tag| Self::On(tag.to_owned())),
        }
    }
}

/// The section.
#[component]
pub fn PushSection(
    /// What the server knows.
    devices: Devices,
    /// What became of the last thing that was saved.
    outcome: Outcome,
) -> impl IntoView {
    let lang = kit::lang();
    let here = RwSignal::new(Here::default());
    let list = RwSignal::new(devices.devices);
    listen(here, list);
    // a browser may be subscribed for somebody else, or the server has given it up: then it is off for me
    let mine = Memo::new(move |_| match here.get() {
        Here::On(tag) => list.with(|all| all.iter().find(|d| d.tag == tag).cloned()),
        _ => None,
    });
    let shared = devices.shared;
    let words = move || match here.get() {
        _ if shared => t::notice_push_shared(lang),
        Here::Looking => t::notice_push_looking(lang),
        Here::None => t::notice_push_none(lang),
        Here::Denied => t::notice_push_denied(lang),
        Here::Failed => t::notice_push_failed(lang),
        Here::On(_) if mine.with(Option::is_some) => t::notice_push_on(lang),
        Here::Off | Here::On(_) => t::notice_push_off(lang),
    };
    let can = move || {
        let able = matches!(here.get(), Here::Off | Here::Failed | Here::On(_));
        able && !shared && mine.with(Option::is_none)
    };
    let turn_off = move |device: Uuid| {
        let is_here = mine.with_untracked(|mine| mine.as_ref().is_some_and(|d| d.id == device));
        leptos::task::spawn_local(async move {
            let done = unsubscribe(device).await;
            if done.is_ok() {
                list.update(|all| all.retain(|d| d.id != device));
                if is_here {
                    tell("parta:push-off");
                }
            }
            outcome.set(Some(done));
        });
    };
    let offset = devices.utc_offset;
    let rows = move || {
        let all = list.get();
        let here = mine.with(|mine| mine.as_ref().map(|d| d.id));
        all.into_iter()
            .map(|device| row(device, here, offset, turn_off, lang))
            .collect_view()
    };
    view! {
        <section class="card" aria-labelledby="push" data-push-key=devices.key><div class="stack stack-s">
            <h2 id="push">{t::notice_push_title(lang)}</h2>
            <p class="muted">{t::notice_push_note(lang)}</p>
            <p role="status">{words}</p>
            {move || can().then(|| view! {
                <p><button class="btn btn-primary" type="button" on:click=move |_| tell("parta:push-on")>{t::notice_push_turn_on(lang)}</button></p>
            })}
            {move || mine.get().map(|device| on(&device, outcome, turn_off, lang))}
            <QuietHours quiet=devices.quiet outcome/>
            {move || list.with(|all| !all.is_empty()).then(|| view! {
                <h3>{t::notice_push_devices(lang)}</h3>
                <ul class="list">{rows}</ul>
            })}
        </div></section>
    }
}

/// What may be done with this device while it is on.
fn on(device: &Device, outcome: Outcome, turn_off: impl Fn(Uuid) + Copy + 'static, lang: Lang) -> AnyView {
    let (id, detailed) = (device.id, device.detailed);
    let change = move |event| {
        let detailed = event_target_checked(&event);
        leptos::task::spawn_local(async move {
            let done = show(id, detailed).await;
            outcome.set(Some(done));
        });
    };
    view! {
        <label class="check switch">
            <input type="checkbox" role="switch" autocomplete="off" checked=detailed aria-describedby="push-detailed" on:change=change/>
            <span>{t::notice_push_detailed(lang)}</span>
        </label>
        <p class="field-hint" id="push-detailed">{t::notice_push_detailed_hint(lang)}</p>
        <p><button class="btn" type="button" on:click=move |_| turn_off(id)>{t::notice_push_turn_off(lang)}</button></p>
    }
    .into_any()
}

/// A device of mine, with its «off».
fn row(
    device: Device,
    here: Option<Uuid>,
    offset: i32,
    turn_off: impl Fn(Uuid) + Copy + 'static,
    lang: Lang,
) -> AnyView {
    let id = device.id;
    let moment = |at| kit::date::moment(at, offset, lang);
    let mut notes = vec![t::notice_push_since(lang, moment(device.since))];
    notes.extend(device.told_at.map(|at| t::notice_push_told(lang, moment(at))));
    let label = t::notice_push_forget_label(lang, &device.name);
    let is_here = (here == Some(id))
        .then(|| view! { <span class="badge" data-tone="accent">{t::notice_push_here(lang)}</span> });
    view! {
        <li>
            <span><b>{device.name}</b>" "{is_here}<br/><small class="muted">{notes.join(" · ")}</small></span>
            <span class="spacer"></span>
            <button class="btn btn-small" type="button" aria-label=label on:click=move |_| turn_off(id)>{t::notice_push_forget(lang)}</button>
        </li>
    }
    .into_any()
}

/// Two hours, saved as they are chosen.
#[component]
fn QuietHours(quiet: Quiet, outcome: Outcome) -> impl IntoView {
    let lang = kit::lang();
    let chosen = RwSignal::new(quiet);
    let save = move |quiet: Quiet| {
        chosen.set(quiet);
        leptos::task::spawn_local(async move {
            let done = set_quiet(quiet).await;
            outcome.set(Some(done));
        });
    };
    let hour = |event: &web_sys::Event| event_target_value(event).parse::<i16>().unwrap_or_default();
    let from = move |event| {
        save(Quiet {
            from: hour(&event),
            ..chosen.get_untracked()
        });
    };
    let to = move |event| {
        save(Quiet {
            to: hour(&event),
            ..chosen.get_untracked()
        });
    };
    view! {
        <fieldset class="stack stack-s" aria-describedby="push-quiet">
            <legend>{t::notice_push_quiet(lang)}</legend>
            <div class="cluster">
                <div class="field">
                    <label for="push-from">{t::notice_push_quiet_from(lang)}</label>
                    <select class="select" id="push-from" autocomplete="off" on:change=from>{hours(quiet.from)}</select>
                </div>
                <div class="field">
                    <label for="push-to">{t::notice_push_quiet_to(lang)}</label>
                    <select class="select" id="push-to" autocomplete="off" on:change=to>{hours(quiet.to)}</select>
                </div>
            </div>
            <p class="field-hint" id="push-quiet">{t::notice_push_quiet_hint(lang)}</p>
        </fieldset>
    }
}

/// The hours of a clock, as choices.
pub(super) fn hours(chosen: i16) -> impl IntoView {
    (0..24_i16)
        .map(|hour| view! { <option value=hour.to_string() selected=hour == chosen>{format!("{hour}:00")}</option> })
        .collect_view()
}

/// Asks the browser how it stands, and hears what it says from then on. A tag that the list does not know was turned on a moment ago.
fn listen(here: RwSignal<Here>, list: RwSignal<Vec<Device>>) {
    Effect::new(move || {
        let handle = window_event_listener_untyped("parta:push", move |_| {
            let said = document()
                .document_element()
                .and_then(|root| root.get_attribute("data-push"))
                .unwrap_or_default();
            let now = Here::read(&said);
            let unknown = match &now {
                Here::On(tag) => list.with_untracked(|all| all.iter().all(|d| d.tag != *tag)),
                _ => false,
            };
            if !unknown {
                here.set(now);
                return;
            }
            leptos::task::spawn_local(async move {
                if let Ok(fresh) = devices().await {
                    list.set(fresh.devices);
                }
                here.set(now);
            });
        });
        on_cleanup(move || handle.remove());
        tell("parta:push-ask");
    });
}

/// A word to `public/boot.js`.
fn tell(word: &str) {
    if let Ok(event) = web_sys::Event::new(word) {
        let _ = window().dispatch_event(&event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_says_is_read() {
        assert_eq!(
            Here::read("on:0123456789abcdef"),
            Here::On("0123456789abcdef".into())
        );
        assert_eq!(Here::read("denied"), Here::Denied);
        for other in ["", "on", "asked"] {
            assert_eq!(Here::read(other), Here::Looking);
        }
    }
}
