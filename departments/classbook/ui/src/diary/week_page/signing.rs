//! A guardian's word that they have seen the week: who has said it, and a plain form to say it, which works without scripts. Without
//! a network `public/diary.js` says so in the words that stand here, and `public/sw.js` where it was sent all the same.

use base::Lang;
use classbook_core::diary::Week;
use leptos::prelude::*;

use crate::t;

/// The section; nothing where nobody has said it and nobody may.
pub fn signing(week: &Week, lang: Lang) -> Option<AnyView> {
    if week.signed.is_empty() && !week.may_sign {
        return None;
    }
    let rows = week
        .signed
        .iter()
        .map(|one| {
            let when = kit::date::moment(one.at, week.utc_offset, lang);
            let changed = one.changed.then(|| {
                view! { " "<span class="badge" data-tone="warn">{t::acknowledgement_changed(lang)}</span> }
            });
            view! { <li>{t::acknowledgement_by(lang, &one.name, when)}{changed}</li> }
        })
        .collect_view();
    let list = (!week.signed.is_empty()).then(|| view! { <ul class="stack stack-s">{rows}</ul> });
    let mine = week.signed.iter().find(|one| one.person == week.viewer);
    let form = (week.may_sign && mine.is_none_or(|one| one.changed)).then(|| {
        let (words, note) = if mine.is_some() {
            (t::acknowledgement_again(lang), t::acknowledgement_again_note(lang))
        } else {
            (t::acknowledgement_sign(lang), t::acknowledgement_sign_note(lang))
        };
        view! {
            <form class="stack stack-s" method="post" action="/api/acknowledgement/sign" data-online=t::acknowledgement_offline(lang)>
                <input type="hidden" name="pupil" value=week.child.pupil.to_string()/>
                <input type="hidden" name="monday" value=week.monday.to_string()/>
                <input type="hidden" name="shown" value=week.as_of.to_rfc3339()/>
                <p class="muted small">{note}</p>
                <div><button class="btn" type="submit"><kit::Icon name="check"/>{words}</button></div>
                <p class="field-error" role="alert"></p>
            </form>
        }
    });
    Some(
        view! {
            <section class="card stack stack-s" aria-labelledby="signed">
                <h2 id="signed">{t::acknowledgement_week(lang)}</h2>
                {list}{form}
            </section>
        }
        .into_any(),
    )
}
