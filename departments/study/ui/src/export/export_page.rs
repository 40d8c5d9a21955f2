//! `/timetable/:version/export`: what each program gets, what it does not, and the file. Links only: it works before the page does.

use base::{AppError, Lang, VersionId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use study_core::export::{Format, Look, Offer};

use super::api::look;
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    look: Resource<Result<Look, AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        let params = use_params_map();
        let version = move || {
            params
                .read()
                .get("version")
                .and_then(|v| v.parse::<VersionId>().ok())
        };
        let look = Resource::new_blocking(version, |version| async move {
            match version {
                Some(version) => look(version).await,
                None => Err(AppError::NotFound),
            }
        });
        Self { look }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let look = this.look;
    view! {
        <Title text=t::export_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match look.await {
                    Ok(look) => page(&look, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn page(look: &Look, lang: Lang) -> AnyView {
    let back = format!("/timetable/{}", look.version);
    let offers = look
        .offers
        .iter()
        .map(|offer| offer_view(look.version, offer, lang))
        .collect_view();
    view! {
        <div class="page page-narrow stack">
            <div class="page-head">
                <a class="btn btn-icon btn-quiet" href=back aria-label=t::export_back(lang)><kit::Icon name="previous"/></a>
                <h1>{t::export_title(lang)}</h1>
                <p class="page-note">{look.title.clone()}</p>
            </div>
            <p class="muted">{t::export_note(lang, look.cards, look.placed)}</p>
            {offers}
        </div>
    }
    .into_any()
}

fn offer_view(version: VersionId, offer: &Offer, lang: Lang) -> AnyView {
    let format = offer.format;
    let (name, text) = match format {
        Format::Fet => (t::export_fet(lang), t::export_fet_text(lang)),
        Format::Asc => (t::export_asc(lang), t::export_asc_text(lang)),
        Format::Xhstt => (t::export_xhstt(lang), t::export_xhstt_text(lang)),
    };
    let id = format!("export-{}", format.key());
    let labelled = id.clone();
    let address = format!("/api/export/file?version={version}&format={}", format.key());
    let count = i64::try_from(offer.left.len()).unwrap_or(i64::MAX);
    let left = offer
        .left
        .iter()
        .map(|line| view! { <li>{line.clone()}</li> })
        .collect_view();
    let left = if offer.left.is_empty() {
        view! { <p>{t::export_nothing_left(lang)}</p> }.into_any()
    } else {
        view! {
            <details open=offer.left.len() < 8><summary>{t::export_left(lang, count)}</summary>
                <ul class="tt-problems">{left}</ul></details>
        }
        .into_any()
    };
    view! {
        <section class="card stack" aria-labelledby=labelled>
            <h2 id=id>{name}</h2>
            <p class="muted">{text}</p>
            {left}
            <p><a class="btn btn-primary" rel="external" download="" href=address>
                <kit::Icon name="import"/>{t::export_save(lang, name)}</a></p>
        </section>
    }
    .into_any()
}
