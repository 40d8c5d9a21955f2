//! `/import`: choose a file of FET or aSc or an archive of XHSTT, see what it would do, say yes.

use base::{AppError, Lang};
use kit::file::{bytes, picked};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use study_core::import::{Counted, LARGEST_FILE, Preview};

use super::api::{import_fet, preview_fet};
use crate::t;
use crate::timetable::api::may_import;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    may: Resource<Result<(), AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        Self {
            may: Resource::new_blocking(|| (), |()| may_import()),
        }
    }
}

/// How far the person has come.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Choose,
    Busy,
    Ready(Preview),
    Failed(AppError),
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let may = this.may;
    view! {
        <Title text=t::import_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match may.await {
                    Ok(()) => page(lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn page(lang: Lang) -> AnyView {
    let step = RwSignal::new(Step::Choose);
    let file = StoredValue::new(Carried::default());
    let name = RwSignal::new(String::new());
    let navigate = use_navigate();
    let chosen = move |event: leptos::ev::Event| {
        let Some(blob) = picked(&event) else { return };
        name.set(blob.name());
        if blob.size() > largest() {
            step.set(Step::Failed(AppError::invalid("file", t::import_too_large(lang))));
            return;
        }
        step.set(Step::Busy);
        spawn_local(async move {
            let Some(carried) = carried(&blob).await else {
                step.set(Step::Failed(AppError::invalid(
                    "file",
                    t::import_unreadable(lang),
                )));
                return;
            };
            file.set_value(carried.clone());
            step.set(match preview_fet(carried.file, carried.packed).await {
                Ok(preview) => Step::Ready(preview),
                Err(error) => Step::Failed(error),
            });
        });
    };
    let confirm = Callback::new(move |()| {
        let navigate = navigate.clone();
        step.set(Step::Busy);
        spawn_local(async move {
            let Carried { file, packed } = file.get_value();
            match import_fet(file, packed).await {
                Ok(done) => navigate(
                    &format!("/timetable/{}", done.version),
                    leptos_router::NavigateOptions::default(),
                ),
                Err(error) => step.set(Step::Failed(error)),
            }
        });
    });
    view! {
        <div class="page page-narrow stack">
            <div class="page-head"><h1>{t::import_title(lang)}</h1></div>
            <p class="muted">{t::import_note(lang)}</p>
            <p><a href="/classes">{t::import_people(lang)}</a></p>
            <section class="card stack">
                <div class="field">
                    <label for="fet">{t::import_choose(lang)}</label>
                    <input id="fet" type="file" accept=".fet,.xml,.xhstt,.xz,text/xml,application/xml,application/x-xz" on:change=chosen
                        disabled=move || step.get() == Step::Busy
                        aria-describedby="fet-hint fet-error" aria-invalid=move || matches!(step.get(), Step::Failed(_)).to_string()/>
                    <p class="field-hint" id="fet-hint">{t::import_hint(lang)}</p>
                    {move || match step.get() {
                        Step::Failed(error) => Some(view! { <p class="field-error" id="fet-error" role="alert">{error.message(lang)}</p> }),
                        _ => None,
                    }}
                </div>
            </section>
            <div role="status" aria-live="polite">
                {move || match step.get() {
                    Step::Busy => view! { <section class="card"><kit::Working words=t::import_reading(lang, name.get())/></section> }.into_any(),
                    Step::Ready(preview) => ready(&preview, confirm, lang),
                    Step::Choose | Step::Failed(_) => ().into_any(),
                }}
            </div>
        </div>
    }
    .into_any()
}

/// A file on its way to the server.
#[derive(Clone, Debug, Default)]
struct Carried {
    /// Its text, or base64 where it is compressed.
    file: String,
    /// Compressed by xz: the server unpacks it.
    packed: bool,
}

/// The first bytes of every file of xz.
const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];

/// A file as it travels; `None` where the browser cannot read it.
async fn carried(blob: &web_sys::File) -> Option<Carried> {
    let bytes = bytes(blob).await?;
    if !bytes.starts_with(XZ) {
        let file = text_of(&bytes)?;
        return Some(Carried { file, packed: false });
    }
    let binary: String = bytes.into_iter().map(char::from).collect();
    let file = web_sys::window()?.btoa(&binary).ok()?;
    Some(Carried { file, packed: true })
}

/// A file's text in the encoding that its head declares; FET writes UTF-8, aSc often the encoding of its country.
fn text_of(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..200).unwrap_or(bytes);
    let options = web_sys::TextDecoderOptions::new();
    options.set_fatal(true);
    let decoder = web_sys::TextDecoder::new_with_label_and_options(&encoding(head), &options).ok()?;
    decoder.decode_with_u8_array(bytes).ok()
}

/// What the beginning of a file says of its encoding: a byte order mark, else the declaration, else UTF-8.
fn encoding(head: &[u8]) -> String {
    match head {
        [0xff, 0xfe, ..] => return "utf-16le".to_owned(),
        [0xfe, 0xff, ..] => return "utf-16be".to_owned(),
        [0xef, 0xbb, 0xbf, ..] => return "utf-8".to_owned(),
        _ => {}
    }
    let head = String::from_utf8_lossy(head);
    let declared = head.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next()?;
        rest.get(1..)?.split(quote).next()
    });
    declared.unwrap_or("utf-8").to_owned()
}

fn largest() -> f64 {
    LARGEST_FILE.to_string().parse().unwrap_or(f64::MAX)
}

fn ready(preview: &Preview, confirm: Callback<()>, lang: Lang) -> AnyView {
    let rows = preview
        .counts
        .iter()
        .filter(|c| c.total > 0)
        .map(|c| {
            let name = match c.what {
                Counted::Classes => t::counted_classes(lang),
                Counted::Groups => t::counted_groups(lang),
                Counted::Subjects => t::counted_subjects(lang),
                Counted::Teachers => t::counted_teachers(lang),
                Counted::Buildings => t::counted_buildings(lang),
                Counted::Rooms => t::counted_rooms(lang),
                Counted::Loads => t::counted_loads(lang),
            };
            view! {
                <tr><th scope="row">{name}</th><td class="num">{c.total}</td><td class="num">{c.known}</td><td class="num">{c.total - c.known}</td></tr>
            }
        })
        .collect_view();
    let warnings = preview
        .warnings
        .iter()
        .map(|w| view! { <li>{w.clone()}</li> })
        .collect_view();
    let lines = |list: &[String]| list.iter().map(|l| view! { <li>{l.clone()}</li> }).collect_view();
    let (kept, lost) = (lines(&preview.kept), lines(&preview.lost));
    let title = if preview.name.is_empty() {
        t::import_ready(lang).to_owned()
    } else {
        preview.name.clone()
    };
    view! {
        <section class="card stack" aria-labelledby="import-found">
            <h2 id="import-found">{title}</h2>
            <p>{t::import_cards(lang, preview.cards, preview.days.len(), preview.placed, preview.slots)}</p>
            <div class="table-wrap" tabindex="0" role="region" aria-label=t::import_what(lang)>
                <table class="table">
                    <thead><tr><th scope="col">{t::import_what(lang)}</th><th scope="col" class="num">{t::import_in_file(lang)}</th>
                        <th scope="col" class="num">{t::import_known(lang)}</th><th scope="col" class="num">{t::import_new(lang)}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(!preview.warnings.is_empty()).then(|| view! {
                <details open=preview.warnings.len() < 6><summary>{t::import_warnings(lang, i64::try_from(preview.warnings.len()).unwrap_or(0))}</summary>
                    <ul class="tt-problems">{warnings}</ul></details>
            })}
            {(!preview.kept.is_empty()).then(|| view! {
                <div class="stack"><h3>{t::import_kept(lang)}</h3><ul class="tt-problems">{kept}</ul></div>
            })}
            {(!preview.lost.is_empty()).then(|| view! {
                <details open=preview.lost.len() < 8><summary>{t::import_lost(lang, i64::try_from(preview.lost.len()).unwrap_or(0))}</summary>
                    <p class="muted small">{t::import_lost_hint(lang)}</p>
                    <ul class="tt-problems">{lost}</ul></details>
            })}
            <p class="muted small">{t::import_rule(lang)}</p>
            <button class="btn btn-primary" type="button" on:click=move |_| confirm.run(())>{t::import_confirm(lang)}</button>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::encoding;

    #[test]
    fn the_head_of_a_file_says_its_encoding() {
        for (head, name) in [
            (
                &b"<?xml version=\"1.0\" encoding=\"windows-1251\"?>"[..],
                "windows-1251",
            ),
            (b"<?xml version='1.0' encoding='UTF-8'?>", "UTF-8"),
            (b"\xef\xbb\xbf<?xml encoding=\"windows-1251\"?>", "utf-8"),
            (b"\xff\xfe<\x00", "utf-16le"),
            (b"<fet version=\"6\">", "utf-8"),
            (b"", "utf-8"),
            (b"<?xml encoding=", "utf-8"),
        ] {
            assert_eq!(encoding(head), name, "{}", String::from_utf8_lossy(head));
        }
    }
}
