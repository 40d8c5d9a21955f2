//! What a cell says about the card in the hand: to the eye and to the ear.

use leptos::prelude::*;
use study_core::timetable::words;
use timetable::{Board, CardIx, Level, Reason, Verdict};

use super::advice::price_words;
use super::desk::{Desk, Held};
use super::layout::{CellAt, View, Whom};
use crate::t;

/// How a cell suits the held card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// For `data-verdict`.
    pub key: &'static str,
    /// A few words.
    pub why: String,
    /// By how much wishes are met worse with the card there, or better if negative; nothing where it cannot lie.
    pub price: Option<i32>,
}

impl Desk {
    /// The verdict of the held card for a cell; `None` when the cell is not one of its own.
    pub(super) fn verdict(self, held: &Held, at: CellAt) -> Option<Verdict> {
        let concerned = self.ask(|b| match at.whom {
            Whom::Class(class) => b.classes_of(held.card).contains(&class),
            Whom::Teacher(teacher) => b.card(held.card).is_some_and(|c| c.teachers.contains(&teacher)),
            Whom::Room(_) => true,
        });
        let slots = self.ask(Board::slots);
        let index = usize::from(at.day) * usize::from(slots) + usize::from(at.slot);
        concerned.then(|| held.verdicts.get(index).cloned()).flatten()
    }

    /// What a cell is beside where the held card lies now: «сейчас здесь», «лучше на 2, чем сейчас». `None`: it comes from the tray, or
    /// cannot lie there.
    pub(super) fn against_now(self, held: &Held, at: CellAt, verdict: &Verdict) -> Option<String> {
        let (_, now) = held.now.as_ref()?;
        if held.lies_at(at.day, at.slot) {
            return Some(t::verdict_here(self.lang).to_owned());
        }
        let priced = verdict.level < Level::Clash && now.level < Level::Clash;
        priced.then(|| match verdict.penalty {
            0 => t::verdict_same(self.lang).to_owned(),
            price => t::verdict_than_now(self.lang, price_words(self.lang, price.into())),
        })
    }

    /// How a cell suits the held card; tracks the hand.
    pub fn look(self, at: CellAt) -> Option<Look> {
        self.held.with(|held| {
            let held = held.as_ref()?;
            let Some(verdict) = self.verdict(held, at) else {
                return Some(Look {
                    key: "none",
                    why: String::new(),
                    price: None,
                });
            };
            // what lies in the cell itself says more than who else is busy
            let mut reasons: Vec<_> = verdict.reasons.iter().collect();
            reasons.sort_by_key(|r| !matches!(r, Reason::AudienceBusy { .. }));
            let first = reasons
                .first()
                .map(|r| self.data.with_value(|d| words::short(self.lang, d, r)));
            let good = match (&held.now, verdict.penalty) {
                (Some(_), ..0) => t::verdict_better(self.lang),
                (None, ..0) => t::verdict_mends(self.lang),
                _ => t::verdict_good(self.lang),
            };
            let here = held.lies_at(at.day, at.slot);
            let first = first.unwrap_or_default();
            Some(match verdict.level {
                Level::Clash => Look {
                    key: "clash",
                    why: first,
                    price: None,
                },
                _ if here => Look {
                    key: if verdict.level == Level::Good {
                        "good"
                    } else {
                        "poor"
                    },
                    why: t::verdict_here(self.lang).to_owned(),
                    price: None,
                },
                Level::Poor => Look {
                    key: "poor",
                    why: match (&held.now, verdict.penalty) {
                        (Some(_), ..0) => t::verdict_better_but(self.lang, first),
                        _ => first,
                    },
                    price: Some(verdict.penalty),
                },
                Level::Good => Look {
                    key: "good",
                    why: good.to_owned(),
                    price: Some(verdict.penalty),
                },
            })
        })
    }

    /// Remembers what the pointer or the focus is over.
    pub fn look_at(self, at: CellAt) {
        if self.at.get_untracked() != Some(at) {
            self.at.set(Some(at));
        }
    }

    /// Shows where a card lies: the week of its class (else of its teacher), with the card chosen. A card of the tray is
    /// taken into the hand.
    pub fn show(self, card: CardIx) {
        self.hold_nothing();
        let view = self.ask(|b| {
            let class = b.classes_of(card).first().copied().map(View::Class);
            class.or_else(|| {
                let teacher = b.card(card).and_then(|c| c.teachers.first().copied());
                teacher.map(View::Teacher)
            })
        });
        if let Some(view) = view {
            self.view.set(view);
        }
        if self.ask(|b| b.placement(card).is_none()) {
            self.pick(card);
        } else {
            self.selected.set(Some(card));
        }
    }

    /// Says a cell aloud: what lies there, and how it suits the held card.
    pub fn tell(self, at: CellAt) {
        let place = self.place_words(at.day, at.slot);
        self.look_at(at);
        if let Some(held) = self.held.get_untracked() {
            let verdict = self.verdict(&held, at);
            let price = verdict.as_ref().and_then(|v| self.against_now(&held, at, v));
            let words = match verdict {
                None => t::verdict_elsewhere(self.lang).to_owned(),
                Some(v) if v.reasons.is_empty() => t::verdict_good(self.lang).to_owned(),
                Some(v) => {
                    let reasons: Vec<String> = self
                        .data
                        .with_value(|d| v.reasons.iter().map(|r| words::full(self.lang, d, r)).collect());
                    let head = match v.level {
                        Level::Clash => t::verdict_clash(self.lang),
                        _ => t::verdict_poor(self.lang),
                    };
                    format!("{head}: {}", reasons.join("; "))
                }
            };
            let price = price.map_or_else(String::new, |price| format!(" ({price})"));
            self.say(format!("{place}{price}. {words}"));
        } else {
            let cards: Vec<String> = self
                .ask(|b| at.cards(b))
                .into_iter()
                .map(|c| self.lesson(c))
                .collect();
            let cards = if cards.is_empty() {
                t::say_empty(self.lang).to_owned()
            } else {
                cards.join("; ")
            };
            self.say(format!("{place}. {cards}"));
        }
    }
}
