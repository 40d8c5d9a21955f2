//! `/classes`: the classes of the year, with how many pupils each has and what is still missing.

use base::{AppError, Lang};
use leptos::prelude::*;
use leptos_meta::Title;
use study_core::roll::{ClassRow, Classes};

use super::api::classes;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data = Resource::new_blocking(|| (), |()| classes());
    let lang = kit::lang();
    view! {
        <Title text=t::roll_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(list) => page(&list, lang),
                    Err(error) => failed(error),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn failed(error: AppError) -> AnyView {
    view! { <kit::LoadError error=error/> }.into_any()
}

fn page(list: &Classes, lang: Lang) -> AnyView {
    let year = list.year.clone().map(|y| t::versions_year(lang, y));
    let (may_edit, may_issue) = (list.may_edit, list.may_issue);
    let empty = list.rows.is_empty();
    let nobody = !empty && list.rows.iter().all(|r| r.pupils == 0);
    view! {
        <div class="page page-narrow stack">
            <div class="page-head">
                <h1>{t::roll_title(lang)}</h1>
                <p class="page-note">{year}</p>
                <div class="page-actions">
                    {(may_edit && !empty).then(|| view! { <a class="btn" class:btn-primary=nobody href="/classes/import"><kit::Icon name="import"/>{t::roll_load(lang)}</a> })}
                    {may_issue.then(|| view! { <a class="btn" href="/accounts"><kit::Icon name="lock"/>{t::roll_accounts(lang)}</a> })}
                </div>
            </div>
            {empty.then(|| view! {
                <kit::Empty title=t::roll_empty(lang) icon="class" text=if may_edit { t::roll_empty_text(lang) } else { t::roll_empty_read(lang) }/>
            })}
            {(nobody && may_edit).then(|| view! {
                <div class="banner" role="note"><p>{t::roll_nobody_yet(lang)}</p></div>
            })}
            {(!empty).then(|| view! {
                <ul class="list card card-flush">{list.rows.iter().map(|row| class_row(row, lang)).collect_view()}</ul>
            })}
        </div>
    }
    .into_any()
}

fn class_row(row: &ClassRow, lang: Lang) -> AnyView {
    let pupils = i64::from(row.pupils);
    let many = match row.planned {
        Some(planned) if row.pupils == 0 && planned > 0 => t::roll_planned(lang, planned),
        _ => t::roll_pupils(lang, pupils),
    };
    let teacher = row.teacher.clone().map(|name| t::roll_teacher(lang, name));
    let words = [Some(many), teacher]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let badge =
        |n: u32, text: String| (n > 0).then(|| view! { <span class="badge" data-tone="warn">{text}</span> });
    view! {
        <li>
            <a class="list-link roll-class" href=format!("/classes/{}", row.id)>
                <span class="roll-class-name"><b>{row.name.clone()}</b><small class="muted">{words}</small></span>
                <span class="cluster">
                    {badge(row.alone, t::roll_alone(lang, row.alone))}
                    {badge(row.unplaced, t::roll_unplaced(lang, i64::from(row.unplaced)))}
                </span>
            </a>
        </li>
    }
    .into_any()
}
