//! Letters over SMTP. Off unless the server's configuration names a server to send them by.

use std::sync::Arc;
use std::time::Duration;

use base::AppError;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

/// No letter waits longer than this for its server.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way out for letters; empty where none is configured. Cheap to clone.
#[derive(Clone, Default)]
pub struct Mailer(Option<Arc<Post>>);

struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// How people reach the application, for the links in letters.
    site: String,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // the address of the server may hold a password
        write!(f, "Mailer({})", if self.works() { "on" } else { "off" })
    }
}

/// Why letters cannot be sent as configured; says nothing of a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misconfigured(String);

impl Mailer {
    /// Over a server: `smtps://user:password@host`, `smtp://host:25?tls=required`; sent as `from`, «Парта <parta@example.org>».
    ///
    /// # Errors
    /// What is wrong with one of the three.
    pub fn new(server: &str, from: &str, site: &str) -> Result<Self, Misconfigured> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server)
            .map_err(|_| {
                Misconfigured("the address of the mail server is none: smtps://user:password@host".into())
            })?
            .timeout(Some(PATIENCE))
            .build();
        let from = from
            .parse()
            .map_err(|_| Misconfigured(format!("{from:?} is no address to send from")))?;
        Ok(Self(Some(Arc::new(Post {
            transport,
            from,
            site: site.to_owned(),
        }))))
    }

    /// Can letters be sent at all?
    #[must_use]
    pub fn works(&self) -> bool {
        self.0.is_some()
    }

    /// An address of a page, for a letter.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        let site = self.0.as_ref().map(|post| post.site.as_str()).unwrap_or_default();
        format!("{site}{path}")
    }

    /// Sends a letter of plain text.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where no server is configured, [`AppError::Unavailable`] when it does not take the letter.
    pub async fn send(&self, to: &str, subject: &str, body: String) -> Result<(), AppError> {
        let post = self.0.as_ref().ok_or(AppError::NotFound)?;
        let to: Mailbox = to
            .parse::<lettre::Address>()
            .map_err(|_| AppError::Unavailable)?
            .into();
        let letter = Message::builder()
            .from(post.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .map_err(|_| AppError::Unavailable)?;
        match post.transport.send(letter).await {
            Ok(_) => Ok(()),
            Err(error) => {
                // neither address nor text: only what kind of failure it was
                tracing::warn!(
                    permanent = error.is_permanent(),
                    timeout = error.is_timeout(),
                    "a letter was not taken"
                );
                Err(AppError::Unavailable)
            }
        }
    }
}

/// Is this an address that letters can go to?
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.is_ascii() && text.parse::<lettre::Address>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // the pool of connections wants a reactor
    #[tokio::test]
    async fn a_wrong_configuration_is_named_without_its_password() {
        for server in ["", "smtp.example.org", "http://a:secret@b", "smtps://"] {
            let error = Mailer::new(server, "parta@example.org", "https://parta.test").unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        assert!(Mailer::new("smtps://u:p@mail.example.org", "никто", "").is_err());
        let mailer = Mailer::new(
            "smtps://u:p@mail.example.org",
            "Парта <parta@example.org>",
            "https://parta.test",
        )
        .unwrap();
        assert_eq!(mailer.link("/notices"), "https://parta.test/notices");
        assert_eq!(format!("{mailer:?}"), "Mailer(on)");
        assert!(!Mailer::default().works());
    }

    #[test]
    fn an_address_is_one() {
        for good in ["a@b.ru", "maria.sokolova+school@mail.example.org"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@b.ru", "a".repeat(250));
        for bad in [
            "",
            "a",
            "a@",
            "@b",
            "a@b@c.ru",
            "a b@c.ru",
            "a@b.ru\r\nBcc: x@y.ru",
            "мама@школа.рф",
            &long,
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
