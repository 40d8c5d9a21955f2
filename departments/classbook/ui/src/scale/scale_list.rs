//! The scales of marks: each as it stands, and its form.

use base::{Lang, ScaleId};
use classbook_core::scale::{Counting, ItemTerms, ScaleLine, ScaleTerms};
use leptos::prelude::*;

use super::edit::{self, Open};
use super::scales_page::Desk;
use super::{api, items};
use crate::t;

/// The section of scales.
pub(super) fn section(desk: Desk) -> AnyView {
    let lang = kit::lang();
    let may = desk.all.with_untracked(|a| a.may_edit);
    let open = RwSignal::new(None::<Option<ScaleId>>);
    let list = move || {
        let lines = desk.all.with(|a| a.scales.clone());
        let cards = lines.into_iter().enumerate().map(|(at, line)| {
            view! { <li class="card stack stack-s">{shown(&line, at == 0, lang)}{may.then(|| edit::edit(line, desk, open, lang))}</li> }
        });
        cards.collect_view().into_any()
    };
    let words = edit::Words {
        id: "sc-scales",
        title: t::scale_scales(lang),
        add: t::scale_scale_add(lang),
    };
    edit::section::<ScaleLine>(desk, open, words, list, lang)
}

fn shown(line: &ScaleLine, first: bool, lang: Lang) -> AnyView {
    let used = if line.used {
        t::scale_used_line(lang)
    } else {
        t::scale_unused_line(lang)
    };
    let best = line
        .terms
        .items
        .iter()
        .filter_map(|i| i.value)
        .max()
        .unwrap_or_default();
    let item = |i: &ItemTerms| {
        let counting = i
            .counting
            .unwrap_or_else(|| Counting::usual(&i.code, i.value, best));
        // said where it is another figure than its own
        let counts = counting.five.filter(|five| Some(*five) != i.value);
        let counts = counts.map(|five| t::scale_item_as(lang, lang.decimal(&five.to_string())));
        let level = i.counting.map(|c| super::items::level_name(c.standing, lang));
        let said: Vec<String> = counts.into_iter().chain(level.map(str::to_owned)).collect();
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(" ({})", said.join(", "))
        };
        let value = i
            .value
            .map_or_else(String::new, |v| format!(" = {}", lang.decimal(&v.to_string())));
        view! { <li><b>{i.code.clone()}</b>{value}" "<span class="muted">{i.title.clone()}{said}</span></li> }
    };
    view! {
        <div class="card-head">
            <h3>{line.terms.title.clone()}</h3>
            {first.then(|| view! { <span class="badge" data-tone="info">{t::scale_first(lang)}</span> })}
        </div>
        <ul class="sc-items">{line.terms.items.iter().map(item).collect_view()}</ul>
        <p class="small muted">{used}</p>
    }
    .into_any()
}

impl edit::Line for ScaleLine {
    type Id = ScaleId;

    fn id(&self) -> ScaleId {
        self.id
    }

    fn title(&self) -> &str {
        &self.terms.title
    }

    fn is_used(&self) -> bool {
        self.used
    }

    fn remove(self, desk: Desk, lang: Lang) {
        desk.act(
            t::scale_removed(lang),
            api::remove_scale(self.id, self.terms),
            || (),
        );
    }

    fn form(line: Option<Self>, desk: Desk, open: Open<ScaleId>, lang: Lang) -> AnyView {
        form(desk, open, line, lang)
    }
}

fn form(desk: Desk, open: Open<ScaleId>, line: Option<ScaleLine>, lang: Lang) -> AnyView {
    let start = line.as_ref().map(|l| l.terms.clone()).unwrap_or_default();
    let given = line.as_ref().map(|l| l.given.clone()).unwrap_or_default();
    let title = RwSignal::new(start.title.clone());
    let lines = items::Lines::of(&start.items, &given, lang);
    let at = line.map(|l| (l.id, l.terms));
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let items = match lines.read(lang) {
            Ok(items) => items,
            Err(error) => return desk.error.set(Some(error)),
        };
        let terms = ScaleTerms {
            title: title.get(),
            items,
        };
        let at = at.clone();
        let act = async move { api::save_scale(at, terms).await.map(drop) };
        desk.act(t::scale_saved(lang), act, move || open.set(None));
    };
    view! {
        <form class="stack stack-s" on:submit=save>
            <fieldset class="stack stack-s" disabled=move || desk.busy.get()>
                <legend class="visually-hidden">{t::scale_scales(lang)}</legend>
                <label class="field"><span>{t::scale_scale_title(lang)}</span>
                    <input class="input" maxlength="80" required prop:value=title on:input=move |e| title.set(event_target_value(&e))/></label>
                {items::group(lines, lang)}
                {edit::buttons(open, lang)}
            </fieldset>
        </form>
    }
    .into_any()
}
