//! What was typed and has not been sent, where no grid is open: whoever typed without a network, closed the tab and opens the list of journals at
//! home need not know in which of them it lies. It is sent from here; what is refused, in conflict or old is named, and decided in its journal.

use std::collections::BTreeMap;

use base::{LessonId, PersonId, SchoolId};
use classbook_core::journal::cell::Place;
use classbook_core::journal::grid::LessonPlace;
use kit::date;
use kit::outbox::{Outbox, Standing};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::SaveStatus;
use crate::journal::api;
use crate::journal::desk::{Problem, open_with, problems_of};
use crate::journal::problems::{wanted, why};
use crate::t;

/// How the queue of typed acts stands, as soon as there is something in it.
#[component]
pub(crate) fn Unsent(
    /// Whose: «12@10», a person in a school.
    #[prop(into)]
    whose: String,
) -> impl IntoView {
    let lang = kit::lang();
    let standing = RwSignal::new(Standing::default());
    // on the server another thread may drop it, which a local value answers with a panic
    let outbox = cfg!(target_arch = "wasm32").then(|| StoredValue::new_local(None::<Outbox>));
    let (ever, stuck) = (RwSignal::new(false), RwSignal::new(Vec::<Problem>::new()));
    let places = RwSignal::new(BTreeMap::<LessonId, LessonPlace>::new());
    // in the browser alone
    Effect::new(move || {
        if let (Some((person, school)), Some(outbox)) = (owner(&whose), outbox) {
            outbox.set_value(Some(open_with(person, school, standing, |_, _, _| ())));
        }
    });
    Effect::new(move || {
        if !standing.with(Standing::is_clear) {
            ever.set(true);
        }
        let problems = |o: &Option<Outbox>| o.as_ref().map(|o| o.with(|q| problems_of(q, device_offset())));
        let now = outbox.and_then(|o| o.with_value(problems)).unwrap_or_default();
        let strange =
            |p: &Problem| places.with_untracked(|all| !all.contains_key(&p.change.place().lesson()));
        let mut lessons: Vec<LessonId> = now
            .iter()
            .filter(|p| strange(p))
            .map(|p| p.change.place().lesson())
            .collect();
        lessons.sort_unstable();
        lessons.dedup();
        if stuck.with_untracked(|was| *was != now) {
            stuck.set(now);
            if !lessons.is_empty() {
                spawn_local(async move {
                    // without a network, and of a journal that one may not open any more: it is named without its place
                    let found = api::places(lessons).await.unwrap_or_default();
                    places.try_update(|all| all.extend(found.into_iter().map(|p| (p.lesson, p))));
                });
            }
        }
    });
    let one = move |problem: Problem| {
        let place = problem.change.place();
        let at = places.with(|all| all.get(&place.lesson()).cloned());
        let title = at.as_ref().map_or_else(
            || t::journal_another_journal(lang).to_owned(),
            |at| format!("{}, {}", at.journal, date::day_month(at.date, lang)),
        );
        let link = at.map(|at| {
            let href = match place {
                Place::Lesson { lesson } | Place::Individual { lesson, .. } => {
                    format!("/journal/{}?lesson={lesson}", at.load)
                }
                Place::Mark { .. } | Place::Attendance { .. } => format!("/journal/{}", at.load),
            };
            view! { <p><a class="btn btn-small" href=href>{t::journal_unsent_decide(lang)}</a></p> }
        });
        view! {
            <li class="card stack stack-s">
                <h3>{title}</h3>
                <p>{t::journal_you_wanted(lang, wanted(&problem.change, lang))}</p>
                <p>{why(&problem.state, lang)}</p>
                {link}
            </li>
        }
    };
    let list = move || {
        let stuck = stuck.get();
        (!stuck.is_empty())
            .then(|| view! { <ul class="stack stack-s">{stuck.into_iter().map(one).collect_view()}</ul> })
    };
    view! {
        <Show when=move || ever.get()>
            <section class="stack stack-s" aria-labelledby="unsent">
                <h2 id="unsent">{t::journal_unsent(lang)}</h2>
                <SaveStatus standing/>
                {list}
            </section>
        </Show>
    }
}

/// A person in a school, as the page says whose it is.
fn owner(whose: &str) -> Option<(PersonId, SchoolId)> {
    let (person, school) = whose.split_once('@')?;
    Some((PersonId(person.parse().ok()?), SchoolId(school.parse().ok()?)))
}

/// The device's clock, in seconds east of Greenwich.
fn device_offset() -> i32 {
    let minutes = js_sys::Date::new_0().get_timezone_offset();
    format!("{minutes}")
        .parse::<i32>()
        .map_or(0, |west| west.saturating_mul(-60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_nobody_opens_no_queue() {
        assert_eq!(owner("12@10"), Some((PersonId(12), SchoolId(10))));
        for nobody in ["", "12", "@10", "12@", "x@y", "12@10@3"] {
            assert_eq!(owner(nobody), None, "{nobody}");
        }
    }
}
