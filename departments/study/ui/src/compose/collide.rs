//! What cannot be met together, said before anyone searches.

use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::{Keep, words};
use timetable::compose::{Cause, Contradiction, Demand};

use super::dialog::Watch;
use super::here::as_it_lies;
use crate::engine::talk::{Answer, Ask};
use crate::t;

/// Asks the engine once, when it is drawn, and tells what it proved. Where there is no engine, nothing is told.
#[component]
pub(super) fn Contradictions(watch: Watch) -> impl IntoView {
    // no engine here: `None`; not answered yet: `Some(None)`
    let found = RwSignal::new(Some(None::<Vec<Contradiction>>));
    Effect::new(move || {
        let spec = watch.spec.run(());
        let data = watch.data.with_value(|d| as_it_lies(d, &spec));
        let keep = Keep::default().of(&data);
        spawn_local(async move {
            watch.engine.ask(&Ask::Board(Box::new(spec))).await;
            let answer = watch.engine.ask(&Ask::Collide { keep }).await;
            let _ = found.try_set(match answer {
                Some(Answer::Collide(all)) => Some(Some(all)),
                _ => None,
            });
        });
    });
    let note = |words: &'static str| view! { <p class="small muted" role="status">{words}</p> }.into_any();
    move || {
        found.with(|answer| match answer {
            None => ().into_any(),
            Some(None) => note(t::compose_collide_looking(watch.lang)),
            Some(Some(all)) if all.is_empty() => note(t::compose_collide_none(watch.lang)),
            Some(Some(all)) => told(watch, all),
        })
    }
}

fn told(watch: Watch, all: &[Contradiction]) -> AnyView {
    let lang = watch.lang;
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let items = watch.data.with_value(|d| {
        let one = |of: &Contradiction| {
            // a clash names its two, and hours are those of the lessons named
            let several = of.cards.len() > 1 && !matches!(of.cause, Cause::Clash { .. });
            let hours_only = several && of.demands.iter().all(|d| matches!(d, Demand::Hours(_)));
            let lessons =
                several.then(|| t::compose_collide_lessons(lang, words::lessons(lang, d, &of.cards)));
            let demands = (!of.demands.is_empty() && !hours_only)
                .then(|| t::compose_collide_demands(lang, words::demands(lang, d, &of.demands)));
            let lack = (of.lack > 1).then(|| words::lack(lang, of));
            let help = match of.loosen.first() {
                Some(best) if !hours_only => t::compose_collide_help(lang, words::demand(lang, d, *best)),
                _ => t::compose_collide_go(lang).to_owned(),
            };
            view! {
                <li>
                    <b>{words::cause(lang, d, of)}</b>
                    {lack.map(|words| view! { <small>{words}</small> })}
                    {lessons.map(|words| view! { <small>{words}</small> })}
                    {demands.map(|words| view! { <small>{words}</small> })}
                    <small>{help}</small>
                </li>
            }
        };
        all.iter().map(one).collect_view()
    });
    view! {
        <div class="banner banner-warn" role="status">
            <div class="stack stack-s">
                <p><b>{t::compose_collide(lang, count)}</b></p>
                <ul class="tt-collide">{items}</ul>
                <p class="small">{t::compose_collide_note(lang)}</p>
            </div>
        </div>
    }
    .into_any()
}
