//! A line of a list with its buttons, and its form in their place while it is changed.

use base::Lang;
use leptos::prelude::*;

use super::scales_page::Desk;
use crate::t;

/// A line that can be changed, and taken away while it is in no use.
pub(super) struct Line<T> {
    /// Which.
    pub id: T,
    /// What it is called, for who listens.
    pub title: String,
    /// It is in use.
    pub used: bool,
}

/// The buttons of a line, or what `form` draws while the line is the one that is open; `remove` takes it away.
pub(super) fn edit<T: Copy + PartialEq + Send + Sync + 'static>(
    desk: Desk,
    open: RwSignal<Option<Option<T>>>,
    line: Line<T>,
    remove: impl Fn() + Copy + Send + Sync + 'static,
    form: impl Fn() -> AnyView + Copy + Send + Sync + 'static,
    lang: Lang,
) -> AnyView {
    let Line { id, title, used } = line;
    let is_open = move || open.get() == Some(Some(id));
    let title = StoredValue::new(title);
    let label = move |words: &str| title.with_value(|title| format!("{words}: {title}"));
    view! {
        <Show when=move || !is_open()>
            <div class="cluster">
                <button class="btn btn-small" type="button" aria-label=label(t::scale_edit(lang)) on:click=move |_| open.set(Some(Some(id)))>{t::scale_edit(lang)}</button>
                {(!used).then(|| view! {
                    <button class="btn btn-small btn-quiet" type="button" aria-label=label(t::scale_remove(lang)) disabled=move || desk.busy.get() on:click=move |_| remove()>{t::scale_remove(lang)}</button>
                })}
            </div>
        </Show>
        <Show when=is_open>{form()}</Show>
    }
    .into_any()
}
