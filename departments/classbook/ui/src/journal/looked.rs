//! Beside a mark: has the family seen it, and when did they last look?

use base::{AssignmentId, Lang, PupilId};
use classbook_core::journal::cell::Looked;
use kit::date;
use leptos::prelude::*;

use super::api;
use crate::t;

/// A line a person; nothing while nothing is known.
#[component]
pub fn LookedAt(
    /// Whose mark.
    pupil: PupilId,
    /// For which work.
    assignment: AssignmentId,
) -> impl IntoView {
    let lang = kit::lang();
    let data = LocalResource::new(move || api::looked(assignment, pupil));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                // a mark that is still on its way is none yet, and without a network nothing is known
                let looked = data.await.ok()?;
                let lines = looked.iter().map(|l| view! { <li>{line(l, lang)}</li> }).collect_view();
                let nobody = !looked.iter().any(|l| !l.pupil && l.seen);
                Some(view! {
                    <section class="stack stack-s">
                        <h3>{t::journal_looked(lang)}</h3>
                        {nobody.then(|| view! { <p class="muted">{t::journal_looked_nobody(lang)}</p> })}
                        <ul class="small">{lines}</ul>
                    </section>
                })
            })}
        </Suspense>
    }
}

fn line(looked: &Looked, lang: Lang) -> String {
    let when = format!(
        "{}, {}",
        date::day_month(looked.at.date(), lang),
        date::clock(looked.at.time())
    );
    let who = if looked.pupil {
        t::journal_looked_pupil(lang, &looked.name)
    } else {
        looked.name.clone()
    };
    if looked.seen {
        t::journal_looked_seen(lang, when, who)
    } else {
        t::journal_looked_before(lang, when, who)
    }
}
