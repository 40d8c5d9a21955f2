//! The fields of a paper, in forms of attendance and of exemptions.

use base::Lang;
use classbook_core::attendance::{Document, Paper};
use leptos::prelude::*;

use crate::t;

/// What is typed of a paper.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaperDraft {
    /// Its kind, by its key.
    pub kind: RwSignal<Document>,
    number: RwSignal<String>,
    on: RwSignal<String>,
}

impl PaperDraft {
    /// Nothing typed yet.
    pub fn new(kind: Document) -> Self {
        Self {
            kind: RwSignal::new(kind),
            number: RwSignal::new(String::new()),
            on: RwSignal::new(String::new()),
        }
    }

    /// Nothing is left of what was typed.
    pub fn clear(self, kind: Document) {
        self.kind.set(kind);
        self.number.set(String::new());
        self.on.set(String::new());
    }

    /// The paper, as it is sent. A date that is none is as good as not typed.
    pub fn read(self) -> Paper {
        let kind = self.kind.get_untracked();
        let bare = kind == Document::None;
        Paper {
            kind,
            number: if bare {
                String::new()
            } else {
                self.number.get_untracked()
            },
            on: self.on.get_untracked().parse().ok().filter(|_| !bare),
        }
    }
}

/// Kind, number and date. `id` begins the ids of the fields.
pub(crate) fn fields(draft: PaperDraft, id: &'static str, today: chrono::NaiveDate, lang: Lang) -> AnyView {
    let options = Document::ALL
        .into_iter()
        .map(|d| {
            view! { <option value=d.key() selected=d == draft.kind.get_untracked() prop:selected=move || draft.kind.get() == d>{d.title(lang)}</option> }
        })
        .collect_view();
    let choose = move |e| {
        if let Some(kind) = Document::from_key(&event_target_value(&e)) {
            draft.kind.set(kind);
        }
    };
    let (kind, number, on) = (format!("{id}-kind"), format!("{id}-number"), format!("{id}-on"));
    let bare = move || draft.kind.get() == Document::None;
    view! {
        <div class="field-row">
            <div class="field">
                <label for=kind.clone()>{t::attendance_paper(lang)}</label>
                <select id=kind class="select" on:change=choose>{options}</select>
            </div>
            <div class="field">
                <label for=number.clone()>{t::attendance_number(lang)}</label>
                <input id=number maxlength="60" autocomplete="off" disabled=bare prop:value=draft.number on:input=move |e| draft.number.set(event_target_value(&e))/>
            </div>
            <div class="field">
                <label for=on.clone()>{t::attendance_paper_date(lang)}</label>
                <input id=on type="date" max=today.to_string() disabled=bare prop:value=draft.on on:input=move |e| draft.on.set(event_target_value(&e))/>
            </div>
        </div>
    }
    .into_any()
}
