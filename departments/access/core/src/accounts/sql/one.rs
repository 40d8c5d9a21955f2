//! A new password for one person, whatever they have. Three steps, as for many ([`super::many`]): [`due_one`] asks,
//! [`super::password`] hashes while no transaction is open, [`give_one`] asks again and writes.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AccountId, AppError, PersonId};
use serde_json::json;

use super::many::{self, Due};
use super::{Beyond, Given, make, reset, tell_others};
use crate::accounts::Issued;
use crate::auth::issued;
use crate::t;

/// A person to whom this issuer may issue a password.
struct Card {
    last_name: String,
    first_name: String,
    middle_name: Option<String>,
    account: Option<i64>,
    login: Option<String>,
}

/// May a person of one's school get a new password from whoever asks?
///
/// # Errors
/// [`AppError::NotFound`] for a person without a card in this school or for who may not even see accounts,
/// [`AppError::Forbidden`] for who may only see them, [`AppError::Invalid`], in words, for oneself (one's own password is changed
/// with the old one), for a person whose password another organisation issues and for one who may more here than the issuer
/// ([`crate::accounts::beyond`]).
pub async fn due_one(ctx: &mut Ctx, person: PersonId) -> Done<Due> {
    card(ctx, person).await?;
    Ok(Due { person })
}

async fn card(ctx: &mut Ctx, person: PersonId) -> Done<Card> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Accounts, ctx.school()))?;
    let (school, today, lang) = (ctx.school(), ctx.today(), ctx.lang());
    if person == ctx.person() {
        return Err(AppError::invalid("", t::issue_oneself(lang)).into());
    }
    let beyond = Beyond::of(ctx);
    let row = sqlx::query!(
        r#"select p.last_name, p.first_name, p.middle_name, a.id as "account?", a.login as "login?",
             password_issued_elsewhere(p.id, $1, $3) as "elsewhere!",
             holds_one_of(p.id, $1, $3, $4, $5, $6) as "above!"
           from school_person c join person p on p.id = c.person_id left join account a on a.person_id = p.id
           where c.school_id = $1 and c.person_id = $2"#,
        school.0,
        person.0,
        today,
        &beyond.kinds,
        &beyond.actions,
        &beyond.reaches,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if row.elsewhere {
        return Err(AppError::invalid("", t::issue_elsewhere(lang)).into());
    }
    if row.above {
        return Err(AppError::invalid("", t::issue_above(lang)).into());
    }
    Ok(Card {
        last_name: row.last_name,
        first_name: row.first_name,
        middle_name: row.middle_name,
        account: row.account,
        login: row.login,
    })
}

/// Gives the password: makes the account if there is none, signs out all its devices, writes it down in the account's own journal,
/// in the school's audit and in that of every other school of which the account opens anything.
///
/// # Errors
/// As [`due_one`].
pub async fn give_one(ctx: &mut Ctx, made: many::Given) -> Done<Issued> {
    let many::Given {
        person,
        password,
        phc,
    } = made;
    let card = card(ctx, person).await?;
    let now = ctx.now();
    let given = Given {
        phc: &phc,
        now,
        issuer: Some(ctx.person().0),
    };
    let (account, login) = match (card.account, card.login) {
        (Some(account), Some(login)) => {
            reset(ctx.db(), account, &given).await?;
            (account, login)
        }
        _ => {
            let name = (
                card.last_name.as_str(),
                card.first_name.as_str(),
                card.middle_name.as_deref(),
            );
            make(ctx.db(), person.0, name, None, &given).await?
        }
    };
    let what = Event {
        action: "account.password_issued",
        entity: "account",
        key: account.to_string(),
        old: None,
        new: Some(json!({ "person": person.0 })),
        op: None,
    };
    ctx.audit(what).await?;
    tell_others(ctx, &[account], &[person.0]).await?;
    Ok(Issued {
        account: AccountId(account),
        login,
        password,
        expires_at: now + issued::LIFETIME,
    })
}
