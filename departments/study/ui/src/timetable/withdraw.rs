//! Withdrawing a published version: from which day, what then holds, what happens to lessons, and why.

use base::{AppError, Lang};
use chrono::NaiveDate;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::timetable::moves::{Known, Withdrawal};

use super::api::{withdraw, withdrawal};
use super::desk::Desk;
use super::publish::beside;
use crate::t;

/// Characters of a reason, as the server asks for.
const REASON: (usize, usize) = (3, 500);

/// What the dialog knows. Cheap to copy.
#[derive(Clone, Copy)]
struct Asking {
    desk: Desk,
    /// As the field has it.
    date: RwSignal<String>,
    reason: RwSignal<String>,
    /// What it would come to; `None`: nobody has asked, or the answer is on the way.
    told: RwSignal<Option<Result<Withdrawal, AppError>>>,
    /// Grows with every question: an answer to an older one is none.
    asked: StoredValue<u32>,
    /// Of what is left without lessons it is known.
    agreed: RwSignal<bool>,
    busy: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
    done: RwSignal<Option<Withdrawal>>,
}

impl Asking {
    /// Asks what it would come to on the day that is chosen.
    fn look(self) {
        self.asked.update_value(|n| *n = n.wrapping_add(1));
        let this = self.asked.get_value();
        self.agreed.set(false);
        self.told.set(None);
        let Ok(from) = self.date.get_untracked().parse::<NaiveDate>() else {
            let words = t::publish_no_date(self.desk.lang);
            self.told.set(Some(Err(AppError::invalid("from", words))));
            return;
        };
        let version = self.desk.data.with_value(|d| d.version.id);
        spawn_local(async move {
            let answer = withdrawal(version, from).await;
            if self.asked.try_get_value() == Some(this) {
                self.told.set(Some(answer));
            }
        });
    }

    fn send(self) {
        let known = self.told.with_untracked(|told| match told {
            Some(Ok(told)) => Some((told.from, told.known())),
            _ => None,
        });
        let Some((from, known)) = known.filter(|_| !self.busy.get_untracked()) else {
            return;
        };
        let version = self.desk.data.with_value(|d| d.version.id);
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            match withdraw(version, from, self.reason.get_untracked(), known).await {
                Ok(done) => self.done.set(Some(done)),
                Err(error) => {
                    // whatever has changed meanwhile is looked at anew
                    self.look();
                    self.error.set(Some(error));
                }
            }
            self.busy.set(false);
        });
    }

    /// Whether it can be sent as it is.
    fn is_ready(self) -> bool {
        let length = self.reason.with(|r| r.trim().chars().count());
        let known = self.told.with(|told| match told {
            Some(Ok(told)) => Some(told.known()),
            _ => None,
        });
        (REASON.0..=REASON.1).contains(&length)
            && !self.busy.get()
            && known.is_some_and(|known| known == Known::default() || self.agreed.get())
    }
}

/// The dialog. It is opened by `showModal` on its node, `open` being set.
#[component]
pub fn WithdrawDialog(desk: Desk, node: NodeRef<html::Dialog>, open: RwSignal<bool>) -> impl IntoView {
    let lang = desk.lang;
    let (first, last) = desk.data.with_value(|d| {
        let first = d.version.valid_from.unwrap_or(d.today).max(d.today);
        (
            first,
            d.version
                .valid_to
                .unwrap_or(d.version.year_to)
                .min(d.version.year_to),
        )
    });
    let this = Asking {
        desk,
        date: RwSignal::new(first.to_string()),
        reason: RwSignal::new(String::new()),
        told: RwSignal::new(None),
        asked: StoredValue::new(0),
        agreed: RwSignal::new(false),
        busy: RwSignal::new(false),
        error: RwSignal::new(None),
        done: RwSignal::new(None),
    };
    Effect::new(move || {
        if open.get() {
            this.look();
        }
    });
    // while it runs the dialog stays: how it ends is told here
    let stay = move |event: leptos::ev::Event| {
        if this.busy.get_untracked() {
            event.prevent_default();
        }
    };
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && this.busy.get_untracked() {
            event.prevent_default();
        }
    };
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    // the page shows the version as it was: whoever closes the dialog goes on with it as it is now
    let closed = move |_| {
        open.set(false);
        if this.done.with_untracked(Option::is_some)
            && let Some(window) = web_sys::window()
        {
            let _ = window.location().reload();
        }
    };
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby="tt-withdraw" on:cancel=stay on:keydown=escape on:close=closed>
            <h2 class="dialog-title" id="tt-withdraw">{t::withdraw_title(lang)}</h2>
            {move || match this.done.get() {
                Some(done) => withdrawn(&done, lang),
                None => view! {
                    <div class="stack">
                        <kit::ErrorBanner error=this.error/>
                        <div class="field">
                            <label for="tt-withdraw-from">{t::withdraw_from(lang)}</label>
                            <input id="tt-withdraw-from" type="date" min=first.to_string() max=last.to_string() disabled=move || this.busy.get()
                                prop:value=move || this.date.get()
                                on:change=move |e| { this.date.set(event_target_value(&e)); this.look(); }/>
                            <p class="field-hint">{t::withdraw_hint(lang)}</p>
                        </div>
                        {move || coming(this)}
                        <div class="field">
                            <label for="tt-withdraw-why">{t::withdraw_reason(lang)}</label>
                            <textarea id="tt-withdraw-why" rows="2" maxlength=REASON.1.to_string() disabled=move || this.busy.get()
                                prop:value=move || this.reason.get() on:input=move |e| this.reason.set(event_target_value(&e))></textarea>
                            <p class="field-hint">{t::withdraw_reason_hint(lang)}</p>
                        </div>
                        <Show when=move || this.busy.get()><kit::Working words=t::withdraw_working(lang)/></Show>
                    </div>
                    <div class="dialog-actions">
                        <button class="btn" type="button" disabled=move || this.busy.get() on:click=close>{t::action_cancel(lang)}</button>
                        <button class="btn btn-primary" type="button" aria-busy=move || this.busy.get().to_string()
                            disabled=move || !this.is_ready() on:click=move |_| this.send()>{t::withdraw_action(lang)}</button>
                    </div>
                }
                .into_any(),
            }}
        </dialog>
    }
}

/// What it would come to, and the yes to it where lessons do not follow or classes have none.
fn coming(this: Asking) -> AnyView {
    let lang = this.desk.lang;
    match this.told.get() {
        None => view! { <kit::Working words=t::withdraw_looking(lang)/> }.into_any(),
        Some(Err(error)) => {
            view! { <div class="banner banner-error" role="alert"><p>{error.message(lang)}</p></div> }
                .into_any()
        }
        Some(Ok(told)) => {
            let asks = told.known() != Known::default();
            view! {
                {told_words(&told, lang)}
                {asks.then(|| view! {
                    <label class="check">
                        <input type="checkbox" prop:checked=move || this.agreed.get() on:change=move |e| this.agreed.set(event_target_checked(&e))/>
                        <span>{t::withdraw_agree(lang)}</span>
                    </label>
                })}
            }
            .into_any()
        }
    }
}

/// What then holds, and what happens to lessons.
fn told_words(told: &Withdrawal, lang: Lang) -> AnyView {
    let date = |day| kit::date::full(day, lang);
    let becomes = if told.whole {
        t::withdraw_whole(lang).to_owned()
    } else {
        t::withdraw_part(lang, date(told.from.pred_opt().unwrap_or(told.from)))
    };
    let holds = match &told.again {
        Some(title) => t::withdraw_again(lang, date(told.from), date(told.last), title),
        None => t::withdraw_nothing(lang, date(told.from), date(told.last)),
    };
    let tone = if told.again.is_some() {
        "banner"
    } else {
        "banner banner-warn"
    };
    let classes = i64::try_from(told.bare.len()).unwrap_or(i64::MAX);
    view! {
        <div class=tone>
            <div>
                <p><b>{holds}</b></p>
                <p>{becomes}</p>
                <p>{t::withdraw_lessons(lang, told.lessons.added, told.lessons.changed, told.lessons.removed)}</p>
            </div>
        </div>
        {(told.again.is_some() && classes > 0).then(|| view! {
            <div class="banner banner-warn"><p>{t::withdraw_without(lang, classes, told.bare.join(", "))}</p></div>
        })}
        {(told.clashes > 0).then(|| view! { <div class="banner banner-warn"><p>{t::withdraw_clashes(lang, told.clashes)}</p></div> })}
        {beside(&told.beside, (told.beside_count, t::withdraw_beside(lang, told.beside_count)), lang)}
    }
    .into_any()
}

fn withdrawn(done: &Withdrawal, lang: Lang) -> AnyView {
    view! {
        <div class="stack">
            <div class="banner banner-ok" role="status"><p><b>{t::withdraw_done(lang)}</b></p></div>
            {told_words(done, lang)}
        </div>
        <div class="dialog-actions"><a class="btn btn-primary" href="/timetable" rel="external">{t::publish_to_list(lang)}</a></div>
    }
    .into_any()
}
