//! The dot in the panel of a cell: that the work is owed, by when, and when it was handed in.

use base::Lang;
use chrono::NaiveDate;
use classbook_core::owed::{self, Owed, Wish};
use kit::date;
use leptos::prelude::*;

use super::beside::Draft;
use crate::t;

/// How a dot stands, in words.
#[must_use]
pub fn said(dot: Owed, today: NaiveDate, lang: Lang) -> String {
    t::owed_cell(
        lang,
        owed::said(&dot, dot.standing(today), |day| date::day_month(day, lang), lang),
    )
}

/// What stands in the fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    before: Option<Owed>,
    /// There is a mark: the dot, if there was one, is paid.
    marked: bool,
    is: RwSignal<bool>,
    until: RwSignal<String>,
    handed_in: RwSignal<String>,
}

fn written(day: Option<NaiveDate>) -> RwSignal<String> {
    RwSignal::new(day.map(|d| d.to_string()).unwrap_or_default())
}

impl Fields {
    /// As the cell stands.
    pub fn of(before: Option<Owed>, marked: bool) -> Self {
        Self {
            before,
            marked,
            is: RwSignal::new(before.is_some()),
            until: written(before.and_then(|o| o.until)),
            handed_in: written(before.and_then(|o| o.handed_in)),
        }
    }

    /// What is wanted of the dot; what was left alone stays as it is.
    pub fn wish(self) -> Wish {
        let day = |text: RwSignal<String>| text.get_untracked().parse().ok();
        let wanted = self.is.get_untracked().then(|| Owed {
            until: day(self.until),
            handed_in: day(self.handed_in).filter(|_| self.marked),
        });
        if wanted == self.before {
            Wish::Kept
        } else {
            Wish::back_to(wanted)
        }
    }

    /// The fields. A mark that has paid nothing has none: a dot in its place is typed over it.
    pub fn view(self, lesson: NaiveDate, today: NaiveDate, draft: Draft, lang: Lang) -> Option<AnyView> {
        if self.marked && self.before.is_none() {
            return None;
        }
        let input = move |id: &'static str,
                          label: &'static str,
                          to: RwSignal<String>,
                          last: Option<NaiveDate>| {
            view! {
                <div class="field">
                    <label for=id>{label}</label>
                    <input id=id type="date" min=lesson.to_string() max=last.map(|d| d.to_string()) prop:value=to
                        on:input=move |e| { to.set(event_target_value(&e)); draft.dirty.set(true); }/>
                </div>
            }
        };
        let stands = self.before.map(|dot| view! { <p>{said(dot, today, lang)}</p> });
        let check = (!self.marked).then(|| {
            view! {
                <label class="check">
                    <input type="checkbox" prop:checked=self.is
                        on:change=move |e| { self.is.set(event_target_checked(&e)); draft.dirty.set(true); }/>
                    <span>{t::owed_check(lang)}</span>
                </label>
            }
        });
        let until = move || {
            self.is
                .get()
                .then(|| input("cell-until", t::owed_until(lang), self.until, None))
        };
        let handed_in = self.marked.then(|| {
            input(
                "cell-handed-in",
                t::owed_handed_in_on(lang),
                self.handed_in,
                Some(today),
            )
        });
        Some(view! { {stands}{check}{until}{handed_in} }.into_any())
    }
}
