//! The letters of attendance: each with its name and what it counts as.

use base::Lang;
use classbook_core::attendance::Reason;
use classbook_core::scale::{LetterLine, LetterTerms};
use leptos::prelude::*;

use super::api;
use super::edit::{self, Open};
use super::scales_page::Desk;
use crate::t;

/// What tells a letter from others.
type Letter = Option<char>;

/// The section of letters.
pub(super) fn section(desk: Desk) -> AnyView {
    let lang = kit::lang();
    let may = desk.all.with_untracked(|a| a.may_edit);
    let open = RwSignal::new(None::<Option<Letter>>);
    let list = move || {
        let lines = desk.all.with(|a| a.letters.clone());
        let items = lines.into_iter().map(|line| {
            view! { <li class="card stack stack-s">{shown(&line, lang)}{may.then(|| edit::edit(line, desk, open, lang))}</li> }
        });
        items.collect_view().into_any()
    };
    let words = edit::Words {
        id: "sc-letters",
        title: t::scale_letters(lang),
        add: t::scale_letter_add(lang),
    };
    edit::section::<LetterLine>(desk, open, words, list, lang)
}

fn shown(line: &LetterLine, lang: Lang) -> AnyView {
    let used = if line.used {
        t::scale_letter_used(lang)
    } else {
        t::scale_letter_unused(lang)
    };
    let counts = t::scale_letter_counts_as(lang, line.terms.reason.title(lang));
    view! {
        <h3><span class="badge">{line.terms.code.clone()}</span>" "{line.terms.title.clone()}</h3>
        <p class="small muted">{counts}", "{used}</p>
    }
    .into_any()
}

impl edit::Line for LetterLine {
    type Id = Letter;

    fn id(&self) -> Letter {
        self.terms.code.chars().next()
    }

    fn title(&self) -> &str {
        &self.terms.title
    }

    fn is_used(&self) -> bool {
        self.used
    }

    fn remove(self, desk: Desk, lang: Lang) {
        desk.act(t::scale_removed(lang), api::remove_letter(self.terms), || ());
    }

    fn form(line: Option<Self>, desk: Desk, open: Open<Letter>, lang: Lang) -> AnyView {
        form(desk, open, line, lang)
    }
}

fn form(desk: Desk, open: Open<Letter>, line: Option<LetterLine>, lang: Lang) -> AnyView {
    let used = line.as_ref().is_some_and(|l| l.used);
    let seen = line.map(|l| l.terms);
    let start = seen.clone().unwrap_or(LetterTerms {
        code: String::new(),
        title: String::new(),
        reason: Reason::Excused,
    });
    let (code, title) = (RwSignal::new(start.code), RwSignal::new(start.title));
    let first = start.reason;
    let reason = RwSignal::new(first);
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let terms = LetterTerms {
            code: code.get_untracked(),
            title: title.get_untracked(),
            reason: reason.get_untracked(),
        };
        let act = api::save_letter(seen.clone(), terms);
        desk.act(t::scale_saved(lang), act, move || open.set(None));
    };
    let options = Reason::ALL
        .map(|r| view! { <option value=r.key() selected=r == first>{r.title(lang)}</option> })
        .collect_view();
    let choose = move |e| {
        if let Some(chosen) = Reason::from_key(&event_target_value(&e)) {
            reason.set(chosen);
        }
    };
    view! {
        <form class="stack stack-s" on:submit=save>
            <fieldset class="stack stack-s" disabled=move || desk.busy.get()>
                <legend class="visually-hidden">{t::scale_letters(lang)}</legend>
                <label class="field"><span>{t::scale_letter_code(lang)}</span>
                    <input class="input sc-short" maxlength="1" required disabled=used prop:value=code on:input=move |e| code.set(event_target_value(&e))/>
                    <span class="field-hint">{if used { t::scale_letter_fixed(lang) } else { t::scale_letter_code_hint(lang) }}</span></label>
                <label class="field"><span>{t::scale_letter_title(lang)}</span>
                    <input class="input" maxlength="80" required prop:value=title on:input=move |e| title.set(event_target_value(&e))/></label>
                <label class="field"><span>{t::scale_letter_reason(lang)}</span>
                    <select class="select" disabled=used on:change=choose>{options}</select>
                    <span class="field-hint">{t::scale_letter_reason_hint(lang)}</span></label>
                {edit::buttons(open, lang)}
            </fieldset>
        </form>
    }
    .into_any()
}
