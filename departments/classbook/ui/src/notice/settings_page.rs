//! `/notices/settings`: what I want to be told of each child, or of my work, and where. Each tick is saved by itself.

use base::{AppError, Lang, PupilId};
use classbook_core::notice::device::Devices;
use classbook_core::notice::{Channel, Choice, OfChild};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{choices, choose, devices};
use super::email::EmailSection;
use super::push::PushSection;
use super::words::{channel, kind};
use crate::t;

/// A column each; the phone's only where the server pushes at all.
const CHANNELS: [Channel; 3] = [Channel::App, Channel::Push, Channel::Email];

/// Draws the page. The data are asked for in here, so that they lie in the chunk of the page.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let data = Resource::new_blocking(
        || (),
        |()| async move {
            let children = choices().await?;
            // who can be told on no device is told of none
            Ok::<_, AppError>((children, devices().await?))
        },
    );
    view! {
        <Title text=t::notice_settings_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((children, devices)) => page(children, devices, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(children: Vec<OfChild>, devices: Devices, lang: Lang) -> AnyView {
    let outcome = RwSignal::new(None::<Result<(), AppError>>);
    let pushes = devices.key.is_some();
    let error = Signal::derive(move || outcome.get().and_then(Result::err));
    let of_children = children.iter().any(|child| child.pupil.is_some());
    let saved = move || matches!(outcome.get(), Some(Ok(())));
    let tables = children
        .into_iter()
        .map(|child| table(child, pushes, outcome, lang))
        .collect_view();
    view! {
        <div class="page page-narrow stack">
            <div class="page-head">
                <h1>{t::notice_settings_title(lang)}</h1>
                {of_children.then(|| view! { <p class="page-note">{t::notice_settings_note(lang)}</p> })}
            </div>
            <p><a href="/notices">{t::notice_back(lang)}</a></p>
            <kit::ErrorBanner error/>
            {tables}
            {pushes.then(|| view! { <PushSection devices outcome/> })}
            <EmailSection/>
            // stands there from the start, so that it is heard when it changes
            <p class="muted small" role="status">{move || saved().then(|| t::notice_saved(lang))}</p>
        </div>
    }
    .into_any()
}

fn table(
    child: OfChild,
    pushes: bool,
    outcome: RwSignal<Option<Result<(), AppError>>>,
    lang: Lang,
) -> AnyView {
    let pupil = child.pupil;
    let (id, name) = match pupil {
        Some(pupil) => (format!("child-{pupil}"), child.name),
        None => ("own-work".to_owned(), t::notice_own_work(lang).to_owned()),
    };
    let channels = move || {
        CHANNELS
            .into_iter()
            .filter(move |c| pushes || *c != Channel::Push)
    };
    let head = channels()
        .map(|c| view! { <th scope="col">{channel(c, lang)}</th> })
        .collect_view();
    let rows = child
        .choices
        .into_iter()
        .map(|choice| {
            let ticks = channels()
                .map(|c| tick(pupil, choice, c, outcome, lang))
                .collect_view();
            view! { <tr><th scope="row">{kind(choice.kind, pupil.is_none(), lang)}</th>{ticks}</tr> }
        })
        .collect_view();
    view! {
        <section class="stack stack-s">
            <h2 id=id.clone()>{name}</h2>
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby=id>
                <table class="table">
                    <thead><tr><th scope="col">{t::notice_what(lang)}</th>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn tick(
    pupil: Option<PupilId>,
    choice: Choice,
    which: Channel,
    outcome: RwSignal<Option<Result<(), AppError>>>,
    lang: Lang,
) -> impl IntoView {
    let label = t::notice_label(
        lang,
        channel(which, lang),
        kind(choice.kind, pupil.is_none(), lang),
    );
    let change = move |event| {
        let on = event_target_checked(&event);
        leptos::task::spawn_local(async move {
            let done = choose(pupil, choice.kind, which, on).await;
            outcome.set(Some(done));
        });
    };
    view! {
        <td>
            <label class="check">
                <input type="checkbox" autocomplete="off" checked=choice.is(which) on:change=change/>
                <span class="visually-hidden">{label}</span>
            </label>
        </td>
    }
}
