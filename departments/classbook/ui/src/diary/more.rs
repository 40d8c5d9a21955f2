//! What else there is for a family, under the week: pages of other features, by their addresses.

use base::{Lang, PupilId};
use leptos::prelude::*;

use crate::t;

/// The links. A new one is a line here.
pub fn more(pupil: PupilId, lang: Lang) -> impl IntoView {
    view! {
        <nav class="cluster" aria-label=t::diary_more(lang)>
            <a class="btn btn-quiet" href=format!("/calendar/{pupil}")><kit::Icon name="timetable"/>{t::feed_link(lang)}</a>
            <a class="btn btn-quiet" href=format!("/absences/{pupil}")><kit::Icon name="history"/>{t::absence_title(lang)}</a>
            <a class="btn btn-quiet" href="/disputes"><kit::Icon name="comment"/>{t::dispute_list_title(lang)}</a>
        </nav>
    }
}
