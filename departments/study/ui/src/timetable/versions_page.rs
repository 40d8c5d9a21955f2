//! `/timetable`: the versions of the year — which is in force and since when — and the way to a new draft.

use base::{AppError, Lang, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use study_core::timetable::board::{DraftSource, Drafted};
use study_core::timetable::{VersionRow, VersionState, Versions};

use super::api::{create_draft, delete_draft, rename_draft, versions};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    data: Resource<Result<Versions, AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        Self {
            data: Resource::new_blocking(|| (), |()| versions()),
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let data = this.data;
    view! {
        <Title text=t::versions_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(list) => page(list, data, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(list: Versions, data: Resource<Result<Versions, AppError>>, lang: Lang) -> AnyView {
    let error = RwSignal::new(None::<AppError>);
    let empty = list.versions.is_empty();
    let year = list.year.clone().map(|y| t::versions_year(lang, y));
    let (offset, may_edit, may_import) = (list.utc_offset, list.may_edit, list.may_import);
    let rows = list.versions.clone();
    let comparable = may_edit && rows.len() > 1;
    view! {
        <div class="page stack">
            <div class="page-head">
                <h1>{t::versions_title(lang)}</h1>
                <p class="page-note">{year}</p>
                <div class="page-actions">
                    <a class="btn" href="/timetable/requirements">{t::requirement_link(lang)}</a>
                    <a class="btn" href="/timetable/bells">{t::bells_link(lang)}</a>
                    {comparable.then(|| view! { <a class="btn" href="/timetable/compare">{t::compose_weigh_two(lang)}</a> })}
                    {may_import.then(|| view! { <a class="btn" href="/import"><kit::Icon name="import"/>{t::versions_import(lang)}</a> })}
                </div>
            </div>
            <kit::ErrorBanner error=error/>
            {empty.then(|| view! {
                <kit::Empty title=t::versions_empty(lang) icon="timetable"
                    text=if may_edit { t::versions_empty_text(lang) } else { t::versions_empty_read(lang) }/>
            })}
            {(!empty).then(|| view! {
                <ul class="list card card-flush">
                    {rows.into_iter().map(|row| row_view(row, (may_edit, comparable), offset, data, error, lang)).collect_view()}
                </ul>
            })}
            {(may_edit && list.year.is_some()).then(|| new_draft(&list, error, lang))}
        </div>
    }
    .into_any()
}

fn row_view(
    row: VersionRow,
    (may_edit, comparable): (bool, bool),
    offset: i32,
    data: Resource<Result<Versions, AppError>>,
    error: RwSignal<Option<AppError>>,
    lang: Lang,
) -> AnyView {
    let id = row.id;
    let full = |d| kit::date::full(d, lang);
    let (tone, badge) = match row.state {
        VersionState::Draft => ("accent", t::state_draft(lang)),
        VersionState::Archived => ("", t::state_archived(lang)),
        VersionState::Published if row.in_force => ("ok", t::state_in_force(lang)),
        VersionState::Published => ("info", t::state_published(lang)),
    };
    let dates = row.valid_from.map(|from| match row.valid_to {
        Some(to) => t::versions_span(lang, full(from), full(to)),
        None => t::versions_since(lang, full(from)),
    });
    let changed = may_edit.then(|| {
        let when = kit::date::moment(row.changed_at, offset, lang);
        match &row.changed_by {
            Some(who) => t::versions_changed_by(lang, when, who),
            None => t::versions_changed(lang, when),
        }
    });
    let placed = t::versions_placed(lang, row.cards, row.placed);
    let remove = move |_| {
        let sure = web_sys::window()
            .is_some_and(|w| w.confirm_with_message(t::versions_sure(lang)).unwrap_or(false));
        if sure {
            spawn_local(async move {
                match delete_draft(id).await {
                    Ok(()) => data.refetch(),
                    Err(e) => error.set(Some(e)),
                }
            });
        }
    };
    let draft = row.state == VersionState::Draft && may_edit;
    let label = t::versions_delete_label(lang, &row.title);
    let naming = RwSignal::new(false);
    let name = row.title.clone();
    let renames = draft.then(|| {
        let label = t::versions_rename_label(lang, &row.title);
        view! { <button class="btn btn-small btn-quiet" type="button" aria-label=label aria-expanded=move || naming.get().to_string()
            on:click=move |_| naming.update(|on| *on = !*on)>{t::versions_rename(lang)}</button> }
    });
    let compare = comparable.then(|| {
        let label = t::compose_weigh_with_label(lang, &row.title);
        view! { <a class="btn btn-small btn-quiet" href=format!("/timetable/compare?first={id}") aria-label=label>{t::compose_weigh_with(lang)}</a> }
    });
    view! {
        <li class="row tt-version">
            <span class="tt-version-words">
                <a href=format!("/timetable/{id}")><b>{row.title}</b></a>
                <small class="muted">{dates.into_iter().chain([placed]).chain(changed).collect::<Vec<_>>().join(" · ")}</small>
            </span>
            <span class="spacer"></span>
            {row.composing.then(|| view! { <span class="badge" data-tone="info">{t::compose_going(lang)}</span> })}
            <span class="badge" data-tone=tone>{badge}</span>
            {compare}
            {renames}
            {draft.then(|| view! { <button class="btn btn-small btn-quiet" type="button" aria-label=label on:click=remove>{t::versions_delete(lang)}</button> })}
            {move || naming.get().then(|| rename(id, name.clone(), naming, data, error, lang))}
        </li>
    }
    .into_any()
}

/// The name of a draft, to be written anew.
fn rename(
    id: VersionId,
    seen: String,
    naming: RwSignal<bool>,
    data: Resource<Result<Versions, AppError>>,
    error: RwSignal<Option<AppError>>,
    lang: Lang,
) -> AnyView {
    let title = RwSignal::new(seen.clone());
    let busy = RwSignal::new(false);
    let field = NodeRef::<leptos::html::Input>::new();
    // whoever opens it begins to write
    Effect::new(move || {
        if let Some(field) = field.get() {
            // its text is set with the next frame
            request_animation_frame(move || {
                let _ = field.focus();
                field.select();
            });
        }
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let seen = seen.clone();
        busy.set(true);
        spawn_local(async move {
            let answer = rename_draft(id, seen, title.get_untracked()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    error.set(None);
                    naming.set(false);
                    data.refetch();
                }
                Err(e) => error.set(Some(e)),
            }
        });
    };
    let field_id = format!("tt-rename-{id}");
    let leave = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            naming.set(false);
        }
    };
    view! {
        <form class="field-row tt-new tt-rename" on:submit=send on:keydown=leave>
            <div class="field">
                <label for=field_id.clone()>{t::draft_name(lang)}</label>
                <input id=field_id node_ref=field maxlength="120" required=true prop:value=title
                    on:input=move |e| title.set(event_target_value(&e))/>
            </div>
            <button class="btn btn-primary" type="submit" aria-busy=move || busy.get().to_string() disabled=busy>{t::versions_rename_save(lang)}</button>
            <button class="btn" type="button" on:click=move |_| naming.set(false)>{t::action_cancel(lang)}</button>
        </form>
    }
    .into_any()
}

fn new_draft(list: &Versions, error: RwSignal<Option<AppError>>, lang: Lang) -> AnyView {
    let title = RwSignal::new(String::new());
    let source = RwSignal::new(
        list.versions
            .first()
            .map_or_else(|| "loads".to_owned(), |v| v.id.to_string()),
    );
    let busy = RwSignal::new(false);
    let uneven = RwSignal::new(None::<Drafted>);
    let navigate = use_navigate();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let from = match source.get_untracked().parse::<VersionId>() {
            Ok(version) => DraftSource::Copy(version),
            Err(_) => DraftSource::Loads,
        };
        let navigate = navigate.clone();
        busy.set(true);
        spawn_local(async move {
            match create_draft(from, title.get_untracked()).await {
                Ok(made) if made.uneven.is_empty() => navigate(
                    &format!("/timetable/{}", made.version),
                    leptos_router::NavigateOptions::default(),
                ),
                Ok(made) => uneven.set(Some(made)),
                Err(e) => error.set(Some(e)),
            }
            busy.set(false);
        });
    };
    let copies = list
        .versions
        .iter()
        .enumerate()
        .map(|(n, v)| view! { <option value=v.id.to_string() selected=n == 0>{t::draft_copy(lang, &v.title)}</option> })
        .collect_view();
    let loads = list.loads;
    view! {
        <section class="card stack" aria-labelledby="tt-new">
            <h2 id="tt-new">{t::draft_title(lang)}</h2>
            <form class="field-row tt-new" on:submit=send>
                <div class="field">
                    <label for="tt-source">{t::draft_source(lang)}</label>
                    <select class="select" id="tt-source" on:change=move |e| source.set(event_target_value(&e))>
                        {copies}
                        <option value="loads">{t::draft_loads(lang, loads)}</option>
                    </select>
                </div>
                <div class="field">
                    <label for="tt-name">{t::draft_name(lang)}</label>
                    <input id="tt-name" maxlength="120" placeholder=t::draft_name_hint(lang) prop:value=title on:input=move |e| title.set(event_target_value(&e))/>
                </div>
                <button class="btn btn-primary" type="submit" aria-busy=move || busy.get().to_string() disabled=busy>
                    <kit::Icon name="plus"/>{t::draft_create(lang)}
                </button>
            </form>
            <div role="status" aria-live="polite">{move || uneven.get().map(|made| rounded(made, lang))}</div>
        </section>
    }
    .into_any()
}

/// Which loads did not come out even, before one goes to the draft.
fn rounded(made: Drafted, lang: Lang) -> AnyView {
    let lines = made.uneven.into_iter().map(|line| view! { <li>{line}</li> });
    view! {
        <div class="banner banner-warn stack">
            <p>{t::draft_uneven(lang)}</p>
            <ul class="tt-problems">{lines.collect_view()}</ul>
            <p><a class="btn" href=format!("/timetable/{}", made.version)>{t::draft_open(lang)}</a></p>
        </div>
    }
    .into_any()
}
