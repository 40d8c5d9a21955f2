//! What both pages have: the buttons that take a sheet away.

use base::Lang;
use classbook_core::sheet::{Format, Kind, Sheet};
use leptos::prelude::*;

use crate::t;

/// Files and the printer.
pub(super) fn take(kind: Kind, id: i64, sheet: &Sheet, lang: Lang) -> AnyView {
    let when = sheet.when;
    let fits = sheet.paper.is_printable();
    let file = |format: Format| {
        format!(
            "/api/sheet/file?kind={}&id={id}&when={when}&format={}",
            kind.key(),
            format.key()
        )
    };
    let print = |_| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    };
    view! {
        <div class="cluster no-print">
            {(sheet.pdf && fits).then(|| view! { <a class="btn" rel="external" download="" href=file(Format::Pdf)><kit::Icon name="import"/>{t::sheet_pdf(lang)}</a> })}
            <a class="btn" rel="external" download="" href=file(Format::Xlsx)><kit::Icon name="import"/>{t::sheet_xlsx(lang)}</a>
            <button class="btn" type="button" on:click=print><kit::Icon name="print"/>{t::sheet_print(lang)}</button>
            {(sheet.pdf && !fits).then(|| view! { <p class="muted small">{classbook_core::t::sheet_too_large(lang)}</p> })}
        </div>
    }
    .into_any()
}

/// A choice of a form.
pub(super) fn choice(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    let id = format!("sheet-{name}");
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select class="select" id=id name=name>{options}</select>
        </div>
    }
    .into_any()
}
