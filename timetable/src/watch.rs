//! Whether something long is wanted any more. Whoever makes something large out of a school asks between the steps and, once nobody wants
//! it, hurries to its end: what comes out then is not whole, and whoever began it throws it away.

use std::cell::Cell;

/// Every how many small steps is asked.
const STEPS: usize = 64;

/// Asked between steps. Once it is over it stays so, and nobody is asked again.
pub(crate) struct Watch<'a> {
    go_on: &'a dyn Fn() -> bool,
    over: Cell<bool>,
}

impl<'a> Watch<'a> {
    /// Goes on as long as this says so.
    pub fn new(go_on: &'a dyn Fn() -> bool) -> Self {
        Self {
            go_on,
            over: Cell::new(false),
        }
    }

    /// Nobody ever ends it.
    pub fn nobody() -> Watch<'static> {
        Watch::new(&|| true)
    }

    /// Asks whether it is over.
    pub fn is_over(&self) -> bool {
        if !self.over.get() && !(self.go_on)() {
            self.over.set(true);
        }
        self.over.get()
    }

    /// The same at the `nth` of many small steps: asks at some of them.
    pub fn is_over_at(&self, nth: usize) -> bool {
        if nth.is_multiple_of(STEPS) {
            self.is_over()
        } else {
            self.over.get()
        }
    }

    /// What has been made, unless it is not whole.
    pub fn whole<T>(&self, made: T) -> Option<T> {
        (!self.over.get()).then_some(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_now_and_then_and_never_again_once_it_is_over() {
        let asked = Cell::new(0);
        let go_on = || {
            asked.set(asked.get() + 1);
            asked.get() < 3
        };
        let watch = Watch::new(&go_on);
        let heard: Vec<bool> = (0..4 * STEPS).map(|n| watch.is_over_at(n)).collect();
        assert_eq!(asked.get(), 3, "at the steps 0, 64 and 128");
        assert_eq!(heard.iter().filter(|over| !**over).count(), 2 * STEPS);
        assert!(watch.is_over() && watch.whole(()).is_none());
        assert_eq!(asked.get(), 3);
        assert!(!Watch::nobody().is_over() && Watch::nobody().whole(1) == Some(1));
    }
}
