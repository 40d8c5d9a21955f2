//! `/classes/:class`: the pupils of a class with their families, and its subgroups.

use base::{AppError, ClassId, Lang};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use study_core::roll::{ClassPage, Kin, PupilRow};

use super::api::class;
use super::split;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let params = use_params_map();
    let id = move || params.with(|p| p.get("class").and_then(|c| c.parse::<ClassId>().ok()));
    let data = Resource::new_blocking(id, |id| async move {
        match id {
            Some(id) => class(id).await,
            None => missing(),
        }
    });
    let lang = kit::lang();
    view! {
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(class) => page(class, data, lang),
                    Err(error) => view! { <Title text=t::roll_title(lang)/><kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// An address that is no number.
fn missing() -> Result<ClassPage, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::NotFound)
}

fn page(class: ClassPage, data: Resource<Result<ClassPage, AppError>>, lang: Lang) -> AnyView {
    let note = [
        Some(t::roll_pupils(
            lang,
            i64::try_from(class.pupils.len()).unwrap_or(0),
        )),
        class.teacher.clone().map(|name| t::roll_teacher(lang, name)),
    ];
    let note = note.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let title = t::roll_class(lang, &class.name);
    let empty = class.pupils.is_empty();
    view! {
        <Title text=title.clone()/>
        <div class="page page-narrow stack">
            <nav class="crumbs" aria-label=t::roll_path(lang)><a href="/classes">{t::roll_title(lang)}</a><span>{class.name.clone()}</span></nav>
            <div class="page-head">
                <h1>{title}</h1>
                <p class="page-note">{note}</p>
                <div class="page-actions">
                    {(class.may_issue && !empty).then(|| view! { <a class="btn" href=format!("/accounts/{}", class.id)><kit::Icon name="lock"/>{t::roll_accounts(lang)}</a> })}
                    {(class.may_edit && !empty).then(|| view! { <a class="btn" href=format!("/exemptions/{}", class.id)>{t::roll_exemptions(lang)}</a> })}
                </div>
            </div>
            {empty.then(|| view! {
                <kit::Empty title=t::roll_class_empty(lang) icon="class" text=if class.may_edit { t::roll_class_empty_text(lang) } else { t::roll_class_empty_read(lang) }>
                    {class.may_edit.then(|| view! { <a class="btn btn-primary" href="/classes/import">{t::roll_load(lang)}</a> })}
                </kit::Empty>
            })}
            {(!empty).then(|| view! {
                <section class="card card-flush" aria-labelledby="roll-pupils">
                    <div class="card-head"><h2 id="roll-pupils">{t::roll_pupils_title(lang)}</h2></div>
                    <ol class="list">{class.pupils.iter().enumerate().map(|(n, p)| pupil(n, p, lang)).collect_view()}</ol>
                </section>
            })}
            {(!empty && !class.splits.is_empty()).then(|| view! {
                <section class="stack">
                    <h2 id="roll-groups">{t::roll_groups(lang)}</h2>
                    <p class="muted">{if class.may_edit { t::roll_groups_note(lang) } else { t::roll_groups_read(lang) }}</p>
                    {class.splits.iter().enumerate().map(|(n, s)| split::card(n, s, &class, data, lang)).collect_view()}
                </section>
            })}
        </div>
    }
    .into_any()
}

fn pupil(n: usize, pupil: &PupilRow, lang: Lang) -> AnyView {
    let born = pupil.born.map(|date| kit::date::full(date, lang));
    let family = pupil.guardians.iter().map(|g| {
        let phone = g.phone.clone().map(|digits| {
            let shown = shown(&digits);
            view! { " " <a class="nowrap" href=format!("tel:+{digits}")>{shown}</a> }
        });
        view! { <li>{g.name.clone()}" "<small class="muted">{kin(g.kin, lang)}</small>{phone}</li> }
    });
    view! {
        <li class="roll-pupil">
            <span class="nums muted" aria-hidden="true">{n + 1}</span>
            <span><b>{pupil.name.clone()}</b>{born.map(|b| view! { <br/><small class="muted">{b}</small> })}</span>
            {if pupil.guardians.is_empty() {
                view! { <span class="badge" data-tone="warn">{t::roll_no_family(lang)}</span> }.into_any()
            } else {
                view! { <ul class="roll-family">{family.collect_view()}</ul> }.into_any()
            }}
        </li>
    }
    .into_any()
}

fn kin(kin: Kin, lang: Lang) -> &'static str {
    match kin {
        Kin::Mother => t::kin_mother(lang),
        Kin::Father => t::kin_father(lang),
        Kin::Guardian => t::kin_guardian(lang),
        Kin::Relative => t::kin_relative(lang),
        Kin::Authority => t::kin_authority(lang),
    }
}

/// «+7 916 123-45-67»; other countries' numbers as they are.
fn shown(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    if digits.len() == 11 && digits.starts_with('7') {
        format!("+7 {} {}-{}-{}", part(1, 4), part(4, 7), part(7, 9), part(9, 11))
    } else {
        format!("+{digits}")
    }
}
