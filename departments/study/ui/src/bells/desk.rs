//! The state of the page. The sheet is asked for anew after each change, so that what others have done is seen too; what is filled in
//! stays apart from it, in the one form that is open.

use base::{AppError, BellsId, Lang, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::bells::sheet::taken;
use study_core::bells::{Answer, Lost, Schedule, Sheet, Terms, Uses};

use super::api;
use crate::t;

/// How long it is said what has been done.
const SAID_FOR: std::time::Duration = std::time::Duration::from_secs(4);

/// So many lessons a new schedule begins with.
const NEW: usize = 6;

/// The form that is open.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Form {
    /// Of which schedule; `None`: of a new one.
    pub of: Option<BellsId>,
    /// As it was when the person began, or when somebody else was found to have been faster.
    pub seen: Terms,
    /// As it is filled in.
    pub terms: Terms,
    /// Somebody else was faster: what stands now is shown above.
    pub stale: bool,
}

/// Lessons that would lose their bell, with the titles of their versions.
pub(super) type Asked = (Vec<Lost>, Vec<(VersionId, String)>);

/// Where the person is.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The page's language.
    pub lang: Lang,
    /// As the server has it.
    pub sheet: RwSignal<Sheet>,
    /// The form that is open.
    pub form: RwSignal<Option<Form>>,
    /// Counts changes that are not the person's own typing: then the fields are filled anew.
    pub filled: RwSignal<u32>,
    /// What the person has to say yes to before it is saved.
    pub asked: RwSignal<Option<Asked>>,
    /// A change is on its way.
    pub busy: RwSignal<bool>,
    /// What went wrong.
    pub error: RwSignal<Option<AppError>>,
    /// What has just been done.
    pub said: RwSignal<Option<&'static str>>,
    /// The schedule whose form was closed: the keyboard goes on from there.
    pub left: RwSignal<Option<BellsId>>,
}

impl Desk {
    pub fn new(sheet: Sheet, lang: Lang) -> Self {
        Self {
            lang,
            sheet: RwSignal::new(sheet),
            form: RwSignal::new(None),
            filled: RwSignal::new(0),
            asked: RwSignal::new(None),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            said: RwSignal::new(None),
            left: RwSignal::new(None),
        }
    }

    /// This person may change bells.
    pub fn may_edit(self) -> bool {
        self.sheet.with_untracked(|s| s.may_edit)
    }

    /// Something is filled in that would be lost.
    pub fn has_unsaved(self) -> bool {
        self.form
            .with(|form| form.as_ref().is_some_and(|f| f.stale || f.terms != f.seen))
    }

    /// The form of this schedule, or of a new one, is open.
    pub fn is_open(self, of: Option<BellsId>) -> bool {
        self.form.with(|form| form.as_ref().is_some_and(|f| f.of == of))
    }

    /// A schedule as the server has it.
    pub fn schedule(self, id: BellsId) -> Option<Schedule> {
        self.sheet
            .with(|s| s.schedules.iter().find(|s| s.id == id).cloned())
    }

    /// What is filled in, read.
    pub fn read<T>(self, of: impl FnOnce(&Terms) -> T) -> Option<T> {
        self.form.with(|form| form.as_ref().map(|f| of(&f.terms)))
    }

    /// The person types.
    pub fn write(self, change: impl FnOnce(&mut Terms)) {
        self.form.update(|form| {
            if let Some(form) = form {
                change(&mut form.terms);
            }
        });
    }

    /// Lessons are changed by a button: their fields are filled anew.
    pub fn fill(self, change: impl FnOnce(&mut Terms)) {
        self.error.set(None);
        self.write(change);
        self.filled.update(|n| *n += 1);
    }

    fn open(self, of: Option<BellsId>, seen: Terms, terms: Terms) {
        self.error.set(None);
        self.said.set(None);
        self.form.set(Some(Form {
            of,
            seen,
            terms,
            stale: false,
        }));
    }

    /// Begins to change a schedule.
    pub fn edit(self, schedule: &Schedule) {
        let terms = schedule.terms.clone();
        self.open(Some(schedule.id), terms.clone(), terms);
    }

    /// Begins a copy: the same lessons, for nobody yet.
    pub fn copy(self, schedule: &Schedule) {
        let terms = Terms {
            title: self.free_title(&t::bells_copy_title(self.lang, &schedule.terms.title)),
            uses: Uses::new(),
            ..schedule.terms.clone()
        };
        self.open(None, terms.clone(), terms);
    }

    /// Begins a new one: for the grades that have no bells yet.
    pub fn begin(self) {
        let mut terms = Terms {
            title: self.free_title(t::bells_new_title(self.lang)),
            shift: 1,
            lessons: vec![],
            uses: self.sheet.with_untracked(|s| {
                let days = |g: &study_core::bells::Grade| {
                    (1..=g.week_days).map(|d| (g.grade, d)).collect::<Vec<_>>()
                };
                let bare = bare(s);
                let grades = s.grades.iter().filter(|g| bare.contains(&g.grade));
                grades.flat_map(days).collect()
            }),
        };
        (0..NEW).for_each(|_| terms.add());
        self.open(None, terms.clone(), terms);
    }

    /// A title that no schedule has.
    fn free_title(self, title: &str) -> String {
        self.sheet.with_untracked(|s| {
            let is_free = |title: &String| {
                s.schedules
                    .iter()
                    .all(|s| s.terms.title.to_lowercase() != title.to_lowercase())
            };
            let numbered = (2..100).map(|n| format!("{title} {n}"));
            let mut all = std::iter::once(title.to_owned()).chain(numbered);
            all.find(is_free).unwrap_or_default()
        })
    }

    /// Lets go of what is filled in.
    pub fn give_up(self) {
        self.left
            .set(self.form.with_untracked(|f| f.as_ref().and_then(|f| f.of)));
        self.form.set(None);
        self.error.set(None);
        self.asked.set(None);
    }

    /// What is taken from other schedules by what is filled in.
    pub fn takes(self) -> Vec<study_core::bells::Taken> {
        let form = self.form.get();
        form.map_or_else(Vec::new, |f| {
            self.sheet.with(|s| taken(&s.schedules, f.of, &f.terms.uses))
        })
    }

    /// Saves what is filled in; `known`: the lessons that the person knows will lose their bell.
    pub fn save(self, known: Vec<Lost>) {
        let Some(form) = self.form.get_untracked() else {
            return;
        };
        self.asked.set(None);
        self.said.set(None);
        let terms = form.terms.clone().settled();
        if let Some((field, words)) = terms.fault(self.lang) {
            self.error.set(Some(AppError::invalid(field, words)));
            return;
        }
        self.error.set(None);
        self.busy.set(true);
        let others = untrack(move || self.takes());
        spawn_local(async move {
            let at = form.of.map(|id| (id, form.seen));
            match api::save(at, terms, others, known).await {
                Ok(Answer::Asks { lost, titles }) => self.asked.set(Some((lost, titles))),
                Ok(Answer::Saved(id)) => {
                    self.refresh().await;
                    self.left.set(Some(id));
                    self.form.set(None);
                    self.say(t::bells_saved(self.lang));
                }
                Err(error) => self.refused(form.of, error).await,
            }
            self.busy.set(false);
        });
    }

    /// Takes a schedule away.
    pub fn remove(self, schedule: &Schedule) {
        let (id, seen) = (schedule.id, schedule.terms.clone());
        self.error.set(None);
        self.busy.set(true);
        spawn_local(async move {
            match api::remove(id, seen).await {
                Ok(()) => {
                    self.refresh().await;
                    self.say(t::bells_removed(self.lang));
                }
                Err(error) => self.refused(None, error).await,
            }
            self.busy.set(false);
        });
    }

    /// After a refusal: what now holds is shown, and what is filled in stays, to be saved on top of it knowingly.
    async fn refused(self, of: Option<BellsId>, error: AppError) {
        if matches!(error, AppError::Conflict { .. } | AppError::NotFound) {
            self.refresh().await;
            let now = of.and_then(|id| untrack(move || self.schedule(id)));
            self.form.update(|form| {
                if let Some(form) = form.as_mut().filter(|f| f.of == of) {
                    match now {
                        Some(now) => {
                            form.stale = now.terms != form.seen;
                            form.seen = now.terms;
                        }
                        // it is gone: what is filled in would be a new one
                        None => form.of = None,
                    }
                }
            });
        }
        self.error.set(Some(error));
    }

    async fn refresh(self) {
        if let Ok(sheet) = api::sheet().await {
            self.sheet.set(sheet);
        }
    }

    fn say(self, words: &'static str) {
        self.said.set(Some(words));
        set_timeout(
            move || {
                let _ = self.said.try_set(None);
            },
            SAID_FOR,
        );
    }
}

/// Grades of the year that have no bells on any day.
pub(super) fn bare(sheet: &Sheet) -> Vec<i16> {
    let rings = |grade: i16| {
        let mut uses = sheet.schedules.iter().flat_map(|s| &s.terms.uses);
        uses.any(|(g, _)| *g == grade)
    };
    sheet
        .grades
        .iter()
        .map(|g| g.grade)
        .filter(|g| !rings(*g))
        .collect()
}
