//! What lies behind a figure of a sheet: a card above it, with an address of its own. Links only: by keyboard, by touch and without a script.

use base::Lang;
use classbook_core::sheet::{At, Line, Opened};
use leptos::prelude::*;

use crate::t;

/// Where the card is on its page.
pub const ID: &str = "opened";

/// The mark of a cell, for the way back from the card.
pub(super) fn cell_id(at: &At) -> String {
    format!("c-{at}")
}

/// Where a figure opens; `page`: the address of the sheet, which has a query.
pub(crate) fn href(page: &str, at: &At) -> String {
    format!("{page}&at={at}#{ID}")
}

/// The card. `page`: the address of the sheet, `at`: which figure.
pub(super) fn card(opened: Opened, page: &str, at: &At, lang: Lang) -> AnyView {
    let back = format!("{page}#{}", cell_id(at));
    let to = |line: &Line| line.at.as_ref().map(|at| href(page, at));
    let mark = opened.mark.clone().and_then(|of| {
        let column = of.totals.columns.iter().find(|c| c.stage == of.stage).cloned()?;
        Some(crate::grading::behind(of.totals, column, lang))
    });
    // the totals say who gave the mark and from what; the line would say it again
    let rows = if mark.is_some() {
        ().into_any()
    } else {
        table(&opened.lines, to, lang)
    };
    frame(
        &opened.title,
        &opened.how,
        view! { {rows}{mark} }.into_any(),
        back,
        lang,
    )
}

/// The card's head and sentences, for every page that opens figures so.
pub fn frame(title: &str, how: &[String], body: AnyView, back: String, lang: Lang) -> AnyView {
    let how = how.iter().map(|s| view! { <p>{s.clone()}</p> }).collect_view();
    view! {
        <section class="card stack stack-s opened no-print" id=ID tabindex="-1" aria-labelledby="opened-title">
            <div class="cluster">
                <h2 id="opened-title">{title.to_owned()}</h2>
                <span class="spacer"></span>
                <a class="btn btn-small" href=back rel="external">{t::sheet_close(lang)}</a>
            </div>
            <div class="small">{how}</div>
            {body}
        </section>
    }
    .into_any()
}

/// The rows behind a figure; `to`: where a row opens.
pub fn table(lines: &[Line], to: impl Fn(&Line) -> Option<String>, lang: Lang) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="muted">{t::sheet_open_none(lang)}</p> }.into_any();
    }
    let rows = lines
        .iter()
        .map(|line| {
            let says = match to(line) {
                Some(href) => {
                    let label = format!("{}: {}", line.name, line.says);
                    view! { <a href=href rel="external" aria-label=label>{line.says.clone()}</a> }.into_any()
                }
                None => line.says.clone().into_any(),
            };
            view! { <tr><th scope="row">{line.name.clone()}</th><td><b>{says}</b></td><td><small>{line.by.clone()}</small></td></tr> }
        })
        .collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="group" aria-labelledby="opened-title">
            <table class="table">
                <thead><tr><th scope="col">{t::sheet_open_row(lang)}</th><th scope="col">{t::sheet_open_value(lang)}</th>
                    <th scope="col">{t::sheet_open_more(lang)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
