//! Above one's journals: what is to be written today, and what is late.

use leptos::prelude::*;

use super::api;
use crate::t;

/// The panel; nothing where nothing is due and there is no board to look at.
#[component]
pub fn Panel() -> impl IntoView {
    let lang = kit::lang();
    let data = Resource::new_blocking(|| (), |()| api::mine());
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                // a page of journals goes on without its deadlines
                let mine = data.await.ok()?;
                let late = mine.debts.iter().filter(|d| d.late(mine.today)).count();
                let open = mine.debts.len() - late;
                let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
                let some = late + open > 0;
                if !some && !mine.board {
                    return None;
                }
                let tone = if late > 0 { "banner banner-warn" } else { "banner banner-info" };
                Some(view! {
                    <section class=tone aria-labelledby="deadline-panel">
                        <div>
                            <h2 id="deadline-panel" class="deadline-title">{t::deadline_title(lang)}</h2>
                            {(open > 0).then(|| view! { <p>{t::deadline_open_n(lang, count(open))}</p> })}
                            {(late > 0).then(|| view! { <p>{t::deadline_late_n(lang, count(late))}</p> })}
                            {(!some).then(|| view! { <p>{t::deadline_all_written(lang)}</p> })}
                        </div>
                        <a class="btn btn-small" href="/deadlines">{if mine.board { t::deadline_to_board(lang) } else { t::deadline_to_list(lang) }}</a>
                    </section>
                })
            })}
        </Suspense>
    }
}
