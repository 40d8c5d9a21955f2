//! What cannot be met together, said before anyone searches.

use base::Lang;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::{Keep, Wishes, words};
use study_core::timetable::BoardData;
use timetable::compose::{Cause, Contradiction, Demand};

use super::dialog::Watch;
use crate::engine::talk::{Answer, Ask};
use crate::t;

/// Asks the engine when it is drawn and whenever something else is to stay or is wished, and tells what it proved. Where there is no engine,
/// nothing is told.
#[component]
pub(super) fn Contradictions(watch: Watch, question: Signal<(Keep, Wishes)>) -> impl IntoView {
    // no engine here: `None`; not answered yet: `Some(None)`
    let found = RwSignal::new(Some(None::<Vec<Contradiction>>));
    // what was asked about; one question at a time, however quickly somebody chooses
    let asked = RwSignal::new(None::<(Keep, Wishes)>);
    let busy = StoredValue::new(false);
    let ask = move || {
        if busy.try_get_value() != Some(false) {
            return;
        }
        busy.set_value(true);
        spawn_local(async move {
            while let Some((keep, wishes)) = question.try_get_untracked()
                && asked
                    .try_get_untracked()
                    .is_some_and(|asked| asked.is_none_or(|(of, by)| of != keep || by != wishes))
            {
                let (data, spec) = watch.wished(&wishes);
                let stays = keep.of(&data);
                watch.engine.ask(&Ask::Board(Box::new(spec))).await;
                let answer = watch.engine.ask(&Ask::Collide { keep: stays }).await;
                let gone = asked.try_set(Some((keep, wishes))).is_some();
                let _ = found.try_set(match answer {
                    Some(Answer::Collide(all)) => Some(Some(all)),
                    _ => None,
                });
                if gone {
                    return;
                }
            }
            let _ = busy.try_set_value(false);
        });
    };
    Effect::new(move || {
        question.track();
        ask();
    });
    let note = |words: &'static str| view! { <p class="small muted" role="status">{words}</p> }.into_any();
    move || {
        found.with(|answer| match answer {
            None => ().into_any(),
            Some(None) => note(t::compose_collide_looking(watch.lang)),
            Some(Some(all)) if all.is_empty() => note(t::compose_collide_none(watch.lang)),
            Some(Some(all)) => told(watch, all, &asked.get_untracked().unwrap_or_default()),
        })
    }
}

fn told(watch: Watch, all: &[Contradiction], (keep, wishes): &(Keep, Wishes)) -> AnyView {
    let lang = watch.lang;
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let (data, _) = watch.wished(wishes);
    let item = |of: &Contradiction| view! { <li>{lines(lang, &data, keep, of)}</li> };
    view! {
        <div class="banner banner-warn" role="status">
            <div class="stack stack-s">
                <p><b>{t::compose_collide(lang, count)}</b></p>
                <ul class="tt-collide">{all.iter().map(item).collect_view()}</ul>
                <p class="small">{t::compose_collide_note(lang)}</p>
            </div>
        </div>
    }
    .into_any()
}

/// A contradiction: what cannot be, by which lessons and demands, and what would help most. `keep`: what was asked to stay.
pub(crate) fn lines(lang: Lang, data: &BoardData, keep: &Keep, of: &Contradiction) -> AnyView {
    // a clash names its two, and hours are those of the lessons named
    let several = of.cards.len() > 1 && !matches!(of.cause, Cause::Clash { .. } | Cause::Way { .. });
    let hours_only = several && of.demands.iter().all(|d| matches!(d, Demand::Hours(_)));
    let lessons = several.then(|| t::compose_collide_lessons(lang, words::lessons(lang, data, &of.cards)));
    let demands = (!of.demands.is_empty() && !hours_only)
        .then(|| t::compose_collide_demands(lang, words::demands(lang, data, keep, &of.demands)));
    let lack = (of.lack > 1).then(|| words::lack(lang, of));
    let help = match of.loosen.first() {
        Some(best) if !hours_only => t::compose_collide_help(lang, words::demand(lang, data, keep, *best)),
        _ => t::compose_collide_go(lang).to_owned(),
    };
    view! {
        <b>{words::cause(lang, data, of)}</b>
        {lack.map(|words| view! { <small>{words}</small> })}
        {lessons.map(|words| view! { <small>{words}</small> })}
        {demands.map(|words| view! { <small>{words}</small> })}
        <small>{help}</small>
        {(!of.proved).then(|| view! { <small>{t::compose_collide_searched(lang)}</small> })}
    }
    .into_any()
}
