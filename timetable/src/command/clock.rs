//! By what a search measures its seconds: the clock, or where others use the machine too, the processor.

use std::time::{Duration, Instant};

/// Ticks of a second in `/proc`; the same on every Linux that Debian runs on.
const TICKS: u64 = 100;

/// No shorter time tells how fast a machine is.
pub const SHORTEST: Duration = Duration::from_millis(5);

/// A clock that began with the search.
pub struct Clock {
    began: Instant,
    /// Threads that share the processor's seconds, if those are counted.
    threads: Option<u64>,
}

impl Clock {
    /// A clock; of the processor's seconds, shared out among so many threads, if wanted.
    pub fn begin(processor: bool, threads: u32) -> Self {
        Self {
            began: Instant::now(),
            threads: processor.then(|| u64::from(threads.max(1))),
        }
    }

    /// Since it began. Where the system does not tell the processor's seconds, those of the clock.
    pub fn elapsed(&self) -> Duration {
        let used = self.threads.and_then(|threads| Some(spent()? / threads));
        match used {
            Some(ticks) => Duration::from_millis(ticks * (1000 / TICKS)),
            None => self.began.elapsed(),
        }
    }
}

/// Ticks of the processor that all threads of this process have used.
fn spent() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // behind the name, which may hold anything: the state is the first word, user and system time the 12th and 13th
    let (_, words) = stat.rsplit_once(')')?;
    let mut times = words.split_ascii_whitespace().skip(11);
    let mut next = || times.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}
