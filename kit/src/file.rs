//! A file that a person chooses: found in its field, weighed, read.

use base::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

/// What programs of tables write.
const TABLES: &str =
    ".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The words of a [`TableField`].
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The label of the field.
    pub label: &'static str,
    /// What may be chosen.
    pub hint: &'static str,
    /// The file is larger than the server takes.
    pub too_large: &'static str,
    /// The browser could not read it.
    pub unreadable: &'static str,
}

/// How far a chosen file has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// It is there, by its name; whatever was shown of another one is over.
    Begun(String),
    /// It is not taken.
    Failed(AppError),
    /// Whole, as base64.
    Read(String),
}

/// The file in the field that an event comes from.
#[must_use]
pub fn picked(event: &web_sys::Event) -> Option<web_sys::File> {
    let field = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    field.files()?.get(0)
}

/// Its bytes; `None` where the browser cannot read it, as when it was moved away meanwhile.
pub async fn bytes(file: &web_sys::File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// A file as base64; the browser's own encoder does it.
async fn encoded(file: &web_sys::File) -> Option<String> {
    let binary: String = bytes(file).await?.into_iter().map(char::from).collect();
    web_sys::window()?.btoa(&binary).ok()
}

/// The field for a table («CSV, XLSX»), with what was wrong with the file.
#[component]
pub fn TableField(
    /// The id of the field; those of hint and error begin with it.
    id: &'static str,
    /// Its words.
    words: Words,
    /// The most bytes.
    largest: f64,
    /// What was wrong.
    error: RwSignal<Option<AppError>>,
    /// What becomes of the file.
    on: Callback<Chosen>,
) -> impl IntoView {
    let lang = crate::lang();
    let chosen = move |event: leptos::ev::Event| {
        let Some(file) = picked(&event) else { return };
        on.run(Chosen::Begun(file.name()));
        if file.size() > largest {
            on.run(Chosen::Failed(AppError::invalid("file", words.too_large)));
            return;
        }
        spawn_local(async move {
            let read = encoded(&file).await.map_or_else(
                || Chosen::Failed(AppError::invalid("file", words.unreadable)),
                Chosen::Read,
            );
            // the page may have gone meanwhile
            let _ = on.try_run(read);
        });
    };
    let (hint, wrong) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id>{words.label}</label>
            <input id=id type="file" accept=TABLES on:change=chosen aria-describedby=format!("{hint} {wrong}")
                aria-invalid=move || error.with(Option::is_some).to_string()/>
            <p class="field-hint" id=hint>{words.hint}</p>
            <div id=wrong>{move || error.get().map(|error| view! { <p class="field-error" role="alert">{error.message(lang)}</p> })}</div>
        </div>
    }
}
