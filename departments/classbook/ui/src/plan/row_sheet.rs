//! The form of a row: a new one or one that is there, and what else can be done with it.

use base::WorkTypeId;
use classbook_core::plan::{Act, RowId, Terms};
use leptos::html;
use leptos::prelude::*;

use super::desk::{Desk, Open};
use crate::t;

/// What is typed.
#[derive(Clone, Copy)]
struct Form {
    topic: RwSignal<String>,
    section: RwSignal<String>,
    hours: RwSignal<String>,
    work: RwSignal<Option<WorkTypeId>>,
    homework: RwSignal<String>,
    minutes: RwSignal<String>,
    /// Something is typed and not saved.
    dirty: RwSignal<bool>,
    /// The person wanted to close the sheet and is asked about it.
    asked: RwSignal<bool>,
}

impl Form {
    fn of(terms: &Terms) -> Self {
        Self {
            topic: RwSignal::new(terms.topic.clone()),
            section: RwSignal::new(terms.section.clone().unwrap_or_default()),
            hours: RwSignal::new(terms.hours.to_string()),
            work: RwSignal::new(terms.work),
            homework: RwSignal::new(terms.homework.clone().unwrap_or_default()),
            minutes: RwSignal::new(terms.minutes.map(|m| m.to_string()).unwrap_or_default()),
            dirty: RwSignal::new(false),
            asked: RwSignal::new(false),
        }
    }

    /// What is no number is refused by the server in the same words as a wrong one.
    fn terms(self) -> Terms {
        let minutes = self.minutes.get_untracked();
        Terms {
            section: Some(self.section.get_untracked()),
            topic: self.topic.get_untracked(),
            hours: self.hours.get_untracked().trim().parse().unwrap_or(0),
            homework: Some(self.homework.get_untracked()),
            minutes: (!minutes.trim().is_empty()).then(|| minutes.trim().parse().unwrap_or(-1)),
            work: self.work.get_untracked(),
        }
    }

    /// Ready for the next row: the section stays.
    fn next(self) {
        self.topic.set(String::new());
        self.hours.set("1".to_owned());
        self.work.set(None);
        self.homework.set(String::new());
        self.minutes.set(String::new());
        self.dirty.set(false);
        self.asked.set(false);
    }
}

/// The sheet.
#[component]
pub fn RowSheet(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let lang = desk.lang;
    let dialog = NodeRef::<html::Dialog>::new();
    // what is open; a plan that has changed meanwhile draws no form anew under the person's fingers
    let what = Memo::new(move |_| match desk.open.get() {
        Some(open @ (Open::Row(_) | Open::New(_))) => Some(open),
        _ => None,
    });
    let form = StoredValue::new(None::<Form>);
    Effect::new(move || show(dialog, what.get().is_some()));
    let leave = move || {
        let held = form.get_value().is_some_and(|f| {
            let ask = f.dirty.get_untracked() && !f.asked.get_untracked();
            if ask {
                f.asked.set(true);
            }
            ask
        });
        if !held {
            let row = match what.get_untracked() {
                Some(Open::Row(row)) => Some(row),
                Some(Open::New(after)) => after,
                _ => None,
            };
            desk.close(row);
        }
    };
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="plan-row-title"
            on:keydown=move |e| if e.key() == "Escape" { e.prevent_default(); leave(); }
            on:cancel=move |e: web_sys::Event| { e.prevent_default(); leave(); }
            on:close=move |_| if what.get_untracked().is_some() { desk.close(None); }>
            {move || what.get().map(|open| {
                let title = if matches!(open, Open::Row(_)) { t::plan_row_title(lang) } else { t::plan_row_new(lang) };
                let new = new_form(desk, open);
                form.set_value(new);
                view! {
                    <div class="sheet-head">
                        <h2 id="plan-row-title">{title}</h2>
                        <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| leave()><kit::Icon name="cross"/></button>
                    </div>
                    <div class="sheet-body">{new.map(|f| fields(desk, open, f))}</div>
                }
            })}
        </dialog>
    }
}

fn new_form(desk: Desk, open: Open) -> Option<Form> {
    desk.book.with_untracked(|b| match open {
        Open::Row(row) => b.plan.row(row).map(|r| Form::of(&r.terms)),
        Open::New(after) => {
            let section = after
                .and_then(|r| b.plan.row(r))
                .and_then(|r| r.terms.section.clone());
            Some(Form::of(&Terms {
                section,
                ..Terms::of("")
            }))
        }
        _ => None,
    })
}

fn fields(desk: Desk, open: Open, form: Form) -> AnyView {
    let lang = desk.lang;
    // a new row stands behind the last one that was added
    let after = RwSignal::new(match open {
        Open::New(after) => after,
        _ => None,
    });
    let save = move |on: bool| {
        let terms = form.terms();
        match open {
            Open::Row(row) => desk.act(Act::Set { row, terms }, move || desk.close(Some(row))),
            _ => {
                let behind = after.get_untracked();
                let act = Act::Add {
                    after: behind,
                    rows: vec![terms],
                };
                desk.act(act, move || {
                    let new = desk.book.with_untracked(|b| {
                        let at = behind.and_then(|r| b.plan.place(r)).map_or(0, |n| n + 1);
                        b.plan.rows.get(at).map(|r| r.id)
                    });
                    if on {
                        after.set(new);
                        form.next();
                    } else {
                        desk.close(new);
                    }
                });
            }
        }
    };
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        save(false);
    };
    let sections = desk.book.with_untracked(|b| {
        let mut all: Vec<String> = b
            .plan
            .rows
            .iter()
            .filter_map(|r| r.terms.section.clone())
            .collect();
        all.dedup();
        all
    });
    let works = desk.book.with_untracked(|b| b.works.clone());
    let options = works.into_iter().map(|w| {
        let id = w.id;
        view! { <option value=id.to_string() selected=move || form.work.get() == Some(id)>{w.title}</option> }
    });
    view! {
        <form class="stack" on:submit=submit on:input=move |_| form.dirty.set(true)>
            <div class="field">
                <label for="plan-topic">{t::plan_topic(lang)}</label>
                <textarea id="plan-topic" rows="2" maxlength="1000" required prop:value=form.topic on:input=move |e| form.topic.set(event_target_value(&e))></textarea>
            </div>
            <div class="field">
                <label for="plan-section">{t::plan_section(lang)}</label>
                <input id="plan-section" list="plan-sections" maxlength="300" prop:value=form.section on:input=move |e| form.section.set(event_target_value(&e))/>
                <datalist id="plan-sections">{sections.into_iter().map(|s| view! { <option value=s></option> }).collect_view()}</datalist>
            </div>
            <div class="field-row">
                <div class="field">
                    <label for="plan-hours">{t::plan_hours_field(lang)}</label>
                    <input id="plan-hours" type="number" min="1" max="60" required inputmode="numeric" prop:value=form.hours on:input=move |e| form.hours.set(event_target_value(&e))/>
                </div>
                <div class="field">
                    <label for="plan-work">{t::plan_work(lang)}</label>
                    <select id="plan-work" class="select" on:change=move |e| { form.work.set(event_target_value(&e).parse().ok()); form.dirty.set(true); }>
                        <option value="" selected=move || form.work.get().is_none()>{t::plan_work_none(lang)}</option>
                        {options.collect_view()}
                    </select>
                </div>
            </div>
            <div class="field">
                <label for="plan-homework">{t::journal_homework(lang)}</label>
                <textarea id="plan-homework" rows="2" maxlength="4000" prop:value=form.homework on:input=move |e| form.homework.set(event_target_value(&e))></textarea>
            </div>
            <div class="field">
                <label for="plan-minutes">{t::journal_minutes(lang)}</label>
                <input id="plan-minutes" type="number" min="0" max="600" inputmode="numeric" prop:value=form.minutes on:input=move |e| form.minutes.set(event_target_value(&e))/>
            </div>
            <kit::ErrorBanner error=desk.error/>
            {move || form.asked.get().then(|| view! {
                <div class="banner banner-warn" role="alert">
                    <p>{t::journal_unsaved(lang)}</p>
                    <button class="btn btn-small" type="button" on:click=move |_| desk.close(None)>{t::journal_unsaved_leave(lang)}</button>
                </div>
            })}
            <div class="cluster">
                <button class="btn btn-primary" type="submit" disabled=move || desk.busy.get() aria-busy=move || desk.busy.get().to_string()>{t::journal_save(lang)}</button>
                {matches!(open, Open::New(_)).then(|| view! {
                    <button class="btn" type="button" disabled=move || desk.busy.get() on:click=move |_| save(true)>{t::plan_save_next(lang)}</button>
                })}
            </div>
        </form>
        {match open { Open::Row(row) => Some(more(desk, row)), _ => None }}
    }
    .into_any()
}

/// What else can be done with a row.
fn more(desk: Desk, row: RowId) -> AnyView {
    let lang = desk.lang;
    let off = move || desk.busy.get();
    let hours = move || desk.book.with(|b| b.plan.row(row).map_or(1, |r| r.terms.hours));
    view! {
        <section class="stack stack-s" aria-labelledby="plan-more">
            <h3 id="plan-more">{t::plan_more(lang)}</h3>
            <div class="cluster">
                <button class="btn btn-small" type="button" disabled=off on:click=move |_| desk.step(row, false)>{t::plan_up(lang)}</button>
                <button class="btn btn-small" type="button" disabled=off on:click=move |_| desk.step(row, true)>{t::plan_down(lang)}</button>
                <button class="btn btn-small" type="button" disabled=off on:click=move |_| desk.show(Open::New(Some(row)))>{t::plan_add_below(lang)}</button>
                {move || (hours() > 1).then(|| view! {
                    <button class="btn btn-small" type="button" disabled=off
                        on:click=move |_| desk.act(Act::Split { row, hours: 1 }, move || desk.close(Some(row)))>{t::plan_split(lang)}</button>
                })}
                <button class="btn btn-small btn-danger" type="button" disabled=off on:click=move |_| desk.remove(row)>{t::journal_remove(lang)}</button>
            </div>
            <p class="visually-hidden" role="status">{move || desk.said.get()}</p>
        </section>
    }
    .into_any()
}

/// Opens a dialog, or closes it.
pub(super) fn show(dialog: NodeRef<html::Dialog>, open: bool) {
    if let Some(dialog) = dialog.get() {
        if open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    }
}
