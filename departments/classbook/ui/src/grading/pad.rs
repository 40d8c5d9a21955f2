//! The keys of the sheet of totals for a thumb: as those of the grade grid, two rows on a phone.

use leptos::prelude::*;

use super::desk::Desk;
use super::totals_page::tone;
use crate::t;

/// What a key of the pad does.
type Act = Box<dyn Fn() + Send + Sync>;

/// So many marks of the scale stand in the two rows of keys that a phone has; of a longer scale the rest is behind «…».
const KEYS: usize = 8;

/// The marks of the scale under the thumb, and what is done most beside them.
pub fn pad(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let key = |shown: String, label: String, tone: Option<&'static str>, act: Act| {
        let act = StoredValue::new(act);
        view! {
            <button type="button" data-tone=tone aria-label=label on:pointerdown=|e| e.prevent_default()
                on:click=move |_| act.with_value(|act| act())>{shown}</button>
        }
    };
    let (marks, rest) = desk.totals.with_untracked(|t| {
        let mark = |i: &classbook_core::journal::grid::ScaleItem| {
            let code = i.code.clone();
            let press: Act = Box::new(move || desk.press(Some(code.clone())));
            key(
                i.code.clone(),
                format!("{}, {}", i.code, i.title),
                tone(t, &i.code),
                press,
            )
        };
        let all = t.scale.as_slice();
        let (first, rest) = all.split_at(if all.len() > KEYS { KEYS - 1 } else { all.len() });
        let rest = (!rest.is_empty()).then(|| rest.iter().map(mark).collect_view());
        (first.iter().map(mark).collect_view(), rest)
    });
    let more = RwSignal::new(false);
    let (others, behind) = match rest {
        Some(rest) => (
            Some(view! {
                <button type="button" aria-label=t::journal_more_marks(lang) aria-expanded=move || more.get().to_string()
                    on:pointerdown=|e| e.prevent_default() on:click=move |_| more.update(|m| *m = !*m)>"…"</button>
            }),
            Some(view! { <div class="pad-more" hidden=move || !more.get()>{rest}</div> }),
        ),
        None => (None, None),
    };
    view! {
        <div class="pad pad-six tm-pad" role="group" aria-label=t::totals_pad(lang)>
            {marks}
            {others}
            {key("=".to_owned(), t::totals_accept(lang).to_owned(), None, Box::new(move || desk.accept()))}
            {key("⌫".to_owned(), t::journal_erase(lang).to_owned(), None, Box::new(move || desk.press(None)))}
            {key("↶".to_owned(), t::journal_undo(lang).to_owned(), None, Box::new(move || desk.undo()))}
            {key("↓".to_owned(), t::journal_next(lang).to_owned(), None, Box::new(move || desk.next()))}
            {behind}
        </div>
    }
    .into_any()
}
