//! The marks of a scale in its form: lines that are added, moved and taken away.

use base::{AppError, Lang};
use classbook_core::grading::Standing;
use classbook_core::scale::terms::ITEMS;
use classbook_core::scale::{Counting, ItemTerms};
use leptos::prelude::*;

use super::scales_page::figure;
use crate::t;

/// A line of the form.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Line {
    key: u32,
    code: RwSignal<String>,
    value: RwSignal<String>,
    title: RwSignal<String>,
    /// The key of its level; empty: what is usual.
    level: RwSignal<String>,
    /// What it counts as among marks of five.
    counts: RwSignal<String>,
    /// The mark has been given: code and value stay.
    given: bool,
}

/// The lines.
#[derive(Clone, Copy)]
pub(super) struct Lines(RwSignal<Vec<Line>>);

impl Lines {
    /// The lines of a scale; an empty one for a new scale.
    pub fn of(items: &[ItemTerms], given: &[String], lang: Lang) -> Self {
        let line = |(key, item): (u32, &ItemTerms)| Line {
            key,
            code: RwSignal::new(item.code.clone()),
            value: RwSignal::new(
                item.value
                    .map(|v| lang.decimal(&v.to_string()))
                    .unwrap_or_default(),
            ),
            title: RwSignal::new(item.title.clone()),
            level: RwSignal::new(
                item.counting
                    .map(|c| c.standing.key().to_owned())
                    .unwrap_or_default(),
            ),
            counts: RwSignal::new(
                item.counting
                    .and_then(|c| c.five)
                    .map(|v| lang.decimal(&v.to_string()))
                    .unwrap_or_default(),
            ),
            given: given.contains(&item.code),
        };
        let empty = [ItemTerms::default()];
        let items = if items.is_empty() { &empty[..] } else { items };
        Self(RwSignal::new((0..).zip(items).map(line).collect()))
    }

    /// What is written.
    pub fn read(self, lang: Lang) -> Result<Vec<ItemTerms>, AppError> {
        let lines = self.0.get_untracked();
        let read = lines.into_iter().map(|line| {
            Ok(ItemTerms {
                code: line.code.get_untracked(),
                value: figure(&line.value.get_untracked(), lang)?,
                title: line.title.get_untracked(),
                counting: match line.level.get_untracked().as_str() {
                    "" => None,
                    level => Some(Counting {
                        standing: Standing::from_key(level),
                        five: figure(&line.counts.get_untracked(), lang)?,
                    }),
                },
            })
        });
        read.collect()
    }

    fn add(self) {
        self.0.update(|lines| {
            let key = lines.iter().map(|l| l.key).max().map_or(0, |k| k + 1);
            lines.push(Line {
                key,
                code: RwSignal::new(String::new()),
                value: RwSignal::new(String::new()),
                title: RwSignal::new(String::new()),
                level: RwSignal::new(String::new()),
                counts: RwSignal::new(String::new()),
                given: false,
            });
        });
    }

    fn step(self, key: u32, down: bool) {
        self.0.update(|lines| {
            let Some(at) = lines.iter().position(|l| l.key == key) else {
                return;
            };
            let with = if down { at + 1 } else { at.wrapping_sub(1) };
            if with < lines.len() {
                lines.swap(at, with);
            }
        });
    }
}

/// A level in words.
pub(super) fn level_name(standing: Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::Five => t::scale_level_five(lang),
        Standing::Four => t::scale_level_four(lang),
        Standing::Three => t::scale_level_three(lang),
        Standing::Two => t::scale_level_two(lang),
        Standing::NotAttested => t::scale_level_not_attested(lang),
        Standing::Exempt => t::scale_level_exempt(lang),
        Standing::Other => t::scale_level_none(lang),
    }
}

/// The lines as fields.
pub(super) fn group(lines: Lines, lang: Lang) -> AnyView {
    let line = move |line: Line| {
        let Line {
            key,
            code,
            value,
            title,
            level,
            counts,
            given,
        } = line;
        let levels = Standing::ALL.into_iter().map(|s| view! { <option value=s.key() selected=level.get_untracked() == s.key()>{level_name(s, lang)}</option> });
        // a level that is a figure counts as this figure until another one is written
        let choose = move |e| {
            level.set(event_target_value(&e));
            let figure = Standing::from_key(&level.get_untracked()).level();
            counts.set(figure.map(|n| n.to_string()).unwrap_or_default());
        };
        let usual = move || level.with(String::is_empty);
        let input = move |signal: RwSignal<String>| move |e| signal.set(event_target_value(&e));
        let remove = move |_| lines.0.update(|l| l.retain(|line| line.key != key));
        view! {
            <li class="sc-line">
                <label class="field"><span>{t::scale_item_code(lang)}</span>
                    <input class="input sc-short" maxlength="8" required autocomplete="off" readonly=given prop:value=code on:input=input(code)/></label>
                <label class="field"><span>{t::scale_item_value(lang)}</span>
                    <input class="input sc-short" inputmode="decimal" maxlength="6" autocomplete="off" readonly=given prop:value=value on:input=input(value)/></label>
                <label class="field sc-wide"><span>{t::scale_item_title(lang)}</span>
                    <input class="input" maxlength="80" required autocomplete="off" prop:value=title on:input=input(title)/></label>
                <label class="field"><span>{t::scale_item_level(lang)}</span>
                    <select class="select" prop:value=level on:change=choose><option value="">{t::scale_level_usual(lang)}</option>{levels.collect_view()}</select></label>
                <label class="field"><span>{t::scale_item_counts(lang)}</span>
                    <input class="input sc-short" inputmode="decimal" maxlength="4" autocomplete="off" disabled=usual prop:value=counts on:input=input(counts)/></label>
                <div class="cluster">
                    <button class="btn btn-icon btn-quiet" type="button" aria-label=move || t::scale_item_up(lang, code.get()) on:click=move |_| lines.step(key, false)><kit::Icon name="up"/></button>
                    <button class="btn btn-icon btn-quiet" type="button" aria-label=move || t::scale_item_down(lang, code.get()) on:click=move |_| lines.step(key, true)><kit::Icon name="down"/></button>
                    {if given {
                        view! { <span class="badge">{t::scale_item_given(lang)}</span> }.into_any()
                    } else {
                        view! { <button class="btn btn-icon btn-quiet" type="button" aria-label=move || t::scale_item_remove(lang, code.get()) on:click=remove><kit::Icon name="cross"/></button> }.into_any()
                    }}
                </div>
            </li>
        }
    };
    view! {
        <fieldset class="stack stack-s">
            <legend>{t::scale_items(lang)}</legend>
            <p class="field-hint">{t::scale_item_value(lang)}": "{t::scale_item_value_hint(lang)}</p>
            <p class="field-hint">{t::scale_item_counts_hint(lang)}</p>
            <ul class="stack stack-s sc-list"><For each=move || lines.0.get() key=|l| l.key let:item>{line(item)}</For></ul>
            <button class="btn btn-small btn-quiet" type="button" disabled=move || lines.0.with(|l| l.len() >= ITEMS) on:click=move |_| lines.add()>
                <kit::Icon name="plus"/>{t::scale_item_add(lang)}</button>
        </fieldset>
    }
    .into_any()
}
