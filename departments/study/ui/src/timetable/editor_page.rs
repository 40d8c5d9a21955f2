//! `/timetable/:version`: the board. Its data is fetched by the browser, which judges every cell by itself.

use std::sync::Arc;
use std::time::Duration;

use base::{AppError, Lang, LoadId, VersionId};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use study_core::timetable::moves::Move;
use study_core::timetable::{BoardData, VersionState};

use super::api::board;
use super::bar::Bar;
use super::conflict::ConflictDialog;
use super::desk::Desk;
use super::drag::{Drag, Ghost};
use super::grid::Grid;
use super::keys;
use super::panel::Panel;
use super::print;
use super::publish::PublishDialog;
use super::review::ReviewDialog;
use super::tray::Tray;
use super::withdraw::WithdrawDialog;
use crate::compose::ComposeDialog;
use crate::repair::RepairDialog;
use crate::t;

/// What an editor begins with: a board, and own moves to put on it.
#[derive(Clone, Debug)]
pub struct Start {
    /// As the server has it.
    pub data: Arc<BoardData>,
    /// Confirmed by the person after a conflict.
    pub moves: Vec<Move>,
}

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone)]
struct Loaded {
    data: LocalResource<Result<Arc<BoardData>, AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        let params = use_params_map();
        let data = LocalResource::new(move || {
            let version = params
                .read()
                .get("version")
                .and_then(|v| v.parse::<VersionId>().ok());
            async move {
                match version {
                    Some(version) => board(version).await.map(Arc::new),
                    None => Err(AppError::NotFound),
                }
            }
        });
        Self { data }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let data = this.data;
    // «?load=7»: a card of this load that has no place is taken into the hand
    let wanted = use_query_map()
        .read_untracked()
        .get("load")
        .and_then(|load| load.parse().ok());
    // a newer board after a conflict takes the place of the first
    let (restart, set_restart) = signal(None::<Start>);
    view! {
        <Suspense fallback=move || waiting(lang)>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(data) => view! {
                        {move || {
                            let start = restart.get().unwrap_or_else(|| Start { data: data.clone(), moves: vec![] });
                            editor(start, set_restart, wanted, lang)
                        }}
                    }
                    .into_any(),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The frame of the board while its data is on the way.
fn waiting(lang: Lang) -> AnyView {
    view! {
        <Title text=t::versions_title(lang)/>
        <div class="page page-wide page-fill" aria-busy="true">
            <h1 class="visually-hidden">{t::versions_title(lang)}</h1>
            <p class="visually-hidden" role="status">{t::loading(lang)}</p>
            <div class="skeleton skeleton-title" aria-hidden="true"></div>
            <div class="tt-layout" aria-hidden="true">
                <div class="tt-tray">{(0..5).map(|_| view! { <div class="skeleton skeleton-line"></div> }).collect_view()}</div>
                <div class="tt tt-waiting">{(0..12).map(|_| view! { <div class="skeleton skeleton-line"></div> }).collect_view()}</div>
            </div>
        </div>
    }
    .into_any()
}

/// When the engine is begun, after the board is drawn.
const WARM: Duration = Duration::from_secs(2);

/// Narrower than this, the page begins with one class instead of a parallel.
const NARROW: f64 = 640.0;

fn narrow() -> bool {
    web_sys::window()
        .and_then(|w| w.inner_width().ok())
        .and_then(|w| w.as_f64())
        .is_some_and(|w| w < NARROW)
}

fn editor(start: Start, restart: WriteSignal<Option<Start>>, wanted: Option<LoadId>, lang: Lang) -> AnyView {
    let Some(desk) = Desk::open(start.data.clone(), lang, narrow()) else {
        return view! { <kit::LoadError error=AppError::invalid("", t::editor_too_large(lang))/> }.into_any();
    };
    // what another tab leaves behind later is found too
    desk.saver.attend(move || spawn_local(desk.recover()));
    if start.moves.is_empty() {
        spawn_local(desk.recover());
    } else {
        desk.act(start.moves);
    }
    let data = start.data;
    if data.classes.is_empty() {
        return view! {
            <div class="page"><h1>{data.version.title.clone()}</h1>
                <kit::Empty title=t::editor_no_classes(lang) text=t::editor_no_classes_text(lang)/></div>
        }
        .into_any();
    }
    // the engine comes behind what is looked at; a telephone fetches it when it is asked for something
    if data.may_edit && !narrow() {
        set_timeout(move || desk.warm(), WARM);
    }
    if let Some(card) = wanted.and_then(|load| waiting_card(desk, &data, load)) {
        // after the board has been drawn
        set_timeout(move || desk.show(card), Duration::ZERO);
    }
    let drag = Drag::new(desk);
    let publish_node = NodeRef::<html::Dialog>::new();
    let publish = Callback::new(move |()| {
        desk.release();
        if let Some(dialog) = publish_node.get_untracked() {
            let _ = dialog.show_modal();
        }
    });
    let review_node = NodeRef::<html::Dialog>::new();
    let review_open = RwSignal::new(false);
    let review = Callback::new(move |()| {
        desk.release();
        review_open.set(true);
        if let Some(dialog) = review_node.get_untracked() {
            let _ = dialog.show_modal();
        }
    });
    let withdraw_node = NodeRef::<html::Dialog>::new();
    let withdraw_open = RwSignal::new(false);
    let withdraw = Callback::new(move |()| {
        withdraw_open.set(true);
        if let Some(dialog) = withdraw_node.get_untracked() {
            let _ = dialog.show_modal();
        }
    });
    let compose_node = NodeRef::<html::Dialog>::new();
    let compose_open = RwSignal::new(false);
    let compose = Callback::new(move |()| {
        desk.release();
        compose_open.set(true);
        if let Some(dialog) = compose_node.get_untracked() {
            let _ = dialog.show_modal();
        }
    });
    let repair_node = NodeRef::<html::Dialog>::new();
    let repair_open = RwSignal::new(false);
    let repair = Callback::new(move |()| {
        desk.release();
        repair_open.set(true);
        if let Some(dialog) = repair_node.get_untracked() {
            let _ = dialog.show_modal();
        }
    });
    let spec = Callback::new(move |()| desk.ask(|b| b.spec().clone()));
    // who has closed the dialog is told on the board
    let told = Callback::new(move |words: String| {
        if !compose_open.get_untracked() {
            desk.note.set(Some(words));
        }
    });
    let saved = Signal::derive(move || desk.all_saved());
    let going = RwSignal::new(data.version.composing);
    let printing = print::watch();
    view! {
        <Title text=data.version.title.clone()/>
        <div class="page page-wide page-fill" on:keydown=move |e| keys::on_key(desk, &e)>
            {head(&data, repair, compose, going, lang)}
            {(data.may_edit && data.rings.is_empty()).then(|| view! {
                <div class="banner banner-info"><p>{t::bells_none_yet(lang)}" "<a href="/timetable/bells">{t::bells_link(lang)}</a></p></div>
            })}
            <Bar desk publish withdraw review printing/>
            <div class="tt-layout" data-alone=(!desk.plans()).then_some("")
                on:click=move |e| drag.click(&e)
                on:pointerdown=move |e| drag.down(&e)
                on:pointermove=move |e| drag.moved(&e)
                on:pointerup=move |e| drag.up(&e)
                on:pointercancel=move |_| drag.cancel()
                on:pointerleave=move |_| drag.cancel()>
                {desk.plans().then(|| view! { <Tray desk/> })}
                <Grid desk/>
                <Panel desk/>
            </div>
            <p class="visually-hidden" role="status" aria-live="polite">{desk.spoken}</p>
            <Note desk/>
            <Ghost drag/>
            <ReviewDialog desk node=review_node open=review_open/>
            {desk.may_edit().then(|| view! { <ConflictDialog desk restart/> })}
            {desk.may_edit().then(|| view! {
                <ComposeDialog data=desk.data() lang node=compose_node open=compose_open saved told spec underway=going/>
                <RepairDialog data=desk.data() lang node=repair_node open=repair_open saved spec
                    take=Callback::new(move |shifts: Vec<timetable::compose::Shift>| desk.take_repair(&shifts))/>
            })}
            {data.may_publish.then(|| view! { <PublishDialog desk node=publish_node/> })}
            {data.may_withdraw.then(|| view! { <WithdrawDialog desk node=withdraw_node open=withdraw_open/> })}
            {move || printing.get().then(|| print::sheet(desk))}
        </div>
    }
    .into_any()
}

/// A card of a load without a place.
fn waiting_card(desk: Desk, data: &BoardData, load: LoadId) -> Option<timetable::CardIx> {
    let waiting = desk.ask(timetable::Board::unplaced);
    waiting
        .into_iter()
        .find(|card| data.load_of(*card).is_some_and(|of| of.id == load))
}

/// A name that its head cuts off, after a click or tap on the head; on narrow windows why a place is refused. For a few
/// seconds.
#[component]
fn Note(desk: Desk) -> impl IntoView {
    Effect::new(move || {
        if let Some(name) = desk.note.get() {
            set_timeout(
                move || {
                    if desk.note.try_get_untracked().flatten() == Some(name) {
                        desk.note.set(None);
                    }
                },
                std::time::Duration::from_secs(4),
            );
        }
    });
    view! {
        <div class="toasts" role="status">
            {move || desk.note.get().map(|name| view! { <div class="toast">{name}</div> })}
        </div>
    }
}

fn head(
    data: &BoardData,
    repair: Callback<()>,
    compose: Callback<()>,
    going: RwSignal<bool>,
    lang: Lang,
) -> AnyView {
    let version = &data.version;
    let (tone, badge) = match version.state {
        VersionState::Draft => ("accent", t::state_draft(lang).to_owned()),
        VersionState::Archived => ("", t::state_archived(lang).to_owned()),
        VersionState::Published => match version.valid_from {
            Some(day) => ("ok", t::state_from(lang, kit::date::full(day, lang))),
            None => ("ok", t::state_published(lang).to_owned()),
        },
    };
    view! {
        <div class="page-head tt-page-head">
            <a class="btn btn-icon btn-quiet" href="/timetable" aria-label=t::editor_back(lang)><kit::Icon name="previous"/></a>
            <div class="tt-head-words">
                <h1>{version.title.clone()}</h1>
                <span class="badge" data-tone=tone>{badge}</span>
            </div>
            <div class="tt-head-acts">
            {version.made_from.as_ref().filter(|_| data.plans).map(|(from, title)| {
                let address = format!("/timetable/compare?first={from}&second={}", version.id);
                view! { <a class="btn btn-quiet" href=address title=t::compose_made_from(lang, title)>{t::compose_to_origin(lang)}</a> }
            })}
            {data.plans.then(|| view! { <a class="btn btn-quiet" href="/timetable/requirements">{t::requirement_link(lang)}</a> })}
            {data.plans.then(|| view! { <a class="btn btn-quiet" href=format!("/timetable/{}/export", version.id)>{t::export_link(lang)}</a> })}
            {data.may_edit.then(|| view! {
                <button class="btn" type="button" on:click=move |_| repair.run(())>{t::repair_action(lang)}</button>
                <button class="btn" type="button" on:click=move |_| compose.run(())>
                    {move || if going.get() { t::compose_going_on(lang) } else { t::compose_action(lang) }}
                </button>
            })}
            </div>
        </div>
    }
    .into_any()
}
