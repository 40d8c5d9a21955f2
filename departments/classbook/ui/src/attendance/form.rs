//! The setting of a reason: whose, for which days, which, from which paper; what would change; one act.

use base::{AbsenceNoteId, AppError, PupilId};
use chrono::NaiveDate;
use classbook_core::attendance::{
    Ask, Closed, Code, Document, Fate, Preview, PreviewLine, Reason, Sheet, Told,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::class_page::{Page, Wanted};
use super::paper::{PaperDraft, fields};
use crate::grading::ask_change::{About, AskChange};
use crate::grading::periods_page::part_name;
use crate::t;

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    pupil: RwSignal<Option<PupilId>>,
    from: RwSignal<String>,
    until: RwSignal<String>,
    code: RwSignal<String>,
    all: RwSignal<bool>,
    note: RwSignal<Option<AbsenceNoteId>>,
    paper: PaperDraft,
    shown: RwSignal<Option<(Ask, Preview)>>,
}

impl Draft {
    /// The question as it is typed; `None` while something is missing.
    fn ask(self) -> Option<Ask> {
        // an answer may come when the form has been drawn anew: then there is nothing here any more
        let date = |text: RwSignal<String>| text.try_get_untracked()?.parse::<NaiveDate>().ok();
        let code = self.code.try_get_untracked()?;
        Some(Ask {
            pupil: self.pupil.try_get_untracked()??,
            starts_on: date(self.from)?,
            ends_on: date(self.until)?,
            code: (!code.is_empty()).then_some(code)?,
            all: self.all.try_get_untracked()?,
        })
    }

    /// Another question: what was shown is no answer to it.
    fn touched(self) {
        self.shown.set(None);
    }
}

/// Why somebody was absent: codes that say it.
fn reasons(sheet: &Sheet) -> Vec<Code> {
    let says = |c: &&Code| c.reason.is_absent() && c.reason != Reason::Unknown;
    sheet.codes.iter().filter(says).cloned().collect()
}

/// The code of a reason, else the first one.
fn code_of(codes: &[Code], reason: Reason) -> String {
    let found = codes.iter().find(|c| c.reason == reason).or(codes.first());
    found.map(|c| c.code.clone()).unwrap_or_default()
}

/// The form.
pub(super) fn form(page: Page, sheet: &Sheet) -> AnyView {
    let lang = page.lang;
    let codes = reasons(sheet);
    let draft = Draft {
        pupil: RwSignal::new(None),
        from: RwSignal::new(sheet.today.to_string()),
        until: RwSignal::new(sheet.today.to_string()),
        code: RwSignal::new(code_of(&codes, Reason::Ill)),
        all: RwSignal::new(false),
        note: RwSignal::new(None),
        paper: PaperDraft::new(Document::Certificate),
        shown: RwSignal::new(None),
    };
    let go = leptos_router::hooks::use_navigate();
    let plain = format!(
        "/attendance/{}?month={}",
        sheet.class,
        super::month_key(sheet.month)
    );
    // what is done is done: the address asks for nothing more
    let leave = Callback::new(move |()| go(&plain, Default::default()));
    let told: Vec<Told> = sheet.open.iter().filter_map(|o| o.told.clone()).collect();
    let known = codes.clone();
    // the address fills the form in, and asks at once: a press on what is open shows what would change
    Effect::new(move |before: Option<Wanted>| {
        let wanted = page.wanted.get();
        if before.as_ref() != Some(&wanted) && wanted.pupil.is_some() {
            fill(draft, wanted.clone(), &told, &known);
            look(page, draft);
        }
        wanted
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        look(page, draft);
    };
    view! {
        <section class="card stack" aria-labelledby="reason">
            <h2 id="reason" tabindex="-1">{t::attendance_set_title(lang)}</h2>
            <form class="stack" on:submit=submit>
                {whose(draft, sheet, &codes, lang)}
                {fields(draft.paper, "paper", sheet.today, lang)}
                <label class="check">
                    <input type="checkbox" prop:checked=draft.all on:change=move |e| { draft.all.set(event_target_checked(&e)); draft.touched(); }/>
                    <span>{t::attendance_all(lang)}</span>
                </label>
                <div><button class="btn" type="submit" disabled=move || page.busy.get()>{t::attendance_show(lang)}</button></div>
            </form>
            <div aria-live="polite">{move || draft.shown.get().map(|(ask, preview)| shown(page, draft, leave, ask, &preview))}</div>
        </section>
    }
    .into_any()
}

fn fill(draft: Draft, wanted: Wanted, told: &[Told], codes: &[Code]) {
    draft.pupil.set(wanted.pupil);
    if let Some(from) = wanted.from {
        draft.from.set(from.to_string());
    }
    if let Some(until) = wanted.until.or(wanted.from) {
        draft.until.set(until.to_string());
    }
    draft.all.set(false);
    // what the family told is its own paper, and a good reason until somebody says otherwise
    let note = told.iter().find(|t| Some(t.note) == wanted.note);
    draft.note.set(note.map(|n| n.note));
    match note {
        Some(_) => {
            draft.code.set(code_of(codes, Reason::Excused));
            draft.paper.clear(Document::Statement);
        }
        None => draft.paper.clear(Document::Certificate),
    }
    draft.touched();
}

/// Whose, for which days, which.
fn whose(draft: Draft, sheet: &Sheet, codes: &[Code], lang: base::Lang) -> AnyView {
    let pupils = sheet
        .lines
        .iter()
        .map(|line| {
            let id = line.pupil;
            view! { <option value=id.to_string() prop:selected=move || draft.pupil.get() == Some(id)>{line.name.clone()}</option> }
        })
        .collect_view();
    let codes = codes
        .iter()
        .map(|c| {
            let (code, mine) = (c.code.clone(), c.code.clone());
            let text = format!("{}, {}", c.code, c.title);
            view! { <option value=code prop:selected=move || draft.code.get() == mine>{text}</option> }
        })
        .collect_view();
    let date = |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id type="date" required prop:value=value on:input=move |e| { value.set(event_target_value(&e)); draft.touched(); }/>
            </div>
        }
    };
    view! {
        <div class="field-row">
            <div class="field">
                <label for="reason-pupil">{t::journal_pupil(lang)}</label>
                <select id="reason-pupil" class="select" required on:change=move |e| { draft.pupil.set(event_target_value(&e).parse().ok()); draft.note.set(None); draft.touched(); }>
                    <option value="" prop:selected=move || draft.pupil.get().is_none()>{t::attendance_pupil_none(lang)}</option>
                    {pupils}
                </select>
            </div>
            {date("reason-from", t::absence_from(lang), draft.from)}
            {date("reason-until", t::absence_until(lang), draft.until)}
            <div class="field">
                <label for="reason-code">{t::attendance_reason(lang)}</label>
                <select id="reason-code" class="select" on:change=move |e| { draft.code.set(event_target_value(&e)); draft.touched(); }>{codes}</select>
            </div>
        </div>
    }
    .into_any()
}

/// Asks what would change.
fn look(page: Page, draft: Draft) {
    let Some(ask) = draft.ask() else {
        page.error
            .set(Some(AppError::invalid("", t::attendance_incomplete(page.lang))));
        return;
    };
    page.error.set(None);
    page.busy.set(true);
    spawn_local(async move {
        let answer = api::preview(ask.clone()).await;
        page.busy.set(false);
        match answer {
            // something else was typed meanwhile
            Ok(_) if draft.ask().as_ref() != Some(&ask) => {}
            Ok(preview) => drop(draft.shown.try_set(Some((ask, preview)))),
            Err(error) => page.error.set(Some(error)),
        }
    });
}

/// What would change, and the one act.
fn shown(page: Page, draft: Draft, leave: Callback<()>, ask: Ask, preview: &Preview) -> AnyView {
    let lang = page.lang;
    let n = preview.changes();
    let ahead = preview.ahead;
    let lines = preview
        .lines
        .iter()
        .map(|line| preview_row(line, &ask.code, lang))
        .collect_view();
    let none = preview
        .lines
        .is_empty()
        .then(|| view! { <p class="muted">{t::attendance_none_recorded(lang)}</p> });
    let list = (!preview.lines.is_empty()).then(|| view! { <ul class="list card card-flush">{lines}</ul> });
    let note_ahead = ahead.then(|| view! { <p class="muted small">{t::attendance_ahead(lang)}</p> });
    let about = About::Reasons(ask.pupil);
    let set = move |_| {
        if page.busy.get_untracked() {
            return;
        }
        page.busy.set(true);
        let (ask, paper, note) = (ask.clone(), draft.paper.read(), draft.note.get_untracked());
        spawn_local(async move {
            let answer = api::set(ask, paper, note, n).await;
            page.busy.set(false);
            match answer {
                Ok(out) => {
                    draft.touched();
                    leave.run(());
                    page.say(t::attendance_set_done(lang, out.lessons), out.kept, Some(out));
                }
                Err(error) => page.error.set(Some(error)),
            }
        });
    };
    let locked = preview.lines.iter().any(|l| l.fate == Fate::Locked);
    let asks = |c: &&Closed| locked || c.asked.as_ref().is_some_and(|a| a.open);
    let questions = preview.closed.iter().filter(asks).map(|c| {
        let (period, asked) = (c.period, c.asked.clone());
        view! { <h4>{t::attendance_closed(lang, part_name(&c.kind, c.number, lang))}</h4><AskChange about period asked/> }
    });
    let questions = questions.collect_view();
    let label = if n > 0 {
        t::attendance_set(lang, n)
    } else {
        t::attendance_set_ahead(lang).to_owned()
    };
    let may = n > 0 || ahead;
    view! {
        <div class="stack stack-s">
            <h3>{t::attendance_changes(lang, n)}</h3>
            {none}{list}{note_ahead}{questions}
            {may.then(|| view! { <div><button class="btn btn-primary" type="button" disabled=move || page.busy.get() aria-busy=move || page.busy.get().to_string() on:click=set>{label}</button></div> })}
        </div>
    }
    .into_any()
}

fn preview_row(line: &PreviewLine, code: &str, lang: base::Lang) -> AnyView {
    let lesson = format!(
        "{}, {}",
        kit::date::day_month(line.date, lang),
        t::journal_lesson_number(lang, line.number)
    );
    let fate = match line.fate {
        Fate::Change => view! { <b>{line.was.clone()}" → "{code.to_owned()}</b> }.into_any(),
        Fate::Same => view! { <span class="muted">{t::attendance_fate_same(lang)}</span> }.into_any(),
        Fate::Other => {
            view! { <span class="muted">{t::attendance_fate_other(lang, &line.was)}</span> }.into_any()
        }
        Fate::Locked => {
            view! { <span class="badge" data-tone="warn">{t::attendance_fate_locked(lang)}</span> }.into_any()
        }
    };
    view! { <li class="cluster"><span>{lesson}" · "{line.subject.clone()}</span><span class="spacer"></span>{fate}</li> }
        .into_any()
}
