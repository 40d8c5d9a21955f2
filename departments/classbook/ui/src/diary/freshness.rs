//! How old the data are, said honestly. The server writes the moment of the data; when a stored copy is shown, the
//! service worker says when it was stored (`public/boot.js` puts it on the document as `data-stored`), by the device's own
//! clock: a phone that runs ten minutes fast must not call fresh data old.

use base::Lang;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use leptos::prelude::*;

use crate::t;

/// Coming back to a page after this long asks anew.
const REFRESH_SECONDS: i64 = 60;

/// «сегодня в 14:05», «вчера в 19:40», «16 ноября в 8:00».
fn when(at: (NaiveDate, NaiveTime), today: NaiveDate, lang: Lang) -> String {
    let time = kit::date::clock(at.1);
    match today.signed_duration_since(at.0).num_days() {
        0 => t::diary_when_today(lang, time),
        1 => t::diary_when_yesterday(lang, time),
        _ => t::diary_when_date(lang, kit::date::day_month(at.0, lang), time),
    }
}

/// The browser's clock; asked in effects and handlers only, never while drawing.
fn browser_now() -> Option<DateTime<Utc>> {
    #[expect(
        clippy::as_conversions,
        reason = "milliseconds of the browser's clock fit an i64"
    )]
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64)
}

fn online() -> bool {
    web_sys::window().is_none_or(|w| w.navigator().on_line())
}

/// When the copy that is shown was stored; none for a page fresh from the server.
fn stored() -> Option<DateTime<Utc>> {
    let millis = document()
        .document_element()?
        .get_attribute("data-stored")?
        .parse()
        .ok()?;
    DateTime::from_timestamp_millis(millis)
}

/// The line under the head. `refresh` is called when the page comes back to the front, or to the network.
pub fn freshness(
    as_of: DateTime<Utc>,
    offset: i32,
    lang: Lang,
    refresh: impl Fn() + Clone + 'static,
) -> impl IntoView {
    let fresh = t::diary_fresh(lang, kit::date::moment(as_of, offset, lang));
    let state = RwSignal::new(("fresh", fresh.clone()));
    let tell = move || {
        let Some(now) = browser_now() else { return };
        let said = |at| {
            when(
                kit::date::local(at, offset),
                kit::date::local(now, offset).0,
                lang,
            )
        };
        state.set(match (online(), stored()) {
            (false, copy) => ("offline", t::diary_offline(lang, said(copy.unwrap_or(as_of)))),
            (true, Some(copy)) => ("stale", t::diary_stale(lang, said(copy))),
            (true, None) => ("fresh", fresh.clone()),
        });
    };
    Effect::new(move || {
        let drawn = browser_now();
        let old = move || {
            let age = browser_now()
                .zip(drawn)
                .map(|(now, then)| now.signed_duration_since(then).num_seconds());
            age.is_some_and(|a| a > REFRESH_SECONDS)
        };
        tell();
        let (shown, cut) = (tell.clone(), tell.clone());
        let (back, front) = (refresh.clone(), refresh.clone());
        let listeners = [
            window_event_listener_untyped("parta:shown", move |_| shown()),
            window_event_listener_untyped("offline", move |_| cut()),
            window_event_listener_untyped("online", move |_| back()),
            window_event_listener_untyped("visibilitychange", move |_| {
                if !document().hidden() && online() && (old() || stored().is_some()) {
                    front();
                }
            }),
        ];
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
    });
    view! { <p class="freshness" data-state=move || state.get().0 role="status">{move || state.get().1}</p> }
}
