//! Hearing what the database says on a channel (`NOTIFY`), for memories that must forget. While a channel is not heard, a
//! memory must remember nothing: something may have been said.

use std::time::Duration;

use sqlx::postgres::PgListener;

use super::Store;

/// Between two attempts to hear a channel.
const PAUSE: Duration = Duration::from_secs(1);

/// What happens on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// From now on everything said is heard.
    Begins,
    /// This was said.
    Said(&'a str),
    /// The connection is lost: something may be missed until it begins again.
    Lost,
}

impl Store {
    /// Hears a channel for as long as the process lives: spawn it, and drop it to stop.
    pub async fn hear(&self, channel: &'static str, heard: impl Fn(Heard<'_>) + Send + Sync) {
        loop {
            if let Err(error) = self.hear_once(channel, &heard).await {
                tracing::warn!(%error, channel, "a channel is not heard; nothing is remembered meanwhile");
            }
            heard(Heard::Lost);
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn hear_once(&self, channel: &str, heard: &(impl Fn(Heard<'_>) + Sync)) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(self.pool()).await?;
        listener.listen(channel).await?;
        heard(Heard::Begins);
        // `None`: the connection broke, and something may have been missed
        while let Some(said) = listener.try_recv().await? {
            heard(Heard::Said(said.payload()));
        }
        Ok(())
    }
}
