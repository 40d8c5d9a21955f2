//! The outbox: what a person typed and the server has not taken yet. It is written to the browser's storage before it is
//! painted, survives a closed window, a cut network and an ended session, and is sent when it can be: at once, when the
//! network returns, when the page is looked at again, and by a timer that waits longer each time. On somebody else's
//! computer it lives as long as its tab and no longer (`kit::storage`).
//!
//! One outbox belongs to one person in one school; the acts of another person are never touched. Two windows may share
//! it: acts have ids and the server knows them again. What could not be sent for a month is not sent any more without asking.
//!
//! A feature opens one with [`Outbox::open`], gives it a way to send and a listener, and pushes acts. The rules are in
//! [`queue`].

pub mod queue;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::time::Duration;

use base::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;
pub use queue::{Op, Progress, Verdict};
use queue::{Queue, Write};

use crate::storage::storage;

/// What the server said of each act that was sent.
pub type Verdicts = Result<Vec<(String, Verdict)>, AppError>;
/// How a feature sends its acts.
pub type Send = dyn Fn(Vec<Op>) -> Pin<Box<dyn Future<Output = Verdicts>>>;
/// What a feature wants to hear: an act, as it was sent, and what became of it.
pub type Hear = dyn Fn(&Op, &Verdict);

/// The most acts in one request.
const MOST: usize = 100;
/// The longest wait between two tries, in seconds.
const LONGEST: u64 = 60;

/// Why acts wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    /// They do not: they are on their way.
    #[default]
    None,
    /// No network, or no server.
    Offline,
    /// The session has ended.
    SignIn,
    /// The server's words.
    Other(String),
}

/// How the outbox stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// To be sent.
    pub waiting: u32,
    /// When the oldest of those was made, in milliseconds of the device's clock; 0 while none waits.
    pub since: i64,
    /// Refused by the server.
    pub refused: u32,
    /// Changed by somebody else meanwhile.
    pub conflicts: u32,
    /// Waited for a month: their person is asked.
    pub old: u32,
    /// Why they wait.
    pub trouble: Trouble,
    /// The browser keeps nothing: a full or forbidden storage. What waits is lost with the window.
    pub unsafe_storage: bool,
}

impl Standing {
    /// Has the server taken everything?
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.waiting == 0 && self.stuck() == 0
    }

    /// On its way with nothing in the way: nearly always taken before anybody could read that it waits.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.waiting > 0 && self.stuck() == 0 && self.trouble == Trouble::None
    }

    /// How many want a person's word.
    #[must_use]
    pub fn stuck(&self) -> u32 {
        self.refused + self.conflicts + self.old
    }
}

/// The outbox of one person in one school. Lives in the browser only; cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    inner: Rc<Inner>,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox")
            .field("prefix", &self.inner.prefix)
            .finish_non_exhaustive()
    }
}

struct Inner {
    prefix: String,
    queue: RefCell<Queue>,
    send: Box<Send>,
    hear: Box<Hear>,
    standing: RwSignal<Standing>,
    busy: Cell<bool>,
    due: Cell<bool>,
    failures: Cell<u32>,
    /// After a fault of the server: one by one, so that a single bad act does not hold up the others.
    singly: Cell<bool>,
    unsafe_storage: Cell<bool>,
    closed: Cell<bool>,
}

impl Outbox {
    /// Opens the outbox `name` of a person in a school; what an earlier window left is in it. Call inside a component: it
    /// listens to the window until the component goes.
    #[must_use]
    pub fn open(
        name: &str,
        person: i64,
        school: i64,
        standing: RwSignal<Standing>,
        send: Box<Send>,
        hear: Box<Hear>,
    ) -> Self {
        let prefix = format!("parta.outbox.{name}.{school}.{person}.");
        crate::storage::bring_over(&prefix);
        let inner = Rc::new(Inner {
            queue: RefCell::new(Queue::restore(stored(&prefix))),
            prefix,
            send,
            hear,
            standing,
            busy: Cell::new(false),
            due: Cell::new(false),
            failures: Cell::new(0),
            singly: Cell::new(false),
            unsafe_storage: Cell::new(false),
            closed: Cell::new(false),
        });
        inner.age();
        inner.tell(Trouble::None);
        for event in ["online", "focus", "pageshow", "visibilitychange"] {
            let weak: StoredValue<Weak<Inner>, LocalStorage> = StoredValue::new_local(Rc::downgrade(&inner));
            let handle = window_event_listener_untyped(event, move |_| {
                if let Some(inner) = weak.try_get_value().and_then(|w| w.upgrade()) {
                    inner.failures.set(0);
                    Inner::send_soon(&inner, 0);
                }
            });
            on_cleanup(move || handle.remove());
        }
        let closing: StoredValue<Weak<Inner>, LocalStorage> = StoredValue::new_local(Rc::downgrade(&inner));
        on_cleanup(move || {
            if let Some(inner) = closing.try_get_value().and_then(|w| w.upgrade()) {
                inner.closed.set(true);
            }
        });
        Inner::send_soon(&inner, 0);
        Self { inner }
    }

    /// How it stands, to draw.
    #[must_use]
    pub fn standing(&self) -> RwSignal<Standing> {
        self.inner.standing
    }

    /// Takes an act: written down before this returns, sent a moment later.
    pub fn push(&self, id: String, line: String, expected: i32, body: String) {
        let writes = {
            let mut queue = self.inner.queue.borrow_mut();
            let seq = queue.next_seq();
            queue.push(Op {
                id,
                seq,
                line,
                expected,
                body,
                state: Progress::Waiting,
                made: now(),
                wished: 0,
            })
        };
        self.inner.write(writes);
        crate::storage::ask_to_keep();
        let waits = self.inner.busy.get() || self.inner.due.get();
        // after the paint: the key must not wait for the network's machinery
        Inner::send_soon(&self.inner, 25);
        if waits {
            // the next try may be a minute away: what is new is counted now
            let inner = Rc::clone(&self.inner);
            set_timeout(
                move || {
                    if !inner.closed.get() {
                        inner.tell_again();
                    }
                },
                Duration::from_millis(25),
            );
        }
    }

    /// Reads the queue.
    pub fn with<T>(&self, read: impl FnOnce(&Queue) -> T) -> T {
        read(&self.inner.queue.borrow())
    }

    /// Changes the queue by its rules, and keeps what they say.
    pub fn change(&self, change: impl FnOnce(&mut Queue) -> Vec<Write>) {
        let writes = change(&mut self.inner.queue.borrow_mut());
        self.inner.write(writes);
        self.inner.tell_again();
    }

    /// What waited for a month in a line is sent after all.
    pub fn send_again(&self, line: &str) {
        self.change(|q| q.send_again(line, now()));
        self.send_now();
    }

    /// Tries at once: «Повторить», or somebody has signed in.
    pub fn send_now(&self) {
        self.inner.failures.set(0);
        Inner::send_soon(&self.inner, 0);
    }
}

/// A new act's id; `None` where the browser makes none.
#[must_use]
pub fn new_id() -> Option<String> {
    web_sys::window()?.crypto().ok().map(|c| c.random_uuid())
}

/// The device's clock, in milliseconds.
#[must_use]
pub fn now() -> i64 {
    let since = Duration::try_from_secs_f64(js_sys::Date::now() / 1000.0).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn stored(prefix: &str) -> Vec<Op> {
    let Some(storage) = storage() else { return vec![] };
    crate::storage::entries(&storage, prefix)
        .into_iter()
        .filter_map(|(_, text)| serde_json::from_str(&text).ok())
        .collect()
}

/// How many acts of other people wait on this device in the outbox `name`.
#[must_use]
pub fn of_others(name: &str, person: i64) -> u32 {
    let (start, own) = (format!("parta.outbox.{name}."), format!(".{person}."));
    let Some(storage) = storage() else { return 0 };
    let keys = storage.length().unwrap_or(0);
    let others = (0..keys)
        .filter_map(|i| storage.key(i).ok().flatten())
        .filter(|key| key.strip_prefix(&start).is_some_and(|rest| !rest.contains(&own)))
        .count();
    u32::try_from(others).unwrap_or(u32::MAX)
}

impl Inner {
    fn age(&self) {
        let writes = self.queue.borrow_mut().age(now());
        self.write(writes);
    }

    fn write(&self, writes: Vec<Write>) {
        let storage = storage();
        for write in writes {
            let done = match (&storage, write) {
                (Some(storage), Write::Put(op)) => serde_json::to_string(&op).is_ok_and(|text| {
                    storage
                        .set_item(&format!("{}{}", self.prefix, op.id), &text)
                        .is_ok()
                }),
                (Some(storage), Write::Forget(id)) => {
                    storage.remove_item(&format!("{}{id}", self.prefix)).is_ok()
                }
                (None, _) => false,
            };
            if !done {
                self.unsafe_storage.set(true);
            }
        }
    }

    fn tell(&self, trouble: Trouble) {
        let queue = self.queue.borrow();
        let count = |wanted: fn(&Progress) -> bool| {
            u32::try_from(queue.ops().iter().filter(|op| wanted(&op.state)).count()).unwrap_or(u32::MAX)
        };
        let waits = || {
            let all = queue.ops().iter();
            all.filter(|op| op.state == Progress::Waiting).map(|op| op.made)
        };
        let standing = Standing {
            waiting: count(|s| matches!(s, Progress::Waiting)),
            since: waits().min().unwrap_or_default(),
            refused: count(|s| matches!(s, Progress::Refused { .. })),
            conflicts: count(|s| matches!(s, Progress::Conflict { .. })),
            old: count(|s| matches!(s, Progress::Old)),
            trouble,
            unsafe_storage: self.unsafe_storage.get(),
        };
        drop(queue);
        if self.standing.try_with_untracked(|old| *old != standing) == Some(true) {
            self.standing.set(standing);
        }
    }

    fn tell_again(&self) {
        let trouble = self
            .standing
            .try_with_untracked(|s| s.trouble.clone())
            .unwrap_or_default();
        self.tell(trouble);
    }

    fn send_soon(inner: &Rc<Self>, millis: u64) {
        if inner.due.replace(true) {
            return;
        }
        let inner = Rc::clone(inner);
        set_timeout(
            move || {
                inner.due.set(false);
                if !inner.busy.get() && !inner.closed.get() {
                    inner.busy.set(true);
                    spawn_local(async move {
                        inner.send_all().await;
                        inner.busy.set(false);
                        inner.plan_next();
                    });
                }
            },
            Duration::from_millis(millis),
        );
    }

    /// Sends until nothing may be sent, or something stands in the way.
    async fn send_all(&self) {
        loop {
            if !self.unsafe_storage.get() {
                // another window may have written, or had answers
                let fresh = Queue::restore(stored(&self.prefix));
                *self.queue.borrow_mut() = fresh;
            }
            self.age();
            let batch = self
                .queue
                .borrow()
                .sendable(if self.singly.get() { 1 } else { MOST });
            if batch.is_empty() || self.closed.get() {
                self.singly.set(false);
                self.tell_again();
                return;
            }
            self.tell_again();
            let verdicts = (self.send)(batch.clone()).await;
            match self.understand(&batch, verdicts) {
                Ok(()) => {
                    self.failures.set(0);
                    self.tell(Trouble::None);
                }
                Err(trouble) => {
                    self.failures.set(self.failures.get().saturating_add(1));
                    self.tell(trouble);
                    return;
                }
            }
        }
    }

    fn understand(&self, batch: &[Op], verdicts: Verdicts) -> Result<(), Trouble> {
        match verdicts {
            Ok(verdicts) => {
                for (id, verdict) in verdicts {
                    if let Some(op) = batch.iter().find(|op| op.id == id) {
                        self.settle(op, verdict);
                    }
                }
                Ok(())
            }
            Err(AppError::SignIn | AppError::MustChangePassword) => Err(Trouble::SignIn),
            Err(AppError::Network | AppError::Unavailable | AppError::TooMany { .. }) => {
                Err(Trouble::Offline)
            }
            Err(AppError::Conflict { message }) => Err(Trouble::Other(message)),
            // the server is of a newer version and does not understand this page: what waits is not refused, the new page sends it
            Err(_) if crate::outdated() => {
                Err(Trouble::Other(crate::t::error_old_page(crate::lang()).to_owned()))
            }
            Err(_) if batch.len() > 1 => {
                // which of them is it? One by one tells.
                self.singly.set(true);
                Ok(())
            }
            Err(error @ AppError::Fault { .. }) if self.failures.get() < 3 => {
                Err(Trouble::Other(error.message(crate::lang())))
            }
            Err(error) => {
                if let [op] = batch {
                    self.settle(
                        op,
                        Verdict::Refused {
                            message: error.message(crate::lang()),
                        },
                    );
                }
                Ok(())
            }
        }
    }

    fn settle(&self, op: &Op, verdict: Verdict) {
        let writes = self.queue.borrow_mut().settle(&op.id, verdict.clone());
        self.write(writes);
        (self.hear)(op, &verdict);
    }

    /// After a failure: again later, and later still.
    fn plan_next(self: &Rc<Self>) {
        let failures = self.failures.get();
        if self.closed.get() {
            return;
        }
        if failures > 0 {
            let seconds = (1u64 << failures.min(6)).min(LONGEST);
            Self::send_soon(self, seconds * 1000);
        } else if !self.queue.borrow().sendable(1).is_empty() {
            Self::send_soon(self, 0);
        }
    }
}
