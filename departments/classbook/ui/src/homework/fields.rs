//! The fields of a homework: text, by which lesson, minutes, addresses; and how full that day is already.

use base::Lang;
use chrono::{Datelike as _, NaiveDate, Weekday};
use classbook_core::homework::{Basis, Day, link};
use classbook_core::journal::cell::Homework;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::more::Beside;
use crate::t;

/// What is typed.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    /// What to do.
    pub text: RwSignal<String>,
    /// By which day; "" for the next lesson.
    pub due: RwSignal<String>,
    /// How long it takes.
    pub minutes: RwSignal<String>,
    /// Addresses, one a line.
    pub links: RwSignal<String>,
}

impl Draft {
    /// Begins with what was given.
    pub fn new(given: Option<&Homework>) -> Self {
        let links = given
            .and_then(|h| h.links.as_deref())
            .unwrap_or_default()
            .join("\n");
        Self {
            text: RwSignal::new(given.map(|h| h.text.clone()).unwrap_or_default()),
            due: RwSignal::new(
                given
                    .and_then(|h| h.due_on)
                    .map(|d| d.to_string())
                    .unwrap_or_default(),
            ),
            minutes: RwSignal::new(
                given
                    .and_then(|h| h.minutes)
                    .map(|m| m.to_string())
                    .unwrap_or_default(),
            ),
            links: RwSignal::new(links),
        }
    }

    /// The homework as it is typed; `None` where nothing is.
    pub fn homework(self) -> Option<Homework> {
        let homework = Homework {
            text: self.text.get_untracked().trim().to_owned(),
            due_on: self.due.get_untracked().parse().ok(),
            minutes: self.minutes.get_untracked().parse().ok(),
            // with those that are wrong: the server names them, and nothing typed is lost unseen
            links: Some(self.links.with_untracked(|l| {
                l.lines()
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .map(str::to_owned)
                    .collect()
            })),
        };
        let typed = homework.says() || homework.due_on.is_some() || homework.minutes.is_some();
        typed.then_some(homework)
    }

    /// There are neither words nor addresses now; tracks what is typed.
    pub fn is_wordless(self) -> bool {
        self.text.with(|t| t.trim().is_empty()) && self.links.with(|l| l.trim().is_empty())
    }

    /// Empties it.
    pub fn clear(self) {
        for field in [self.text, self.due, self.minutes, self.links] {
            field.set(String::new());
        }
    }

    /// Does each line of the addresses hold one?
    pub fn links_good(self) -> bool {
        self.links.with_untracked(|l| link::lines(l).1.is_empty())
    }
}

/// The fields. Ids begin with `name`, so that two forms may stand in one sheet.
#[component]
pub(crate) fn Fields(
    draft: Draft,
    beside: Beside,
    #[prop(into)] name: String,
    label: &'static str,
    /// Something was chosen by a button: no input event tells of it.
    #[prop(optional)]
    touched: Option<Callback<()>>,
) -> impl IntoView {
    let lang = kit::lang();
    let id = move |part: &str| format!("{name}-{part}");
    let wrong = move || {
        draft
            .links
            .with(|l| link::lines(l).1.first().map(|(line, _)| line.clone()))
    };
    let other = RwSignal::new(None::<Day>);
    Effect::new(move |_| {
        let coming = beside.desk.with(|d| d.as_ref().map(|d| d.coming.clone()));
        let date = draft.due.with(|d| d.parse::<NaiveDate>().ok());
        other.set(None);
        // a day that is none of the coming lessons is asked for
        if let (Some(coming), Some(date)) = (coming, date)
            && coming.iter().all(|d| d.date != date)
        {
            spawn_local(async move {
                if let Ok(day) = api::day(beside.lesson, date).await {
                    other.try_set(Some(day));
                }
            });
        }
    });
    let day = Memo::new(move |_| {
        let date = draft.due.with(|d| d.parse::<NaiveDate>().ok());
        beside.desk.with(|desk| {
            let coming = desk.as_ref().map(|d| d.coming.as_slice()).unwrap_or_default();
            match date {
                None => coming.first().cloned(),
                Some(date) => coming
                    .iter()
                    .find(|d| d.date == date)
                    .cloned()
                    .or_else(|| other.get()),
            }
        })
    });
    let typed = Memo::new(move |_| {
        draft
            .minutes
            .with(|m| m.trim().parse::<i32>().unwrap_or(0).clamp(0, 600))
    });
    view! {
        <div class="field">
            <label for=id("homework")>{label}</label>
            <textarea id=id("homework") rows="3" maxlength="4000" prop:value=draft.text
                on:input=move |e| draft.text.set(event_target_value(&e))></textarea>
        </div>
        {move || lessons(beside, draft, touched, lang)}
        <div class="field-row">
            <div class="field">
                <label for=id("due")>{t::journal_due(lang)}</label>
                <input id=id("due") type="date" prop:value=draft.due on:input=move |e| draft.due.set(event_target_value(&e))/>
            </div>
            <div class="field">
                <label for=id("minutes")>{t::journal_minutes(lang)}</label>
                <input id=id("minutes") type="number" min="0" max="600" inputmode="numeric" prop:value=draft.minutes aria-describedby=id("day")
                    on:input=move |e| draft.minutes.set(event_target_value(&e))/>
            </div>
        </div>
        <div id=id("day") role="status" aria-live="polite">{move || day.get().map(|day| meter(&day, typed.get(), lang))}</div>
        <div class="field">
            <label for=id("links")>{t::homework_links(lang)}</label>
            <textarea id=id("links") rows="2" inputmode="url" autocapitalize="off" spellcheck="false" placeholder="https://" prop:value=draft.links
                aria-invalid=move || wrong().is_some().to_string() aria-describedby=format!("{} {}", id("links-hint"), id("links-error"))
                on:input=move |e| draft.links.set(event_target_value(&e))></textarea>
            <p class="field-hint" id=id("links-hint")>{t::homework_links_hint(lang, link::MOST)}</p>
            <div id=id("links-error")>{move || wrong().map(|line| view! { <p class="field-error">{t::homework_link_bad(lang, line)}</p> })}</div>
        </div>
    }
}

/// The coming lessons of the group to choose from; the next one is what an empty day means.
fn lessons(beside: Beside, draft: Draft, touched: Option<Callback<()>>, lang: Lang) -> Option<AnyView> {
    let coming: Vec<NaiveDate> = beside.desk.with(|d| {
        d.as_ref()
            .filter(|d| d.may_edit)
            .map(|d| d.coming.iter().map(|d| d.date).collect())
    })?;
    if coming.is_empty() {
        return None;
    }
    let chips = coming.into_iter().enumerate().map(|(n, date)| {
        let value = if n == 0 { String::new() } else { date.to_string() };
        let (own, dated) = (value.clone(), date.to_string());
        let chosen = move || draft.due.with(|d| *d == own || *d == dated);
        let words = format!("{}, {}", kit::date::weekday_short(date, lang), kit::date::day_month_short(date, lang));
        let words = if n == 0 { t::homework_next_lesson(lang, words) } else { words };
        let choose = move |_| {
            draft.due.set(value.clone());
            if let Some(touched) = touched {
                touched.run(());
            }
        };
        view! { <button class="chip" type="button" aria-pressed=move || chosen().to_string() on:click=choose>{words}</button> }
    });
    Some(
        view! {
            <div class="cluster" role="group" aria-label=t::homework_by_lesson(lang)>
                <span class="small muted">{t::homework_by_lesson(lang)}</span>{chips.collect_view()}
            </div>
        }
        .into_any(),
    )
}

/// «Уже задано на четверг, 3 декабря: 95 из 120 минут», what comes with this homework, and where the limit stands.
fn meter(day: &Day, more: i32, lang: Lang) -> AnyView {
    let on = format!(
        "{}, {}",
        for_weekday(day.date, lang),
        kit::date::day_month(day.date, lang)
    );
    let unknown = (day.unknown > 0).then(|| t::homework_day_unknown(lang, i64::from(day.unknown)));
    let subjects = day
        .subjects
        .iter()
        .map(|(subject, minutes)| t::homework_day_subject(lang, minutes, subject))
        .collect::<Vec<_>>()
        .join("; ");
    let behind = (!subjects.is_empty()).then(|| view! { <p class="small muted">{subjects}</p> });
    let Some(limit) = &day.limit else {
        return view! { <div class="hw-day"><p>{t::homework_day_no_limit(lang, on, day.minutes)}</p>{behind}</div> }.into_any();
    };
    let over = day.over(more);
    let tone = if over > 0 { "warn" } else { "ok" };
    let first = if limit.none_given {
        t::homework_day_first_grade(lang).to_owned()
    } else {
        t::homework_day(lang, on, limit.minutes, day.minutes)
    };
    let with = (more > 0 && !limit.none_given).then(|| {
        let sum = day.minutes.saturating_add(more);
        let words = if over > 0 {
            t::homework_day_over(lang, over, sum)
        } else {
            t::homework_day_with(lang, sum)
        };
        format!(" {words} ")
    });
    let basis = Basis {
        clause: limit.clause.clone(),
        since: Some(limit.since),
        confirmed: limit.confirmed,
    };
    let off = limit
        .after_day_off
        .then(|| view! { <p class="small muted">{t::homework_day_after_off(lang)}</p> });
    view! {
        <div class="hw-day">
            <p class="norm" data-tone=tone><b>{first}</b>{with}<cite>{stands(&basis, lang)}</cite></p>
            {unknown.map(|words| view! { <p class="small muted">{words}</p> })}
            {off}{behind}
        </div>
    }
    .into_any()
}

/// «пятницу»: for which day something is given.
fn for_weekday(day: NaiveDate, lang: Lang) -> &'static str {
    match day.weekday() {
        Weekday::Mon => t::homework_for_monday(lang),
        Weekday::Tue => t::homework_for_tuesday(lang),
        Weekday::Wed => t::homework_for_wednesday(lang),
        Weekday::Thu => t::homework_for_thursday(lang),
        Weekday::Fri => t::homework_for_friday(lang),
        Weekday::Sat => t::homework_for_saturday(lang),
        Weekday::Sun => t::homework_for_sunday(lang),
    }
}

/// «Письмо …, действует с 6 августа 2021 (текст документа сверьте)»: where a figure of the law stands, since when, how sure we are.
pub(crate) fn stands(basis: &Basis, lang: Lang) -> String {
    let place = match basis.since {
        Some(since) => t::homework_norm_since(lang, &basis.clause, kit::date::full(since, lang)),
        None => basis.clause.clone(),
    };
    if basis.confirmed {
        place
    } else {
        format!("{place} {}", t::homework_not_confirmed(lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_something_is_given_for_stands_in_its_case() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap_or_default();
        let said = |d| t::homework_day_no_limit(Lang::Ru, for_weekday(day(d), Lang::Ru), 40);
        assert_eq!(said(25), "Уже задано на среду: 40 минут");
        assert_eq!(said(27), "Уже задано на пятницу: 40 минут");
        assert_eq!(said(28), "Уже задано на субботу: 40 минут");
        assert_eq!(for_weekday(day(29), Lang::En), "Sunday");
    }
}
