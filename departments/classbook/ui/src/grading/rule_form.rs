//! A new rule: a form, and beside it what the rule makes of an example, counted by the code that counts real marks.

use base::number::Hundredths;
use base::{AppError, Lang};
use chrono::NaiveDate;
use classbook_core::grading::rules::{GRADES, MINIMUMS};
use classbook_core::grading::{Interim, Minimum, Rewritten, Rules, Terms, in_force, propose};
use classbook_core::journal::cell::Uuid;
use classbook_core::journal::grid::ScaleItem;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{api, explain};
use crate::t;

/// Hours and marks of a minimum, with a key of its line.
type Line = (u32, RwSignal<String>, RwSignal<String>);

/// What stands in the fields.
#[derive(Clone, Copy)]
struct Fields {
    from: RwSignal<String>,
    grade_from: RwSignal<i16>,
    grade_to: RwSignal<i16>,
    weighted: RwSignal<bool>,
    five: RwSignal<String>,
    four: RwSignal<String>,
    three: RwSignal<String>,
    year_up: RwSignal<String>,
    minimums: RwSignal<Vec<Line>>,
    first_grade: RwSignal<bool>,
    class_average: RwSignal<bool>,
    both: RwSignal<bool>,
    slip_hours: RwSignal<String>,
    owed_days: RwSignal<String>,
    half_years: RwSignal<bool>,
    interim: RwSignal<Interim>,
    act_number: RwSignal<String>,
    act_date: RwSignal<String>,
    reason: RwSignal<String>,
}

impl Fields {
    fn of(terms: &Terms, lang: Lang) -> Self {
        let fixed = |n| RwSignal::new(explain::fixed(n, lang));
        let lines = (0..).zip(&terms.minimums).map(|(key, m)| {
            let hours = RwSignal::new(explain::number(m.week_hours, lang));
            (key, hours, RwSignal::new(m.marks.to_string()))
        });
        Self {
            from: RwSignal::new(terms.valid_from.to_string()),
            grade_from: RwSignal::new(terms.grade_from),
            grade_to: RwSignal::new(terms.grade_to),
            weighted: RwSignal::new(terms.weighted),
            five: fixed(terms.five_from),
            four: fixed(terms.four_from),
            three: fixed(terms.three_from),
            year_up: fixed(terms.year_up),
            minimums: RwSignal::new(lines.collect()),
            first_grade: RwSignal::new(terms.first_grade),
            class_average: RwSignal::new(terms.class_average),
            both: RwSignal::new(terms.rewritten == Rewritten::Both),
            slip_hours: RwSignal::new(terms.slip_hours.to_string()),
            owed_days: RwSignal::new(terms.owed_days.map(|days| days.to_string()).unwrap_or_default()),
            half_years: RwSignal::new(terms.half_years),
            interim: RwSignal::new(terms.interim),
            act_number: RwSignal::new(String::new()),
            act_date: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
        }
    }

    /// What is written, if every field can be read: else the field.
    fn terms(self) -> Result<Terms, &'static str> {
        let day = |s: RwSignal<String>| s.get().parse::<NaiveDate>().ok();
        let figure = |s: RwSignal<String>| Hundredths::parse(s.get().trim());
        let mut minimums = Vec::new();
        for (_, hours, marks) in self.minimums.get() {
            let (week_hours, marks) = (figure(hours), marks.get().trim().parse().ok());
            match (week_hours, marks) {
                (Some(week_hours), Some(marks)) => minimums.push(Minimum { week_hours, marks }),
                _ => return Err("minimums"),
            }
        }
        let terms = Terms {
            grade_from: self.grade_from.get(),
            grade_to: self.grade_to.get(),
            valid_from: day(self.from).ok_or("valid_from")?,
            weighted: self.weighted.get(),
            five_from: figure(self.five).ok_or("thresholds")?,
            four_from: figure(self.four).ok_or("thresholds")?,
            three_from: figure(self.three).ok_or("thresholds")?,
            year_up: figure(self.year_up).ok_or("year_up")?,
            minimums,
            first_grade: self.first_grade.get(),
            class_average: self.class_average.get(),
            rewritten: if self.both.get() {
                Rewritten::Both
            } else {
                Rewritten::New
            },
            slip_hours: self.slip_hours.get().trim().parse().map_err(|_| "slip_hours")?,
            owed_days: match self.owed_days.get().trim() {
                "" => None,
                days => Some(days.parse().map_err(|_| "owed_days")?),
            },
            half_years: self.half_years.get(),
            interim: self.interim.get(),
            act_number: self.act_number.get(),
            act_date: day(self.act_date).unwrap_or_default(),
        };
        Ok(terms.tidy())
    }

    /// Something to show an example by, also while the act is not typed yet.
    fn example(self) -> Option<Terms> {
        self.terms().ok().filter(|t| {
            let with_act = Terms {
                act_number: "1".to_owned(),
                act_date: t.valid_from,
                ..t.clone()
            };
            with_act.fault(Lang::Ru).is_none()
        })
    }
}

/// The form of a new rule.
#[component]
pub fn RuleForm(
    /// What holds so far.
    rules: Rules,
    /// The rule has been added.
    done: Callback<()>,
    /// Nothing is to be added.
    leave: Callback<()>,
) -> impl IntoView {
    let lang = kit::lang();
    let (today, seen) = (rules.today, rules.last());
    // a new rule begins as what holds now; from the year's first day if it is the first one, else from today
    let start = if rules.rules.is_empty() {
        rules.year_from.unwrap_or(today)
    } else {
        today
    };
    let now = in_force(&rules.rules, 5, today).or(rules.rules.first());
    let first = now.map_or_else(|| Terms::usual(start), |r| r.terms.clone());
    let fields = Fields::of(
        &Terms {
            valid_from: start,
            ..first
        },
        lang,
    );
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<AppError>));
    // one act however often the button is pressed and the answer lost; another one once something is changed
    let op = StoredValue::new(None::<(Uuid, Terms)>);
    // what belongs to a field is said beside it
    let whole = Signal::derive(move || {
        error.get().filter(
            |e| !matches!(e, AppError::Invalid { fields } if fields.iter().all(|f| !f.field.is_empty())),
        )
    });
    let backward = move || fields.from.get().parse::<NaiveDate>().is_ok_and(|d| d < today);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let terms = match untrack(move || fields.terms()) {
            Ok(terms) => terms,
            Err(field) => {
                error.set(Some(AppError::invalid(field, unreadable(field, lang))));
                return;
            }
        };
        if let Some((field, words)) = terms.fault(lang) {
            error.set(Some(AppError::invalid(field, words)));
            return;
        }
        let kept = op.get_value().filter(|(_, of)| *of == terms).map(|(id, _)| id);
        let id = kept.unwrap_or_else(new_id);
        op.set_value(Some((id, terms.clone())));
        let reason = Some(fields.reason.get_untracked()).filter(|r| !r.trim().is_empty());
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = api::add_rule(id, seen, terms, reason).await;
            busy.set(false);
            match answer {
                Ok(_) => done.run(()),
                Err(e) => error.set(Some(e)),
            }
        });
    };
    view! {
        <form class="card stack gr-form" on:submit=save aria-labelledby="gr-new" novalidate>
            <h2 id="gr-new">{t::grading_new(lang)}</h2>
            <div class="field-row">
                <div class="field">
                    <label for="gr-from">{t::grading_from(lang)}</label>
                    <input id="gr-from" type="date" required prop:value=fields.from on:input=move |e| fields.from.set(event_target_value(&e))
                        aria-describedby="gr-from-hint gr-from-err"/>
                    <p class="field-hint" id="gr-from-hint">{t::grading_from_hint(lang)}</p>
                    <kit::FieldErrorText error=error field="valid_from" id="gr-from-err"/>
                </div>
                {grade(t::grading_grade_from(lang), "gr-grade-from", fields.grade_from)}
                {grade(t::grading_grade_to(lang), "gr-grade-to", fields.grade_to)}
            </div>
            <kit::FieldErrorText error=error field="grades" id="gr-grades-err"/>
            <Show when=backward>
                <div class="field">
                    <label for="gr-reason">{t::grading_reason_label(lang)}</label>
                    <textarea id="gr-reason" rows="2" maxlength="500" prop:value=fields.reason aria-describedby="gr-reason-hint gr-reason-err"
                        on:input=move |e| fields.reason.set(event_target_value(&e))></textarea>
                    <p class="field-hint" id="gr-reason-hint">{t::grading_reason_hint(lang)}</p>
                    <kit::FieldErrorText error=error field="reason" id="gr-reason-err"/>
                </div>
            </Show>
            <fieldset class="gr-group"><legend>{t::grading_average(lang)}</legend>
                <div class="segmented">
                    {choice("gr-average", t::grading_by_weights(lang), fields.weighted, true)}
                    {choice("gr-average", t::grading_plain(lang), fields.weighted, false)}
                </div>
            </fieldset>
            <div class="field-row">
                {figure(t::grading_five_from(lang), "gr-five", fields.five)}
                {figure(t::grading_four_from(lang), "gr-four", fields.four)}
                {figure(t::grading_three_from(lang), "gr-three", fields.three)}
                {figure(t::grading_year_up_label(lang), "gr-year-up", fields.year_up)}
            </div>
            <p class="field-hint">{t::grading_borders_of_five(lang)}</p>
            <kit::FieldErrorText error=error field="thresholds" id="gr-thresholds-err"/>
            <kit::FieldErrorText error=error field="year_up" id="gr-year-up-err"/>
            {minimums(fields.minimums, lang)}
            <kit::FieldErrorText error=error field="minimums" id="gr-minimums-err"/>
            {check(t::grading_first_grade_label(lang), fields.first_grade)}
            {check(t::grading_half_years_label(lang), fields.half_years)}
            {interim(fields.interim, lang)}
            {check(t::grading_class_average_label(lang), fields.class_average)}
            {check(t::grading_rewritten_label(lang), fields.both)}
            {days_or_hours("gr-slip", t::grading_slip_hours_label(lang), t::grading_slip_hours_hint(lang), fields.slip_hours)}
            <kit::FieldErrorText error=error field="slip_hours" id="gr-slip-err"/>
            {days_or_hours("gr-owed", t::owed_days_label(lang), t::owed_days_hint(lang), fields.owed_days)}
            <kit::FieldErrorText error=error field="owed_days" id="gr-owed-err"/>
            <div class="field-row">
                <div class="field">
                    <label for="gr-act">{t::grading_act_number(lang)}</label>
                    <input id="gr-act" maxlength="60" prop:value=fields.act_number aria-describedby="gr-act-hint gr-act-err"
                        on:input=move |e| fields.act_number.set(event_target_value(&e))/>
                    <p class="field-hint" id="gr-act-hint">{t::grading_act_hint(lang)}</p>
                    <kit::FieldErrorText error=error field="act" id="gr-act-err"/>
                </div>
                <div class="field">
                    <label for="gr-act-date">{t::grading_act_date(lang)}</label>
                    <input id="gr-act-date" type="date" prop:value=fields.act_date on:input=move |e| fields.act_date.set(event_target_value(&e))/>
                </div>
            </div>
            {example(fields, lang)}
            <kit::ErrorBanner error=whole/>
            <div class="cluster">
                <button class="btn btn-primary" type="submit" aria-busy=move || busy.get().to_string()>{t::grading_save(lang)}</button>
                <button class="btn" type="button" on:click=move |_| leave.run(())>{t::grading_cancel(lang)}</button>
            </div>
        </form>
    }
}

/// An id for an act, made where it is typed.
fn new_id() -> Uuid {
    let made = window().crypto().ok().map(|c| c.random_uuid());
    made.and_then(|id| id.parse().ok()).unwrap_or_else(Uuid::nil)
}

fn unreadable(field: &str, lang: Lang) -> &'static str {
    match field {
        "valid_from" => t::grading_unread_date(lang),
        "minimums" => t::grading_unread_minimums(lang),
        _ => t::grading_unread_figure(lang),
    }
}

fn grade(label: &'static str, id: &'static str, to: RwSignal<i16>) -> AnyView {
    let first = to.get_untracked();
    let options = GRADES
        .map(|g| view! { <option value=g.to_string() selected=g == first>{g}</option> })
        .collect_view();
    let change = move |event| {
        if let Ok(n) = event_target_value(&event).parse() {
            to.set(n);
        }
    };
    view! {
        <div class="field"><label for=id>{label}</label><select class="select" id=id on:change=change>{options}</select></div>
    }
    .into_any()
}

fn interim(to: RwSignal<Interim>, lang: Lang) -> AnyView {
    let first = to.get_untracked();
    let options = Interim::ALL
        .map(|i| view! { <option value=i.key() selected=i == first>{explain::interim(i, lang)}</option> })
        .collect_view();
    view! {
        <div class="field"><label for="gr-interim">{t::grading_interim(lang)}</label>
            <select class="select" id="gr-interim" on:change=move |e| to.set(Interim::from_key(&event_target_value(&e)))>{options}</select></div>
    }
    .into_any()
}

fn choice(name: &'static str, label: &'static str, to: RwSignal<bool>, is: bool) -> AnyView {
    let first = to.get_untracked() == is;
    view! { <label><input type="radio" name=name checked=first on:change=move |_| to.set(is)/><span>{label}</span></label> }
        .into_any()
}

fn check(label: &'static str, to: RwSignal<bool>) -> AnyView {
    view! { <label class="check"><input type="checkbox" prop:checked=to on:change=move |e| to.set(event_target_checked(&e))/>" "<span>{label}</span></label> }
        .into_any()
}

fn figure(label: &'static str, id: &'static str, to: RwSignal<String>) -> AnyView {
    view! {
        <div class="field"><label for=id>{label}</label>
            <input id=id inputmode="decimal" maxlength="5" autocomplete="off" prop:value=to on:input=move |e| to.set(event_target_value(&e))/></div>
    }
    .into_any()
}

/// A whole number with its explanation; its error stands under `{id}-err`.
fn days_or_hours(id: &'static str, label: &'static str, hint: &'static str, to: RwSignal<String>) -> AnyView {
    let (under, described) = (format!("{id}-hint"), format!("{id}-hint {id}-err"));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id class="input gr-figure" inputmode="numeric" maxlength="3" autocomplete="off" prop:value=to
                aria-describedby=described on:input=move |e| to.set(event_target_value(&e))/>
            <p class="field-hint" id=under>{hint}</p>
        </div>
    }
    .into_any()
}

fn minimums(lines: RwSignal<Vec<Line>>, lang: Lang) -> AnyView {
    let add = move |_| {
        lines.update(|l| {
            let key = l.iter().map(|line| line.0).max().map_or(0, |k| k + 1);
            l.push((key, RwSignal::new(String::new()), RwSignal::new(String::new())));
        });
    };
    let line = move |(key, hours, marks): Line| {
        let remove = move |_| lines.update(|l| l.retain(|line| line.0 != key));
        view! {
            <li class="gr-minimum">
                <label>{t::grading_minimum_hours(lang)}" "
                    <input class="input gr-figure" inputmode="decimal" maxlength="5" prop:value=hours on:input=move |e| hours.set(event_target_value(&e))/></label>
                <label>{t::grading_minimum_marks(lang)}" "
                    <input class="input gr-figure" inputmode="numeric" maxlength="2" prop:value=marks on:input=move |e| marks.set(event_target_value(&e))/></label>
                <button class="btn btn-icon btn-quiet" type="button" aria-label=move || t::grading_minimum_remove(lang, hours.get())
                    on:click=remove><kit::Icon name="cross"/></button>
            </li>
        }
    };
    view! {
        <fieldset class="gr-group"><legend>{t::grading_minimum(lang)}</legend>
            <ul class="stack stack-s"><For each=move || lines.get() key=|l| l.0 let:item>{line(item)}</For></ul>
            <button class="btn btn-small btn-quiet" type="button" disabled=move || lines.with(|l| l.len() >= MINIMUMS) on:click=add>
                <kit::Icon name="plus"/>{t::grading_minimum_add(lang)}</button>
        </fieldset>
    }
    .into_any()
}

/// Marks of an example: «5 4 3×2»; what is no mark is left out.
fn read_marks(text: &str) -> Vec<(Option<Hundredths>, Hundredths)> {
    let one = |word: &str| {
        let (mark, weight) = word.split_once(['×', '*', 'x', 'х']).unwrap_or((word, "1"));
        let value = Hundredths::parse(mark).filter(|v| (100..=500).contains(&v.0))?;
        Some((Some(value), Hundredths::parse(weight)?))
    };
    text.split_whitespace().filter_map(one).collect()
}

fn example(fields: Fields, lang: Lang) -> AnyView {
    let marks = RwSignal::new("5 4 4×2 3×3 5".to_owned());
    let scale: Vec<ScaleItem> = [5, 4, 3, 2]
        .into_iter()
        .map(|n| ScaleItem::usual(&n.to_string(), Some(Hundredths::whole(n)), Hundredths::whole(5)))
        .collect();
    let said = move || {
        let lines = match fields.example() {
            Some(terms) => {
                let made = propose(&read_marks(&marks.get()), &terms, Hundredths::whole(2), &scale);
                explain::proposal(&made, &terms, lang)
            }
            None => vec![t::grading_example_unread(lang).to_owned()],
        };
        lines.into_iter().map(|l| view! { <p>{l}</p> }).collect_view()
    };
    view! {
        <section class="gr-example stack stack-s" aria-labelledby="gr-example">
            <h3 id="gr-example">{t::grading_example(lang)}</h3>
            <div class="field">
                <label for="gr-marks">{t::grading_example_marks(lang)}</label>
                <input id="gr-marks" maxlength="120" autocomplete="off" prop:value=marks aria-describedby="gr-marks-hint" on:input=move |e| marks.set(event_target_value(&e))/>
                <p class="field-hint" id="gr-marks-hint">{t::grading_example_hint(lang)}</p>
            </div>
            <div role="status">{said}</div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_read_as_a_teacher_writes_it() {
        let m = |v: i64, w: i64| (Some(Hundredths::whole(v)), Hundredths::whole(w));
        assert_eq!(
            read_marks(" 5 4х2  3×3 2*10 4x2"),
            [m(5, 1), m(4, 2), m(3, 3), m(2, 10), m(4, 2)]
        );
        assert_eq!(read_marks("6 н 5× ×3 -4 0"), []);
    }
}
