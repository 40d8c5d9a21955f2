//! A load that has a lesson more or less: written down at once, then the editor opens anew and the card is placed, or the others mended,
//! with few moves.

use base::{AppError, LoadId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::repair::dispensable;
use study_core::timetable::words;
use timetable::{Board, CardIx};

use super::dialog::Mend;
use crate::t;
use crate::timetable::api::change_load;

/// The card that goes, as everything lies now.
fn spare(mend: Mend, load: LoadId) -> Option<CardIx> {
    let board = Board::new(mend.spec.run(())).ok()?;
    mend.data.with_value(|d| dispensable(d, &board, load))
}

/// «Алгебра, 7А: Вт, 3 урок», or that it is in the tray.
fn place_of(mend: Mend, card: CardIx) -> String {
    let spec = mend.spec.run(());
    let at = spec.cards.get(card.ix()).and_then(|c| c.placement);
    mend.data.with_value(|d| {
        let lesson = words::lesson(d, card);
        let place = at.map_or_else(
            || t::advice_tray(mend.lang).to_owned(),
            |p| words::place(mend.lang, d, p.day, p.slot),
        );
        format!("{lesson}: {place}")
    })
}

/// More or less, and the button.
pub(super) fn draw(mend: Mend, chosen: RwSignal<Option<u32>>) -> AnyView {
    let lang = mend.lang;
    let less = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<AppError>);
    let load = move || {
        let at = usize::try_from(chosen.get()?).ok()?;
        mend.data.with_value(|d| d.loads.get(at).map(|row| row.id))
    };
    let goes = move || {
        less.get()
            .then(|| load().and_then(|load| spare(mend, load)))
            .flatten()
    };
    let ready = move || load().is_some() && (!less.get() || goes().is_some());
    let change = move |_| {
        let Some(load) = untrack(load) else { return };
        let remove =
            untrack(goes).and_then(|card| mend.data.with_value(|d| d.cards.get(card.ix()).map(|c| c.id)));
        let version = mend.data.with_value(|d| d.version.id);
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match change_load(version, load, remove).await {
                // the board has another card: the editor begins anew
                Ok(_) => {
                    if let Some(window) = web_sys::window() {
                        let _ = window.location().reload();
                    }
                }
                Err(refused) => {
                    let _ = error.try_set(Some(refused));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let choices = [
        (false, t::repair_load_more(lang)),
        (true, t::repair_load_less(lang)),
    ];
    view! {
        <fieldset class="field"><legend>{t::repair_load_how(lang)}</legend>
            <div class="cluster">
                {choices.into_iter().map(|(is, name)| view! {
                    <label class="check">
                        <input type="radio" name="tt-repair-load" prop:checked=move || less.get() == is on:change=move |_| less.set(is)/>
                        <span>{name}</span>
                    </label>
                }).collect_view()}
            </div>
        </fieldset>
        <p class="field-hint">{move || match goes() {
            Some(card) => t::repair_load_goes(lang, place_of(mend, card)),
            None => t::repair_load_hint(lang).to_owned(),
        }}</p>
        <kit::ErrorBanner error/>
        <div><button class="btn btn-small" type="button" aria-busy=move || busy.get().to_string()
            disabled=move || busy.get() || !mend.saved.get() || !ready() on:click=change>{t::repair_load_change(lang)}</button></div>
    }
    .into_any()
}
