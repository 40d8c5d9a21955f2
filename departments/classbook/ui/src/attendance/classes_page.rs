//! `/attendance`: the classes whose attendance one sees, with what is open in each; for a deputy the school's notions.

use base::{AppError, Lang};
use classbook_core::attendance::{ClassLine, NotionRow};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{api, rule_form};
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let data = Resource::new_blocking(
        || (),
        |()| async {
            let classes = api::classes().await?;
            // who sees one class alone does not see the school's notions here: they stand beside its figures
            let rules = api::rules().await.ok();
            Ok::<(Vec<ClassLine>, Option<Vec<NotionRow>>), AppError>((classes, rules))
        },
    );
    view! {
        <Title text=t::attendance_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok((classes, rules)) => page(classes, rules, move || data.refetch(), lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(
    classes: Vec<ClassLine>,
    rules: Option<Vec<NotionRow>>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    lang: Lang,
) -> AnyView {
    let empty = classes.is_empty();
    let rows = classes.into_iter().map(|c| row(c, lang)).collect_view();
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::attendance_title(lang)}</span></nav>
            <div class="page-head"><h1>{t::attendance_title(lang)}</h1><p class="page-note">{t::attendance_note(lang)}</p></div>
            {empty.then(|| view! { <kit::Empty title=t::attendance_no_class(lang) text=t::attendance_no_class_text(lang)/> })}
            {(!empty).then(|| view! { <ul class="list card card-flush">{rows}</ul> })}
            {rules.map(|rules| rule_form::section(rules, again, lang))}
        </div>
    }
    .into_any()
}

fn row(class: ClassLine, lang: Lang) -> impl IntoView {
    let open = (class.open > 0).then(|| {
        view! { <span class="badge" data-tone="warn">{t::attendance_open_pupils(lang, class.open)}</span> }
    });
    view! {
        <li>
            <a class="list-link" href=format!("/attendance/{}", class.class)>
                <b class="nowrap">{class.name}</b>
                <span class="muted small">{class.teacher}</span>
                <span class="spacer"></span>
                {open}
            </a>
        </li>
    }
}
