//! A section of lines that can be changed: each with its buttons, or its form in their place, and at the end the way to another one.

use base::Lang;
use leptos::prelude::*;

use super::scales_page::Desk;
use crate::t;

/// Which line is open: none, a new one, or this.
pub(super) type Open<T> = RwSignal<Option<Option<T>>>;

/// A line that can be changed, and taken away while it is in no use.
pub(super) trait Line: Clone + Send + Sync + 'static {
    /// What tells it from others.
    type Id: Copy + PartialEq + Send + Sync + 'static;

    /// Which.
    fn id(&self) -> Self::Id;
    /// What it is called, for who listens.
    fn title(&self) -> &str;
    /// It is in use.
    fn is_used(&self) -> bool;
    /// Takes it away.
    fn remove(self, desk: Desk, lang: Lang);
    /// Its form; without a line that of a new one.
    fn form(line: Option<Self>, desk: Desk, open: Open<Self::Id>, lang: Lang) -> AnyView;
}

/// The words of a section.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// The id of its heading.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// The button for another line.
    pub add: &'static str,
}

/// The section; `list` draws its lines.
pub(super) fn section<L: Line>(
    desk: Desk,
    open: Open<L::Id>,
    words: Words,
    list: impl Fn() -> AnyView + Send + 'static,
    lang: Lang,
) -> AnyView {
    let may = desk.all.with_untracked(|a| a.may_edit);
    let adding = move || open.get() == Some(None);
    view! {
        <section class="stack" aria-labelledby=words.id>
            <h2 id=words.id>{words.title}</h2>
            <ul class="stack stack-s sc-list">{list}</ul>
            {may.then(|| view! {
                <Show when=move || !adding()>
                    <button class="btn" type="button" on:click=move |_| open.set(Some(None))><kit::Icon name="plus"/>{words.add}</button>
                </Show>
                <Show when=adding><div class="card">{L::form(None, desk, open, lang)}</div></Show>
            })}
        </section>
    }
    .into_any()
}

/// The buttons of a line, or its form while it is the one that is open.
pub(super) fn edit<L: Line>(line: L, desk: Desk, open: Open<L::Id>, lang: Lang) -> AnyView {
    let (id, used) = (line.id(), line.is_used());
    let is_open = move || open.get() == Some(Some(id));
    let line = StoredValue::new(line);
    let label = move |words: &str| line.with_value(|line| format!("{words}: {}", line.title()));
    let remove = move |_| line.get_value().remove(desk, lang);
    view! {
        <Show when=move || !is_open()>
            <div class="cluster">
                <button class="btn btn-small" type="button" aria-label=label(t::scale_edit(lang)) on:click=move |_| open.set(Some(Some(id)))>{t::scale_edit(lang)}</button>
                {(!used).then(|| view! {
                    <button class="btn btn-small btn-quiet" type="button" aria-label=label(t::scale_remove(lang)) disabled=move || desk.busy.get() on:click=remove>{t::scale_remove(lang)}</button>
                })}
            </div>
        </Show>
        <Show when=is_open>{L::form(Some(line.get_value()), desk, open, lang)}</Show>
    }
    .into_any()
}

/// The end of a form: save, or leave it.
pub(super) fn buttons<T: Send + Sync + 'static>(open: Open<T>, lang: Lang) -> AnyView {
    view! {
        <div class="cluster">
            <button class="btn btn-primary" type="submit">{t::scale_save(lang)}</button>
            <button class="btn btn-quiet" type="button" on:click=move |_| open.set(None)>{t::scale_cancel(lang)}</button>
        </div>
    }
    .into_any()
}
