//! `/absences/:pupil`: what was told, and the form to tell.

use base::{AppError, Lang, PupilId};
use classbook_core::absence::{Note, Notes, REASON};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{DocumentAbsence, TellAbsence, WithdrawAbsence, absence_notes};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy)]
struct Loaded {
    data: Resource<Result<Notes, AppError>>,
    tell: ServerAction<TellAbsence>,
    withdraw: ServerAction<WithdrawAbsence>,
    document: ServerAction<DocumentAbsence>,
}

impl Loaded {
    fn ask() -> Self {
        let params = use_params_map();
        let (tell, withdraw, document) = (
            ServerAction::<TellAbsence>::new(),
            ServerAction::<WithdrawAbsence>::new(),
            ServerAction::<DocumentAbsence>::new(),
        );
        let (one, two, three) = (tell.version(), withdraw.version(), document.version());
        let wanted = move || {
            let pupil = params.read().get("pupil").and_then(|p| p.parse::<PupilId>().ok());
            (pupil, one.get(), two.get(), three.get())
        };
        let data = Resource::new_blocking(wanted, |(pupil, ..)| async move {
            match pupil {
                Some(pupil) => absence_notes(pupil).await,
                None => crate::diary::mark_not_found(),
            }
        });
        Self {
            data,
            tell,
            withdraw,
            document,
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    view! {
        <Title text=t::absence_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match this.data.await {
                    Ok(notes) => page(this, notes, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(this: Loaded, all: Notes, lang: Lang) -> AnyView {
    let form = all.may_tell.then(|| form(this, all.pupil, all.today, lang));
    let error = Signal::derive(move || {
        let withdraw = this.withdraw.value().get().and_then(Result::err);
        withdraw.or_else(|| this.document.value().get().and_then(Result::err))
    });
    let empty = all.notes.is_empty();
    let (offset, tells, documents) = (all.utc_offset, all.may_tell, all.may_document);
    let rows = all
        .notes
        .into_iter()
        .map(|note| row(this, note, offset, tells, documents, lang))
        .collect_view();
    let list = if empty {
        view! { <p class="muted">{t::absence_none(lang)}</p> }.into_any()
    } else {
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    let pupil = all.pupil;
    let note = if all.family {
        t::absence_note_family(lang, &all.name)
    } else {
        t::absence_note_staff(lang, &all.name)
    };
    view! {
        <div class="page page-narrow stack">
            <div class="page-head">
                <h1>{t::absence_title(lang)}</h1>
                <p class="page-note">{note}</p>
            </div>
            // a family's diary is a document
            <p><a href=format!("/diary/{pupil}") rel="external">{t::absence_back(lang)}</a></p>
            {form}
            <section class="card" aria-labelledby="told"><div class="stack stack-s">
                <h2 id="told">{t::absence_told(lang)}</h2>
                <kit::ErrorBanner error/>
                {list}
            </div></section>
        </div>
    }
    .into_any()
}

fn form(this: Loaded, pupil: PupilId, today: chrono::NaiveDate, lang: Lang) -> AnyView {
    let error = Signal::derive(move || this.tell.value().get().and_then(Result::err));
    let pending = this.tell.pending();
    view! {
        <section class="card"><div class="stack stack-s">
            <kit::ErrorBanner error/>
            <ActionForm action=this.tell>
                <input type="hidden" name="pupil" value=pupil.to_string()/>
                <div class="stack stack-s">
                    <div class="cluster">
                        <div class="field">
                            <label for="starts_on">{t::absence_from(lang)}</label>
                            <input id="starts_on" name="starts_on" type="date" required min=today.to_string() value=today.to_string()/>
                        </div>
                        <div class="field">
                            <label for="ends_on">{t::absence_until(lang)}</label>
                            <input id="ends_on" name="ends_on" type="date" required min=today.to_string() value=today.to_string()/>
                        </div>
                    </div>
                    <div class="field">
                        <label for="reason">{t::absence_reason(lang)}</label>
                        <textarea id="reason" name="reason" rows="2" required maxlength=REASON.to_string() aria-describedby="reason-hint"></textarea>
                        <p class="field-hint" id="reason-hint">{t::absence_reason_hint(lang)}</p>
                    </div>
                    <button class="btn btn-primary" type="submit" disabled=pending>{t::absence_tell(lang)}</button>
                </div>
            </ActionForm>
        </div></section>
    }
    .into_any()
}

fn row(this: Loaded, note: Note, offset: i32, tells: bool, documents: bool, lang: Lang) -> impl IntoView {
    let span = if note.starts_on == note.ends_on {
        kit::date::day_month(note.starts_on, lang)
    } else {
        kit::date::span(note.starts_on, note.ends_on, lang)
    };
    let told = t::absence_by(lang, note.by, kit::date::moment(note.made_at, offset, lang));
    let paper = match note.document_on {
        Some(on) => t::absence_document_on(lang, kit::date::day_month(on, lang)),
        None => t::absence_document_none(lang).to_owned(),
    };
    let free = note.free.then(|| {
        view! { <br/><small class="badge" data-tone="warn">{t::absence_free(lang)}</small> }
    });
    let id = note.id;
    let withdraw = tells.then(|| {
        let label = t::absence_withdraw_label(lang, &span);
        view! {
            <ActionForm action=this.withdraw>
                <input type="hidden" name="note" value=id.to_string()/>
                <button class="btn btn-small" type="submit" aria-label=label>{t::absence_withdraw(lang)}</button>
            </ActionForm>
        }
    });
    let document = (documents && note.document_on.is_none()).then(|| {
        let label = t::absence_document_label(lang, &span);
        view! {
            <ActionForm action=this.document>
                <input type="hidden" name="note" value=id.to_string()/>
                <button class="btn btn-small" type="submit" aria-label=label>{t::absence_document(lang)}</button>
            </ActionForm>
        }
    });
    view! {
        <li class="cluster">
            <span><b>{span.clone()}</b><br/>{note.reason}<br/><small class="muted">{told}" · "{paper}</small>{free}</span>
            <span class="spacer"></span>
            {document}{withdraw}
        </li>
    }
}
