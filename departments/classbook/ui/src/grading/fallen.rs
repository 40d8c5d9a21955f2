//! Before a border is moved over lessons in which something is written, or a grade or class gets other periods: which lessons they are, and is
//! it meant?

use base::Lang;
use classbook_core::grading::periods::Fallen;
use leptos::html;
use leptos::prelude::*;

use super::periods_page::Desk;
use crate::t;

/// What was to be saved, and the lessons that would fall out by it.
pub type Asked<T> = RwSignal<Option<(T, Vec<Fallen>)>>;

/// What takes them out, and where it is asked about.
#[derive(Clone, Debug)]
pub struct Why {
    /// The end of the question's id on the page.
    pub place: String,
    /// What becomes of the lessons, in words.
    pub text: fn(Lang) -> &'static str,
}

/// The question, while there is one; `anyway` saves what was asked about, with how many lessons that is; `back` is done when it is not meant.
pub fn question<T: Clone + Send + Sync + 'static>(
    desk: Desk,
    why: Why,
    asked: Asked<T>,
    anyway: impl Fn(T, i64) + Copy + Send + Sync + 'static,
    back: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let lang = desk.lang;
    let card = move || {
        let (wish, fallen) = asked.get()?;
        let (lessons, _) = Fallen::all(&fallen)?;
        let (title, text) = (format!("pr-falls-{}", why.place), why.text);
        let head = NodeRef::<html::H3>::new();
        // it comes where nobody looks: whoever saved goes on here
        Effect::new(move || {
            if let Some(head) = head.get() {
                let _ = head.focus();
            }
        });
        let lines = fallen.into_iter().map(|f| line(f, desk)).collect_view();
        Some(view! {
            <section class="banner banner-warn" aria-labelledby=title.clone()><div class="stack stack-s">
                <h3 id=title.clone() tabindex="-1" node_ref=head>{t::periods_falls_out(lang)}</h3>
                <p>{text(lang)}</p>
                <ul>{lines}</ul>
                <p><b>{t::periods_falls_all(lang, lessons)}</b></p>
                <div class="cluster">
                    <button class="btn btn-danger" type="button" disabled=move || desk.busy.get()
                        on:click=move |_| anyway(wish.clone(), lessons)>{t::periods_falls_save(lang)}</button>
                    <button class="btn" type="button" on:click=move |_| { asked.set(None); back(); }>{t::periods_falls_back(lang)}</button>
                </div>
            </div></section>
        })
    };
    card.into_any()
}

/// «Алгебра, 7А: 3 урока, 21–25 декабря (40 отметок, 2 пропуска)».
fn line(fallen: Fallen, desk: Desk) -> AnyView {
    let lang = desk.lang;
    let days = if fallen.from == fallen.to {
        kit::date::day_month(fallen.from, lang)
    } else {
        kit::date::span(fallen.from, fallen.to, lang)
    };
    let inside = [
        (fallen.marks > 0).then(|| t::periods_falls_marks(lang, fallen.marks)),
        (fallen.absences > 0).then(|| t::periods_falls_absences(lang, fallen.absences)),
    ];
    let inside = inside.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let inside = (!inside.is_empty()).then(|| format!(" ({inside})"));
    let lessons = t::periods_falls_lessons(lang, fallen.lessons);
    view! { <li>{fallen.subject}", "{fallen.audience}": "{lessons}", "{days}{inside}</li> }.into_any()
}
