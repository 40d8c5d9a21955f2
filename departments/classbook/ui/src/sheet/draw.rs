//! A sheet of paper on the screen: the same title, facts, tables, notes and places to sign as in its files.

use base::Lang;
use classbook_core::sheet::At;
use leptos::prelude::*;
use paper::{Cell, Column, Lie, Paper, Row, RowKind, Shape, Table};

use super::opened;
use crate::t;

/// Draws it. `page`: its address, which has a query: there its figures open.
pub(super) fn draw(paper: &Paper, page: &str) -> AnyView {
    let lang = paper.lang;
    let lie = match paper.lie() {
        Lie::Portrait => "portrait",
        Lie::Landscape => "landscape",
    };
    let facts = paper
        .facts
        .iter()
        .map(|f| view! { <div><dt>{f.name.clone()}</dt><dd>{f.value.clone()}</dd></div> })
        .collect_view();
    let tables = paper
        .tables
        .iter()
        .map(|table| self::table(table, &paper.title, page, lang))
        .collect_view();
    let notes = paper
        .notes
        .iter()
        .map(|note| view! { <p>{note.clone()}</p> })
        .collect_view();
    let signs = paper
        .signs
        .iter()
        .map(|s| view! { <p><span>{s.role.clone()}</span><span class="paper-line"></span><span>{s.name.clone()}</span></p> })
        .collect_view();
    view! {
        <article class="paper stack" data-lie=lie aria-labelledby="paper-title">
            <header class="paper-head">
                <p class="muted small">{paper.school.clone()}</p>
                <h2 id="paper-title">{paper.title.clone()}</h2>
                <dl class="paper-facts">{facts}</dl>
            </header>
            <div class="paper-tables">{tables}</div>
            <div class="small muted">{notes}</div>
            <footer class="paper-signs">{signs}<p class="small">{paper.made.clone()}</p></footer>
        </article>
    }
    .into_any()
}

fn table(table: &Table, title: &str, page: &str, lang: Lang) -> AnyView {
    let name = table.title.clone().unwrap_or_else(|| title.to_owned());
    let heading = table.title.clone().map(|title| view! { <h3>{title}</h3> });
    let body = if table.rows.is_empty() || table.columns.len() < 2 {
        view! { <kit::Empty title=t::sheet_no_rows(lang) text=t::sheet_no_rows_text(lang)/> }.into_any()
    } else {
        let rows = table
            .rows
            .iter()
            .map(|r| row(r, &table.columns, page, lang))
            .collect_view();
        view! {
            <div class="table-wrap" tabindex="0" role="region" aria-label=t::sheet_table(lang, &name)>
                <table class="table paper-table"><thead>{heads(table)}</thead><tbody>{rows}</tbody></table>
            </div>
        }
        .into_any()
    };
    view! { <section class="stack stack-s" data-apart=table.apart.then_some("")>{heading}{body}</section> }
        .into_any()
}

/// One row of heads, or two where some columns have words over them together.
fn heads(table: &Table) -> AnyView {
    let grouped = table.columns.iter().any(|c| c.group.is_some());
    if !grouped {
        let all = table.columns.iter().map(|c| head(c, None)).collect_view();
        return view! { <tr>{all}</tr> }.into_any();
    }
    let over = table
        .groups()
        .into_iter()
        .map(|(from, span, name)| match name {
            Some(name) => {
                view! { <th scope="colgroup" class="paper-centre" colspan=span.to_string()>{name.to_owned()}</th> }
                    .into_any()
            }
            None => table
                .columns
                .get(from)
                .map(|c| head(c, Some("2")))
                .into_any(),
        })
        .collect_view();
    let under = table
        .columns
        .iter()
        .filter(|c| c.group.is_some())
        .map(|c| head(c, None))
        .collect_view();
    view! { <tr>{over}</tr><tr>{under}</tr> }.into_any()
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Number => "number",
        Shape::Name => "name",
        Shape::Day => "day",
        Shape::Upright => "upright",
        Shape::Figure => "figure",
        Shape::Date => "date",
        Shape::Words => "words",
    }
}

fn head(column: &Column, rows: Option<&'static str>) -> AnyView {
    let words = column.head.clone();
    view! { <th scope="col" rowspan=rows data-shape=shape(column.shape)><span>{words}</span></th> }.into_any()
}

fn row(row: &Row, columns: &[Column], page: &str, lang: Lang) -> AnyView {
    let name_at = columns.iter().position(|c| c.shape == Shape::Name);
    let cells = columns
        .iter()
        .enumerate()
        .map(|(n, column)| {
            let cell = row.cells.get(n).cloned().unwrap_or_default();
            if Some(n) == name_at {
                name(&cell, row.href.clone(), lang)
            } else {
                let keys = row.key.as_ref().zip(column.key.as_ref());
                let at = keys
                    .filter(|_| cell != Cell::Empty)
                    .map(|(row, column)| At::new(row, column));
                self::cell(&cell, column.shape, at, page, lang)
            }
        })
        .collect_view();
    let kind = match row.kind {
        RowKind::Plain => None,
        RowKind::Total => Some("total"),
        RowKind::Gone => Some("gone"),
    };
    view! { <tr data-kind=kind>{cells}</tr> }.into_any()
}

fn name(cell: &Cell, href: Option<String>, lang: Lang) -> AnyView {
    let words = cell.words(lang);
    let inner = match href {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    view! { <th scope="row" data-shape="name">{inner}</th> }.into_any()
}

fn cell(cell: &Cell, shape_of: Shape, at: Option<At>, page: &str, lang: Lang) -> AnyView {
    let tone = match cell {
        Cell::Mark(_, Some(level)) => Some(level.to_string()),
        _ => None,
    };
    let words = cell.words(lang);
    let inner = match at {
        Some(at) => {
            let (id, href) = (opened::cell_id(&at), opened::href(page, &at));
            view! { <a class="paper-figure" id=id href=href rel="external">{words}</a> }.into_any()
        }
        None => words.into_any(),
    };
    view! { <td data-shape=shape(shape_of) data-tone=tone>{inner}</td> }.into_any()
}
