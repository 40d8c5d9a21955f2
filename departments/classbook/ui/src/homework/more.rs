//! What stands beside a lesson's homework, loaded when its sheet opens and again when something of it was saved.

use base::{AppError, LessonId, PupilId};
use classbook_core::homework::Desk;
use classbook_core::journal::cell::Change;
use classbook_core::journal::sheet::State;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::files::Files;
use super::individual::Individuals;
use crate::t;

/// Homework for some pupils goes through the journal's queue, also without a network.
#[derive(Clone, Copy)]
pub(crate) struct ForSome {
    /// Takes one: what it is to be, and the version that was seen.
    pub give: Callback<(Change, i32)>,
    /// What the server has not taken yet.
    pub unsent: Signal<Vec<(Change, State)>>,
    /// This person may give it; what the page knew when it came.
    pub may: bool,
    /// Who was taught in this lesson, by name; the same.
    pub pupils: StoredValue<Vec<(PupilId, String)>>,
}

/// The desk of one lesson.
#[derive(Clone, Copy)]
pub(crate) struct Beside {
    /// Of which lesson.
    pub lesson: LessonId,
    /// As it was loaded last; nothing before, and without a network.
    pub desk: RwSignal<Option<Desk>>,
    /// Why there is none.
    pub error: RwSignal<Option<AppError>>,
    /// How homework for some pupils goes.
    pub some: ForSome,
}

impl Beside {
    /// Of a lesson; loads in the browser, and again whenever `saved` counts on.
    pub fn new(lesson: LessonId, saved: impl Fn() -> u32 + Send + Sync + 'static, some: ForSome) -> Self {
        let this = Self {
            lesson,
            desk: RwSignal::new(None),
            error: RwSignal::new(None),
            some,
        };
        let saved = Memo::new(move |_| saved());
        Effect::new(move |_| {
            // read and not only tracked: a memo that nobody reads never learns what it depends on
            let _ = saved.get();
            this.load();
        });
        this
    }

    /// How many files the class's homework has; none is known without a network.
    pub fn files(self) -> i64 {
        let of = |d: &Option<Desk>| {
            d.as_ref()
                .map_or(0, |d| i64::try_from(d.files.len()).unwrap_or(i64::MAX))
        };
        self.desk.try_with(of).unwrap_or(0)
    }

    /// Loads it anew.
    pub fn load(self) {
        spawn_local(async move {
            let answer = api::desk(self.lesson).await;
            // the sheet may have been closed meanwhile
            match answer {
                Ok(desk) => {
                    self.error.try_set(None);
                    self.desk.try_set(Some(desk));
                }
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }
}

/// Files, and homework for some pupils.
#[component]
pub(crate) fn More(
    /// The lesson's desk.
    beside: Beside,
) -> impl IntoView {
    let lang = kit::lang();
    let there = Memo::new(move |_| beside.desk.with(Option::is_some));
    let files = Signal::derive(move || {
        let of = |desk: &Option<Desk>| desk.as_ref().map(|desk| desk.files.clone());
        beside.desk.with(of).unwrap_or_default()
    });
    let may = Signal::derive(move || {
        beside
            .desk
            .with(|desk| desk.as_ref().is_some_and(|desk| desk.may_edit))
    });
    view! {
        <section class="stack stack-s" aria-labelledby="homework-files">
            <h3 id="homework-files">{t::homework_files(lang)}</h3>
            {move || beside.error.get().map(|error| view! { <p class="muted small">{t::homework_needs_network(lang, error.message(lang))}</p> })}
            <Show when=move || there.get()><Files beside individual=None files may/></Show>
        </section>
        <Individuals beside/>
    }
}
