//! What is on its way to the server says so only when it takes long. Nearly every act is taken within some hundredths of a second: a cell that
//! changed its look twice in that time would flicker, and cost a weak machine more than the mark itself.

use std::collections::HashMap;
use std::time::Duration;

use classbook_core::journal::cell::Place;
use classbook_core::journal::sheet::State;
use kit::grid::Spot;
use kit::outbox::Trouble;
use leptos::prelude::*;

use super::Desk;
use super::draw::{Drawing, Face, face};

/// So long an act may wait before anybody is told.
pub const QUIET: Duration = Duration::from_millis(400);

/// The cells that were written a moment ago, and when, in milliseconds of the device's clock.
#[derive(Debug, Default)]
pub struct Fresh {
    cells: HashMap<Spot, f64>,
    rings: bool,
}

impl Desk {
    /// A place was written just now.
    pub(super) fn hush(&mut self, place: Place) {
        let Some((row, column)) = self.sheet.find(place) else {
            return;
        };
        self.fresh.cells.insert(Spot { row, column }, js_sys::Date::now());
        self.ring();
    }

    /// Whatever became of it is shown at once.
    pub(super) fn unhush(&mut self, place: Place) {
        if let Some((row, column)) = self.sheet.find(place) {
            self.fresh.cells.remove(&Spot { row, column });
        }
    }

    fn ring(&mut self) {
        let Some(me) = self.me.filter(|_| !self.fresh.rings) else {
            return;
        };
        self.fresh.rings = true;
        set_timeout(
            move || {
                me.run(Self::speak);
            },
            QUIET,
        );
    }

    /// What still waits is told.
    fn speak(&mut self) {
        self.fresh.rings = false;
        let (now, quiet) = (js_sys::Date::now(), QUIET.as_secs_f64() * 1e3);
        let late: Vec<Spot> = self
            .fresh
            .cells
            .extract_if(|_, at| now - *at >= quiet)
            .map(|(spot, _)| spot)
            .collect();
        for spot in late {
            self.repaint(spot);
        }
        if !self.fresh.cells.is_empty() {
            self.ring();
        }
    }

    /// How a cell is to look now.
    pub(super) fn face(&self, spot: Spot) -> Face {
        let mut shown = self.sheet.shown(spot.row, spot.column);
        let waits = shown.state == Some(State::Waiting);
        if waits && self.fresh.cells.contains_key(&spot) && !self.in_trouble() {
            shown.state = None;
        }
        face(&shown, Drawing::best(&self.sheet, spot.column), self.lang)
    }

    fn in_trouble(&self) -> bool {
        let standing = self.outbox.standing();
        standing.try_with_untracked(|s| s.trouble != Trouble::None) == Some(true)
    }
}
