//! The files of a homework: opened, added with their progress seen, taken away.

use base::{AppError, IndividualHomeworkId, Lang};
use classbook_core::homework::{Attached, FileKind, MOST_FILE_BYTES, MOST_FILES};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;

use super::more::Beside;
use super::{api, send};
use crate::t;

/// «340 КБ», «1,2 МБ».
fn size(bytes: i32, lang: Lang) -> String {
    let kilobytes = (bytes.max(0) + 1023) / 1024;
    if kilobytes < 1024 {
        return t::homework_kilobytes(lang, kilobytes.max(1));
    }
    let tenths = (i64::from(kilobytes) * 10 + 512) / 1024;
    t::homework_megabytes(lang, lang.decimal(&format!("{}.{}", tenths / 10, tenths % 10)))
}

/// Files and addresses to open, as a family and a teacher see them. Plain links: they work without scripts.
pub(crate) fn list(links: &[String], files: &[Attached], lang: Lang) -> Option<AnyView> {
    if links.is_empty() && files.is_empty() {
        return None;
    }
    let links = links.iter().map(|address| {
        let shown = classbook_core::homework::link::shown(address);
        view! { <li><a href=address.clone() target="_blank" rel="noopener noreferrer external" referrerpolicy="no-referrer">{shown}
            <span class="visually-hidden">{t::homework_new_window(lang)}</span></a></li> }
    });
    let files = files.iter().map(|file| view! { <li>{one(file, lang)}</li> });
    Some(view! { <ul class="hw-more">{links.collect_view()}{files.collect_view()}</ul> }.into_any())
}

fn one(file: &Attached, lang: Lang) -> impl IntoView + use<> {
    let about = format!("{}, {}", file.kind.shown(), size(file.bytes, lang));
    view! { <a href=file.href() download="" rel="external">{file.name.clone()}</a>" "<small>{about}</small> }
}

/// The files of one homework, to be changed. What is loaded anew changes the list, and nothing else: a file on its way is shown on, and why one
/// was refused stays to be read.
#[component]
pub(super) fn Files(
    beside: Beside,
    /// Of a homework for some pupils; else of the class's.
    individual: Option<IndividualHomeworkId>,
    #[prop(into)] files: Signal<Vec<Attached>>,
    #[prop(into)] may: Signal<bool>,
) -> impl IntoView {
    let lang = kit::lang();
    let error = RwSignal::new(None::<AppError>);
    let sending = RwSignal::new(None::<String>);
    let progress = RwSignal::new(0.0);
    let takes = Memo::new(move |_| {
        let full = files.with(|all| i64::try_from(all.len()).unwrap_or(i64::MAX) >= MOST_FILES);
        may.get() && !full
    });
    let row = move |file: Attached| {
        let id = file.id;
        let remove = move |_| {
            spawn_local(async move {
                match api::remove_file(id).await {
                    Ok(()) => beside.load(),
                    Err(e) => {
                        error.try_set(Some(e));
                    }
                }
            });
        };
        view! {
            <li class="hw-file">
                <span>{one(&file, lang)}</span>
                {may.get().then(|| view! {
                    <button class="btn btn-icon btn-quiet btn-small" type="button" aria-label=t::homework_file_remove(lang, &file.name) on:click=remove><kit::Icon name="cross"/></button>
                })}
            </li>
        }
    };
    let chosen = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input.as_ref().and_then(|i| i.files()).and_then(|f| f.get(0)) else {
            return;
        };
        if let Some(input) = &input {
            // the same file may be chosen again after a refusal
            input.set_value("");
        }
        error.set(None);
        if file.size() > f64::from(u32::try_from(MOST_FILE_BYTES).unwrap_or(u32::MAX)) {
            let most = MOST_FILE_BYTES / 1024 / 1024;
            error.set(Some(AppError::invalid(
                "file",
                classbook_core::t::homework_file_large(lang, most),
            )));
            return;
        }
        progress.set(0.0);
        sending.set(Some(file.name()));
        spawn_local(async move {
            let answer = send::send(beside.lesson, individual, &file, progress).await;
            sending.try_set(None);
            match answer {
                Ok(_) => beside.load(),
                Err(e) => {
                    error.try_set(Some(e));
                }
            }
        });
    };
    let field = format!("homework-file-{}", individual.map_or(0, |i| i.0));
    let (hint, label) = (format!("{field}-hint"), field.clone());
    view! {
        <ul class="hw-files">{move || files.get().into_iter().map(row).collect_view()}</ul>
        {move || takes.get().then(|| view! {
            <div class="field">
                <label for=label.clone()>{t::homework_file_add(lang)}</label>
                <input id=field.clone() type="file" accept=FileKind::accept() aria-describedby=hint.clone() disabled=move || sending.with(Option::is_some) on:change=chosen/>
                <p class="field-hint" id=hint.clone()>{t::homework_file_hint(lang, MOST_FILE_BYTES / 1024 / 1024)}</p>
            </div>
        })}
        <div role="status" aria-live="polite">
            {move || sending.get().map(|name| view! {
                <p class="small">{t::homework_file_sending(lang, &name)}</p>
                <progress class="progress" max="100" aria-label=t::homework_file_sending(lang, &name) prop:value=move || progress.get()></progress>
            })}
        </div>
        <kit::ErrorBanner error/>
    }
}
