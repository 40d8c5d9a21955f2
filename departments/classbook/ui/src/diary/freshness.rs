//! How old the data are, said honestly. The server writes the moment of the data and the words for other cases;
//! `public/diary.js` shows them when the network is cut, or when the service worker shows a stored copy.

use base::Lang;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::t;

/// The line under the head. Its data attributes are the words that `public/diary.js` fills: `{when}`, `{date}`, `{time}`.
pub fn freshness(as_of: DateTime<Utc>, offset: i32, lang: Lang) -> impl IntoView {
    view! {
        <p class="freshness" data-state="fresh" role="status"
            data-as-of=as_of.timestamp_millis().to_string() data-offset=offset.to_string()
            data-offline=t::diary_offline(lang, "{when}") data-stale=t::diary_stale(lang, "{when}")
            data-today=t::diary_when_today(lang, "{time}") data-yesterday=t::diary_when_yesterday(lang, "{time}")
            data-date=t::diary_when_date(lang, "{date}", "{time}")>
            {t::diary_fresh(lang, kit::date::moment(as_of, offset, lang))}
        </p>
    }
}
