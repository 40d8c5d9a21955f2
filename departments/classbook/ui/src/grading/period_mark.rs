//! The mark of a period for one pupil, wherever it is asked for: how it is counted, what is proposed, giving it and taking it back.

use base::{AppError, Lang, LoadId, PeriodId, PupilId};
use classbook_core::grading::proposal::asks_reason;
use classbook_core::grading::totals::{Column, Given, Shut, Stage, Suggestion, TotalEdit, Totals};
use classbook_core::journal::cell::Outcome;
use classbook_core::journal::typing::{Reading, typed};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;

use super::ask_change::{About, AskChange};
use super::figure_sheet::figure;
use super::{api, explain};
use crate::t;

/// What has been saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// To whom.
    pub pupil: PupilId,
    /// The mark; `None`: taken back.
    pub code: Option<String>,
    /// Why it stands a whole mark from what was proposed.
    pub reason: Option<String>,
    /// The version that it has.
    pub version: i32,
    /// The person wants to go on to the next pupil.
    pub next: bool,
}

/// Asks for one pupil's line and shows it.
#[component]
pub fn PeriodMark(
    /// The journal.
    load: LoadId,
    /// The period.
    period: PeriodId,
    /// The pupil.
    pupil: PupilId,
    /// A mark that was typed already, to begin with.
    typed: Option<String>,
    /// Called when the server has taken a mark.
    saved: Callback<Saved>,
) -> impl IntoView {
    let lang = kit::lang();
    let found = RwSignal::new(None::<Result<Totals, AppError>>);
    Effect::new(move || {
        spawn_local(async move {
            let line = api::line(load, pupil).await;
            let _ = found.try_set(Some(line));
        });
    });
    let stage = Stage::Period(period);
    move || match found.get() {
        None => view! { <kit::Busy/> }.into_any(),
        Some(Err(error)) => {
            view! { <div class="banner banner-error" role="alert"><p>{error.message(lang)}</p></div> }
                .into_any()
        }
        Some(Ok(totals)) => {
            let column = totals.columns.iter().find(|c| c.stage == stage).cloned();
            match column {
                Some(column) => line(RwSignal::new(totals), column, typed.clone(), saved, lang),
                None => view! { <p class="muted">{AppError::NotFound.message(lang)}</p> }.into_any(),
            }
        }
    }
}

fn line(
    totals: RwSignal<Totals>,
    column: Column,
    typed: Option<String>,
    saved: Callback<Saved>,
    lang: Lang,
) -> AnyView {
    let shown = column.clone();
    // what lies behind it is asked for anew when the mark has changed
    let behind = move || {
        totals.track();
        figure(totals, 0, shown.clone(), lang)
    };
    view! { {form(totals, column, typed, saved, lang)}{behind} }.into_any()
}

/// The way to give the mark, or why there is none.
fn form(
    totals: RwSignal<Totals>,
    column: Column,
    typed: Option<String>,
    saved: Callback<Saved>,
    lang: Lang,
) -> AnyView {
    let (load, may_edit, there) = totals.with_untracked(|t| {
        let there = t.pupils.first().is_some_and(|p| Totals::belongs(p, &column));
        (t.load, t.may_edit, there)
    });
    if !may_edit {
        return ().into_any();
    }
    match (column.shut, column.stage.period()) {
        (Some(Shut::Locked), Some(period)) => {
            let asked = totals.with_untracked(|t| t.asked.iter().find(|a| a.period == period).cloned());
            view! { <p class="muted">{t::totals_locked(lang)}</p><AskChange about=About::Journal(load) period asked/> }.into_any()
        }
        (Some(Shut::ToCome), _) => view! { <p class="muted">{t::totals_to_come(lang)}</p> }.into_any(),
        _ if !there => view! { <p class="muted">{t::totals_not_here(lang)}</p> }.into_any(),
        _ => {
            let offer = Offer::new(totals, column, typed, saved, lang);
            offer.view()
        }
    }
}

/// A mark that is being chosen.
#[derive(Clone, Copy)]
struct Offer {
    totals: RwSignal<Totals>,
    column: StoredValue<Column>,
    saved: Callback<Saved>,
    lang: Lang,
    chosen: RwSignal<Option<String>>,
    reason: RwSignal<String>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

impl Offer {
    fn new(
        totals: RwSignal<Totals>,
        column: Column,
        typed: Option<String>,
        saved: Callback<Saved>,
        lang: Lang,
    ) -> Self {
        let made = totals.with_untracked(|t| t.suggest(0, &column));
        let offer = Self {
            totals,
            column: StoredValue::new(column),
            saved,
            lang,
            chosen: RwSignal::new(None),
            reason: RwSignal::new(String::new()),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
        };
        let given = untrack(move || offer.given());
        let proposed = made.code().filter(|_| made.is_enough()).map(str::to_owned);
        let stands = given.as_ref().and_then(|g| g.code.clone());
        // the reason of another mark is none for this one
        let another = typed.is_some() && typed != stands;
        offer.chosen.set(typed.or(stands).or(proposed));
        let reason = given.and_then(|g| g.reason).filter(|_| !another);
        offer.reason.set(reason.unwrap_or_default());
        offer
    }

    fn suggestion(self) -> Suggestion {
        self.column.with_value(|c| self.totals.with(|t| t.suggest(0, c)))
    }

    /// What stands there.
    fn given(self) -> Option<Given> {
        let stage = self.column.with_value(|c| c.stage);
        self.totals.with(|t| {
            let pupil = t.pupils.first()?.id;
            t.given(pupil, stage).cloned()
        })
    }

    /// Does the chosen mark stand a whole mark from the proposed one?
    fn differs(self) -> bool {
        let made = self.suggestion();
        self.chosen.with(|code| {
            self.totals.with(|t| {
                code.as_deref()
                    .and_then(|code| t.item(code))
                    .is_some_and(|item| asks_reason(item, made.value(), made.is_enough()))
            })
        })
    }

    fn send(self, code: Option<String>, next: bool) {
        if self.busy.get_untracked() {
            return;
        }
        let stage = self.column.with_value(|c| c.stage);
        let standing = untrack(move || self.given());
        let Some((load, pupil)) = self
            .totals
            .with_untracked(|t| Some((t.load, t.pupils.first()?.id)))
        else {
            return;
        };
        let asked = code.is_some() && untrack(move || self.differs());
        let reason = self.reason.get_untracked().trim().to_owned();
        let edit = TotalEdit {
            pupil,
            stage,
            code,
            reason: Some(reason).filter(|r| asked && !r.is_empty()),
            expected: standing.map_or(0, |g| g.version),
        };
        self.trouble.set(None);
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::save_totals(load, vec![edit.clone()]).await;
            // closed meanwhile
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer.map(|outcomes| outcomes.into_iter().next()) {
                Ok(Some(outcome)) => self.learn(edit, outcome, next),
                Ok(None) => {}
                Err(error) => self.trouble.set(Some(error.message(self.lang))),
            }
        });
    }

    fn learn(self, edit: TotalEdit, outcome: Outcome, next: bool) {
        let (code, reason, version) = match outcome {
            Outcome::Saved { version } | Outcome::Duplicate { version } => {
                (edit.code.clone(), edit.reason.clone(), version)
            }
            Outcome::Refused { message } => return self.trouble.set(Some(message)),
            Outcome::Conflict(now) => {
                let value = now.value.clone();
                let value = value.unwrap_or_else(|| t::journal_empty_cell(self.lang).to_owned());
                self.trouble
                    .set(Some(t::totals_conflict(self.lang, &now.by, value)));
                self.put(&edit, now.value, now.comment, now.version);
                return;
            }
        };
        self.put(&edit, code.clone(), reason.clone(), version);
        self.saved.run(Saved {
            pupil: edit.pupil,
            code,
            reason,
            version,
            next,
        });
    }

    /// What the server holds now.
    fn put(self, edit: &TotalEdit, code: Option<String>, reason: Option<String>, version: i32) {
        let new = Given {
            pupil: edit.pupil,
            stage: edit.stage,
            code,
            reason,
            version,
        };
        self.totals.update(|t| {
            t.given.retain(|g| (g.pupil, g.stage) != (new.pupil, new.stage));
            t.given.push(new);
        });
    }

    /// A key of the scale chooses its mark, as in the grid.
    fn key(self, event: &web_sys::KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let scale = self.totals.with_untracked(|t| t.scale.clone());
        if let Reading::Mark(code) = typed(&event.key(), &scale, &[]) {
            event.prevent_default();
            self.chosen.set(Some(code));
        }
    }

    fn view(self) -> AnyView {
        let lang = self.lang;
        let choices = NodeRef::<html::Fieldset>::new();
        // where the keyboard stands when the line has come: on the question, if the chosen mark asks one at once; else on the chosen
        // mark, or on the first
        let asks = untrack(move || self.differs() && self.reason.with(String::is_empty));
        Effect::new(move || {
            if let Some(choices) = choices.get() {
                request_animation_frame(move || {
                    let find = |what| choices.query_selector(what).ok().flatten();
                    let question = asks.then(|| document().get_element_by_id("pm-reason")).flatten();
                    let input = question.or_else(|| find("input:checked").or_else(|| find("input")));
                    if let Some(input) = input.and_then(|i| i.dyn_into::<web_sys::HtmlElement>().ok()) {
                        let _ = input.focus();
                    }
                });
            }
        });
        let proposed = move || {
            let made = self.suggestion();
            if let (Some(code), Some((count, minimum))) = (made.code(), made.not_attested()) {
                return t::totals_proposed_not_attested(lang, code, count, minimum);
            }
            match (made.code(), made.average()) {
                (Some(code), Some(average)) if made.is_enough() => {
                    t::totals_proposed(lang, explain::fixed(average, lang), code)
                }
                (Some(code), Some(average)) => {
                    t::totals_proposed_few(lang, explain::fixed(average, lang), code)
                }
                (Some(_), None) => t::totals_is_exempt(lang).to_owned(),
                (None, _) => t::totals_nothing_proposed(lang).to_owned(),
            }
        };
        let scale = self.totals.with_untracked(|t| t.scale.clone());
        let choice = move |item: classbook_core::journal::grid::ScaleItem| {
            let code = item.code.clone();
            let (mine, set) = (code.clone(), code.clone());
            let checked = move || self.chosen.with(|c| c.as_deref() == Some(mine.as_str()));
            let choose = move |_| self.chosen.set(Some(set.clone()));
            let words = format!("{}, {}", item.code, item.title);
            view! {
                <label><input type="radio" name="period-mark" value=code.clone() aria-label=words prop:checked=checked on:change=choose/><span>{code}</span></label>
            }
        };
        let scale = scale.into_iter().map(choice).collect_view();
        let give = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            let code = self.chosen.get_untracked();
            if code.is_some() {
                self.send(code, false);
            }
        };
        let on = move |_| {
            let code = self.chosen.get_untracked();
            if code.is_some() {
                self.send(code, true);
            }
        };
        let differs = Memo::new(move |_| self.differs());
        let given = Memo::new(move |_| self.given().is_some_and(|g| g.code.is_some()));
        let busy = move || self.busy.get().to_string();
        view! {
            <form class="stack stack-s pm" on:submit=give>
                <p id="pm-proposed">{proposed}</p>
                <fieldset class="segmented" node_ref=choices aria-describedby="pm-proposed" on:keydown=move |e| self.key(&e)>
                    <legend class="visually-hidden">{t::totals_mark(lang)}</legend>
                    {scale}
                </fieldset>
                <Show when=move || differs.get()>
                    <div class="field">
                        <label for="pm-reason">{t::totals_reason(lang)}</label>
                        <textarea id="pm-reason" rows="2" maxlength="500" required prop:value=self.reason aria-describedby="pm-reason-hint"
                            on:input=move |e| self.reason.set(event_target_value(&e))></textarea>
                        <p class="field-hint" id="pm-reason-hint">{t::totals_reason_hint(lang)}</p>
                    </div>
                </Show>
                <div role="alert">{move || self.trouble.get().map(|words| view! { <div class="banner banner-error"><p>{words}</p></div> })}</div>
                <div class="cluster">
                    <button class="btn btn-primary" type="submit" aria-busy=busy>{t::totals_reason_save(lang)}</button>
                    <button class="btn" type="button" on:click=on>{t::totals_give_next(lang)}</button>
                    <Show when=move || given.get()>
                        <button class="btn btn-quiet" type="button" on:click=move |_| self.send(None, false)>{t::totals_take_back(lang)}</button>
                    </Show>
                </div>
            </form>
        }
        .into_any()
    }
}
