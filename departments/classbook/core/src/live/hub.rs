//! Who listens for what, who has which journal open, and the way to other processes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::sql::{Heard, Store};
use base::{LoadId, PersonId, SchoolId};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::said::{Node, Said, Topic, read, write};

/// The channel between processes.
const CHANNEL: &str = "classbook_live";
/// What happens within this time is said at once.
const GATHER: Duration = Duration::from_millis(150);
/// Who is there is said again so often, and forgotten after [`FORGET`] without a word.
const AGAIN: Duration = Duration::from_secs(20);
const FORGET: Duration = Duration::from_secs(60);
/// So much waits for other processes while the database is away; then what waits longest is given up: who listens there looks
/// anew by itself.
const WAITING: usize = 20_000;

/// The ear and mouth of a process. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Live(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    node: Node,
    state: Mutex<State>,
    /// Something is to be said to other processes.
    due: Notify,
}

/// Who is there, by process, and when it said so.
type There = HashMap<Node, (Vec<PersonId>, Instant)>;

#[derive(Debug, Default)]
struct State {
    next: u64,
    listeners: HashMap<Topic, BTreeMap<u64, Arc<Notify>>>,
    /// Who has a journal open at this process, and in how many windows.
    here: HashMap<(SchoolId, LoadId), BTreeMap<PersonId, u32>>,
    /// The same of other processes, and when they said so.
    elsewhere: HashMap<(SchoolId, LoadId), There>,
    happened: BTreeSet<Topic>,
    moved: BTreeSet<(SchoolId, LoadId)>,
    ended: bool,
}

impl State {
    fn wake(&self, topic: Topic) {
        for listener in self.listeners.get(&topic).into_iter().flatten() {
            listener.1.notify_one();
        }
    }

    fn wake_all(&self) {
        for listener in self.listeners.values().flatten() {
            listener.1.notify_one();
        }
    }

    fn present_here(&self, at: (SchoolId, LoadId)) -> Vec<PersonId> {
        self.here
            .get(&at)
            .map(|who| who.keys().copied().collect())
            .unwrap_or_default()
    }

    fn moved(&mut self, at: (SchoolId, LoadId)) {
        self.moved.insert(at);
        self.wake(Topic::Present(at.0, at.1));
    }
}

impl Live {
    /// The hub of a process with this name.
    #[must_use]
    pub fn new(node: Node) -> Self {
        Self(Arc::new(Inner {
            node,
            ..Inner::default()
        }))
    }

    /// Something has happened, and its transaction has ended.
    pub fn tell(&self, topics: impl IntoIterator<Item = Topic>) {
        self.with(|state| {
            for topic in topics {
                state.wake(topic);
                if state.happened.len() < WAITING {
                    state.happened.insert(topic);
                }
            }
        });
        self.0.due.notify_one();
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self, topics: impl IntoIterator<Item = Topic>) -> Listener {
        let mut listener = self.with(|state| {
            state.next += 1;
            Listener {
                live: self.clone(),
                id: state.next,
                notify: Arc::new(Notify::new()),
                topics: BTreeSet::new(),
                present: None,
            }
        });
        listener.also(topics);
        listener
    }

    /// Who has a journal open, wherever.
    #[must_use]
    pub fn present(&self, school: SchoolId, load: LoadId) -> BTreeSet<PersonId> {
        let now = Instant::now();
        self.with(|state| {
            let at = (school, load);
            let mut all: BTreeSet<PersonId> = state.present_here(at).into_iter().collect();
            for (who, since) in state.elsewhere.get(&at).into_iter().flat_map(HashMap::values) {
                if now.duration_since(*since) < FORGET {
                    all.extend(who);
                }
            }
            all
        })
    }

    /// The server ends: whoever listens is let go.
    pub fn end(&self) {
        self.with(|state| {
            state.ended = true;
            state.wake_all();
        });
    }

    /// Has the server ended?
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.with(|state| state.ended)
    }

    /// Hears other processes and speaks to them, for as long as this one lives: spawn it, and drop it to stop.
    pub async fn work(self, store: Store) {
        tokio::join!(self.hear(&store), self.speak(&store));
    }

    async fn hear(&self, store: &Store) {
        store
            .hear(CHANNEL, |heard| match heard {
                // what was said meanwhile is lost: everybody looks anew
                Heard::Begins => self.with(|state| state.wake_all()),
                Heard::Said(line) => self.heard(line, Instant::now()),
                Heard::Lost => {}
            })
            .await;
    }

    fn heard(&self, line: &str, now: Instant) {
        let Some((node, all)) = read(line) else {
            tracing::warn!("a notification that is not ours");
            return;
        };
        if node == self.0.node {
            return;
        }
        self.with(|state| {
            for said in all {
                match said {
                    Said::Of(topic) => state.wake(topic),
                    Said::Here(school, load, who) => {
                        let there = state.elsewhere.entry((school, load)).or_default();
                        let before = if who.is_empty() {
                            there.remove(&node).map(|(who, _)| who)
                        } else {
                            there.insert(node, (who.clone(), now)).map(|(who, _)| who)
                        };
                        if there.is_empty() {
                            state.elsewhere.remove(&(school, load));
                        }
                        if before.unwrap_or_default() != who {
                            state.wake(Topic::Present(school, load));
                        }
                    }
                }
            }
        });
    }

    async fn speak(&self, store: &Store) {
        let mut again = tokio::time::interval(AGAIN);
        loop {
            tokio::select! {
                () = self.0.due.notified() => tokio::time::sleep(GATHER).await,
                _ = again.tick() => self.with(|state| {
                    state.moved.extend(state.here.keys().copied().collect::<Vec<_>>());
                    let now = Instant::now();
                    state.elsewhere.retain(|_, there| {
                        there.retain(|_, (_, since)| now.duration_since(*since) < FORGET);
                        !there.is_empty()
                    });
                }),
            }
            let all = self.with(State::take_words);
            for line in write(self.0.node, &all) {
                if let Err(error) = super::sql::say(store, &line).await {
                    // who listens elsewhere looks anew by itself, later
                    tracing::warn!(%error, "other servers were not told");
                    break;
                }
            }
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn take_words(&mut self) -> Vec<Said> {
        let happened = std::mem::take(&mut self.happened).into_iter().map(Said::Of);
        let mut all: Vec<Said> = happened.collect();
        for (school, load) in std::mem::take(&mut self.moved) {
            all.push(Said::Here(school, load, self.present_here((school, load))));
        }
        all
    }
}

/// Somebody who listens, until it is dropped.
#[derive(Debug)]
pub struct Listener {
    live: Live,
    id: u64,
    notify: Arc<Notify>,
    topics: BTreeSet<Topic>,
    present: Option<(SchoolId, LoadId, PersonId)>,
}

impl Listener {
    /// Listens for these as well.
    pub fn also(&mut self, topics: impl IntoIterator<Item = Topic>) {
        self.live.with(|state| {
            for topic in topics {
                if self.topics.insert(topic) {
                    let of = state.listeners.entry(topic).or_default();
                    of.insert(self.id, Arc::clone(&self.notify));
                }
            }
        });
    }

    /// This person has this journal open for as long as the listener lives.
    pub fn sit_down(&mut self, school: SchoolId, load: LoadId, person: PersonId) {
        self.stand_up();
        self.present = Some((school, load, person));
        self.live.with(|state| {
            let there = state.here.entry((school, load)).or_default();
            *there.entry(person).or_default() += 1;
            state.moved((school, load));
        });
        self.live.0.due.notify_one();
    }

    fn stand_up(&mut self) {
        let Some((school, load, person)) = self.present.take() else {
            return;
        };
        self.live.with(|state| {
            if let Some(there) = state.here.get_mut(&(school, load)) {
                match there.get_mut(&person) {
                    Some(windows) if *windows > 1 => *windows -= 1,
                    _ => {
                        there.remove(&person);
                    }
                }
                if there.is_empty() {
                    state.here.remove(&(school, load));
                }
            }
            state.moved((school, load));
        });
        self.live.0.due.notify_one();
    }

    /// Waits until something has happened. What happened since the last time counts.
    pub async fn heard(&self) {
        self.notify.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stand_up();
        let topics = std::mem::take(&mut self.topics);
        self.live.with(|state| {
            for topic in topics {
                if let Some(of) = state.listeners.get_mut(&topic) {
                    of.remove(&self.id);
                    if of.is_empty() {
                        state.listeners.remove(&topic);
                    }
                }
            }
        });
    }
}

#[cfg(test)]
mod tests;
