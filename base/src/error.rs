//! The one error that travels from the server to a person. It says what happened and what to do, in their language,
//! and never carries a database's words.

use serde::{Deserialize, Serialize};

use crate::{Lang, t};

/// What may go wrong with a request. Its HTTP status is [`AppError::status`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or the session has ended (401). What was typed waits and is sent after sign-in.
    #[error("sign in")]
    SignIn,
    /// Signed in with an issued password: nothing but changing it is open (403).
    #[error("password must be changed")]
    MustChangePassword,
    /// There is no such thing, or it is not for this person (404).
    #[error("not found")]
    NotFound,
    /// Visible, but this act is not this person's (403).
    #[error("forbidden")]
    Forbidden,
    /// Somebody else changed it meanwhile (409); the text says who and what.
    #[error("conflict")]
    Conflict {
        /// In the person's language.
        message: String,
    },
    /// The input breaks a rule (422); nothing was changed.
    #[error("invalid")]
    Invalid {
        /// What is wrong, field by field; a field of "" is the whole form.
        fields: Vec<FieldError>,
    },
    /// Too many attempts (429).
    #[error("too many")]
    TooMany {
        /// Seconds until the next attempt makes sense.
        retry_after: u32,
    },
    /// The request is larger than allowed (413).
    #[error("too large")]
    TooLarge,
    /// The server is overloaded or its database is away (503): try again.
    #[error("unavailable")]
    Unavailable,
    /// A fault of ours (500). The ticket is in the log too.
    #[error("fault {ticket}")]
    Fault {
        /// What to tell support.
        ticket: String,
    },
    /// The network did not answer; made in the browser only.
    #[error("network")]
    Network,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name, as in the form.
    pub field: String,
    /// In the person's language.
    pub message: String,
}

impl AppError {
    /// An input that breaks one rule.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid {
            fields: vec![FieldError {
                field: field.to_owned(),
                message: message.into(),
            }],
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::SignIn => 401,
            Self::MustChangePassword | Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict { .. } => 409,
            Self::TooLarge => 413,
            Self::Invalid { .. } => 422,
            Self::TooMany { .. } => 429,
            Self::Fault { .. } => 500,
            Self::Unavailable | Self::Network => 503,
        }
    }

    /// What a person reads: what happened and what to do.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::SignIn => t::error_sign_in(lang).to_owned(),
            Self::MustChangePassword => t::error_must_change_password(lang).to_owned(),
            Self::NotFound => t::error_not_found(lang).to_owned(),
            Self::Forbidden => t::error_forbidden(lang).to_owned(),
            Self::Conflict { message } => message.clone(),
            Self::Invalid { fields } => fields
                .iter()
                .map(|f| f.message.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            Self::TooMany { retry_after } => t::error_too_many(lang, i64::from(retry_after.div_ceil(60))),
            Self::TooLarge => t::error_too_large(lang).to_owned(),
            Self::Unavailable => t::error_unavailable(lang).to_owned(),
            Self::Fault { ticket } => t::error_fault(lang, ticket),
            Self::Network => t::error_network(lang).to_owned(),
        }
    }
}

#[cfg(feature = "web")]
impl server_fn::error::FromServerFnError for AppError {
    type Encoder = server_fn::codec::JsonEncoding;

    fn from_server_fn_error(value: server_fn::error::ServerFnErrorErr) -> Self {
        use server_fn::error::ServerFnErrorErr as E;
        match value {
            // the browser could not reach the server, or got something that is not ours (a proxy's page, a cut answer)
            E::Request(_) | E::Response(_) | E::Deserialization(_) => Self::Network,
            E::Args(_) | E::MissingArg(_) => Self::Invalid {
                fields: vec![FieldError {
                    field: String::new(),
                    message: t::error_bad_request(Lang::Ru).to_owned(),
                }],
            },
            E::Registration(_)
            | E::UnsupportedRequestMethod(_)
            | E::MiddlewareError(_)
            | E::ServerError(_)
            | E::Serialization(_) => Self::Fault {
                ticket: "—".to_owned(),
            },
        }
    }
}
