//! The state of the page. The sheet is asked for anew after each change, so that what others have done is seen too; what is
//! painted or filled in and not saved stays apart from it.

use std::collections::BTreeMap;

use base::{AppError, BuildingId, ClassId, Lang, RequirementId, RoomId, SubjectId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use study_core::requirement::{Hours, Kind, Requirement, Sheet, Target, Term, Terms, Weight, Who};

use super::api;
use crate::t;

/// How long it is said what has been done.
const SAID_FOR: std::time::Duration = std::time::Duration::from_secs(4);

/// Where the person is.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The page's language.
    pub lang: Lang,
    /// As the server has it.
    pub sheet: RwSignal<Sheet>,
    /// Painted and not saved.
    pub drafts: RwSignal<BTreeMap<Who, Hours>>,
    /// Painted, and refused because somebody else was faster.
    pub aside: RwSignal<BTreeMap<Who, Hours>>,
    /// Forms that were filled otherwise than they are saved: of a row, or of a new one.
    pub filled: RwSignal<Vec<(Option<RequirementId>, Terms)>>,
    /// What is painted with; `None` wipes.
    pub brush: RwSignal<Option<Weight>>,
    /// From when to when what is painted holds.
    pub term: RwSignal<Term>,
    /// A change is on its way.
    pub busy: RwSignal<bool>,
    /// What went wrong, and with what.
    pub error: RwSignal<Option<(Subject, AppError)>>,
    /// What has just been done.
    pub said: RwSignal<Option<&'static str>>,
}

/// What a change is about, so that a refusal is told beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Somebody's hours.
    Hours(Who),
    /// A form: its kind and its target.
    Form(study_core::requirement::Kind, Target),
    /// A class's home room.
    HomeRoom(ClassId),
    /// A building, or a new one.
    Building(Option<BuildingId>),
    /// The way between two buildings.
    Way(BuildingId, BuildingId),
    /// Where a room lies.
    Spot(RoomId),
    /// What a room is for.
    Use(RoomId),
    /// How hard a subject is.
    Template(SubjectId),
}

impl Desk {
    pub fn new(sheet: Sheet, lang: Lang) -> Self {
        Self {
            lang,
            sheet: RwSignal::new(sheet),
            drafts: RwSignal::new(BTreeMap::new()),
            aside: RwSignal::new(BTreeMap::new()),
            filled: RwSignal::new(vec![]),
            brush: RwSignal::new(Some(Weight::Must)),
            term: RwSignal::new(Term::ALWAYS),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            said: RwSignal::new(None),
        }
    }

    /// This person may change what is asked.
    pub fn may_edit(self) -> bool {
        self.sheet.with_untracked(|s| s.may_edit)
    }

    /// The refusal of a change, if the last one was about this.
    pub fn error_of(self, subject: Subject) -> Signal<Option<AppError>> {
        Signal::derive(move || {
            self.error.with(|e| {
                e.as_ref()
                    .filter(|(of, _)| *of == subject)
                    .map(|(_, e)| e.clone())
            })
        })
    }

    /// Hours as they are shown: painted, else saved.
    pub fn hours(self, who: Who) -> Hours {
        let painted = self.drafts.with(|d| d.get(&who).cloned());
        painted.unwrap_or_else(|| self.sheet.with(|s| s.hours_of(who)))
    }

    /// Something is painted that is not saved.
    pub fn is_painted(self, who: Who) -> bool {
        self.drafts.with(|d| d.contains_key(&who))
    }

    /// Something is painted or filled in, of anybody, that would be lost.
    pub fn has_unsaved(self) -> bool {
        let rows = |id| self.sheet.with(|s| s.rows.iter().any(|r| r.id == id));
        self.drafts.with(|d| !d.is_empty())
            || self.aside.with(|a| !a.is_empty())
            || self.filled.with(|f| f.iter().any(|(id, _)| id.is_none_or(rows)))
    }

    /// What the form of a row, or of a new one, was filled with and not saved. It is there again when the form is drawn anew.
    pub fn filled_in(self, id: Option<RequirementId>, kind: Kind, target: Target) -> Option<Terms> {
        let this = |(of, terms): &&(Option<RequirementId>, Terms)| {
            *of == id && terms.kind == kind && terms.target == target
        };
        self.filled
            .with_untracked(|f| f.iter().find(this).map(|(_, terms)| terms.clone()))
    }

    /// Keeps it, or nothing of it any more.
    pub fn fill_in(self, id: Option<RequirementId>, kind: Kind, target: Target, terms: Option<Terms>) {
        let now = self.filled_in(id, kind, target);
        if now == terms {
            return;
        }
        self.filled.update(|f| {
            f.retain(|(of, terms)| *of != id || terms.kind != kind || terms.target != target);
            f.extend(terms.map(|terms| (id, terms)));
        });
    }

    /// Nothing painted is kept.
    pub fn give_up_all(self) {
        self.drafts.set(BTreeMap::new());
        self.aside.set(BTreeMap::new());
        self.filled.set(vec![]);
    }

    /// Paints some places, for the chosen term.
    pub fn paint(self, who: Who, places: &[(i16, i16)], weight: Option<Weight>) {
        let mut hours = untrack(move || self.hours(who));
        let term = self.term.get_untracked();
        for (day, slot) in places {
            hours.set(term, *day, *slot, weight);
        }
        self.said.set(None);
        let saved = self.sheet.with_untracked(|s| s.hours_of(who));
        self.drafts.update(|drafts| {
            if hours == saved {
                drafts.remove(&who);
            } else {
                drafts.insert(who, hours);
            }
        });
    }

    /// Nothing of it.
    pub fn give_up(self, who: Who) {
        self.drafts.update(|d| {
            d.remove(&who);
        });
        self.error.set(None);
    }

    /// What was refused is painted again, on what the other one has saved.
    pub fn take_up(self, who: Who) {
        let mine = self.aside.try_update(|a| a.remove(&who)).flatten();
        if let Some(mine) = mine {
            self.drafts.update(|d| {
                d.insert(who, mine);
            });
        }
        self.error.set(None);
    }

    /// Asks for the sheet anew.
    async fn refresh(self) {
        if let Ok(sheet) = api::sheet().await {
            self.sheet.set(sheet);
        }
    }

    fn begin(self) {
        self.busy.set(true);
        self.error.set(None);
        self.said.set(None);
    }

    /// After an answer: what now holds is shown, whoever has changed it; or what went wrong.
    async fn end(self, subject: Subject, answer: Result<&'static str, AppError>) -> bool {
        let anew = matches!(
            answer,
            Ok(_) | Err(AppError::Conflict { .. } | AppError::NotFound)
        );
        if anew {
            self.refresh().await;
        }
        self.busy.set(false);
        match answer {
            Ok(said) => {
                self.said.set(Some(said));
                set_timeout(
                    move || {
                        let _ = self.said.try_set(None);
                    },
                    SAID_FOR,
                );
                true
            }
            Err(error) => {
                self.error.set(Some((subject, error)));
                false
            }
        }
    }

    /// Saves what is painted.
    pub fn save_hours(self, who: Who) {
        let Some(hours) = self.drafts.with_untracked(|d| d.get(&who).cloned()) else {
            return;
        };
        let seen = self.sheet.with_untracked(|s| s.hours_of(who));
        self.begin();
        spawn_local(async move {
            let answer = api::save_hours(who, seen, hours.clone()).await;
            let stale = matches!(answer, Err(AppError::Conflict { .. }));
            let said = answer.map(|()| t::requirement_saved(self.lang));
            let ok = self.end(Subject::Hours(who), said).await;
            // kept apart, so that nothing is lost and the other one's hours are seen
            if stale {
                self.aside.update(|a| {
                    a.insert(who, hours);
                });
            }
            if ok || stale {
                self.drafts.update(|d| {
                    d.remove(&who);
                });
            }
        });
    }

    /// Saves a requirement; then `done` hears of it.
    pub fn save(self, before: Option<&Requirement>, terms: Terms, done: impl Fn() + 'static) {
        let at = before.map(|r| (r.id, r.revision));
        let (kind, target) = (terms.kind, terms.target);
        let subject = Subject::Form(kind, target);
        self.begin();
        spawn_local(async move {
            let answer = api::save(at, terms).await;
            if answer.is_ok() {
                self.fill_in(at.map(|(id, _)| id), kind, target, None);
            }
            let said = answer.map(|_| t::requirement_saved(self.lang));
            if self.end(subject, said).await {
                done();
            }
        });
    }

    /// Removes a requirement; then `done` hears of it.
    pub fn remove(self, row: &Requirement, done: impl Fn() + 'static) {
        let (id, revision) = (row.id, row.revision);
        let (kind, target) = (row.terms.kind, row.terms.target);
        let subject = Subject::Form(kind, target);
        self.begin();
        spawn_local(async move {
            let answer = api::remove(id, revision).await;
            if answer.is_ok() {
                self.fill_in(Some(id), kind, target, None);
            }
            let said = answer.map(|()| t::requirement_removed(self.lang));
            if self.end(subject, said).await {
                done();
            }
        });
    }

    /// Does something on the server; then `done` hears of it.
    pub fn act(
        self,
        subject: Subject,
        act: impl Future<Output = Result<(), AppError>> + 'static,
        done: impl FnOnce() + 'static,
    ) {
        self.begin();
        spawn_local(async move {
            let said = act.await.map(|()| t::requirement_saved(self.lang));
            if self.end(subject, said).await {
                done();
            }
        });
    }

    /// Gives a class its home room.
    pub fn home_room(self, class: ClassId, seen: Option<RoomId>, room: Option<RoomId>) {
        self.begin();
        spawn_local(async move {
            let answer = api::save_home_room(class, seen, room).await;
            let said = answer.map(|()| t::requirement_saved(self.lang));
            self.end(Subject::HomeRoom(class), said).await;
        });
    }
}
