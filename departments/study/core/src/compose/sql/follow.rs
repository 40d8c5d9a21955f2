//! A search as it goes on, told to whoever looks: each step when it is written, wherever it is worked on.

use std::time::Duration;

use base::rights::Actor;
use base::sql::Store;
use base::{AppError, Lang, SchoolId, VersionId};
use chrono::{DateTime, Utc};
use futures_util::stream::unfold;
use futures_util::{Stream, StreamExt as _};
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::compose::Run;

/// So much may be said before a slow listener misses something. It then looks anew, so nothing is lost.
const BACKLOG: usize = 64;
/// Nobody is told longer than this: a new request is asked for its session again.
const LONGEST: Duration = Duration::from_secs(60);
/// Looked at anew, should nothing be heard.
const LOOK: Duration = Duration::from_secs(5);

/// What is said to those who look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// Something about a search of the school.
    Of(SchoolId),
    /// The server ends.
    End,
}

/// Tells those who look at searches that something has happened. All clones are one.
#[derive(Clone, Debug)]
pub struct Followers(broadcast::Sender<News>);

impl Default for Followers {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Followers {
    /// Something has happened in a school. Nobody may be looking.
    pub(super) fn tell(&self, school: SchoolId) {
        let _ = self.0.send(News::Of(school));
    }

    /// The server ends: whoever looks is let go, and asks another one.
    pub(super) fn end(&self) {
        let _ = self.0.send(News::End);
    }
}

/// Who looks at what, since when.
#[derive(Debug)]
pub struct Look {
    /// The database.
    pub store: Store,
    /// Who.
    pub actor: Actor,
    /// In which language.
    pub lang: Lang,
    /// The draft that is searched for.
    pub version: VersionId,
    /// The moment of the request.
    pub since: DateTime<Utc>,
}

impl Look {
    /// The search as it is; the rights are asked each time.
    async fn now(&self, begun: Instant) -> Result<Option<Run>, AppError> {
        let now = self.since + begun.elapsed();
        let mut ctx = self.store.begin(self.actor.clone(), now, self.lang).await?;
        let run = super::watch(&mut ctx, self.version).await;
        ctx.close(run).await
    }
}

/// What a follower remembers.
struct Following {
    look: Look,
    heard: broadcast::Receiver<News>,
    begun: Instant,
    /// What was said last.
    said: Option<Option<Run>>,
    over: bool,
}

/// The last search for a draft: as it is, and again whenever it has changed, until it is over. After a minute, and where the
/// server ends, it stops in between: whoever still wants to know asks again.
///
/// # Errors
/// As [`watch`](super::watch), as the last thing that is said.
pub fn follow(
    followers: &Followers,
    look: Look,
) -> impl Stream<Item = Result<Option<Run>, AppError>> + Send + 'static {
    let following = Following {
        look,
        // heard before it is looked at: what happens in between is not missed
        heard: followers.0.subscribe(),
        begun: Instant::now(),
        said: None,
        over: false,
    };
    let steps = unfold(following, |mut this| async move {
        if this.over {
            return None;
        }
        loop {
            if this.said.is_some() && !this.wait().await {
                return None;
            }
            match this.look.now(this.begun).await {
                Ok(run) if this.said.as_ref() == Some(&run) => {}
                Ok(run) => {
                    this.over = run.as_ref().is_none_or(|run| run.state.is_over());
                    this.said = Some(run.clone());
                    return Some((Ok(run), this));
                }
                Err(error) => {
                    this.over = true;
                    return Some((Err(error), this));
                }
            }
        }
    });
    // whoever packs the answer asks once more behind its end
    steps.fuse()
}

impl Following {
    /// Waits until something may have changed; false when it is time to let go.
    async fn wait(&mut self) -> bool {
        let school = self.look.actor.school;
        let (look, until) = (Instant::now() + LOOK, self.begun + LONGEST);
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(look.min(until)) => return Instant::now() < until,
                news = self.heard.recv() => match news {
                    Ok(News::Of(of)) if of == school => return true,
                    Ok(News::Of(_)) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => return true,
                    Ok(News::End) | Err(broadcast::error::RecvError::Closed) => return false,
                },
            }
        }
    }
}
