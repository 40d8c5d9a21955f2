//! `/accounts`: the staff and the classes, and how many of each wait for a password.

use access_core::accounts::{Group, GroupRow, Groups};
use base::Lang;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::groups;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data = Resource::new_blocking(|| (), |()| groups());
    let lang = kit::lang();
    view! {
        <Title text=t::accounts_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(list) => page(&list, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(list: &Groups, lang: Lang) -> AnyView {
    view! {
        <div class="page page-narrow stack">
            <div class="page-head"><h1>{t::accounts_title(lang)}</h1></div>
            <p class="muted">{t::accounts_note(lang)}</p>
            <ul class="list card card-flush">{list.rows.iter().map(|row| one(row, lang)).collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn one(row: &GroupRow, lang: Lang) -> AnyView {
    let name = match row.group {
        Group::Staff => t::accounts_staff(lang).to_owned(),
        Group::Class(_) => row.name.clone(),
    };
    let (due, waiting) = (row.due, row.waiting);
    view! {
        <li>
            <a class="list-link" href=format!("/accounts/{}", row.group)>
                <span><b>{name}</b><br/><small class="muted">{t::accounts_people(lang, i64::from(row.people))}</small></span>
                <span class="spacer"></span>
                <span class="cluster">
                    {(due > 0).then(|| view! { <span class="badge" data-tone="warn">{t::accounts_due(lang, due)}</span> })}
                    {(waiting > 0).then(|| view! { <span class="badge" data-tone="info">{t::accounts_waiting(lang, waiting)}</span> })}
                    {(row.people > 0 && due == 0 && waiting == 0).then(|| view! { <span class="badge" data-tone="ok">{t::accounts_all(lang)}</span> })}
                </span>
            </a>
        </li>
    }
    .into_any()
}
