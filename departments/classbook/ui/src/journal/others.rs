//! The journals of others in the list: of a whole school some four hundred, so one chooses a class and writes a word.

use base::Lang;
use classbook_core::journal::grid::Journal;
use leptos::prelude::*;

use super::list_page::row;
use crate::t;

/// So many are seen without looking for one.
const MANY: usize = 20;

/// The first word of an audience: «7А» of «7А (Англ 1)».
fn class_of(audience: &str) -> &str {
    audience
        .split(|c: char| c == ',' || c.is_whitespace())
        .next()
        .unwrap_or_default()
}

/// Is it one of the class, and does it have every word, in whatever letters?
fn matches(journal: &Journal, class: &str, words: &str) -> bool {
    let of = |c: char| c == ',' || c.is_whitespace();
    let in_class = class.is_empty() || journal.audience.split(of).any(|part| part == class);
    let all = format!("{} {} {}", journal.audience, journal.subject, journal.teachers).to_lowercase();
    in_class
        && words
            .to_lowercase()
            .split_whitespace()
            .all(|word| all.contains(word))
}

/// The section, with a choice and a search where there are many.
pub(super) fn section(title: &'static str, journals: Vec<Journal>, lang: Lang) -> AnyView {
    let many = journals.len() > MANY;
    let mut classes: Vec<String> = vec![];
    for journal in &journals {
        let class = class_of(&journal.audience);
        if !class.is_empty() && classes.iter().all(|c| c != class) {
            classes.push(class.to_owned());
        }
    }
    let (class, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let all = StoredValue::new(journals.clone());
    let found = Memo::new(move |_| {
        let (class, words) = (class.get(), words.get());
        all.with_value(|all| all.iter().map(|j| matches(j, &class, &words)).collect::<Vec<_>>())
    });
    let count = move || found.with(|f| f.iter().filter(|is| **is).count());
    let rows = journals
        .into_iter()
        .enumerate()
        .map(|(n, j)| {
            let hidden = move || found.with(|f| f.get(n) == Some(&false));
            view! { <li hidden=hidden>{row(None, &j, lang)}</li> }
        })
        .collect_view();
    let options = classes
        .into_iter()
        .map(|c| view! { <option value=c.clone()>{c.clone()}</option> })
        .collect_view();
    let choose = many.then(|| {
        view! {
            <div class="cluster" role="search" aria-label=t::journal_find(lang)>
                <select class="select" aria-label=t::journal_find_class(lang) on:change=move |e| class.set(event_target_value(&e))>
                    <option value="">{t::journal_find_all(lang)}</option>{options}
                </select>
                <input class="input journal-find" type="search" maxlength="80" aria-label=t::journal_find(lang) placeholder=t::journal_find_hint(lang)
                    prop:value=words on:input=move |e| words.set(event_target_value(&e))/>
                <span class="muted small" role="status">{move || t::journal_found(lang, i64::try_from(count()).unwrap_or(i64::MAX))}</span>
            </div>
        }
    });
    view! {
        <section class="stack">
            <h2>{title}</h2>
            {choose}
            <ul class="list card card-flush" hidden=move || count() == 0>{rows}</ul>
            <p class="muted" hidden=move || count() != 0>{t::journal_found_none(lang)}</p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(audience: &str, subject: &str, teachers: &str) -> Journal {
        Journal {
            load: base::LoadId(1),
            subject: subject.to_owned(),
            audience: audience.to_owned(),
            grade: 7,
            teachers: teachers.to_owned(),
            own: false,
            stands_in: false,
            today: vec![],
            next: vec![],
        }
    }

    #[test]
    fn one_finds_by_class_and_by_words_in_any_order() {
        let one = journal("7А (Англ 1)", "Английский язык", "Орлова Н. М.");
        assert_eq!(class_of(&one.audience), "7А");
        assert!(matches(&one, "", ""));
        assert!(matches(&one, "7А", "орл англ"));
        assert!(matches(&one, "", "язык 7а"));
        assert!(!matches(&one, "7", ""), "a class is a whole word");
        assert!(!matches(&one, "7Б", ""));
        assert!(!matches(&one, "7А", "немецкий"));
        assert!(matches(&journal("7А, 7Б", "Труд", ""), "7Б", "труд"));
    }
}
