//! `/journal/scales`: types of work, and scales of marks.

use base::AppError;
use classbook_core::scale::Scales;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

use super::{api, letters, results, scale_list, types};
use crate::t;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// As the server has it.
    pub all: RwSignal<Scales>,
    /// Why the last act was not done.
    pub error: RwSignal<Option<AppError>>,
    /// What has been done.
    pub said: RwSignal<Option<&'static str>>,
    /// An act is on its way.
    pub busy: RwSignal<bool>,
}

impl Desk {
    /// Does an act; what then stands is shown, whoever has changed it.
    pub fn act(
        self,
        words: &'static str,
        act: impl Future<Output = Result<(), AppError>> + 'static,
        done: impl FnOnce() + 'static,
    ) {
        self.busy.set(true);
        self.error.set(None);
        self.said.set(None);
        spawn_local(async move {
            match act.await {
                Ok(()) => {
                    self.said.set(Some(words));
                    done();
                }
                Err(error) => self.error.set(Some(error)),
            }
            if let Ok(now) = api::scales().await {
                self.all.set(now);
            }
            self.busy.set(false);
        });
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data: Resource<Result<Scales, AppError>> = Resource::new_blocking(|| (), |()| api::scales());
    let lang = kit::lang();
    view! {
        <Title text=t::scale_page(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(all) => page(all),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn page(all: Scales) -> AnyView {
    let lang = kit::lang();
    let desk = Desk {
        all: RwSignal::new(all),
        error: RwSignal::new(None),
        said: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::scale_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::scale_page(lang)}</span></nav>
            <div class="page-head"><h1>{t::scale_page(lang)}</h1></div>
            <p class="muted">{t::scale_note(lang)}</p>
            <kit::ErrorBanner error=desk.error/>
            <div role="status">{move || desk.said.get().map(|s| view! { <div class="banner banner-ok"><p>{s}</p></div> })}</div>
            {types::section(desk)}
            {letters::section(desk)}
            {scale_list::section(desk)}
            {results::section(desk)}
        </div>
    }
    .into_any()
}

/// A number as a person writes it; nothing typed is `Ok(None)`.
pub(super) fn figure(text: &str, lang: base::Lang) -> Result<Option<base::number::Hundredths>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let read = base::number::Hundredths::parse(text);
    read.map(Some)
        .ok_or_else(|| AppError::invalid("value", t::scale_not_number(lang, text)))
}
