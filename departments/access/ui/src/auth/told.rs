//! What a form says back: a banner for the whole and a text per field. A plain form carries it as a short code in the
//! address, never as a text, so that nobody can put words into our mouth with a link.

use base::{AppError, FieldError, Lang};
use leptos::prelude::*;

use crate::t;

/// The code of an error.
#[must_use]
pub fn code(error: &AppError) -> &'static str {
    match error {
        AppError::Invalid { fields } => match fields.first().map(|f| f.field.as_str()) {
            Some("login") => "login",
            Some("password") => "password",
            Some("account") => "account",
            Some("issued") => "issued",
            Some("old") => "old",
            Some("new") => "new",
            Some("phone") => "phone",
            _ => "wrong",
        },
        AppError::TooMany { .. } => "many",
        AppError::SignIn => "signed-out",
        _ => "later",
    }
}

/// The error of a code, in its plainest form; `None` for anything else.
#[must_use]
pub fn error(code: &str, lang: Lang) -> Option<AppError> {
    use access_core::t as core;
    Some(match code {
        "login" => AppError::invalid("login", core::sign_in_empty(lang)),
        "password" => AppError::invalid("password", core::sign_in_password_empty(lang)),
        "account" => AppError::invalid("account", core::sign_in_disabled(lang)),
        "issued" => AppError::invalid("issued", core::sign_in_issued_expired(lang)),
        "old" => AppError::invalid("old", core::password_old_wrong(lang)),
        "new" => AppError::invalid("new", t::password_refused(lang)),
        "phone" => AppError::invalid("phone", t::account_phone_refused(lang)),
        "wrong" => AppError::invalid("", core::sign_in_wrong(lang)),
        "many" => AppError::TooMany { retry_after: 15 * 60 },
        "signed-out" => AppError::SignIn,
        "later" => AppError::Unavailable,
        _ => return None,
    })
}

/// What belongs above the form: everything but the errors of its own inputs.
#[must_use]
pub fn banner(error: Option<AppError>, inputs: &[&str]) -> Option<AppError> {
    match error? {
        AppError::Invalid { fields } => {
            let rest: Vec<FieldError> = fields
                .into_iter()
                .filter(|f| !inputs.contains(&f.field.as_str()))
                .collect();
            (!rest.is_empty()).then_some(AppError::Invalid { fields: rest })
        }
        other => Some(other),
    }
}

/// What belongs to one input.
#[must_use]
pub fn field(error: Option<AppError>, input: &str) -> Option<String> {
    match error {
        Some(AppError::Invalid { fields }) => {
            fields.into_iter().find(|f| f.field == input).map(|f| f.message)
        }
        _ => None,
    }
}

/// A form's error: of the last call, else of the code in the address. What Leptos itself would read from the address
/// (`__err`) is ignored: it is a text that anybody can write.
pub fn of_form<T: Clone + Send + Sync + 'static>(
    version: impl Fn() -> usize + Send + Sync + 'static,
    value: impl Fn() -> Option<Result<T, AppError>> + Send + Sync + 'static,
    problem: Option<String>,
    lang: Lang,
) -> Signal<Option<AppError>> {
    Signal::derive(move || {
        if version() > 0 {
            value().and_then(Result::err)
        } else {
            problem.as_deref().and_then(|code| error(code, lang))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_errors_are_pairs_and_nothing_else_is_said() {
        for known in [
            "login",
            "password",
            "account",
            "issued",
            "old",
            "new",
            "phone",
            "wrong",
            "many",
            "signed-out",
            "later",
        ] {
            assert_eq!(error(known, Lang::Ru).as_ref().map(code), Some(known));
        }
        assert_eq!(error("<b>Позвоните по номеру…</b>", Lang::Ru), None);
    }

    #[test]
    fn each_error_is_told_once() {
        let both = Some(AppError::invalid("login", "x"));
        assert_eq!(banner(both.clone(), &["login"]), None);
        assert_eq!(field(both.clone(), "login").as_deref(), Some("x"));
        assert!(banner(both, &["old"]).is_some());
        assert!(banner(Some(AppError::Network), &["login"]).is_some());
    }
}
