//! One kind of requirement for somebody: a form for each of its rows, by their dates, and an empty one where there is none.

use base::RoomId;
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use study_core::requirement::facts::Asked;
use study_core::requirement::kind::{About, Figure};
use study_core::requirement::{Kind, Requirement, Target, Terms, Weight, words};

use super::desk::{Desk, Subject};
use super::norms::grades;
use super::{figure, rooms};
use crate::t;

/// A form: what is chosen.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub desk: Desk,
    pub kind: Kind,
    target: Target,
    before: StoredValue<Option<Requirement>>,
    /// As it was.
    first: StoredValue<Terms>,
    pub value: RwSignal<Option<i32>>,
    pub room_kind: RwSignal<Option<String>>,
    pub rooms: RwSignal<Vec<RoomId>>,
    weight: RwSignal<Weight>,
    from: RwSignal<Option<NaiveDate>>,
    to: RwSignal<Option<NaiveDate>>,
}

impl Form {
    /// As it was filled in before it was drawn anew, else as it is saved.
    fn new(desk: Desk, first: Terms, before: Option<Requirement>) -> Self {
        let id = before.as_ref().map(|r| r.id);
        let now = desk.filled_in(id, first.kind, first.target);
        let now = now.unwrap_or_else(|| first.clone());
        let this = Self {
            desk,
            kind: first.kind,
            target: first.target,
            before: StoredValue::new(before),
            value: RwSignal::new(now.value),
            room_kind: RwSignal::new(now.room_kind),
            rooms: RwSignal::new(now.rooms),
            weight: RwSignal::new(now.weight),
            from: RwSignal::new(now.valid_from),
            to: RwSignal::new(now.valid_to),
            first: StoredValue::new(first),
        };
        Effect::new(move || {
            let terms = this.terms();
            let filled = this.first.with_value(|first| *first != terms).then_some(terms);
            desk.fill_in(id, this.kind, this.target, filled);
        });
        this
    }

    fn terms(self) -> Terms {
        Terms {
            kind: self.kind,
            target: self.target,
            value: self.value.get(),
            room_kind: self.room_kind.get(),
            rooms: self.rooms.get(),
            weight: self.weight.get(),
            valid_from: self.from.get(),
            valid_to: self.to.get(),
        }
    }

    /// Saving it would change something. Where a row without a figure is a thing in itself (of two loads, a mark of a subject), the
    /// usual weight is something new.
    fn is_changed(self) -> bool {
        let is_new = self.before.with_value(Option::is_none);
        let is_mark = matches!(
            self.kind,
            Kind::MuchHomework | Kind::Extracurricular | Kind::EndsDay | Kind::SameRoom
        );
        let by_itself = self.kind.about() == About::Pair || is_mark;
        is_new && by_itself || self.first.with_value(|first| *first != self.terms())
    }

    /// Everything that is needed is chosen.
    fn is_whole(self) -> bool {
        match self.kind.figure() {
            Figure::None | Figure::LawLess | Figure::LawMore => true,
            Figure::Number(..) | Figure::Weekday => self.value.with(Option::is_some),
            Figure::Rooms => self.room_kind.with(Option::is_some) || self.rooms.with(|r| !r.is_empty()),
        }
    }
}

/// A name for the place of a kind on the page.
fn place_of(kind: Kind, target: Target) -> String {
    let of = match target {
        Target::School => String::new(),
        Target::Teacher(id) => id.to_string(),
        Target::Class(id) => id.to_string(),
        Target::Subject(id) => id.to_string(),
        Target::Load(id) => format!("load-{id}"),
        Target::Lessons(id) => format!("lessons-{id}"),
        Target::Grades(from, to) => format!("{from}-{to}"),
        Target::Pair(one, other) => format!("pair-{one}-{other}"),
    };
    format!("rq-{}-{of}", kind.key())
}

/// The form has been drawn anew after a save: the person goes on where they were.
fn go_back(place: String) {
    set_timeout(
        move || {
            let found = web_sys::window()
                .and_then(|w| w.document())
                .and_then(|d| d.get_element_by_id(&place))
                .and_then(|e| e.query_selector("select").ok().flatten());
            if let Some(found) = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = found.focus();
            }
        },
        std::time::Duration::from_millis(50),
    );
}

/// Draws a kind for somebody. `law`: the figure of the norm, of a norm.
pub(super) fn slot(desk: Desk, kind: Kind, target: Target, law: Option<i32>) -> AnyView {
    let lang = desk.lang;
    let rows = Memo::new(move |_| desk.sheet.with(|s| s.rows_of(kind, target)));
    // a new row beside others that was begun is open again
    let more = RwSignal::new(desk.filled_in(None, kind, target).is_some());
    let place = place_of(kind, target);
    let title = format!("{place}-title");
    let labelled = title.clone();
    let hint = words::hint(lang, kind).map(|hint| view! { <span class="muted small">{hint}</span> });
    let edits = desk.may_edit();
    let usual = move || {
        let value = law.filter(|_| matches!(kind.figure(), Figure::Number(..)));
        Terms::new(kind, target, value)
    };
    let body = if edits {
        let back = place.clone();
        let done = move || {
            more.set(false);
            go_back(back.clone());
        };
        let again = done.clone();
        view! {
            <For each=move || rows.get() key=|r| (r.id, r.revision) let:row>
                {form(Form::new(desk, row.terms.clone(), Some(row)), law, done.clone())}
            </For>
            {move || (rows.with(Vec::is_empty) || more.get()).then(|| form(Form::new(desk, usual(), None), law, again.clone()))}
            {move || (!rows.with(Vec::is_empty) && !more.get()).then(|| view! {
                <button class="btn btn-small btn-quiet rq-more" type="button" on:click=move |_| more.set(true)>{t::requirement_other_dates(lang)}</button>
            })}
            <kit::ErrorBanner error=desk.error_of(Subject::Form(kind, target))/>
        }
        .into_any()
    } else {
        view! { <div>{move || read(desk, rows.get(), &usual())}</div> }.into_any()
    };
    view! {
        <div class="rq-slot" id=place role="group" aria-labelledby=labelled>
            <p class="rq-title" id=title><b>{words::title(lang, kind)}</b> {hint}</p>
            {common(desk, kind, target, rows)}
            {body}
        </div>
    }
    .into_any()
}

/// What holds for somebody who has no row of their own: that of all, or of their grade.
fn common(desk: Desk, kind: Kind, target: Target, rows: Memo<Vec<Requirement>>) -> Option<AnyView> {
    let lang = desk.lang;
    if !kind.of_all() || !matches!(target, Target::Teacher(_) | Target::Class(_)) {
        return None;
    }
    let said = Memo::new(move |_| {
        if !rows.with(Vec::is_empty) {
            return None;
        }
        desk.sheet.with(|sheet| {
            let grade = match target {
                Target::Class(id) => sheet.classes.iter().find(|c| c.id == id).map(|c| c.grade),
                _ => None,
            };
            let now = sheet.rows.iter().filter(|r| r.terms.holds_on(sheet.today));
            let now: Vec<Requirement> = now.cloned().collect();
            let terms = Asked(&now).counting(kind, target, grade)?;
            let figure = words::figure(lang, sheet, kind, terms.value?);
            let words = format!("{figure}, {}", words::weight(lang, terms.weight));
            Some(match (terms.target, target) {
                (Target::Grades(from, to), _) => {
                    t::requirement_for_grades(lang, grades(lang, sheet, (from, to)), words)
                }
                (_, Target::Teacher(_)) => t::requirement_for_all_teachers(lang, words),
                _ => t::requirement_for_all_classes(lang, words),
            })
        })
    });
    let line = move || said.get().map(|said| view! { <p class="small">{said}</p> });
    Some(view! { {line} }.into_any())
}

/// For those who may only read.
fn read(desk: Desk, rows: Vec<Requirement>, usual: &Terms) -> AnyView {
    let lang = desk.lang;
    if rows.is_empty() {
        let weighs = usual.kind.figure() == Figure::None;
        let words = if weighs && matches!(usual.kind.about(), About::School) {
            words::weight(lang, usual.weight)
        } else {
            t::requirement_nothing(lang)
        };
        return view! { <p class="muted">{words}</p> }.into_any();
    }
    let line = |row: &Requirement| {
        let said = desk.sheet.with(|s| words::sentence(lang, s, &row.terms));
        view! { <li>{said}{dates(desk, &row.terms).map(|d| format!(" · {d}"))}</li> }
    };
    view! { <ul>{rows.iter().map(line).collect_view()}</ul> }.into_any()
}

/// «С 1 декабря 2026», «до …», both; `None`: always.
pub(super) fn dates(desk: Desk, terms: &Terms) -> Option<String> {
    let lang = desk.lang;
    let full = |d| kit::date::full(d, lang);
    match (terms.valid_from, terms.valid_to) {
        (Some(from), Some(to)) => Some(t::requirement_from_to(lang, full(from), full(to))),
        (Some(from), None) => Some(t::requirement_from(lang, full(from))),
        (None, Some(to)) => Some(t::requirement_to(lang, full(to))),
        (None, None) => None,
    }
}

fn form(this: Form, law: Option<i32>, done: impl Fn() + Clone + Send + Sync + 'static) -> AnyView {
    let lang = this.desk.lang;
    let control = match this.kind.figure() {
        Figure::None => None,
        Figure::Rooms => Some(rooms::control(this)),
        _ => Some(figure::control(this, law)),
    };
    let save_done = done.clone();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let terms = untrack(move || this.terms());
        let before = this.before.get_value();
        this.desk.save(before.as_ref(), terms, save_done.clone());
    };
    let saved = this.before.with_value(Option::is_some);
    let remove = move |_| {
        if let Some(row) = this.before.get_value() {
            this.desk.remove(&row, done.clone());
        }
    };
    let weighs = matches!(this.kind.about(), About::School) && this.kind.figure() == Figure::None;
    let usual = weighs || matches!(this.kind.about(), About::Norm);
    let taken_back = if usual {
        t::requirement_as_usual(lang)
    } else {
        t::requirement_remove(lang)
    };
    let label = format!("{}: {}", taken_back, words::title(lang, this.kind));
    view! {
        <form class="rq-form" on:submit=save>
            {control}
            {weight(this)}
            {term(this)}
            <span class="rq-actions">
                <button class="btn btn-small btn-primary" type="submit" disabled=move || !this.is_changed() || !this.is_whole() || this.desk.busy.get()
                    >{t::requirement_save(lang)}</button>
                {saved.then(|| view! {
                    <button class="btn btn-small btn-quiet" type="button" aria-label=label disabled=move || this.desk.busy.get() on:click=remove>{taken_back}</button>
                })}
            </span>
        </form>
    }
    .into_any()
}

/// The choice of a weight, where there is one.
fn weight(this: Form) -> Option<AnyView> {
    let lang = this.desk.lang;
    let all: Vec<Weight> = this.kind.weights().collect();
    if all.len() < 2 {
        return None;
    }
    let first = this.weight.get_untracked();
    let options = all.into_iter().map(|w| {
        view! { <option value=w.key() selected=w == first>{words::weight(lang, w)}</option> }
    });
    let change = move |event| {
        if let Some(weight) = Weight::from_key(&event_target_value(&event)) {
            this.weight.set(weight);
        }
    };
    Some(
        view! {
            <label class="rq-field"><span class="small muted">{t::requirement_weight(lang)}</span>
                <select class="select" on:change=change>{options.collect_view()}</select></label>
        }
        .into_any(),
    )
}

/// From when to when.
fn term(this: Form) -> AnyView {
    let lang = this.desk.lang;
    let now = move || {
        let terms = Terms {
            valid_from: this.from.get(),
            valid_to: this.to.get(),
            ..Terms::new(this.kind, this.target, None)
        };
        dates(this.desk, &terms).unwrap_or_else(|| t::requirement_always(lang).to_owned())
    };
    let open = this.from.with_untracked(Option::is_some) || this.to.with_untracked(Option::is_some);
    let field = |label: &'static str, signal: RwSignal<Option<NaiveDate>>| {
        let shown = move || signal.get().map(|d| d.to_string()).unwrap_or_default();
        view! {
            <label class="rq-field"><span class="small muted">{label}</span>
                <input class="input" type="date" prop:value=shown
                    on:change=move |event| signal.set(event_target_value(&event).parse().ok())/></label>
        }
    };
    view! {
        <details class="rq-term" open=open>
            <summary class="small">{now}</summary>
            <div class="cluster">{field(t::requirement_valid_from(lang), this.from)}{field(t::requirement_valid_to(lang), this.to)}</div>
        </details>
    }
    .into_any()
}
