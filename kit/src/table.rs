//! A table of a file before it is taken over: what each of its columns is, what the server says that it would bring, and the yes.

use std::sync::Arc;

use base::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::file::Chosen;

/// A column of the file: its head, what stands below it first, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<C> {
    /// Its head, or words for a column without one.
    pub header: String,
    /// The first value below that is not empty.
    pub sample: String,
    /// What it is taken for.
    pub column: C,
}

/// Where a person is with their file: `C` is what a column may be, `P` what the server says. Signals apart, so that choosing a column does
/// not draw the columns anew under the person's fingers.
#[derive(Debug)]
pub struct Sitting<C: 'static, P: 'static> {
    /// The file's name; drawn while it is read.
    pub name: RwSignal<String>,
    /// The file as it is sent.
    file: StoredValue<Arc<str>>,
    /// The columns of this file, as they were recognised; drawn once for a file.
    pub found: RwSignal<Vec<Found<C>>>,
    /// What each column is taken for now.
    pub columns: RwSignal<Vec<C>>,
    /// Rows that are wrong may be left out.
    pub without_bad: RwSignal<bool>,
    /// What the server says of file and columns.
    pub told: RwSignal<Option<P>>,
    /// What went wrong.
    pub error: RwSignal<Option<AppError>>,
    /// The newest question; answers to older ones come too late.
    asked: RwSignal<u32>,
    /// An answer is waited for.
    pub busy: RwSignal<bool>,
    /// What was taken over.
    pub done: RwSignal<Option<P>>,
}

impl<C, P> Clone for Sitting<C, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C, P> Copy for Sitting<C, P> {}

impl<C, P> Default for Sitting<C, P>
where
    C: Copy + PartialEq + Send + Sync,
    P: Clone + Send + Sync,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<C, P> Sitting<C, P>
where
    C: Copy + PartialEq + Send + Sync,
    P: Clone + Send + Sync,
{
    /// No file yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            file: StoredValue::new(Arc::from("")),
            found: RwSignal::new(vec![]),
            columns: RwSignal::new(vec![]),
            without_bad: RwSignal::new(false),
            told: RwSignal::new(None),
            error: RwSignal::new(None),
            asked: RwSignal::new(0),
            busy: RwSignal::new(false),
            done: RwSignal::new(None),
        }
    }

    /// The file as it is sent.
    #[must_use]
    pub fn file(self) -> String {
        self.file.get_value().to_string()
    }

    fn forget(self) {
        self.found.set(vec![]);
        self.columns.set(vec![]);
        self.told.set(None);
        self.error.set(None);
        self.done.set(None);
        self.without_bad.set(false);
    }

    /// For the field of the file; `ask` asks about a whole one.
    pub fn chosen(self, ask: impl Fn() + Send + Sync + 'static) -> Callback<Chosen> {
        Callback::new(move |chosen| match chosen {
            Chosen::Begun(name) => {
                self.forget();
                self.name.set(name);
                self.busy.set(true);
            }
            Chosen::Failed(error) => {
                self.busy.set(false);
                self.error.set(Some(error));
            }
            Chosen::Read(text) => {
                self.file.set_value(text.into());
                ask();
            }
        })
    }

    /// Asks what the file would bring; of a new one the columns are learned, too.
    pub fn ask(
        self,
        new_file: bool,
        answer: impl Future<Output = Result<P, AppError>> + 'static,
        columns: impl Fn(&P) -> Vec<Found<C>> + 'static,
    ) {
        let mine = self.asked.get_untracked() + 1;
        self.asked.set(mine);
        self.busy.set(true);
        spawn_local(async move {
            let answer = answer.await;
            // another question has been asked, or the page has gone
            if self.asked.try_get_untracked() != Some(mine) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(told) => {
                    if new_file {
                        let found = columns(&told);
                        self.columns.set(found.iter().map(|f| f.column).collect());
                        self.found.set(found);
                    }
                    self.error.set(None);
                    self.told.set(Some(told));
                }
                Err(error) => {
                    self.told.set(None);
                    self.error.set(Some(error));
                }
            }
        });
    }

    /// Takes the file over.
    pub fn take_over(self, answer: impl Future<Output = Result<P, AppError>> + 'static) {
        self.busy.set(true);
        spawn_local(async move {
            let answer = answer.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(done) => {
                    self.forget();
                    self.done.set(Some(done));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// A file is being read for the first time.
    #[must_use]
    pub fn is_reading(self) -> bool {
        self.busy.get() && self.told.with(Option::is_none)
    }
}

/// The words of a table of columns.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The id of its heading.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What it is for.
    pub note: &'static str,
    /// Over the columns of the file.
    pub in_file: &'static str,
    /// Over what they are taken for.
    pub means: &'static str,
}

/// Each column with its head, its first value and a choice of what it is: `kinds` are keys and titles, `label` names a choice by the
/// column's head, `ask` asks anew.
pub fn columns<C, P>(
    sitting: Sitting<C, P>,
    words: Words,
    kinds: &[(&'static str, String, C)],
    label: impl Fn(&str) -> String,
    ask: Callback<()>,
) -> AnyView
where
    C: Copy + PartialEq + Send + Sync,
    P: Clone + Send + Sync,
{
    let keys = StoredValue::new(kinds.iter().map(|(key, _, c)| (*key, *c)).collect::<Vec<_>>());
    let rows = sitting.found.get_untracked().into_iter().enumerate().map(|(n, found)| {
        let change = move |event: leptos::ev::Event| {
            let key = event_target_value(&event);
            let chosen = keys.with_value(|keys| keys.iter().find(|(k, _)| *k == key).map(|(_, c)| *c));
            if let Some(chosen) = chosen {
                sitting.columns.update(|all| {
                    if let Some(place) = all.get_mut(n) {
                        *place = chosen;
                    }
                });
                ask.run(());
            }
        };
        let options = kinds.iter().map(|(key, title, column)| {
            view! { <option value=*key selected=*column == found.column>{title.clone()}</option> }
        });
        let label = label(&found.header);
        view! {
            <tr><th scope="row">{found.header}<br/><small class="muted">{found.sample}</small></th>
                <td><select class="select" aria-label=label on:change=change>{options.collect_view()}</select></td></tr>
        }
    });
    view! {
        <h2 id=words.id>{words.title}</h2>
        <p class="muted">{words.note}</p>
        <div class="table-wrap" tabindex="0" role="region" aria-labelledby=words.id>
            <table class="table">
                <thead><tr><th scope="col">{words.in_file}</th><th scope="col">{words.means}</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
