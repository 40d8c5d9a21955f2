//! Above one's journals: what is to be written in time, and what is late.

use base::Lang;
use classbook_core::deadline::Mine;
use leptos::prelude::*;

use crate::t;

/// The panel; nothing where nothing is due and there is no board to look at.
pub(crate) fn panel(mine: &Mine, lang: Lang) -> Option<AnyView> {
    let late = mine.debts.iter().filter(|d| d.late(mine.today)).count();
    let open = mine.debts.len() - late;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let some = late + open > 0;
    if !some && !mine.board {
        return None;
    }
    let tone = if late > 0 {
        "banner banner-warn"
    } else {
        "banner banner-info"
    };
    let (way, note) = if mine.board {
        (t::deadline_to_board(lang), t::deadline_board_note(lang))
    } else {
        (t::deadline_to_list(lang), "")
    };
    Some(
        view! {
            <section class=tone aria-labelledby="deadline-panel">
                <div>
                    <h2 id="deadline-panel" class="deadline-title">{t::deadline_title(lang)}</h2>
                    {(open > 0).then(|| view! { <p>{t::deadline_open_n(lang, count(open))}</p> })}
                    {(late > 0).then(|| view! { <p>{t::deadline_late_n(lang, count(late))}</p> })}
                    {(!some).then(|| view! { <p>{note}</p> })}
                </div>
                <a class="btn btn-small" href="/deadlines">{way}</a>
            </section>
        }
        .into_any(),
    )
}
