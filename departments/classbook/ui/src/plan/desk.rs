//! The state of the page: the plan as the server has it, what is open, what went wrong.

use base::{AppError, Lang, LessonId};
use classbook_core::plan::{Act, Book, RowId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;

use super::api;
use crate::t;

/// What lies open beside the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// The form of a row.
    Row(RowId),
    /// The form of a new row behind this one; `None`: at the beginning.
    New(Option<RowId>),
    /// A lesson, and what it means for the plan.
    Lesson(LessonId),
    /// Where to copy the plan to.
    Copy,
}

/// The page's state. Small and copied: it holds signals.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// The person's language.
    pub lang: Lang,
    /// The plan.
    pub book: RwSignal<Book>,
    /// What is open.
    pub open: RwSignal<Option<Open>>,
    /// A call is on its way.
    pub busy: RwSignal<bool>,
    /// What went wrong.
    pub error: RwSignal<Option<AppError>>,
    /// What was done last, for who cannot see it.
    pub said: RwSignal<String>,
}

impl Desk {
    /// With a plan.
    pub fn new(book: Book, lang: Lang) -> Self {
        Self {
            lang,
            book: RwSignal::new(book),
            open: RwSignal::new(None),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        }
    }

    /// May it be changed?
    pub fn may_edit(self) -> bool {
        self.book.with(|b| b.may_edit)
    }

    /// Does an act; `then` is called when it is done.
    pub fn act(self, act: Act, then: impl FnOnce() + 'static) {
        let (load, revision) = self.book.with_untracked(|b| (b.load, b.revision));
        self.call(api::change(load, revision, act), then);
    }

    /// Takes the last act back.
    pub fn undo(self) {
        let (load, revision) = self.book.with_untracked(|b| (b.load, b.revision));
        self.call(api::undo(load, revision), || ());
    }

    /// Copies the plan of another journal into this one.
    pub fn take_from(self, from: base::LoadId) {
        let (load, revision) = self.book.with_untracked(|b| (b.load, b.revision));
        let call = async move {
            api::copy(from, load, revision).await?;
            api::book(load).await
        };
        self.call(call, || ());
    }

    fn call(
        self,
        call: impl Future<Output = Result<Book, AppError>> + 'static,
        then: impl FnOnce() + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.said.set(String::new());
        spawn_local(async move {
            let answer = call.await;
            self.busy.set(false);
            match answer {
                Ok(book) => {
                    self.error.set(None);
                    self.book.set(book);
                    self.said.set(t::plan_saved(self.lang).to_owned());
                    then();
                }
                Err(error) => {
                    let conflict = matches!(error, AppError::Conflict { .. });
                    self.error.set(Some(error));
                    if conflict {
                        self.look_again().await;
                    }
                }
            }
        });
    }

    /// Shows the plan as it is now, the words of what went wrong above it.
    async fn look_again(self) {
        let load = self.book.with_untracked(|b| b.load);
        if let Ok(book) = api::book(load).await {
            self.book.set(book);
        }
    }

    /// Opens a sheet.
    pub fn show(self, open: Open) {
        self.error.set(None);
        self.open.set(Some(open));
    }

    /// Closes the sheet; the person goes on at the row.
    pub fn close(self, row: Option<RowId>) {
        self.open.set(None);
        if let Some(row) = row {
            focus(row);
        }
    }

    /// Moves a row up or down by one.
    pub fn step(self, row: RowId, down: bool) {
        let after = self.book.with_untracked(|b| {
            let at = b.plan.place(row)?;
            let id = |n: usize| b.plan.rows.get(n).map(|r| r.id);
            if down {
                id(at + 1).map(Some)
            } else if at >= 1 {
                Some(at.checked_sub(2).and_then(id))
            } else {
                None
            }
        });
        if let Some(after) = after {
            self.act(Act::Move { row, after }, move || focus(row));
        }
    }

    /// Takes a row away; the next one is gone on with.
    pub fn remove(self, row: RowId) {
        let next = self.book.with_untracked(|b| {
            let at = b.plan.place(row)?;
            b.plan
                .rows
                .get(at + 1)
                .or_else(|| at.checked_sub(1).and_then(|n| b.plan.rows.get(n)))
                .map(|r| r.id)
        });
        self.act(Act::Remove { row }, move || self.close(next));
    }
}

/// The row's button, for the keyboard.
pub fn id_of(row: RowId) -> String {
    format!("plan-row-{row}")
}

/// The rows have been drawn anew after an act: the person goes on where they were.
pub fn focus(row: RowId) {
    set_timeout(
        move || {
            let found = document().get_element_by_id(&id_of(row));
            if let Some(found) = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = found.focus();
            }
        },
        std::time::Duration::from_millis(50),
    );
}

/// What an act was, to take it back: «Отменить: сдвиг плана».
pub fn undo_words(lang: Lang, kind: &str) -> &'static str {
    match kind {
        "added" => t::plan_undo_added(lang),
        "changed" => t::plan_undo_changed(lang),
        "moved" => t::plan_undo_moved(lang),
        "removed" => t::plan_undo_removed(lang),
        "split" => t::plan_undo_split(lang),
        "shifted" => t::plan_undo_shifted(lang),
        "tightened" => t::plan_undo_tightened(lang),
        "taken_in" => t::plan_undo_taken_in(lang),
        "copied" => t::plan_undo_copied(lang),
        "imported" => t::plan_undo_imported(lang),
        _ => t::plan_undo_other(lang),
    }
}
