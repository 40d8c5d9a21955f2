//! What cannot be met together, said before anyone searches.

use base::Lang;
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::compose::{Keep, Wishes, words};
use study_core::timetable::BoardData;
use timetable::compose::{Cause, Contradiction, Demand, Whose};

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
    let all_demands =
        (!of.demands.is_empty() && !hours_only).then(|| words::demands(lang, data, keep, &of.demands));
    let best = of
        .loosen
        .first()
        .map(|best| words::demand(lang, data, keep, *best));
    // the only thing in the way is not named once more as what would help
    let again = best.is_some() && best == all_demands;
    let demands = all_demands.map(|all| t::compose_collide_demands(lang, all));
    let lack = (of.lack > 1).then(|| words::lack(lang, of));
    let help = match best {
        Some(_) if again => None,
        Some(best) if !hours_only => Some(t::compose_collide_help(lang, best)),
        _ => Some(t::compose_collide_go(lang).to_owned()),
    };
    let rows = words::about(data, of).into_iter().filter_map(|whose| {
        let href = requirements(data, whose)?;
        Some(view! { " "<a href=href>{words::who(lang, data, whose)}</a> })
    });
    let rows = rows.collect_view();
    view! {
        <b>{words::cause(lang, data, of)}</b>
        {lack.map(|words| view! { <small>{words}</small> })}
        {lessons.map(|words| view! { <small>{words}</small> })}
        {demands.map(|words| view! { <small>{words}</small> })}
        {help.map(|words| view! { <small>{words}</small> })}
        {(!rows.is_empty()).then(|| view! { <small>{t::compose_collide_rows(lang)}{rows}</small> })}
        {(!of.proved).then(|| view! { <small>{t::compose_collide_searched(lang)}</small> })}
        // found in the time there was: what is named suffices, and some of it may not be needed
        {(of.proved && !of.minimal).then(|| view! { <small>{t::compose_collide_more(lang)}</small> })}
    }
    .into_any()
}

/// Where the requirements of somebody stand.
fn requirements(data: &BoardData, whose: Whose) -> Option<String> {
    let (part, id) = match whose {
        Whose::Teacher(ix) => ("teachers", data.teachers.get(ix.ix())?.id.to_string()),
        Whose::Class(ix) => ("classes", data.classes.get(ix.ix())?.id.to_string()),
        Whose::Room(ix) => ("rooms", data.rooms.get(ix.ix())?.id.to_string()),
    };
    Some(format!("/timetable/requirements?part={part}&of={id}"))
}
