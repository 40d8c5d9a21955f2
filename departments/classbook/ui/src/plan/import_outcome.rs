//! What a file would bring, and what it has brought.

use base::Lang;
use classbook_core::plan::Preview;
use leptos::prelude::*;

use super::import_page::Work;
use crate::t;

/// How many rows are shown before the rest is counted.
const SHOWN: usize = 40;

/// What would be: rows, lessons, errors, the rows themselves.
pub fn told(told: &Preview, lang: Lang) -> AnyView {
    if told.no_topic {
        return view! { <div class="banner banner-warn"><p>{t::plan_file_which_topic(lang)}</p></div> }
            .into_any();
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let fit = match told.hours - told.lessons {
        0 => ("ok", t::plan_fits(lang).to_owned()),
        over if over > 0 => ("bad", t::plan_over(lang, over)),
        under => ("warn", t::plan_spare(lang, -under)),
    };
    let bad = told
        .bad
        .iter()
        .map(|b| view! { <tr><td class="num">{b.row}</td><td>{b.reason.clone()}</td></tr> });
    let more = i64::from(told.bad_rows) - count(told.bad.len());
    let unknown = (!told.unknown_works.is_empty()).then(|| {
        let names = told.unknown_works.join(", ");
        view! { <div class="banner banner-warn"><p>{t::plan_file_unknown_works(lang, names)}</p></div> }
    });
    let mut section = None;
    let rows = told.rows.iter().take(SHOWN).map(|row| {
        let head = (row.section != section).then(|| row.section.clone()).flatten();
        section.clone_from(&row.section);
        let homework = row
            .homework
            .clone()
            .map(|h| view! { <br/><small class="muted">{t::plan_homework_is(lang, h)}</small> });
        view! {
            {head.map(|name| view! { <tr><th scope="rowgroup" colspan="2">{name}</th></tr> })}
            <tr><td>{row.topic.clone()}{homework}</td><td class="num">{row.hours}</td></tr>
        }
    });
    let rest = count(told.rows.len().saturating_sub(SHOWN));
    view! {
        <ul class="cluster plan-summary">
            <li>{t::plan_file_rows(lang, count(told.rows.len()))}</li>
            <li>{t::plan_hours(lang, told.hours)}</li>
            <li>{t::plan_lessons(lang, told.lessons)}</li>
            <li><span class="badge" data-tone=fit.0>{fit.1}</span></li>
        </ul>
        {unknown}
        {(told.bad_rows > 0).then(|| view! {
            <h3 id="plan-bad">{t::plan_file_bad_rows(lang, i64::from(told.bad_rows))}</h3>
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby="plan-bad">
                <table class="table">
                    <thead><tr><th scope="col">{t::plan_file_row(lang)}</th><th scope="col">{t::plan_file_reason(lang)}</th></tr></thead>
                    <tbody>{bad.collect_view()}</tbody>
                </table>
            </div>
            {(more > 0).then(|| view! { <p class="muted">{t::plan_file_more(lang, more)}</p> })}
        })}
        {(!told.rows.is_empty()).then(|| view! {
            <div class="table-wrap" tabindex="0" role="region" aria-label=t::plan_file_outcome(lang)>
                <table class="table">
                    <thead><tr><th scope="col">{t::plan_topic(lang)}</th><th scope="col" class="num">{t::plan_hours_field(lang)}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            {(rest > 0).then(|| view! { <p class="muted">{t::plan_and_more(lang, rest)}</p> })}
        })}
    }
    .into_any()
}

/// The way to yes: with bad rows only for who agrees to leave them out; where there is a plan, what becomes of it.
pub fn agree(work: Work, told: &Preview) -> AnyView {
    let lang = work.lang;
    let (bad, some) = (told.bad_rows, !told.no_topic && !told.rows.is_empty());
    let ready = move || some && !work.file.busy.get() && (bad == 0 || work.file.without_bad.get());
    view! {
        {move || (some && work.has.get() > 0).then(|| view! {
            <fieldset class="stack stack-s">
                <legend>{t::plan_file_there(lang, work.has.get())}</legend>
                <label class="check"><input type="radio" name="plan-import" prop:checked=move || !work.append.get() on:change=move |_| work.append.set(false)/><span>{t::plan_file_replace(lang)}</span></label>
                <label class="check"><input type="radio" name="plan-import" prop:checked=move || work.append.get() on:change=move |_| work.append.set(true)/><span>{t::plan_file_append(lang)}</span></label>
            </fieldset>
        })}
        {(some && bad > 0).then(|| view! {
            <label class="check"><input type="checkbox" prop:checked=work.file.without_bad on:change=move |e| work.file.without_bad.set(event_target_checked(&e))/>
                <span>{t::plan_file_without_bad(lang, i64::from(bad))}</span></label>
        })}
        <p class="muted small">{t::plan_file_rule(lang)}</p>
        <button class="btn btn-primary" type="button" disabled=move || !ready() aria-busy=move || work.file.busy.get().to_string()
            on:click=move |_| work.import()>{t::plan_file_confirm(lang)}</button>
    }
    .into_any()
}

/// It is done.
pub fn done(done: &Preview, plan: &str, lang: Lang) -> AnyView {
    let rows = i64::try_from(done.rows.len()).unwrap_or(0);
    view! {
        <div class="banner banner-ok"><p><b>{t::plan_file_done(lang)}</b>" "{t::plan_file_rows(lang, rows)}</p></div>
        <p><a class="btn btn-primary" href=plan.to_owned()>{t::plan_file_to_plan(lang)}</a></p>
    }
    .into_any()
}
