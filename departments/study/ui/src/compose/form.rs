//! What is asked for: what stays, what is wished, and how long to search.

use base::ClassId;
use leptos::prelude::*;
use study_core::compose::{Keep, LONGEST, SECONDS, SHORTEST, Wishes, wishes};

use super::collide::Contradictions;
use super::dialog::Watch;
use super::left_out::LeftOut;
use super::outcome;
use super::wishes::Fold;
use crate::t;

/// What stays where it is, as it is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Locked cards.
    Locked,
    /// Everything placed.
    Placed,
    /// Days and classes.
    Some,
}

/// The form.
#[component]
pub(super) fn Form(watch: Watch, saved: Signal<bool>, close: Callback<()>) -> impl IntoView {
    let lang = watch.lang;
    let data = watch.data.get_value();
    let what = RwSignal::new(What::Locked);
    let days = RwSignal::new(Vec::<i16>::new());
    let classes = RwSignal::new(Vec::<ClassId>::new());
    let seconds = RwSignal::new(SECONDS[1]);
    let own_seconds = RwSignal::new(false);
    let school = StoredValue::new(wishes::of_school(&data));
    let wished = RwSignal::new(school.get_value());
    let here = RwSignal::new(false);
    let chosen_nothing =
        move || what.get() == What::Some && days.with(Vec::is_empty) && classes.with(Vec::is_empty);
    let keep = Signal::derive(move || match what.get() {
        What::Locked => Keep::default(),
        What::Placed => Keep {
            placed: true,
            ..Keep::default()
        },
        What::Some => Keep {
            placed: false,
            days: days.get(),
            classes: classes.get(),
        },
    });
    let other =
        Memo::new(move |_| wished.with(|wished| school.with_value(|school| Wishes::chosen(wished, school))));
    let question = Signal::derive(move || (keep.get(), other.get()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (keep, wishes) = question.get_untracked();
        if here.get_untracked() {
            watch.begin_here(keep, wishes, seconds.get_untracked());
        } else {
            watch.begin(keep, wishes, seconds.get_untracked());
        }
    };
    let choices = [
        (
            What::Locked,
            t::compose_keep_locked(lang),
            t::compose_keep_locked_hint(lang),
        ),
        (
            What::Placed,
            t::compose_keep_placed(lang),
            t::compose_keep_placed_hint(lang),
        ),
        (
            What::Some,
            t::compose_keep_some(lang),
            t::compose_keep_some_hint(lang),
        ),
    ];
    let names = [
        t::compose_seconds_short(lang),
        t::compose_seconds_minute(lang),
        t::compose_seconds_long(lang),
    ];
    let day_names: Vec<(i16, String)> = (0i16..).zip(data.days.iter().cloned()).collect();
    let class_names: Vec<(ClassId, String)> = data.classes.iter().map(|c| (c.id, c.name.clone())).collect();
    view! {
        <form class="stack" on:submit=send>
            <p>{t::compose_intro(lang)}</p>
            <p class="small">{t::compose_wishes(lang)}" "<a href="/timetable/requirements?part=school">{t::requirement_link(lang)}</a></p>
            {move || watch.run.with(|run| run.as_ref().filter(|run| run.state.is_over()).map(|run| view! {
                <p class="small">{t::compose_last(lang)}" "{outcome::words(lang, run)}" "
                    <button class="btn btn-quiet btn-small" type="button" on:click=move |_| watch.back()>{t::compose_last_show(lang)}</button></p>
            }))}
            <Contradictions watch question/>
            <LeftOut watch/>
            <kit::ErrorBanner error=watch.error/>
            <fieldset class="field">
                <legend>{t::compose_keep(lang)}</legend>
                <div class="stack stack-s">
                    {choices.into_iter().map(|(choice, name, hint)| view! {
                        <label class="check">
                            <input type="radio" name="tt-compose-keep" prop:checked=move || what.get() == choice
                                on:change=move |_| what.set(choice)/>
                            <span>{name}<small>{hint}</small></span>
                        </label>
                    }).collect_view()}
                </div>
            </fieldset>
            {move || (what.get() == What::Some).then(|| view! {
                <fieldset class="field">
                    <legend>{t::compose_days(lang)}</legend>
                    <div class="cluster">{day_names.clone().into_iter().map(|(day, name)| check(days, day, name)).collect_view()}</div>
                </fieldset>
                <fieldset class="field">
                    <legend>{t::compose_classes(lang)}</legend>
                    <div class="cluster">{class_names.clone().into_iter().map(|(class, name)| check(classes, class, name)).collect_view()}</div>
                </fieldset>
            })}
            <fieldset class="field">
                <legend>{t::compose_seconds(lang)}</legend>
                <div class="segmented">
                    {SECONDS.into_iter().zip(names).map(|(n, name)| view! {
                        <label>
                            <input type="radio" name="tt-compose-seconds" prop:checked=move || !own_seconds.get() && seconds.get() == n
                                on:change=move |_| { own_seconds.set(false); seconds.set(n); }/>
                            <span>{name}</span>
                        </label>
                    }).collect_view()}
                    <label>
                        <input type="radio" name="tt-compose-seconds" prop:checked=own_seconds on:change=move |_| own_seconds.set(true)/>
                        <span>{t::compose_seconds_own(lang)}</span>
                    </label>
                </div>
                {move || own_seconds.get().then(|| view! {
                    <label class="tt-wish"><span>{t::compose_seconds_field(lang)}</span>
                        <input class="tt-wish-figure" type="number" inputmode="numeric" required min=SHORTEST max=LONGEST step="1"
                            prop:value=seconds.get_untracked() on:input=move |e| {
                                if let Ok(n) = event_target_value(&e).parse() { seconds.set(n); }
                            }/></label>
                })}
                <p class="field-hint">{t::compose_seconds_hint(lang)}</p>
            </fieldset>
            <Fold lang school=school.get_value() wished other/>
            <fieldset class="field">
                <legend>{t::compose_where(lang)}</legend>
                <div class="segmented">
                    {[(false, t::compose_where_server(lang)), (true, t::compose_where_here(lang))].into_iter().map(|(is, name)| view! {
                        <label>
                            <input type="radio" name="tt-compose-where" prop:checked=move || here.get() == is
                                on:change=move |_| {
                                    here.set(is);
                                    if is { watch.warm() } else { watch.cool() }
                                }/>
                            <span>{name}</span>
                        </label>
                    }).collect_view()}
                </div>
                <p class="field-hint">{move || if here.get() { t::compose_where_here_hint(lang) } else { t::compose_where_server_hint(lang) }}
                    {move || here.get().then(|| cores(lang, watch.cores.get()))}</p>
            </fieldset>
            {move || (!saved.get() && !here.get()).then(|| view! { <p class="small muted" role="status">{t::compose_unsaved(lang)}</p> })}
            <div class="dialog-actions">
                <button class="btn" type="button" on:click=move |_| close.run(())>{t::action_cancel(lang)}</button>
                <button class="btn btn-primary" type="submit" aria-busy=move || watch.busy.get().to_string()
                    disabled=move || watch.busy.get() || !(saved.get() || here.get()) || chosen_nothing()>{t::compose_start(lang)}</button>
            </div>
        </form>
    }
}

/// How many cores of this device search, as soon as they are ready to.
pub(super) fn cores(lang: base::Lang, cores: Option<usize>) -> String {
    let ready = cores.and_then(|n| i64::try_from(n).ok());
    let words = ready.map_or_else(
        || t::compose_here_warming(lang).to_owned(),
        |n| t::compose_here_cores(lang, n),
    );
    format!(" {words}")
}

/// One of several that may be chosen.
fn check<T: Copy + PartialEq + Send + Sync + 'static>(
    chosen: RwSignal<Vec<T>>,
    it: T,
    name: String,
) -> impl IntoView {
    let toggle = move |event| {
        let on = event_target_checked(&event);
        chosen.update(|list| {
            list.retain(|other| *other != it);
            if on {
                list.push(it);
            }
        });
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || chosen.with(|list| list.contains(&it)) on:change=toggle/>
            <span>{name}</span>
        </label>
    }
}
