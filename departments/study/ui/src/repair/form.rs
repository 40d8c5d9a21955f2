//! What has changed, and what may be moved for it.

use leptos::prelude::*;
use study_core::repair;
use timetable::compose::{Fact, Terms};
use timetable::{ClassIx, Level, RoomIx, TeacherIx, TimeSet};

use super::dialog::Mend;
use crate::t;

/// More cards than these in the tray: whoever makes a timetable from nothing is not repairing one.
const A_FEW: usize = 40;

/// Kinds of facts, as they are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Teacher,
    FreeDay,
    Room,
    Class,
    Load,
}

const KINDS: [What; 5] = [What::Teacher, What::FreeDay, What::Room, What::Class, What::Load];

/// The fact that is being said.
#[derive(Clone, Copy)]
struct Said {
    mend: Mend,
    what: RwSignal<What>,
    who: RwSignal<Option<u32>>,
    days: RwSignal<Vec<u16>>,
    from: RwSignal<u16>,
    to: RwSignal<u16>,
}

impl Said {
    /// The fact, once it is said whole.
    fn fact(self) -> Option<Fact> {
        let who = self.who.get()?;
        if self.what.get() == What::Load {
            return None;
        }
        let (days, from, to) = (self.days.get(), self.from.get(), self.to.get());
        let mut times = TimeSet::new();
        for day in days {
            for slot in from..=to {
                times.insert(day, slot);
            }
        }
        if self.what.get() == What::FreeDay {
            return Some(Fact::FreeDay(TeacherIx(who)));
        }
        if times.is_empty() {
            return None;
        }
        Some(match self.what.get() {
            What::Room => Fact::Room(RoomIx(who), times),
            What::Class => Fact::Class(ClassIx(who), times),
            What::Teacher | What::FreeDay | What::Load => Fact::Teacher(TeacherIx(who), times),
        })
    }

    /// Something is chosen, and no fact comes of it: without saying so the search would pass it over.
    fn is_half(self) -> bool {
        self.what.get() != What::Load
            && self.fact().is_none()
            && (self.who.with(Option::is_some) || self.days.with(|days| !days.is_empty()))
    }

    /// Puts it to those said already.
    fn add(self) {
        if let Some(fact) = untrack(|| self.fact()) {
            self.mend.facts.update(|all| {
                if !all.contains(&fact) {
                    all.push(fact);
                }
            });
            self.who.set(None);
            self.days.set(vec![]);
        }
    }
}

/// The form.
#[component]
pub(super) fn Form(mend: Mend, close: Callback<()>) -> impl IntoView {
    let lang = mend.lang;
    let last = mend
        .data
        .with_value(|d| u16::try_from(d.slots.len()).unwrap_or(1).saturating_sub(1));
    let said = Said {
        mend,
        what: RwSignal::new(What::Teacher),
        who: RwSignal::new(None),
        days: RwSignal::new(vec![]),
        from: RwSignal::new(0),
        to: RwSignal::new(last),
    };
    let spec = mend.spec.run(());
    let waiting = spec.cards.iter().filter(|card| card.placement.is_none()).count();
    let clashes = timetable::Board::new(spec).map_or(0, |board| {
        let all = board.conflicts();
        all.iter().filter(|p| p.level == Level::Clash).count()
    });
    // who comes back to change something finds it as it was chosen
    if mend.mended.with_untracked(Option::is_none) {
        mend.terms
            .update_untracked(|terms| terms.tray = (1..=A_FEW).contains(&waiting));
    }
    // without a fact there is still something to do, where something clashes or waits
    let nothing = move || {
        let tray = mend.terms.get().tray && waiting > 0;
        mend.facts.with(Vec::is_empty) && said.fact().is_none() && clashes == 0 && !tray
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| said.is_half()) {
            mend.error.set(Some(t::repair_half(lang)));
            return;
        }
        said.add();
        mend.begin(false);
    };
    let only_tray = move || {
        mend.facts.with(Vec::is_empty)
            && said.fact().is_none()
            && clashes == 0
            && mend.terms.get().tray
            && waiting > 0
    };
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    view! {
        <form class="stack" on:submit=send>
            <p>{t::repair_intro(lang)}</p>
            {move || mend.error.get().map(|words| view! { <div class="banner banner-error" role="alert"><p>{words}</p></div> })}
            <Facts mend/>
            <Saying said/>
            {(clashes > 0).then(|| view! { <p class="small">{t::repair_clashes_too(lang, n(clashes))}</p> })}
            {(waiting > 0).then(|| view! {
                <label class="check">
                    <input type="checkbox" prop:checked=move || mend.terms.get().tray
                        on:change=move |e| mend.terms.update(|terms| terms.tray = event_target_checked(&e))/>
                    <span>{t::repair_tray(lang, n(waiting))}</span>
                </label>
            })}
            <Dearness terms=mend.terms lang/>
            {move || only_tray().then(|| view! { <p class="small">{t::repair_only_tray(lang)}</p> })}
            <div class="dialog-actions">
                <button class="btn" type="button" on:click=move |_| close.run(())>{t::action_cancel(lang)}</button>
                <button class="btn btn-primary" type="submit" disabled=nothing>{t::repair_start(lang)}</button>
            </div>
        </form>
    }
}

/// What was said already.
#[component]
fn Facts(mend: Mend) -> impl IntoView {
    let lang = mend.lang;
    let line = move |(at, fact): (usize, &Fact)| {
        let words = mend.data.with_value(|d| repair::fact(lang, d, fact));
        let forget = move |_| {
            mend.facts.update(|all| {
                if at < all.len() {
                    all.remove(at);
                }
            });
        };
        view! {
            <li><span>{words.clone()}</span>
                <button class="btn btn-icon btn-quiet btn-small" type="button" aria-label=t::repair_forget(lang, words) on:click=forget><kit::Icon name="cross"/></button>
            </li>
        }
    };
    move || {
        mend.facts.with(|all| {
            (!all.is_empty()).then(|| {
                view! {
                    <ul class="tt-facts" aria-label=t::repair_facts(lang)>{all.iter().enumerate().map(line).collect_view()}</ul>
                }
            })
        })
    }
}

/// One fact: who, and when.
#[component]
fn Saying(said: Said) -> impl IntoView {
    let lang = said.mend.lang;
    let names = [
        t::repair_what_teacher(lang),
        t::repair_what_free_day(lang),
        t::repair_what_room(lang),
        t::repair_what_class(lang),
        t::repair_what_load(lang),
    ];
    let data = said.mend.data.get_value();
    // which of two weeks a free day lies in is not for us to guess; a school may have no rooms
    let known = [
        !data.teachers.is_empty(),
        !data.teachers.is_empty() && data.version.cycle_weeks <= 1,
        !data.rooms.is_empty(),
        true,
        !data.loads.is_empty(),
    ];
    let kinds = KINDS
        .into_iter()
        .zip(names)
        .zip(known)
        .enumerate()
        .filter(|(_, (_, known))| *known);
    let kinds = kinds.map(|(n, ((what, name), _))| {
        view! { <option value=n.to_string() selected=move || said.what.get() == what>{name}</option> }
    });
    let kinds = kinds.collect_view();
    let choose = move |event| {
        let n: usize = event_target_value(&event).parse().unwrap_or(0);
        said.what.set(KINDS.get(n).copied().unwrap_or(What::Teacher));
        said.who.set(None);
    };
    let whom = move || {
        let data = said.mend.data.get_value();
        let names: Vec<String> = match said.what.get() {
            What::Room => data.rooms.iter().map(|r| r.name.clone()).collect(),
            What::Class => data.classes.iter().map(|c| c.name.clone()).collect(),
            What::Teacher | What::FreeDay => data.teachers.iter().map(|t| t.name.clone()).collect(),
            What::Load => loads(&data),
        };
        let options = names.into_iter().enumerate().map(move |(n, name)| {
            let selected = move || said.who.get().map(|n| n.to_string()) == Some(n.to_string());
            view! { <option value=n.to_string() selected=selected>{name}</option> }
        });
        view! {
            <option value="" selected=move || said.who.get().is_none()>{t::repair_choose(lang)}</option>
            {options.collect_view()}
        }
    };
    view! {
        <fieldset class="field tt-saying">
            <legend>{t::repair_what(lang)}</legend>
            <div class="stack stack-s">
                <div class="field-row">
                    <div class="field"><label for="tt-repair-what">{t::repair_kind(lang)}</label>
                        <select class="select" id="tt-repair-what" on:change=choose>{kinds}</select></div>
                    <div class="field"><label for="tt-repair-who">{t::repair_who(lang)}</label>
                        <select class="select" id="tt-repair-who" on:change=move |e| said.who.set(event_target_value(&e).parse().ok())>{whom}</select></div>
                </div>
                {move || match said.what.get() {
                    What::FreeDay => view! { <p class="field-hint">{t::repair_free_day_hint(lang)}</p> }.into_any(),
                    What::Load => super::load::draw(said.mend, said.who),
                    _ => when(said),
                }}
                {move || (said.what.get() != What::Load).then(|| view! {
                    <div><button class="btn btn-small" type="button" disabled=move || said.fact().is_none() on:click=move |_| said.add()>{t::repair_add(lang)}</button></div>
                })}
            </div>
        </fieldset>
    }
}

/// «Алгебра, 7А — Волкова Е. А.», in the order of the loads.
fn loads(data: &study_core::timetable::BoardData) -> Vec<String> {
    let names = |row: &study_core::timetable::LoadRow| {
        let subject = data
            .subjects
            .get(row.subject.ix())
            .map_or("—", |s| s.name.as_str());
        let card = data.cards.iter().position(|c| {
            data.loads
                .get(usize::try_from(c.load).unwrap_or(usize::MAX))
                .is_some_and(|l| l.id == row.id)
        });
        let of = card.map(timetable::CardIx::at);
        let audience = of.map(|card| data.audience_of(card)).unwrap_or_default();
        let teachers = of.map(|card| data.teachers_of(card)).unwrap_or_default();
        [subject.to_owned(), audience, teachers]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    };
    data.loads.iter().map(names).collect()
}

/// Days and lessons.
fn when(said: Said) -> AnyView {
    let lang = said.mend.lang;
    let data = said.mend.data.get_value();
    let day = |(n, name): (u16, &String)| {
        let toggle = move |event| {
            let on = event_target_checked(&event);
            said.days.update(|days| {
                days.retain(|d| *d != n);
                if on {
                    days.push(n);
                    days.sort_unstable();
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || said.days.with(|days| days.contains(&n)) on:change=toggle/>
                <span>{name.clone()}</span>
            </label>
        }
    };
    let slots = |end: RwSignal<u16>| {
        let option = move |(n, name): (u16, &String)| {
            view! { <option value=n.to_string() selected=move || end.get() == n>{name.clone()}</option> }
        };
        (0u16..).zip(&data.slots).map(option).collect_view()
    };
    // the last is never before the first
    let set_from = move |event| {
        let n = event_target_value(&event).parse().unwrap_or(0);
        said.from.set(n);
        said.to.update(|to| *to = n.max(*to));
    };
    let set_to = move |event| {
        let n = event_target_value(&event).parse().unwrap_or(0);
        said.to.set(n);
        said.from.update(|from| *from = n.min(*from));
    };
    view! {
        <fieldset class="field"><legend>{t::repair_days(lang)}</legend>
            <div class="cluster">{(0u16..).zip(&data.days).map(day).collect_view()}</div></fieldset>
        <div class="field-row">
            <div class="field"><label for="tt-repair-from">{t::repair_from(lang)}</label>
                <select class="select" id="tt-repair-from" on:change=set_from>{slots(said.from)}</select></div>
            <div class="field"><label for="tt-repair-to">{t::repair_to(lang)}</label>
                <select class="select" id="tt-repair-to" on:change=set_to>{slots(said.to)}</select></div>
        </div>
    }
    .into_any()
}

/// How dear a move is, in words.
#[component]
fn Dearness(terms: RwSignal<Terms>, lang: base::Lang) -> impl IntoView {
    let choices = [
        (false, t::repair_few(lang), t::repair_few_hint(lang)),
        (true, t::repair_gladly(lang), t::repair_gladly_hint(lang)),
    ];
    view! {
        <fieldset class="field">
            <legend>{t::repair_dear(lang)}</legend>
            <div class="stack stack-s">
                {choices.into_iter().map(|(gladly, name, hint)| view! {
                    <label class="check">
                        <input type="radio" name="tt-repair-dear" prop:checked=move || terms.get().gladly == gladly
                            on:change=move |_| terms.update(|terms| terms.gladly = gladly)/>
                        <span>{name}<small>{hint}</small></span>
                    </label>
                }).collect_view()}
            </div>
        </fieldset>
    }
}
