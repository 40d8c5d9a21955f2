//! Rules of the file that a draft came from and that no search knows of.

use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::import::keeping::LeftOut as Rules;

use super::api::left_out;
use super::dialog::Watch;
use crate::t;

/// How many there are, and a fold with them in words; nothing for a draft that came from no file, or while nobody knows. Asked in the
/// browser, when the form is opened: nobody else needs it.
#[component]
pub(super) fn LeftOut(watch: Watch) -> impl IntoView {
    let lang = watch.lang;
    let version = watch.data.with_value(|data| data.version.id);
    let found = RwSignal::new(Rules::default());
    Effect::new(move || {
        spawn_local(async move {
            // without an answer the form is as it is for a draft without a file
            if let Ok(rules) = left_out(version).await {
                let _ = found.try_set(rules);
            }
        });
    });
    move || {
        found.with(|rules| {
            if rules.lines.is_empty() {
                return ().into_any();
            }
            let title = if rules.must > 0 {
                t::compose_left_out(lang, i64::from(rules.must))
            } else {
                t::compose_left_out_wishes(lang).to_owned()
            };
            let lines = rules.lines.iter();
            let lines = lines.map(|line| view! { <li>{line.clone()}</li> }).collect_view();
            view! {
                <details class="banner banner-warn"><summary>{title}</summary>
                    <div class="stack stack-s">
                        <ul class="tt-problems">{lines}</ul>
                        <p class="small">{t::compose_left_out_note(lang)}</p>
                    </div>
                </details>
            }
            .into_any()
        })
    }
}
